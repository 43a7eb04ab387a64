"""``/api/v1/payment-instructions``: what a payer needs to push a payment, and its bank's file.

Reads what was asked, hands it to the agency's query and renders what comes back (CRD-01). The
agency's own account is told to payers that have joined with effect, and to nobody else.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from customhouse.agency import business_day, credit_instruct
from customhouse.agency.credit_enrolment_document import RECEIVING_COMPANY
from customhouse.agency.credit_instruct import Instructions, payable
from customhouse.agency.credit_instructions import (
    MOST_LEAD_DAYS,
    Instruction,
    InstructionOutcome,
)
from customhouse.agency.credit_instructions_order import (
    InstructionOrder,
    read_file_order,
    read_instruction_order,
)
from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused, declare
from customhouse.formats.payment_file import (
    Payee,
    PaymentFileRefused,
    PaymentOrder,
    write_files,
)
from customhouse.identifiers import bare_number
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.asked_values import asked, read_day
from customhouse.web.agency_site.json_door import json_body
from customhouse.web.agency_site.payer_door import PayerToken, paying_party
from customhouse.web.agency_site.payment_answers import spelled_fault

PAYMENT_FILE_REFUSED = declare(
    "payment-file-refused",
    sentence="The payment file cannot be written: {reason}.",
    next_step="Correct that and ask again; nothing was recorded.",
)

router = Router(auth=PayerToken(), tags=["payment instructions"])


@router.get("", response=None, summary="How to push all that is due")
def list_instructions(request: HttpRequest) -> HttpResponse:
    """Tell how to push everything that is due: until, lead_days and settle_on narrow it down."""
    order = InstructionOrder(
        documents=None,
        until=asked(request, "until", read=read_day, expected="a date like 2026-11-24"),
        lead_days=_lead_days(request),
        settle_on=_settle_on(request),
    )
    return JsonResponse(_spelled(_told(request, order)))


@router.post("", response=None, summary="How to push some statements and bills")
def some_instructions(request: HttpRequest) -> HttpResponse:
    """Tell how to push up to 9,999 documents; each gets its own outcome. Records nothing."""
    _, body = json_body(request)
    return JsonResponse(_spelled(_told(request, read_instruction_order(body))))


@router.post("/file", response=None, summary="The file for your bank")
def payment_file(request: HttpRequest) -> HttpResponse:
    """Give a CCD+ or CTX file of the payments; all of what was asked for, or a refusal."""
    _, body = json_body(request)
    ordered = read_file_order(body)
    told = _told(request, ordered.order)
    chosen = payable(told, with_late=ordered.with_late)
    order = PaymentOrder(
        payments=tuple(each.payment for each in chosen),
        originator=ordered.originator,
        payee=_payee(),
        created_on=told.business_date,
        form=ordered.form,
        file_id_modifier=ordered.file_id_modifier,
    )
    try:
        files = write_files(order, doors.settings().txp_profile)
    except PaymentFileRefused as refusal:
        raise Refused(Fault(PAYMENT_FILE_REFUSED, {"reason": str(refusal)})) from None
    if len(files) > 1:
        reason = f"it would take {len(files)} files; ask for fewer documents at once"
        raise Refused(Fault(PAYMENT_FILE_REFUSED, {"reason": reason}))
    answer = HttpResponse(files[0].content, content_type="text/plain; charset=us-ascii")
    name = f"payment-{told.business_date}-{ordered.file_id_modifier}.ach"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@router.get("/{number}", response=None, summary="How to push one statement or bill")
def one_instruction(request: HttpRequest, number: str) -> HttpResponse:
    """Tell how to push the payment of one document; refused with its faults where none is due."""
    order = InstructionOrder(
        (bare_number(number)[:20],),
        lead_days=_lead_days(request),
        settle_on=_settle_on(request),
    )
    told = _told(request, order)
    (outcome,) = told.outcomes
    if outcome.faults:
        raise Refused(*outcome.faults)
    return JsonResponse(_spelled(told))


def _told(request: HttpRequest, order: InstructionOrder) -> Instructions:
    party = paying_party(request)
    with doors.connection() as connection:
        day = business_day.latest(connection)
        if day is None:
            raise Refused(Fault(NO_BUSINESS_DAY))
        return credit_instruct.instructions(
            connection,
            party,
            order,
            business_date=day.business_date,
            profile=doors.settings().txp_profile,
        )


def _payee() -> Payee:
    settings = doors.settings()
    return Payee(settings.collection_routing, settings.collection_account, RECEIVING_COMPANY)


def _lead_days(request: HttpRequest) -> int | None:
    return asked(
        request, "lead_days", read=_read_lead_days, expected=f"0 to {MOST_LEAD_DAYS} banking days"
    )


def _settle_on(request: HttpRequest) -> date | None:
    return asked(request, "settle_on", read=read_day, expected="a date like 2026-11-24")


def _read_lead_days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:3]) <= MOST_LEAD_DAYS):
        raise ValueError
    return int(text)


def _spelled(told: Instructions) -> dict[str, Any]:
    payee = _payee()
    ready = [each for each in told.ready if not each.schedule.is_late]
    return {
        "business_date": told.business_date.isoformat(),
        "payer_identifier": told.payer.identifier,
        "lead_days": told.lead_days,
        "payee": {"name": payee.name, "routing": payee.routing, "account": payee.account},
        "ready": len(ready),
        "late": len(told.ready) - len(ready),
        "refused": len(told.outcomes) - len(told.ready),
        "amount_cents": sum(each.obligation.amount_cents for each in ready),
        "documents": [_document(each) for each in told.outcomes],
        "has_more": told.has_more,
    }


def _document(outcome: InstructionOutcome) -> dict[str, Any]:
    known = _instruction(outcome.instruction) if outcome.instruction is not None else {}
    return {
        "document_number": outcome.document_number,
        "outcome": "refused",
        **known,
        "faults": [spelled_fault(fault) for fault in outcome.faults],
    }


def _instruction(instruction: Instruction) -> dict[str, Any]:
    obligation, schedule = instruction.obligation, instruction.schedule
    return {
        "outcome": "late" if schedule.is_late else "ready",
        "kind": obligation.kind,
        "statement_number": obligation.statement_number,
        "payment_type_code": instruction.type_code,
        "total_cents": obligation.total_cents,
        "waiting_cents": obligation.waiting_cents,
        "amount_cents": obligation.amount_cents,
        "due_on": _day(obligation.due_on),
        "originate_by": _day(schedule.originate_by),
        "settle_on": _day(schedule.settle_on),
        "addendum": instruction.addendum,
        "advice": instruction.advice,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
