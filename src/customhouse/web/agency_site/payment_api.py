"""``/api/v1``: pay many statements in one step, try or undo it, list them, see what is urgent.

Reads what was asked, hands it to the agency's commands and renders what comes back. The sender
was proved by its bearer token; only its own filers are ever looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from psycopg import Connection

from customhouse.agency import alerts, business_day, filer_statements
from customhouse.agency.api_requests import Answer
from customhouse.agency.authorization_orders import not_of_sender, read_negation, read_order
from customhouse.agency.authorize import BatchContext
from customhouse.agency.business_day import BusinessDay
from customhouse.agency.filer_statements import LARGEST_PAGE, STATES, Wanted
from customhouse.agency.pay_statements import pay_statements, preview_payment
from customhouse.clock import Clock
from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.asked_values import asked, read_day, read_limit
from customhouse.web.agency_site.json_door import answer_once, json_body
from customhouse.web.agency_site.payment_answers import (
    spelled_alert,
    spelled_answer,
    spelled_negations,
    spelled_preview,
    spelled_statement,
)

router = Router(tags=["payments"])
Work = Callable[[Connection, int, BusinessDay], Answer]


@router.post("/authorizations", response=None, summary="Authorize many statements in one step")
def authorize_statements(request: HttpRequest) -> HttpResponse:
    """Take an order of up to 9,999 statements, or of all that is due; each gets its own answer.

    Needs an Idempotency-Key. The status is 200 also where statements were refused (DEB-16).
    """
    sender = request.auth  # type: ignore[attr-defined]

    def reads(body: Any, clock: Clock) -> Work:
        order = read_order(body, sender.filer_codes)

        def work(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
            context = _context(sender.sender_id, request_id, day=day, clock=clock)
            answer = pay_statements(connection, order, context=context)
            return Answer(200, json.dumps(spelled_answer(answer, day.business_date)))

        return work

    return answer_once(request, reads)


@router.post("/negations", response=None, summary="Undo authorizations of the same day")
def negate_authorizations(request: HttpRequest) -> HttpResponse:
    """Undo authorizations before the cut-off of their day; each item repeats one (DEB-04).

    Needs an Idempotency-Key. The status is 200 also where items were refused.
    """
    sender = request.auth  # type: ignore[attr-defined]

    def reads(body: Any, clock: Clock) -> Work:
        order = read_negation(body, sender.filer_codes)

        def work(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
            context = _context(sender.sender_id, request_id, day=day, clock=clock)
            answer = pay_statements(connection, order, context=context)
            return Answer(200, json.dumps(spelled_negations(answer, day.business_date)))

        return work

    return answer_once(request, reads)


@router.post("/authorizations/preview", response=None, summary="Try an order without doing it")
def preview_authorizations(request: HttpRequest) -> HttpResponse:
    """Tell what an order would lead to now, by the same rules; nothing is recorded."""
    sender = request.auth  # type: ignore[attr-defined]
    _, body = json_body(request)
    order = read_order(body, sender.filer_codes)
    with doors.connection() as connection:
        day = _latest_day(connection)
        clock = doors.clock(connection)
        context = _context(sender.sender_id, None, day=day, clock=clock)
        answer = preview_payment(connection, order, context=context)
    return JsonResponse(spelled_preview(answer, day.business_date))


@router.get("/statements", response=None, summary="List a filer's statements")
def list_statements(request: HttpRequest) -> HttpResponse:
    """List statements in number order, a page at a time: state, due_until, after, limit.

    ``next_after`` of a page is ``after`` of the next one, null at the end.
    """
    wanted = Wanted(
        filer_code=_filer_code(request),
        state=asked(request, "state", read=_state, expected=", ".join(STATES)),
        due_until=asked(request, "due_until", read=read_day, expected="a date like 2026-11-24"),
        after=asked(request, "after", read=_number, expected="a statement number"),
        limit=asked(request, "limit", read=_limit, expected=f"1 to {LARGEST_PAGE:,}")
        or LARGEST_PAGE,
    )
    with doors.connection() as connection:
        day = _latest_day(connection)
        page = filer_statements.page_of(connection, wanted)
    return JsonResponse(
        {
            "filer_code": wanted.filer_code,
            "business_date": day.business_date.isoformat(),
            "statements": [spelled_statement(each) for each in page.statements],
            "next_after": page.next_after,
        }
    )


@router.get("/alerts", response=None, summary="What is urgent for your filers")
def list_alerts(request: HttpRequest) -> HttpResponse:
    """List the alerts of the sender's filers, or of one of them, the most urgent first."""
    sender = request.auth  # type: ignore[attr-defined]
    given = request.GET.get("filer_code")
    filer_codes = sender.filer_codes if given is None else (_filer_code(request),)
    with doors.connection() as connection:
        day = _latest_day(connection)
        found = alerts.alerts_of(
            connection, filer_codes, business_date=day.business_date, policy=doors.policy()
        )
    return JsonResponse(
        {
            "business_date": day.business_date.isoformat(),
            "alerts": [spelled_alert(each) for each in found],
        }
    )


def _context(
    sender_id: int, request_id: int | None, *, day: BusinessDay, clock: Clock
) -> BatchContext:
    return BatchContext(
        sender_id=sender_id,
        batch_id=None,
        request_id=request_id,
        business_date=day.business_date,
        day_closed=business_day.takes_nothing_more(day, policy=doors.policy(), clock=clock),
        earlier_batches=frozenset(),
        policy=doors.policy(),
        clock=clock,
    )


def _latest_day(connection: Connection) -> BusinessDay:
    day = business_day.latest(connection)
    if day is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    return day


def _filer_code(request: HttpRequest) -> str:
    """Give the filer that is asked about; a sender of one filer need not name it."""
    mine = request.auth.filer_codes  # type: ignore[attr-defined]
    asked = request.GET.get("filer_code", mine[0] if len(mine) == 1 else "")
    if asked not in mine:
        raise not_of_sender(ascii(asked)[1:-1][:20])
    return str(asked)


def _state(text: str) -> str:
    if text not in STATES:
        raise ValueError
    return text


def _number(text: str) -> str:
    if not re.fullmatch("[0-9A-Z]{1,10}", text, re.ASCII):
        raise ValueError
    return text


def _limit(text: str) -> int:
    return read_limit(text, LARGEST_PAGE)
