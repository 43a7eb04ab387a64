"""The agency's HTTP API: batches in, the outbox out, and whether the process is well.

Authenticates, bounds and hands over; what a batch means is the ABI door's business in agency.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer
from psycopg_pool import PoolTimeout

from customhouse.agency import abi_door, outbox, parties
from customhouse.faults import (
    BODY_NOT_TEXT,
    BODY_TOO_LARGE,
    OUTBOX_MESSAGE_UNKNOWN,
    SENDER_UNKNOWN,
    Fault,
    Refused,
    declare,
)
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.api_entry_summaries import router as entries_router
from customhouse.web.agency_site.desk_api import router as desk_router
from customhouse.web.agency_site.errors import api_problem
from customhouse.web.agency_site.joining_api import router as joining_router
from customhouse.web.agency_site.outbox_page import bounded, statement_number_in
from customhouse.web.agency_site.papers_api import router as papers_router
from customhouse.web.agency_site.payer_api import router as payer_router
from customhouse.web.agency_site.payer_credits_api import router as payer_credits_router
from customhouse.web.agency_site.payer_enrolment_api import router as enrolment_router
from customhouse.web.agency_site.payment_api import router as payment_router
from customhouse.web.agency_site.payment_instructions_api import router as instructions_router
from customhouse.web.agency_site.received_api import router as received_router
from customhouse.web.edge import log_failure, plain_problem, problem, read_bounded

LARGEST_BATCH_BYTES = 2_000_000

DATABASE_SILENT = declare(
    "database-silent",
    sentence="The agency's database does not answer at the moment.",
    next_step="Try again in a minute.",
    http_status=503,
)


class SenderToken(HttpBearer):
    """Knows an ABI sender by its bearer token; only the token's hash is on file."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Give the sender whose token this is, or None."""
        with doors.reading() as connection:
            sender = parties.sender_by_token(connection, token)
        if sender is not None:
            request.log_data = {"sender": sender.sender_id}  # type: ignore[attr-defined]
        return sender


api = NinjaAPI(
    title="Customhouse agency",
    version="1",
    description="ABI batches in, answers and statements out. See docs/reference/abi-door.md.",
    docs_url=None,
    urls_namespace="agency-api",
    auth=SenderToken(),
)
api.add_router("/api/v1/statements", papers_router)
api.add_router("/api/v1/joining", joining_router)
api.add_router("/api/v1/payer", payer_router)
api.add_router("/api/v1/payment-instructions", instructions_router)
api.add_router("/api/v1/credit-enrolments", enrolment_router)
api.add_router("/api/v1/payer", received_router)
api.add_router("/api/v1/payer", payer_credits_router)
api.add_router("/api/v1/desk", desk_router)
api.add_router("/api/v1", payment_router)
api.add_router("/api/v1", entries_router)


class OutboxItem(Schema):
    """One message that waits for its receiver; ``content`` is a whole batch of 80 columns."""

    id: int
    created_at: datetime
    application: str
    reason: str
    statement_number: str | None
    content: str


@api.post("/abi/batches", response=None, summary="Send one ABI batch and get its answer")
def send_batch(request: HttpRequest) -> HttpResponse:
    """Take a batch of text/plain; the answer is 80-column text, rejected or not."""
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "text/plain":
        seen = media_type if media_type.isascii() and media_type else "missing"
        raise Refused(Fault(BODY_NOT_TEXT, {"content_type": seen[:60]}))
    raw = read_bounded(request, LARGEST_BATCH_BYTES)
    if raw is None:
        raise Refused(Fault(BODY_TOO_LARGE, {"limit": f"{LARGEST_BATCH_BYTES:,}"}))
    with doors.reading() as connection:
        clock = doors.clock(connection)
    taken = abi_door.take_batch(
        doors.connection,
        sender=request.auth,  # type: ignore[attr-defined]
        raw=raw,
        idempotency_key=request.headers.get("Idempotency-Key"),
        clock=clock,
        policy=doors.policy(),
    )
    outcome = "rejected" if taken.rejected else "answered"
    request.log_data["outcome"] = outcome  # type: ignore[attr-defined]
    answer = HttpResponse(taken.answer, content_type="text/plain; charset=us-ascii")
    answer.headers["X-Batch-Outcome"] = outcome
    return answer


@api.get("/abi/outbox", response=list[OutboxItem], summary="List what waits for you")
def list_outbox(request: HttpRequest) -> list[OutboxItem]:
    """List this sender's messages that it has not acknowledged, oldest first.

    The list ends early where the messages are long: what follows comes once these are
    acknowledged.
    """
    with doors.connection() as connection:
        messages = outbox.waiting(connection, request.auth.sender_id)  # type: ignore[attr-defined]
    return [
        OutboxItem(
            id=message.message_id,
            created_at=message.created_at,
            application=message.application,
            reason=message.reason,
            statement_number=statement_number_in(message.content),
            content=message.content,
        )
        for message in bounded(messages)
    ]


@api.post("/abi/outbox/{message_id}/acknowledge", response={204: None}, summary="Acknowledge")
def acknowledge(request: HttpRequest, message_id: int) -> tuple[int, None]:
    """Mark a message as received; again is no harm."""
    if not 0 < message_id < 2**63:
        raise Refused(Fault(OUTBOX_MESSAGE_UNKNOWN, {"message_id": message_id}))
    with doors.connection() as connection:
        clock = doors.clock(connection)
        sender_id = request.auth.sender_id  # type: ignore[attr-defined]
        outbox.acknowledge(connection, sender_id, message_id, clock)
    return 204, None


@api.get("/health", auth=None, summary="Whether this process can do its work")
def health(request: HttpRequest) -> dict[str, str]:
    """Ask the database something small; 503 when it does not answer."""
    with doors.connection() as connection:
        connection.execute("select 1")
    return {"status": "ok"}


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(*error.faults)


@api.exception_handler(AuthenticationError)
def _unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(Fault(SENDER_UNKNOWN))


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return plain_problem(
        422,
        "parameter-unreadable",
        detail="A parameter of the address is not a number.",
        next_step="Use a number that the agency gave you, such as the id of a message or a notice.",
    )


@api.exception_handler(PoolTimeout)
@api.exception_handler(psycopg.OperationalError)
def _database_silent(request: HttpRequest, error: Exception) -> HttpResponse:
    log_failure(request, error)
    return problem(Fault(DATABASE_SILENT))


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    return api_problem(request, 500, log_failure(request, error))
