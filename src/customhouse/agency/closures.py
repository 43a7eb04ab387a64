"""Days on which the agency or one of its ports is closed: loaded as data, used as calendars.

An executive order, a storm, a local holiday. A closing counts from a business date on; it moves
what waits for its statement and nothing that was printed (failure E3). The banks' days are not
touched by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import closures_store as sql
from customhouse.agency import due_dates
from customhouse.agency.policy import Policy
from customhouse.agency.print_dates import Calendars
from customhouse.business_days import Calendar, OutsideCalendar


@dataclass(frozen=True, slots=True)
class Closure:
    """A closed day, at one port or ('') at all, and the business dates on which it counts.

    ``withdrawn_on`` is the first business date on which it counts no more, or None.
    """

    closed_on: date
    reason: str
    effective_on: date
    port: str = ""
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    processing_port: str
    entry_type: str
    entry_date: date
    payment_type: str
    print_date: date
    due_on: date | None


def calendars(connection: Connection, policy: Policy, *, on: date) -> Calendars:
    """Give the calendars as they are known on a business date."""
    of_port: dict[str, dict[date, str]] = defaultdict(dict)
    for port, closed_on, reason in connection.execute(sql.IN_FORCE, {"on": on}):
        of_port[port][closed_on] = reason
    agency = policy.processing_calendar.with_closures(of_port.pop("", {}))
    return Calendars(agency, {port: agency.with_closures(days) for port, days in of_port.items()})


def listed(connection: Connection) -> list[Closure]:
    """List every closing that was loaded, earliest day first."""
    with connection.cursor(row_factory=class_row(Closure)) as cursor:
        return cursor.execute(sql.LISTED).fetchall()


def write(connection: Connection, closings: Sequence[Closure]) -> None:
    """Store closings, new or changed; what they move is for ``redate``.

    The last one of a port and a day counts.
    """
    rows = {(each.port, each.closed_on): each for each in closings}.values()
    values = {
        "ports": [each.port for each in rows],
        "days": [each.closed_on for each in rows],
        "reasons": [each.reason for each in rows],
        "effective": [each.effective_on for each in rows],
        "withdrawn": [each.withdrawn_on for each in rows],
    }
    connection.execute(sql.WRITE, values)


def redate(connection: Connection, policy: Policy, *, on: date) -> int:
    """Give what waits for its statement a day on which its port works; count the entries moved.

    A print date on a closed day becomes the next working day; due dates are counted anew. What
    was printed keeps its dates. A second run finds nothing.
    """
    known = calendars(connection, policy, on=on)
    with connection.cursor(row_factory=class_row(_Waiting)) as cursor:
        waiting = cursor.execute(sql.WAITING).fetchall()
    moved = [
        (each, *dates)
        for each in waiting
        for dates in [_dates(each, known.of(each.processing_port))]
        if dates != (each.print_date, each.due_on)
    ]
    if not moved:
        return 0
    values = {
        "ports": [each.processing_port for each, _, _ in moved],
        "entry_types": [each.entry_type for each, _, _ in moved],
        "entry_dates": [each.entry_date for each, _, _ in moved],
        "payment_types": [each.payment_type for each, _, _ in moved],
        "print_dates": [each.print_date for each, _, _ in moved],
        "due_dates": [each.due_on for each, _, _ in moved],
        "new_print_dates": [print_date for _, print_date, _ in moved],
        "new_due_dates": [due_on for _, _, due_on in moved],
    }
    return connection.execute(sql.REDATE, values).rowcount


def _dates(waiting: _Waiting, calendar: Calendar) -> tuple[date, date | None]:
    due_on = due_dates.due_on(
        waiting.entry_type,
        waiting.entry_date,
        payment_type=waiting.payment_type,
        calendar=calendar,
    )
    try:
        return calendar.on_or_after(waiting.print_date), due_on
    except OutsideCalendar:
        return waiting.print_date, due_on
