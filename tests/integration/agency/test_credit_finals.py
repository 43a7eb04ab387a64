"""On which morning the final of a pushed payment goes out, whatever the calendar (CRD-03).

Each row is one statement: paid on a day, the agency opened on every business day after that, and
the final seen on exactly one of them.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from customhouse.agency import credit_pools, finals
from customhouse.business_days import FEDERAL_OFFICES, FEDERAL_RESERVE
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, Harbor

DUE = 100_000
# The collection date, and the day of the final statement.
COLLECTED = {
    "Tuesday": (date(2026, 11, 24), date(2026, 11, 25)),
    "Wednesday before Thanksgiving": (date(2026, 11, 25), date(2026, 11, 27)),
    "Friday": (date(2026, 11, 27), date(2026, 11, 30)),
    "Monday": (date(2026, 11, 30), date(2026, 12, 1)),
    "Thursday": (date(2026, 12, 3), date(2026, 12, 4)),
    "Thursday before a Friday holiday": (date(2026, 12, 24), date(2026, 12, 28)),
    "New Year's Eve, a Thursday": (date(2026, 12, 31), date(2027, 1, 4)),
    "Friday before a Monday holiday": (date(2027, 1, 15), date(2027, 1, 19)),
    "Friday on which only banks work": (date(2027, 6, 18), date(2027, 6, 21)),
    "Thursday before that Friday": (date(2027, 6, 17), date(2027, 6, 21)),
    "Friday before a Sunday holiday": (date(2027, 7, 2), date(2027, 7, 6)),
}
# The business day on which an officer applied it, and the day of the final statement.
BY_HAND = {
    "Friday": (date(2026, 11, 27), date(2026, 11, 30)),
    "Monday": (date(2026, 11, 30), date(2026, 12, 1)),
    "Wednesday before Thanksgiving": (date(2026, 11, 25), date(2026, 11, 27)),
    "Thursday before a Friday holiday": (date(2026, 12, 24), date(2026, 12, 28)),
    "Friday before a Monday holiday": (date(2027, 1, 15), date(2027, 1, 19)),
    "Thursday before a Friday on which only banks work": (date(2027, 6, 17), date(2027, 6, 21)),
}


@pytest.fixture
def number(harbor: Harbor) -> str:
    """Print a statement of 1,000.00 on Tuesday, 24 November 2026; give its number."""
    harbor.entry(1, charges={"001": DUE})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    return number


@pytest.mark.requirement("CRD-03")
@pytest.mark.parametrize(("collected_on", "final_on"), COLLECTED.values(), ids=list(COLLECTED))
def test_final_of_a_matched_payment(
    harbor: Harbor, number: str, collected_on: date, final_on: date
) -> None:
    cashier = _joined(harbor)
    morning = _after(collected_on)
    harbor.today = morning
    taken = cashier.push(DUE, txp(BROKER, number, DUE), collected_on=collected_on)
    assert taken.paid == 1
    assert _days_with_a_final(harbor, collected_on) == [final_on]
    assert _paid_on(harbor, number) == collected_on


@pytest.mark.requirement("CRD-03")
@pytest.mark.parametrize(("applied_on", "final_on"), BY_HAND.values(), ids=list(BY_HAND))
def test_final_of_a_payment_applied_by_hand(
    harbor: Harbor, number: str, applied_on: date, final_on: date
) -> None:
    """CRD-07: the statement counts as paid on the collection date all the same."""
    cashier = _joined(harbor)
    collected_on = FEDERAL_RESERVE.previous(applied_on)
    harbor.today = applied_on
    _waits_for(cashier, number, collected_on)
    with harbor.connect() as connection:
        keys = [(BROKER, number)]
        settled = credit_pools.settle(connection, keys, today=cashier.today, by_hand=True)
    assert settled.paid == [(BROKER, number)]
    assert _days_with_a_final(harbor, collected_on) == [final_on]
    assert _paid_on(harbor, number) == collected_on


def test_final_is_not_sent_twice(harbor: Harbor, number: str) -> None:
    cashier = _joined(harbor)
    harbor.today = date(2026, 11, 27)
    cashier.push(DUE, txp(BROKER, number, DUE), collected_on=date(2026, 11, 25))
    assert _days_with_a_final(harbor, date(2026, 11, 25)) == [date(2026, 11, 27)]
    assert _days_with_a_final(harbor, date(2026, 11, 25)) == []


def _joined(harbor: Harbor) -> Cashier:
    cashier = Cashier(harbor)
    cashier.enroll(BROKER)
    return cashier


def _after(day: date) -> date:
    """Give the agency's business day behind a banking day, on which the bank's news comes."""
    return FEDERAL_OFFICES.on_or_after(day + timedelta(days=1))


def _days_with_a_final(harbor: Harbor, first: date) -> list[date]:
    """Send finals on every business day from one on, for two weeks; give those that had any."""
    days, day = [], FEDERAL_OFFICES.on_or_after(first)
    while day <= first + timedelta(days=14):
        harbor.today = day
        run = finals.send_finals(harbor.connect, day, policy=harbor.policy, clock=harbor.clock)
        days += [day] * run.sent
        day = FEDERAL_OFFICES.next(day)
    return days


def _paid_on(harbor: Harbor, number: str) -> date:
    query = "select paid_on from statement where statement_number = %s"
    ((paid_on,),) = harbor.rows(query, number)
    return paid_on


def _waits_for(cashier: Cashier, number: str, collected_on: date) -> None:
    """Let the whole amount wait for a statement, as it does when an officer has assigned it."""
    cashier.push(DUE, txp(BROKER, "3900000999", DUE), collected_on=collected_on)
    with cashier.harbor.connect() as connection:
        connection.execute(
            "update credit_part set reason = 'short', filer_code = %s, statement_number = %s",
            (BROKER, number),
        )
