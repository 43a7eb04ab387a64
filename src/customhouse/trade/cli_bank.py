"""The processor bank on the command line: capture accounts, run its day, look at its files.

For the bank's own people, on the bank's own machine. Routing and account numbers are read from a
prompt or from standard input, never from an argument, and never shown.
"""

from __future__ import annotations

import sys
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.trade import (
    cli_bank_credits,
    cli_bank_files,
    cli_changes,
    cli_directory,
    cli_disputes,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from customhouse.bank.accounts import AccountDetails
    from customhouse.bank.day import StepDone

app = typer.Typer(help="Run the processor bank.", no_args_is_help=True)
accounts = typer.Typer(help="Capture bank accounts.", no_args_is_help=True)
tokens = typer.Typer(help="Issue and revoke tokens of the bank's door.", no_args_is_help=True)
keys = typer.Typer(help="Rotate the keys of the vault.", no_args_is_help=True)
app.add_typer(accounts, name="accounts")
app.add_typer(tokens, name="tokens")
app.add_typer(keys, name="keys")
app.add_typer(cli_disputes.app, name="disputes")
app.add_typer(cli_changes.app, name="changes")
app.add_typer(cli_directory.app, name="directory")
app.add_typer(cli_bank_credits.app, name="credits")
app.registered_commands.extend(cli_bank_files.app.registered_commands)

MEMBERS = ("routing_number", "account_number", "account_type", "holder_name")
LARGEST_INPUT_BYTES = 8 * 1024


@accounts.command("add")
def add_account() -> None:
    """Capture an account and print its token; the same account again has the same token.

    At a terminal the four values are asked for. Otherwise one JSON object with routing_number,
    account_number, account_type (checking or savings) and holder_name is read from standard input.
    """
    from customhouse.bank import directory, vault
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    details = given_account()
    settings = Settings.from_environment()
    with open_bank(settings) as (connection, clock):
        directory.require_participant(connection, details.routing_number, policy=settings.directory)
        opened = vault.open_keys(settings, connection)
        typer.echo(vault.capture(connection, opened, details=details, clock=clock))


@tokens.command("add")
def add_token(
    scope: Annotated[str, typer.Option("--scope", help="What it allows: capture.")],
    label: Annotated[str, typer.Option("--label", help="Who gets it.")] = "account page",
) -> None:
    """Issue a bearer token for the bank's door and print it; it is not shown again."""
    from customhouse.bank import door_tokens
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    if scope != "capture":
        raise typer.BadParameter("the only scope is capture", param_hint="--scope")
    if not 1 <= len(label) <= 60 or not label.isprintable():
        raise typer.BadParameter("1 to 60 printable characters", param_hint="--label")
    with open_bank(Settings.from_environment()) as (connection, clock):
        typer.echo(door_tokens.issue(connection, scope="capture", label=label, clock=clock))


@tokens.command("revoke")
def revoke_token(
    label: Annotated[str, typer.Argument(help="The label it was issued with.")],
) -> None:
    """Revoke every live token with this label."""
    from customhouse.bank import door_tokens
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    if not label.isprintable():
        raise typer.BadParameter("printable characters only", param_hint="LABEL")
    with open_bank(Settings.from_environment()) as (connection, clock):
        count = door_tokens.revoke(connection, label=label, clock=clock)
    typer.echo(f"{count} revoked")


@keys.command("rotate")
def rotate_keys() -> None:
    """Add a key-encryption key and put every record's data key under it; old keys stay."""
    from customhouse.bank import vault
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    with open_bank(settings) as (connection, _clock):
        rotated = vault.open_keys(settings, connection).with_new_version()
        moved = vault.rewrap(connection, rotated)
    typer.echo(f"key version {rotated.current_version} is current, {_records(moved)} moved to it")


@keys.command("list")
def list_keys() -> None:
    """Show each version of the key-encryption key and how many records it opens."""
    from customhouse.bank import vault
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    with open_bank(settings) as (connection, _clock):
        opened = vault.open_keys(settings, connection)
        counts = vault.records_by_key_version(connection)
    for version in sorted(opened.key_encryption_keys):
        state = "current" if version == opened.current_version else "old"
        typer.echo(f"key version {version}  {state:7}  {_records(counts.get(version, 0))}")


@keys.command("rewrap")
def rewrap_keys() -> None:
    """Go on with a rotation that was broken off: put what is left under the current key."""
    from customhouse.bank import vault
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    with open_bank(settings) as (connection, _clock):
        opened = vault.open_keys(settings, connection)
        moved = vault.rewrap(connection, opened)
    typer.echo(f"key version {opened.current_version} is current, {_records(moved)} moved to it")


def _records(count: int) -> str:
    return f"{count} record" if count == 1 else f"{count} records"


@keys.command("retire")
def retire_key(version: Annotated[int, typer.Argument(help="The old version.")]) -> None:
    """Destroy an old key-encryption key that no record needs any more."""
    from customhouse.bank import vault
    from customhouse.bank.day import open_office
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    # A run of the bank's day seals with the keys that it began with, so none may be under way.
    with open_office(settings) as office:
        vault.retire_key(settings, office.connection, version, clock=office.clock)
    typer.echo(f"key version {version} is destroyed")


@app.command()
def day(
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until",
            metavar="DATE",
            formats=["%Y-%m-%d"],
            help="Run every banking day up to this date; without it, the next one.",
        ),
    ] = None,
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Run more than ten banking days at once.")
    ] = False,
) -> None:
    """Run the bank's day: take files in, put due debits into files, release them.

    Run again for the same date, it has no further effect. A date on which no bank is open stops at
    the last banking day before it.
    """
    from customhouse.bank.day import days_until, next_date, open_office, run_days
    from customhouse.settings import Settings
    from customhouse.trade.cli_dates import require_few, tell_stop

    settings = Settings.from_environment()
    rehearses = settings.clock == "rehearsal"
    with open_office(settings) as office:
        target = until.date() if until else next_date(settings, office.connection)
        days = days_until(office, target, rehearsal=rehearses)
        require_few(days, kind="banking day", sure=yes)
        tell_stop(target, days[-1], kind="banking day")
        tell(run_days(office, days, rehearsal=rehearses))


