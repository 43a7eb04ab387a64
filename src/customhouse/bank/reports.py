"""What the bank's own people may look at: figures and lists, never an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import reports_store as sql
from customhouse.bank.access_log import day_bounds


@dataclass(frozen=True, slots=True)
class DebitFigures:
    """How many debits are in a state, and their total in cents."""

    state: str
    debits: int
    amount_cents: int


@dataclass(frozen=True, slots=True)
class FileLine:
    """One outbound file as it stands; cents. The digest is None until it is sealed."""

    name: str
    created_on: date
    effective_on: date
    entries: int
    debit_cents: int
    state: str
    sha256: str | None


def debit_figures(connection: Connection[Any]) -> list[DebitFigures]:
    """Give the number and the cents of the debits in each state."""
    with connection.transaction(), connection.cursor(row_factory=class_row(DebitFigures)) as cursor:
        return cursor.execute(sql.DEBITS_BY_STATE).fetchall()


def files(connection: Connection[Any], *, most: int) -> list[FileLine]:
    """Give the outbound files, newest first."""
    with connection.transaction(), connection.cursor(row_factory=class_row(FileLine)) as cursor:
        return cursor.execute(sql.FILES, {"most": most}).fetchall()


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What went out, came in and needed a person on one date of the bank, in New York; cents."""

    files_out: int
    entries_out: int
    cents_out: int
    files_resent: int
    files_answered: int
    files_taken: int
    files_quarantined: int
    items_settled: int
    items_returned: int
    items_changed: int
    payments_pushed: int
    cents_pushed: int
    entries_back: int
    alarms_raised: int
    alarms_cleared: int


def day_figures(connection: Connection[Any], on: date) -> DayFigures:
    """Count what the bank did on a date; accounts that were opened are in access_log."""
    first, end = day_bounds(on)
    values = {"from_instant": first, "until_instant": end}
    with connection.transaction(), connection.cursor(row_factory=class_row(DayFigures)) as cursor:
        found = cursor.execute(sql.DAY_FIGURES, values).fetchone()
    if found is None:
        raise RuntimeError("a row of counts is always there")
    return found
