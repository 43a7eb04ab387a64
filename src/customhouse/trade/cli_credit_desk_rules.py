"""``customhouse desk officers`` and ``customhouse desk rules``: who decides, what is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date

    from psycopg import Connection

    from customhouse.clock import Clock

officers = typer.Typer(help="Who decides at the desk.", no_args_is_help=True)
rules = typer.Typer(help="What the desk remembers of payers.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The officer's name.")]
Credentials = Annotated[
    Path, typer.Option("--credentials", help="A new file for the token; only you may read it.")
]


@officers.command()
def add(name: Name, *, credentials: Credentials) -> None:
    """Add an officer; the token for the API is written to a new file, and not shown again."""
    from customhouse.agency import credit_officers
    from customhouse.trade.credential_file import CredentialFile

    with CredentialFile(credentials) as kept, connected() as connection:
        token = credit_officers.add(connection, name, added_on=today(connection))
        kept.write_officer(name, token)
    typer.echo(f"{name} is an officer of the desk; the token is in {credentials}")


@officers.command()
def renew(name: Name, *, credentials: Credentials) -> None:
    """Give an officer a new token, written to a new file; the one before opens nothing any more."""
    from customhouse.agency import credit_officers
    from customhouse.trade.credential_file import CredentialFile

    with CredentialFile(credentials) as kept, connected() as connection:
        kept.write_officer(name, credit_officers.renew(connection, name))
    typer.echo(f"{name} has a new token, in {credentials}; the one before opens nothing any more")


@officers.command("list")
def list_officers() -> None:
    """List who decides or decided at the desk."""
    from customhouse.agency import credit_officers

    with connected() as connection:
        found = credit_officers.listing(connection)
    for each in found:
        ended = f", ended {each.ended_on}" if each.ended_on else ""
        typer.echo(f"{each.name}  since {each.added_on}{ended}")
    if not found:
        typer.echo("There is no officer; add one: customhouse desk officers add NAME.")


@officers.command()
def end(name: Name) -> None:
    """End an officer's office: the token opens nothing any more, the decisions stay."""
    from customhouse.agency import credit_officers

    with connected() as connection:
        credit_officers.end(connection, name, ended_on=today(connection))
    typer.echo(f"{name} decides no more.")


@rules.command("list")
def list_rules(
    *,
    every: Annotated[bool, typer.Option("--all", help="Those that were ended, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Give a line of JSON for each.")] = False,
) -> None:
    """List what the desk remembers, newest first."""
    from customhouse.agency import credit_desk_lessons
    from customhouse.agency.credit_desk_document import spelled_rule

    with connected() as connection:
        found = credit_desk_lessons.listing(connection, every=every)
    for each in found:
        if as_json:
            typer.echo(json.dumps(spelled_rule(each)))
            continue
        ended = f"; ended {each.ends_on} by {each.ended_by}" if each.ends_on else ""
        typer.echo(
            f"{each.rule_id:>6}  {each.payer_identifier} through {each.company_identification}:"
            f" {each.words}; since {each.starts_on} by {each.made_by}{ended}"
        )
    if not found and not as_json:
        typer.echo("Nothing is remembered.")


@rules.command("end")
def end_rule(
    rule: Annotated[int, typer.Argument(metavar="RULE", help="The rule's number.", min=1)],
    officer: Annotated[str, typer.Option("--officer", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.")],
) -> None:
    """End a rule for what arrives from now on; what it matched stays matched."""
    from customhouse.agency import credit_desk_lessons, credit_officers
    from customhouse.agency.credit_desk_cases import desk_of
    from customhouse.formats.txp import CUSTOMS_PROFILE

    with connected() as connection:
        named = credit_officers.by_name(connection, officer)
        desk = desk_of(
            connection, named, clock=clock_of(connection), profile=CUSTOMS_PROFILE, tried=False
        )
        credit_desk_lessons.end(connection, rule, reason=reason, desk=desk)
    typer.echo(f"Rule {rule} is ended.")


def connected() -> AbstractContextManager[Connection]:
    """Connect to the agency's database, for one transaction."""
    from customhouse import database
    from customhouse.settings import Settings

    return database.connect(Settings.from_environment(), "agency")


def today(connection: Connection) -> date:
    """Give the latest business date; raise Refused (no-business-day) before the first."""
    from customhouse.agency import business_day
    from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused

    day = business_day.latest(connection)
    if day is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    return day.business_date


def clock_of(connection: Connection) -> Clock:
    """Give the machine's clock, or in a rehearsal one on the agency's business date."""
    from customhouse.clock import RehearsalClock, SystemClock
    from customhouse.settings import Settings

    if Settings.from_environment().clock == "system":
        return SystemClock()
    return RehearsalClock(today(connection))
