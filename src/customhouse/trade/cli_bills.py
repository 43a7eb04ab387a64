"""Bills on the command line: what is owed since a settled debit came back."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="See the bills for returned debits.", no_args_is_help=True)


@app.command("list")
def list_bills(
    filer: Annotated[str | None, typer.Option("--filer", help="One filer's only.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Show the paid ones too.")] = False,
) -> None:
    """List the open bills, newest first: number, statement, amount, day due."""
    from customhouse import database
    from customhouse.agency import bills
    from customhouse.money import format_dollars
    from customhouse.settings import Settings

    codes = None if filer is None else [filer]
    with database.connect(Settings.from_environment(), "agency") as connection:
        found = bills.bills(connection, codes, open_only=not every)
    for bill in found:
        paid = f", paid {bill.paid_on}" if bill.paid_on else f", due {bill.due_on}"
        by_credit = " by ACH Credit" if bill.is_paid_by_credit else ""
        typer.echo(
            f"{bill.bill_number}  {bill.filer_code} statement {bill.statement_number}"
            f" {format_dollars(bill.amount_cents):>16}  {bill.return_code},"
            f" issued {bill.issued_on}{paid}{by_credit}"
        )
    if not found:
        typer.echo("No bill is open." if not every else "There is no bill.")
