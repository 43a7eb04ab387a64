"""What the bank says moved on the agency's account on a day: each movement once, and the totals."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import pytest

from customhouse.bank import treasury_days
from customhouse.bank.exchange import Exchange
from customhouse.bank.treasury_days import DayTotals
from customhouse.faults import Refused
from customhouse.rails import TreasuryLine, to_json, treasury_line_from_json
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, Branch, instruction
from tests.integration.bank.credit_files import STRANGER, Push, pushed
from tests.integration.bank.operator_files import (
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)
from tests.integration.bank.test_disputes import (
    AFTER,
    DISHONORED_ON,
    LATE,
    acknowledge,
    return_late,
    settle_one,
)


class Day(NamedTuple):
    """The lines of a day and its totals."""

    lines: list[TreasuryLine]
    totals: DayTotals

    @property
    def moved(self) -> list[tuple[str, str, int]]:
        """Give kind, direction and cents of each line."""
        return [(each.kind, each.direction, each.amount_cents) for each in self.lines]


def day_of(branch: Branch, on: date, *, after: str = "", most: int = 5000) -> Day:
    """Ask for a day."""
    with branch.office() as office:
        found = treasury_days.lines(office.connection, on.isoformat(), after=after, most=most)
    return Day(*found)


def test_a_day_has_its_credits_and_its_settled_debits(branch: Branch, exchange: Exchange) -> None:
    """Refused debits, prenotes and what went back moved nothing here; a return before settlement
    moved nothing either."""
    branch.open_units(1)
    branch.instruct(instruction(1), instruction(2), instruction(3))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    first, second, third = sent(path)
    deliver(exchange, "a.ack.json", acknowledgement(path))
    deliver(exchange, "a.settlement.csv", settlement([first, second], WEDNESDAY))
    early = returns([(third, "R01")], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "a.ret.ach", early)
    file = pushed(
        Push(amount_cents=700),
        Push(amount_cents=0, code=23),
        Push(amount_cents=31, account=STRANGER),
        Push(amount_cents=32, code=27, texts=()),
        settled_on=WEDNESDAY,
    )
    deliver(exchange, "b.cr.ach", file)
    branch.run(WEDNESDAY)
    late = returns([(second, "R01")], created_on=FRIDAY, settled_on=FRIDAY)
    deliver(exchange, "c.ret.ach", late)
    branch.run(FRIDAY)

    wednesday = day_of(branch, WEDNESDAY)
    assert wednesday.lines[0] == TreasuryLine(
        line_id="credit:C26329111111110000001",
        kind="credit_received",
        amount_cents=700,
        direction="credit",
        reference="C26329111111110000001",
        statement_number="",
        trace_number="111111110000001",
        company_name="EXAMPLE IMPORTER",
        settled_on=WEDNESDAY,
    )
    assert wednesday.lines[1] == TreasuryLine(
        line_id="debit:B76-3927327001-1:1:settled",
        kind="debit_settled",
        amount_cents=104_608,
        direction="credit",
        reference="B76-3927327001-1",
        statement_number="3927327001",
        trace_number=first.trace_number,
        company_name="",
        settled_on=WEDNESDAY,
    )
    assert wednesday.moved[2:] == [("debit_settled", "credit", 104_608)]
    assert wednesday.totals == DayTotals(3, 700 + 2 * 104_608, 0)
    friday = day_of(branch, FRIDAY)
    assert friday.moved == [("debit_returned", "debit", 104_608)]
    assert friday.totals == DayTotals(1, 0, 104_608)
    assert day_of(branch, TUESDAY) == ([], DayTotals(0, 0, 0))
    assert [treasury_line_from_json(to_json(each)) for each in wednesday.lines] == wednesday.lines


def test_a_disputed_return_and_its_end_are_movements(branch: Branch, exchange: Exchange) -> None:
    return_late(branch, exchange, settle_one(branch, exchange))
    acknowledge(exchange)
    branch.run(AFTER)
    assert day_of(branch, LATE).moved == [("return_disputed", "debit", 104_608)]
    assert day_of(branch, DISHONORED_ON).moved == []
    ended = branch.rows("select ended_on from dispute where state = 'won'")
    ((won_on,),) = ended
    assert isinstance(won_on, date)
    assert day_of(branch, won_on).moved == [("dispute_won", "credit", 104_608)]


def test_a_day_is_read_page_by_page_with_the_totals_of_all(
    branch: Branch, exchange: Exchange
) -> None:
    pushes = [Push(amount_cents=place) for place in (1, 2, 4, 8, 16)]
    deliver(exchange, "one.cr.ach", pushed(*pushes, settled_on=TUESDAY))
    branch.run(TUESDAY)
    found: list[int] = []
    after = ""
    while (page := day_of(branch, TUESDAY, after=after, most=2)).lines:
        assert page.totals == DayTotals(5, 31, 0)
        found += [each.amount_cents for each in page.lines]
        after = page.lines[-1].line_id
    assert found == [1, 2, 4, 8, 16]


def test_what_cannot_be_asked_is_refused(branch: Branch) -> None:
    branch.run(TUESDAY)
    asked = [("2026-13-01", "", 1), ("2026-11-24", "x" * 201, 1), ("2026-11-24", "", 0)]
    asked += [("2026-11-24", "", 5001), ("2026-11-24", "\0", 1)]
    with branch.office() as office:
        for on, after, most in asked:
            with pytest.raises(Refused) as refused:
                treasury_days.lines(office.connection, on, after=after, most=most)
            assert refused.value.faults[0].code == "treasury-page-unreadable"
