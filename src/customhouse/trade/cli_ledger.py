"""The ledger on the command line: its balances, and whether every invariant holds."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.trade.counted import counted

if TYPE_CHECKING:
    from customhouse.ledger.balances import AccountBalance
    from customhouse.ledger.invariants import Invariant, Violation

app = typer.Typer(help="Show and check the ledger.", no_args_is_help=True)

WIDTH = 100
NAME_AT = 4
MEANING_AT = 32
# A broken invariant shows its first rows; the rest is for a query.
MOST_SHOWN = 5


@app.command()
def check() -> None:
    """Check every money invariant of the agency's books; exit 7 when one does not hold."""
    from customhouse import database
    from customhouse.ledger.invariants import check as find
    from customhouse.settings import Settings

    invariants = _invariants()
    broken = 0
    with database.connect(Settings.from_environment(), "agency") as connection:
        for invariant in invariants:
            violations = find(connection, [invariant])
            _tell(invariant, violations)
            broken += bool(violations)
    if broken:
        typer.echo(f"{broken} of {len(invariants)} invariants do not hold", err=True)
        raise typer.Exit(code=7)


@app.command()
def balances(
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Count up to this date (YYYY-MM-DD)."),
    ] = None,
) -> None:
    """Show every account: debits, credits, its balance, and what is in flight."""
    from customhouse import database
    from customhouse.ledger.balances import trial_balance
    from customhouse.settings import Settings
    from customhouse.trade.cli_dates import read_date

    until = read_date(as_of, "--as-of") if as_of else None
    with database.connect(Settings.from_environment(), "agency") as connection:
        lines = trial_balance(connection, until)
    _show(lines)


def _invariants() -> tuple[Invariant, ...]:
    """Give the ledger's own invariants and those that the agency adds."""
    from customhouse.agency.invariants import INVARIANTS as OF_AGENCY
    from customhouse.ledger.invariants import INVARIANTS as OF_LEDGER

    return (*OF_LEDGER, *OF_AGENCY)


def _tell(invariant: Invariant, violations: list[Violation]) -> None:
    first, *more = wrap(invariant.meaning, WIDTH - MEANING_AT)
    typer.echo(f"{'BAD' if violations else 'ok':{NAME_AT}}{invariant.name:27} {first}")
    for line in more:
        typer.echo(f"{'':{MEANING_AT}}{line}")
    if violations:
        typer.echo(f"    {counted(len(violations), 'violation')}:")
    for violation in violations[:MOST_SHOWN]:
        told = ", ".join(f"{name} {value}" for name, value in violation.values.items())
        typer.echo(f"    {told}")


def _show(lines: list[AccountBalance]) -> None:
    """Print a row for each account; columns are as wide as their amounts, which are never cut."""
    from customhouse.money import format_dollars

    heading = ("Account", "Debits", "Credits", "Balance", "In flight")
    rows = [
        (
            line.account.value.replace("_", " "),
            *map(
                format_dollars,
                (line.debit_cents, line.credit_cents, line.balance_cents, line.pending_cents),
            ),
        )
        for line in lines
    ]
    debits = format_dollars(sum(line.debit_cents for line in lines))
    credits_ = format_dollars(sum(line.credit_cents for line in lines))
    rows = [heading, *rows, ("Total", debits, credits_, "", "")]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heading))]
    for row in rows:
        first, *amounts = (
            text.ljust(width) if column == 0 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        )
        typer.echo("  ".join((first, *amounts)).rstrip())
