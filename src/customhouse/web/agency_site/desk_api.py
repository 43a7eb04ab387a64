"""``/api/v1/desk``: the exception desk for officers, with an officer's bearer token.

Reads what is asked, strictly, and hands over; what a decision does is in credit_desk_acts. The same
request again gets the first answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from ninja.security import HttpBearer
from psycopg import Connection

from customhouse.agency import (
    business_day,
    credit_desk,
    credit_desk_acts,
    credit_desk_lessons,
    credit_desk_reapply,
    credit_officers,
    credit_reopened,
    credit_return_acts,
    credit_returns,
)
from customhouse.agency.credit_desk_cases import Desk, Outcome, desk_of
from customhouse.agency.credit_desk_document import (
    spelled_list,
    spelled_outcome,
    spelled_owed_back,
    spelled_rule,
    spelled_shown,
)
from customhouse.agency.credit_desk_faults import OFFICER_TOKEN_UNKNOWN, REQUEST_WRONG
from customhouse.agency.credit_desk_shares import read_shares
from customhouse.agency.credit_officers import Officer
from customhouse.agency.credit_return_document import spelled_leaving
from customhouse.agency.credit_work_list import MOST_LISTED, Filters, work_list
from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.asked_values import asked, read_limit, read_truth
from customhouse.web.agency_site.json_door import json_body
from customhouse.web.agency_site.payer_door import TOKEN_TRIED_TOO_OFTEN
from customhouse.web.agency_site.wrong_tokens import WrongTokens

LARGEST_BYTES: Final = 16_384
_wrong_tokens: Final = WrongTokens()
Members = dict[str, Any]


class OfficerToken(HttpBearer):
    """Knows an officer of the desk by its token; only the token's hash is on file."""

    def __call__(self, request: HttpRequest) -> Officer:
        """Give the officer of a request; raises Refused also where there is no token at all."""
        officer: Officer | None = super().__call__(request)
        if officer is None:
            raise Refused(Fault(OFFICER_TOKEN_UNKNOWN))
        return officer

    def authenticate(self, request: HttpRequest, token: str) -> Officer:
        """Give the officer; raises Refused (officer-token-unknown, token-tried-too-often)."""
        address = str(request.META.get("REMOTE_ADDR", ""))
        if _wrong_tokens.refuses(address, token, now=time.monotonic()):
            raise Refused(Fault(TOKEN_TRIED_TOO_OFTEN))
        try:
            with doors.reading() as connection:
                officer = credit_officers.by_token(connection, token)
        except Refused:
            _wrong_tokens.was_wrong(address, token, now=time.monotonic())
            raise
        _wrong_tokens.was_right(token)
        request.log_data = {"officer": officer.officer_id}
        return officer


router = Router(auth=OfficerToken(), tags=["desk"])


@router.get("/parts", response=None, summary="List what waits")
def list_parts(request: HttpRequest) -> HttpResponse:
    """List what waits, the oldest first, a page at a time.

    By reason, older_than, min_cents, payer, answered=true; after and limit.
    """
    filters = Filters(
        reason=request.GET.get("reason"),
        older_than_days=asked(request, "older_than", read=_number, expected="a number of days"),
        min_cents=asked(request, "min_cents", read=_number, expected="whole cents") or 0,
        payer_identifier=request.GET.get("payer"),
        answered=_wants(request, "answered"),
        after=request.GET.get("after"),
        most=asked(request, "limit", read=_limit, expected=f"1 to {MOST_LISTED:,}") or MOST_LISTED,
    )
    with doors.connection() as connection:
        day = business_day.latest(connection)
        if day is None:
            raise Refused(Fault(NO_BUSINESS_DAY))
        found = work_list(connection, filters, business_date=day.business_date)
    return JsonResponse(spelled_list(found))


@router.get("/parts/{part_id}", response=None, summary="Show a part")
def show(request: HttpRequest, part_id: str) -> HttpResponse:
    """Show a part: raw characters, what they read as, history, answers, candidates."""
    with doors.connection() as connection:
        profile = doors.settings().txp_profile
        found = credit_desk.show(connection, part_id, profile=profile)
    return JsonResponse(spelled_shown(found))


@router.post("/parts/{part_id}/apply", response=None, summary="Apply a part to a document")
def apply(request: HttpRequest, part_id: str) -> HttpResponse:
    """Apply: document, reason; also cents, payer, remember, try."""
    names = {"cents": int, "payer": str, "remember": bool}
    members = _members(request, {"document": str, "reason": str}, names)
    use = credit_desk_acts.Use(
        number=members["document"],
        cents=members.get("cents"),
        payer_identifier=members.get("payer"),
        remembered=members.get("remember", False),
    )
    return _decided(
        request,
        members,
        lambda connection, desk: credit_desk_acts.apply(
            connection, part_id, use, reason=members["reason"], desk=desk
        ),
    )


@router.post("/parts/{part_id}/split", response=None, summary="Share a part out")
def split(request: HttpRequest, part_id: str) -> HttpResponse:
    """Share out: shares as AMOUNT=DOCUMENT or AMOUNT=refund, reason; also try."""
    members = _members(request, {"shares": list, "reason": str}, {})
    texts = members["shares"]
    if not all(isinstance(text, str) for text in texts):
        raise Refused(_wrong("shares", texts, "a list of texts"))
    shares = read_shares(texts)
    return _decided(
        request,
        members,
        lambda connection, desk: credit_desk_acts.split(
            connection, part_id, shares, reason=members["reason"], desk=desk
        ),
    )


