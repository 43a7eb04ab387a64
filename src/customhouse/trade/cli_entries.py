"""Entry summaries on the command line: load a file of them, or send it, item by item."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.trade.cli_abi import DEFAULT_AGENCY_URL, Address, TokenFile, agency_client

if TYPE_CHECKING:
    from psycopg import Connection

    from customhouse.agency.entry_intake import EntryOutcome
    from customhouse.agency.entry_summaries import EntrySummaryDraft
    from customhouse.agency.intake_loads import Load
    from customhouse.clock import Clock
    from customhouse.settings import Settings

app = typer.Typer(help="Take entry summaries in.", no_args_is_help=True)


class FileFormat(StrEnum):
    """How a file of entry summaries is written."""

    CSV = "csv"
    JSON = "json"


@app.callback()
def entries() -> None:
    """Take entry summaries in."""


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(help="A CSV file, a JSON list (named .json), or - for standard input.")
    ],
    *,
    file_format: Annotated[
        FileFormat | None,
        typer.Option("--format", help="What FILE holds, when its name does not say it."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Give each outcome as a line of JSON.")
    ] = False,
) -> None:
    """Take in every entry summary of a file; good ones go in whatever the bad ones do.

    One outcome an item: accepted, replaced, already there, or refused with all its faults; then
    a line that counts them. Ends with 0 when none was refused, else with 7.
    """
    from customhouse.settings import Settings
    from customhouse.trade.cli_outcomes import ENTRIES, ItemLine, tell

    settings = Settings.from_environment()
    with _drafts(file, file_format or _format_of(file)) as drafts:
        lines = (ItemLine.of_entry(outcome) for outcome in _taken(settings, drafts))
        exit_code = tell(lines, ENTRIES, as_json=json)
    raise typer.Exit(exit_code)


@app.command()
def send(
    file: Annotated[
        Path, typer.Argument(help="A CSV file, a JSON list (named .json), or - for standard input.")
    ],
    *,
    file_format: Annotated[
        FileFormat | None,
        typer.Option("--format", help="What FILE holds, when its name does not say it."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Give each outcome as a line of JSON.")
    ] = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Send every entry summary of a file to the agency over HTTP, as the sender of a token.

    Told as by load. It is sent in parts; sending the same file again is safe at any time.
    """
    from customhouse.trade.cli_entry_sending import send_drafts, send_items
    from customhouse.trade.cli_outcomes import ENTRIES, tell

    chosen = file_format or _format_of(file)
    with agency_client(url, token_file) as client:
        if chosen is FileFormat.JSON:
            exit_code = tell(send_items(client, _items(file)), ENTRIES, as_json=json)
        else:
            with _drafts(file, chosen) as drafts:
                exit_code = tell(send_drafts(client, drafts), ENTRIES, as_json=json)
    raise typer.Exit(exit_code)


def _items(file: Path) -> list[object]:
    from customhouse.agency.intake_json import LARGEST_BYTES, read_items
    from customhouse.trade.cli_outcomes import read_bounded

    return read_items(read_bounded(file, LARGEST_BYTES))


def _format_of(file: Path) -> FileFormat:
    return FileFormat.JSON if file.suffix.lower() == ".json" else FileFormat.CSV


@contextmanager
def _drafts(file: Path, file_format: FileFormat) -> Iterator[Iterator[EntrySummaryDraft]]:
    """Open a file and give its drafts; raise Refused."""
    from customhouse.agency.intake_csv import read_csv
    from customhouse.agency.intake_json import LARGEST_BYTES, read_entries
    from customhouse.trade.cli_outcomes import opened, read_bounded

    if file_format is FileFormat.JSON:
        yield read_entries(read_bounded(file, LARGEST_BYTES))
        return
    with opened(file) as stream:
        yield read_csv(stream)


def _taken(settings: Settings, drafts: Iterator[EntrySummaryDraft]) -> Iterator[EntryOutcome]:
    """Take drafts in, a chunk a transaction; a chunk is done again when it lost a race."""
    from functools import partial
    from itertools import islice

    from customhouse import database
    from customhouse.agency.entry_intake import CHUNK
    from customhouse.agency.intake_loads import Load, finish

    load = Load()
    with database.connect(settings, "agency") as connection:
        while chunk := list(islice(drafts, CHUNK)):
            load.reach(chunk)
            yield from database.retrying(
                partial(_take, connection, chunk, load=load, settings=settings)
            )
        with connection.transaction():
            finish(connection, load)


def _take(
    connection: Connection,
    chunk: list[EntrySummaryDraft],
    *,
    load: Load,
    settings: Settings,
) -> list[EntryOutcome]:
    from customhouse.agency.intake_loads import take_chunk

    with connection.transaction():
        clock = _clock(connection, settings)
        return take_chunk(connection, chunk, load=load, clock=clock)


def _clock(connection: Connection, settings: Settings) -> Clock:
    """Give the machine's clock, or in a rehearsal one on the open business date."""
    from customhouse.agency import business_day
    from customhouse.clock import RehearsalClock, SystemClock

    day = business_day.latest(connection)
    if settings.clock == "system" or day is None:
        return SystemClock()
    return RehearsalClock(day.business_date)
