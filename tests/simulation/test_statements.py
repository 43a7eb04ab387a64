"""Random lives of statements against a model: every outcome is foretold, every invariant asked.

A short seeded run with every test; a long one with SIEGE=all (make soak).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from customhouse.agency import abi_door, bank_link, day
from customhouse.bank import events
from customhouse.business_days import FEDERAL_OFFICES
from customhouse.clock import RehearsalClock
from customhouse.database import connect
from customhouse.settings import Settings
from tests.conftest import MakeSettings
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, MONDAY, Harbor, dispositions
from tests.siege.fuses import Fuse, fused, in_child
from tests.siege.voyage import NO_FUSE, Rails, bind_units
from tests.simulation.books import FREE, Books, Statement

EVERYTHING = os.environ.get("SIEGE") == "all"
EXAMPLES, STEPS = (40, 40) if EVERYTHING else (3, 14)
MOST_DAYS = 12
CENTS = st.integers(1, 5_000_000)

pytestmark = pytest.mark.timeout(3600 if EVERYTHING else 300)


class Lives(RuleBasedStateMachine):
    """Filers, the bank and the calendar act in any order."""

    fresh: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.world = ExitStack()
        self.settings: Settings = self.world.enter_context(type(self).fresh())
        bind_units(self.settings)
        self.harbor = Harbor.build(self.settings)
        self.books = Books(MONDAY)
        self.serial = self.keys = self.news = self.days = 0
        self.last: tuple[str, str, str] | None = None

    def teardown(self) -> None:
        """Give the databases back."""
        self.world.close()

    @rule(group=st.sampled_from(["2", "3"]), cents=CENTS)
    def schedule(self, group: str, cents: int) -> None:
        """An entry is scheduled for the next day's statements."""
        self.serial += 1
        tomorrow = self._tomorrow()
        number = self.harbor.entry(
            self.serial, charges={"001": cents}, payment_type=group, print_date=tomorrow
        )
        self.books.waiting[number] = (group, cents)

    @precondition(lambda self: self.days < MOST_DAYS and self._night_matters())
    @rule()
    def next_day(self) -> None:
        """The day ends and the next begins; what waited is printed."""
        self.days += 1
        self._day("evening")
        expected = self.books.totals_to_print()
        self._night_falls(self._tomorrow())
        self._day("morning")
        found: dict[str, dict[str, int]] = {}
        for number, entry, cents in self.harbor.rows(
            "select statement_number, entry_number, amount_cents from statement_entry"
        ):
            if number not in self.books.statements:
                found.setdefault(number, {})[entry] = cents
        assert Counter(sum(entries.values()) for entries in found.values()) == expected
        self.books.waiting.clear()
        for number, entries in found.items():
            self.books.statements[number] = Statement(dict(entries))

    @precondition(lambda self: self.books.statements)
    @rule(data=st.data(), error=st.sampled_from([0, 0, 0, 1, -1]))
    def authorize(self, data: st.DataObject, error: int) -> None:
        """The filer pays a statement, sometimes a cent too much or too little."""
        number = self._any(data)
        cents = max(self.books.statements[number].cents + error, 0)
        accepted = self.books.authorizes(number, cents)
        answer = self._send("RM", f"PT{BROKER_UNIT}02B76 {number}{cents:010}")
        assert (dispositions(answer) == ["D00"]) is accepted, answer

    @precondition(lambda self: self.books.statements)
    @rule(data=st.data(), error=st.sampled_from([0, 0, 1]))
    def negate(self, data: st.DataObject, error: int) -> None:
        """The filer undoes a payment."""
        number = self._any(data)
        cents = self.books.statements[number].cents + error
        undone = self.books.negates(number, cents)
        answer = self._send("RM", f"PT{BROKER_UNIT}02B76 {number}{cents:010}Y")
        assert (dispositions(answer) == ["D40"]) is undone, answer

    @precondition(lambda self: any(each.entries for each in self.books.statements.values()))
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """The filer takes an entry off its statement."""
        number = self._any(data, lambda each: bool(each.entries))
        entry = data.draw(st.sampled_from(sorted(self.books.statements[number].entries)))
        removed = self.books.removes(number, entry)
        answer = self._send("SU", f"H3901B76  {entry}1")
        assert (dispositions(answer) == ["P12"]) is removed, answer

    @precondition(lambda self: self.last is not None)
    @rule()
    def send_again(self) -> None:
        """The last batch comes again with its key."""
        assert self.last is not None
        key, text, answer = self.last
        assert self.harbor.send(text, key=key).answer == answer

    @precondition(lambda self: any(each.state == FREE for each in self.books.statements.values()))
    @rule(data=st.data(), boundary=st.integers(1, 20))
    def die_while_paying(self, data: st.DataObject, boundary: int) -> None:
        """The process dies somewhere in a payment, and the filer sends it again."""
        number = self._any(data, lambda each: each.state == FREE)
        cents = self.books.statements[number].cents
        text = self.harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"])
        self.keys += 1
        key = f"key-{self.keys}"
        in_child(lambda: _send_burning(self.harbor, text, key, fuse=Fuse(boundary)))
        assert self.books.authorizes(number, cents)
        assert dispositions(self.harbor.send(text, key=key).answer) == ["D00"]

    @precondition(lambda self: self._debits())
    @rule(data=st.data(), news=st.sampled_from(["settled", "returned"]))
    def bank_reports(self, data: st.DataObject, news: str) -> None:
        """A debit settles, or comes back, before or after that; the report comes twice."""
        number = data.draw(st.sampled_from(self._debits()))
        payment = self.books.statements[number].payment
        if news == "returned" and not self.books.statements[number].returns:
            self._report(number, "returned", code="R01")
            self._debit_back(number)
        elif payment == "with_bank":
            self._report(number, "settled", code="")
            self._debit_settled(number)

    @invariant()
    def books_agree(self) -> None:
        """State and total of each statement are the model's, and every invariant holds."""
        query = "select statement_number, state, total_cents from statement"
        rows = {number: (state, cents) for number, state, cents in self.harbor.rows(query)}
        assert rows == self.books.as_rows()
        assert self.harbor.violations() == []

    def _night_matters(self) -> bool:
        """Tell whether a night would change anything: dull ones cost time and find nothing."""
        return bool(self.books.waiting) or any(
            each.payment == "accepted" or each.state == "paid"
            for each in self.books.statements.values()
        )

    def _night_falls(self, tomorrow: date) -> None:
        self.books.night_falls(tomorrow)

    def _debit_settled(self, number: str) -> None:
        self.books.settles(number)

    def _debit_back(self, number: str) -> None:
        self.books.comes_back(number)

    def _debits(self) -> list[str]:
        at_bank = ("with_bank", "settled")
        return sorted(n for n, each in self.books.statements.items() if each.payment in at_bank)

    def _any(self, data: st.DataObject, which: Callable[[Any], bool] = bool) -> str:
        numbers = sorted(n for n, each in self.books.statements.items() if which(each))
        return data.draw(st.sampled_from(numbers))

    def _tomorrow(self) -> Any:
        return FEDERAL_OFFICES.next(self.books.today)

    def _send(self, application: str, record: str) -> str:
        self.keys += 1
        key, text = f"key-{self.keys}", self.harbor.batch(application, [record])
        answer = self.harbor.send(text, key=key).answer
        self.last = key, text, answer
        return answer

    def _agency(self) -> day.Agency:
        clock = RehearsalClock(self.books.today)
        link: Any = Rails(self.settings, clock, NO_FUSE)
        return day.Agency(self.harbor.connect, link, self.harbor.policy, clock)

    def _day(self, part: day.Part) -> None:
        self.harbor.today = self.books.today
        day.run(self._agency(), self.books.today, part=part, report=lambda *_: None)

    def _report(self, number: str, kind: Any, *, code: str) -> None:
        query = (
            "select instruction_id, amount_cents from authorization_attempt"
            " where statement_number = %s order by attempt desc limit 1"
        )
        ((identity, cents),) = self.harbor.rows(query, number)
        new = events.NewEvent(
            f"{kind}/{identity}", kind, identity, cents, self.books.today, "091000010000001", code
        )
        agency = self._agency()
        for _ in range(2):
            with connect(self.settings, "bank") as connection:
                events.record(connection, [new], clock=agency.clock)
            bank_link.take_events(
                agency.connect,
                agency.link,
                agency.clock,
                business_date=self.books.today,
                step="news",
            )


def _send_burning(harbor: Harbor, text: str, key: str, *, fuse: Fuse) -> None:
    abi_door.take_batch(
        fused(harbor.settings, "agency", fuse),
        sender=harbor.senders[BROKER],
        raw=text.encode(),
        idempotency_key=key,
        clock=harbor.clock,
        policy=harbor.policy,
    )


def test_any_life_of_statements_is_as_the_model_foretells(
    make_settings: MakeSettings, tmp_path: Path
) -> None:
    """A1, A2, A5, A6, A10, B1, C2, C6: in any order, with deaths in between; the books agree."""

    class Bound(Lives):
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
