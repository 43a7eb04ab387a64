"""``customhouse credits received``: a payer's treasurer sees what of its payments arrived.

A client like any other: it knows the agency by its address and the payer's token.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from customhouse.trade.cli_abi import DEFAULT_AGENCY_URL, Address, TokenFile, agency_client
from customhouse.trade.cli_dates import read_date

app = typer.Typer(help="Pay by ACH Credit, and see what became of it.", no_args_is_help=True)


@app.command("received")
def received_credits(
    *,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Collected on this day or later.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Collected on this day or before.")
    ] = None,
    filer: Annotated[
        str | None, typer.Option("--filer", help="The filer that pays, where you have several.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Give a line of JSON for each payment.")
    ] = False,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Keep them as CSV.")
    ] = None,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """List what of your own payments arrived, a line for each addendum, and what it paid.

    Each line has the day of collection, the trace number, the statement, and what was applied, is
    owed back, or waits and why.
    """
    from customhouse.trade.client_received import csv_pieces, received, received_line
    from customhouse.trade.kept_files import keep

    days = [None if text is None else read_date(text, name) for name, text in _days(first, last)]
    counts = _Counts()
    with agency_client(url, token_file) as client:
        found = counts.of(received(client, first=days[0], last=days[1], filer_code=filer))
        if csv_file is not None:
            keep(csv_file, csv_pieces(found))
            typer.echo(f"kept as {csv_file}", err=True)
        else:
            for each in found:
                typer.echo(json.dumps(each) if as_json else received_line(each))
    typer.echo(counts.told, err=True)


def _days(first: str | None, last: str | None) -> Iterable[tuple[str, str | None]]:
    return (("--from", first), ("--to", last))


class _Counts:
    """What a list comes to, added up while it passes; cents."""

    def __init__(self) -> None:
        self.lines = self.cents = self.applied = self.owed = self.returned = 0

    def of(self, credits: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """Let payments pass and add them up."""
        for each in credits:
            self.lines += 1
            self.cents += each["amount_cents"]
            self.applied += each["applied_cents"]
            self.owed += each["refundable_cents"]
            if each["state"] in ("returning", "returned"):
                self.returned += each["amount_cents"]
            yield each

    @property
    def told(self) -> str:
        """Say what the list came to."""
        from customhouse.money import format_dollars
        from customhouse.trade.counted import counted

        waiting = self.cents - self.applied - self.owed - self.returned
        told = (
            f"{counted(self.lines, 'payment')}, {format_dollars(self.cents)}:"
            f" {format_dollars(self.applied)} paid statements,"
            f" {format_dollars(self.owed)} owed back, {format_dollars(waiting)} waiting"
        )
        if self.returned:
            told += f", {format_dollars(self.returned)} sent back by R23"
        return told
