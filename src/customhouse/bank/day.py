"""The bank's day: its business date, and the steps of it in order.

Reading STEPS from top to bottom tells how the bank works. Each step can be repeated without
effect, so that a day that broke off is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from psycopg import Connection

from customhouse import database
from customhouse.bank import (
    answer_files,
    bank_files,
    changes,
    credit_returns,
    credits,
    disputes,
    entry_returns,
    faults,
    inbound,
    origination,
    prenotes,
    unanswered,
    unit_standings,
    vault,
)
from customhouse.bank import day_store as sql
from customhouse.bank.credit_rules import CollectionAccount
from customhouse.bank.exchange import Exchange
from customhouse.bank.office import Boundary, Office, no_boundary
from customhouse.business_days import FEDERAL_RESERVE, FIRST_YEAR, LAST_YEAR, OutsideCalendar
from customhouse.clock import Clock, RehearsalClock, SystemClock
from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
from customhouse.settings import Settings

# How long one statement of a run may take; making a file of 499,999 debits takes seconds.
LONGEST_STATEMENT = "15min"
# What a step says that found nothing to do.
NOTHING = "nothing to do"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the bank's day: does its work and says in a line what it did."""

    name: str
    run: Callable[[Office, date], str]


@dataclass(frozen=True, slots=True)
class StepDone:
    """What a step did on a date."""

    business_date: date
    step: str
    summary: str


def _files(count: int, done: str) -> str:
    return f"{count:,} file{'' if count == 1 else 's'} {done}" if count else NOTHING


def _release(office: Office, business_date: date) -> str:
    released = bank_files.release_all(office) + answer_files.release_all(office)
    return _files(released, "released")


def _take_in(office: Office, business_date: date) -> str:
    found = inbound.take_in(office)
    answer_files.take_answers(office)
    entry_returns.clear(office)
    files = {
        "repeated": found.repeated,
        "quarantined": found.quarantined,
        "still being written": found.unfinished,
    }
    parts = [_files(found.taken, "taken")] if found.taken else []
    parts += [f"{count:,} {name}" for name, count in files.items() if count]
    parts += [f"{count:,} {name}" for name, count in asdict(found.matched).items() if count]
    silent = unanswered.look(office)
    parts += [_files(silent, "without an answer")] if silent else []
    return ", ".join(parts) or NOTHING


def _apply_changes(office: Office, business_date: date) -> str:
    applied = changes.apply_ruled(office, business_date)
    changes.watch(office, business_date)
    return f"{applied:,} applied by rule" if applied else NOTHING


def _answer_returns(office: Office, business_date: date) -> str:
    ended = disputes.end_due(office, business_date)
    planned = answer_files.plan(office, business_date)
    parts = [f"{ended:,} ended"] if ended else []
    parts += [_files(planned, "planned")] if planned else []
    return ", ".join(parts) or NOTHING


def _tell_credits(office: Office, business_date: date) -> str:
    told = credits.tell_settled(office, business_date)
    returned = credit_returns.tell_settled(office, business_date)
    parts = [f"{told:,} told"] if told else []
    parts += [f"{returned:,} gone back"] if returned else []
    return ", ".join(parts) or NOTHING


def _seal_refused(office: Office, business_date: date) -> str:
    sealed = credit_returns.seal_refused(office)
    return f"{sealed:,} to go back" if sealed else NOTHING


def _watch_returns(office: Office, business_date: date) -> str:
    late = entry_returns.watch(office, business_date)
    return f"{late:,} alarms" if late else NOTHING


def _hold_back(office: Office, business_date: date) -> str:
    held = unit_standings.hold_back(office, business_date)
    held += prenotes.refuse_waiting(office)
    return f"{held:,} refused" if held else NOTHING


def _prenotes(office: Office, business_date: date) -> str:
    matured = prenotes.mature(office, business_date)
    parts = [f"{matured:,} matured"] if matured else []
    planned = prenotes.plan(office, business_date)
    parts += [_files(planned, "planned")] if planned else []
    return ", ".join(parts) or NOTHING


def _originate(office: Office, business_date: date) -> str:
    return _files(origination.plan(office, business_date), "planned")


STEPS: tuple[Step, ...] = (
    Step("finish the files of an earlier run", _release),
    Step("take in what the operator delivered", _take_in),
    Step("tell the agency of the credits that settled", _tell_credits),
    Step("apply changes of account that a rule allows", _apply_changes),
    Step("make returns of the credits that the agency refuses", _seal_refused),
    Step("end disputes and answer receiving banks", _answer_returns),
    Step("hold back debits of suspended payer units", _hold_back),
    Step("let prenotes mature and send new ones", _prenotes),
    Step("put due debits into files", _originate),
    Step("write, check, seal and release the files", _release),
    Step("take in the operator's first answers", _take_in),
    Step("tell the agency of the credits that came last", _tell_credits),
    Step("watch the time of entries to return", _watch_returns),
)
INTAKE: tuple[Step, ...] = STEPS[:3]


@contextmanager
def open_bank(settings: Settings) -> Iterator[tuple[Connection[Any], Clock]]:
    """Open the bank's database in autocommit, with the clock that its stamps come from.

    Raises Refused (database-unavailable).
    """
    with database.connect(settings, "bank") as connection:
        connection.autocommit = True
        yield connection, clock_of(settings, connection)


