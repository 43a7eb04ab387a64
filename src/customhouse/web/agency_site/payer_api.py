"""``/api/v1/payer``: what a payer reads of its own.

An importer uses its own token, a filer its sender's; see payer_door.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from customhouse.agency import payer_notices
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.payer_door import PayerToken, paying_party

router = Router(auth=PayerToken(), tags=["payer"])
LARGEST_CURSOR = 2**63 - 1


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
