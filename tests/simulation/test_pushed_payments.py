"""Random lives of statements for which payers also push money, in any parts and any order.

Everything that can happen to a statement in test_statements goes on; the auditor's books of pushed
money foretell what waits, what is paid as of which day, and what is owed back (C3, C16, C17).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from customhouse.business_days import FEDERAL_RESERVE
from tests.conftest import MakeSettings
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER
from tests.simulation.books import PAID
from tests.simulation.push_books import Coin, PushBooks
from tests.simulation.test_statements import EVERYTHING, Lives

EXAMPLES, STEPS = (40, 50) if EVERYTHING else (3, 16)
UNKNOWN_DOCUMENT = "3900000999"
LEDGER = """
select coalesce(sum(case when debit = 'treasury' and kind in (9, 10) then amount_cents
                         when credit = 'treasury' and kind = 9 then -amount_cents end), 0)::bigint,
       coalesce(sum(case when credit = 'unapplied_credits' then amount_cents
                         when debit = 'unapplied_credits' then -amount_cents end), 0)::bigint,
       coalesce(sum(case when credit = 'refunds_payable' then amount_cents
                         when debit = 'refunds_payable' then -amount_cents end), 0)::bigint
from transfer
"""

pytestmark = pytest.mark.timeout(3600 if EVERYTHING else 300)


class PushedLives(Lives):
    """Payers push money while filers, the bank and the calendar act in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.cashier = Cashier(self.harbor)
        self.cashier.enroll(BROKER)
        self.pushes = PushBooks()

    @precondition(lambda self: self.books.statements)
    @rule(
        data=st.data(),
        how=st.sampled_from(["part", "rest", "over", "again"]),
        late=st.booleans(),
        together=st.booleans(),
    )
    def push(self, data: st.DataObject, *, how: str, late: bool, together: bool) -> None:
        """A payer pushes a part, the rest, too much, or all of it, told a day late at times."""
        number = self._any(data)
        missing = self.pushes.missing(self.books, number)
        cents = {
            "part": max(missing // 3, 1),
            "rest": missing,
            "over": missing + 25,
            "again": max(self.books.statements[number].cents, 1),
        }[how]
        collected_on = FEDERAL_RESERVE.previous(self.books.today) if late else self.books.today
        shares = [cents // 2, cents - cents // 2] if together and cents > 1 else [cents]
        self._tell(number, shares, collected_on)

    @rule(cents=st.integers(1, 1_000_000))
    def push_astray(self, cents: int) -> None:
        """A payer names a document that there is not."""
        self.harbor.today = self.books.today
        self.cashier.push(cents, txp(BROKER, UNKNOWN_DOCUMENT, cents))
        self.pushes.gets_lost(cents)

    @precondition(lambda self: self.cashier.told)
    @rule(data=st.data())
    def tell_again(self, data: st.DataObject) -> None:
        """The bank tells a credit again."""
        credit = data.draw(st.sampled_from(self.cashier.told))
        self.harbor.today = self.books.today
        assert self.cashier.tell(credit).payments == 0

    @invariant()
    def pushed_money_is_where_it_was_foretold(self) -> None:
        """Received, unapplied and owed back are the auditor's; so is each day of payment."""
        ((treasury, unapplied, owed),) = self.harbor.rows(LEDGER)
        foretold = (self.pushes.unapplied_cents, self.pushes.owed_cents)
        assert (unapplied, owed) == foretold
        assert treasury == self.pushes.pushed_cents
        query = "select statement_number, paid_on from statement where paid_on is not null"
        assert dict(self.harbor.rows(query)) == self.pushes.paid_on

    def _tell(self, number: str, shares: list[int], collected_on: date) -> None:
        self.harbor.today = self.books.today
        addenda = [txp(BROKER, number, cents) for cents in shares]
        self.cashier.push(sum(shares), *addenda, collected_on=collected_on)
        credit_id = self.cashier.told[-1].credit_id
        coins = [
            Coin(collected_on, f"{credit_id}.{place}", cents)
            for place, cents in enumerate(shares, 1)
        ]
        for coin in coins[:-1]:
            self.pushes.waiting.setdefault(number, []).append(coin)
            self.pushes.pushed_cents += coin.cents
        self.pushes.arrives(self.books, number, coins[-1])

    def _night_matters(self) -> bool:
        paid = any(each.state == PAID for each in self.books.statements.values())
        return super()._night_matters() or paid or bool(self.pushes.waiting)

    def _day(self, part: Any) -> None:
        super()._day(part)
        if part == "evening":
            self.pushes.evening(self.books)


def test_pushed_money_ends_as_the_auditor_foretells(
    make_settings: MakeSettings, tmp_path: Path
) -> None:
    """C3, C16, C17: any partition, any order, told twice, with debits in between."""

    class Bound(PushedLives):
        fresh = staticmethod(lambda: make_settings(tmp_path))

    run_state_machine_as_test(
        Bound,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=not EVERYTHING,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
