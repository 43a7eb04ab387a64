"""A business date of the agency, step by step, in order: read this file to know how it works.

Each step may run again at any time: what it did before has no second effect. The morning opens
the date, takes what the bank has reported and what payers have pushed, sends the final statements
that are due, prints the preliminary ones and holds the account against the bank; filers work while
the date is open; the evening closes the date, hands the accepted payments to the bank, takes its
news and late credits once more and tells it which payer units are stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from psycopg import Connection

from customhouse import faults
from customhouse.agency import (
    bank_link,
    business_day,
    checkpoints,
    closures,
    credit_pools,
    credit_returns,
    credits,
    finals,
    mail_sending,
    payer_unit_refusals,
    print_run,
    suspension_news,
    treasury_checks,
    unit_prenotes,
)
from customhouse.agency import day_store as sql
from customhouse.agency.credit_parts import Today
from customhouse.agency.policy import Policy
from customhouse.agency.print_dates import PRINT_STEP
from customhouse.business_days import LAST_YEAR, OutsideCalendar
from customhouse.clock import Clock
from customhouse.database import retrying
from customhouse.faults import Fault, Refused
from customhouse.formats.txp import CUSTOMS_PROFILE, TxpProfile
from customhouse.money import format_dollars

Connect = Callable[[], AbstractContextManager[Connection]]
Part = Literal["morning", "evening", "all"]
Report = Callable[[str, str], None]

NOT_A_PROCESSING_DAY = faults.declare(
    "not-a-processing-day",
    sentence="{business_date} is no processing day of the agency.",
    next_step="Run a business day; {next_day} is the next one.",
)
DAY_OUT_OF_ORDER = faults.declare(
    "day-out-of-order",
    sentence="{business_date} cannot be run: the latest business day is {latest}, {state}.",
    next_step="Run the days in order: finish {latest}, then the days behind it.",
)
DAY_OUTSIDE_CALENDAR = faults.declare(
    "day-outside-calendar",
    sentence="{until} is beyond the calendar, which ends with {last_year}.",
    next_step="Run the days up to an earlier date.",
)
DAY_RUNNING = faults.declare(
    "day-running",
    sentence="Another run is at work at the agency's day.",
    next_step="Wait until it has ended, then run the day again.",
    http_status=409,
    exit_code=75,
)


@dataclass(frozen=True, slots=True)
class Agency:
    """What the steps of a day work with."""

    connect: Connect
    link: bank_link.BankLink
    policy: Policy
    clock: Clock
    # How the addenda of payments are read.
    profile: TxpProfile = CUSTOMS_PROFILE
    # How payers' mails are sent; None leaves them waiting.
    post: mail_sending.Post | None = None
    # Where the bank tells what moved on the account; None compares nothing.
    account: bank_link.BankLink | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the day: its name, the part of the day, and what it does; gives a summary."""

    name: str
    part: Literal["morning", "evening"]
    run: Callable[[Agency, date], str]


