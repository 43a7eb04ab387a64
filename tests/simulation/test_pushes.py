"""Random lives of statements that are paid by pushes as well as by debits, against a model.

Adds to the lives of tests.simulation.test_statements: payments in any amount, order and page,
officers who decide, deaths in between. A short seeded run with every test; a long one with
SIEGE=all.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from customhouse.agency import credit_returns, credits
from customhouse.agency.credit_return_acts import send_back
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE
from customhouse.rails import CreditRefusal, IncomingCredit
from tests.conftest import MakeSettings
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import Counter
from tests.integration.agency.harbor import BROKER, MONDAY
from tests.integration.agency.test_credit_returns import Bank
from tests.siege.fuses import Fuse, fused, in_child
from tests.simulation.books import FREE
from tests.simulation.purse import Money, Purse
from tests.simulation.test_statements import EVERYTHING, EXAMPLES, STEPS, Lives, pytestmark

__all__ = ["pytestmark"]
NOWHERE = "9927327001"
# What is pushed beside what is due: exactly that, too little, too much.
ERRORS = st.sampled_from([0, 0, 0, -1, 1, 700])
SHARES = st.sampled_from([1, 1, 2, 3])


class PushedLives(Lives):
    """Payers push money into the lives of statements, and officers look after what waits."""

    def __init__(self) -> None:
        super().__init__()
        self.counter = Counter.opened(self.harbor)
        self.cashier = self.counter.cashier
        self.purse = Purse(self.books)
        self.returner = Bank()

    @precondition(lambda self: self.books.statements)
    @rule(data=st.data(), error=ERRORS, shares=SHARES, died=st.integers(0, 40))
    def push(self, data: st.DataObject, error: int, shares: int, died: int) -> None:
        """A statement is paid in one or several payments, told in one page in any order."""
        number = self._any(data)
        whole = max(self.books.statements[number].cents + error, shares)
        parts = [whole // shares] * (shares - 1)
        amounts = data.draw(st.permutations([*parts, whole - sum(parts)]))
        self._arrives([self._credit(data, number, cents) for cents in amounts], died)

    @precondition(lambda self: self.books.statements)
    @rule(data=st.data(), cents=st.integers(1, 5_000_000))
    def push_some(self, data: st.DataObject, cents: int) -> None:
        """Any amount is pushed for any statement, whatever became of it."""
        self._arrives([self._credit(data, self._any(data), cents)], 0)

    @rule(data=st.data(), cents=st.integers(1, 5_000_000))
    def push_astray(self, data: st.DataObject, cents: int) -> None:
        """Money comes for no statement that there is."""
        self._arrives([self._credit(data, None, cents)], 0)

    @precondition(lambda self: self.cashier.told)
    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """What was told once is told again: it has no second effect (C2)."""
        page = data.draw(st.lists(st.sampled_from(self.cashier.told), min_size=1, unique=True))
        assert self.cashier.tell(*page) == credits.Taken()

    @precondition(lambda self: self.purse.waiting)
    @rule(data=st.data())
    def officer_refunds(self, data: st.DataObject) -> None:
        """An officer owes what waits back to who sent it."""
        part = data.draw(st.sampled_from(sorted(each.part for each in self.purse.waiting)))
        self.counter.decide("refund", part)
        self.purse.goes_back(part)

    @precondition(lambda self: self._astray() and self.books.statements)
    @rule(data=st.data())
    def officer_applies(self, data: st.DataObject) -> None:
        """An officer finds what money is for; on what is not due nothing can be applied."""
        part, number = data.draw(st.sampled_from(self._astray())), self._any(data)
        if self.books.statements[number].state == FREE:
            outcome = self.counter.decide("apply", part, number)
            self.purse.is_applied(part, number, under=outcome.parts[0])
        else:
            with pytest.raises(Refused) as refused:
                self.counter.decide("apply", part, number)
            assert refused.value.faults[0].code == "desk-statement-not-payable"

    @precondition(lambda self: self._astray())
    @rule(data=st.data())
    def officer_sends_back(self, data: st.DataObject) -> None:
        """An officer refuses money that nobody can place; the same again has no second effect."""
        self._sends_back(data.draw(st.sampled_from(self._astray())))

    def _sends_back(self, part: str) -> None:
        for _ in range(2):
            with self.harbor.connect() as connection:
                desk = self.counter.desk()
                send_back(connection, part, reason="Meant for somebody else.", desk=desk)
        self.purse.leaves(part)

    @precondition(lambda self: any(each.leaving for each in self.purse.money.values()))
    @rule(takes=st.booleans(), died=st.integers(0, 40))
    def bank_answers(self, *, takes: bool, died: int) -> None:
        """The bank sends back what was refused, or does not take it; a death in between."""
        self.returner.refusal = "" if takes else "It settled too long ago."
        today, connect = self.cashier.today, self.harbor.connect
        if died:
            burning = fused(self.harbor.settings, "agency", Fuse(died))
            in_child(lambda: credit_returns.hand_over(burning, self.returner, today=today))
        credit_returns.hand_over(connect, self.returner, today=today)
        # What a child handed over before it died is not in this process's bank.
        query = "select credit_id, amount_cents, decided_on from credit_return where state = %s"
        self.returner.got = [CreditRefusal(*row) for row in self.harbor.rows(query, "with_bank")]
        self.returner.settle(self.books.today)
        assert credit_returns.take_news(connect, self.returner, today=today, step="returned") == 0
        self.purse.bank_answers(sent_back=takes)

    @invariant()
    def purse_agrees(self) -> None:
        """Every part and every account is the model's."""
        query = (
            "select part_id, amount_cents, applied_cents, refundable_cents from credit_part"
            " where state <> 'moved'"
        )
        rows = {part: tuple(cents) for part, *cents in self.harbor.rows(query)}
        assert rows == self.purse.as_rows()
        assert self.cashier.balances() == self.purse.balances()
        paid = dict(
            self.harbor.rows(
                "select statement_number, paid_on from statement where paid_on is not null"
            )
        )
        for number, paid_on in paid.items():
            assert self.books.statements[number].paid_on == paid_on

    def _credit(self, data: st.DataObject, number: str | None, cents: int) -> IncomingCredit:
        days = [each for each in (MONDAY, self.books.today) if each <= self.books.today]
        collected_on: date = data.draw(st.sampled_from(days))
        text = txp(BROKER, number or NOWHERE, cents)
        return self.cashier.credit(cents, text, collected_on=collected_on)

    def _arrives(self, page: list[IncomingCredit], died: int) -> None:
        if died:
            in_child(lambda: self._take_burning(page, Fuse(died)))
        self.cashier.tell(*page)
        new = []
        for each in page:
            named = each.addenda[0].split("*")[4]
            number = named if named in self.books.statements else None
            new.append(Money(f"{each.credit_id}.1", each.amount_cents, each.collected_on, number))
        self.purse.arrives(new)

    def _take_burning(self, page: list[IncomingCredit], fuse: Fuse) -> None:
        with fused(self.harbor.settings, "agency", fuse)() as connection:
            credits.apply(connection, page, profile=CUSTOMS_PROFILE, today=self.cashier.today)

    def _astray(self) -> list[str]:
        return sorted(each.part for each in self.purse.waiting if each.number is None)

    def _night_falls(self, tomorrow: date) -> None:
        self.purse.evening_comes()
        super()._night_falls(tomorrow)

    def _debit_settled(self, number: str) -> None:
        self.purse.debit_settles(number)
        super()._debit_settled(number)

    def _debit_back(self, number: str) -> None:
        if self.books.statements[number].payment == "settled":
            self.purse.debit_comes_back(number)
        super()._debit_back(number)


def test_any_life_with_pushed_money_is_as_the_model_foretells(
    make_settings: MakeSettings, tmp_path: Path
) -> None:
    """C2, C3, C6, C16, C17: any amounts, any order, debits mixed in; every account agrees."""

    class Bound(PushedLives):
        fresh: Callable[[], Any] = staticmethod(lambda: make_settings(tmp_path))

    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS + 6,
            deadline=None,
            derandomize=not EVERYTHING,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_life_in_which_money_is_refused_and_goes_back(
    make_settings: MakeSettings, tmp_path: Path
) -> None:
    """C17: the two acts that a short run may not choose: not taken by the bank, then sent back."""

    class Bound(PushedLives):
        fresh: Callable[[], Any] = staticmethod(lambda: make_settings(tmp_path))

    life = Bound()
    try:
        credit = life.cashier.credit(500, txp(BROKER, NOWHERE, 500))
        life._arrives([credit], 0)
        for takes, died in ((False, 4), (True, 9)):
            life._sends_back(f"{credit.credit_id}.1")
            life.purse_agrees()
            life.bank_answers(takes=takes, died=died)
            life.purse_agrees()
        assert life.cashier.balances() == {}
    finally:
        life.teardown()
