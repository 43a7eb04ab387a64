"""What a simulated filer holds in its own books: its entries, its statements, its complaints.

Kept apart from the agency on purpose: every statement that arrives is added up again from what the
filer filed, so that an error of the agency's arithmetic is found by somebody else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from customhouse.formats.abi_statement import DailyStatement
from customhouse.rehearsal.world_entries import WorldEntry


@dataclass(slots=True)
class HeldStatement:
    """One statement as the filer knows it; ``total_cents`` is what is due on it now."""

    number: str
    port: str
    payment_type: str
    importer_number: str
    total_cents: int
    entries: list[str]
    open: bool = True
    accepted: int = 0
    finals: int = 0
    opened: int = 1


@dataclass(slots=True)
class FilerBooks:
    """Entries by number, statements by number, and what was not as it should be."""

    filer_code: str
    entries: dict[str, WorldEntry]
    statements: dict[str, HeldStatement] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, filer_code: str, entries: Iterable[WorldEntry]) -> FilerBooks:
        """Begin the books of one filer with the entries it files."""
        own = {e.entry_number: e for e in entries if e.filer_code == filer_code}
        return cls(filer_code, own)

    def complain(self, sentence: str) -> None:
        """Note something that is not as it should be."""
        self.complaints.append(f"{self.filer_code}: {sentence}")

    def expect(self, what: str, *, seen: object, wanted: object) -> None:
        """Complain unless something is as it should be."""
        if seen != wanted:
            self.complain(f"{what} is {seen}, expected {wanted}")

    def take(self, statement: DailyStatement) -> None:
        """Take a preliminary or final statement in and check it against the own books."""
        if statement.status == "P":
            self._take_preliminary(statement)
        else:
            self._take_final(statement)

    def open_statements(self) -> list[HeldStatement]:
        """Give the statements that wait for an authorization, in the order of their numbers."""
        waiting = [held for held in self.statements.values() if held.open and held.entries]
        return sorted(waiting, key=lambda held: held.number)

    def due_cents(self, entry_numbers: Iterable[str]) -> int:
        """Add up what the filer itself reckons to be due on entries."""
        return sum(self.entries[number].amount_due_cents for number in entry_numbers)

    def _take_preliminary(self, statement: DailyStatement) -> None:
        number = statement.number
        for line in statement.lines:
            self._check_line(number, line.entry_number, line.amount_due_cents)
        removed = {each.entry_number for each in statement.removed}
        lines = [e.entry_number for e in statement.lines if e.entry_number not in removed]
        total = self.due_cents(number for number in lines if number in self.entries)
        known = self.statements.get(number)
        if known is not None:
            known.open = True
            known.opened += 1
            self.expect(
                f"the total of reopened statement {number}", seen=known.total_cents, wanted=total
            )
            return
        printed = statement.preliminary.amount_cents
        self.expect(f"the total of statement {number}", seen=printed, wanted=total)
        self.statements[number] = HeldStatement(
            number=number,
            port=statement.port,
            payment_type=statement.payment_type,
            importer_number=statement.importer_number or "",
            total_cents=printed,
            entries=lines,
        )

    def _check_line(self, number: str, entry_number: str, seen_cents: int) -> None:
        entry = self.entries.get(entry_number)
        if entry is None:
            self.complain(f"statement {number} lists entry {entry_number}, which we never filed")
            return
        what = f"entry {entry_number} on statement {number}"
        self.expect(what, seen=seen_cents, wanted=entry.amount_due_cents)

    def _take_final(self, statement: DailyStatement) -> None:
        held = self.statements.get(statement.number)
        if held is None:
            self.complain(f"a final statement {statement.number} without its preliminary")
            return
        held.finals += 1
        paid = statement.paid.amount_cents if statement.paid is not None else None
        self.expect(f"paid on final {statement.number}", seen=paid, wanted=held.total_cents)
        removed = {each.entry_number for each in statement.removed}
        left = sorted({line.entry_number for line in statement.lines} - removed)
        self.expect(f"entries paid on {statement.number}", seen=left, wanted=sorted(held.entries))

    def missing_finals(self) -> list[str]:
        """Give the statements for which not every accepted authorization has its final."""
        return [held.number for held in self.statements.values() if held.finals != held.accepted]
