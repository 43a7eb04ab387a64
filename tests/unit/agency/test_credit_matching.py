"""What waits for a statement is judged together, in whatever payments and order it came."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency.credit_matching import Payable, Waiting, settle

DAY = date(2026, 11, 23)
PAYER = 7


def payable(total_cents: int = 10_000, **values: object) -> Payable:
    """Give an unpaid statement of 100.00 unless told otherwise."""
    usual: dict[str, object] = {
        "filer_code": "B76",
        "statement_number": "3927327001",
        "payer_party_id": PAYER,
        "state": "preliminary",
        "total_cents": total_cents,
        "billed": False,
        "paid_on": None,
    }
    return Payable(**(usual | values))  # type: ignore[arg-type]


def part(number: int, cents: int, *, day: int = 0) -> Waiting:
    """Give the part that was collected so many days behind the first."""
    return Waiting(PAYER, f"C{number:020}.1", cents, DAY + timedelta(days=day), PAYER)


def figures(uses: object) -> list[tuple[str, int, int, str | None]]:
    """Give what each use came to, in short."""
    return [
        (use.part.part_id[-3], use.applied_cents, use.refundable_cents, use.cause)
        for use in uses  # type: ignore[attr-defined]
    ]


def test_the_exact_amount_pays_as_of_its_collection_date() -> None:
    settlement = settle(payable(), [part(1, 10_000, day=2)])
    assert figures(settlement.uses) == [("1", 10_000, 0, None)]
    assert settlement.paid_on == DAY + timedelta(days=2)
    assert settlement.missing_cents == 0


def test_too_little_applies_nothing_and_says_what_is_missing() -> None:
    settlement = settle(payable(), [part(1, 6_000), part(2, 3_999)])
    assert settlement.uses == ()
    assert settlement.paid_on is None
    assert settlement.missing_cents == 1


def test_the_rest_completes_as_of_its_own_collection_date() -> None:
    settlement = settle(payable(), [part(2, 4_000, day=3), part(1, 6_000)])
    assert figures(settlement.uses) == [("1", 6_000, 0, None), ("2", 4_000, 0, None)]
    assert settlement.paid_on == DAY + timedelta(days=3)
    assert {use.effective_on for use in settlement.uses} == {settlement.paid_on}


def test_too_much_applies_what_is_due_and_owes_the_rest_back() -> None:
    settlement = settle(payable(), [part(1, 6_000), part(2, 6_000), part(3, 500)])
    assert figures(settlement.uses) == [
        ("1", 6_000, 0, None),
        ("2", 4_000, 2_000, "over"),
        ("3", 0, 500, "duplicate"),
    ]


@pytest.mark.parametrize(
    ("state", "paid_on", "cause"),
    [
        ("paid", DAY, "duplicate"),
        ("final", DAY, "duplicate"),
        ("authorized", None, "paid-by-debit"),
        ("final", None, "paid-by-debit"),
        ("cancelled", None, "nothing-due"),
    ],
)
def test_nothing_due_sends_everything_back(state: str, paid_on: date | None, cause: str) -> None:
    """C17: what was paid before, by a credit or a debit, is owed back whole."""
    settlement = settle(payable(state=state, paid_on=paid_on), [part(1, 10_000), part(2, 1)])
    assert figures(settlement.uses) == [("1", 0, 10_000, cause), ("2", 0, 1, cause)]
    assert settlement.paid_on is None


def test_a_statement_of_nothing_owes_everything_back() -> None:
    settlement = settle(payable(total_cents=0), [part(1, 100)])
    assert figures(settlement.uses) == [("1", 0, 100, "nothing-due")]


def test_the_order_in_which_payments_are_told_does_not_matter() -> None:
    parts = [part(1, 3_000, day=1), part(2, 5_000), part(3, 4_000, day=1), part(4, 700, day=4)]
    judged = {settle(payable(), order) for order in permutations(parts)}
    assert len(judged) == 1


@given(
    due=st.integers(1, 50_000),
    amounts=st.lists(st.integers(1, 20_000), min_size=1, max_size=8),
    arrived=st.randoms(use_true_random=False),
)
def test_any_partition_told_piece_by_piece_ends_in_the_same_sums(
    due: int, amounts: list[int], arrived: object
) -> None:
    """C16: whole or in pieces, at once or one after the other, the same sums are applied."""
    parts = [part(number, cents) for number, cents in enumerate(amounts, 1)]
    at_once = settle(payable(due), parts)
    arrived.shuffle(parts)  # type: ignore[attr-defined]
    waiting: list[Waiting] = []
    applied = refundable = 0
    statement = payable(due)
    for each in parts:
        waiting.append(each)
        settlement = settle(statement, waiting)
        applied += sum(use.applied_cents for use in settlement.uses)
        refundable += sum(use.refundable_cents for use in settlement.uses)
        used = {use.part for use in settlement.uses}
        waiting = [one for one in waiting if one not in used]
        if settlement.paid_on is not None:
            statement = payable(due, state="paid", paid_on=settlement.paid_on)
    total = sum(amounts)
    assert applied == (due if total >= due else 0)
    assert applied + refundable + sum(each.amount_cents for each in waiting) == total
    assert applied == sum(use.applied_cents for use in at_once.uses)
    assert refundable == sum(use.refundable_cents for use in at_once.uses)


def test_the_exact_payment_pays_alone_and_what_waited_goes_back() -> None:
    """A mistyped number must not take a part of the right payment."""
    settlement = settle(payable(), [part(1, 4_000), part(2, 10_000, day=1), part(3, 10_000, day=2)])
    assert figures(settlement.uses) == [
        ("2", 10_000, 0, None),
        ("1", 0, 4_000, "duplicate"),
        ("3", 0, 10_000, "duplicate"),
    ]
    assert settlement.paid_on == DAY + timedelta(days=1)
