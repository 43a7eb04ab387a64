"""What every command of the JSON API shares: a bounded, strict body and an answer given once.

Who the sender is was proved by its bearer token before a view runs. What a body means is its
view's to hand over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from psycopg import Connection

from customhouse.agency.api_requests import Answer, KeyedRequest, once
from customhouse.agency.business_day import BusinessDay
from customhouse.agency.strict_json import UnreadableJson, read_json
from customhouse.clock import Clock
from customhouse.faults import BODY_TOO_LARGE, Fault, Refused, declare
from customhouse.web.agency_site import doors
from customhouse.web.edge import read_bounded

LARGEST_JSON_BYTES = 16 * 1024 * 1024

BODY_NOT_JSON = declare(
    "body-not-json",
    sentence="The content type {content_type} is not application/json.",
    next_step="Send JSON in UTF-8 as application/json.",
    http_status=415,
)
JSON_UNREADABLE = declare(
    "json-unreadable",
    sentence="The body cannot be read: {reason}.",
    next_step="Correct the document; amounts are texts or whole cents, as the API says.",
    http_status=400,
)
# Gives the work of a body that was read, with the clock to stamp what it records.
Reads = Callable[[Any, Clock], Callable[[Connection, int, BusinessDay], Answer]]


def json_body(request: HttpRequest, limit: int = LARGEST_JSON_BYTES) -> tuple[bytes, Any]:
    """Give a request's body as it came and as values.

    Raises Refused: body-not-json, body-too-large, body-cut-short, json-unreadable (F6).
    """
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        seen = media_type if media_type.isascii() and media_type else "missing"
        raise Refused(Fault(BODY_NOT_JSON, {"content_type": seen[:60]}))
    raw = read_bounded(request, limit)
    if raw is None:
        raise Refused(Fault(BODY_TOO_LARGE, {"limit": f"{limit:,}"}))
    try:
        return raw, read_json(raw)
    except UnreadableJson as error:
        raise Refused(Fault(JSON_UNREADABLE, {"reason": str(error)})) from None


def answer_once(request: HttpRequest, reads: Reads) -> HttpResponse:
    """Do what a request commands unless its Idempotency-Key was used; render its answer.

    ``reads`` is given the body's values and the clock; it raises Refused or gives the work. The
    header Idempotency-Replayed tells a first answer that is given again.
    """
    raw, body = json_body(request)
    with doors.connection() as connection:
        clock = doors.clock(connection)
    keyed = KeyedRequest(
        request.auth.sender_id,  # type: ignore[attr-defined]
        key=request.headers.get("Idempotency-Key"),
        path=request.path,
        body=raw,
    )
    stored = once(doors.connection, keyed, clock=clock, work=reads(body, clock))
    request.log_data["replayed"] = stored.replayed  # type: ignore[attr-defined]
    response = HttpResponse(stored.text, status=stored.status, content_type="application/json")
    response.headers["Idempotency-Replayed"] = "true" if stored.replayed else "false"
    return response
