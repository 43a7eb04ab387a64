"""The agency's business date: one row a day, opened once and closed once.

Whatever is decided takes its date from the open day, whose row it holds with a share lock, so
that no decision falls between the close of a day and the opening of the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import business_day_store as sql
from customhouse.agency.policy import AGENCY_ZONE, Policy
from customhouse.clock import Clock


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """One day of the agency; ``closed`` is true once its end-of-day processing has finished."""

    business_date: date
    closed: bool


def takes_nothing_more(day: BusinessDay, *, policy: Policy, clock: Clock) -> bool:
    """Tell whether a business date is closed, or its cut-off has come by the given clock.

    Ask it in the transaction that holds the day: then each request has exactly one date.
    """
    return day.closed or clock.now() >= policy.cut_off_on(day.business_date)


def date_of(instant: datetime) -> date:
    """Give the agency's calendar date at an instant."""
    return instant.astimezone(AGENCY_ZONE).date()


def latest(connection: Connection) -> BusinessDay | None:
    """Give the latest business day, without a lock; None before the first was opened."""
    with connection.cursor(row_factory=class_row(BusinessDay)) as cursor:
        return cursor.execute(sql.LATEST).fetchone()


def hold(connection: Connection) -> BusinessDay | None:
    """Give the latest business day and keep it from being closed until the transaction ends."""
    with connection.cursor(row_factory=class_row(BusinessDay)) as cursor:
        return cursor.execute(sql.LATEST_SHARED).fetchone()


def open_day(connection: Connection, business_date: date, clock: Clock) -> bool:
    """Open a business day; false when it was open or closed before (nothing changes then)."""
    values = {"business_date": business_date, "opened_at": clock.now()}
    return connection.execute(sql.OPEN, values).rowcount == 1


def close_day(connection: Connection, business_date: date, clock: Clock) -> bool:
    """Close an open business day; false when it was closed before."""
    values = {"business_date": business_date, "closed_at": clock.now()}
    return connection.execute(sql.CLOSE, values).rowcount == 1


def record_step(
    connection: Connection, business_date: date, *, step: str, summary: str, clock: Clock
) -> None:
    """Keep what the first finished run of a step did; a repetition changes nothing."""
    values = {
        "business_date": business_date,
        "step": step,
        "summary": summary,
        "finished_at": clock.now(),
    }
    connection.execute(sql.RECORD_STEP, values)


def finished_steps(connection: Connection, business_date: date) -> frozenset[str]:
    """Give the names of the steps of a day that were finished at least once."""
    rows = connection.execute(sql.FINISHED_STEPS, {"business_date": business_date}).fetchall()
    return frozenset(str(row[0]) for row in rows)
