"""Rules of the daily statement: which entries go together, what a line and a total hold.

Pure functions over frozen values; the print run, the statement update and the finals load the
rows, ask these rules and record what they decide. No clock and no SQL here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from customhouse.formats.abi_statement import EntryLine, StatementTotals, totals_of
from customhouse.formats.abi_statement_values import MOST_FEES
from customhouse.identifiers import without_suffix
from customhouse.money import MAX_ENTRY_CENTS

# CATAIR, daily statement rev 15: at most 2,000 entries a statement.
ENTRIES_PER_STATEMENT = 2_000
# Eleven digits of cents hold the deferred tax of a statement (Q3); it is in no amount due.
MOST_DEFERRED_CENTS = 99_999_999_999

DUTY_CLASSES = frozenset({"001", "672"})
TAX_CLASSES = frozenset({"016", "017", "018", "022"})
ANTIDUMPING_CLASS = "012"
COUNTERVAILING_CLASS = "013"
INTEREST_CLASS = "044"
NOT_FEES = DUTY_CLASSES | TAX_CLASSES | {ANTIDUMPING_CLASS, COUNTERVAILING_CLASS, INTEREST_CLASS}


@dataclass(frozen=True, slots=True)
class ScheduledEntry:
    """An entry summary that waits for its statement; amounts in cents by accounting class."""

    filer_code: str
    entry_number: str
    importer_number: str
    port_of_entry: str
    processing_port: str
    entry_type: str
    payment_type: str
    print_date: date
    deferred_tax: bool
    payable: bool
    antidumping_paid: bool
    countervailing_paid: bool
    consolidated: bool
    broker_reference: str
    team_number: str
    client_branch: str
    due_on: date | None
    class_codes: list[str]
    amounts_cents: list[int]


@dataclass(frozen=True, slots=True)
class StatementGroup:
    """The entries of one statement to be: one filer, port, branch, payment type and importer.

    ``importer_number`` is None on a filer's statement (type 2), full for type 3, and without its
    suffix for type 5.
    """

    filer_code: str
    processing_port: str
    client_branch: str
    payment_type: str
    importer_number: str | None
    entries: tuple[ScheduledEntry, ...]

    @property
    def due_on(self) -> date | None:
        """Give the last day to pay it: the earliest of its entries (DEB-14)."""
        return min((each.due_on for each in self.entries if each.due_on), default=None)


def grouped(entries: Iterable[ScheduledEntry]) -> Iterator[StatementGroup]:
    """Group scheduled entries into statements in a fixed order (formats: CATAIR payment types).

    Type 2 goes by filer, type 3 by filer and full importer number, type 5 by filer and importer
    number without suffix, all by processing port and client branch. What one statement cannot
    hold (2,000 entries, 25 fee classes, one ACH debit's ten digits of cents, eleven digits of
    deferred tax) continues on the next statement, in entry number order.
    """
    for key, members in groupby(sorted(entries, key=_sort_key), key=_group_key):
        filer_code, port, client_branch, payment_type, importer_number = key
        for held in _held_together(members):
            yield StatementGroup(
                filer_code=filer_code,
                processing_port=port,
                client_branch=client_branch,
                payment_type=payment_type,
                importer_number=importer_number or None,
                entries=tuple(held),
            )


@dataclass(frozen=True, slots=True)
class _Load:
    """What a statement holds so far, as far as one statement is bounded; cents."""

    entries: int = 0
    due_cents: int = 0
    deferred_cents: int = 0
    fees: frozenset[str] = frozenset()

    def plus(self, line: EntryLine) -> _Load:
        """Add one more line."""
        return _Load(
            self.entries + 1,
            self.due_cents + line.amount_due_cents,
            self.deferred_cents + (line.tax_cents if line.deferred_tax else 0),
            self.fees | {class_code for class_code, _ in line.fees},
        )

    @property
    def fits(self) -> bool:
        """Tell whether one statement holds it. Every other total is part of the amount due."""
        return (
            self.entries <= ENTRIES_PER_STATEMENT
            and self.due_cents <= MAX_ENTRY_CENTS
            and self.deferred_cents <= MOST_DEFERRED_CENTS
            and len(self.fees) <= MOST_FEES
        )


def _held_together(entries: Iterable[ScheduledEntry]) -> Iterator[list[ScheduledEntry]]:
    """Cut entries into runs that one statement can hold, taking as many as fit each time."""
    held: list[ScheduledEntry] = []
    load = _Load()
    for entry in entries:
        line = line_of(entry)
        more = load.plus(line)
        if held and not more.fits:
            yield held
            held, more = [], _Load().plus(line)
        held.append(entry)
        load = more
    if held:
        yield held


def _group_key(entry: ScheduledEntry) -> tuple[str, str, str, str, str]:
    importer = {"3": entry.importer_number, "5": without_suffix(entry.importer_number)}
    return (
        entry.filer_code,
        entry.processing_port,
        entry.client_branch,
        entry.payment_type,
        importer.get(entry.payment_type, ""),
    )


def _sort_key(entry: ScheduledEntry) -> tuple[str, ...]:
    return *_group_key(entry), entry.entry_number


def line_of(entry: ScheduledEntry) -> EntryLine:
    """Make the statement line of an entry: its charges fall into the columns of Q1, Q2 and QA."""
    charges = dict(zip(entry.class_codes, entry.amounts_cents, strict=True))
    return EntryLine(
        port_of_entry=entry.port_of_entry,
        filer_code=entry.filer_code,
        entry_number=entry.entry_number,
        importer_number=entry.importer_number,
        print_date=entry.print_date,
        duty_cents=sum(charges.get(code, 0) for code in DUTY_CLASSES),
        tax_cents=sum(charges.get(code, 0) for code in TAX_CLASSES),
        deferred_tax=entry.deferred_tax,
        broker_reference=entry.broker_reference,
        consolidated=entry.consolidated,
        entry_type=entry.entry_type,
        antidumping_cents=charges.get(ANTIDUMPING_CLASS, 0),
        countervailing_cents=charges.get(COUNTERVAILING_CLASS, 0),
        payment_type=entry.payment_type,
        payable=entry.payable,
        countervailing_paid=entry.countervailing_paid,
        antidumping_paid=entry.antidumping_paid,
        team_number=entry.team_number,
        interest_cents=charges.get(INTEREST_CLASS, 0),
        fees=tuple(
            sorted((code, cents) for code, cents in charges.items() if code not in NOT_FEES)
        ),
    )


def paid_totals(lines: Sequence[EntryLine], removed: frozenset[str]) -> StatementTotals:
    """Total the lines that are left once the removed entry numbers are taken off (Q5, Q6, QJ)."""
    return totals_of([line for line in lines if line.entry_number not in removed])