@app.command()
def intake() -> None:
    """Only take in what the operator has delivered, on the bank's business date."""
    from customhouse.bank.day import open_office, run_intake
    from customhouse.settings import Settings

    with open_office(Settings.from_environment()) as office:
        tell(run_intake(office))


@app.command()
def files(
    most: Annotated[
        int, typer.Option("--most", min=1, max=1_000_000, help="Show at most this many.")
    ] = 50,
) -> None:
    """List the outbound files, newest first."""
    from customhouse.bank import reports
    from customhouse.bank.day import open_bank
    from customhouse.money import format_dollars
    from customhouse.settings import Settings

    with open_bank(Settings.from_environment()) as (connection, _clock):
        for line in reports.files(connection, most=most):
            total = format_dollars(line.debit_cents)
            noun = "entry" if line.entries == 1 else "entries"
            typer.echo(f"{line.name}  {line.state:12} {line.entries:>7} {noun:7} {total:>20}")


@app.command()
def status() -> None:
    """Show the bank's business date, its debits by state, and what needs a person."""
    from customhouse.bank import alarms, day, reports
    from customhouse.money import format_dollars
    from customhouse.settings import Settings
    from customhouse.trade.cli_dates import spelled

    with day.open_bank(Settings.from_environment()) as (connection, _clock):
        today = day.business_date(connection)
        typer.echo(f"business date  {spelled(today) if today else 'none yet'}")
        for figures in reports.debit_figures(connection):
            total = format_dollars(figures.amount_cents)
            noun = "debit" if figures.debits == 1 else "debits"
            typer.echo(f"{figures.state:14} {figures.debits:>7} {noun:6} {total:>20}")
        still_open = alarms.still_open(connection)
        for alarm in still_open:
            typer.echo(f"alarm          {alarm.sentence}")
        if not still_open:
            typer.echo("Nothing needs a person.")


def tell(steps: Iterable[StepDone], *, heading: str = "") -> None:
    """Write each day with the steps of it that did something, as they are done.

    ``heading`` stands before the date.
    """
    from customhouse.bank.day import NOTHING
    from customhouse.trade.cli_dates import spelled

    for day, done in groupby(steps, key=attrgetter("business_date")):
        typer.echo(f"{heading}{spelled(day)}")
        idle = True
        for each in done:
            if each.summary != NOTHING:
                typer.echo(f"  {each.step}: {each.summary}")
                idle = False
        if idle:
            typer.echo(f"  {NOTHING}")


@app.command("alarms")
def list_alarms() -> None:
    """List what needs a person, each with the number by which it is resolved."""
    from customhouse.bank import resolutions
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    with open_bank(Settings.from_environment()) as (connection, _clock):
        found = resolutions.open_alarms(connection)
    for each in found:
        typer.echo(f"{each.alarm_id:>6}  {each.kind:26} {each.sentence}")
    if not found:
        typer.echo("Nothing needs a person.")


@app.command()
def resolve(
    alarm: Annotated[int, typer.Argument(help="The number of the alarm.", min=1)],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option("--reason", help="Why; it is kept.")],
) -> None:
    """Clear an alarm about a report that contradicts the books: the books stand.

    For a settlement reported after a return, a file refused after its settlement, a report that
    matches nothing. No money moves; disputes and changes have commands of their own.
    """
    from customhouse.bank import resolutions
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    with open_bank(Settings.from_environment()) as (connection, clock):
        resolutions.resolve(connection, alarm, by=by, reason=reason, clock=clock)
    typer.echo(f"alarm {alarm}: resolved")


def given_account() -> AccountDetails:
    """Ask for an account at a terminal, else read it from the standard input."""
    return _asked() if sys.stdin.isatty() else _read_from_input()


def _asked() -> AccountDetails:
    from customhouse.bank.accounts import AccountDetails

    return AccountDetails.read(
        routing_number=typer.prompt("Routing number", hide_input=True),
        account_number=typer.prompt("Account number", hide_input=True),
        account_type=typer.prompt("Account type", default="checking"),
        holder_name=typer.prompt("Holder's name"),
    )


def _read_from_input() -> AccountDetails:
    from customhouse.bank import faults
    from customhouse.bank.accounts import AccountDetails
    from customhouse.bank.strict_json import JsonFault, read_flat_object, require_members
    from customhouse.faults import Fault, Refused

    try:
        values = read_flat_object(sys.stdin.buffer.read(LARGEST_INPUT_BYTES))
        require_members(values, dict.fromkeys(MEMBERS, str))
    except JsonFault as fault:
        raise Refused(Fault(faults.JSON_UNREADABLE, {"reason": str(fault)})) from None
    return AccountDetails.read(**{name: str(values[name]) for name in MEMBERS})
