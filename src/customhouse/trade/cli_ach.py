"""``customhouse ach``: check an ACH file by every rule, or show what is in it.

Works on files alone: it knows no bank and no database. Account numbers are never printed.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import typer

from customhouse.faults import Fault, Refused, declare
from customhouse.trade.counted import counted

if TYPE_CHECKING:
    from customhouse.formats.nacha_rules import AchFault, Profile

    CheckFile = Callable[[BinaryIO, Profile], Iterator[AchFault]]

app = typer.Typer(help="Check and show ACH files.", no_args_is_help=True)

REFUSED = 7
# From this size on the columnar checker wins back the time that loading NumPy takes.
BULK_FROM_BYTES = 3_000_000

ACH_FILE_UNREADABLE = declare(
    "ach-file-unreadable",
    sentence="The file {path} cannot be read: {reason}.",
    next_step="Name a file that exists and that you may read.",
    exit_code=2,
)
ACH_FILE_NOT_SHOWN = declare(
    "ach-file-not-shown",
    sentence="The file {path} cannot be shown to its end: {reason}.",
    next_step="Run customhouse ach check on it: that tells what is wrong and where.",
)


class ProfileName(StrEnum):
    """How strictly a file is judged."""

    STRICT = "strict"
    BANK = "bank"
    RECEIVER = "receiver"


AchPath = Annotated[
    Path, typer.Argument(metavar="FILE", help="The ACH file; - reads the standard input.")
]


@app.command()
def check(
    file: AchPath,
    profile: Annotated[
        ProfileName,
        typer.Option(
            help="strict; bank: only warn of what banks are known to do; receiver: as the bank"
            " judges payments that others send."
        ),
    ] = ProfileName.STRICT,
    *,
    json: Annotated[
        bool, typer.Option("--json", help="Give each fault as a line of JSON and nothing else.")
    ] = False,
) -> None:
    """Check an ACH file by every rule; end with 0 when it is good and with 7 when it is not.

    A file with warnings only is good. The rules are in docs/reference/ach-rules.md.
    """
    with _opened(file) as stream:
        faults = _check_for(stream)(stream, profile.value)
        refused = _tell_json(faults) if json else _tell(file, faults)
    raise typer.Exit(REFUSED if refused else 0)


@app.command()
def show(file: AchPath) -> None:
    """Show what an ACH file holds: its batches, entries in words, addenda and totals.

    A file that the check refuses is shown as far as it can be read; it ends with 7 then.
    """
    from customhouse.formats.nacha_file import read_items
    from customhouse.formats.nacha_outline import outline
    from customhouse.formats.nacha_reading import UnreadableRecord

    with _opened(file, is_read_twice=True) as stream:
        faults = _check_for(stream)(stream, ProfileName.STRICT.value)
        refused = sum(not fault.is_warning for fault in faults)
        if refused:
            typer.echo(f"The check refuses this file: {counted(refused, 'fault')}.")
            typer.echo(f"They are told by: customhouse ach check {file}\n")
        stream.seek(0)
        try:
            for line in outline(read_items(stream)):
                typer.echo(line)
        except UnreadableRecord as error:
            values = {"path": file, "reason": str(error)}
            raise Refused(Fault(ACH_FILE_NOT_SHOWN, values)) from None
    raise typer.Exit(REFUSED if refused else 0)


def _check_for(stream: BinaryIO) -> CheckFile:
    """Choose the checker that is faster for a file; both give the same faults."""
    status = os.fstat(stream.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_size >= BULK_FROM_BYTES:
        from customhouse.formats.nacha_bulk import check_bulk

        return check_bulk
    from customhouse.formats.nacha_check import check_file

    return check_file


@contextmanager
def _opened(path: Path, *, is_read_twice: bool = False) -> Iterator[BinaryIO]:
    """Open a file; tell a missing one, a folder and a failing disk in one way.

    The standard input, and a pipe that is to be read twice, are kept aside first.
    """
    try:
        if str(path) == "-":
            with _kept(sys.stdin.buffer) as stream:
                yield stream
            return
        with path.open("rb") as stream:
            if not is_read_twice or stream.seekable():
                yield stream
                return
            with _kept(stream) as kept:
                yield kept
    except BrokenPipeError:
        # Whoever reads what is printed has seen enough; that is no fault of the file.
        raise
    except OSError as error:
        values = {"path": path, "reason": error.strerror or type(error).__name__}
        raise Refused(Fault(ACH_FILE_UNREADABLE, values)) from None


@contextmanager
def _kept(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Keep what a stream holds in a file of its own, which is gone afterwards."""
    with TemporaryFile() as kept:
        copyfileobj(stream, kept)
        kept.seek(0)
        yield cast(BinaryIO, kept)


def _tell_json(faults: Iterable[AchFault]) -> int:
    refused = 0
    for fault in faults:
        typer.echo(fault.to_json())
        refused += not fault.is_warning
    return refused


def _tell(file: Path, faults: Iterable[AchFault]) -> int:
    """Print one line for each fault and a summary; give how many refuse the file."""
    refused = warnings = 0
    for fault in faults:
        columns = "columns" if "-" in fault.columns else "column"
        where = f"line {fault.line}" + (f", {columns} {fault.columns}" if fault.columns else "")
        typer.echo(f"{where}: {fault.message} {fault.hint} [{fault.severity}: {fault.rule}]")
        if fault.is_warning:
            warnings += 1
        else:
            refused += 1
    verdict = "refused" if refused else "good"
    told = f"{counted(refused, 'fault')}, {counted(warnings, 'warning')}"
    typer.echo(f"{file}: {verdict} ({told})")
    return refused
