"""Notifications of change on the command line: list, approve, apply, note, refuse, rules.

For the bank's own people. No command shows what a notification corrects; a customer's new account
is read from a prompt or from standard input, never from an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from customhouse.bank.office import Office

app = typer.Typer(help="Decide notifications of change.", no_args_is_help=True)

Change = Annotated[int, typer.Argument(help="The number of the change.", min=1)]
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]


@app.command("list")
def list_changes(
    *, every: Annotated[bool, typer.Option("--all", help="Show decided ones too.")] = False
) -> None:
    """List the changes that are undecided, the most urgent first."""
    from customhouse.bank import changes
    from customhouse.bank.day import open_bank
    from customhouse.formats.change_codes import CHANGE_CODES
    from customhouse.settings import Settings

    with open_bank(Settings.from_environment()) as (connection, _clock):
        lines = changes.changes(connection, open_only=not every)
    for line in lines:
        known = CHANGE_CODES.get(line.change_code)
        meaning = known.meaning if known else "An unknown code."
        more = f" ({line.remark})" if line.remark else ""
        first = f", approved by {line.approved_by}" if line.state == "approved" else ""
        typer.echo(
            f"{line.item_id:>6}  {line.state:9} payer unit {line.payer_unit_number}"
            f"  {line.change_code}: {meaning}{more} apply by {line.apply_by}{first}"
        )
    if not lines:
        typer.echo("No change is undecided.")


@app.command()
def approve(change: Change, by: By, reason: Reason) -> None:
    """Approve a change of account as the first of two persons, after asking the payer."""
    from customhouse.bank import changes

    _decide(lambda office, _on: changes.approve(office, change, by=by, reason=reason))
    typer.echo(f"change {change}: approved; another person applies it")


@app.command("apply")
def apply_change(change: Change, by: By) -> None:
    """Apply an approved change as the second person: the unit's account gets a new version."""
    from customhouse.bank import changes

    _decide(lambda office, on: changes.apply(office, change, by=by, on=on))
    typer.echo(f"change {change}: applied to debits that are in no file yet")


@app.command()
def note(change: Change, by: By, reason: Reason) -> None:
    """Close a queued notification without changing anything."""
    from customhouse.bank import changes

    _decide(lambda office, on: changes.note(office, change, by=by, reason=reason, on=on))
    typer.echo(f"change {change}: noted")


@app.command()
def refuse(
    change: Change,
    code: Annotated[str, typer.Option("--code", help="C61 to C69.")],
    by: By,
    reason: Reason,
) -> None:
    """Refuse a notification; the receiving bank is answered with the next files."""
    from customhouse.bank import changes

    words = (by, reason)
    _decide(lambda office, on: changes.refuse(office, change, code=code, on=on, words=words))
    typer.echo(f"change {change}: refused with {code}")


@app.command()
def enter(
    unit: Annotated[str, typer.Argument(help="The payer unit number.")],
    by: By,
) -> None:
    """Put a new account behind a payer unit, as its customer gave it.

    The values are read as by "bank accounts add". Notifications about the unit that came before
    are queued for review: what the customer says last wins.
    """
    from customhouse.bank import changes
    from customhouse.trade.cli_bank import given_account

    details = given_account()
    _decide(lambda office, _on: changes.enter(office, unit, details=details, by=by))
    typer.echo(f"payer unit {unit}: has a new account")


@app.command()
def rule(
    code: Annotated[str, typer.Argument(help="A change code that leaves the account number.")],
    by: By,
    reason: Reason,
    *,
    off: Annotated[bool, typer.Option("--off", help="End the rule.")] = False,
) -> None:
    """Let changes of a code be applied without a person, or end that."""
    from customhouse.bank import changes

    if off:
        _decide(lambda office, _on: changes.drop_rule(office, code))
        typer.echo(f"{code}: persons decide")
        return
    _decide(lambda office, _on: changes.set_rule(office, code, by=by, reason=reason))
    typer.echo(f"{code}: applied by rule on every bank day")


def _decide(act: Callable[[Office, date], object]) -> None:
    from customhouse.bank.day import business_date, open_office
    from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
    from customhouse.settings import Settings

    with open_office(Settings.from_environment()) as office:
        today = business_date(office.connection)
        if today is None:
            raise Refused(Fault(NO_BUSINESS_DAY))
        act(office, today)
