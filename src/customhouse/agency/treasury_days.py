"""A day of the agency's account at the bank, line by line against the ledger.

Takes the bank's own list of the day, keeps it, and compares each movement with what the ledger
has on the treasury's account by the same event; what a movement paid stands beside it. Nothing is
corrected here: a difference is for people. Amounts are cents; what went out is negative.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from psycopg import Connection, IsolationLevel
from psycopg.errors import UniqueViolation
from psycopg.rows import args_row, class_row

from customhouse import rails
from customhouse.agency import treasury_days_store as sql
from customhouse.agency import treasury_link
from customhouse.agency.bank_link import BankLink
from customhouse.business_days import FEDERAL_RESERVE, OutsideCalendar
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused, declare

Connect = Callable[[], AbstractContextManager[Connection]]
Agreement = Literal["agrees", "bank-only", "ledger-only", "amount-differs"]

DAYS_CHECKED: Final = 7
DAYS_REMEMBERED: Final = 366
_ROWS_AT_ONCE: Final = 2_000

TREASURY_DAY_UNFINISHED = declare(
    "treasury-day-unfinished",
    sentence="{day} is not over: {why}. No file of it was kept, since it would look final.",
    next_step="Ask again when it is over; without a file the day is shown as far as it is known.",
    http_status=409,
    exit_code=75,
)
TREASURY_DAY_MOVED = declare(
    "treasury-day-moved",
    sentence="The processor bank's list of {day} changed while it was read.",
    next_step="Ask again.",
    http_status=409,
    exit_code=75,
)


@dataclass(frozen=True, slots=True)
class Taking:
    """One asking of the bank for a day, and how many lines it got.

    ``bank_date`` is the business date that the bank was at.
    """

    day: date
    taking_id: int
    lines: int
    bank_date: date | None

    def unfinished_words(self, business_date: date) -> str:
        """Say why the day is not over, for an agency at a business date; empty where it is.

        It is over when the bank has come to it, or to the banking day before it where banks were
        closed, and the agency has begun a later day and so has heard of it.
        """
        if self.bank_date is None:
            return "the bank has not begun its first day"
        if self.bank_date < _banking_day(self.day):
            return f"the bank has not come to {self.day} yet; its date is {self.bank_date}"
        if business_date <= self.day:
            return (
                f"the agency hears of {self.day} on its next morning; its business date is"
                f" {business_date}"
            )
        return ""


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What a day comes to; counts of movements, and cents."""

    bank_lines: int
    bank_in_cents: int
    bank_out_cents: int
    ledger_lines: int
    ledger_cents: int
    bank_only: int
    ledger_only: int
    other_amount: int

    @property
    def bank_cents(self) -> int:
        """Give by how much the bank says that the account grew."""
        return self.bank_in_cents + self.bank_out_cents

    @property
    def difference_cents(self) -> int:
        """Give the bank's sum less the ledger's."""
        return self.bank_cents - self.ledger_cents

    @property
    def differing(self) -> int:
        """Give how many movements are on one side only, or have another amount there."""
        return self.bank_only + self.ledger_only + self.other_amount


