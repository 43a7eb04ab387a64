"""What moved on the agency's account, read from the bank's files on disk by nobody's code but this.

Knows columns of 94-character records and the settlement report; asks no database and none of the
product's modules, so that a mistake of theirs is not repeated here.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

CREDITS_TO_ACCOUNT = ("22", "32")
RETURNED_DEBITS = ("26", "36")
# A movement: its kind, its amount in cents, negative when it went out, the trace of its own entry
# or of the debit that it is about.
Movement = tuple[str, int, str]


@dataclass
class Auditor:
    """The archives of one bank, and the account whose movements are looked for."""

    exchange: Path
    account: str
    year: int
    days: dict[date, Counter[Movement]] = field(default_factory=dict)

    def read(self) -> dict[date, Counter[Movement]]:
        """Give the movements of each day by what the files say."""
        inbound = self.exchange / "archive" / "inbound"
        settled = dict(self._settlements(inbound))
        for trace, (day, cents) in settled.items():
            self._add(day, ("debit_settled", cents, trace))
        for path in sorted(inbound.iterdir()):
            if path.suffix == ".ach":
                self._read_ach(path, settled)
        return self.days

    def _settlements(self, folder: Path) -> Iterator[tuple[str, tuple[date, int]]]:
        for path in sorted(folder.glob("*.settlement.csv")):
            with path.open(encoding="ascii", newline="") as stream:
                for row in csv.DictReader(stream):
                    day = date.fromisoformat(row["settlement_date"])
                    yield row["trace_number"], (day, int(row["amount_cents"]))

    def _read_ach(self, path: Path, settled: dict[str, tuple[date, int]]) -> None:
        day, entry = date(self.year, 1, 1), ""
        for line in path.read_text(encoding="ascii").splitlines():
            if line[0] == "5":
                day = date(self.year, 1, 1) + timedelta(days=int(line[75:78] or 0) - 1)
            elif line[0] == "6":
                entry = line
                self._credit(line, day)
            elif line[0] == "7" and line[1:3] == "99" and entry[1:3] in RETURNED_DEBITS:
                trace = line[6:21]
                if trace in settled:
                    self._add(day, ("debit_returned", -int(entry[29:39]), trace))

    def _credit(self, line: str, day: date) -> None:
        to_account = line[12:29].strip() == self.account
        if line[1:3] in CREDITS_TO_ACCOUNT and to_account and int(line[29:39]):
            self._add(day, ("credit_received", int(line[29:39]), line[79:94]))

    def _add(self, day: date, movement: Movement) -> None:
        self.days.setdefault(day, Counter())[movement] += 1
