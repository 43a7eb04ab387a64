"""The model of money that is pushed: what waits, what pays, what is owed back, account by account.

Knows the requirements (CRD-05 to CRD-08) and not the code. It stands beside the model of statements
(books) and judges a statement's money when something arrives for it, when an officer decides, and
in the evening.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tests.simulation.books import FREE, Books, Statement


@dataclass(frozen=True)
class Money:
    """One part of a payment in cents; ``number`` is the statement it is for, if any is known."""

    part: str
    cents: int
    collected_on: date
    number: str | None
    applied: int = 0
    back: int = 0
    # An officer sent it back to who pushed it: on its way, then gone.
    leaving: bool = False
    gone: bool = False

    @property
    def waits(self) -> bool:
        """Tell whether nothing became of it yet."""
        return self.applied + self.back == 0 and not (self.leaving or self.gone)


@dataclass
class Purse:
    """All money that was pushed, by part, beside the books that it pays into."""

    books: Books
    money: dict[str, Money] = field(default_factory=dict)
    # Cents by account, debits positive; what is unapplied or owed back is added up from the parts.
    posted: Counter[str] = field(default_factory=Counter)
    billed: set[str] = field(default_factory=set)

    def arrives(self, new: list[Money]) -> None:
        """Enter what arrived together, then judge the statements it is for."""
        for each in new:
            self.money[each.part] = each
            self.posted["treasury"] += each.cents
        for number in sorted({each.number for each in new if each.number is not None}):
            self.judge(number)

    def judge(self, number: str) -> None:
        """Pay a statement in full or not at all, with what was collected first (CRD-06).

        A payment of the exact amount pays alone.
        """
        statement = self.books.statements[number]
        waiting = sorted(self._for(number), key=lambda each: (each.collected_on, each.part))
        if statement.state != FREE:
            for each in waiting:
                self.money[each.part] = replace(each, back=each.cents)
        elif sum(each.cents for each in waiting) >= statement.cents:
            self._pay(number, statement, waiting)

    def goes_back(self, part: str) -> None:
        """Enter that an officer owes a part back."""
        self.money[part] = replace(self.money[part], back=self.money[part].cents)

    def leaves(self, part: str) -> None:
        """Enter that an officer sent a part back through the bank; it is on its way."""
        self.money[part] = replace(self.money[part], leaving=True)

    def bank_answers(self, *, sent_back: bool) -> None:
        """Enter that the bank sent back what is on its way, or did not take it."""
        for each in [each for each in self.money.values() if each.leaving]:
            self.money[each.part] = replace(each, leaving=False, gone=sent_back)
            self.posted["treasury"] -= each.cents if sent_back else 0

    def is_applied(self, part: str, number: str, *, under: str) -> None:
        """Enter that an officer found what a part is for, and its id from now on."""
        self.money[under] = replace(self.money.pop(part), part=under, number=number)
        self.judge(number)

    def evening_comes(self) -> None:
        """Judge everything once more: totals have changed, debits were authorized."""
        for number in sorted({each.number for each in self.waiting if each.number is not None}):
            self.judge(number)

    def debit_settles(self, number: str) -> None:
        """Enter that a debit settled: it pays the claim of an earlier one, or earns revenue."""
        cents = self.books.statements[number].cents
        self.posted["treasury"] += cents
        self.posted[self._earns(number)] -= cents

    def debit_comes_back(self, number: str) -> None:
        """Enter that a settled debit came back: it is a claim on the payer."""
        cents = self.books.statements[number].cents
        self.posted["treasury"] -= cents
        self.posted["bills_receivable"] += cents
        self.billed.add(number)

    @property
    def waiting(self) -> list[Money]:
        """Give what waits."""
        return [each for each in self.money.values() if each.waits]

    def balances(self) -> dict[str, int]:
        """Give the balance of each account that is not zero; all add up to nothing (G1)."""
        found = self.posted.copy()
        held = (each.cents for each in self.money.values() if each.waits or each.leaving)
        found["unapplied_credits"] = -sum(held)
        found["refunds_payable"] = -sum(each.back for each in self.money.values())
        assert sum(found.values()) == 0
        return {account: cents for account, cents in found.items() if cents}

    def as_rows(self) -> dict[str, tuple[int, int, int]]:
        """Give cents, applied and owed back of each part, to be compared."""
        return {part: (each.cents, each.applied, each.back) for part, each in self.money.items()}

    def _for(self, number: str) -> Iterator[Money]:
        return (each for each in self.waiting if each.number == number)

    def _earns(self, number: str) -> str:
        return "bills_receivable" if number in self.billed else "revenue"

    def _pay(self, number: str, statement: Statement, waiting: list[Money]) -> None:
        left = statement.cents
        total = 0
        for each in waiting:
            total += each.cents
            if total >= statement.cents:
                if each.cents == statement.cents:
                    waiting = [each, *(other for other in waiting if other is not each)]
                break
        for each in waiting:
            applied = min(left, each.cents)
            left -= applied
            self.money[each.part] = replace(each, applied=applied, back=each.cents - applied)
            if applied:
                statement.paid_on = each.collected_on
        statement.state, statement.payment = "paid", ""
        self.posted[self._earns(number)] -= statement.cents
