"""Which days are business days: for the banks, for federal offices, and by weekends alone.

Holidays follow from rules with the year in which each began, so that a calendar is data. Closings
that no rule foretells (an executive order, a storm) are added as data by ``with_closures``; none
is built in. Inauguration Day closes offices around Washington only and is no holiday here. Dates
outside the years 2000 to 2060 are refused, because nobody knows their holidays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Final

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2060

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_SUNDAY: Final = 6

# Name, first year, month and day.
_FIXED: Final = (
    ("New Year's Day", 0, 1, 1),
    ("Juneteenth National Independence Day", 2021, 6, 19),
    ("Independence Day", 0, 7, 4),
    ("Veterans Day", 0, 11, 11),
    ("Christmas Day", 0, 12, 25),
)
# Name, month, weekday and which one of the month (-1 is the last).
_FLOATING: Final = (
    ("Birthday of Martin Luther King, Jr.", 1, 0, 3),
    ("Washington's Birthday", 2, 0, 3),
    ("Memorial Day", 5, 0, -1),
    ("Labor Day", 9, 0, 1),
    ("Columbus Day", 10, 0, 2),
    ("Thanksgiving Day", 11, 3, 4),
)
# Signed into law on 17 June 2021: offices closed the next day, the Reserve Banks began in 2022.
_JUNETEENTH_AT_THE_BANKS: Final = 2022


class OutsideCalendar(ValueError):
    """A date was asked for whose holidays are not known."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Tells business days from others.

    ``rule`` gives the closed days of a year that fall on its weekdays, each with its name;
    ``closures`` are further closed days with their reason.
    """

    name: str
    rule: Callable[[int], Mapping[date, str]]
    closures: Mapping[date, str] = field(default_factory=dict)

    def holidays(self, year: int) -> dict[date, str]:
        """Give the closed weekdays of a year with their names; raise OutsideCalendar."""
        _require_known(year, f"the year {year}")
        extra = {day: why for day, why in self.closures.items() if day.year == year}
        return {**self.rule(year), **extra}

    def is_business_day(self, day: date) -> bool:
        """Tell whether a day is a business day; raise OutsideCalendar."""
        if isinstance(day, datetime):
            raise TypeError("a business day is a date, not an instant")
        _require_known(day.year, day.isoformat())
        if day.weekday() >= _SATURDAY:
            return False
        return day not in self.rule(day.year) and day not in self.closures

    def closure_of(self, day: date) -> str:
        """Name why a day is closed: a weekday's or a holiday's name; empty for a business day."""
        if self.is_business_day(day):
            return ""
        return self.holidays(day.year).get(day) or f"{day:%A}"

    def next(self, day: date) -> date:
        """Give the first business day after a day; raise OutsideCalendar."""
        return self._first(day + _DAY, _DAY)

    def previous(self, day: date) -> date:
        """Give the last business day before a day; raise OutsideCalendar."""
        return self._first(day - _DAY, -_DAY)

    def on_or_after(self, day: date) -> date:
        """Give the day itself when it is a business day, else the next one."""
        return self._first(day, _DAY)

    def add(self, day: date, count: int) -> date:
        """Give the business day ``count`` business days after a day, or before when negative.

        A count of 0 gives ``on_or_after``.
        """
        if count == 0:
            return self.on_or_after(day)
        step = self.next if count > 0 else self.previous
        for _ in range(abs(count)):
            day = step(day)
        return day

    def with_closures(self, closures: Mapping[date, str]) -> Calendar:
        """Give this calendar with further closed days, each with its reason (failure case E3)."""
        return replace(self, closures={**self.closures, **closures})

    def _first(self, day: date, step: timedelta) -> date:
        while not self.is_business_day(day):
            day += step
        return day


def _require_known(year: int, asked: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutsideCalendar(
            f"no calendar is known for {asked}: it covers {FIRST_YEAR} to {LAST_YEAR}"
        )


def _nth_weekday(year: int, month: int, *, weekday: int, nth: int) -> date:
    if nth < 0:
        # May, the only month of a last weekday, has 31 days.
        last = date(year, month, 31)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _legal_holidays(year: int) -> dict[date, str]:
    """Give the holidays of 5 U.S.C. 6103(a) on their own days, weekends included."""
    found = {date(year, month, day): name for name, since, month, day in _FIXED if year >= since}
    for name, month, weekday, nth in _FLOATING:
        found[_nth_weekday(year, month, weekday=weekday, nth=nth)] = name
    return found


@cache
def _bank_holidays(year: int) -> Mapping[date, str]:
    """Give the Federal Reserve's: Sunday moves to Monday, Saturday closes no other day."""
    found = {}
    for day, name in _legal_holidays(year).items():
        if name.startswith("Juneteenth") and year < _JUNETEENTH_AT_THE_BANKS:
            continue
        if day.weekday() == _SUNDAY:
            found[day + _DAY] = name
        elif day.weekday() != _SATURDAY:
            found[day] = name
    return MappingProxyType(found)


@cache
def _office_holidays(year: int) -> Mapping[date, str]:
    """Give the federal offices': Sunday moves to Monday, Saturday to the Friday before.

    New Year's Day of the following year can close the last Friday of this one.
    """
    moves = {_SATURDAY: -_DAY, _SUNDAY: _DAY}
    found = {}
    for day, name in (*_legal_holidays(year).items(), (date(year + 1, 1, 1), "New Year's Day")):
        observed = day + moves.get(day.weekday(), timedelta(0))
        if observed.year == year:
            found[observed] = name
    return MappingProxyType(found)


def _no_holidays(_year: int) -> Mapping[date, str]:
    return MappingProxyType({})


FEDERAL_RESERVE: Final = Calendar("federal-reserve", _bank_holidays)
FEDERAL_OFFICES: Final = Calendar("federal-offices", _office_holidays)
CALENDAR_DAYS_WITHOUT_WEEKENDS: Final = Calendar("calendar-days-without-weekends", _no_holidays)

BY_NAME: Final[Mapping[str, Calendar]] = MappingProxyType(
    {
        calendar.name: calendar
        for calendar in (FEDERAL_RESERVE, FEDERAL_OFFICES, CALENDAR_DAYS_WITHOUT_WEEKENDS)
    }
)


def unsettled_words(day: date, *, earliest: date | None = None) -> str:
    """Say why no payment settles at the banks on a day, and on which it does; empty where it does.

    ``earliest`` is the first day on which a payment can settle at all, where that is known. The
    one rule for every door at which a settlement day is chosen.
    """
    try:
        closed = FEDERAL_RESERVE.closure_of(day)
        first = FEDERAL_RESERVE.on_or_after(max(day, earliest or day))
    except OutsideCalendar as error:
        return str(error)
    if closed:
        return f"{day} is no banking day ({closed}); the next one is {first}"
    return f"{day} is too soon; the first possible day is {first}" if first > day else ""
