"""The treasury on the command line: a day of the agency's account, the bank against the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.faults import Fault, Refused, declare
from customhouse.trade.cli_dates import read_date, spelled

if TYPE_CHECKING:
    from customhouse.agency.day import Agency
    from customhouse.agency.treasury_days import Movement, TreasuryDay
    from customhouse.settings import Settings

app = typer.Typer(help="Compare the account at the bank with the ledger.", no_args_is_help=True)

DIFFERS = 7
# As after every other fault that ends by waiting.
UNFINISHED = 75
# So many lines that differ are told; the files hold all of them.
MOST_DIFFERING_TOLD = 200
# So many parts of one payment are told in a line each.
MOST_PARTS_TOLD = 5

EXPORT_UNSOUND = declare(
    "treasury-export-unsound",
    sentence="The BAI2 file of {day} is not sound and was not kept: {reason}.",
    next_step="Report it with this line: what the program wrote does not pass its own check.",
    http_status=500,
)


@app.command("day")
def show_day(
    on: Annotated[str, typer.Argument(metavar="DATE", help="The settlement day (YYYY-MM-DD).")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Give a line of JSON for each movement, then totals.")
    ] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Keep the day as CSV.")
    ] = None,
    bai2_file: Annotated[
        Path | None, typer.Option("--bai2", metavar="FILE", help="Keep the bank's side as BAI2.")
    ] = None,
) -> None:
    """Show what moved on the agency's account on a day, and what it paid, against the ledger.

    Asks the bank anew each time. Every movement is told in a line unless a file is asked for.
    Ends with 7 when the two sides differ, and names each line that does. The agency hears of a day
    on the morning of its next business day: run it after that. Before, it says that the day is not
    over, keeps no file and ends with 75.
    """
    from customhouse.agency import treasury_days
    from customhouse.settings import Settings
    from customhouse.trade.cli_day import agency_of

    day = read_date(on, "DATE")
    settings = Settings.from_environment()
    business_date = _business_date(settings)
    agency = agency_of(settings, business_date)
    taking = treasury_days.take(agency.connect, agency.link, day=day, clock=agency.clock)
    unfinished = taking.unfinished_words(business_date)
    wants_file = csv_file is not None or bai2_file is not None
    if unfinished and wants_file:
        raise Refused(Fault(treasury_days.TREASURY_DAY_UNFINISHED, {"day": day, "why": unfinished}))
    if unfinished:
        typer.echo(f"NOT OVER: {unfinished}. What is told is not final.", err=as_json)
    comparing = treasury_days.compared(
        agency.connect, taking, clock=agency.clock, is_over=not unfinished
    )
    with comparing as compared:
        _keep_files(compared, settings, agency, csv_file=csv_file, bai2_file=bai2_file)
        if as_json:
            _tell_json(compared, unfinished)
        else:
            _tell(compared, settings, every=not wants_file)
        _tell_differing(compared, unfinished)
    if unfinished:
        raise typer.Exit(UNFINISHED)
    if compared.totals.differing:
        raise typer.Exit(DIFFERS)


@app.command("check")
def check_days() -> None:
    """Compare the last seven days at the bank with the ledger, and those that differed before.

    For every morning, after the agency's. Ends with 7 when a day differs; until it agrees,
    customhouse ledger check says so as well. Ends with 75 when none does and one is not over.
    """
    from customhouse.agency import treasury_days
    from customhouse.settings import Settings
    from customhouse.trade.cli_day import agency_of

    settings = Settings.from_environment()
    business_date = _business_date(settings)
    agency = agency_of(settings, business_date)
    with agency.connect() as connection:
        days = treasury_days.days_to_check(connection, business_date)
    differing = open_days = 0
    for day in days:
        taking = treasury_days.take(agency.connect, agency.link, day=day, clock=agency.clock)
        unfinished = taking.unfinished_words(business_date)
        comparing = treasury_days.compared(
            agency.connect, taking, clock=agency.clock, is_over=not unfinished
        )
        with comparing as compared:
            typer.echo(_day_line(compared, unfinished))
            _tell_differing(compared, unfinished)
        open_days += bool(unfinished)
        differing += bool(compared.totals.differing) and not unfinished
    if differing or open_days:
        raise typer.Exit(DIFFERS if differing else UNFINISHED)


def _day_line(compared: TreasuryDay, unfinished: str) -> str:
    from customhouse.money import format_dollars

    totals = compared.totals
    word = "agrees"
    if totals.differing:
        word = "DIFFERS by " + format_dollars(totals.difference_cents)
    if unfinished:
        word = f"NOT OVER: {unfinished}"
    return (
        f"{spelled(compared.day):27}  {totals.bank_lines:>9,} {_noun(totals.bank_lines):9}"
        f"  {format_dollars(totals.bank_cents):>18}  {word}"
    )


def _business_date(settings: Settings) -> date:
    """Give the agency's latest business date; raise Refused before the first was opened."""
    from customhouse.agency import business_day
    from customhouse.database import connect
    from customhouse.faults import NO_BUSINESS_DAY

    with connect(settings, "agency") as connection:
        latest = business_day.latest(connection)
    if latest is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    return latest.business_date


