"""What of a payer's own payments arrived, and what each paid: for the payer's treasurer.

Only what the payer itself pushed, as its addendum or an officer says; a payment that nobody can be
named for is nobody's to see. Queries only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import received_credits_store as sql

LARGEST_PAGE: Final = 1_000
_CURSOR: Final = re.compile(r"(\d{4}-\d{2}-\d{2})/(C[0-9.-]{20,59})", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReceivedCredit:
    """A payment, or the part of one that an addendum explains; cents.

    ``collected_on`` is its settlement date (CRD-07), ``since_on`` the business date since which it
    waits. What neither paid anything nor is owed back waits. ``reason`` says why it waits or is
    owed back, and is empty where all of it was applied; ``detail`` is for what waits.
    """

    collected_on: date
    part_id: str
    credit_id: str
    trace_number: str
    sec_code: str
    company_name: str
    entry_description: str
    amount_cents: int
    state: str
    applied_cents: int
    refundable_cents: int
    reason: str
    detail: str
    document_number: str
    payer_identifier: str
    filer_code: str | None
    statement_number: str | None
    statement_state: str | None
    final_on: date | None
    matched_by: str
    since_on: date

    @property
    def waiting_cents(self) -> int:
        """Give what waits or is on its way back: all of the part or nothing."""
        used = self.applied_cents + self.refundable_cents + self.returned_cents
        return self.amount_cents - used

    @property
    def returned_cents(self) -> int:
        """Give what went back to the payer's bank: all of the part or nothing."""
        return self.amount_cents if self.state == "returned" else 0

    @property
    def cursor(self) -> str:
        """Give where a page that ends with it goes on."""
        return f"{self.collected_on.isoformat()}/{self.part_id}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose payments of which days, both inclusive; ``after`` is a cursor or empty."""

    party_id: int
    first: date
    last: date
    after: str = ""
    limit: int = LARGEST_PAGE


def is_cursor(text: str) -> bool:
    """Tell whether a text is a cursor of such a list."""
    match = _CURSOR.fullmatch(text)
    if match is None:
        return False
    try:
        date.fromisoformat(match[1])
    except ValueError:
        return False
    return True


def page_of(connection: Connection, wanted: Wanted) -> Sequence[ReceivedCredit]:
    """Give a page of what arrived, in the order of collection; empty behind the last one."""
    match = _CURSOR.fullmatch(wanted.after)
    values = {
        "party_id": wanted.party_id,
        "first": wanted.first,
        "last": wanted.last,
        "after_on": date.fromisoformat(match[1]) if match else wanted.first,
        "after_part": match[2] if match else "",
        "limit": wanted.limit,
    }
    with connection.cursor(row_factory=class_row(ReceivedCredit)) as cursor:
        return cursor.execute(sql.PAGE, values).fetchall()
