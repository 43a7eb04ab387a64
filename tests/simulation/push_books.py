"""The model of money that payers push: what waits, what pays a statement, what is owed back.

Written from the requirements only, not the code (CRD-05 to CRD-08, C16, C17): what waits for a
statement is added up here once more, and each outcome is foretold.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate

from tests.simulation.books import FREE, PAID, Books


@dataclass(frozen=True, order=True)
class Coin:
    """Money that waits: its collection date, the part that it is in, and cents."""

    collected_on: date
    part_id: str
    cents: int


@dataclass
class PushBooks:
    """What waits for each statement, and the cents that nobody can apply or that go back."""

    waiting: dict[str, list[Coin]] = field(default_factory=dict)
    paid_on: dict[str, date] = field(default_factory=dict)
    pushed_cents: int = 0
    owed_cents: int = 0
    lost_cents: int = 0

    @property
    def unapplied_cents(self) -> int:
        """Give what stands unapplied: short payments, and what names nothing."""
        short = sum(coin.cents for coins in self.waiting.values() for coin in coins)
        return short + self.lost_cents

    def missing(self, books: Books, number: str) -> int:
        """Give what is still to come for a statement, or all of it when nothing is due."""
        here = sum(coin.cents for coin in self.waiting.get(number, ()))
        return max(books.statements[number].cents - here, 1)

    def arrives(self, books: Books, number: str, coin: Coin) -> None:
        """Enter money for a statement, and judge all that waits for it."""
        self.pushed_cents += coin.cents
        self.waiting.setdefault(number, []).append(coin)
        self.judge(books, number)

    def gets_lost(self, cents: int) -> None:
        """Enter money that names nothing."""
        self.pushed_cents += cents
        self.lost_cents += cents

    def judge(self, books: Books, number: str) -> None:
        """Foretell what becomes of all that waits for a statement."""
        statement = books.statements[number]
        coins = sorted(self.waiting.get(number, []))
        total = sum(coin.cents for coin in coins)
        if not coins or (statement.state == FREE and total < statement.cents):
            return
        del self.waiting[number]
        if statement.state != FREE:
            self.owed_cents += total
            return
        sums = accumulate(coin.cents for coin in coins)
        complete = [c for c, so_far in zip(coins, sums, strict=True) if so_far >= statement.cents]
        self.paid_on[number] = complete[0].collected_on
        self.owed_cents += total - statement.cents
        statement.state = PAID

    def evening(self, books: Books) -> None:
        """Judge everything again, as the agency's evening does."""
        for number in list(self.waiting):
            self.judge(books, number)
