"""What people see of one statement: its lines, payments, receipts and notices.

The list of them is in ``statement_listing``. Queries only; every one takes the
filer codes that the reader may see, so that somebody else's statement and one that does not exist
look the same. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import notice_views, printed, statement_credits
from customhouse.agency import statement_views_store as sql
from customhouse.agency.notice_views import NoticeView
from customhouse.agency.statement_credits import StatementCredit
from customhouse.formats.abi_statement import EntryLine, StatementTotals, totals_of


@dataclass(frozen=True, slots=True)
class StatementSummary:
    """One statement in a list: its state, dates and cents, and its latest attempt if any.

    ``due_on`` is the last day to pay it; ``importer_number`` is without suffix for type 5.
    ``paid_on`` is the collection date on which ACH Credit completed its payment, ``paid_known_on``
    the day behind which its final goes out; ``waiting_cents`` arrived by ACH Credit and waits for
    the rest (CRD-03, CRD-06, CRD-07).
    """

    filer_code: str
    number: str
    state: str
    payment_type: str
    importer_number: str | None
    print_date: date
    due_on: date | None
    processing_port: str
    client_branch: str
    total_cents: int
    preliminary_cents: int
    attempts: int
    attempt_state: str | None
    accepted_on: date | None
    debit_on: date | None
    settled_on: date | None
    return_code: str | None
    final_on: date | None
    paid_on: date | None
    paid_known_on: date | None
    waiting_cents: int

    @property
    def missing_cents(self) -> int:
        """Give what is still to arrive by ACH Credit beside what waits, in cents."""
        return max(0, self.total_cents - self.waiting_cents)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One entry as it was printed, with the day it was taken off if it was; cents."""

    entry_number: str
    importer_number: str
    amount_cents: int
    removed_on: date | None
    removed_source: str | None
    line: EntryLine


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One payment authorization of a statement; ``debit_on`` is an estimate (DEB-10).

    ``debit_on_chosen`` tells that the payer asked for that day (DEB-15).
    ``receipt_on`` is the day its final statement was sent, whatever became of the debit then; the
    final of a statement that ACH Credit paid later is no attempt's.
    """

    attempt: int
    state: str
    payer_unit_number: str
    amount_cents: int
    accepted_on: date
    debit_on: date
    settled_on: date | None
    returned_on: date | None
    return_code: str | None
    trace_number: str | None
    negated_on: date | None
    debit_on_chosen: bool
    receipt_on: date | None


@dataclass(frozen=True, slots=True)
class StatementDetail:
    """A statement with everything that belongs to it; totals of what is left on it."""

    summary: StatementSummary
    lines: tuple[StatementLine, ...]
    totals: StatementTotals
    attempts: tuple[AttemptView, ...]
    credits: tuple[StatementCredit, ...]
    notices: tuple[NoticeView, ...]


@dataclass(frozen=True, slots=True)
class _LineRow:
    entry_number: str
    importer_number: str
    amount_cents: int
    removed_on: date | None
    removed_source: str | None


def statement_detail(
    connection: Connection,
    filer_codes: Sequence[str],
    number: str,
    *,
    news_since: date = date.min,
) -> StatementDetail | None:
    """Give one statement of these filers with all its parts; None when they have no such one."""
    asked = {"filer_codes": list(filer_codes), "number": number}
    with connection.cursor(row_factory=class_row(StatementSummary)) as cursor:
        summary = cursor.execute(sql.SUMMARY, asked).fetchone()
    if summary is None:
        return None
    filer_code = summary.filer_code
    values = {"filer_code": filer_code, "number": number}
    with connection.cursor(row_factory=class_row(_LineRow)) as cursor:
        rows = cursor.execute(sql.LINES, values).fetchall()
    with connection.cursor(row_factory=class_row(AttemptView)) as cursor:
        attempts = cursor.execute(sql.ATTEMPTS, values).fetchall()
    pushed = statement_credits.credits_of(connection, filer_code, number)
    notices = notice_views.notices_about(connection, filer_code, number, news_since=news_since)
    (statement,) = printed.load(connection, filer_code, [number])
    printed_lines = {line.entry_number: line for line in printed.image(statement, "P").lines}
    lines = tuple(
        StatementLine(
            entry_number=row.entry_number,
            importer_number=row.importer_number,
            amount_cents=row.amount_cents,
            removed_on=row.removed_on,
            removed_source=row.removed_source,
            line=printed_lines[row.entry_number],
        )
        for row in rows
    )
    return StatementDetail(
        summary=summary,
        lines=lines,
        totals=totals_of([each.line for each in lines if each.removed_on is None]),
        attempts=tuple(attempts),
        credits=tuple(pushed),
        notices=tuple(notices),
    )
