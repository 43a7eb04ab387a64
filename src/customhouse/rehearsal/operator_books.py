"""The operator's own books: which files it took and what became of each entry, to the cent.

One plain JSON file, so that a rehearsal can be stopped and taken up again, and so that its figures
owe nothing to the agency's or the bank's databases. It holds no account number: where one is needed
again, the operator reads its copy of the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from customhouse.rehearsal.plain_files import read_json, write_json

State = Literal["accepted", "settled", "returned"]


@dataclass(slots=True)
class BookedEntry:
    """One debit or prenote: what it is, when it settles, what became of it.

    ``answer`` is what comes back (R01, C01, R18), ``answer_on`` the day on which it is still to be
    delivered; ``scripted`` when a line of the receiving banks' script was followed. ``insists``
    when its bank will contest a dishonored return, which ``dishonored`` then describes.
    """

    trace: str
    file: str
    statement_number: str
    amount_cents: int
    settles_on: date
    state: State = "accepted"
    settled_on: date | None = None
    scripted: bool = False
    answer: str = ""
    answer_on: date | None = None
    returned_on: date | None = None
    insists: bool = False
    dishonored: dict[str, str] = field(default_factory=dict)
    prenote: bool = False


@dataclass(slots=True)
class TakenFile:
    """One file as it was answered: its identity, digest and acknowledgement."""

    identity: str
    name: str
    sha256: str
    taken_on: date
    acknowledgement: dict[str, Any]


@dataclass(slots=True)
class Books:
    """Everything the operator remembers."""

    path: Path
    files: list[TakenFile] = field(default_factory=list)
    entries: list[BookedEntry] = field(default_factory=list)
    comeback_files: list[str] = field(default_factory=list)
    next_trace: int = 1
    misaddressed: int = 0

    @classmethod
    def open(cls, path: Path) -> Books:
        """Take up the books where they were left, or begin new ones."""
        kept = read_json(path, empty=None)
        if kept is None:
            return cls(path)
        return cls(
            path,
            files=[_taken(values) for values in kept["files"]],
            entries=[_booked(values) for values in kept["entries"]],
            comeback_files=kept["comeback_files"],
            next_trace=kept["next_trace"],
            misaddressed=kept["misaddressed"],
        )

    def keep(self) -> None:
        """Write everything down."""
        write_json(
            self.path,
            {
                "files": [_plain(asdict(file)) for file in self.files],
                "entries": [_plain(asdict(entry)) for entry in self.entries],
                "comeback_files": self.comeback_files,
                "next_trace": self.next_trace,
                "misaddressed": self.misaddressed,
            },
        )

    def file_known_as(self, identity: str) -> TakenFile | None:
        """Give the file that was taken under an identity."""
        return next((file for file in self.files if file.identity == identity), None)

    def returned_entry(self, trace: str) -> BookedEntry | None:
        """Give the latest entry with a trace number that has come back."""
        found = [e for e in self.entries if e.trace == trace and e.state == "returned"]
        return found[-1] if found else None

    def followed(self, statement_number: str) -> int:
        """Tell how many lines of the script were followed for a statement."""
        return sum(e.scripted for e in self.entries if e.statement_number == statement_number)

    @property
    def debits(self) -> list[BookedEntry]:
        """Give the entries that move money: all but the prenotes."""
        return [entry for entry in self.entries if not entry.prenote]

    @property
    def settled_cents(self) -> int:
        """Give what was ever settled, in cents, returns not taken off."""
        return _sum(entry for entry in self.entries if entry.settled_on is not None)

    @property
    def treasury_cents(self) -> int:
        """Give what the treasury has from settled debits, returned ones taken off."""
        return _sum(entry for entry in self.entries if entry.state == "settled")

    @property
    def returned_cents(self) -> int:
        """Give what was sent back."""
        return _sum(entry for entry in self.entries if entry.state == "returned")

    @property
    def waiting_cents(self) -> int:
        """Give what was accepted and has not settled yet."""
        return _sum(entry for entry in self.entries if entry.state == "accepted")


def _sum(entries: Iterable[BookedEntry]) -> int:
    return sum(entry.amount_cents for entry in entries)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def _taken(values: dict[str, Any]) -> TakenFile:
    return TakenFile(**{**values, "taken_on": date.fromisoformat(values["taken_on"])})


def _booked(values: dict[str, Any]) -> BookedEntry:
    days = ("settles_on", "settled_on", "answer_on", "returned_on")
    read = {day: date.fromisoformat(values[day]) if values[day] else None for day in days}
    return BookedEntry(**{**values, **read})
