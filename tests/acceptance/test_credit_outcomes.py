"""Money that arrives by itself, seen from outside: each outcome of a payment by ACH Credit.

One story is played once through bank files and commands; each test holds one thing against it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.credit_fortnight import (
    CASES,
    EXCESS,
    FRIDAY,
    MISSING,
    MONDAY,
    THURSDAY,
    TUESDAY_AFTER,
    UNREADABLE,
    Fortnight,
    fortnight,
)
from tests.conftest import MakeSettings

# Two weeks through two processes and some fifty commands, on a machine that others use too.
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def seen(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fortnight]:
    """Play the story once, with both sides as processes of their own."""
    folder: Path = tmp_path_factory.mktemp("credits")
    with fortnight(make_settings, folder) as played:
        yield played


@pytest.mark.requirement("CRD-12")
def test_a_zero_dollar_entry_joins_its_payer_ten_days_later(seen: Fortnight) -> None:
    """It settled on Tuesday, was accepted on Wednesday 19 April, and counts from the 29th."""
    lines = dict(line.split(maxsplit=1) for line in seen.said["enrolment"].splitlines())
    assert lines["enrolment"] == "active"
    assert "2000-04-19" in lines["prenote"]
    assert "2000-04-29" in lines["effective"]


@pytest.mark.requirement("CRD-02", "CRD-03", "CRD-07", "CRD-10")
def test_paid_on_thursday_final_on_friday(seen: Fortnight) -> None:
    """The exact payment closes its statement by itself, and nobody is told of any trouble."""
    number = seen.numbers["exact"]
    assert seen.finals_on(FRIDAY) >= {number}
    assert seen.paid_on("exact") == (THURSDAY, THURSDAY)
    assert seen.parts("exact")[0] == ("applied", seen.due_cents("exact"), 0, THURSDAY)
    assert seen.revenue_days("exact") == [(THURSDAY, seen.due_cents("exact"))]
    told = [text for text in seen.notices(number) if "another payment" not in text]
    assert told == []


@pytest.mark.requirement("CRD-03", "CRD-04", "CRD-07")
def test_applied_by_hand_on_friday_final_on_monday(seen: Fortnight) -> None:
    """C15: the payer was told, an officer found the statement, the collection date is kept."""
    number, due = seen.numbers["transposed"], seen.due_cents("transposed")
    assert number in seen.said["shown"]
    assert seen.finals_on(FRIDAY).isdisjoint({number})
    assert seen.finals_on(MONDAY) >= {number}
    assert seen.paid_on("transposed") == (THURSDAY, FRIDAY)
    assert seen.parts("transposed") == [("applied", due, 0, THURSDAY)]
    assert seen.revenue_days("transposed") == [(THURSDAY, due)]
    told = [text for text in seen.notices(None) if "$2,033.58" in text]
    assert any("Say which document it pays" in text for text in told)


@pytest.mark.requirement("CRD-04")
def test_an_answer_is_remembered_and_the_next_payment_matches_by_itself(seen: Fortnight) -> None:
    """C15: the same wrong type from the same originator is read by the rule, which says why."""
    number = seen.numbers["third of three"]
    assert seen.finals_on(TUESDAY_AFTER) >= {number}
    ((why,),) = seen.rows("select matched_by from credit_part where statement_number = %s", number)
    assert "04100" in why
    assert "04100" in seen.said["rules"]


@pytest.mark.requirement("CRD-02")
def test_addenda_of_one_entry_are_matched_one_by_one(seen: Fortnight) -> None:
    """A CTX entry of three documents, one of them misspelled: two are paid, one waits."""
    for case in ("first of three", "second of three"):
        assert seen.finals_on(FRIDAY) >= {seen.numbers[case]}
        assert seen.paid_on(case) == (THURSDAY, THURSDAY)
    (part,) = seen.waiting("document-unknown", cents=seen.due_cents("third of three"))
    assert part.endswith(".3")


@pytest.mark.requirement("CRD-02")
def test_blanks_inside_elements_are_tolerated_and_noted(seen: Fortnight) -> None:
    """An importer pays its broker's statement, and its bank pads the elements."""
    assert seen.finals_on(FRIDAY) >= {seen.numbers["blanks"]}
    ((notes,),) = seen.rows(
        "select notes from credit_part where statement_number = %s", seen.numbers["blanks"]
    )
    assert len(notes) == 2


@pytest.mark.requirement("CRD-05")
def test_of_too_much_the_due_amount_is_applied_and_the_rest_owed_back(seen: Fortnight) -> None:
    """C16."""
    assert seen.parts("over") == [("applied", seen.due_cents("over"), EXCESS, THURSDAY)]
    assert seen.claims("over") == [("over", EXCESS, THURSDAY)]
    (text,) = seen.notices(seen.numbers["over"])
    assert "$25.10" in text
    assert "do not have your bank reverse it" in text


@pytest.mark.requirement("CRD-06", "CRD-07")
def test_too_little_waits_and_is_paid_as_of_the_day_of_the_rest(seen: Fortnight) -> None:
    """C16: told on Friday what is missing, complete on Monday, final on Tuesday."""
    number, due = seen.numbers["short"], seen.due_cents("short")
    assert number not in seen.finals_on(FRIDAY) | seen.finals_on(MONDAY)
    assert seen.finals_on(TUESDAY_AFTER) >= {number}
    assert seen.paid_on("short") == (MONDAY, MONDAY)
    assert [(row[0], row[3]) for row in seen.parts("short")] == [
        ("applied", THURSDAY),
        ("applied", MONDAY),
    ]
    assert seen.revenue_days("short") == [(MONDAY, MISSING), (MONDAY, due - MISSING)]
    (text,) = seen.notices(number)
    assert "$100.00 is missing" in text
    assert "never partly paid" in text