@contextmanager
def open_office(settings: Settings, *, boundary: Boundary = no_boundary) -> Iterator[Office]:
    """Open database, keys and exchange folder for one run, alone.

    Raises Refused: bank-day-running when another run is at work, vault-keys-missing,
    database-unavailable.
    """
    with open_bank(settings) as (connection, clock), _turn(connection):
        connection.execute(sql.ALLOW_LARGE_STATEMENTS, {"most": LONGEST_STATEMENT})
        exchange = Exchange(settings.exchange_directory)
        exchange.prepare()
        keys = vault.open_keys(settings, connection)
        collection = CollectionAccount(settings.collection_routing, settings.collection_account)
        yield Office(connection, keys, exchange, clock, collection, boundary)


@contextmanager
def _turn(connection: Connection[Any]) -> Iterator[None]:
    row = connection.execute(sql.TAKE_TURN).fetchone()
    if not (row and row[0]):
        raise Refused(Fault(faults.BANK_DAY_RUNNING))
    try:
        yield
    finally:
        if not connection.broken:
            connection.execute(sql.END_TURN)


def business_date(connection: Connection[Any]) -> date | None:
    """Give the bank's business date; None before the first day."""
    row = connection.execute(sql.LATEST).fetchone()
    return row[0] if row else None


def clock_of(settings: Settings, connection: Connection[Any]) -> Clock:
    """Give the machine's clock or, in a rehearsal, one that stands on the bank's business date."""
    today = business_date(connection) if settings.clock == "rehearsal" else None
    return SystemClock() if today is None else RehearsalClock(today)


def next_date(settings: Settings, connection: Connection[Any]) -> date:
    """Give the date to run when none is named: today in New York, or the next in a rehearsal."""
    today = business_date(connection)
    if settings.clock == "rehearsal" and today is not None:
        return FEDERAL_RESERVE.next(today)
    return SystemClock().now().astimezone(origination.NEW_YORK).date()


def days_until(office: Office, until: date, *, rehearsal: bool) -> list[date]:
    """List the banking days after the business date up to ``until``; it alone when it is run again.

    A date on which no bank is open stops at the last banking day before it. Raises Refused:
    bank-date-past, bank-date-outside-calendar, and outside a rehearsal bank-date-future.
    """
    _require_in_calendar(until)
    here = office.clock.now().astimezone(origination.NEW_YORK).date()
    if not rehearsal and until > here:
        raise Refused(Fault(faults.BANK_DATE_FUTURE, {"today": here, "asked": until}))
    today = business_date(office.connection)
    if today is not None and until < today:
        raise Refused(Fault(faults.BANK_DATE_PAST, {"business_date": today, "asked": until}))
    return list(_days(today, until))


def run_until(office: Office, until: date, *, rehearsal: bool) -> Iterator[StepDone]:
    """Run the banking days after the business date up to ``until``, step by step.

    A day that was run before is run again, without effect. Raises what ``days_until`` raises.
    """
    yield from run_days(office, days_until(office, until, rehearsal=rehearsal), rehearsal=rehearsal)


def run_days(office: Office, days: Sequence[date], *, rehearsal: bool) -> Iterator[StepDone]:
    """Run the days that ``days_until`` gave; a rehearsal's clock stands on each of them."""
    for day in days:
        clock = RehearsalClock(day) if rehearsal else office.clock
        yield from run_steps(replace(office, clock=clock), day, steps=STEPS)


def run_intake(office: Office) -> Iterator[StepDone]:
    """Only finish files and take in deliveries, on the bank's business date.

    Raises Refused (no-business-day) before the first day.
    """
    today = business_date(office.connection)
    if today is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    yield from run_steps(office, today, steps=INTAKE)


def run_steps(office: Office, day: date, *, steps: tuple[Step, ...]) -> Iterator[StepDone]:
    """Run steps on a date, which is opened if it was not, and record what each did."""
    opened = {"business_date": day, "opened_at": office.clock.now()}
    office.connection.execute(sql.OPEN, opened)
    for step in steps:
        summary = step.run(office, day)
        values = {
            "business_date": day,
            "step": step.name,
            "finished_at": office.clock.now(),
            "summary": summary,
        }
        office.connection.execute(sql.RECORD_STEP, values)
        yield StepDone(day, step.name, summary)


def _require_in_calendar(until: date) -> None:
    """Refuse a date whose debits would have no effective date: it could never be left again."""
    try:
        FEDERAL_RESERVE.next(until)
        if not FEDERAL_RESERVE.is_business_day(until):
            FEDERAL_RESERVE.previous(until)
    except OutsideCalendar:
        values = {"asked": until, "first_year": FIRST_YEAR, "last_year": LAST_YEAR}
        raise Refused(Fault(faults.BANK_DATE_OUTSIDE_CALENDAR, values)) from None


def _days(today: date | None, until: date) -> Iterator[date]:
    last = until if FEDERAL_RESERVE.is_business_day(until) else FEDERAL_RESERVE.previous(until)
    if today is None or last <= today:
        yield last if today is None else today
        return
    day = FEDERAL_RESERVE.next(today)
    while day <= last:
        yield day
        day = FEDERAL_RESERVE.next(day)
