"""``/api/v1/payer``: what a payer reads of its own.

An importer uses its own token, a filer its sender's; see payer_door.
"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from customhouse.agency import business_day, payer_notices, payer_statements
from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.asked_values import asked
from customhouse.web.agency_site.payer_door import PayerToken, paying_party

router = Router(auth=PayerToken(), tags=["payer"])
LARGEST_CURSOR = 2**63 - 1
LONGEST_NUMBER = 20


@router.get("/notices", response=None, summary="Read what you were told")
def notices(request: HttpRequest, after: int = 0) -> HttpResponse:
    """List your notices behind ``after``, oldest first, at most 500; go on behind ``last``."""
    payer = paying_party(request)
    behind = min(max(after, 0), LARGEST_CURSOR)
    with doors.reading() as connection:
        found = payer_notices.after(connection, payer.party_id, behind)
    listed = {
        "notices": [
            {
                "id": each.notice_id,
                "kind": each.kind,
                "statement_number": each.statement_number,
                "text": each.text,
                "created_on": each.created_on.isoformat(),
                "created_at": each.created_at.isoformat(),
            }
            for each in found
        ],
        "last": found[-1].notice_id if found else behind,
    }
    return JsonResponse(listed)


@router.get("/statements", response=None, summary="See what you have to pay")
def statements(request: HttpRequest) -> HttpResponse:
    """List your open statements behind the number ``after``, at most 500; go on behind ``last``.

    An importer sees those of any broker that name it. Amounts are cents that are still to come.
    """
    payer = paying_party(request)
    after = asked(request, "after", read=_read_number, expected="the number of a statement") or ""
    with doors.reading() as connection:
        day = business_day.latest(connection)
        if day is None:
            raise Refused(Fault(NO_BUSINESS_DAY))
        found = payer_statements.open_statements(
            connection, payer, today=day.business_date, after=after
        )
    listed = {
        "statements": [
            {
                "statement_number": each.statement_number,
                "filer_code": each.filer_code,
                "filer_name": each.filer_name,
                "amount_cents": each.amount_cents,
                "printed_on": each.print_date.isoformat(),
                "due_on": _day(each.due_on),
                "originate_by": _day(each.originate_by),
                "is_late": each.is_late,
            }
            for each in found
        ],
        "last": found[-1].statement_number if found else after,
    }
    return JsonResponse(listed)


def _read_number(text: str) -> str:
    if len(text) > LONGEST_NUMBER or not (text.isascii() and text.isalnum()):
        raise ValueError
    return text


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
