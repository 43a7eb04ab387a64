"""A daily statement as its reader files it: every figure of it once, for all shapes to render.

Pure: page, PDF, CSV, JSON and text are all made from one ``StatementPaper``, so that they agree
to the cent (DEB-02). The arithmetic is that of the report definitions of CATAIR, Daily
Statement, April 2025. No SQL, no clock, no rendering here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from customhouse.agency.statement_credit_box import CreditBox
from customhouse.formats.abi_statement import EntryLine, StatementTotals, totals_of
from customhouse.formats.accounting_classes import class_name
from customhouse.identifiers import EntryNumber

HOLD_FUNDS = "Hold the funds in the account from the moment of authorization until they have left."
ESTIMATE = "Estimate: the payer's bank decides on which day it debits the account."

DUTY, ANTIDUMPING, COUNTERVAILING, INTEREST = "001", "012", "013", "044"
REMOVED_BY = {"ABI": "the filer", "CBP": "the agency"}

Status = Literal["preliminary", "final", "cancelled"]
ChargeKind = Literal[
    "duty", "tax", "deferred-tax", "antidumping", "countervailing", "fee", "interest"
]


@dataclass(frozen=True, slots=True)
class PaperCharge:
    """One charge of an entry in cents; ``remark`` says why it is not due where it is not.

    ``class_code`` is empty for tax: a statement has one sum for all classes of it.
    """

    kind: ChargeKind
    class_code: str
    cents: int
    remark: str = ""

    @property
    def name(self) -> str:
        """Name the charge."""
        return name_of(self.kind, self.class_code)

    @property
    def is_due(self) -> bool:
        """Tell whether it is in the amount due."""
        return not self.remark


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """One entry as it was printed, its charges, what is due on it, and when it was taken off."""

    line: EntryLine
    charges: tuple[PaperCharge, ...]
    removed_on: date | None = None
    removed_source: str | None = None

    @property
    def number(self) -> str:
        """Spell the entry number as people write it: B76-0324527-8."""
        return str(EntryNumber(self.line.filer_code, self.line.entry_number))

    @property
    def due_cents(self) -> int:
        """Give what was printed as due on the entry, whether or not it was taken off since."""
        return self.line.amount_due_cents

    @property
    def removed_by(self) -> str:
        """Say who took the entry off, empty while it is on the statement."""
        return REMOVED_BY.get(self.removed_source or "", self.removed_source or "")


@dataclass(frozen=True, slots=True)
class PaperTotal:
    """One kind of charge in total: as first printed and as it is now, in cents."""

    kind: ChargeKind
    class_code: str
    preliminary_cents: int
    now_cents: int

    @property
    def name(self) -> str:
        """Name the charge."""
        return name_of(self.kind, self.class_code)

    @property
    def is_due(self) -> bool:
        """Tell whether it is in the amount due: all but the deferred tax."""
        return self.kind != "deferred-tax"

    @property
    def difference_cents(self) -> int:
        """Give what entries taken off since took with them."""
        return self.preliminary_cents - self.now_cents


@dataclass(frozen=True, slots=True)
class PaperPayment:
    """The latest authorization of a statement.

    ``estimated_debit_on`` is an estimate whoever chose it: the payer's bank decides (DEB-10).
    """

    attempt: int
    state: str
    payer_unit_number: str
    accepted_on: date
    estimated_debit_on: date
    settled_on: date | None
    returned_on: date | None
    return_code: str | None

    @property
    def is_expected(self) -> bool:
        """Tell whether the debit is on its way and has not settled."""
        return self.state in {"accepted", "with_bank"}


@dataclass(frozen=True, slots=True)
class PaperCredit:
    """A payment by ACH Credit that paid the statement; of its cents so many were applied.

    ``collected_on`` is its settlement date, which is its payment date (CRD-07).
    """

    part_id: str
    trace_number: str
    collected_on: date
    amount_cents: int
    applied_cents: int


@dataclass(frozen=True, slots=True)
class PaperHead:
    """What a statement says about itself; ``due_on`` is None where no due date is known.

    ``paid_on`` is the collection date on which ACH Credit completed its payment, None where it did
    not; ``waiting_cents`` arrived that way and waits for the rest (CRD-06).
    Only who acts for the filer is given a paper, and so may read the payer unit in it.
    """

    number: str
    state: str
    payment_type: str
    filer_code: str
    filer_name: str
    port: str
    importer_number: str | None
    importer_name: str | None
    client_branch: str
    print_date: date
    due_on: date | None
    final_on: date | None
    preliminary_cents: int
    total_cents: int
    paid_on: date | None = None
    waiting_cents: int = 0

    @property
    def missing_cents(self) -> int:
        """Give what is still to arrive by ACH Credit beside what waits, in cents."""
        return max(0, self.total_cents - self.waiting_cents)


@dataclass(frozen=True, slots=True)
class StatementPaper:
    """A statement with its entries, its totals and the state of its payment.

    Without ``payment`` where ACH Credit paid it: then ``credits`` are the payments that did. While
    it may be paid that way, ``credit_box`` says how.
    """

    head: PaperHead
    entries: tuple[PaperEntry, ...]
    taken_off: tuple[PaperEntry, ...]
    totals: tuple[PaperTotal, ...]
    revenue_entries: int
    non_revenue_entries: int
    payment: PaperPayment | None
    credits: tuple[PaperCredit, ...] = ()
    credit_box: CreditBox | None = None

    @property
    def status(self) -> Status:
        """Tell what kind of paper it is; a statement is preliminary until its final is out."""
        if self.head.state in ("final", "cancelled"):
            return "final" if self.head.state == "final" else "cancelled"
        return "preliminary"

    @property
    def title(self) -> str:
        """Name the paper: ``Preliminary daily statement``."""
        return f"{self.status.capitalize()} daily statement"

    @property
    def difference_cents(self) -> int:
        """Give the preliminary total less what is left."""
        return self.head.preliminary_cents - self.head.total_cents

    @property
    def is_paid(self) -> bool:
        """Tell whether ACH Credit paid it, or the debit has settled and the receipt is out."""
        is_settled = self.status == "final" and self.payment_state == "settled"
        return is_settled or self.head.paid_on is not None

    @property
    def payment_state(self) -> str:
        """Tell where the payment stands: the latest attempt's state, or that there is none."""
        if self.status == "cancelled":
            return "nothing-to-pay"
        if self.head.paid_on is not None:
            return "paid-by-credit"
        return "not-authorized" if self.payment is None else self.payment.state.replace("_", "-")

    @property
    def payment_words(self) -> str:
        """Say where the payment stands in a sentence."""
        return _PAYMENT_WORDS.get(self.payment_state, f"{self.payment_state.capitalize()}.")

    @property
    def now_heading(self) -> str:
        """Name the column of what is left: paid only once it is."""
        if self.is_paid:
            return "Paid"
        return "Final" if self.status == "final" else "Now"

    @property
    def total_words(self) -> str:
        """Name the total as what it is by now."""
        if self.is_paid:
            return "Total paid"
        return "Total authorized" if self.head.state in ("authorized", "final") else "Total due"

    @property
    def estimated_debit_on(self) -> date | None:
        """Give the estimated debit date while a debit is on its way (DEB-10)."""
        expected = self.payment is not None and self.payment.is_expected
        return self.payment.estimated_debit_on if expected and self.payment else None

    @property
    def advice(self) -> str:
        """Say what to do about the money (DEB-10); nothing once none is to leave any more."""
        return "" if self.payment_state in _NO_MONEY_LEAVES else HOLD_FUNDS


