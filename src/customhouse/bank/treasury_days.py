"""What moved on the agency's account at the bank on a day, for the agency to compare its books.

The list is the bank's own: credits that were pushed, debits that settled, and what of those went
back or was won again. A day before the bank's business date can still grow by a late report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import treasury_days_store as sql
from customhouse.faults import Fault, Refused, declare
from customhouse.rails import MOST_TREASURY_LINES, TreasuryLine

TREASURY_PAGE_UNREADABLE = declare(
    "treasury-page-unreadable",
    sentence="date must be YYYY-MM-DD, after a line of at most {longest} characters or empty, and"
    " limit from 1 to {most}.",
    next_step="Ask for a day from its beginning, then behind the last line that you kept.",
)
LONGEST_LINE_ID = 200


@dataclass(frozen=True, slots=True)
class DayTotals:
    """How many lines a day has, and what they add up to; cents."""

    lines: int
    credit_cents: int
    debit_cents: int


def lines(
    connection: Connection[Any], on: str, *, after: str, most: int
) -> tuple[list[TreasuryLine], DayTotals]:
    """Give a page of a day's lines behind a line, in the order of their ids, and its totals.

    ``on`` is the day as ISO 8601 text. Raises Refused (treasury-page-unreadable).
    """
    values = {"on": _day(on), "after": _after(after), "most": _most(most)}
    with connection.transaction():
        with connection.cursor(row_factory=class_row(TreasuryLine)) as cursor:
            found = cursor.execute(sql.LINES, values).fetchall()
        with connection.cursor(row_factory=class_row(DayTotals)) as cursor:
            totals = cursor.execute(sql.TOTALS, values).fetchone()
    return found, totals or DayTotals(0, 0, 0)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _unreadable() from None


def _after(text: str) -> str:
    if len(text) > LONGEST_LINE_ID or not (text.isascii() and text.isprintable()):
        raise _unreadable()
    return text


def _most(number: int) -> int:
    if not 1 <= number <= MOST_TREASURY_LINES:
        raise _unreadable()
    return number


def _unreadable() -> Refused:
    values = {"longest": LONGEST_LINE_ID, "most": MOST_TREASURY_LINES}
    return Refused(Fault(TREASURY_PAGE_UNREADABLE, values))
