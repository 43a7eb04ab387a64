"""What payments that wait for a statement come to: paid in full, too little, or too much.

Pure. All that waits for one statement is judged together, in the order of collection, so that it
does not matter in how many payments the money came or in which order they were told (C16). Where
the payment that completes it is by itself what is due, it pays alone and what waited goes back. A
statement is never partly paid (CRD-06), and nothing is kept for the next one (CRD-08).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Literal

Cause = Literal["over", "duplicate", "paid-by-debit", "nothing-due", "officer"]
SHORT = "short"


@dataclass(frozen=True, slots=True)
class Payable:
    """A statement as its row was when it was locked; cents.

    ``billed``: a debit of it settled and came back, so that a payment pays that claim. ``paid_on``
    is set when payments that were pushed have paid it. ``payer_party_id`` is whom the statement
    stands for in the ledger.
    """

    filer_code: str
    statement_number: str
    payer_party_id: int
    state: str
    total_cents: int
    billed: bool
    paid_on: date | None

    @property
    def key(self) -> tuple[str, str]:
        """Give filer code and statement number."""
        return (self.filer_code, self.statement_number)

    @property
    def due_cents(self) -> int:
        """Give what is still to be paid: all of it or nothing."""
        return self.total_cents if self.state == "preliminary" else 0

    @property
    def not_due_cause(self) -> Cause:
        """Say why a payment of a statement on which nothing is due goes back (CRD-08, C17)."""
        if self.paid_on is not None:
            return "duplicate"
        return "paid-by-debit" if self.state in ("authorized", "final") else "nothing-due"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A part of a payment that waits for its statement; cents."""

    payer_party_id: int
    part_id: str
    amount_cents: int
    collected_on: date
    paying_party_id: int | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """What becomes of a part: so much pays the statement, so much is owed back, in cents."""

    part: Waiting
    applied_cents: int
    refundable_cents: int
    cause: Cause | None
    effective_on: date


@dataclass(frozen=True, slots=True)
class Settlement:
    """What the parts come to.

    ``paid_on`` is the collection date on which the payment was complete (CRD-07), None while it
    is not; ``missing_cents`` then says how much there is still to come. Parts in no use wait on.
    """

    uses: tuple[Use, ...]
    paid_on: date | None
    missing_cents: int


def settle(payable: Payable, parts: Sequence[Waiting]) -> Settlement:
    """Judge everything that waits for a statement (CRD-05 to CRD-08, C16, C17)."""
    ordered = sorted(parts, key=lambda part: (part.collected_on, part.part_id))
    due = payable.due_cents
    if due == 0:
        cause = payable.not_due_cause
        uses = (Use(each, 0, each.amount_cents, cause, each.collected_on) for each in ordered)
        return Settlement(tuple(uses), None, 0)
    sums = list(accumulate(each.amount_cents for each in ordered))
    complete = next((each for each, total in zip(ordered, sums, strict=True) if total >= due), None)
    if complete is None:
        return Settlement((), None, due - (sums[-1] if sums else 0))
    if complete.amount_cents == due:
        # It pays alone: what waited was a mistake, and no part of another payment is taken for it.
        ordered = [complete, *(each for each in ordered if each is not complete)]
    return Settlement(tuple(_uses(ordered, due, complete.collected_on)), complete.collected_on, 0)


def _uses(ordered: Sequence[Waiting], due_cents: int, paid_on: date) -> Iterator[Use]:
    """Apply what is due from the front; what is behind it is too much or a duplicate."""
    left = due_cents
    for part in ordered:
        applied = min(left, part.amount_cents)
        rest = part.amount_cents - applied
        cause: Cause | None = None if rest == 0 else "over" if applied else "duplicate"
        effective_on = paid_on if applied else max(paid_on, part.collected_on)
        yield Use(part, applied, rest, cause, effective_on)
        left -= applied
