"""``/api/v1/joining``: apply for a payer unit, and ask how the application stands (DEB-17).

Applying needs a sender's token; asking and withdrawing need the secret of the application, in the
body, so that it is in no address and no log.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router

from customhouse.agency import joining_applications
from customhouse.agency.api_requests import IDEMPOTENCY_KEY_MISSING
from customhouse.agency.joining_applications import Submission
from customhouse.agency.joining_document import (
    LARGEST_BYTES,
    read_application,
    spelled_status,
    spelled_ticket,
)
from customhouse.agency.joining_faults import JOINING_MEMBERS_WRONG, JOINING_PAYER_NOT_YOURS
from customhouse.faults import IDEMPOTENCY_KEY_UNREADABLE, Fault, Refused
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.json_door import json_body

router = Router(tags=["joining"])
LONGEST_KEY = 128
LONGEST_SECRET = 100


@router.post("", response=None, summary="Apply for a payer unit")
def apply(request: HttpRequest) -> HttpResponse:
    """Take an application; the answer holds its number and a secret that is shown once.

    Needs an Idempotency-Key: the same request again is the same application under a new secret.
    """
    sender = request.auth  # type: ignore[attr-defined]
    raw, body = json_body(request, LARGEST_BYTES)
    application = read_application(body)
    filer_code = application.filer_code
    if filer_code is not None and filer_code not in sender.filer_codes:
        seen = {"filer_code": ascii(filer_code)[1:-1][:20]}
        raise Refused(Fault(JOINING_PAYER_NOT_YOURS, seen))
    submission = Submission(sender.sender_id, _key(request), raw)
    with doors.connection() as connection:
        clock = doors.clock(connection)
        ticket = joining_applications.apply(
            connection, application, clock=clock, submission=submission
        )
    return JsonResponse(spelled_ticket(ticket), status=201)


@router.post("/status", auth=None, response=None, summary="Ask how an application stands")
def status(request: HttpRequest) -> HttpResponse:
    """Tell whoever has the number and the secret; once approved also the payer unit number."""
    number, secret = _asked(request)
    with doors.connection() as connection:
        clock = doors.clock(connection)
        found = joining_applications.status(
            connection, number, secret=secret, door="api", clock=clock
        )
    answer = JsonResponse(spelled_status(found))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/withdraw", auth=None, response=None, summary="Withdraw an application")
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw an application that is not decided, for whoever has its number and secret."""
    number, secret = _asked(request)
    with doors.connection() as connection:
        clock = doors.clock(connection)
        joining_applications.withdraw(connection, number, secret=secret, door="api", clock=clock)
    return JsonResponse({"application_number": number, "state": "withdrawn"})


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise Refused(Fault(IDEMPOTENCY_KEY_MISSING))
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Refused(Fault(IDEMPOTENCY_KEY_UNREADABLE))
    return key


def _asked(request: HttpRequest) -> tuple[str, str]:
    _, body = json_body(request, LARGEST_BYTES)
    members: Any = body if isinstance(body, dict) else {}
    number, secret = members.get("application_number"), members.get("secret")
    if set(members) != {"application_number", "secret"} or not (
        isinstance(number, str) and isinstance(secret, str) and len(secret) <= LONGEST_SECRET
    ):
        raise Refused(Fault(JOINING_MEMBERS_WRONG, {"expected": "application_number, secret"}))
    return number, secret
