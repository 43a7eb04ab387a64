"""The payers' banks' own books: what each payer pushed, when it settles, what came back.

One plain JSON file, as the operator's books are, with no account number in it: the figures owe
nothing to the databases of agency and bank, so that an auditor can hold all three together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from customhouse.rehearsal.plain_files import read_json, write_json

PushKind = Literal["payment", "prenote", "debit"]


@dataclass(slots=True)
class PushedEntry:
    """One entry that a payer's bank sent: amount in cents, settlement day, what became of it.

    ``ordered_as`` is the line of the script or the name of the payer's file. ``astray`` when it
    was not for the agency's account. ``code`` is the reason with which it came back, or empty.
    """

    trace: str
    file: str
    ordered_as: str
    company_name: str
    kind: PushKind
    amount_cents: int
    addenda: int
    sent_on: date
    settles_on: date
    astray: bool = False
    code: str = ""
    returned_on: date | None = None

    @property
    def payer(self) -> str:
        """Give who ordered it by a line of the script; the name of a file for a payer's file."""
        return self.ordered_as.partition(":")[0]

    def stays_by(self, on: date) -> bool:
        """Tell whether this is money that the agency has on a day, and keeps."""
        ours = self.kind == "payment" and not self.astray and not self.code
        return ours and self.settles_on <= on


@dataclass(slots=True)
class PushBooks:
    """Everything the payers' banks remember.

    ``batches_sent`` are, by what a payer's file is known by, the places of the batches that went
    out while others of it are held.
    """

    path: Path
    entries: list[PushedEntry] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    lines_done: int = 0
    batches_sent: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path) -> PushBooks:
        """Take up the books where they were left, or begin new ones."""
        kept = read_json(path, empty=None)
        if kept is None:
            return cls(path)
        entries = [_entry(values) for values in kept["entries"]]
        held = kept.get("batches_sent", {})
        return cls(path, entries, kept["files"], kept["taken"], kept["lines_done"], held)

    def keep(self) -> None:
        """Write everything down."""
        entries = [_plain(asdict(entry)) for entry in self.entries]
        write_json(
            self.path,
            {
                "entries": entries,
                "files": self.files,
                "taken": self.taken,
                "lines_done": self.lines_done,
                "batches_sent": self.batches_sent,
            },
        )

    def entry(self, trace: str) -> PushedEntry | None:
        """Give the latest entry with a trace number."""
        return next((each for each in reversed(self.entries) if each.trace == trace), None)

    def treasury_cents(self, on: date) -> int:
        """Give what the agency has from payments that settled by a day, in cents."""
        return sum_cents(entry for entry in self.entries if entry.stays_by(on))


def sum_cents(entries: Iterable[PushedEntry]) -> int:
    """Add up entries, in cents."""
    return sum(entry.amount_cents for entry in entries)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items()}


def _entry(values: dict[str, Any]) -> PushedEntry:
    returned_on = values["returned_on"]
    days = {
        "sent_on": date.fromisoformat(values["sent_on"]),
        "settles_on": date.fromisoformat(values["settles_on"]),
        "returned_on": date.fromisoformat(returned_on) if returned_on else None,
    }
    return PushedEntry(**{**values, **days})