def _counted(number: int, noun: str) -> str:
    """Say a number of things: 1 statement, 2 statements."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _figures(agency: Agency, business_date: date, step: str) -> Counter[str]:
    """Give what a step has done on a day, in all its runs together."""
    with agency.connect() as connection:
        return checkpoints.figures(connection, business_date, step)


def _open(agency: Agency, business_date: date) -> str:
    with agency.connect() as connection:
        business_day.open_day(connection, business_date, agency.clock)
    return "open"


def _take_bank_events(agency: Agency, business_date: date, *, step: str) -> str:
    bank_link.take_events(
        agency.connect, agency.link, agency.clock, business_date=business_date, step=step
    )
    done = _figures(agency, business_date, step)
    words = _counted(done["events"], "event")
    words += f": {done['settled']} settled, {done['returned']} returned"
    if done["refused"]:
        words += f", {done['refused']} refused"
    if done["unmatched"]:
        words += f", {done['unmatched']} UNMATCHED"
    return words


def _take_credits(agency: Agency, business_date: date, *, step: str) -> str:
    credits.take_credits(
        agency.connect,
        agency.link,
        profile=agency.profile,
        today=Today(business_date, agency.clock),
        step=step,
    )
    done = _figures(agency, business_date, step)
    words = f"{_counted(done['payments'], 'payment')} with {format_dollars(done['cents'])} in all"
    words += f": {_counted(done['paid'], 'statement')} paid, {done['waiting']:,} waiting"
    if done["owed_back"]:
        words += f", {done['owed_back']:,} owed back"
    if done["prenotes"]:
        words += f"; {_counted(done['prenotes'], 'prenote')}"
    if done["refused"]:
        words += f"; {_counted(done['refused'], 'debit')} refused"
    return words


def _hand_over_refused(agency: Agency, business_date: date) -> str:
    today = Today(business_date, agency.clock)
    credit_returns.hand_over(agency.connect, agency.link, today=today)
    done = _figures(agency, business_date, credit_returns.PUSH_STEP)
    words = f"{_counted(done['delivered'], 'payment')} to be sent back"
    if done["refused"]:
        words += f", {done['refused']} NOT TAKEN"
    return words


def _take_returned(agency: Agency, business_date: date, *, step: str) -> str:
    today = Today(business_date, agency.clock)
    unmatched = credit_returns.take_news(agency.connect, agency.link, today=today, step=step)
    done = _figures(agency, business_date, step)
    words = f"{_counted(done['returned'], 'payment')} with {format_dollars(done['cents'])} gone"
    return f"{words}, {unmatched} UNMATCHED" if unmatched else words


def _settle_ripe(agency: Agency, business_date: date) -> str:
    today = Today(business_date, agency.clock)
    settled = credit_pools.settle_ripe(agency.connect, today=today)
    return f"{_counted(settled, 'statement')} settled"


def _take_prenotes(agency: Agency, business_date: date) -> str:
    del business_date
    heard = unit_prenotes.take_prenotes(agency.connect, agency.link, agency.clock)
    return _counted(heard, "payer unit") + " heard of"


def _send_finals(agency: Agency, business_date: date) -> str:
    run = finals.send_finals(
        agency.connect, business_date, policy=agency.policy, clock=agency.clock
    )
    done = _figures(agency, business_date, finals.STEP)
    words = _counted(done["sent"], "final statement")
    if run.failed:
        words += f", {len(run.failed)} NOT SENT: {', '.join(run.failed[:5])}"
    return words


def _move_dates(agency: Agency, business_date: date) -> str:
    def move() -> int:
        with agency.connect() as connection:
            return closures.redate(connection, agency.policy, on=business_date)

    return f"{retrying(move):,} moved"


def _print_preliminaries(agency: Agency, business_date: date) -> str:
    run = print_run.print_statements(
        agency.connect, business_date, agency.clock, policy=agency.policy
    )
    done = _figures(agency, business_date, print_run.STEP)
    words = (
        f"{_counted(done['statements'], 'statement')} with {done['entries']:,}"
        f" entr{'y' if done['entries'] == 1 else 'ies'}, {format_dollars(done['total_cents'])} due"
    )
    if run.failed:
        words += f", {len(run.failed)} NOT PRINTED: {', '.join(run.failed[:5])}"
    return words


def _look_for_misuse(agency: Agency, business_date: date) -> str:
    with agency.connect() as connection:
        alerts = payer_unit_refusals.fraud_alerts(connection, since=business_date)
    found = [each for each in alerts if each.business_date == business_date]
    if not found:
        return "none"
    told = [f"{each.filer_code} ({each.refusals} refused)" for each in found[:5]]
    return f"{_counted(len(found), 'FRAUD ALERT')}: {', '.join(told)}"


def _push_standings(agency: Agency, business_date: date) -> str:
    del business_date
    told = suspension_news.push_standings(agency.connect, agency.link, agency.clock)
    return _counted(told, "payer unit") + " told of"


def _push_instructions(agency: Agency, business_date: date) -> str:
    delivery = bank_link.push_instructions(
        agency.connect, agency.link, agency.clock, business_date=business_date
    )
    done = _figures(agency, business_date, bank_link.PUSH_STEP)
    words = f"{_counted(done['delivered'], 'debit')} handed to the bank"
    if delivery.refused:
        words += f", {len(delivery.refused)} NOT TAKEN: {', '.join(delivery.refused[:5])}"
    return words


def _compare_with_bank(agency: Agency, business_date: date) -> str:
    if agency.account is None:
        return "0 days agree"
    return treasury_checks.look_back(
        agency.connect, agency.account, business_date=business_date, clock=agency.clock
    )


def _send_mail(agency: Agency, business_date: date) -> str:
    del business_date
    if agency.post is None:
        return mail_sending.Sent().in_words()
    return mail_sending.send_waiting(agency.connect, agency.post, agency.clock).in_words()


def _close(agency: Agency, business_date: date) -> str:
    with agency.connect() as connection:
        business_day.close_day(connection, business_date, agency.clock)
    return "closed"


STEPS: tuple[Step, ...] = (
    Step("open the business date", "morning", _open),
    Step("take the bank's events", "morning", partial(_take_bank_events, step="events")),
    Step("hear of prenotes", "morning", _take_prenotes),
    Step("take incoming credits", "morning", partial(_take_credits, step="credits")),
    Step("hear of payments sent back", "morning", partial(_take_returned, step="returned")),
    Step("send final statements", "morning", _send_finals),
    Step("move what a closing moves", "morning", _move_dates),
    Step(PRINT_STEP, "morning", _print_preliminaries),
    Step("send payers their mail", "morning", _send_mail),
    # Behind everything that somebody waits for: it only looks, and a long day takes its time.
    Step("compare with the bank", "morning", _compare_with_bank),
    Step("close the business date", "evening", _close),
    # Entries were taken off and debits authorized while payments waited for their statements.
    Step("look again at waiting payments", "evening", _settle_ripe),
    Step("look for misused payer units", "evening", _look_for_misuse),
    Step("hand debits to the bank", "evening", _push_instructions),
    Step("hand refused payments to the bank", "evening", _hand_over_refused),
    Step("take the bank's news", "evening", partial(_take_bank_events, step="news")),
    Step("take the credits of the day", "evening", partial(_take_credits, step="late credits")),
    Step("hear what went back today", "evening", partial(_take_returned, step="late returned")),
    # Last, so that a unit which the news stops is in none of the bank's files of that night.
    Step("tell the bank of stopped payer units", "evening", _push_standings),
    Step("send the mail of the day", "evening", _send_mail),
)


def run(agency: Agency, business_date: date, *, part: Part = "all", report: Report) -> None:
    """Run the steps of a business date in order, all or one part of the day.

    Raises Refused when the date is no processing day or not next in order, or when another run is
    at work (day-running). Each finished step is
    kept in the database with its summary and told to ``report`` as (step, summary).
    """
    with _turn(agency):
        _run(agency, business_date, part=part, report=report)


def _run(agency: Agency, business_date: date, *, part: Part, report: Report) -> None:
    _require_in_order(agency, business_date)
    for step in STEPS:
        if part not in ("all", step.part):
            continue
        summary = step.run(agency, business_date)
        with agency.connect() as connection:
            business_day.record_step(
                connection, business_date, step=step.name, summary=summary, clock=agency.clock
            )
        report(step.name, summary)


@contextmanager
def _turn(agency: Agency) -> Iterator[None]:
    """Let one run at a time work at the day (failure B12); the turn ends with its connection."""
    with agency.connect() as connection:
        connection.autocommit = True
        row = connection.execute(sql.TAKE_TURN).fetchone()
        if not (row and row[0]):
            raise Refused(Fault(DAY_RUNNING))
        try:
            yield
        finally:
            if not connection.broken:
                connection.execute(sql.END_TURN)


def _require_in_order(agency: Agency, business_date: date) -> None:
    with agency.connect() as connection:
        calendar = closures.calendars(connection, agency.policy, on=business_date).agency
        latest = business_day.latest(connection)
    if not calendar.is_business_day(business_date):
        following = {"business_date": business_date, "next_day": calendar.next(business_date)}
        raise Refused(Fault(NOT_A_PROCESSING_DAY, following))
    if latest is None or business_date == latest.business_date:
        return
    if business_date < latest.business_date or not latest.closed:
        state = "closed" if latest.closed else "still open"
        values: dict[str, object] = {
            "business_date": business_date,
            "latest": latest.business_date,
            "state": state,
        }
        raise Refused(Fault(DAY_OUT_OF_ORDER, values))


def days_until(agency: Agency, until: date) -> list[date]:
    """List the processing days from the latest day that is not closed up to a date, inclusive.

    Raise Refused (day-outside-calendar) when the calendar ends before.
    """
    with agency.connect() as connection:
        calendar = closures.calendars(connection, agency.policy, on=until).agency
        latest = business_day.latest(connection)
    if latest is None:
        return [until]
    first = calendar.next(latest.business_date) if latest.closed else latest.business_date
    days = []
    day = first
    try:
        while day <= until:
            days.append(day)
            day = calendar.next(day)
    except OutsideCalendar:
        raise Refused(
            Fault(DAY_OUTSIDE_CALENDAR, {"until": until, "last_year": LAST_YEAR})
        ) from None
    return days
