"""The bank's HTTP API: accounts in (tokens out), and the rails for the agency.

Authenticates, bounds, reads and hands over; nothing is decided here, and no body is ever repeated
in an answer or a log line.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import psycopg
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer
from psycopg_pool import PoolTimeout

from customhouse import rails
from customhouse.bank import (
    credit_returns,
    credits,
    day,
    directory,
    door_tokens,
    faults,
    gateway,
    treasury_days,
    unit_standings,
    vault,
)
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.strict_json import (
    JsonFault,
    Values,
    read_flat_object,
    read_flat_objects,
)
from customhouse.faults import BODY_TOO_LARGE, Fault, Refused, declare
from customhouse.web.bank_site import doors
from customhouse.web.bank_site.errors import site_problem
from customhouse.web.edge import log_failure, problem, read_bounded

LARGEST_BODY_BYTES = 8 * 1024
LARGEST_BATCH_BYTES = 512 * 1024
ACCOUNTS_PATH = "/accounts"
ACCOUNT_MEMBERS = ("routing_number", "account_number", "account_type", "holder_name")
BINDING_MEMBERS = ("payer_unit_number", "account_token")
STANDING_MEMBERS = ("payer_unit_number", "sequence", "suspended", "reason_code")
REFUSAL_MEMBERS = ("credit_id", "amount_cents", "refused_on")
INSTRUCTION_MEMBERS = (
    "instruction_id",
    "payer_unit_number",
    "statement_number",
    "amount_cents",
    "accepted_on",
    "debit_on",
)

BANK_DATABASE_SILENT = declare(
    "bank-database-silent",
    sentence="The bank's database does not answer at the moment.",
    next_step="Try again in a minute.",
    http_status=503,
)


class CaptureToken(HttpBearer):
    """Knows who may capture accounts by a bearer token; only the token's hash is on file."""

    def authenticate(self, request: HttpRequest, token: str) -> bool:
        """Tell whether the token was issued for capture."""
        with doors.connection() as connection:
            return door_tokens.is_live(connection, token, scope="capture")


class RailsToken(HttpBearer):
    """Knows the agency by the one token of the rails."""

    def authenticate(self, request: HttpRequest, token: str) -> bool:
        """Tell whether it is the token of the rails."""
        return doors.is_rails_token(token)


api = NinjaAPI(
    title="Customhouse processor bank",
    version="1",
    description="Accounts in, tokens out; instructions in, events out. See docs/reference.",
    docs_url=None,
    urls_namespace="bank-api",
)


@api.post(ACCOUNTS_PATH, auth=CaptureToken(), response=None, summary="Capture a bank account")
def capture_account(request: HttpRequest) -> HttpResponse:
    """Keep an account in the vault; the answer is its token, the same for the same account."""
    values = _body(request, ACCOUNT_MEMBERS)
    details = AccountDetails.read(**{name: _text(values, name) for name in ACCOUNT_MEMBERS})
    with doors.connection() as connection:
        policy = doors.settings().directory
        directory.require_participant(connection, details.routing_number, policy=policy)
        token = vault.capture(
            connection,
            doors.keys(connection),
            details=details,
            clock=doors.clock(connection),
        )
    return JsonResponse({"account_token": token}, status=201)


@api.post(rails.PAYER_UNITS_PATH, auth=RailsToken(), response=None, summary="Bind a payer unit")
def bind_payer_unit(request: HttpRequest) -> HttpResponse:
    """Bind a payer unit number to an account token; the same pair again is no harm (SEC-03).

    The answer adds how the prenote to the account stands.
    """
    binding = _read(rails.binding_from_json, _body(request, BINDING_MEMBERS))
    policy = doors.settings().prenote
    with doors.connection() as connection:
        clock = doors.clock(connection)
        news = gateway.bind_payer_unit(connection, binding, clock=clock, prenote=policy)
    return JsonResponse(rails.to_json(binding) | {"prenote": rails.to_json(news)}, status=200)


