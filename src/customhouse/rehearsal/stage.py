"""What the story plays on: the house, the filers, the operator, the narrator, and what happened.

Shared by the scenes and the checks at the end; it does nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from customhouse.business_days import FEDERAL_RESERVE
from customhouse.rehearsal.desk import OfficerAtDesk
from customhouse.rehearsal.filer_books import HeldStatement
from customhouse.rehearsal.filers import SimulatedFiler
from customhouse.rehearsal.house_processes import House
from customhouse.rehearsal.narrator import Narrator
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.world_data import DAY_BEFORE
from customhouse.rehearsal.world_entries import WorldEntry


@dataclass(slots=True)
class Happenings:
    """What the scenes brought about, for the checks at the end."""

    expected: list[str] = field(default_factory=list)
    unexpected: list[str] = field(default_factory=list)
    authorizations_refused: int = 0
    returned_statement: str = ""
    changed_statement: str = ""
    moved: dict[date, tuple[str, str]] = field(default_factory=dict)
    race_winners: int = 0
    cancelled: str = ""
    files_refused: list[str] = field(default_factory=list)
    days_done: int = 0
    # Statements that payers push money for, by a name of the story's.
    pushed: dict[str, HeldStatement] = field(default_factory=dict)
    # What is owed back, waits at the desk, and was sent back to payers' banks: foretold, in cents.
    goes_back: dict[str, int] = field(default_factory=dict)
    waits: dict[str, int] = field(default_factory=dict)
    sent_back: dict[str, int] = field(default_factory=dict)
    came_back: list[tuple[str, int]] = field(default_factory=list)

    def held(self, what: str, *, good: bool) -> None:
        """Note that something the story is about did or did not happen."""
        (self.expected if good else self.unexpected).append(what)


@dataclass(slots=True)
class Stage:
    """Everything that plays."""

    house: House
    narrator: Narrator
    operator: Operator
    filers: Mapping[str, SimulatedFiler]
    entries: list[WorldEntry]
    happenings: Happenings = field(default_factory=Happenings)
    complaints_told: int = 0
    today: date = DAY_BEFORE
    # What each filer was told as a payer, oldest first.
    told: dict[str, list[str]] = field(default_factory=dict)

    @property
    def desk(self) -> OfficerAtDesk:
        """Give the agency's officer."""
        return OfficerAtDesk(self.house)

    @property
    def settles_next(self) -> date:
        """Give the day on which what is pushed today settles."""
        return FEDERAL_RESERVE.next(self.today)

    def filer(self, code: str) -> SimulatedFiler:
        """Give a filer by its code."""
        return self.filers[code]

    def begin_day(self, on: date) -> None:
        """Let every filer keep its copies under the new date."""
        self.today = on
        for filer in self.filers.values():
            filer.line.on = on

    def tell_complaints(self) -> None:
        """Tell what the filers found wrong since the last time, and note it."""
        for filer in self.filers.values():
            for complaint in filer.books.complaints:
                self.happenings.unexpected.append(complaint)
                self.narrator.wrong(complaint)
                self.complaints_told += 1
            filer.books.complaints.clear()

    def hang_up(self) -> None:
        """Close the filers' lines."""
        for filer in self.filers.values():
            filer.line.close()
