"""Debit vouchers: the bill for a debit that settled and came back, and its end (C6).

A bill is issued in the transaction that posts the return and closed in the one that posts the next
settled attempt, so that a payer's open bills are its bills_receivable at any time. Interest on
bills (19 CFR 24.3a) is not computed here.
"""

from __future__ import annotations

import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import bills_store as sql

# 19 CFR 24.3(e): a bill that results from a dishonored debit is due 15 days from its issue.
DAYS_TO_PAY: Final = timedelta(days=15)
# What four characters of base 36 count.
MOST_A_DAY: Final = 36**4 - 1
_BASE_36: Final = string.digits + string.ascii_uppercase
MOST_LISTED: Final = 500
# CATAIR, collection status of a bill.
STATUS_WORDS: Final = {"01": "not paid", "04": "paid"}


@dataclass(frozen=True, slots=True)
class BillCause:
    """A returned debit that is billed; cents."""

    filer_code: str
    statement_number: str
    attempt: int
    payer_party_id: int
    amount_cents: int
    return_code: str


@dataclass(frozen=True, slots=True)
class BillEnd:
    """A settled attempt that pays whatever bill of its statement is open."""

    filer_code: str
    statement_number: str
    attempt: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill as it stands; cents. ``collection_status`` is 01 (not paid) or 04 (paid).

    What ACH Credit paid has ``paid_on``, its collection date, and no ``paid_attempt``.
    """

    filer_code: str
    bill_number: str
    statement_number: str
    attempt: int
    amount_cents: int
    return_code: str
    issued_on: date
    due_on: date
    collection_status: str
    paid_on: date | None
    paid_attempt: int | None
    payer_name: str

    @property
    def is_open(self) -> bool:
        """Tell whether the bill is still to be paid."""
        return self.collection_status == "01"

    @property
    def is_paid_by_credit(self) -> bool:
        """Tell whether money that was pushed paid it, and no debit."""
        return self.paid_on is not None and self.paid_attempt is None

    @property
    def status_words(self) -> str:
        """Say the collection status in words."""
        return STATUS_WORDS[self.collection_status]


def bill_number(district: str, issued_on: date, *, n: int) -> str:
    """Give the number of a district's n-th bill of a day: DD YY JJJ and n in base 36, NNNN.

    CATAIR gives a bill eleven positions and does not say what they mean; the form is ours. Raises
    ValueError when n is not from 1 to 1,679,615.
    """
    if not 1 <= n <= MOST_A_DAY:
        raise ValueError(f"a district has {MOST_A_DAY:,} bills a day at most; {n} was asked")
    sequence = ""
    for _ in range(4):
        n, place = divmod(n, 36)
        sequence = _BASE_36[place] + sequence
    return f"{district}{issued_on:%y}{issued_on:%j}{sequence}"


def issue(
    connection: Connection, causes: Sequence[BillCause], *, issued_on: date
) -> dict[tuple[str, str], str]:
    """Bill returned debits; give the bill numbers by filer and statement."""
    if not causes:
        return {}
    wanted = Counter(cause.statement_number[:2] for cause in causes)
    values = {
        "districts": list(wanted),
        "counts": list(wanted.values()),
        "issued_on": issued_on,
        "due_on": issued_on + DAYS_TO_PAY,
    }
    following = {
        district: last - wanted[district]
        for district, last in connection.execute(sql.TAKE_NUMBERS, values)
    }
    numbers = []
    for cause in causes:
        district = cause.statement_number[:2]
        following[district] += 1
        numbers.append(bill_number(district, issued_on, n=following[district]))
    columns = {
        "filer_codes": [cause.filer_code for cause in causes],
        "numbers": numbers,
        "payers": [cause.payer_party_id for cause in causes],
        "statements": [cause.statement_number for cause in causes],
        "attempts": [cause.attempt for cause in causes],
        "cents": [cause.amount_cents for cause in causes],
        "codes": [cause.return_code for cause in causes],
    }
    connection.execute(sql.ISSUE, values | columns)
    pairs = zip(causes, numbers, strict=True)
    return {(cause.filer_code, cause.statement_number): number for cause, number in pairs}


def close(connection: Connection, ends: Sequence[BillEnd]) -> int:
    """Close the open bills of statements that are paid again; give how many there were."""
    if not ends:
        return 0
    values = {
        "filer_codes": [each.filer_code for each in ends],
        "statements": [each.statement_number for each in ends],
        "attempts": [each.attempt for each in ends],
        "paid_ons": [each.paid_on for each in ends],
    }
    return connection.execute(sql.CLOSE, values).rowcount


def bills(
    connection: Connection,
    filer_codes: Sequence[str] | None,
    *,
    statement_number: str | None = None,
    open_only: bool = False,
) -> list[Bill]:
    """Give the bills of some filers, newest first; None means of all, for the agency's people."""
    values = {
        "filer_codes": None if filer_codes is None else list(filer_codes),
        "statement": statement_number,
        "open_only": open_only,
        "most": MOST_LISTED,
    }
    with connection.cursor(row_factory=class_row(Bill)) as cursor:
        return cursor.execute(sql.BILLS, values).fetchall()
