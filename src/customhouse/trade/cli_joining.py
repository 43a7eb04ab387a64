"""Joining ACH Debit on the command line: apply, decide, and ask how an application stands.

For the agency's officers, on its own machine, but for ``status`` and ``withdraw``, which need the
contact's secret. The secret is read from a prompt or from standard input, never from an argument.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from psycopg import Connection

    from customhouse.agency.joining import JoiningStatus
    from customhouse.clock import Clock

app = typer.Typer(help="Join ACH Debit: applications for payer units.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="The application's number.")]
Officer = Annotated[str, typer.Option("--officer", help="Who decides.")]
LARGEST_SECRET = 200


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(help="The application as JSON, or - for standard input.")],
) -> None:
    """Enter an application; print its number and the contact's secret, which is shown once.

    The payer's account is in it as the token that the bank gave, never as a number.
    """
    from customhouse.agency import joining_applications
    from customhouse.agency.joining_document import LARGEST_BYTES, read_application
    from customhouse.agency.strict_json import UnreadableJson, read_json
    from customhouse.faults import Fault, Refused
    from customhouse.trade.cli_outcomes import FILE_UNREADABLE, read_bounded

    try:
        body = read_json(read_bounded(file, LARGEST_BYTES))
    except UnreadableJson as error:
        values = {"path": file, "reason": str(error)}
        raise Refused(Fault(FILE_UNREADABLE, values)) from None
    application = read_application(body)
    with _connected() as connection:
        ticket = joining_applications.apply(connection, application, clock=_clock(connection))
    typer.echo(f"application  {ticket.application_number}")
    typer.echo(f"secret       {ticket.secret}")
    typer.echo("Give both to the contact; the secret is not shown again.")
    typer.echo("It is usually decided within 7 to 10 business days.")


@app.command("list")
def list_applications(
    *,
    every: Annotated[bool, typer.Option("--all", help="Those that are decided, too.")] = False,
) -> None:
    """List the applications that wait to be decided; no payer unit number is shown."""
    from customhouse.agency import joining_applications

    with _connected() as connection:
        found = joining_applications.listing(connection, every=every)
    for each in found:
        decided = f" on {each.decided_on} by {each.decided_by}" if each.decided_on else ""
        reason = f": {each.reason}" if each.reason else ""
        typer.echo(
            f"{each.application_number}  {each.state}{decided}{reason}  {each.payer_kind}"
            f" {each.payer_name}, contact {each.contact_name}, received {each.received_on},"
            f" wanted from {each.requested_on}"
        )
    if not found:
        typer.echo("No application waits." if not every else "There is no application.")


@app.command()
def approve(number: Number, officer: Officer) -> None:
    """Approve an application: a payer unit is issued and bound at the bank.

    Its number is told to the contact alone. Broken off, the same command goes on.
    """
    from customhouse.agency import joining_applications
    from customhouse.agency.bank_link import BankLink
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    link = BankLink(settings.bank_url, settings.rails_token)
    with _connected() as connection:
        clock = _clock(connection)
    joining_applications.approve(_connected, number, officer=officer, bind=link.bind, clock=clock)
    typer.echo(f"{number} is approved. The contact reads the payer unit number with the secret.")


@app.command()
def refuse(
    number: Number,
    officer: Officer,
    reason: Annotated[str, typer.Option("--reason", help="Why; the contact reads it.")],
) -> None:
    """Refuse an application."""
    from customhouse.agency import joining_applications

    with _connected() as connection:
        clock = _clock(connection)
        joining_applications.refuse(connection, number, officer=officer, reason=reason, clock=clock)
    typer.echo(f"{number} is refused.")


@app.command()
def status(
    number: Number,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Give it as JSON.")] = False,
) -> None:
    """Tell the contact how an application stands; the secret is asked for."""
    from customhouse.agency import joining_applications
    from customhouse.agency.joining_document import spelled_status

    secret = _secret()
    with _connected() as connection:
        clock = _clock(connection)
        found = joining_applications.status(
            connection, number, secret=secret, door="command", clock=clock
        )
    typer.echo(json.dumps(spelled_status(found)) if as_json else "\n".join(_words(found)))


@app.command()
def withdraw(number: Number) -> None:
    """Withdraw an application that is not decided; the secret is asked for."""
    from customhouse.agency import joining_applications

    secret = _secret()
    with _connected() as connection:
        clock = _clock(connection)
        joining_applications.withdraw(
            connection, number, secret=secret, door="command", clock=clock
        )
    typer.echo(f"{number} is withdrawn.")


def _words(status: JoiningStatus) -> Iterator[str]:
    yield f"application     {status.application_number}, {status.state}"
    yield f"payer           {status.payer_name}"
    if status.state == "received":
        yield f"usually decided {status.usual_from} to {status.usual_until}"
    if status.reason:
        yield f"reason          {status.reason}"
    if status.payer_unit_number is not None:
        yield f"payer unit      {status.payer_unit_number}"
        yield f"effective from  {status.effective_on or 'a day that is not known yet'}"
        yield status.account_news


def _secret() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Secret", hide_input=True))
    return sys.stdin.readline(LARGEST_SECRET).strip()


def _connected() -> AbstractContextManager[Connection]:
    from customhouse import database
    from customhouse.settings import Settings

    return database.connect(Settings.from_environment(), "agency")


def _clock(connection: Connection) -> Clock:
    """Give the machine's clock, or in a rehearsal one on the agency's business date."""
    from customhouse.agency import business_day
    from customhouse.clock import RehearsalClock, SystemClock
    from customhouse.settings import Settings

    if Settings.from_environment().clock == "system":
        return SystemClock()
    day = business_day.latest(connection)
    return SystemClock() if day is None else RehearsalClock(day.business_date)
