"""What a payer needs to push a payment: the amount, the addendum and by when (CRD-01).

Pure. A payer's bank takes a payment one banking day before it settles, and wants its own lead time
on top (19 CFR 24.26(d)). A document that is authorized for debit, or paid, gets no instruction: a
statement has one method of payment (CRD-11). Who may pay what is in credit_documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from customhouse.business_days import FEDERAL_RESERVE, Calendar
from customhouse.faults import (
    STATEMENT_ALREADY_AUTHORIZED,
    STATEMENT_CANCELLED,
    Fault,
    declare,
)
from customhouse.formats import txp
from customhouse.formats.txp import TxpPayment, TxpProfile
from customhouse.money import format_dollars

DocumentKind = Literal["statement", "bill"]
MOST_LEAD_DAYS: Final = 10
# A payment settles on the banking day after the one on which its bank sends it.
BANKING_DAYS_TO_SETTLE: Final = 1

CREDIT_PAYER_NOT_JOINED = declare(
    "credit-payer-not-joined",
    sentence="{payer} has not joined ACH Credit.",
    next_step="File the form with customhouse credits enrol, or pay by ACH Debit.",
    http_status=409,
)
CREDIT_PAYER_NOT_EFFECTIVE = declare(
    "credit-payer-not-effective",
    sentence="{payer} may not push payments yet: {since}.",
    next_step="Wait for that, or pay by ACH Debit.",
    http_status=409,
)
CREDIT_DOCUMENT_UNKNOWN = declare(
    "credit-document-unknown",
    sentence="There is no statement or bill {document_number} that {payer} may pay.",
    next_step="Check the number on the statement or the bill, and whose token you use.",
    http_status=404,
)
CREDIT_DOCUMENT_PAID = declare(
    "credit-document-paid",
    sentence="The {kind} {document_number} is paid{since}.",
    next_step="Push no second payment: it would come back as a refund.",
    http_status=409,
)
CREDIT_NOTHING_DUE = declare(
    "credit-nothing-due",
    sentence="Nothing is due on the {kind} {document_number}: {why}.",
    next_step="Push no payment: it would come back as a refund.",
    http_status=409,
)
CREDIT_TOO_LATE = declare(
    "credit-too-late",
    sentence=(
        "A payment of {document_number} would settle on {settle_on} and is due on {due_on};"
        " the latest day to originate it in time is {originate_by}."
    ),
    next_step=(
        "Settle it earlier, or where that day is past have a debit authorized today instead;"
        " or ask for late payments too."
    ),
    http_status=409,
)
CREDIT_DOCUMENT_REPEATED = declare(
    "credit-document-repeated",
    sentence="{document_number} is the debt of statement {statement_number}, which stands there"
    " already under its other number.",
    next_step="Name the statement or its bill: paid twice, one payment comes back as a refund.",
    http_status=409,
)
CREDIT_ADDENDUM_UNWRITABLE = declare(
    "credit-addendum-unwritable",
    sentence="No addendum can be written for the {kind} {document_number}: {reason}.",
    next_step="Pay it by ACH Debit, and tell the agency that its TXP profile does not fit.",
    http_status=409,
)


@dataclass(frozen=True, slots=True)
class InstructedPayer:
    """Who pays: its party, what an addendum names it by, and what its bank wants.

    ``state`` is None for one that never applied; ``lead_days`` are banking days.
    """

    party_id: int
    identifier: str
    state: str | None
    effective_on: date | None
    lead_days: int

    def fault_on(self, day: date) -> Fault | None:
        """Say why it may not originate a payment on a day (CRD-12); None when it may."""
        if self.state not in ("approved", "active"):
            return Fault(CREDIT_PAYER_NOT_JOINED, {"payer": self.identifier})
        if self.state == "active" and self.effective_on is not None and self.effective_on <= day:
            return None
        since = "its zero-dollar entry has not been accepted"
        if self.effective_on is not None:
            since = f"its enrolment is effective from {self.effective_on}"
        return Fault(CREDIT_PAYER_NOT_EFFECTIVE, {"payer": self.identifier, "since": since})


@dataclass(frozen=True, slots=True)
class Obligation:
    """A statement, or the bill of one, as it stands; cents.

    ``waiting_cents`` has arrived and waits for the rest (CRD-06). ``is_open`` is false for a bill
    that is paid. ``due_on`` is that of the open bill where there is one.
    """

    kind: DocumentKind
    number: str
    filer_code: str
    statement_number: str
    state: str
    total_cents: int
    waiting_cents: int
    due_on: date | None
    paid_on: date | None
    is_open: bool

    @property
    def amount_cents(self) -> int:
        """Give what is still to come."""
        return self.total_cents - self.waiting_cents


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a payment is to leave and to settle.

    ``originate_by`` is the latest day to give it to the bank, None where no due date is known.
    ``settle_on`` is the last banking day up to the due date; for one that is late, the earliest, or
    a later one that the payer chose. ``is_past``: late whatever is chosen.
    """

    settle_on: date
    originate_by: date | None
    is_late: bool
    is_past: bool = False


