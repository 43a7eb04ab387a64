"""``/api/v1/payer/credits``: a payer sees its money that waits, and says what it is for.

What is said goes to the exception desk and moves nothing by itself. An importer uses its own token,
a filer its sender's.
"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from psycopg import Connection

from customhouse.agency import business_day, credit_answers
from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.json_door import json_body
from customhouse.web.agency_site.payer_door import PayerToken, paying_party

router = Router(auth=PayerToken(), tags=["payer"])


@router.get("/credits", response=None, summary="See your money that waits")
def waiting(request: HttpRequest) -> HttpResponse:
    """List what waits of your own money, the oldest first, with questions and your answers."""
    payer = paying_party(request)
    with doors.reading() as connection:
        found = credit_answers.waiting(connection, payer.party_id)
    listed = [credit_answers.spelled_waiting(each) for each in found]
    return JsonResponse({"payer": payer.identifier, "credits": listed})


@router.post("/credits/{part_id}/answers", response=None, summary="Say what your money is for")
def answer(request: HttpRequest, part_id: str) -> HttpResponse:
    """Answer with documents, with refund, or with a text; the same again is one answer."""
    payer = paying_party(request)
    _, body = json_body(request, credit_answers.LARGEST_BYTES)
    given = credit_answers.read_answer(body)
    with doors.connection() as connection:
        new = credit_answers.answer(
            connection,
            payer.party_id,
            part_id,
            given=given,
            given_on=_today(connection),
            clock=doors.clock(connection),
        )
    kept = {"part_id": part_id, "kind": given.kind, "documents": list(given.documents)}
    return JsonResponse({**kept, "text": given.text, "new": new}, status=201 if new else 200)


@router.post("/credit-claims", response=None, summary="Claim money that nobody is known for")
def claim(request: HttpRequest) -> HttpResponse:
    """Name amount, day and trace number; the desk compares. Whether there is any is not told."""
    payer = paying_party(request)
    _, body = json_body(request, credit_answers.LARGEST_BYTES)
    given = credit_answers.read_claim(body)
    with doors.connection() as connection:
        new = credit_answers.claim(
            connection,
            payer.party_id,
            given,
            given_on=_today(connection),
            clock=doors.clock(connection),
        )
    kept = {"trace_number": given.trace_number, "amount_cents": given.amount_cents}
    return JsonResponse({**kept, "new": new}, status=201 if new else 200)


def _today(connection: Connection) -> date:
    day = business_day.latest(connection)
    if day is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    return day.business_date