@dataclass(frozen=True, slots=True)
class Use:
    """What a movement, or a part of it, is for.

    A part of a payment has ``part_id`` and cents; a debit has its attempt. ``reason`` says why a
    part waits or is owed back, and is empty where all of it was applied; ``return_code`` why a
    debit came back.
    """

    filer_code: str | None
    statement_number: str | None
    statement_state: str | None
    final_on: date | None
    part_id: str | None
    amount_cents: int
    part_state: str | None
    applied_cents: int
    refundable_cents: int
    reason: str
    document_number: str
    payer_identifier: str
    attempt: int | None
    return_code: str

    @property
    def waiting_cents(self) -> int:
        """Give what of a part neither paid anything, nor is owed back, nor has gone back."""
        used = self.applied_cents + self.refundable_cents + self.returned_cents
        return self.amount_cents - used

    @property
    def returned_cents(self) -> int:
        """Give what of a part went back to who sent it: all or nothing."""
        return self.amount_cents if self.part_state == "returned" else 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement: what the bank and the ledger say of it, None where a side has it not."""

    line_id: str | None
    kind: str
    reference: str
    trace_number: str
    company_name: str
    bank_cents: int | None
    ledger_cents: int | None
    uses: tuple[Use, ...]

    @property
    def agreement(self) -> Agreement:
        """Say whether both sides have the movement with the same amount."""
        if self.ledger_cents is None:
            return "bank-only"
        if self.bank_cents is None:
            return "ledger-only"
        return "agrees" if self.bank_cents == self.ledger_cents else "amount-differs"

    @property
    def cents(self) -> int:
        """Give the bank's amount, or the ledger's where the bank has none."""
        if self.bank_cents is not None:
            return self.bank_cents
        return self.ledger_cents or 0


class _Row(NamedTuple):
    """A row of ROWS, its columns in order; a frozen dataclass costs five times as much to make."""

    line_id: str | None
    kind: str
    reference: str
    trace_number: str
    company_name: str
    bank_cents: int | None
    ledger_cents: int | None
    filer_code: str | None
    statement_number: str | None
    statement_state: str | None
    final_on: date | None
    part_id: str | None
    amount_cents: int | None
    part_state: str | None
    applied_cents: int | None
    refundable_cents: int | None
    reason: str | None
    document_number: str | None
    payer_identifier: str | None
    attempt: int | None
    return_code: str | None


@dataclass(frozen=True, slots=True)
class TreasuryDay:
    """One comparison of a day; its movements are read as often as they are asked for.

    ``bank_totals`` are counts and cents of what the bank says came in, and of what went out.
    """

    taking: Taking
    totals: DayTotals
    bank_totals: tuple[int, int, int, int]
    connection: Connection

    @property
    def day(self) -> date:
        """Give the day."""
        return self.taking.day

    def movements(self, *, only_differing: bool = False) -> Iterator[Movement]:
        """Give the movements in the bank's order, behind them those of the ledger alone.

        They are fetched a few thousand rows at a time: memory does not grow with the day.
        """
        values = {
            "day": self.day,
            "taking_id": self.taking.taking_id,
            "only_differing": only_differing,
        }
        with self.connection.cursor("treasury_day", row_factory=args_row(_Row)) as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            cursor.execute(sql.ROWS, values)
            for _, rows in groupby(cursor, key=itemgetter(0, 1, 2)):
                yield _movement(list(rows))


def _banking_day(day: date) -> date:
    """Give the day itself or the last banking day before it, on which its money moved."""
    try:
        return day if FEDERAL_RESERVE.is_business_day(day) else FEDERAL_RESERVE.previous(day)
    except OutsideCalendar:
        return day


def days_to_check(connection: Connection, business_date: date) -> list[date]:
    """Give the days that a check on a business date compares, the earliest first.

    The last seven calendar days before it, and those of a year that still differ.
    """
    recent = {business_date - timedelta(days=back) for back in range(1, DAYS_CHECKED + 1)}
    return sorted(recent | still_differing(connection, business_date))


def still_differing(connection: Connection, business_date: date) -> set[date]:
    """Give the days of a year behind a business date that differed when last compared."""
    values = {"since": business_date - timedelta(days=DAYS_REMEMBERED)}
    differing = connection.execute(sql.STILL_DIFFERING, values)
    return {day for (day,) in differing if day < business_date}


def take(connect: Connect, link: BankLink, *, day: date, clock: Clock) -> Taking:
    """Take the bank's list of a day and keep it in place of an earlier one.

    Raises Refused: bank-unreachable, treasury-day-unreadable, treasury-day-moved. Broken off, it
    leaves the earlier list as it was, and lines that the next taking removes.
    """
    with connect() as connection:
        values = {"day": day, "taken_at": clock.now()}
        row = connection.execute(sql.NEW_TAKING, values).fetchone()
    if row is None:
        raise AssertionError("an insert that returns its key gave no row")
    taking_id, kept, last = int(row[0]), (0, 0, 0), None
    for last in treasury_link.pages_of(link, day):
        if last.lines:
            _keep(connect, last.lines, day=day, taking_id=taking_id)
            kept = _plus(kept, last.lines)
    if last is None or kept != (last.day_lines, last.credit_cents, last.debit_cents):
        # The list is not of one moment, or a line of it got lost: it would show false differences.
        raise Refused(Fault(TREASURY_DAY_MOVED, {"day": day}))
    with connect() as connection:
        connection.execute(sql.DROP_OLDER_LINES, {"day": day, "taking_id": taking_id})
    return Taking(day, taking_id, last.day_lines, last.bank_date)


def _plus(kept: tuple[int, int, int], lines: list[rails.TreasuryLine]) -> tuple[int, int, int]:
    """Add lines to a count, to the cents that came in and to the cents that went out."""
    came = sum(each.amount_cents for each in lines if each.direction == "credit")
    went = sum(each.amount_cents for each in lines if each.direction == "debit")
    return (kept[0] + len(lines), kept[1] + came, kept[2] + went)


def _keep(connect: Connect, page: list[rails.TreasuryLine], *, day: date, taking_id: int) -> None:
    lines = json.dumps([rails.to_json(each) for each in page])
    values = {"day": day, "taking_id": taking_id, "lines": lines}
    try:
        with connect() as connection:
            connection.execute(sql.ADD_LINES, values)
    except UniqueViolation:
        # A line told twice would count twice: the list is not to be trusted.
        told = {"day": day, "after": page[0].line_id}
        raise Refused(Fault(treasury_link.TREASURY_DAY_UNREADABLE, told)) from None


@contextmanager
def compared(
    connect: Connect, taking: Taking, *, clock: Clock, is_over: bool = True
) -> Iterator[TreasuryDay]:
    """Compare a taking with the ledger; everything that is read is as of one instant.

    What the comparison came to is kept beside the taking, of a day that is over. Raises Refused
    (treasury-day-moved) where another run has taken the day since, and its list holds.
    """
    values = {"day": taking.day, "taking_id": taking.taking_id}
    with connect() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.execute(sql.LET_READER_WAIT)
        with connection.cursor(row_factory=class_row(DayTotals)) as cursor:
            totals = cursor.execute(sql.TOTALS, values).fetchone()
        said = connection.execute(sql.BANK_TOTALS, values).fetchone()
        if totals is None or said is None:
            raise AssertionError("a sum over no rows is a row as well")
        if totals.bank_lines != taking.lines:
            raise Refused(Fault(TREASURY_DAY_MOVED, {"day": taking.day}))
        yield TreasuryDay(taking, totals, (said[0], said[1], said[2], said[3]), connection)
    if not is_over:
        return
    with connect() as connection:
        figures = {
            "compared_at": clock.now(),
            "bank_lines": totals.bank_lines,
            "bank_cents": totals.bank_cents,
            "ledger_cents": totals.ledger_cents,
            "differing": totals.differing,
        }
        connection.execute(sql.RECORD_COMPARISON, values | figures)


def _movement(rows: list[_Row]) -> Movement:
    first = rows[0]
    return Movement(
        line_id=first.line_id,
        kind=first.kind,
        reference=first.reference,
        trace_number=first.trace_number,
        company_name=first.company_name,
        bank_cents=first.bank_cents,
        ledger_cents=first.ledger_cents,
        uses=tuple(_uses(rows)),
    )


def _uses(rows: Iterable[_Row]) -> Iterator[Use]:
    for row in rows:
        if row.part_id is None and row.statement_number is None:
            continue
        yield Use(
            filer_code=row.filer_code,
            statement_number=row.statement_number,
            statement_state=row.statement_state,
            final_on=row.final_on,
            part_id=row.part_id,
            amount_cents=row.amount_cents or 0,
            part_state=row.part_state,
            applied_cents=row.applied_cents or 0,
            refundable_cents=row.refundable_cents or 0,
            reason=row.reason or "",
            document_number=row.document_number or "",
            payer_identifier=row.payer_identifier or "",
            attempt=row.attempt,
            return_code=row.return_code or "",
        )
