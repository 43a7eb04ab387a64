"""An application as JSON values, from the API or a file: its members and their kinds (DEB-17).

Says nothing about whether the application is a good one; the rules of joining do.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Final

from customhouse.agency.joining import Application, JoiningStatus, JoiningTicket
from customhouse.agency.joining_faults import JOINING_FIELD_WRONG, JOINING_MEMBERS_WRONG
from customhouse.faults import Fault, Refused

LARGEST_BYTES: Final = 64 * 1024
_TEXTS: Final = ("contact_name", "contact_email", "contact_phone", "account_token")
_MEMBERS: Final = (*_TEXTS, "requested_on")
_OPTIONAL: Final = ("filer_code", "importer_number", "filer_codes")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def read_application(body: Any) -> Application:
    """Read an application from JSON values.

    Raises Refused: joining-members-wrong, joining-field-wrong.
    """
    if not isinstance(body, dict):
        raise Refused(_members_wrong())
    wrong = []
    if not set(_MEMBERS) <= set(body) <= {*_MEMBERS, *_OPTIONAL}:
        wrong.append(_members_wrong())
    codes = body.get("filer_codes", [])
    texts = [name for name in _TEXTS if name in body]
    wrong += [_wrong(name, "text") for name in texts if not isinstance(body[name], str)]
    for name in _OPTIONAL[:2]:
        if not isinstance(body.get(name), str | None):
            wrong.append(_wrong(name, "text"))
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        wrong.append(_wrong("filer_codes", "a list of filer codes"))
    requested_on = _day(body.get("requested_on"))
    if requested_on is None and "requested_on" in body:
        wrong.append(_wrong("requested_on", "a day like 2026-12-01"))
    if wrong or requested_on is None:
        raise Refused(*wrong)
    return Application(
        filer_code=body.get("filer_code"),
        importer_number=body.get("importer_number"),
        requested_on=requested_on,
        filer_codes=tuple(codes),
        **{name: body[name] for name in _TEXTS},
    )


def _members_wrong() -> Fault:
    optional = " or ".join(_OPTIONAL[:2])
    expected = f"{', '.join(_MEMBERS)}, {optional}, and optionally {_OPTIONAL[2]}"
    return Fault(JOINING_MEMBERS_WRONG, {"expected": expected})


def spelled_ticket(ticket: JoiningTicket) -> dict[str, str]:
    """Give what a contact is told once."""
    return {"application_number": ticket.application_number, "secret": ticket.secret}


def spelled_status(status: JoiningStatus) -> dict[str, Any]:
    """Give how an application stands; days as ISO 8601 text, None where there is none."""
    return {
        "application_number": status.application_number,
        "state": status.state,
        "payer_name": status.payer_name,
        "received_on": status.received_on.isoformat(),
        "usual_decision": [status.usual_from.isoformat(), status.usual_until.isoformat()],
        "requested_on": status.requested_on.isoformat(),
        "decided_on": _spelled(status.decided_on),
        "reason": status.reason,
        "payer_unit_number": status.payer_unit_number,
        "effective_on": _spelled(status.effective_on),
        "account_news": status.account_news,
    }


def _spelled(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(seen: Any) -> date | None:
    if not isinstance(seen, str) or not _DAY.fullmatch(seen):
        return None
    try:
        return date.fromisoformat(seen)
    except ValueError:
        return None


def _wrong(name: str, expected: str) -> Fault:
    return Fault(JOINING_FIELD_WRONG, {"field": name, "seen": "...", "expected": expected})
