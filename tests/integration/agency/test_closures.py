"""A closing moves what waits for its statement, and nothing that was printed."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import closures, day
from customhouse.agency.bank_link import BankLink
from customhouse.agency.closures import Closure
from customhouse.agency.policy import Policy
from customhouse.faults import Refused
from tests.integration.agency.harbor import MONDAY, PORT, TUESDAY, WEDNESDAY, Harbor

FRIDAY = date(2026, 11, 27)
NEXT_MONDAY = date(2026, 11, 30)


def _close(harbor: Harbor, *closings: Closure) -> int:
    with harbor.connect() as connection:
        closures.write(connection, closings)
        return closures.redate(connection, harbor.policy, on=harbor.today)


def _dates(harbor: Harbor) -> list[tuple[date, date]]:
    return harbor.rows("select print_date, due_on from entry_summary order by entry_number")


def _statements(harbor: Harbor) -> list[tuple[date, date]]:
    return harbor.rows("select print_date, due_on from statement order by statement_number")


def test_a_closing_moves_what_waits_and_nothing_printed(harbor: Harbor) -> None:
    """E3: Wednesday is closed on Tuesday; Tuesday's statement keeps the day it is due."""
    entered = {"entry_date": date(2026, 11, 12), "due_on": FRIDAY}
    harbor.entry(1, charges={"001": 100}, **entered)
    harbor.entry(2, charges={"001": 100}, print_date=WEDNESDAY, **entered)
    harbor.entry(3, charges={"001": 100}, print_date=FRIDAY, **entered)
    assert harbor.print().entries == 1
    assert _close(harbor, Closure(WEDNESDAY, "storm", TUESDAY)) == 2
    assert _dates(harbor) == [(TUESDAY, FRIDAY), (FRIDAY, NEXT_MONDAY), (FRIDAY, NEXT_MONDAY)]
    assert _close(harbor) == 0, "a second run finds nothing"
    assert _statements(harbor) == [(TUESDAY, FRIDAY)]
    harbor.print(FRIDAY)
    assert _statements(harbor) == [(TUESDAY, FRIDAY), (FRIDAY, NEXT_MONDAY)]


def test_a_closing_counts_from_its_day_on(harbor: Harbor) -> None:
    """One that is announced for Tuesday moves nothing on Monday; withdrawn, it counts no more."""
    harbor.entry(1, charges={"001": 100}, print_date=WEDNESDAY, entry_date=date(2026, 11, 12))
    announced = Closure(WEDNESDAY, "storm", TUESDAY, withdrawn_on=WEDNESDAY)
    _close(harbor, announced)
    assert [print_date for print_date, _ in _dates(harbor)] == [WEDNESDAY]
    with harbor.connect() as connection:
        for on, works in ((MONDAY, True), (TUESDAY, False), (WEDNESDAY, True)):
            calendar = closures.calendars(connection, Policy(), on=on).agency
            assert calendar.is_business_day(WEDNESDAY) is works


def test_a_local_holiday_holds_one_port_back(harbor: Harbor) -> None:
    """E3: the other port prints; what is there all the same waits for the next day."""
    harbor.entry(1, charges={"001": 100})
    harbor.entry(2, charges={"001": 200}, port="3902")
    with harbor.connect() as connection:
        closures.write(connection, [Closure(TUESDAY, "Example harbor day", MONDAY, PORT)])
    assert harbor.print().total_cents == 200
    assert harbor.print(WEDNESDAY).total_cents == 100
    assert harbor.violations() == []


def test_no_day_is_run_on_a_closed_one(harbor: Harbor) -> None:
    _close(harbor, Closure(TUESDAY, "storm", MONDAY))
    agency = day.Agency(
        harbor.connect, BankLink("http://127.0.0.1:9", "x" * 32), Policy(), harbor.clock
    )
    with harbor.connect() as connection:
        connection.execute("update business_day set closed_at = opened_at")
    assert day.days_until(agency, FRIDAY) == [WEDNESDAY, FRIDAY]
    with pytest.raises(Refused) as refused:
        day.run(agency, TUESDAY, part="morning", report=lambda step, summary: None)
    assert refused.value.faults[0].code == "not-a-processing-day"
