"""Suspended payer units: which may not be used, since when and why, and who lifted it (A9).

A returned debit whose reason says that the account or the authority is gone stops the unit; so
does an officer. A suspended unit is refused at authorization, and the bank, which is told of it,
holds the unit's debits that are not in a file yet. History is kept. Telling the bank is
suspension_news' job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import business_day, outbox
from customhouse.agency import suspensions_store as sql
from customhouse.agency.outbox import NewNotice
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused, declare

BY_RULE = "rule of return reasons"
MOST_LISTED = 500

UNIT_UNKNOWN = declare(
    "unit-unknown",
    sentence="No payer unit has the number {payer_unit_number}.",
    next_step="Check the number: customhouse parties load issues units.",
    http_status=404,
)
UNIT_SUSPENDED_ALREADY = declare(
    "unit-suspended-already",
    sentence="Payer unit {payer_unit_number} is suspended already.",
    next_step="See why: customhouse units list.",
    http_status=409,
)
UNIT_NOT_SUSPENDED = declare(
    "unit-not-suspended",
    sentence="Payer unit {payer_unit_number} is not suspended.",
    next_step="Nothing has to be lifted.",
    http_status=409,
)
WORDS_WRONG = declare(
    "words-wrong",
    sentence="The {name} must be 1 to {most} printable characters.",
    next_step="Give the {name} in plain words.",
)


@dataclass(frozen=True, slots=True)
class NewSuspension:
    """A unit to stop: the return reason and the debit that caused it, empty for an officer's."""

    payer_unit_number: str
    reason: str
    reason_code: str = ""
    instruction_id: str | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """One suspension as it stands; the ``lift…`` values are None while it is open."""

    payer_unit_number: str
    suspension_id: int
    reason_code: str
    reason: str
    instruction_id: str | None
    suspended_on: date
    suspended_by: str
    lifted_on: date | None
    lifted_by: str | None
    lifting_reason: str | None


def suspend_all(
    connection: Connection, suspensions: Sequence[NewSuspension], *, by: str, clock: Clock
) -> list[str]:
    """Suspend units that are not, and tell the filers that use them; give those newly suspended."""
    if not suspensions:
        return []
    on = today(connection, clock)
    values = {
        "units": [each.payer_unit_number for each in suspensions],
        "codes": [each.reason_code for each in suspensions],
        "reasons": [each.reason for each in suspensions],
        "instructions": [each.instruction_id for each in suspensions],
        "on": on,
        "at": clock.now(),
        "by": by,
    }
    stopped = [number for (number,) in connection.execute(sql.SUSPEND, values)]
    reasons = {each.payer_unit_number: each.reason for each in reversed(suspensions)}
    texts = {
        number: f"Payer unit {number} is suspended from {_spelled(on)}: {reasons[number]}"
        " Until it is lifted no statement can be paid with it, and debits that are not in a bank"
        " file yet are held."
        for number in stopped
    }
    _tell(connection, texts, kind="unit-suspended", clock=clock)
    return stopped


def suspend(connection: Connection, unit: str, *, reason: str, by: str, clock: Clock) -> None:
    """Suspend one unit for an officer; raise Refused when it is unknown or suspended already."""
    require_words(reason=reason, officer=by)
    row = connection.execute(sql.STANDING, {"unit": unit}).fetchone()
    if row is None or not row[0]:
        raise Refused(Fault(UNIT_UNKNOWN, {"payer_unit_number": unit}))
    sentence = reason if reason.endswith(".") else f"{reason}."
    new = NewSuspension(unit, sentence)
    if not suspend_all(connection, [new], by=by, clock=clock):
        raise Refused(Fault(UNIT_SUSPENDED_ALREADY, {"payer_unit_number": unit}))


def lift(connection: Connection, unit: str, *, reason: str, by: str, clock: Clock) -> None:
    """Lift a unit's suspension; raise Refused when it is unknown or not suspended."""
    require_words(reason=reason, officer=by)
    row = connection.execute(sql.STANDING, {"unit": unit}).fetchone()
    if row is None or not row[0]:
        raise Refused(Fault(UNIT_UNKNOWN, {"payer_unit_number": unit}))
    on = today(connection, clock)
    values = {"unit": unit, "on": on, "at": clock.now(), "by": by, "reason": reason}
    if connection.execute(sql.LIFT, values).fetchone() is None:
        raise Refused(Fault(UNIT_NOT_SUSPENDED, {"payer_unit_number": unit}))
    text = f"Payer unit {unit} may be used again from {_spelled(on)}."
    _tell(connection, {unit: text}, kind="unit-lifted", clock=clock)


def suspensions(
    connection: Connection, *, unit: str | None = None, open_only: bool = False
) -> list[Suspension]:
    """Give suspensions, newest first: of all units or one, all or only those that are open."""
    values = {"unit": unit, "open_only": open_only, "most": MOST_LISTED}
    with connection.cursor(row_factory=class_row(Suspension)) as cursor:
        return cursor.execute(sql.SUSPENSIONS, values).fetchall()


def today(connection: Connection, clock: Clock) -> date:
    """Give the agency's business date, before the first the clock's."""
    day = business_day.latest(connection)
    return day.business_date if day is not None else clock.now().date()


def require_words(**words: str) -> None:
    """Raise Refused (words-wrong) unless each text is there, printable and short enough."""
    found = []
    for name, text in words.items():
        most = 60 if name == "officer" else 200
        if not (text.strip() and len(text) < most and text.isprintable()):
            found.append(Fault(WORDS_WRONG, {"name": name, "most": most - 1}))
    if found:
        raise Refused(*found)


def _tell(connection: Connection, texts: dict[str, str], *, kind: str, clock: Clock) -> None:
    """Tell every filer that may use the units; the instant of telling makes a notice its own."""
    if not texts:
        return
    on, at = today(connection, clock), clock.now()
    values = {"units": sorted(texts), "on": on}
    notices = [
        NewNotice(
            filer_code=filer_code,
            statement_number=None,
            kind=kind,
            text=texts[unit],
            natural_key=f"{kind}/{unit}/{at.isoformat()}",
        )
        for unit, filer_code in connection.execute(sql.FILERS_OF_UNITS, values)
    ]
    outbox.put_notices(connection, notices, created_on=on, clock=clock)


def _spelled(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"