@api.get(rails.PRENOTES_PATH, auth=RailsToken(), response=None, summary="List prenotes by cursor")
def list_prenotes(request: HttpRequest, after: int = 0, limit: int = 500) -> HttpResponse:
    """List the prenotes that changed behind a cursor; ``next_after`` is the cursor to ask with."""
    with doors.connection() as connection:
        found = gateway.list_prenotes(connection, after, most=limit)
    next_after = found[-1].sequence if found else after
    return JsonResponse(
        {"prenotes": [rails.to_json(each) for each in found], "next_after": next_after}
    )


@api.post(rails.STANDINGS_PATH, auth=RailsToken(), response=None, summary="Suspend a payer unit")
def take_standing(request: HttpRequest) -> HttpResponse:
    """Keep whether a payer unit is suspended; the same news again is no harm (A9)."""
    standing = _read(rails.standing_from_json, _body(request, STANDING_MEMBERS))
    with doors.connection() as connection:
        unit_standings.take_standing(connection, standing, clock=doors.clock(connection))
    return JsonResponse(rails.to_json(standing), status=200)


@api.post(rails.INSTRUCTIONS_PATH, auth=RailsToken(), response=None, summary="Instruct a debit")
def take_instruction(request: HttpRequest) -> HttpResponse:
    """Take one instruction; the same one again gets the same answer."""
    instruction = _read(rails.instruction_from_json, _body(request, INSTRUCTION_MEMBERS))
    with doors.connection() as connection:
        clock = doors.clock(connection)
        (answer,) = gateway.take_instructions(connection, [instruction], clock=clock)
    if answer.state == "reused" and answer.fault is not None:
        raise Refused(answer.fault)
    return JsonResponse(_answered(answer), status=202)


@api.post(
    rails.INSTRUCTION_BATCHES_PATH, auth=RailsToken(), response=None, summary="Instruct debits"
)
def take_instructions(request: HttpRequest) -> HttpResponse:
    """Take a list of instructions in one transaction; each gets its own answer, in order."""
    raw = _raw(request, LARGEST_BATCH_BYTES)
    try:
        items = read_flat_objects(raw, "instructions", most=rails.MOST_INSTRUCTIONS)
    except JsonFault as fault:
        raise Refused(Fault(faults.JSON_UNREADABLE, {"reason": str(fault)})) from None
    with doors.connection() as connection:
        answers = gateway.take_each(connection, items, clock=doors.clock(connection))
    return JsonResponse({"answers": [_answered(answer) for answer in answers]}, status=202)


def _answered(answer: gateway.InstructionAnswer) -> dict[str, str]:
    content = {"instruction_id": answer.instruction_id, "state": answer.state}
    if answer.fault is not None:
        content |= {"code": answer.fault.code, "detail": answer.fault.sentence}
    return content


@api.get(rails.EVENTS_PATH, auth=RailsToken(), response=None, summary="List events by cursor")
def list_events(request: HttpRequest, after: int = 0, limit: int = 500) -> HttpResponse:
    """List the events behind a cursor, in order; ``next_after`` is the cursor to ask with next."""
    with doors.connection() as connection:
        found = gateway.list_events(connection, after, most=limit)
    next_after = found[-1].sequence if found else after
    events = [rails.to_json(event) for event in found]
    return JsonResponse({"events": events, "next_after": next_after})


@api.get(rails.CREDITS_PATH, auth=RailsToken(), response=None, summary="List credits by cursor")
def list_credits(
    request: HttpRequest, after: int = 0, limit: int = rails.MOST_CREDITS
) -> HttpResponse:
    """List what others sent to the agency's account behind a cursor, once it has settled.

    ``next_after`` is the cursor to ask with next; a page with fewer entries than the limit may
    still have another behind it, an empty one has none.
    """
    with doors.connection() as connection:
        found = credits.after(connection, after, most=limit)
    next_after = found[-1].sequence if found else after
    content = {"credits": [rails.to_json(each) for each in found], "next_after": next_after}
    return HttpResponse(json.dumps(content), content_type="application/json")


@api.post(rails.CREDIT_RETURNS_PATH, auth=RailsToken(), response=None, summary="Refuse a credit")
def take_refusal(request: HttpRequest) -> HttpResponse:
    """Take that the agency refuses a credit; the same one again is no harm."""
    refusal = _read(rails.refusal_from_json, _body(request, REFUSAL_MEMBERS))
    with doors.connection() as connection:
        # The agency's evening comes before the bank's day of the same date.
        told_on = max(day.business_date(connection) or refusal.refused_on, refusal.refused_on)
        clock = doors.clock(connection)
        credit_returns.take(connection, refusal, told_on=told_on, clock=clock)
    return JsonResponse(rails.to_json(refusal), status=202)


