"""``customhouse day closures``: load the days on which the agency is closed, or list them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.trade.cli_dates import spelled

if TYPE_CHECKING:
    from customhouse.agency.closure_document import ClosureReading
    from customhouse.agency.closures import Closure


def closures(
    file: Annotated[
        Path | None, typer.Argument(help="A JSON list of closings, or - for standard input.")
    ] = None,
) -> None:
    """Load days on which the agency or a port is closed; without FILE, list those on file.

    What waits for its statement gets other days, at once; what was printed keeps its own. Ends
    with 0 when no item was refused.
    """
    if file is None:
        _list()
        return
    raise typer.Exit(_load(file))


def _list() -> None:
    from customhouse.agency.closures import listed
    from customhouse.database import connect
    from customhouse.settings import Settings

    with connect(Settings.from_environment(), "agency") as connection:
        found = listed(connection)
    for each in found:
        typer.echo(_line(each))
    if not found:
        typer.echo("no closing is on file")


def _load(file: Path) -> int:
    from customhouse.agency import business_day
    from customhouse.agency.closure_document import LARGEST_BYTES, read_closures
    from customhouse.agency.closures import redate, write
    from customhouse.agency.policy import Policy
    from customhouse.database import connect, retrying
    from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused
    from customhouse.settings import Settings
    from customhouse.trade.cli_outcomes import read_bounded

    raw = read_bounded(file, LARGEST_BYTES)
    settings, policy = Settings.from_environment(), Policy()

    def load() -> tuple[list[ClosureReading], int]:
        with connect(settings, "agency") as connection:
            day = business_day.hold(connection)
            if day is None:
                raise Refused(Fault(NO_BUSINESS_DAY))
            today = day.business_date
            readings = read_closures(raw, business_date=today, calendar=policy.processing_calendar)
            write(connection, [each.closure for each in readings if each.closure is not None])
            return readings, redate(connection, policy, on=today)

    readings, moved = retrying(load)
    for reading in readings:
        _tell(reading)
    typer.echo(f"entries that wait for their statement and were moved: {moved:,}")
    faults = [fault for reading in readings for fault in reading.faults]
    return faults[0].kind.exit_code if faults else 0


def _tell(reading: ClosureReading) -> None:
    if reading.closure is not None:
        typer.echo(f"{reading.position}: {_line(reading.closure)}")
        return
    typer.echo(f"{reading.position}: refused")
    for fault in reading.faults:
        typer.echo(f"  {fault.code}: {fault.sentence}")
        typer.echo(f"    hint: {fault.next_step}")


def _line(closure: Closure) -> str:
    where = f"port {closure.port}" if closure.port else "all ports"
    line = f"{spelled(closure.closed_on)}: {where} closed: {closure.reason}"
    line += f" (counts from {closure.effective_on}"
    return line + (f" until {closure.withdrawn_on})" if closure.withdrawn_on else ")")
