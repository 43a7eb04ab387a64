"""The calendars agree with an independent source on every day that they know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.business_days import (
    BY_NAME,
    CALENDAR_DAYS_WITHOUT_WEEKENDS,
    FEDERAL_OFFICES,
    FEDERAL_RESERVE,
    Calendar,
    OutsideCalendar,
)

EVERY_DAY = [date(2000, 1, 1) + timedelta(days=n) for n in range(22_281)]
INSIDE = st.dates(date(2000, 2, 1), date(2060, 11, 30))
CALENDARS = st.sampled_from(sorted(BY_NAME)).map(BY_NAME.__getitem__)
# Closed offices, open banks: the law of 17 June 2021 took effect at once for offices only.
FIRST_JUNETEENTH = date(2021, 6, 18)


def weekdays_off(oracle: holidays.HolidayBase) -> set[date]:
    return {day for day in EVERY_DAY if day.weekday() >= 5 or day in oracle}


def days_off(calendar: Calendar) -> set[date]:
    return {day for day in EVERY_DAY if not calendar.is_business_day(day)}


def test_the_range_is_whole() -> None:
    assert EVERY_DAY[-1] == date(2060, 12, 31)


def test_the_banks_days_equal_an_independent_calendar() -> None:
    oracle = holidays.financial_holidays("XFED", years=range(2000, 2061))
    assert days_off(FEDERAL_RESERVE) == weekdays_off(oracle)


def test_the_offices_days_equal_an_independent_calendar() -> None:
    # The oracle's categories are left at public: Inauguration Day is a holiday of the capital's
    # area only and no closing of a port.
    oracle = holidays.country_holidays("US", years=range(2000, 2062), observed=True)
    assert days_off(FEDERAL_OFFICES) == weekdays_off(oracle)


@pytest.mark.parametrize(
    ("day", "banks", "offices"),
    [
        (date(2026, 7, 3), True, False),
        (date(2027, 6, 18), True, False),
        (date(2021, 12, 31), True, False),
        (date(2028, 11, 10), True, False),
        (FIRST_JUNETEENTH, True, False),
        (date(2022, 6, 20), False, False),
        (date(2026, 12, 25), False, False),
        (date(2027, 1, 1), False, False),
        (date(2027, 7, 5), False, False),
        (date(2026, 11, 27), True, True),
        (date(2025, 1, 20), False, False),
        (date(2021, 1, 20), True, True),
        (date(2028, 2, 29), True, True),
    ],
)
def test_days_that_tell_the_calendars_apart(day: date, *, banks: bool, offices: bool) -> None:
    assert FEDERAL_RESERVE.is_business_day(day) is banks
    assert FEDERAL_OFFICES.is_business_day(day) is offices


def test_the_policy_without_holidays_counts_every_weekday() -> None:
    calendar = CALENDAR_DAYS_WITHOUT_WEEKENDS
    assert calendar.is_business_day(date(2026, 12, 25))
    assert not calendar.is_business_day(date(2026, 12, 26))
    assert calendar.holidays(2026) == {}


@pytest.mark.parametrize("year", range(2020, 2041))
def test_a_friday_holiday_moves_settlement_to_the_next_week(year: int) -> None:
    for day, _name in FEDERAL_RESERVE.holidays(year).items():
        if day.weekday() == 4:
            assert FEDERAL_RESERVE.on_or_after(day).weekday() == 0
            assert FEDERAL_RESERVE.previous(day) == day - timedelta(days=1)


def test_a_closing_is_data_and_leaves_the_plain_calendar_alone() -> None:
    storm = date(2026, 2, 3)
    closed = FEDERAL_OFFICES.with_closures({storm: "storm"})
    assert not closed.is_business_day(storm)
    assert closed.next(date(2026, 2, 2)) == date(2026, 2, 4)
    assert closed.holidays(2026)[storm] == "storm"
    assert FEDERAL_OFFICES.is_business_day(storm)


@given(CALENDARS, INSIDE)
def test_next_and_previous_are_the_nearest_business_days(calendar: Calendar, day: date) -> None:
    after, before = calendar.next(day), calendar.previous(day)
    assert before < day < after
    between = (day + timedelta(days=n) for n in range(1, (after - day).days))
    assert not any(calendar.is_business_day(other) for other in between)
    between = (before + timedelta(days=n) for n in range(1, (day - before).days))
    assert not any(calendar.is_business_day(other) for other in between)
    assert calendar.on_or_after(day) in (day, after)


@given(CALENDARS, INSIDE, st.integers(0, 12))
def test_adding_days_undoes_itself(calendar: Calendar, day: date, count: int) -> None:
    start = calendar.on_or_after(day)
    assert calendar.add(calendar.add(start, count), -count) == start


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2061, 1, 1), date.min, date.max])
def test_a_date_past_the_known_calendar_is_refused(day: date) -> None:
    for calendar in BY_NAME.values():
        with pytest.raises(OutsideCalendar, match="2000 to 2060"):
            calendar.is_business_day(day)
        with pytest.raises(OutsideCalendar):
            calendar.holidays(day.year)


def test_the_last_business_day_has_no_next() -> None:
    with pytest.raises(OutsideCalendar):
        FEDERAL_RESERVE.next(date(2060, 12, 31))


def test_an_instant_is_not_a_business_day() -> None:
    with pytest.raises(TypeError):
        FEDERAL_RESERVE.is_business_day(datetime(2026, 7, 3, tzinfo=UTC))
