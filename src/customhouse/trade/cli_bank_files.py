"""Commands of the bank about its files and about who opened accounts.

A part of ``customhouse bank``; cli_bank mounts it. Figures, names and tokens only: no account is
opened here but to write a file again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from customhouse.bank.access_log import Purpose
    from customhouse.bank.reports import DayFigures

app = typer.Typer()
_DATE = "%Y-%m-%d"


@app.command("resend")
def resend_file(name: Annotated[str, typer.Argument(help="The file's name.")]) -> None:
    """Deliver a file that has no answer once more: the same name, the same bytes.

    For when an acknowledgement never comes. The operator knows the file as a duplicate and answers
    it again; the same debits never go out in another file.
    """
    from customhouse.bank import unanswered
    from customhouse.bank.day import open_office
    from customhouse.settings import Settings

    with open_office(Settings.from_environment()) as office:
        outcome = unanswered.resend(office, name)
    if outcome == "resent":
        typer.echo(f"{name} is in the outbound folder again")
    else:
        typer.echo(f"{name} still lies in the outbound folder; the operator has not taken it")


@app.command("access-log")
def access_log(
    token: Annotated[
        str | None, typer.Option("--token", help="Only openings of this account.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(
            "--since", metavar="DATE", formats=[_DATE], help="Only on this date or later."
        ),
    ] = None,
    most: Annotated[
        int, typer.Option("--most", min=1, max=1_000_000, help="Show at most this many.")
    ] = 50,
) -> None:
    """List who opened which account, what for and when, newest first; never a number."""
    from customhouse.bank import access_log as log
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings

    first = since.date() if since else None
    with open_bank(Settings.from_environment()) as (connection, _clock):
        found = log.openings(connection, token=token, since=first, most=most)
    for each in found:
        when = each.accessed_at.astimezone(log.NEW_YORK)
        typer.echo(f"{when:%Y-%m-%d %H:%M:%S}  {each.token}  {each.opened_by}  {each.purpose}")
    if not found:
        typer.echo("No account was opened.")


@app.command("report")
def report(
    on: Annotated[
        datetime | None,
        typer.Option(
            "--on",
            metavar="DATE",
            formats=[_DATE],
            help="The date; without it the bank's business date.",
        ),
    ] = None,
) -> None:
    """Show what the bank did on a date: files, items, alarms, and accounts that were opened."""
    from customhouse.bank import access_log as log
    from customhouse.bank import reports
    from customhouse.bank.day import business_date, open_bank
    from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
    from customhouse.settings import Settings
    from customhouse.trade.cli_dates import spelled

    with open_bank(Settings.from_environment()) as (connection, _clock):
        chosen = on.date() if on else business_date(connection)
        if chosen is None:
            raise Refused(Fault(NO_BUSINESS_DAY))
        typer.echo(spelled(chosen))
        _tell_figures(reports.day_figures(connection, chosen))
        _tell_purposes(log.purposes(connection, chosen))


def _tell_figures(day: DayFigures) -> None:
    from customhouse.money import format_dollars
    from customhouse.trade.counted import counted

    sent = f"{counted(day.files_out, 'file')}, {counted(day.entries_out, 'debit')}"
    typer.echo(f"sent out         {sent}, {format_dollars(day.cents_out)}")
    if day.files_resent:
        typer.echo(f"sent again       {counted(day.files_resent, 'file')}")
    typer.echo(f"answered         {counted(day.files_answered, 'file')}")
    taken = f"{counted(day.files_taken, 'file')}, {day.files_quarantined:,} in quarantine"
    typer.echo(f"taken in         {taken}")
    items = f"{day.items_settled:,} settled, {day.items_returned:,} returned"
    typer.echo(f"items reported   {items}, {day.items_changed:,} changed")
    pushed = f"{counted(day.payments_pushed, 'payment')}, {format_dollars(day.cents_pushed)}"
    typer.echo(f"pushed           {pushed}; {day.entries_back:,} to send back")
    typer.echo(f"alarms           {day.alarms_raised:,} raised, {day.alarms_cleared:,} cleared")


def _tell_purposes(purposes: list[Purpose]) -> None:
    from customhouse.trade.counted import counted

    for each in purposes:
        openings = f"{counted(each.accounts, 'account')} in {counted(each.openings, 'opening')}"
        typer.echo(f"accounts opened  {openings} by {each.opened_by}, to {each.purpose}")
    if not purposes:
        typer.echo("accounts opened  none")
