"""Payer units on the command line: which are suspended and why, suspend one, lift it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from psycopg import Connection

    from customhouse.clock import Clock
    from customhouse.settings import Settings

app = typer.Typer(help="Suspend payer units and lift it again.", no_args_is_help=True)

Unit = Annotated[str, typer.Argument(help="The payer unit number.")]
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept and told to the filers.")]


@app.command("list")
def list_suspensions(
    unit: Annotated[str | None, typer.Argument(help="One payer unit only.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Show those that were lifted too.")] = False,
) -> None:
    """List the suspended payer units, newest first."""
    from customhouse import database
    from customhouse.agency import suspensions
    from customhouse.settings import Settings

    with database.connect(Settings.from_environment(), "agency") as connection:
        found = suspensions.suspensions(connection, unit=unit, open_only=not every)
    for each in found:
        lifted = f"; lifted {each.lifted_on} by {each.lifted_by}: {each.lifting_reason}"
        typer.echo(
            f"{each.payer_unit_number}  since {each.suspended_on} by {each.suspended_by}:"
            f" {each.reason}{lifted if each.lifted_on else ''}"
        )
    if not found:
        typer.echo("No payer unit is suspended.")


@app.command()
def suspend(unit: Unit, by: By, reason: Reason) -> None:
    """Suspend a payer unit: it pays nothing more, and the bank holds its waiting debits."""
    from customhouse.agency import suspensions

    _decide(
        lambda connection, clock: suspensions.suspend(
            connection, unit, reason=reason, by=by, clock=clock
        )
    )
    typer.echo(f"payer unit {unit}: suspended")
    _tell_bank()


@app.command()
def lift(unit: Unit, by: By, reason: Reason) -> None:
    """Lift a suspension: the payer unit may be used again from now on."""
    from customhouse.agency import suspensions

    _decide(
        lambda connection, clock: suspensions.lift(
            connection, unit, reason=reason, by=by, clock=clock
        )
    )
    typer.echo(f"payer unit {unit}: may be used again")
    _tell_bank()


def _decide(act: Callable[[Connection, Clock], None]) -> None:
    from customhouse import database
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    with database.connect(settings, "agency") as connection:
        act(connection, _clock(settings, connection))


def _clock(settings: Settings, connection: Connection) -> Clock:
    """Give the machine's clock or, in a rehearsal, one that stands on the business date."""
    from customhouse.agency import business_day
    from customhouse.clock import RehearsalClock, SystemClock

    latest = business_day.latest(connection) if settings.clock == "rehearsal" else None
    return SystemClock() if latest is None else RehearsalClock(latest.business_date)


def _tell_bank() -> None:
    """Tell the bank at once; when it does not answer, the evening of the day tells it."""
    from functools import partial

    from customhouse import database
    from customhouse.agency.bank_link import BankLink
    from customhouse.agency.suspension_news import push_standings
    from customhouse.clock import SystemClock
    from customhouse.faults import Refused
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    link = BankLink(settings.bank_url, settings.rails_token)
    try:
        push_standings(partial(database.connect, settings, "agency"), link, SystemClock())
    except Refused:
        typer.echo("the bank does not answer; it is told in the evening of the business date")
        return
    typer.echo("the bank knows")