def _keep_files(
    compared: TreasuryDay,
    settings: Settings,
    agency: Agency,
    *,
    csv_file: Path | None,
    bai2_file: Path | None,
) -> None:
    from customhouse.agency import treasury_exports
    from customhouse.trade.kept_files import as_bytes, keep

    if csv_file is not None:
        keep(csv_file, treasury_exports.csv_pieces(compared))
        typer.echo(f"kept as {csv_file}", err=True)
    if bai2_file is not None:
        lines = treasury_exports.bai2_lines(
            compared,
            routing=settings.collection_routing,
            account=settings.collection_account,
            created=agency.clock.now(),
        )
        keep(bai2_file, as_bytes(lines), look=lambda path: _require_sound(path, compared.day))
        typer.echo(f"kept as {bai2_file}", err=True)


def _require_sound(path: Path, day: date) -> None:
    """Refuse (treasury-export-unsound) a file that the strict reader finds a fault in."""
    from customhouse.formats import bai2_check

    with path.open(encoding="ascii") as stream:
        fault = next(bai2_check.faults(stream), None)
    if fault is not None:
        raise Refused(Fault(EXPORT_UNSOUND, {"day": day, "reason": fault}))


def _tell_json(compared: TreasuryDay, unfinished: str) -> None:
    from customhouse.agency.treasury_exports import json_lines

    for line in json_lines(compared, unfinished=unfinished):
        typer.echo(line)


def _tell(compared: TreasuryDay, settings: Settings, *, every: bool) -> None:
    """Print the movements, where every one is wanted, and what both sides come to."""
    from customhouse.money import format_dollars

    ending = settings.collection_account[-4:]
    typer.echo(f"{spelled(compared.day)}, the agency's account ending in {ending}")
    if every:
        _tell_movements(compared.movements())
    totals = compared.totals
    typer.echo(
        f"At the bank    {totals.bank_lines:>9,} {_noun(totals.bank_lines)}:"
        f" in {format_dollars(totals.bank_in_cents)}, out {format_dollars(totals.bank_out_cents)},"
        f" together {format_dollars(totals.bank_cents)}"
    )
    typer.echo(
        f"In the ledger  {totals.ledger_lines:>9,} {_noun(totals.ledger_lines)}:"
        f" together {format_dollars(totals.ledger_cents)}"
    )
    typer.echo(f"Difference     {format_dollars(totals.difference_cents)}")


def _noun(count: int) -> str:
    return "movement" if count == 1 else "movements"


def _tell_movements(movements: Iterable[Movement]) -> None:
    from customhouse.agency.treasury_words import use_words

    for movement in movements:
        typer.echo(_line(movement))
        if len(movement.uses) < 2:
            continue
        for use in movement.uses[:MOST_PARTS_TOLD]:
            typer.echo(f"{'':18}{use_words(movement, use)}")
        if len(movement.uses) > MOST_PARTS_TOLD:
            more = len(movement.uses) - MOST_PARTS_TOLD
            typer.echo(f"{'':18}and {more:,} more parts: --csv has them all")


def _line(movement: Movement) -> str:
    """Give the line of a movement: amount, kind, trace number, who, and what it paid."""
    from customhouse.agency.treasury_words import agreement_words, kind_words, movement_words
    from customhouse.money import format_dollars

    paid = f"{len(movement.uses):,} parts" if len(movement.uses) > 1 else movement_words(movement)
    told = (
        f"{format_dollars(movement.cents):>16}",
        f"{kind_words(movement.kind):15}",
        f"{movement.trace_number or '-':15}",
        movement.company_name or None,
        paid,
        agreement_words(movement) or None,
    )
    return "  ".join(text for text in told if text is not None)


def _tell_differing(compared: TreasuryDay, unfinished: str) -> None:
    """Name on the standard error what is on one side only or has another amount there."""
    totals = compared.totals
    if not totals.differing:
        return
    typer.echo(
        f"The bank and the ledger differ: {totals.bank_only:,} only at the bank,"
        f" {totals.ledger_only:,} only in the ledger, {totals.other_amount:,} with another amount.",
        err=True,
    )
    for movement in islice(compared.movements(only_differing=True), MOST_DIFFERING_TOLD):
        typer.echo(f"  {movement.reference}: {_line(movement).strip()}", err=True)
    if totals.differing > MOST_DIFFERING_TOLD:
        left = totals.differing - MOST_DIFFERING_TOLD
        typer.echo(f"  and {left:,} more: --csv FILE has them all", err=True)
    hint = unfinished or "docs/how-to/reconcile-a-day.md says where to look"
    typer.echo(f"  hint: {hint}", err=True)
