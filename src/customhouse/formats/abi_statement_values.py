"""The daily statement as the agency transmits it (PF): lines, totals, and what was taken off.

Values and their arithmetic; abi_statement writes them as records Q1 to Q7 and reads them
back. Grouping entries, numbering statements and their states are the agency's business.
Source: CATAIR Daily Statement, April 2025; what is ours is said where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from customhouse.formats.abi_envelope import StatementHeading

MOST_ENTRIES = 2_000
"""A statement has at most so many entries, and so many that were taken off (rev 15)."""
MOST_FEES = 25
"""Five fee records of five fees each, for an entry and for the totals."""

Fees = tuple[tuple[str, int], ...]
"""Pairs of an accounting class code and cents."""


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry on a statement; amounts are cents; ``entry_number`` has eight digits.

    ``importer_number`` is in canonical spelling or empty. ``antidumping_paid`` and
    ``countervailing_paid`` tell that the duty is paid in cash and so belongs to the amount due;
    otherwise it is bonded.
    """

    port_of_entry: str
    filer_code: str
    entry_number: str
    importer_number: str
    print_date: date
    duty_cents: int
    tax_cents: int
    deferred_tax: bool
    broker_reference: str
    consolidated: bool
    entry_type: str
    antidumping_cents: int
    countervailing_cents: int
    payment_type: str
    payable: bool
    countervailing_paid: bool
    antidumping_paid: bool
    team_number: str
    interest_cents: int
    fees: Fees

    @property
    def amount_due_cents(self) -> int:
        """Give what is due on the entry, in cents (Daily Statement, report definitions).

        Duty, tax unless deferred, antidumping and countervailing duty where paid in cash, fees
        and reconciliation interest; nothing when the entry is not payable.
        """
        if not self.payable:
            return 0
        return (
            self.duty_cents
            + (0 if self.deferred_tax else self.tax_cents)
            + (self.antidumping_cents if self.antidumping_paid else 0)
            + (self.countervailing_cents if self.countervailing_paid else 0)
            + self.interest_cents
            + sum(cents for _, cents in self.fees)
        )


@dataclass(frozen=True, slots=True)
class StatementTotals:
    """The totals of a statement in cents, the counts of its entries, its fees by class code.

    Ours, where the source is silent: ``tax_cents`` leaves out the deferred tax, which has its own
    total; bonded duties and entries that are not payable are in no total. So ``amount_cents`` is
    the sum of the other totals without the deferred tax.
    """

    duty_cents: int
    tax_cents: int
    deferred_tax_cents: int
    antidumping_cents: int
    countervailing_cents: int
    amount_cents: int
    interest_cents: int
    revenue_entries: int
    non_revenue_entries: int
    fees: Fees


@dataclass(frozen=True, slots=True)
class RemovedEntry:
    """An entry taken off a statement: by its filer (source ABI) or by the agency (CBP)."""

    filer_code: str
    entry_number: str
    source: str


@dataclass(frozen=True, slots=True)
class DailyStatement:
    """A statement as transmitted: status P preliminary or F final.

    ``importer_number`` is None on a statement of a filer (type 2), full on one of type 3, and
    without its suffix on one of type 5. ``client_branch`` is empty where none is used. ``paid``
    is there exactly when the statement is final; ``preliminary`` always is, as it was first
    printed.
    """

    status: str
    number: str
    print_date: date
    payment_type: str
    importer_number: str | None
    filer_code: str
    port: str
    lines: tuple[EntryLine, ...]
    preliminary: StatementTotals
    paid: StatementTotals | None
    removed: tuple[RemovedEntry, ...]
    client_branch: str = ""

    def __post_init__(self) -> None:
        if (self.paid is not None) != (self.status == "F"):
            raise ValueError(f"statement {self.number}: totals paid go with status F and only it")


def totals_of(lines: Iterable[EntryLine]) -> StatementTotals:
    """Add up entry lines; fees come in the order of their class codes."""
    every = tuple(lines)
    payable = tuple(line for line in every if line.payable)
    revenue = sum(line.amount_due_cents > 0 for line in every)
    return StatementTotals(
        duty_cents=sum(line.duty_cents for line in payable),
        tax_cents=sum(line.tax_cents for line in payable if not line.deferred_tax),
        deferred_tax_cents=sum(line.tax_cents for line in payable if line.deferred_tax),
        antidumping_cents=sum(x.antidumping_cents for x in payable if x.antidumping_paid),
        countervailing_cents=sum(x.countervailing_cents for x in payable if x.countervailing_paid),
        amount_cents=sum(line.amount_due_cents for line in payable),
        interest_cents=sum(line.interest_cents for line in payable),
        revenue_entries=revenue,
        non_revenue_entries=len(every) - revenue,
        fees=_fees_of(payable),
    )


def heading_of(statement: DailyStatement) -> StatementHeading:
    """Give what the B-record of the statement's block says."""
    return StatementHeading(
        statement.status,
        statement.number,
        statement.print_date,
        statement.payment_type,
        statement.importer_number or "",
        statement.client_branch,
    )


def _fees_of(lines: Sequence[EntryLine]) -> Fees:
    totals: dict[str, int] = {}
    for line in lines:
        for class_code, cents in line.fees:
            totals[class_code] = totals.get(class_code, 0) + cents
    return tuple(sorted(totals.items()))
