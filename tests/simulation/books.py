"""The model: what statements and authorizations must be, in plain Python and without a database.

It knows the rules of the requirements only, not the code: entries are grouped and added up here
once more, and each command's outcome is foretold before it is sent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

FREE = "preliminary"


@dataclass
class Statement:
    """A printed statement: its live entries with their cents, and how its payment stands."""

    entries: dict[str, int]
    state: str = FREE
    payment: str = ""
    paid_on: date | None = None
    returns: int = 0

    @property
    def cents(self) -> int:
        """Give what is due now."""
        return sum(self.entries.values())


@dataclass
class Books:
    """All statements by number, and the entries that wait for their print date."""

    today: date
    waiting: dict[str, tuple[str, int]] = field(default_factory=dict)
    statements: dict[str, Statement] = field(default_factory=dict)

    def totals_to_print(self) -> Counter[int]:
        """Add up the waiting entries by group: one statement a group."""
        sums = Counter[str]()
        for group, cents in self.waiting.values():
            sums[group] += cents
        return Counter(sums.values())

    def authorizes(self, number: str, cents: int) -> bool:
        """Foretell whether an authorization is accepted; enter it when it is."""
        statement = self.statements[number]
        if statement.state != FREE or cents != statement.cents:
            return False
        statement.state, statement.payment, statement.paid_on = "authorized", "accepted", self.today
        return True

    def negates(self, number: str, cents: int) -> bool:
        """Foretell whether an authorization can be undone: on its own day only (DEB-04)."""
        statement = self.statements[number]
        if statement.state != "authorized" or statement.payment != "accepted":
            return False
        if statement.paid_on != self.today or cents != statement.cents:
            return False
        statement.state, statement.payment = FREE, ""
        return True

    def removes(self, number: str, entry: str) -> bool:
        """Foretell whether an entry can leave its statement: not once it is authorized (DEB-03)."""
        statement = self.statements[number]
        if statement.state != FREE:
            return False
        del statement.entries[entry]
        if not statement.entries:
            statement.state = "cancelled"
        return True

    def settles(self, number: str) -> None:
        """Enter that the debit settled."""
        self.statements[number].payment = "settled"

    def comes_back(self, number: str) -> None:
        """Enter that the debit was returned: the statement is open again."""
        statement = self.statements[number]
        statement.state, statement.payment = FREE, ""
        statement.returns += 1

    def night_falls(self, tomorrow: date) -> None:
        """Hand what was accepted to the bank, open the next day, send the finals (DEB-08)."""
        self.today = tomorrow
        for statement in self.statements.values():
            if statement.payment == "accepted":
                statement.payment = "with_bank"
            if statement.state in ("authorized", "paid"):
                statement.state = "final"

    def as_rows(self) -> dict[str, tuple[str, int]]:
        """Give state and total of each statement, to be compared."""
        return {number: (each.state, each.cents) for number, each in self.statements.items()}
