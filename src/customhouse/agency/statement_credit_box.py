"""The box "Pay by ACH Credit" on a statement's paper: what a payer gives its bank (CRD-01).

Pure. The account stands there only where the reader itself pays: a broker that hands the paper to
an importer (19 CFR 24.26(e)) is not told the account that the importer was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from customhouse.agency.credit_instructions import Instruction
from customhouse.formats.payment_file import Payee
from customhouse.money import format_dollars

TITLE = "Pay by ACH Credit"


@dataclass(frozen=True, slots=True)
class CreditBox:
    """An instruction as it is printed; ``payee`` is None where the reader is not the payer."""

    instruction: Instruction
    payee: Payee | None

    @property
    def advice(self) -> str:
        """Say by when to do what."""
        return self.instruction.advice


def box_facts(box: CreditBox) -> Iterator[tuple[str, str]]:
    """Give what stands in the box, each fact with its label."""
    instruction, payee = box.instruction, box.payee
    obligation, schedule = instruction.obligation, instruction.schedule
    yield "Amount", format_dollars(obligation.amount_cents)
    if obligation.waiting_cents:
        arrived = format_dollars(obligation.waiting_cents)
        yield "Arrived already", f"{arrived} of {format_dollars(obligation.total_cents)}"
    yield "Document number", obligation.number
    yield "Payer", instruction.payer_identifier
    if payee is None:
        yield "Pay to", f"the account that {instruction.payer_identifier} was told when it joined"
    else:
        yield "Pay to", payee.name
        yield "Routing number", payee.routing
        yield "Account", payee.account
    yield "Addendum", instruction.addendum
    if schedule.originate_by is not None:
        late = ", which is past" if schedule.is_late else ""
        yield "Give it to your bank by", f"{_long_date(schedule.originate_by)}{late}"
    yield "It settles on", _long_date(schedule.settle_on)


def box_document(box: CreditBox) -> dict[str, object]:
    """Give the box as JSON's own values: whole cents, dates as texts."""
    obligation, schedule = box.instruction.obligation, box.instruction.schedule
    payee = box.payee
    return {
        "amount_cents": obligation.amount_cents,
        "document_number": obligation.number,
        "payer_identifier": box.instruction.payer_identifier,
        "payment_type_code": box.instruction.type_code,
        "payee": None
        if payee is None
        else {"name": payee.name, "routing": payee.routing, "account": payee.account},
        "addendum": box.instruction.addendum,
        "originate_by": None
        if schedule.originate_by is None
        else schedule.originate_by.isoformat(),
        "settle_on": schedule.settle_on.isoformat(),
        "is_late": schedule.is_late,
        "advice": box.advice,
    }


def _long_date(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
