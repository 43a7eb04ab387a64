"""Disputes about returns on the command line: see them, accept a return, dishonor it, win.

For the bank's own people. Who decides and why is kept with each decision.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from customhouse.bank.office import Office

app = typer.Typer(help="Decide disputes about returns.", no_args_is_help=True)

Dispute = Annotated[int, typer.Argument(help="The number of the dispute.", min=1)]
By = Annotated[str, typer.Option("--by", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]


@app.command("list")
def list_disputes(
    *, every: Annotated[bool, typer.Option("--all", help="Show those that have ended too.")] = False
) -> None:
    """List the disputes that go on, newest first."""
    from customhouse.bank import disputes
    from customhouse.bank.day import open_bank
    from customhouse.money import format_dollars
    from customhouse.settings import Settings

    with open_bank(Settings.from_environment()) as (connection, _clock):
        lines = disputes.disputes(connection, open_only=not every)
    for line in lines:
        amount = format_dollars(line.amount_cents)
        typer.echo(
            f"{line.dispute_id:>6}  {line.state:10} {line.dishonor_code} for {line.return_code}"
            f"  statement {line.statement_number} {amount:>16}  carried by the {line.carried_by},"
            f" {_deadline(line.state, line.dishonor_by, line.contest_by)}"
        )
    if not lines:
        typer.echo("No dispute goes on.")


@app.command()
def accept(dispute: Dispute, by: By, reason: Reason) -> None:
    """Let the return stand: the debit has come back, and the agency is told."""
    from customhouse.bank import disputes

    _decide(lambda office, on: disputes.accept(office, dispute, on=on, by=by, reason=reason))
    typer.echo(f"dispute {dispute}: lost, the return stands")


@app.command()
def dishonor(dispute: Dispute, by: By, reason: Reason) -> None:
    """Say that a return was not agreed to: it is dishonored with the bank's next files."""
    from customhouse.bank import disputes

    _decide(lambda office, _on: disputes.dishonor(office, dispute, by=by, reason=reason))
    typer.echo(f"dispute {dispute}: goes out with the next files")


@app.command()
def win(dispute: Dispute, by: By, reason: Reason) -> None:
    """End a contested dispute for which the receiving bank has paid outside of the network."""
    from customhouse.bank import disputes

    _decide(lambda office, on: disputes.win(office, dispute, on=on, by=by, reason=reason))
    typer.echo(f"dispute {dispute}: won, the debit stands")


def _decide(act: Callable[[Office, date], None]) -> None:
    from customhouse.bank.day import business_date, open_office
    from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
    from customhouse.settings import Settings

    with open_office(Settings.from_environment()) as office:
        today = business_date(office.connection)
        if today is None:
            raise Refused(Fault(NO_BUSINESS_DAY))
        act(office, today)


def _deadline(state: str, dishonor_by: date, contest_by: date | None) -> str:
    if state in ("asked", "opened"):
        return f"dishonor by {dishonor_by}"
    if state == "dishonored":
        return f"to be contested by {contest_by}"
    return "a person decides" if state == "contested" else "ended"
