"""``/api/v1/payer/credits/received``: a payer's treasurer sees what of its payments arrived.

Reads the days that were asked for and hands over; an importer uses its own token, a filer its
sender's.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from customhouse.agency import received_credits
from customhouse.agency.received_credits import LARGEST_PAGE, ReceivedCredit, Wanted
from customhouse.faults import Fault, Refused
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.asked_values import QUERY_WRONG, asked, read_day, read_limit
from customhouse.web.agency_site.payer_door import PayerToken, paying_party

router = Router(auth=PayerToken(), tags=["payer"])
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)


@router.get("/credits/received", response=None, summary="See what of your payments arrived")
def list_received(request: HttpRequest) -> HttpResponse:
    """List your payments by the day of collection, a line for each addendum: from, to, after.

    ``next_after`` of a page is ``after`` of the next one, null at the end.
    """
    payer = paying_party(request)
    first = asked(request, "from", read=read_day, expected="a date like 2026-11-24") or _FIRST
    last = asked(request, "to", read=read_day, expected="a date like 2026-11-24") or _LAST
    if last < first:
        values = {"name": "to", "seen": last, "expected": f"the day of from, {first}, or later"}
        raise Refused(Fault(QUERY_WRONG, values))
    wanted = Wanted(
        party_id=payer.party_id,
        first=first,
        last=last,
        after=asked(request, "after", read=_cursor, expected="the next_after of a page") or "",
        limit=asked(request, "limit", read=_limit, expected=f"1 to {LARGEST_PAGE:,}")
        or LARGEST_PAGE,
    )
    with doors.reading() as connection:
        found = received_credits.page_of(connection, wanted)
    return JsonResponse(
        {
            "payer": payer.identifier,
            "credits": [_spelled(each) for each in found],
            "next_after": found[-1].cursor if len(found) == wanted.limit else None,
        }
    )


def _spelled(credit: ReceivedCredit) -> dict[str, Any]:
    return {
        "collected_on": credit.collected_on.isoformat(),
        "trace_number": credit.trace_number,
        "credit_id": credit.credit_id,
        "part_id": credit.part_id,
        "sec_code": credit.sec_code,
        "company_name": credit.company_name,
        "entry_description": credit.entry_description,
        "amount_cents": credit.amount_cents,
        "state": credit.state,
        "statement_number": credit.statement_number,
        "filer_code": credit.filer_code,
        "statement_state": credit.statement_state,
        "final_on": None if credit.final_on is None else credit.final_on.isoformat(),
        "applied_cents": credit.applied_cents,
        "refundable_cents": credit.refundable_cents,
        "returned_cents": credit.returned_cents,
        "waiting_cents": credit.waiting_cents,
        "waiting_since": credit.since_on.isoformat() if credit.waiting_cents else None,
        "reason": credit.reason,
        "detail": credit.detail,
        "document_number": credit.document_number,
        "payer_identifier": credit.payer_identifier,
        "matched_by": credit.matched_by,
    }


def _cursor(text: str) -> str:
    if not received_credits.is_cursor(text):
        raise ValueError
    return text


def _limit(text: str) -> int:
    return read_limit(text, LARGEST_PAGE)
