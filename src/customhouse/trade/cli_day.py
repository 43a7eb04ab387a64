"""The agency's day on the command line: run it, list its steps, say where it stands."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

if TYPE_CHECKING:
    from customhouse.agency.day import Agency
    from customhouse.settings import Settings

app = typer.Typer(help="Run the agency's business day.", invoke_without_command=True)

PARTS = ("morning", "evening", "all")


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
) -> None:
    """Run the agency's business day: today's, or every day up to DATE (YYYY-MM-DD)."""
    if context.invoked_subcommand is not None:
        return
    if part not in PARTS:
        raise typer.BadParameter(f"{part!r} is not one of {', '.join(PARTS)}", param_hint="--part")
    if list_steps:
        _list()
        return
    wanted = _read_date(until) if until else None
    _run(wanted, cast(Literal["morning", "evening", "all"], part))


def _read_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a date YYYY-MM-DD", param_hint="--until"
        ) from None


def _list() -> None:
    from customhouse.agency.day import STEPS

    for step in STEPS:
        typer.echo(f"{step.part:8} {step.name}")


def _run(until: date | None, part: Literal["morning", "evening", "all"]) -> None:
    from customhouse.agency import day
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    last = until or _next_date(settings)
    days = day.days_until(agency_of(settings, last), last)
    if not days:
        typer.echo(f"Nothing to do: every business day up to {last} is closed.")
    for each in days:
        typer.echo(f"{each:%A %d %B %Y}")
        day.run(
            agency_of(settings, each),
            each,
            part=part if each == days[-1] else "all",
            report=lambda step, summary: typer.echo(f"  {step:32} {summary}"),
        )


def _next_date(settings: Settings) -> date:
    """Choose the date when none was given: today, or in a rehearsal the open or the next day."""
    from customhouse.agency import business_day
    from customhouse.business_days import FEDERAL_OFFICES
    from customhouse.clock import SystemClock
    from customhouse.database import connect

    if settings.clock == "rehearsal":
        with connect(settings, "agency") as connection:
            latest = business_day.latest(connection)
        if latest is not None:
            closed = latest.closed
            return FEDERAL_OFFICES.next(latest.business_date) if closed else latest.business_date
    return business_day.date_of(SystemClock().now())


def agency_of(settings: Settings, business_date: date) -> Agency:
    """Make what a day works with; in a rehearsal its clock stands on the business date."""
    from customhouse.agency.bank_link import BankLink
    from customhouse.agency.day import Agency
    from customhouse.agency.policy import Policy
    from customhouse.business_days import BY_NAME
    from customhouse.clock import RehearsalClock, SystemClock
    from customhouse.database import connect

    rehearses = settings.clock == "rehearsal"
    return Agency(
        connect=partial(connect, settings, "agency"),
        link=BankLink(settings.bank_url, settings.rails_token),
        policy=Policy(
            final_statement=settings.final_statement_policy,
            debit_calendar=BY_NAME[settings.debit_calendar],
        ),
        clock=RehearsalClock(business_date) if rehearses else SystemClock(),
    )
