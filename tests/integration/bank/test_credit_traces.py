"""Trace numbers that a bank gave twice: another entry is more money, the same entry is not."""

from __future__ import annotations

from customhouse.bank import credits
from customhouse.bank.exchange import Exchange
from customhouse.rails import IncomingCredit
from tests.integration.bank.branch import TUESDAY, WEDNESDAY, Branch
from tests.integration.bank.credit_files import (
    STRANGER,
    Push,
    batch,
    entry,
    header,
    pushed,
    written,
)
from tests.integration.bank.operator_files import deliver

MORE = [Push(amount_cents=cents) for cents in range(9_000, 10_002)]


def file_of(*pushes: Push, modifier: str = "A") -> bytes:
    """Write a file of one batch for each push; all of them begin to count at one."""
    batches = [
        (batch(TUESDAY, number=number), [entry(push, 1)]) for number, push in enumerate(pushes, 1)
    ]
    return written(batches, head=header(modifier=modifier))


def told(branch: Branch) -> list[IncomingCredit]:
    """Give everything that the agency was told of so far."""
    with branch.office() as office:
        return credits.after(office.connection, 0, most=1000)


def repeated(branch: Branch) -> list[str]:
    """Give what was said of entries that were delivered again."""
    query = "select sentence from alarm where kind = 'entry-repeated' order by alarm_id"
    return [sentence for (sentence,) in branch.rows(query)]


def test_batches_that_count_alike_are_all_taken(branch: Branch, exchange: Exchange) -> None:
    """Counting anew in each batch is odd and no fault: each entry is money of its own."""
    pushes = [Push(amount_cents=100), Push(amount_cents=200), Push(amount_cents=300)]
    deliver(exchange, "one.cr.ach", file_of(*pushes))
    branch.run(TUESDAY)

    assert {each.credit_id: each.amount_cents for each in told(branch)} == {
        "C26328111111110000001": 100,
        "C26328111111110000001-2": 200,
        "C26328111111110000001-3": 300,
    }
    assert repeated(branch) == []


def test_so_many_of_one_trace_number_hold_nobody_up(branch: Branch, exchange: Exchange) -> None:
    """The ending counts on behind -9999, in the second half of a file and in a file after it."""
    first = [Push(amount_cents=cents) for cents in range(1, 9_000)]
    deliver(exchange, "one.cr.ach", file_of(*first))
    deliver(exchange, "two.cr.ach", file_of(*first, *MORE, modifier="B"))
    branch.run(TUESDAY)

    query = (
        "select amount_cents, credit_id from incoming_entry where amount_cents >= 8999 order by 1"
    )
    base = "C26328111111110000001"
    assert branch.rows(query) == [(cents, f"{base}-{cents}") for cents in range(8_999, 10_002)]
    with branch.office() as office:
        page = credits.after(office.connection, 9_900, most=1000)
    assert [each.amount_cents for each in page] == list(range(9_901, 10_002))


def test_what_is_new_beside_what_is_known_gets_the_next_ending(
    branch: Branch, exchange: Exchange
) -> None:
    """The same entry counts once, whatever stands beside it in the second file."""
    deliver(exchange, "one.cr.ach", file_of(Push(amount_cents=100)))
    branch.run(TUESDAY)
    pushes = [Push(amount_cents=100), Push(amount_cents=200)]
    deliver(exchange, "two.cr.ach", file_of(*pushes, modifier="B"))
    branch.run(TUESDAY)
    pushes = [Push(amount_cents=200), Push(amount_cents=300)]
    deliver(exchange, "three.cr.ach", file_of(*pushes, modifier="C"))
    branch.run(WEDNESDAY)

    assert {each.credit_id: each.amount_cents for each in told(branch)} == {
        "C26328111111110000001": 100,
        "C26328111111110000001-2": 200,
        "C26328111111110000001-3": 300,
    }


def test_the_same_entry_twice_in_a_file_calls_a_person(branch: Branch, exchange: Exchange) -> None:
    """It counts once, and nobody is left to wonder where the rest of the file is."""
    deliver(exchange, "one.cr.ach", file_of(Push(), Push()))
    branch.run(TUESDAY)

    assert [each.credit_id for each in told(branch)] == ["C26328111111110000001"]
    (sentence,) = repeated(branch)
    assert sentence.startswith("An entry that is here already")
    assert "111111110000001" in sentence


def test_a_file_delivered_again_is_one_alarm(branch: Branch, exchange: Exchange) -> None:
    """However many entries it has: a person looks at a file, and other alarms stay in sight."""
    pushes = [Push(amount_cents=cents) for cents in range(1, 5_003)]
    deliver(exchange, "one.cr.ach", pushed(*pushes, settled_on=TUESDAY))
    branch.run(TUESDAY)
    deliver(exchange, "two.cr.ach", pushed(*pushes, settled_on=TUESDAY, modifier="B"))
    branch.run(WEDNESDAY)

    (sentence,) = repeated(branch)
    assert sentence.startswith("5,002 entries that are here already")
    assert branch.rows("select count(*) from incoming_entry") == [(5_002,)]


def test_each_of_two_with_one_trace_number_goes_back_as_itself(
    branch: Branch, exchange: Exchange
) -> None:
    """Nacha 3.8: what is not for this bank goes back with its own amount, and nothing else does."""
    pushes = [Push(amount_cents=100), Push(amount_cents=200, account=STRANGER)]
    deliver(exchange, "one.cr.ach", file_of(*pushes))
    branch.run(TUESDAY)

    assert [each.amount_cents for each in told(branch)] == [100]
    returned = branch.rows(
        "select entry.amount_cents, back.credit_cents, back.return_code"
        " from entry_return back join incoming_entry entry using (entry_id)"
    )
    assert returned == [(200, 200, "R03")]
