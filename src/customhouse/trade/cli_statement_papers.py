"""``customhouse statements show``: a filer fetches one statement in the shape it wants to keep.

It is a client like any other: it knows the agency by its address and a token, not its database.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from customhouse.faults import Fault, Refused, declare
from customhouse.identifiers import bare_number
from customhouse.trade.cli_abi import DEFAULT_AGENCY_URL, Address, TokenFile, agency_client

app = typer.Typer(help="See and keep statements, and pay them.", no_args_is_help=True)

OUTPUT_UNUSABLE = declare(
    "output-unusable",
    sentence="The file {path} cannot be written: {reason}.",
    next_step="Name a file in a directory that you may write to: -o FILE.",
    exit_code=2,
)
PDF_NEEDS_FILE = declare(
    "pdf-needs-file",
    sentence="A PDF is nothing to read on a terminal.",
    next_step="Name a file for it: -o statement.pdf.",
    exit_code=2,
)


class PaperFormat(StrEnum):
    """The shapes in which a statement can be kept."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"
    PDF = "pdf"


_ENDINGS = {PaperFormat.TEXT: "txt"}


@app.command()
def show(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Ten characters: 3927327001.")],
    paper_format: Annotated[
        PaperFormat, typer.Option("--format", help="How the statement is written.")
    ] = PaperFormat.TEXT,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write here, not to the terminal."),
    ] = None,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Write one of your statements as text, CSV, JSON or PDF.

    All hold the same: entries with every charge, what was taken off, totals as printed and as they
    are now, and where the payment stands. Amounts in CSV and JSON are whole cents.
    """
    if paper_format is PaperFormat.PDF and output is None and sys.stdout.isatty():
        raise Refused(Fault(PDF_NEEDS_FILE))
    number = bare_number(number)
    with agency_client(url, token_file) as client:
        content = client.statement(number, _ENDINGS.get(paper_format, paper_format.value))
    if output is None:
        typer.echo(content, nl=False)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        values = {"path": output, "reason": error.strerror or "no reason given"}
        raise Refused(Fault(OUTPUT_UNUSABLE, values)) from None
    typer.echo(f"statement {number} kept as {output}", err=True)
