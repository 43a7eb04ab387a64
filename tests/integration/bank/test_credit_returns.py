"""Credits that the agency refuses: they go back with R23 in time, and the news of it comes once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from customhouse.bank import credit_returns, treasury_days
from customhouse.bank.exchange import Exchange, digest
from customhouse.faults import Refused
from customhouse.formats.nacha_codes import CTX
from customhouse.rails import CreditRefusal, ReturnedCredit
from tests.conftest import MakeSettings
from tests.integration.bank.answers import answers
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, Branch, branch_of
from tests.integration.bank.credit_files import Push, batch, entry, pushed, written
from tests.integration.bank.operator_files import deliver
from tests.integration.bank.test_credit_crashes import Crash, crash_at
from tests.integration.bank.test_credits import alarm_kinds, told
from tests.integration.bank.test_entry_returns import acknowledged, deadline_alarms, returned

CENTS = 250_000


@pytest.fixture
def credit_id(branch: Branch, exchange: Exchange) -> str:
    """Give a payment that settled on Tuesday and was told to the agency."""
    deliver(exchange, "one.cr.ach", pushed(Push(amount_cents=CENTS), settled_on=TUESDAY))
    branch.run(TUESDAY)
    (credit,) = told(branch)
    return credit.credit_id


def refuse(branch: Branch, credit_id: str, cents: int = CENTS, *, on: date = WEDNESDAY) -> None:
    """Tell the bank on a day that the agency refuses a credit."""
    refusal = CreditRefusal(credit_id, cents, on)
    with branch.office() as office:
        credit_returns.take(office.connection, refusal, told_on=on, clock=office.clock)


def refused_for(branch: Branch, credit_id: str, cents: int = CENTS, *, on: date = WEDNESDAY) -> str:
    """Give the code of the fault with which the bank does not take a refusal."""
    with pytest.raises(Refused) as caught:
        refuse(branch, credit_id, cents, on=on)
    (fault,) = caught.value.faults
    return fault.code


def news(branch: Branch, after: int = 0) -> list[ReturnedCredit]:
    """Give what the agency hears of returned credits."""
    with branch.office() as office:
        return credit_returns.after(office.connection, after, most=1_000)


@pytest.mark.requirement("CRD-10")
def test_a_refused_credit_goes_back_the_same_night(
    branch: Branch, exchange: Exchange, credit_id: str
) -> None:
    """C15, C17: with R23 and as it was originated; the agency hears when the return settles."""
    refuse(branch, credit_id)
    refuse(branch, credit_id)
    branch.run(WEDNESDAY)
    (path,) = answers(exchange)
    ((sent, addenda),) = returned(path)
    assert (sent.transaction_code, sent.amount_cents, addenda.return_code) == (21, CENTS, "R23")
    assert (sent.receiving_dfi, sent.receiving_name) == ("11111111", "EXAMPLE CUSTOMS")
    assert (addenda.original_trace, addenda.original_dfi) == ("111111110000001", "12345678")
    assert news(branch) == []

    deliver(exchange, f"{path.name}.ack.json", acknowledged(path))
    branch.run(WEDNESDAY)
    assert news(branch) == []
    branch.run(FRIDAY)
    expected = ReturnedCredit(1, credit_id, CENTS, FRIDAY, sent.trace_number)
    assert news(branch) == [expected]
    assert news(branch, after=1) == []
    assert alarm_kinds(branch) == []
    assert [each.code for each in told(branch)] == [""]


def test_a_ctx_entry_goes_back_alone_of_its_file(branch: Branch, exchange: Exchange) -> None:
    """Of equal trace numbers the refused entry is found by all that it says."""
    batches = [
        (
            batch(TUESDAY, sec_code=CTX, number=number),
            [entry(Push(amount_cents=100 * number, texts=("A", "B")), 7)],
        )
        for number in (1, 2, 3)
    ]
    deliver(exchange, "one.cr.ach", written(batches))
    branch.run(TUESDAY)
    second = told(branch)[1]
    assert (second.amount_cents, second.credit_id[-2:]) == (200, "-2")
    refuse(branch, second.credit_id, 200)
    branch.run(WEDNESDAY)
    (path,) = answers(exchange)
    ((sent, _),) = returned(path)
    assert sent.amount_cents == 200


def test_a_refusal_is_not_taken_for_what_is_no_money_of_the_agency(
    branch: Branch, exchange: Exchange, credit_id: str
) -> None:
    """Unknown, another amount, too late, not settled, a prenote, a debit: nothing is kept."""
    later = pushed(Push(amount_cents=1, sequence=50), settled_on=FRIDAY, modifier="B")
    deliver(exchange, "later.cr.ach", later)
    others = [
        Push(amount_cents=0, code=23, sequence=60),
        Push(amount_cents=9, code=27, texts=(), sequence=61),
    ]
    deliver(exchange, "others.cr.ach", pushed(*others, settled_on=TUESDAY, modifier="C"))
    branch.run(TUESDAY)
    ids = [str(each) for (each,) in branch.rows("select credit_id from incoming_entry order by 1")]
    unknown = [each for each in [*ids, "C26328111111110009999", "'"] if each != credit_id]
    assert {refused_for(branch, each, 1) for each in unknown} == {"credit-return-unknown"}
    assert refused_for(branch, credit_id, CENTS - 1) == "credit-return-other-amount"
    assert refused_for(branch, credit_id, on=date(2027, 11, 25)) == "credit-return-too-late"
    assert branch.rows("select count(*) from credit_return") == [(0,)]
    refuse(branch, credit_id, on=date(2027, 11, 24))


def test_a_file_of_returns_that_the_operator_refuses_is_made_anew(
    branch: Branch, exchange: Exchange, credit_id: str
) -> None:
    refuse(branch, credit_id)
    branch.run(WEDNESDAY)
    (path,) = answers(exchange)
    deliver(exchange, "no.ack.json", acknowledged(path, "the day is over"))
    branch.run(FRIDAY)
    _, again = answers(exchange)
    deliver(exchange, "yes.ack.json", acknowledged(again))
    branch.run(date(2026, 11, 30))
    assert [each.settled_on for each in news(branch)] == [date(2026, 11, 30)]


def test_a_return_that_nobody_takes_raises_an_alarm_in_time(
    branch: Branch, exchange: Exchange, credit_id: str
) -> None:
    """By the opening of the second banking day behind the refusal (Nacha appendix 4, R23)."""
    refuse(branch, credit_id)
    branch.run(WEDNESDAY)
    assert branch.rows("select return_by from entry_return") == [(date(2026, 11, 30),)]
    assert deadline_alarms(branch) == []
    branch.run(FRIDAY)
    assert deadline_alarms(branch) == ["entry-return-due"]


def test_an_archived_file_that_is_gone_is_told_and_waited_for(
    branch: Branch, exchange: Exchange, credit_id: str
) -> None:
    (archived,) = exchange.archive("inbound").glob("*-one.cr.ach")
    aside = archived.rename(exchange.root / "aside")
    refuse(branch, credit_id)
    branch.run(WEDNESDAY)
    assert alarm_kinds(branch) == ["refused-credit-unreadable"]
    assert answers(exchange) == []
    aside.rename(archived)
    branch.run(FRIDAY)
    assert len(answers(exchange)) == 1
    assert "refused-credit-unreadable" not in alarm_kinds(branch)


def test_a_reversal_of_what_went_back_is_refused_as_well(
    branch: Branch, exchange: Exchange, credit_id: str
) -> None:
    """C18, CRD-09: the money is gone, and nobody takes it a second time."""
    refuse(branch, credit_id)
    branch.run(WEDNESDAY)
    back = Push(code=27, amount_cents=CENTS, texts=(), sequence=77)
    reversal = pushed(back, settled_on=FRIDAY, description="REVERSAL", modifier="B")
    deliver(exchange, "two.cr.ach", reversal)
    branch.run(FRIDAY)
    assert [each.kind for each in told(branch)] == ["payment", "debit_refused"]
    assert branch.rows("select count(*) from credit_return") == [(1,)]


def test_the_day_of_the_account_shows_what_left(
    branch: Branch, exchange: Exchange, credit_id: str
) -> None:
    refuse(branch, credit_id)
    branch.run(WEDNESDAY)
    (path,) = answers(exchange)
    deliver(exchange, "yes.ack.json", acknowledged(path))
    branch.run(FRIDAY)
    with branch.office() as office:
        lines, totals = treasury_days.lines(
            office.connection, FRIDAY.isoformat(), after="", most=10
        )
    ((_, addenda),) = returned(path)
    (line,) = lines
    assert (line.kind, line.amount_cents, line.direction) == ("credit_returned", CENTS, "debit")
    assert (line.reference, line.trace_number) == (credit_id, addenda.trace)
    assert (totals.lines, totals.credit_cents, totals.debit_cents) == (1, 0, CENTS)


def test_a_crash_anywhere_sends_it_back_once(make_settings: MakeSettings, tmp_path: Path) -> None:
    """B1, B2: at each boundary of the night and of the next day, then the same days again."""
    endings, boundary, ended = set(), 0, False
    while not ended:
        with make_settings(tmp_path / str(boundary)) as settings:
            branch = branch_of(settings)
            exchange = Exchange(settings.exchange_directory)
            exchange.prepare()
            deliver(exchange, "one.cr.ach", pushed(Push(amount_cents=CENTS), settled_on=TUESDAY))
            branch.run(TUESDAY)
            refuse(branch, told(branch)[0].credit_id)
            crash = crash_at(boundary)
            try:
                branch.run(WEDNESDAY, crash)
                ended = True
            except Crash:
                branch.run(WEDNESDAY)
            (path,) = answers(exchange)
            deliver(exchange, "yes.ack.json", acknowledged(path))
            try:
                branch.run(FRIDAY, crash)
            except Crash:
                ended = False
                branch.run(FRIDAY)
            endings.add((path.name, digest(path), *news(branch)))
            assert len(news(branch)) == 1
            boundary += 1
    assert boundary > 5
    assert len(endings) == 1
