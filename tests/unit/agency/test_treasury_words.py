"""What a movement paid, in words, and where the two sides of a day differ."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency.treasury_days import Movement, Use
from customhouse.agency.treasury_words import (
    agreement_words,
    kind_words,
    movement_words,
    use_words,
)

PART = Use(
    filer_code="B76",
    statement_number="3926328001",
    statement_state="final",
    final_on=date(2026, 11, 25),
    part_id="C26328091000000000001.1",
    amount_cents=5_000,
    part_state="applied",
    applied_cents=5_000,
    refundable_cents=0,
    reason="",
    document_number="3926328001",
    payer_identifier="B76",
    attempt=None,
    return_code="",
)
DEBIT = replace(PART, part_id=None, amount_cents=0, applied_cents=0, attempt=1, return_code="R01")
STATEMENT = "statement 3926328001 (final since 2026-11-25)"


def movement(*uses: Use, kind: str = "credit_received", **sides: int | None) -> Movement:
    """Give a movement of fifty dollars on both sides."""
    cents: dict[str, int | None] = {"bank_cents": 5_000, "ledger_cents": 5_000, **sides}
    return Movement("line 1", kind, "C1", "1", "EXAMPLE PAYER", **cents, uses=uses)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, f"{STATEMENT}: applied $50.00"),
        (
            {"part_state": "returned", "applied_cents": 0, "statement_number": None},
            "names document 3926328001: $50.00 went back to who sent it (R23)",
        ),
        (
            {"part_state": "returning", "applied_cents": 0, "statement_number": None},
            "names document 3926328001: $50.00 is on its way back to who sent it",
        ),
        (
            {"applied_cents": 4_000, "refundable_cents": 1_000, "reason": "over"},
            f"{STATEMENT}: applied $40.00, owed back $10.00 (over)",
        ),
        (
            {"applied_cents": 0, "refundable_cents": 5_000, "reason": "duplicate"},
            f"{STATEMENT}: owed back $50.00 (duplicate)",
        ),
        (
            {
                "applied_cents": 0,
                "reason": "short",
                "final_on": None,
                "statement_state": "preliminary",
            },
            "statement 3926328001 (preliminary): $50.00 waits (short)",
        ),
        (
            {"applied_cents": 0, "reason": "document-unknown", "statement_number": None},
            "names document 3926328001: $50.00 waits (document-unknown)",
        ),
        (
            {
                "applied_cents": 0,
                "reason": "addendum-missing",
                "statement_number": None,
                "document_number": "",
            },
            "names no document: $50.00 waits (addendum-missing)",
        ),
    ],
)
def test_what_a_part_paid_is_told(changes: dict[str, object], told: str) -> None:
    use = replace(PART, **changes)  # type: ignore[arg-type]
    assert use_words(movement(use), use) == told


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("debit_settled", f"collects {STATEMENT}"),
        ("debit_returned", f"came back from {STATEMENT}, R01"),
        ("return_disputed", f"came back, disputed, from {STATEMENT}, R01"),
        ("dispute_won", f"came again, the dispute won, for {STATEMENT}"),
        ("kind 3", f"moves {STATEMENT}"),
    ],
)
def test_what_a_debit_did_is_told(kind: str, told: str) -> None:
    assert use_words(movement(DEBIT, kind=kind), DEBIT) == told
    assert kind_words(kind) == kind.replace("_", " ")


def test_a_movement_is_told_in_short() -> None:
    assert movement_words(movement()) == "nothing is known of what it paid"
    assert movement_words(movement(PART, PART, PART)).endswith("applied $50.00; and 2 more")


@pytest.mark.parametrize(
    ("sides", "agreement", "told"),
    [
        ({}, "agrees", ""),
        ({"ledger_cents": None}, "bank-only", "ONLY AT THE BANK"),
        ({"bank_cents": None}, "ledger-only", "ONLY IN THE LEDGER"),
        ({"ledger_cents": 4_999}, "amount-differs", "ANOTHER AMOUNT IN THE LEDGER: $49.99"),
    ],
)
def test_where_the_sides_differ_is_shouted(
    sides: dict[str, int | None], agreement: str, told: str
) -> None:
    found = movement(PART, **sides)
    assert (found.agreement, agreement_words(found)) == (agreement, told)
    assert found.cents == 5_000
