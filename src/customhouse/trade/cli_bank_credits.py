"""What others sent to the agency's account, on the bank's command line: list it, look at one.

For the bank's own people; account numbers are never shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import date

    from customhouse.bank.credits import ListedCredit, ShownCredit

app = typer.Typer(help="Look at what others sent to the agency's account.", no_args_is_help=True)

_KINDS = {
    "payment": "payment",
    "prenote": "prenote",
    "debit_refused": "debit, refused",
    "returned": "sent back",
}
_ADDENDA_FAULTS = {
    "missing": "announced, and none came",
    "unannounced": "not announced, and some came",
    "miscounted": "not as many as announced",
    "misnumbered": "not numbered from 1 on",
    "other-entry": "one of another entry among them",
}


@app.command("list")
def list_credits(
    *,
    day: Annotated[str, typer.Option("--date", help="The settlement date, YYYY-MM-DD.")] = "",
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Those whose settlement date has not come.")
    ] = False,
) -> None:
    """List the entries that settle on a day, or those that wait; at most 10,000.

    Without a choice the day is the business date.
    """
    from customhouse.bank import credits
    from customhouse.bank.day import business_date, open_bank
    from customhouse.settings import Settings
    from customhouse.trade.cli_dates import read_date

    if day and waiting:
        raise typer.BadParameter("give --date or --waiting", param_hint="--waiting")
    on = read_date(day, "--date") if day else None
    with open_bank(Settings.from_environment()) as (connection, _clock):
        if on is None and not waiting:
            on = _required(business_date(connection))
        lines = credits.listed(connection, on)
    for line in lines:
        typer.echo(_line(line))
    if not lines:
        typer.echo("No entry waits." if on is None else f"No entry settles on {on}.")


@app.command()
def show(
    credit_id: Annotated[str, typer.Argument(help="The entry, as the list names it.")],
) -> None:
    """Show one entry with its addenda as they came, and what became of it."""
    from customhouse.bank import credits
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    with open_bank(Settings.from_environment()) as (connection, _clock):
        credit = credits.shown(connection, credit_id)
    for name, value in _particulars(credit):
        typer.echo(f"{name:20} {value}".rstrip())
    for position, text in enumerate(credits.each_addendum(credit.addenda), 1):
        typer.echo(f"{'addendum ' + str(position):20} {text}".rstrip())


def _required(today: date | None) -> date:
    from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused

    if today is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    return today


def _line(line: ListedCredit) -> str:
    from customhouse.money import format_dollars

    amount = format_dollars(line.amount_cents)
    kind = _KINDS[line.kind] + (f" {line.return_code}" if line.return_code else "")
    addenda = f"{line.addenda_count:,} addend{'um' if line.addenda_count == 1 else 'a'}"
    return (
        f"{line.credit_id:26} {kind:19} {amount:>18}  settles {line.settled_on}"
        f"  {line.sec_code} from {line.odfi}, {line.company_name}, {addenda}"
    )


def _particulars(credit: ShownCredit) -> list[tuple[str, str]]:
    from customhouse.money import format_dollars

    told = f"as {credit.sequence}" if credit.sequence else "not told"
    found = [
        ("entry", credit.credit_id),
        ("kind", _KINDS[credit.kind]),
        ("amount", format_dollars(credit.amount_cents)),
        ("settles", credit.settled_on.isoformat()),
        ("entry class", f"{credit.sec_code}, transaction code {credit.transaction_code}"),
        ("originating bank", credit.odfi),
        ("trace number", credit.trace_number),
        ("company", f"{credit.company_name}, {credit.company_identification}"),
        ("description", credit.entry_description),
        ("identification", credit.identification_number),
        ("delivered in", credit.file_name),
        ("agency", told),
    ]
    if credit.addenda_fault:
        found.append(("wrong with addenda", _ADDENDA_FAULTS[credit.addenda_fault]))
    if credit.return_code:
        found.append(("goes back", f"{credit.return_code}, to be there by {credit.return_by}"))
        if credit.refused_on:
            found.append(("refused", f"by the agency on {credit.refused_on}"))
        where = "waits for the next file of answers"
        if credit.return_file:
            where = f"{credit.return_file} ({credit.return_state}), trace {credit.return_trace}"
        found.append(("return", where))
        if credit.returned_on:
            found.append(("return settled", credit.returned_on.isoformat()))
    return found