_NO_MONEY_LEAVES = ("nothing-to-pay", "paid-by-credit", "settled")
_PAYMENT_WORDS = {
    "nothing-to-pay": "Every entry was taken off. Nothing is left to pay.",
    "paid-by-credit": "Paid by ACH Credit. Nothing is debited.",
    "not-authorized": "Not authorized yet. Nothing has been debited.",
    "accepted": "Authorized. The debit has not settled yet.",
    "with-bank": "Authorized and with the bank. The debit has not settled yet.",
    "settled": "The debit has settled.",
    "returned": "The debit was returned. The statement is to be paid again.",
    "refused": "The processor bank refused the debit. The statement is to be paid again.",
    "negated": "The authorization was negated. Nothing has been debited.",
}


def name_of(kind: ChargeKind, class_code: str) -> str:
    """Name a charge of a statement."""
    if kind == "tax":
        return "Internal revenue tax"
    return "Deferred tax" if kind == "deferred-tax" else class_name(class_code)


def paper_of(
    head: PaperHead,
    entries: Sequence[PaperEntry],
    *,
    payment: PaperPayment | None,
    credits: Sequence[PaperCredit] = (),
) -> StatementPaper:
    """Put a statement's paper together from its entries, removed ones included.

    Raises AssertionError where its lines do not add up to what is on file: no paper is better
    than a wrong one.
    """
    live = tuple(entry for entry in entries if entry.removed_on is None)
    printed = totals_of(entry.line for entry in entries)
    now = totals_of(entry.line for entry in live)
    if (printed.amount_cents, now.amount_cents) != (head.preliminary_cents, head.total_cents):
        raise AssertionError(f"statement {head.number}: its lines do not add up to its totals")
    return StatementPaper(
        head=head,
        entries=live,
        taken_off=tuple(entry for entry in entries if entry.removed_on is not None),
        totals=tuple(_totals(printed, now)),
        revenue_entries=now.revenue_entries,
        non_revenue_entries=now.non_revenue_entries,
        payment=None if head.paid_on is not None else payment,
        credits=tuple(credits),
    )


