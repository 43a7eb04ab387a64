"""Who opened which account, what for and when: read from the log that the vault writes (SEC-02).

Tokens only; no number is in the log, and nothing here opens an account or changes a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import access_log_store as sql

NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of one account: when, which, what for and by which login."""

    accessed_at: datetime
    token: str
    purpose: str
    opened_by: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a login opened accounts for: how many accounts, and how many openings that took."""

    purpose: str
    opened_by: str
    accounts: int
    openings: int


def openings(
    connection: Connection[Any], *, token: str | None, since: date | None, most: int
) -> list[Opening]:
    """Give at most ``most`` openings, newest first: of one token or of all, since a date or ever.

    A date begins at midnight in New York.
    """
    from_instant = None if since is None else day_bounds(since)[0]
    values = {"token": token, "from_instant": from_instant, "most": most}
    with connection.transaction(), connection.cursor(row_factory=class_row(Opening)) as cursor:
        return cursor.execute(sql.OPENINGS, values).fetchall()


def purposes(connection: Connection[Any], on: date) -> list[Purpose]:
    """Give what accounts were opened for on a date, in order of the purposes."""
    first, end = day_bounds(on)
    values = {"from_instant": first, "until_instant": end}
    with connection.transaction(), connection.cursor(row_factory=class_row(Purpose)) as cursor:
        return cursor.execute(sql.PURPOSES, values).fetchall()


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """Give the first instant of a date in New York and that of the date after it."""
    first = datetime.combine(on, time(), NEW_YORK)
    return first, datetime.combine(on + timedelta(days=1), time(), NEW_YORK)
