"""The commands of joining ACH Debit: apply, decide, withdraw, and ask how it stands (DEB-17).

An approved application gets a payer unit whose number nobody but its contact is told: it is in no
listing, notice or log. The contact asks with the secret that was shown once; each question is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import business_day, joining, joining_faults, payer_units
from customhouse.agency import joining_store as sql
from customhouse.agency.joining import Application, JoiningState, JoiningStatus, JoiningTicket
from customhouse.agency.parties import Designation, PayerUnit
from customhouse.agency.payer_units import Bind
from customhouse.agency.suspensions import require_words
from customhouse.agency.unit_prenotes import why_failed
from customhouse.business_days import FEDERAL_OFFICES
from customhouse.clock import Clock
from customhouse.faults import IDEMPOTENCY_KEY_REUSED, Fault, Refused

Connect = Callable[[], AbstractContextManager[Connection]]
Door = Literal["page", "api", "command"]
MOST_LISTED = 1_000
NUMBERS_TRIED = 64
THE_CONTACT = "the contact"


@dataclass(frozen=True, slots=True)
class Submission:
    """The keyed API request that an application came in; one on paper has none."""

    sender_id: int
    idempotency_key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class ListedApplication:
    """An application as an officer sees it."""

    application_number: str
    state: JoiningState
    payer_kind: str
    payer_name: str
    contact_name: str
    received_on: date
    requested_on: date
    decided_on: date | None
    decided_by: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Held:
    application_number: str
    state: str
    account_token: str
    requested_on: date
    filer_codes: list[str]
    filer_code: str | None
    importer_number: str | None


@dataclass(frozen=True, slots=True)
class _Told:
    application_number: str
    state: JoiningState
    payer_name: str
    received_on: date
    requested_on: date
    decided_on: date | None
    reason: str
    payer_unit_number: str | None
    prenote: str
    prenote_matures_on: date | None
    prenote_code: str


def apply(
    connection: Connection,
    application: Application,
    *,
    clock: Clock,
    submission: Submission | None = None,
) -> JoiningTicket:
    """Take an application and give its number and secret, which nobody can read again.

    The same request again, by its key, is the same application under a new secret: the first one
    may never have arrived. Raises Refused with every fault of the application.
    """
    ticket = joining.new_ticket()
    if submission is not None:
        known = _known_as(connection, submission)
        if known is not None:
            renewed = replace(ticket, application_number=known)
            values = {
                "application_number": known,
                "secret_sha256": joining.secret_sha256(renewed.secret),
            }
            connection.execute(sql.GIVE_ANOTHER_TICKET, values)
            return renewed
    today = _today(connection, clock)
    found = joining.application_faults(application, today=today, calendar=FEDERAL_OFFICES)
    party_id, unknown = _payer(connection, application)
    taken = {"account_token": application.account_token}
    row = connection.execute(sql.ACCOUNT_TAKEN, taken).fetchone()
    if row and row[0]:
        found.append(Fault(joining_faults.JOINING_ACCOUNT_TAKEN))
    if found or unknown or party_id is None:
        raise Refused(*found, *unknown)
    new: dict[str, object] = {
        "application_number": ticket.application_number,
        "payer_party_id": party_id,
        "contact_name": application.contact_name,
        "contact_email": application.contact_email,
        "contact_phone": application.contact_phone,
        "account_token": application.account_token,
        "requested_on": application.requested_on,
        "filer_codes": sorted(set(application.filer_codes)),
        "secret_sha256": joining.secret_sha256(ticket.secret),
        "sender_id": submission.sender_id if submission else None,
        "idempotency_key": submission.idempotency_key if submission else None,
        "content_sha256": _digest(submission) if submission else None,
        "received_on": today,
        "received_at": clock.now(),
    }
    if connection.execute(sql.ADD, new).fetchone() is None:
        raise Refused(Fault(joining_faults.JOINING_ACCOUNT_TAKEN))
    return ticket


def approve(connect: Connect, number: str, *, officer: str, bind: Bind, clock: Clock) -> None:
    """Approve an application: issue a payer unit, bind it at the bank, let its filers use it.

    No transaction waits for the bank; broken off, the approval is given again and goes on. Raises
    Refused: joining-unknown, joining-state-wrong, or what the bank refuses, which takes the unit
    back and leaves the application as it was.
    """
    require_words(officer=officer)
    with connect() as connection:
        held = _hold(connection, number)
        unit = _unit_of(connection, held)
        issued = payer_units.issue_payer_units(connection, [unit])
        if issued[0].refused:
            raise Refused(*issued[0].faults)
    stored = {issued[0].key: replace(unit, payer_unit_number=issued[0].key)}
    bound = payer_units.bind_payer_units(issued, stored, bind=bind)
    with connect() as connection:
        payer_units.take_back(connection, issued, bound=bound)
        if bound[0].refused:
            # Issued by an approval that broke off, it is no new unit to the one that goes on.
            unheard = {"payer_unit_number": issued[0].key}
            connection.execute(sql.TAKE_BACK_UNHEARD, unheard)
        payer_units.keep_prenotes(connection, bound, clock=clock)
    if bound[0].faults:
        raise Refused(*bound[0].faults)
    with connect() as connection:
        held = _hold(connection, number)
        _designate(connection, held, issued[0].key)
        _decide(connection, held, state="approved", by=officer, unit=issued[0].key, clock=clock)


def refuse(connection: Connection, number: str, *, officer: str, reason: str, clock: Clock) -> None:
    """Refuse an application; the contact reads the reason."""
    require_words(officer=officer, reason=reason)
    held = _hold(connection, number)
    _require_not_begun(connection, held)
    _decide(connection, held, state="refused", by=officer, reason=reason, clock=clock)


def withdraw(connection: Connection, number: str, *, secret: str, door: Door, clock: Clock) -> None:
    """Withdraw an application for its contact; raise Refused (joining-not-found)."""
    status(connection, number, secret=secret, door=door, clock=clock)
    held = _hold(connection, number)
    _require_not_begun(connection, held)
    _decide(connection, held, state="withdrawn", by=THE_CONTACT, clock=clock)


def status(
    connection: Connection, number: str, *, secret: str, door: Door, clock: Clock
) -> JoiningStatus:
    """Tell the contact how an application stands; an unknown number and a wrong secret are one.

    The question is kept in any case, committed here. Raises Refused (joining-not-found).
    """
    asked = number.strip().upper()
    row: _Told | None = None
    if joining.is_application_number(asked):
        values = {"application_number": asked, "secret_sha256": joining.secret_sha256(secret)}
        with connection.cursor(row_factory=class_row(_Told)) as cursor:
            row = cursor.execute(sql.STATUS, values).fetchone()
        reading = {
            "application_number": asked,
            "read_at": clock.now(),
            "door": door,
            "outcome": "told" if row is not None else "not told",
        }
        connection.execute(sql.RECORD_READING, reading)
        connection.commit()
    if row is None:
        raise Refused(Fault(joining_faults.JOINING_NOT_FOUND))
    return _status(row)


def listing(connection: Connection, *, every: bool = False) -> list[ListedApplication]:
    """Give the applications that wait, or all of them, oldest first; no payer unit number."""
    with connection.cursor(row_factory=class_row(ListedApplication)) as cursor:
        return cursor.execute(sql.LISTING, {"every": every, "most": MOST_LISTED}).fetchall()


def _status(row: _Told) -> JoiningStatus:
    first, last = joining.USUAL_DAYS
    approved = row.state == "approved"
    why = why_failed(row.prenote_code) if row.prenote_code else ""
    news = joining.account_news(row.prenote, row.prenote_matures_on, why=why)
    effective = joining.effective_on(
        row.requested_on, row.prenote, matures_on=row.prenote_matures_on
    )
    return JoiningStatus(
        application_number=row.application_number,
        state=row.state,
        payer_name=row.payer_name,
        received_on=row.received_on,
        usual_from=FEDERAL_OFFICES.add(row.received_on, first),
        usual_until=FEDERAL_OFFICES.add(row.received_on, last),
        requested_on=row.requested_on,
        decided_on=row.decided_on,
        reason=row.reason,
        payer_unit_number=row.payer_unit_number if approved else None,
        effective_on=effective if approved else None,
        account_news=news if approved else "",
    )


def _known_as(connection: Connection, submission: Submission) -> str | None:
    """Give the number of the application that this request made; raise Refused for another body."""
    values: dict[str, object] = {
        "sender_id": submission.sender_id,
        "idempotency_key": submission.idempotency_key,
    }
    row = connection.execute(sql.OF_REQUEST, values).fetchone()
    if row is None:
        return None
    number, digest, state = row
    if bytes(digest) != _digest(submission):
        raise Refused(Fault(IDEMPOTENCY_KEY_REUSED))
    if state != "received":
        decided = {"application_number": number, "state": state}
        raise Refused(Fault(joining_faults.JOINING_STATE_WRONG, decided))
    return str(number)


def _digest(submission: Submission) -> bytes:
    return hashlib.sha256(submission.body).digest()


def _payer(connection: Connection, application: Application) -> tuple[int | None, list[Fault]]:
    """Give the payer's party, and a fault for each party named that is not registered.

    What is spelled as no party could be is not looked up: it has a fault of its own.
    """
    named = {*application.filer_codes, *filter(None, [application.filer_code])}
    codes = sorted(code for code in named if joining.is_filer_code(code))
    rows = connection.execute(sql.FILERS, {"filer_codes": codes}).fetchall()
    party_ids: dict[str | None, int] = dict(rows)
    unknown = [("filer", code) for code in codes if code not in party_ids]
    party_id = party_ids.get(application.filer_code)
    importer_number = application.importer_number
    if importer_number is not None and joining.is_importer_number(importer_number):
        row = connection.execute(sql.IMPORTER, {"importer_number": importer_number}).fetchone()
        if row is None:
            unknown.append(("importer", importer_number))
        else:
            party_id = row[0]
    kind = joining_faults.JOINING_PARTY_UNKNOWN
    return party_id, [Fault(kind, {"kind": each, "key": key}) for each, key in unknown]


def _hold(connection: Connection, number: str) -> _Held:
    values = {"application_number": number.strip().upper()}
    with connection.cursor(row_factory=class_row(_Held)) as cursor:
        held = cursor.execute(sql.HOLD, values).fetchone()
    if held is None:
        seen = {"application_number": ascii(number)[1:-1][:20]}
        raise Refused(Fault(joining_faults.JOINING_UNKNOWN, seen))
    if not joining.JOINING.allows(held.state, "approved"):
        decided = {"application_number": held.application_number, "state": held.state}
        raise Refused(Fault(joining_faults.JOINING_STATE_WRONG, decided))
    return held


def _unit_of(connection: Connection, held: _Held) -> PayerUnit:
    """Give the unit to issue: with the number of an approval that broke off, or a random one."""
    taken = {"account_token": held.account_token}
    row = connection.execute(sql.UNIT_OF_ACCOUNT, taken).fetchone()
    number = row[0] if row is not None else None
    if number is None:
        tried = {"numbers": joining.random_unit_numbers(NUMBERS_TRIED)}
        free = [each for (each,) in connection.execute(sql.FREE_AMONG, tried)]
        number = joining.unit_number_from(free)
    return PayerUnit(
        payer_unit_number=number,
        owner_filer_code=held.filer_code,
        owner_importer_number=held.importer_number,
        account_token=held.account_token,
        effective_on=held.requested_on,
    )


def _designate(connection: Connection, held: _Held, number: str) -> None:
    wanted = [Designation(number, code, held.requested_on) for code in held.filer_codes]
    refused = [each for each in payer_units.designate(connection, wanted) if each.refused]
    if refused:
        raise Refused(*(fault for each in refused for fault in each.faults))


def _require_not_begun(connection: Connection, held: _Held) -> None:
    taken = {"account_token": held.account_token}
    if connection.execute(sql.UNIT_OF_ACCOUNT, taken).fetchone() is not None:
        begun = {"application_number": held.application_number}
        raise Refused(Fault(joining_faults.JOINING_APPROVAL_BEGUN, begun))


def _decide(
    connection: Connection,
    held: _Held,
    *,
    state: JoiningState,
    by: str,
    clock: Clock,
    **decided: str,
) -> None:
    joining.JOINING.require(held.state, state)
    values = {
        "application_number": held.application_number,
        "state": state,
        "decided_on": _today(connection, clock),
        "decided_by": by,
        "reason": decided.get("reason", ""),
        "payer_unit_number": decided.get("unit"),
    }
    connection.execute(sql.DECIDE, values)


def _today(connection: Connection, clock: Clock) -> date:
    day = business_day.latest(connection)
    return day.business_date if day is not None else business_day.date_of(clock.now())