@api.get(
    rails.CREDIT_RETURNS_PATH, auth=RailsToken(), response=None, summary="List returned credits"
)
def list_returned(
    request: HttpRequest, after: int = 0, limit: int = credit_returns.MOST_RETURNED
) -> HttpResponse:
    """List the refused credits whose returns settled behind a cursor, in order."""
    with doors.connection() as connection:
        found = credit_returns.after(connection, after, most=limit)
    next_after = found[-1].sequence if found else after
    return JsonResponse(
        {"returned": [rails.to_json(each) for each in found], "next_after": next_after}
    )


@api.get(
    rails.TREASURY_DAYS_PATH, auth=RailsToken(), response=None, summary="List a day's movements"
)
def list_treasury_day(
    request: HttpRequest, date: str, *, after: str = "", limit: int = rails.MOST_TREASURY_LINES
) -> HttpResponse:
    """List what moved on the agency's account on a day, with the totals of all of it.

    ``business_date`` is the bank's: the list of a later day has only begun.
    """
    with doors.connection() as connection:
        found, totals = treasury_days.lines(connection, date, after=after, most=limit)
        today = day.business_date(connection)
    content = {
        "date": date,
        "business_date": today.isoformat() if today else None,
        "lines": [rails.to_json(each) for each in found],
        "next_after": found[-1].line_id if found else after,
        "totals": asdict(totals),
    }
    return JsonResponse(content)


@api.get("/health", auth=None, response=None, summary="Whether this process can do its work")
def health(request: HttpRequest) -> HttpResponse:
    """Ask the database something small; 503 when it does not answer."""
    with doors.connection() as connection:
        connection.execute("select 1")
    return JsonResponse({"status": "ok"})


def _body(request: HttpRequest, expected: tuple[str, ...]) -> Values:
    """Read a bounded, flat JSON object with exactly these members; raise Refused."""
    try:
        values = read_flat_object(_raw(request, LARGEST_BODY_BYTES))
    except JsonFault as fault:
        raise Refused(Fault(faults.JSON_UNREADABLE, {"reason": str(fault)})) from None
    if set(values) != set(expected):
        raise Refused(Fault(faults.MEMBERS_WRONG, {"expected": ", ".join(expected)}))
    return values


def _raw(request: HttpRequest, limit: int) -> bytes:
    """Give the bytes of a bounded JSON body; raise Refused."""
    media_type = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(Fault(faults.JSON_EXPECTED))
    raw = read_bounded(request, limit)
    if raw is None:
        raise Refused(Fault(BODY_TOO_LARGE, {"limit": f"{limit:,}"}))
    return raw


def _text(values: Values, name: str) -> str:
    value = values[name]
    if not isinstance(value, str):
        reason = f"{name} must be text"
        raise Refused(Fault(faults.JSON_UNREADABLE, {"reason": reason}))
    return value


def _read(read: Any, values: Values) -> Any:
    """Make a message of the rails from its values; what was seen is never repeated."""
    try:
        return read(values)
    except (ValueError, KeyError) as error:
        reason = str(error) if str(error).split(" ", 1)[0] in values else "a value has another form"
        raise Refused(Fault(faults.INSTRUCTION_UNREADABLE, {"reason": reason})) from None


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(*error.faults)


@api.exception_handler(AuthenticationError)
def _unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    at_rails = request.path != ACCOUNTS_PATH
    kind = faults.RAILS_CALLER_UNKNOWN if at_rails else faults.CAPTURE_CALLER_UNKNOWN
    return problem(Fault(kind))


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(Fault(faults.CURSOR_UNREADABLE, {"most": gateway.MOST_EVENTS}))


@api.exception_handler(PoolTimeout)
@api.exception_handler(psycopg.OperationalError)
def _database_silent(request: HttpRequest, error: Exception) -> HttpResponse:
    log_failure(request, error)
    return problem(Fault(BANK_DATABASE_SILENT))


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    return site_problem(500, log_failure(request, error))