@router.post("/parts/{part_id}/refund", response=None, summary="Owe a part back")
def refund(request: HttpRequest, part_id: str) -> HttpResponse:
    """Owe back to who sent it: reason; also try."""
    members = _members(request, {"reason": str}, {})
    return _decided(
        request,
        members,
        lambda connection, desk: credit_desk_acts.refund(
            connection, part_id, reason=members["reason"], desk=desk
        ),
    )


@router.get("/owed-back", response=None, summary="List what is owed back for open statements")
def list_owed_back(request: HttpRequest) -> HttpResponse:
    """List what is owed back because of a debit that did not stand: its statement is due again."""
    with doors.reading() as connection:
        found = credit_reopened.listing(connection)
    return JsonResponse({"parts": [spelled_owed_back(each) for each in found]})


@router.post("/parts/{part_id}/reapply", response=None, summary="Apply what is owed back")
def reapply(request: HttpRequest, part_id: str) -> HttpResponse:
    """Apply what is owed back to its statement, which is due again: reason; also try."""
    members = _members(request, {"reason": str}, {})
    return _decided(
        request,
        members,
        lambda connection, desk: credit_desk_reapply.reapply(
            connection, part_id, reason=members["reason"], desk=desk
        ),
    )


@router.post("/parts/{part_id}/return", response=None, summary="Send an entry back")
def send_back(request: HttpRequest, part_id: str) -> HttpResponse:
    """Refuse the entry of that id, or of that part; the bank sends it back: reason; also try."""
    members = _members(request, {"reason": str}, {})
    return _decided(
        request,
        members,
        lambda connection, desk: credit_return_acts.send_back(
            connection, part_id, reason=members["reason"], desk=desk
        ),
    )


@router.get("/returns", response=None, summary="List what is on its way back")
def list_returns(request: HttpRequest) -> HttpResponse:
    """List the entries that are on their way back, the oldest decision first."""
    with doors.reading() as connection:
        found = credit_returns.listing(connection)
    return JsonResponse({"entries": [spelled_leaving(each) for each in found]})


@router.post("/parts/{part_id}/ask", response=None, summary="Ask who sent a part")
def ask(request: HttpRequest, part_id: str) -> HttpResponse:
    """Ask: question; also try."""
    members = _members(request, {"question": str}, {})
    return _decided(
        request,
        members,
        lambda connection, desk: credit_desk_acts.ask(
            connection, part_id, members["question"], desk=desk
        ),
    )


@router.post("/parts/{part_id}/assign", response=None, summary="Say whose money a part is")
def assign(request: HttpRequest, part_id: str) -> HttpResponse:
    """Assign: payer, reason; also try."""
    members = _members(request, {"payer": str, "reason": str}, {})
    return _decided(
        request,
        members,
        lambda connection, desk: credit_desk_acts.assign(
            connection, part_id, members["payer"], reason=members["reason"], desk=desk
        ),
    )


@router.get("/rules", response=None, summary="List what is remembered")
def list_rules(request: HttpRequest) -> HttpResponse:
    """List the rules in force, newest first; with all=true those that were ended, too."""
    with doors.reading() as connection:
        found = credit_desk_lessons.listing(connection, every=_wants(request, "all"))
    return JsonResponse({"rules": [spelled_rule(each) for each in found]})


@router.post("/rules/{rule_id}/end", response=None, summary="End a rule")
def end_rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """End a rule for what arrives from now on: reason."""
    members = _members(request, {"reason": str}, {}, can_try=False)
    number = int(rule_id) if re.fullmatch("[0-9]{1,18}", rule_id, re.ASCII) else 0
    with doors.connection() as connection:
        desk = _desk(request, connection, tried=False)
        credit_desk_lessons.end(connection, number, reason=members["reason"], desk=desk)
    return JsonResponse({"rule_id": number, "ended": True})


def _decided(
    request: HttpRequest, members: Members, act: Callable[[Connection, Desk], Outcome]
) -> HttpResponse:
    with doors.connection() as connection:
        desk = _desk(request, connection, tried=members.get("try", False))
        outcome = act(connection, desk)
    return JsonResponse(spelled_outcome(outcome))


def _desk(request: HttpRequest, connection: Connection, *, tried: bool) -> Desk:
    officer: Officer = request.auth
    clock, profile = doors.clock(connection), doors.settings().txp_profile
    return desk_of(connection, officer, clock=clock, profile=profile, tried=tried)


def _members(
    request: HttpRequest,
    required: dict[str, type],
    optional: dict[str, type],
    *,
    can_try: bool = True,
) -> Members:
    """Read the members of a body, each of its type; raises Refused with every fault."""
    _, body = json_body(request, LARGEST_BYTES)
    known = {**required, **optional, **({"try": bool} if can_try else {})}
    if not isinstance(body, dict):
        raise Refused(_wrong("body", body, f"an object of {', '.join(sorted(known))}"))
    expected = f"one of {', '.join(sorted(known))}"
    wrong = [_wrong(name, None, "there: it is needed") for name in required if name not in body]
    wrong += [_wrong("name of a member", name, expected) for name in body if name not in known]
    wrong += [
        _wrong(name, value, f"a {known[name].__name__}")
        for name, value in body.items()
        if name in known and type(value) is not known[name]
    ]
    if wrong:
        raise Refused(*wrong)
    return body


def _wrong(member: str, seen: Any, expected: str) -> Fault:
    return Fault(REQUEST_WRONG, {"member": member, "seen": ascii(seen)[:60], "expected": expected})


def _wants(request: HttpRequest, name: str) -> bool:
    return asked(request, name, read=read_truth, expected="true or false") or False


def _number(text: str) -> int:
    if not re.fullmatch("[0-9]{1,10}", text, re.ASCII):
        raise ValueError
    return int(text)


def _limit(text: str) -> int:
    return read_limit(text, MOST_LISTED)