@pytest.mark.requirement("CRD-08")
def test_a_second_payment_is_owed_back_and_pays_nothing_else(seen: Fortnight) -> None:
    """C17: sent twice on one day; and sent again after the final statement was out."""
    due = seen.due_cents("twice")
    assert sorted(seen.parts("twice")) == [
        ("applied", due, 0, THURSDAY),
        ("refundable", 0, due, THURSDAY),
    ]
    assert seen.claims("twice") == [("duplicate", due, THURSDAY)]
    assert seen.claims("exact") == [("duplicate", seen.due_cents("exact"), MONDAY)]


@pytest.mark.requirement("CRD-08", "CRD-11")
def test_debit_and_credit_are_mixed_and_a_debited_statement_is_not_paid_twice(
    seen: Fortnight,
) -> None:
    """C17: one statement is authorized for debit, the others are pushed."""
    due = seen.due_cents("debit")
    assert seen.finals_on(THURSDAY) == {seen.numbers["debit"]}
    assert seen.paid_on("debit") == (None, None)
    assert seen.claims("debit") == [("paid-by-debit", due, THURSDAY)]
    assert seen.revenue_days("debit") == []


@pytest.mark.requirement("CRD-09", "CRD-10")
def test_reversals_go_back_and_the_ledger_does_not_hear_of_them(seen: Fortnight) -> None:
    """C18: R29 for a real earlier payment, R17 for one that never was; both before they are due."""
    refused = seen.rows(
        "select code, amount_cents, collected_on from incoming_credit"
        " where kind = 'debit_refused' order by sequence"
    )
    of_none, of_a_real_one = seen.due_cents("over") - 1, seen.due_cents("exact")
    assert refused == [("R17", of_none, THURSDAY), ("R29", of_a_real_one, MONDAY)]
    for code, sent_back_on, cents in (
        ("R17", THURSDAY, of_none),
        ("R29", MONDAY, of_a_real_one),
    ):
        (back,) = [each for each in seen.reports[sent_back_on].pushed.returned if each.code == code]
        assert (back.kind, back.amount_cents) == ("debit", cents)
    touched = seen.rows(
        "select 1 from transfer t join incoming_credit c on t.ref like c.credit_id || '%'"
        " where c.kind = 'debit_refused'"
    )
    assert touched == []
    assert seen.said["alarms"].count("debit-refused") == 2


@pytest.mark.requirement("CRD-10")
def test_money_for_another_account_goes_back_to_the_payer_s_bank(seen: Fortnight) -> None:
    (back,) = [e for e in seen.reports[THURSDAY].pushed.returned if e.astray]
    assert back.code == "R03"
    assert seen.rows("select 1 from incoming_credit where trace_number = %s", back.trace) == []
    archive = seen.wharf.settings.exchange_directory / "archive" / "outbound"
    returned = "".join(path.read_text("ascii") for path in archive.glob("*.ret.ach"))
    assert f"799R03{back.trace}" in returned
    assert returned.count("\n799R") == 3


@pytest.mark.requirement("CRD-04")
def test_what_cannot_be_read_waits_with_its_reason_and_its_collection_date(
    seen: Fortnight,
) -> None:
    """C15: nothing is dropped and nothing is guessed; the statement stays open."""
    wanted = {
        "letter": "addendum-unreadable",
        "two": "addendum-unreadable",
        "separators": "addendum-unreadable",
        "text": "addendum-unreadable",
        "zero": "addendum-unreadable",
        "negative": "addendum-unreadable",
        "bare": "addendum-missing",
        "stranger": "payer-unknown",
    }
    for n, flaw in enumerate(UNREADABLE):
        if flaw == "type":
            continue
        cents = seen.due_cents("unreadable") + 100 * n
        assert len(seen.waiting(wanted[flaw], cents=cents)) == 1, flaw
    assert seen.said["type-unknown"]
    collected = seen.rows("select distinct collected_on from credit_part where state='unapplied'")
    assert collected == [(THURSDAY,)]
    kept = seen.rows("select addenda[1] from incoming_credit where cardinality(addenda) > 0")
    assert {len(text) for (text,) in kept} == {80}


@pytest.mark.requirement("CRD-02", "CRD-04")
def test_an_entry_that_does_not_add_up_is_not_divided(seen: Fortnight) -> None:
    (part,) = seen.waiting("sum-mismatch", cents=seen.due_cents("sum") + 100)
    (text,) = [each for each in seen.notices(None) if part in each]
    assert "could not be applied" in text
    assert "the entry carries" in text


def test_every_cent_that_was_pushed_is_in_the_books(seen: Fortnight) -> None:
    """C3: the payers' banks' own books, the agency's parts and its treasury say the same."""
    pushed = seen.wharf.operator.payer_banks.books.treasury_cents(MONDAY)
    ((parts,),) = seen.rows("select sum(amount_cents) from credit_part where state <> 'moved'")
    ((treasury,),) = seen.rows(
        "select sum(amount_cents) from transfer where kind = 10 and debit = 'treasury'"
    )
    assert pushed == parts == treasury > 0
    assert "BAD" not in seen.said["check"]
    assert "unapplied-has-owner" in seen.said["check"]


def test_every_case_was_played(seen: Fortnight) -> None:
    assert set(seen.numbers) == set(CASES)
