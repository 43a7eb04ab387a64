"""A filer's statements as its programs list them: by number, a page at a time, without a count.

A page begins after the last number of the page before, so that a long list costs the same at its
end as at its beginning. The pages for people are made by ``statement_listing``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import filer_statements_store as sql

STATES: Final = ("preliminary", "authorized", "paid", "final", "cancelled")
LARGEST_PAGE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements are wanted: of a filer, in a state, due by a day, after a number."""

    filer_code: str
    state: str | None = None
    due_until: date | None = None
    after: str | None = None
    limit: int = LARGEST_PAGE


@dataclass(frozen=True, slots=True)
class FilerStatement:
    """One statement: what it is, what is due and when, and its latest authorization.

    Amounts are cents. ``debit_on`` is an estimate until ``settled_on`` is there (DEB-10). What ACH
    Credit paid has ``paid_on``, the collection date that completed it (CRD-07), and shows no
    authorization that came to nothing before. ``waiting_cents`` arrived and waits for the rest.
    """

    statement_number: str
    state: str
    payment_type: str
    importer_number: str | None
    processing_port: str
    print_date: date
    due_on: date | None
    preliminary_cents: int
    total_cents: int
    attempts: int
    attempt_state: str | None
    payer_unit_number: str | None
    accepted_on: date | None
    debit_on: date | None
    settled_on: date | None
    return_code: str | None
    paid_on: date | None
    waiting_cents: int


@dataclass(frozen=True, slots=True)
class FilerStatementPage:
    """A page in number order; ``next_after`` is where the next one begins, None at the end."""

    statements: list[FilerStatement]
    next_after: str | None


def page_of(connection: Connection, wanted: Wanted) -> FilerStatementPage:
    """Give the page of statements that is wanted (DEB-16)."""
    values = {**asdict(wanted), "limit": wanted.limit + 1}
    pick = sql.UNPAID_NUMBERS if wanted.state == "preliminary" else sql.NUMBERS
    numbers = [number for (number,) in connection.execute(pick, values)]
    shown = numbers[: wanted.limit]
    with connection.cursor(row_factory=class_row(FilerStatement)) as cursor:
        values = {"filer_code": wanted.filer_code, "numbers": shown}
        page = cursor.execute(sql.STATEMENTS, values).fetchall()
    return FilerStatementPage(page, shown[-1] if len(numbers) > len(shown) else None)