def entry_of(
    line: EntryLine, *, removed_on: date | None = None, removed_source: str | None = None
) -> PaperEntry:
    """Make an entry's part of the paper from its printed line."""
    charges = tuple(charge for charge in _charges(line) if charge.cents)
    return PaperEntry(line, charges, removed_on, removed_source)


def _charges(line: EntryLine) -> Iterator[PaperCharge]:
    """List an entry's charges in the order of Q1, Q2 and QA, each with why it may not be due."""
    free = "" if line.payable else "entry not payable"
    bond = "secured by a bond"
    yield PaperCharge("duty", DUTY, line.duty_cents, free)
    if line.deferred_tax:
        yield PaperCharge("deferred-tax", "", line.tax_cents, free or "deferred")
    else:
        yield PaperCharge("tax", "", line.tax_cents, free)
    paid = free or ("" if line.antidumping_paid else bond)
    yield PaperCharge("antidumping", ANTIDUMPING, line.antidumping_cents, paid)
    paid = free or ("" if line.countervailing_paid else bond)
    yield PaperCharge("countervailing", COUNTERVAILING, line.countervailing_cents, paid)
    for class_code, cents in line.fees:
        yield PaperCharge("fee", class_code, cents, free)
    yield PaperCharge("interest", INTEREST, line.interest_cents, free)


def _totals(printed: StatementTotals, now: StatementTotals) -> Iterator[PaperTotal]:
    """Give the total of each kind of charge, those that were never there left out."""
    after = {(kind, code): cents for kind, code, cents in _columns(now)}
    for kind, code, cents in _columns(printed):
        if cents:
            yield PaperTotal(kind, code, cents, after.get((kind, code), 0))


def _columns(totals: StatementTotals) -> Iterator[tuple[ChargeKind, str, int]]:
    yield "duty", DUTY, totals.duty_cents
    yield "tax", "", totals.tax_cents
    yield "deferred-tax", "", totals.deferred_tax_cents
    yield "antidumping", ANTIDUMPING, totals.antidumping_cents
    yield "countervailing", COUNTERVAILING, totals.countervailing_cents
    for class_code, cents in totals.fees:
        yield "fee", class_code, cents
    yield "interest", INTEREST, totals.interest_cents
