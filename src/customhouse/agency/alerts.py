"""Alerts for a filer: what it should see today before it costs money, computed when it asks.

An alert is no state: it is there while its cause is. What a debit did after it was handed over is
told by notices, not here. Deciding anything is not done here either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeVar

from psycopg import Connection
from psycopg.rows import class_row

from customhouse import faults
from customhouse.agency import alerts_store as sql
from customhouse.agency import closures
from customhouse.agency.daily_caps import DayLoad
from customhouse.agency.due_dates import stays_on_statement
from customhouse.agency.policy import Policy
from customhouse.money import format_dollars

AlertKind = Literal[
    "overdue",
    "due-soon",
    "on-no-statement",
    "payer-unit-refused",
    "cap-beyond",
    "cap-near",
]

_WHY_REFUSED: Final = {
    faults.PAYER_UNIT_UNKNOWN.code: (
        "it is not on file, or its owner has not designated you for it",
        "Use your own payer unit, or one whose owner has designated you for it.",
    ),
    faults.PAYER_UNIT_OTHER_IMPORTER.code: (
        "it pays only its own importer's entries, and there are others on the statement",
        "Use your own payer unit, or have those entries put on another statement.",
    ),
}
# The most alerts of one cause that are told at once; who has more has a larger problem.
MOST_OF_A_CAUSE: Final = 500
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: its kind, what it is about, and what to do, in words.

    ``subject`` is the statement, entry or payer unit; ``on`` the day that matters: when it is due
    or debited. ``amount_cents`` is None where no sum may be told, ``statement_number`` where no
    statement is meant.
    """

    kind: AlertKind
    filer_code: str | None
    subject: str
    on: date | None
    amount_cents: int | None
    sentence: str
    next_step: str
    statement_number: str | None = None


@dataclass(frozen=True, slots=True)
class OpenStatement:
    """A statement that is to be paid, with its due date if it has one; cents.

    ``waiting_cents`` arrived by ACH Credit and waits for the rest (CRD-06).
    """

    filer_code: str
    statement_number: str
    due_on: date | None
    total_cents: int
    waiting_cents: int

    @property
    def missing_cents(self) -> int:
        """Give what is still to arrive beside what waits."""
        return max(0, self.total_cents - self.waiting_cents)


@dataclass(frozen=True, slots=True)
class UnpaidStatement(OpenStatement):
    """An open statement that is due soon or was due."""

    due_on: date


@dataclass(frozen=True, slots=True)
class LooseEntry:
    """An entry that is on no statement and will come on none in time; its charges in cents."""

    filer_code: str
    entry_number: str
    entry_type: str
    due_on: date
    print_date: date
    charges_cents: int


@dataclass(frozen=True, slots=True)
class RefusedUnit:
    """How often a payer unit was refused to a filer for a statement in the business date, and why.

    ``statement_number`` is empty where what was sent is none; ``on_file`` tells whether the filer
    has such a statement. ``fault_code`` is that of the refusal.
    """

    filer_code: str
    payer_unit_number: str
    statement_number: str
    fault_code: str
    refusals: int
    on_file: bool


def alerts_of(
    connection: Connection, filer_codes: Collection[str], *, business_date: date, policy: Policy
) -> list[Alert]:
    """Give the alerts of some filers on a business date, the most urgent first.

    At most ``MOST_OF_A_CAUSE`` of each cause: unpaid statements, loose entries, refused payer
    units, days near a cap.
    """
    values = {
        "filer_codes": list(filer_codes),
        "business_date": business_date,
        "until": _soon(connection, business_date, policy),
        "limit": MOST_OF_A_CAUSE,
    }
    unpaid = _rows(connection, sql.UNPAID, UnpaidStatement, values)
    loose = _rows(connection, sql.ON_NO_STATEMENT, LooseEntry, values)
    refused = _rows(connection, sql.REFUSED_UNITS, RefusedUnit, values)
    near = _rows(connection, sql.DAYS_NEAR_CAP, DayLoad, values)
    return [
        *(due_alert(each, business_date) for each in unpaid),
        *(entry_alert(each, business_date) for each in loose),
        *(refusal_alert(each) for each in refused),
        *(alert for each in near for alert in cap_alerts(each)),
    ]


def open_statements(
    connection: Connection,
    filer_codes: Collection[str],
    *,
    business_date: date,
    policy: Policy,
    limit: int,
) -> list[OpenStatement]:
    """Give the statements of some filers that are to be paid and of which no alert tells yet.

    The earliest due date first; they are no alerts: nothing is wrong with them.
    """
    values = {
        "filer_codes": list(filer_codes),
        "until": _soon(connection, business_date, policy),
        "limit": limit,
    }
    return _rows(connection, sql.OPEN, OpenStatement, values)


