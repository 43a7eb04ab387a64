"""What a payer's list of received payments comes to."""

from __future__ import annotations

from customhouse.trade.cli_received import _Counts


def credit(cents: int, state: str, *, applied: int = 0, owed: int = 0) -> dict[str, object]:
    return {
        "amount_cents": cents,
        "applied_cents": applied,
        "refundable_cents": owed,
        "state": state,
    }


def test_what_goes_back_to_the_bank_waits_no_more() -> None:
    counts = _Counts()
    every = [
        credit(500, "applied", applied=400, owed=100),
        credit(30, "unapplied"),
        credit(7, "returning"),
        credit(2, "returned"),
    ]
    assert list(counts.of(every)) == every
    assert counts.told == (
        "4 payments, $5.39: $4.00 paid statements, $1.00 owed back, $0.30 waiting,"
        " $0.09 sent back by R23"
    )
