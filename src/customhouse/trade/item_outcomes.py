"""How the outcomes of a loaded file are told: one line an item, its faults below it, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import typer

from customhouse.agency.party_outcomes import PartyOutcome
from customhouse.faults import Fault, Refused, declare

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


@dataclass(frozen=True, slots=True)
class PartyLine:
    """One item's outcome as it is told."""

    item: str
    status: str
    faults: tuple[Fault, ...]

    @classmethod
    def of(cls, outcome: PartyOutcome) -> Self:
        """Give the line of a party's outcome."""
        return cls(f"{outcome.kind} {outcome.key}", outcome.status, outcome.faults)


def read_bounded(path: Path, limit: int) -> bytes:
    """Read a whole file of at most ``limit`` bytes; raise Refused."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(limit + 1)
    except OSError as error:
        values = {"path": path, "reason": error.strerror}
        raise Refused(Fault(FILE_UNREADABLE, values)) from None
    if len(raw) > limit:
        raise Refused(Fault(FILE_TOO_LARGE, {"path": path, "limit": limit}))
    return raw


def tell(lines: Sequence[PartyLine], *, as_json: bool) -> int:
    """Write the outcomes to the standard output; give the exit code of the first fault, or 0."""
    if as_json:
        typer.echo(json.dumps([_spelled(line) for line in lines], indent=2))
    else:
        for line in lines:
            typer.echo("\n".join(_text(line)))
    faults = [fault for line in lines for fault in line.faults]
    return faults[0].kind.exit_code if faults else 0


def _text(line: PartyLine) -> Iterable[str]:
    yield f"{line.item}: {line.status}"
    for fault in line.faults:
        yield f"  {fault.code}: {fault.sentence}"
        yield f"    hint: {fault.next_step}"


def _spelled(line: PartyLine) -> dict[str, object]:
    faults = [
        {"code": fault.code, "sentence": fault.sentence, "next_step": fault.next_step}
        for fault in line.faults
    ]
    return {"item": line.item, "status": line.status, "faults": faults}
