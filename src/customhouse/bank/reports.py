"""What the bank's own people may look at: figures and lists, never an account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import reports_store as sql


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
