"""The agency's dates and hours: every day's cut-off, year ends, holidays that move."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from customhouse.agency.business_day import BusinessDay, takes_nothing_more
from customhouse.agency.policy import AGENCY_ZONE, Policy
from customhouse.business_days import (
    FEDERAL_OFFICES,
    FEDERAL_RESERVE,
    LAST_YEAR,
    OutsideCalendar,
)
from customhouse.clock import FixedClock
from customhouse.identifiers import StatementNumber, fiscal_year

EVERY_DAY = [date(2000, 1, 1) + timedelta(days=n) for n in range(22_281)]
MILLISECOND = timedelta(milliseconds=1)


def test_the_cut_off_is_the_same_hour_in_washington_on_every_date() -> None:
    """E5: on all dates of the calendar, daylight saving time or not."""
    policy = Policy()
    for day in EVERY_DAY:
        instant = policy.cut_off_on(day)
        assert instant.tzinfo is UTC
        local = instant.astimezone(AGENCY_ZONE)
        assert (local.date(), local.time()) == (day, policy.cut_off), day
        assert (instant.hour - policy.cut_off.hour) in (4, 5)


@pytest.mark.parametrize(
    ("day", "cut_off", "expected"),
    [
        # 01:30 comes twice on 1 November 2026: the first one, still in daylight saving time.
        (date(2026, 11, 1), time(1, 30), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        # 02:30 does not come on 8 March 2026: where it would have been before the change.
        (date(2026, 3, 8), time(2, 30), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        (date(2026, 3, 9), time(2, 30), datetime(2026, 3, 9, 6, 30, tzinfo=UTC)),
        (date(2026, 11, 2), time(1, 30), datetime(2026, 11, 2, 6, 30, tzinfo=UTC)),
    ],
)
def test_an_hour_that_comes_twice_or_never_is_one_instant(
    day: date, cut_off: time, expected: datetime
) -> None:
    """E5: the day on which the clocks change has one cut-off, whatever its hour."""
    assert Policy(cut_off=cut_off).cut_off_on(day) == expected


@pytest.mark.parametrize("cut_off", [time(0, 0), time(1, 30), time(2, 30), time(17), time(23, 59)])
def test_cut_offs_grow_from_date_to_date(cut_off: time) -> None:
    """E5: no change of the clocks lets one date's cut-off pass another's."""
    instants = [Policy(cut_off=cut_off).cut_off_on(day) for day in EVERY_DAY]
    gaps = {later - earlier for earlier, later in pairwise(instants)}
    assert min(gaps) >= timedelta(hours=23)
    assert max(gaps) <= timedelta(hours=25)


@pytest.mark.parametrize("day", [date(2026, 11, 24), date(2026, 3, 9), date(2026, 11, 2)])
def test_a_day_takes_work_to_its_cut_off_and_not_at_it(day: date) -> None:
    """E7: a millisecond before is in time, the cut-off itself is not."""
    policy = Policy()
    instant = policy.cut_off_on(day)
    for moment, over in (
        (instant - MILLISECOND, False),
        (instant, True),
        (instant + MILLISECOND, True),
    ):
        clock = FixedClock(moment)
        found = takes_nothing_more(BusinessDay(day, closed=False), policy=policy, clock=clock)
        assert found is over


@pytest.mark.parametrize(
    ("accepted_on", "debit_on"),
    [
        # Christmas Day 2026 and New Year's Day 2027 are Fridays.
        (date(2026, 12, 23), date(2026, 12, 28)),
        (date(2026, 12, 24), date(2026, 12, 29)),
        (date(2026, 12, 30), date(2027, 1, 4)),
        (date(2026, 12, 31), date(2027, 1, 5)),
        # Offices close on Friday, 3 July 2026, for a holiday on Saturday; banks do not.
        (date(2026, 7, 2), date(2026, 7, 6)),
    ],
)
def test_the_expected_debit_skips_the_days_on_which_banks_are_closed(
    accepted_on: date, debit_on: date
) -> None:
    """E1, E2: two banking days after acceptance, by the banks' calendar and not the offices'."""
    assert Policy().expected_debit_on(accepted_on) == debit_on


def test_the_two_calendars_differ_on_the_friday_before_a_saturday_holiday() -> None:
    """E2: 3 July 2026: federal offices closed, Reserve Banks open."""
    assert not FEDERAL_OFFICES.is_business_day(date(2026, 7, 3))
    assert FEDERAL_RESERVE.is_business_day(date(2026, 7, 3))


def test_statement_numbers_are_one_a_day_through_leap_and_fiscal_years() -> None:
    """E4: day 366, 1 January and 1 October; only a leap year's 30 September has a twin."""
    first, last = date(2023, 10, 1), date(2032, 9, 30)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    numbers: dict[str, list[date]] = {}
    for day in days:
        numbers.setdefault(str(StatementNumber.compose("39", day, n=1)), []).append(day)
    twins = [found for found in numbers.values() if len(found) > 1]
    assert twins == [
        [date(2023, 10, 1), date(2024, 9, 30)],
        [date(2027, 10, 1), date(2028, 9, 30)],
        [date(2031, 10, 1), date(2032, 9, 30)],
    ]
    assert str(StatementNumber.compose("39", date(2024, 12, 31), n=1)) == "3925366001"
    assert str(StatementNumber.compose("39", date(2025, 1, 1), n=1)) == "3925001001"
    assert [fiscal_year(day) for day in (date(2026, 9, 30), date(2026, 10, 1))] == [2026, 2027]


@pytest.mark.parametrize("day", [date(LAST_YEAR, 12, 30), date(LAST_YEAR, 12, 31)])
def test_no_debit_is_dated_beyond_the_known_calendar(day: date) -> None:
    """E8: nothing is guessed behind the last year whose holidays are known."""
    with pytest.raises(OutsideCalendar):
        Policy().expected_debit_on(day)