@dataclass(frozen=True, slots=True)
class Instruction:
    """How to push the payment of one document; cents."""

    obligation: Obligation
    payer_identifier: str
    type_code: str
    schedule: Schedule
    addendum: str

    @property
    def payment(self) -> TxpPayment:
        """Give the payment as a payment file takes it."""
        return TxpPayment(
            payer_identifier=self.payer_identifier,
            document_kind=self.obligation.kind,
            document_number=self.obligation.number,
            dated_on=self.schedule.settle_on,
            amount_cents=self.obligation.amount_cents,
        )

    @property
    def advice(self) -> str:
        """Say what to do by when, or what to do instead."""
        amount = format_dollars(self.obligation.amount_cents)
        schedule = self.schedule
        if schedule.is_late and not schedule.is_past:
            return (
                f"Late for ACH Credit: it is due on {self.obligation.due_on}. Settled on"
                f" {schedule.settle_on}, {amount} pays it in full, but as of that day. To be in"
                f" time, give it to your bank by {schedule.originate_by}."
            )
        if schedule.is_late:
            return (
                f"Too late for ACH Credit: the latest day to originate was {schedule.originate_by}."
                f" Have a debit authorized today instead; a payment that is pushed now settles on"
                f" {schedule.settle_on} at the earliest."
            )
        if schedule.originate_by is None:
            return f"Push exactly {amount}; no due date is known."
        return (
            f"Push exactly {amount}: give it to your bank by {schedule.originate_by}, so that it"
            f" settles on {schedule.settle_on}."
        )


@dataclass(frozen=True, slots=True)
class InstructionOutcome:
    """The answer for one document: an instruction, or the faults that stand against it."""

    document_number: str
    instruction: Instruction | None
    faults: tuple[Fault, ...] = ()


def schedule_of(
    due_on: date | None,
    *,
    business_date: date,
    lead_days: int,
    wanted_on: date | None = None,
    calendar: Calendar = FEDERAL_RESERVE,
) -> Schedule:
    """Give the days of a payment: one banking day before the due date, and the lead time (CRD-01).

    A due date on which banks are closed counts as the last banking day before it. ``wanted_on`` is
    the banking day on which the payer wants it to settle, from earliest_settlement on.
    """
    days = BANKING_DAYS_TO_SETTLE + lead_days
    earliest = earliest_settlement(business_date, lead_days, calendar=calendar)
    if due_on is None:
        return Schedule(wanted_on or earliest, None, is_late=False)
    settle_by = due_on if calendar.is_business_day(due_on) else calendar.previous(due_on)
    settle_on = wanted_on or settle_by
    if settle_on > settle_by or earliest > settle_by:
        originate_by = calendar.add(settle_by, -days)
        return Schedule(
            max(settle_on, earliest), originate_by, is_late=True, is_past=earliest > settle_by
        )
    return Schedule(settle_on, calendar.add(settle_on, -days), is_late=False)


