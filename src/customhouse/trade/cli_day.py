"""The agency's day on the command line: run it, list its steps, say where it stands."""

from __future__ import annotations

import re
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from customhouse.faults import Fault, Refused, declare
from customhouse.trade import cli_closures
from customhouse.trade.cli_dates import read_date, require_few, spelled, tell_stop

if TYPE_CHECKING:
    from customhouse.agency.day import Agency
    from customhouse.business_days import Calendar
    from customhouse.settings import Settings

app = typer.Typer(help="Run the agency's business day.", invoke_without_command=True)
app.command("closures")(cli_closures.closures)

PARTS = ("morning", "evening", "all")
Part = Literal["morning", "evening", "all"]

AGENCY_DATE_FUTURE = declare(
    "agency-date-future",
    sentence="{asked} has not come yet: today is {today}, and the agency's date never goes back.",
    next_step="Give {today} or an earlier date; only a rehearsal runs ahead of the calendar.",
    http_status=409,
)
# The summary of a step that found nothing new.
_NOTHING_NEW = re.compile(r"(was )?(open|closed)|0 [a-z ]+((:|,| with) [$0.]+ [a-z ]+)*")


@app.callback(invoke_without_command=True)
def run_day(
    context: typer.Context,
    *,
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="Run every business day up to DATE.")
    ] = "",
    part: Annotated[
        str, typer.Option("--part", help="morning, evening or all (the default).")
    ] = "all",
    list_steps: Annotated[
        bool, typer.Option("--list", help="List the steps of a day and do nothing.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Run more than ten business days at once.")
    ] = False,
) -> None:
    """Run the agency's business day: today's, or every day up to DATE (YYYY-MM-DD).

    Run again, a day has no further effect. A DATE that is no business day stops at the last one
    before it.
    """
    if context.invoked_subcommand is not None:
        return
    if part not in PARTS:
        raise typer.BadParameter(f"{part!r} is not one of {', '.join(PARTS)}", param_hint="--part")
    if list_steps:
        _list()
        return
    wanted = read_date(until, "--until") if until else None
    _run(wanted, cast(Part, part), sure=yes)


def _list() -> None:
    from customhouse.agency.day import STEPS

    for step in STEPS:
        typer.echo(f"{step.part:8} {step.name}")


def _run(until: date | None, part: Part, *, sure: bool) -> None:
    from customhouse.agency import day
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    asked = until or _next_date(settings)
    _require_come(settings, asked)
    last = _last_business_day(asked, calendar_on(settings, asked))
    days = day.days_until(agency_of(settings, last), last)
    require_few(days, kind="business day", sure=sure)
    tell_stop(asked, last, kind="business day")
    if not days:
        typer.echo(f"Nothing to do: every business day up to {spelled(last)} is closed.")
    for each in days:
        typer.echo(spelled(each))
        run_one(settings, each, part if each == days[-1] else "all")


def run_one(settings: Settings, on: date, part: Part) -> None:
    """Run a part of one business day and write a line for each step; raises what a day raises."""
    from customhouse.agency import business_day, day

    agency = agency_of(settings, on)
    with agency.connect() as connection:
        before = business_day.finished_steps(connection, on)

    def tell(step: str, summary: str) -> None:
        again = step in before and _NOTHING_NEW.fullmatch(summary)
        typer.echo(f"  {step:32} {'done before' if again else summary}")

    day.run(agency, on, part=part, report=tell)


def _require_come(settings: Settings, asked: date) -> None:
    """Refuse (agency-date-future) a date to come: on the system's clock no day is run ahead."""
    from customhouse.agency import business_day
    from customhouse.clock import SystemClock

    today = business_day.date_of(SystemClock().now())
    if settings.clock != "rehearsal" and asked > today:
        raise Refused(Fault(AGENCY_DATE_FUTURE, {"today": today, "asked": asked}))


def calendar_on(settings: Settings, on: date) -> Calendar:
    """Give the agency's working days with the closings that count on a business date."""
    from customhouse.agency.closures import calendars
    from customhouse.agency.policy import Policy
    from customhouse.database import connect

    with connect(settings, "agency") as connection:
        return calendars(connection, Policy(), on=on).agency


def _last_business_day(asked: date, calendar: Calendar) -> date:
    """Give the date itself or the last business day before it."""
    from customhouse.business_days import OutsideCalendar

    try:
        return asked if calendar.is_business_day(asked) else calendar.previous(asked)
    except OutsideCalendar:
        # The day itself says what is wrong with the date.
        return asked


def _next_date(settings: Settings) -> date:
    """Choose the date when none was given: today, or in a rehearsal the open or the next day."""
    from customhouse.agency import business_day
    from customhouse.clock import SystemClock
    from customhouse.database import connect

    if settings.clock == "rehearsal":
        with connect(settings, "agency") as connection:
            latest = business_day.latest(connection)
        if latest is not None:
            if not latest.closed:
                return latest.business_date
            return calendar_on(settings, latest.business_date).next(latest.business_date)
    return business_day.date_of(SystemClock().now())


def agency_of(settings: Settings, business_date: date) -> Agency:
    """Make what a day works with; in a rehearsal its clock stands on the business date."""
    from customhouse.agency.bank_link import BankLink
    from customhouse.agency.day import Agency
    from customhouse.agency.mail_sending import Post
    from customhouse.agency.mail_servers import session_of
    from customhouse.agency.policy import Policy
    from customhouse.business_days import BY_NAME
    from customhouse.clock import RehearsalClock, SystemClock
    from customhouse.database import connect

    rehearses = settings.clock == "rehearsal"
    link = BankLink(settings.bank_url, settings.rails_token)
    return Agency(
        connect=partial(connect, settings, "agency"),
        link=link,
        account=link,
        policy=Policy(
            final_statement=settings.final_statement_policy,
            debit_calendar=BY_NAME[settings.debit_calendar],
            cut_off=settings.cut_off,
        ),
        clock=RehearsalClock(business_date) if rehearses else SystemClock(),
        post=Post(
            partial(session_of, settings.mail_server, settings.mail_directory),
            settings.mail_sender,
        ),
        profile=settings.txp_profile,
    )
