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

# The most alerts of one cause that are told at once; who has more has a larger problem.
MOST_OF_A_CAUSE: Final = 500
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: its kind, what it is about, and what to do, in words.

    ``subject`` is the statement, entry or payer unit; ``on`` the day that matters: when it is due
    or debited. ``amount_cents`` is None where no sum may be told.
    """

    kind: AlertKind
    filer_code: str | None
    subject: str
    on: date | None
    amount_cents: int | None
    sentence: str
    next_step: str


@dataclass(frozen=True, slots=True)
class UnpaidStatement:
    """A statement that nobody has authorized, with its due date and its total in cents."""

    filer_code: str
    statement_number: str
    due_on: date
    total_cents: int


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
    """How often a payer unit was refused to a filer in the business date."""

    filer_code: str
    payer_unit_number: str
    refusals: int


def alerts_of(
    connection: Connection, filer_codes: Collection[str], *, business_date: date, policy: Policy
) -> list[Alert]:
    """Give the alerts of some filers on a business date, the most urgent first.

    At most ``MOST_OF_A_CAUSE`` of each cause: unpaid statements, loose entries, refused payer
    units, days near a cap.
    """
    calendar = closures.calendars(connection, policy, on=business_date).agency
    soon = calendar.add(business_date, policy.due_soon_business_days)
    values = {
        "filer_codes": list(filer_codes),
        "business_date": business_date,
        "until": soon,
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


def due_alert(statement: UnpaidStatement, business_date: date) -> Alert:
    """Say that a statement is due soon, or was due, and nobody has authorized it."""
    number, total = statement.statement_number, format_dollars(statement.total_cents)
    overdue = statement.due_on < business_date
    when = f"{'was' if overdue else 'is'} due on {_day(statement.due_on)}"
    return Alert(
        kind="overdue" if overdue else "due-soon",
        filer_code=statement.filer_code,
        subject=number,
        on=statement.due_on,
        amount_cents=statement.total_cents,
        sentence=f"Statement {number} of {total} {when} and is not paid.",
        next_step="Authorize it now." if overdue else "Authorize it by then.",
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
    """Say that a payer unit was refused today (SEC-06)."""
    unit, times = refused.payer_unit_number, refused.refusals
    count = "once" if times == 1 else f"{times} times"
    return Alert(
        kind="payer-unit-refused",
        filer_code=refused.filer_code,
        subject=unit,
        on=None,
        amount_cents=None,
        sentence=f"Payer unit {unit} was refused {count} today for what it was to pay.",
        next_step="Check the unit's number, and whether its owner has designated you for it.",
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
