"""Where the time comes from: every rule and every stored instant takes a clock as a parameter.

This module does not know business dates; a day of the agency or of the bank is a row in its own
database, and a rehearsal's clock follows that row.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Give the machine's present instant in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that stands still, for tests and for replaying one instant."""

    instant: datetime

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("an instant needs a time zone: give an aware datetime")

    def now(self) -> datetime:
        """Give the one instant this clock stands at, in UTC."""
        return self.instant.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class RehearsalClock:
    """A clock that stands on a chosen business date and ticks from 14:00 UTC, at most 3 hours.

    14:00 UTC is a morning hour in New York on every date of the year, so that the instant and the
    business date never disagree about the day.
    """

    business_date: date
    started: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        """Give an instant on the business date, later at each call, in UTC."""
        elapsed = min(time.monotonic() - self.started, 3 * 3600.0)
        start = datetime.combine(self.business_date, time_of_day(14, 0), UTC)
        return start + timedelta(seconds=elapsed)