def _soon(connection: Connection, business_date: date, policy: Policy) -> date:
    """Give the last due date that is told as soon."""
    calendar = closures.calendars(connection, policy, on=business_date).agency
    return calendar.add(business_date, policy.due_soon_business_days)


def due_alert(statement: UnpaidStatement, business_date: date) -> Alert:
    """Say that a statement is due soon, or was due, and is not paid, or not all of it (CRD-06)."""
    number, total = statement.statement_number, format_dollars(statement.total_cents)
    overdue = statement.due_on < business_date
    when = f"{'was' if overdue else 'is'} due on {_day(statement.due_on)}"
    by_when = "now" if overdue else "by then"
    sentence = f"Statement {number} of {total} {when} and is not paid."
    next_step = f"Authorize it {by_when}."
    if statement.waiting_cents:
        arrived = format_dollars(statement.waiting_cents)
        missing = format_dollars(statement.missing_cents)
        sentence += f" {arrived} arrived by ACH Credit, {missing} is missing."
        next_step = f"Push the missing {missing}, or authorize the whole total, {by_when}."
    return Alert(
        kind="overdue" if overdue else "due-soon",
        filer_code=statement.filer_code,
        subject=number,
        on=statement.due_on,
        amount_cents=statement.total_cents,
        sentence=sentence,
        next_step=next_step,
        statement_number=number,
    )


def entry_alert(entry: LooseEntry, business_date: date) -> Alert:
    """Say that an entry is on no statement, so that nobody will pay it in time."""
    number = f"{entry.filer_code}-{entry.entry_number[:7]}-{entry.entry_number[7:]}"
    late = entry.print_date > entry.due_on
    why = "is later" if late else "has passed"
    return Alert(
        kind="on-no-statement",
        filer_code=entry.filer_code,
        subject=number,
        on=entry.due_on,
        amount_cents=entry.charges_cents,
        sentence=(
            f"Entry {number}, due on {_day(entry.due_on)}, is on no statement, and its print date,"
            f" {_day(entry.print_date)}, {why}."
        ),
        next_step=_what_is_left(entry, business_date),
    )


def _what_is_left(entry: LooseEntry, business_date: date) -> str:
    """Say how an entry can still be paid: no statement takes it once its last day has come."""
    stays = stays_on_statement(entry.entry_type)
    if entry.due_on <= business_date:
        if stays:
            return "Ask the agency: no statement takes it in time, and it is not for single pay."
        return "Pay it singly: no statement takes it in time."
    by_then = "Give it a print date up to the day on which it is due"
    return f"{by_then}." if stays else f"{by_then}, or pay it singly."


def refusal_alert(refused: RefusedUnit) -> Alert:
    """Say that a payer unit was refused today for a statement that is still open (SEC-06).

    Not on file and not designated are one reason: nobody learns which units exist.
    """
    unit, times = refused.payer_unit_number, refused.refusals
    number = refused.statement_number
    count = "once" if times == 1 else f"{times} times"
    for_what = f"for statement {number}" if number else "for what is no statement number"
    why, next_step = _WHY_REFUSED[refused.fault_code]
    return Alert(
        kind="payer-unit-refused",
        filer_code=refused.filer_code,
        subject=unit,
        on=None,
        amount_cents=None,
        sentence=f"Payer unit {unit} was refused {count} today {for_what}: {why}.",
        next_step=next_step,
        statement_number=number if refused.on_file else None,
    )


def cap_alerts(load: DayLoad) -> Iterator[Alert]:
    """Say that a day's debits come near a declared cap, or beyond it; nothing below."""
    if load.level not in {"near", "beyond"}:
        return
    unit, cap = load.payer_unit_number, format_dollars(load.daily_cap_cents or 0)
    beyond = load.level == "beyond"
    how = "go beyond" if beyond else "come to 90 % or more of"
    yield Alert(
        kind="cap-beyond" if beyond else "cap-near",
        filer_code=None,
        subject=unit,
        on=load.debit_on,
        amount_cents=load.told_cents,
        sentence=(
            f"Debits of payer unit {unit} on {_day(load.debit_on)} {how} its declared daily cap of"
            f" {cap}."
        ),
        next_step="Have the payer's bank raise the cap, or choose another day for later debits.",
    )


def _day(day: date) -> str:
    """Spell a date as the pages do: Mon 7 Dec 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def _rows(
    connection: Connection, statement: str, kind: type[Row], values: dict[str, object]
) -> list[Row]:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(statement, values).fetchall()
