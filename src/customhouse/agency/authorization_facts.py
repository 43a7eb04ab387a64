"""What the rules of payment authorization know, and what they decide: values without rules.

Everything is loaded before judging and recorded after it; nothing here reads or writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from customhouse.agency.parties import UsableUnit
from customhouse.agency.representments import ShortReturns
from customhouse.faults import Fault
from customhouse.formats.abi_messages import AuthorizationRequest


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """A statement as its row was when it was locked; totals in cents.

    ``billed`` is true when an earlier attempt was settled and then returned: its revenue stands
    and the statement is owed as a receivable. The ``live_…`` values are those of its live attempt,
    of which ``live_left`` tells that the bank has it. ``negated_batch_id`` is the batch that
    negated the latest attempt.
    """

    filer_code: str
    statement_number: str
    payer_party_id: int
    payment_type: str
    state: str
    total_cents: int
    due_on: date | None
    attempts: int
    billed: bool
    live_payer_unit: str | None = None
    live_amount_cents: int | None = None
    live_batch_id: int | None = None
    live_accepted_on: date | None = None
    live_left: bool = False
    negated_batch_id: int | None = None

    @property
    def paid_by_credit(self) -> bool:
        """Tell whether money that its payer pushed has paid it: final, yet nothing was debited."""
        return self.state == "paid" or (self.state == "final" and self.live_payer_unit is None)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An authorization that was accepted: attempt number, cents and day of debit.

    ``debit_on_chosen`` tells that the payer picked the day; otherwise it is an estimate.
    """

    statement: StatementFacts
    attempt: int
    payer_unit_number: str
    amount_cents: int
    debit_on: date
    debit_on_chosen: bool

    @property
    def key(self) -> tuple[str, int]:
        """Give what identifies the attempt: statement number and attempt."""
        return self.statement.statement_number, self.attempt


@dataclass(frozen=True, slots=True)
class Negation:
    """An authorization that was undone: the attempt and its cents."""

    statement: StatementFacts
    attempt: int
    amount_cents: int

    @property
    def key(self) -> tuple[str, int]:
        """Give what identifies the attempt: statement number and attempt."""
        return self.statement.statement_number, self.attempt


@dataclass(frozen=True, slots=True)
class AuthorizationOutcome:
    """What became of one request: no faults means accepted.

    ``acceptance`` or ``negation`` is what is new; neither where it had been achieved before.
    """

    request: AuthorizationRequest
    faults: tuple[Fault, ...]
    acceptance: Acceptance | None = None
    negation: Negation | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether the request is answered with an acceptance."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules need to know about one block of requests.

    ``importers`` counts the live entries of each statement by importer number; it may be empty
    where no unit belongs to an importer.
    ``earlier_batches`` are the batches whose bytes were the same as this one's. ``debit_on`` is
    the expected day of debit, ``debit_dates`` the days that the payer asks for, by statement.
    ``short_returns`` are earlier debits that came back for want of money, by statement and unit.
    """

    filer_code: str
    business_date: date
    debit_on: date
    statements: Mapping[str, StatementFacts]
    importers: Mapping[str, Mapping[str, int]]
    units: Mapping[str, UsableUnit]
    earlier_batches: frozenset[int] = field(default_factory=frozenset)
    debit_dates: Mapping[str, date] = field(default_factory=dict)
    short_returns: Mapping[tuple[str, str], ShortReturns] = field(default_factory=dict)
