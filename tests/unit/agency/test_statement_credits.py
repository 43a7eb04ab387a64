"""What became of a payment by ACH Credit, in words for the filer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency.statement_credits import StatementCredit

DAY = date(2026, 11, 24)
WAITING = StatementCredit(
    part_id="C263280910000100000010.1",
    trace_number="091000010000001",
    collected_on=DAY,
    amount_cents=10_000,
    state="unapplied",
    applied_cents=0,
    refundable_cents=0,
    cause="",
    since_on=DAY,
)


def test_it_waits_or_has_paid() -> None:
    assert (WAITING.is_waiting, WAITING.became) == (True, "Waits for the rest")
    assert "never partly paid" in WAITING.why
    paid = replace(WAITING, state="applied", applied_cents=10_000)
    assert (paid.is_waiting, paid.became, paid.why) == (False, "Paid this statement", "")


@pytest.mark.parametrize(
    ("cause", "applied", "became", "why"),
    [
        ("over", 4_000, "$40.00 paid this statement, $60.00 is owed back", "more than was due"),
        ("duplicate", 0, "$100.00 is owed back", "another payment had paid"),
        ("paid-by-debit", 0, "$100.00 is owed back", "paid by a debit that was authorized"),
        ("nothing-due", 0, "$100.00 is owed back", "nothing was due"),
        ("officer", 0, "$100.00 is owed back", "the agency decided so"),
    ],
)
def test_what_goes_back_says_why(cause: str, applied: int, became: str, why: str) -> None:
    """C16, C17: nothing is kept for another statement."""
    credit = replace(
        WAITING,
        state="applied" if applied else "refundable",
        applied_cents=applied,
        refundable_cents=10_000 - applied,
        cause=cause,
    )
    assert credit.became == became
    assert why in credit.why
    assert credit.why.endswith("It is kept for no other statement.")