def earliest_settlement(
    business_date: date, lead_days: int, *, calendar: Calendar = FEDERAL_RESERVE
) -> date:
    """Give the first day on which a payment can settle that is given to the bank today."""
    return calendar.add(calendar.on_or_after(business_date), BANKING_DAYS_TO_SETTLE + lead_days)


def instruct(
    obligation: Obligation,
    payer: InstructedPayer,
    *,
    business_date: date,
    lead_days: int,
    profile: TxpProfile,
    wanted_on: date | None = None,
) -> InstructionOutcome:
    """Give the instruction for a document that the payer may pay, or why there is none.

    ``wanted_on`` is the day on which the payer wants it to settle, None for the last one in time.
    """
    number = obligation.number
    fault = _fault(obligation)
    if fault is not None:
        return InstructionOutcome(number, None, (fault,))
    schedule = schedule_of(
        obligation.due_on,
        business_date=business_date,
        lead_days=lead_days,
        wanted_on=wanted_on,
    )
    payment = TxpPayment(
        payer_identifier=payer.identifier,
        document_kind=obligation.kind,
        document_number=number,
        dated_on=schedule.settle_on,
        amount_cents=obligation.amount_cents,
    )
    try:
        code = profile.type_code(obligation.kind)
        addendum = txp.render(payment, profile)
    except ValueError as error:
        named = {"kind": obligation.kind, "document_number": number}
        reason = str(error).removesuffix(".")
        unwritable = Fault(CREDIT_ADDENDUM_UNWRITABLE, named | {"reason": reason})
        return InstructionOutcome(number, None, (unwritable,))
    return InstructionOutcome(
        number, Instruction(obligation, payer.identifier, code, schedule, addendum)
    )


def unknown_document(number: str, payer: InstructedPayer) -> InstructionOutcome:
    """Give the answer for a document that does not exist or is somebody else's: one fault."""
    values = {"document_number": ascii(number)[1:-1][:20], "payer": payer.identifier}
    return InstructionOutcome(number, None, (Fault(CREDIT_DOCUMENT_UNKNOWN, values),))


def too_late(instruction: Instruction) -> Fault:
    """Give the fault of a payment that is asked for in time and cannot be."""
    schedule, obligation = instruction.schedule, instruction.obligation
    values = {
        "document_number": obligation.number,
        "originate_by": schedule.originate_by,
        "settle_on": schedule.settle_on,
        "due_on": obligation.due_on,
    }
    return Fault(CREDIT_TOO_LATE, values)


def each_debt_once(outcomes: Sequence[InstructionOutcome]) -> Iterator[InstructionOutcome]:
    """Refuse each instruction that would pay the debt of an earlier one again.

    A bill is the debt of its statement under another number: paid twice, one comes back.
    """
    seen: set[tuple[str, str]] = set()
    for each in outcomes:
        if each.instruction is None:
            yield each
            continue
        obligation = each.instruction.obligation
        key = (obligation.filer_code, obligation.statement_number)
        if key not in seen:
            seen.add(key)
            yield each
            continue
        named = {
            "document_number": obligation.number,
            "statement_number": obligation.statement_number,
        }
        fault = Fault(CREDIT_DOCUMENT_REPEATED, named)
        yield InstructionOutcome(each.document_number, None, (fault,))


def _fault(obligation: Obligation) -> Fault | None:
    """Say why nothing is to be pushed for a document (CRD-08, CRD-11); None when something is."""
    named: dict[str, object] = {
        "kind": obligation.kind,
        "document_number": obligation.number,
        "statement_number": obligation.statement_number,
    }
    if obligation.state == "cancelled":
        return Fault(STATEMENT_CANCELLED, named)
    if obligation.state == "authorized":
        return Fault(STATEMENT_ALREADY_AUTHORIZED, named)
    if obligation.state in ("paid", "final") or not obligation.is_open:
        since = "" if obligation.paid_on is None else f" since {obligation.paid_on}"
        return Fault(CREDIT_DOCUMENT_PAID, named | {"since": since})
    if obligation.amount_cents > 0:
        return None
    why = "its total is $0.00" if obligation.total_cents == 0 else "enough has arrived"
    return Fault(CREDIT_NOTHING_DUE, named | {"why": why})
