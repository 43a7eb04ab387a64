"""``GET /api/v1/statements/NUMBER``: a filer's program fetches a statement as it wants it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from ninja import Router

from customhouse.web.agency_site.papers import asked_shape, paper_response

router = Router(tags=["statements"])


@router.get("/{number}", response=None, summary="Get a statement as JSON, CSV, PDF or text")
def get_statement(request: HttpRequest, number: str) -> HttpResponseBase:
    """Give a statement of the sender's filers.

    The shape is chosen by ``Accept`` (application/json, text/csv, application/pdf, text/plain) or
    by an ending of the number: ``3927327001.csv``, ``.json``, ``.pdf``, ``.txt``. A statement that
    does not exist and one of somebody else's are one refusal, 404 ``statement-unknown``.
    """
    bare, shape = asked_shape(request, number)
    return paper_response(request.auth.filer_codes, bare, shape=shape)  # type: ignore[attr-defined]
