"""How the outcomes of a loaded file are told: one line an item, its faults below it, or JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self

import typer

from customhouse.agency.entry_intake import EntryOutcome
from customhouse.agency.party_outcomes import PartyOutcome
from customhouse.faults import Fault, Refused, declare
from customhouse.trade.counted import counted

FILE_UNREADABLE = declare(
    "file-unreadable",
    sentence="The file {path} cannot be read: {reason}.",
    next_step="Name a file that exists and that you may read.",
    exit_code=2,
)
FILE_TOO_LARGE = declare(
    "file-too-large",
    sentence="The file {path} has more than {limit} bytes.",
    next_step="Load it in several parts.",
    http_status=413,
)


STANDARD_INPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Told:
    """How the items of a load are counted at its end: their noun, and every status in order."""

    noun: str
    plural: str
    statuses: Sequence[str]

    def count_line(self, statuses: Counter[str]) -> str:
        """Give the last line of a load: ``3 entries: 2 accepted, ... 1 refused``."""
        total = statuses.total()
        if not total:
            return f"no {self.plural} in it"
        counts = ", ".join(f"{statuses[status]:,} {status}" for status in self.statuses)
        return f"{counted(total, self.noun, plural=self.plural)}: {counts}"


ENTRIES = Told("entry", "entries", ("accepted", "replaced", "already there", "refused"))
PARTIES = Told("item", "items", ("registered", "changed", "unchanged", "waiting", "refused"))


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item's outcome as it is told."""

    item: str
    status: str
    faults: tuple[Fault, ...]

    @classmethod
    def of_party(cls, outcome: PartyOutcome) -> Self:
        """Give the line of a party's outcome."""
        return cls(f"{outcome.kind} {outcome.key}", outcome.status, outcome.faults)

    @classmethod
    def of_entry(cls, outcome: EntryOutcome) -> Self:
        """Give the line of an entry's outcome."""
        status = "already there" if outcome.status == "unchanged" else outcome.status
        item = f"{outcome.position} {outcome.entry_number}".rstrip()
        return cls(item, status, outcome.faults)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a file to be read, ``-`` the standard input; raise Refused (file-unreadable)."""
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        stream = path.open("rb")
    except OSError as error:
        values = {"path": path, "reason": error.strerror}
        raise Refused(Fault(FILE_UNREADABLE, values)) from None
    with stream:
        yield stream


def read_bounded(path: Path, limit: int) -> bytes:
    """Read a whole file of at most ``limit`` bytes; raise Refused."""
    with opened(path) as stream:
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise Refused(Fault(FILE_TOO_LARGE, {"path": path, "limit": limit}))
    return raw


def tell(lines: Iterable[ItemLine], told: Told, *, as_json: bool) -> int:
    """Write the outcomes to the standard output; give the exit code of the first fault, or 0.

    As JSON, one object a line; as text, with their count at the end. Lines are told as they come,
    so that a large file shows its progress and holds no memory.
    """
    exit_code = 0
    statuses = Counter[str]()
    for line in lines:
        typer.echo(json.dumps(_spelled(line)) if as_json else "\n".join(_text(line)))
        statuses[line.status] += 1
        if line.faults and not exit_code:
            exit_code = line.faults[0].kind.exit_code
    if not as_json:
        typer.echo(told.count_line(statuses))
    return exit_code


def _text(line: ItemLine) -> Iterable[str]:
    yield f"{line.item}: {line.status}"
    for fault in line.faults:
        yield f"  {fault.code}: {fault.sentence}"
        yield f"    hint: {fault.next_step}"


def _spelled(line: ItemLine) -> dict[str, object]:
    faults = [
        {"code": fault.code, "sentence": fault.sentence, "next_step": fault.next_step}
        for fault in line.faults
    ]
    return {"item": line.item, "status": line.status, "faults": faults}
