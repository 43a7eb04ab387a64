"""Rules of the print date: on which days statements of a port can be printed, and how soon.

Pure: the calendars with their closings, and whether today's statements are out, come in as
values. The last day to pay is ``due_dates``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from customhouse import faults as shared
from customhouse.agency import update_faults as faults
from customhouse.agency.policy import PRINT_DATE_HORIZON_DAYS
from customhouse.business_days import Calendar, OutsideCalendar
from customhouse.faults import Fault

# The step of a day after whose first run the statements of the day are out.
PRINT_STEP: Final = "print preliminary statements"


@dataclass(frozen=True, slots=True)
class Calendars:
    """The agency's working days, and those of the ports that have closings of their own."""

    agency: Calendar
    ports: Mapping[str, Calendar] = field(default_factory=dict)

    def of(self, port: str) -> Calendar:
        """Give the working days of a port."""
        return self.ports.get(port, self.agency)

    def closed_ports(self, day: date) -> list[str]:
        """Give the ports that are closed on a day by closings of their own."""
        return sorted(
            port for port, calendar in self.ports.items() if not calendar.is_business_day(day)
        )


@dataclass(frozen=True, slots=True)
class PrintDates:
    """What a wished print date is judged by: the open business date and the calendars.

    ``printed`` tells that the print run of the business date has finished.
    """

    business_date: date
    calendars: Calendars
    printed: bool = False

    def faults_of(self, print_date: date, port: str) -> list[Fault]:
        """Judge a print date at a processing port (CATAIR AE 204 to 206, 216 and B72)."""
        values: dict[str, object] = {
            "print_date": print_date.isoformat(),
            "business_date": self.business_date.isoformat(),
        }
        if print_date == self.business_date:
            out = faults.PRINT_DATE_PRODUCED if self.printed else faults.PRINT_RUN_IN_PROGRESS
            return [Fault(out, values)]
        if print_date < self.business_date:
            return [Fault(shared.PRINT_DATE_NOT_FUTURE, values)]
        if print_date > self.business_date + timedelta(days=PRINT_DATE_HORIZON_DAYS):
            return [Fault(shared.PRINT_DATE_TOO_FAR, values)]
        try:
            works = self.calendars.of(port).is_business_day(print_date)
        except OutsideCalendar:
            return [Fault(shared.PRINT_DATE_TOO_FAR, values)]
        return [] if works else [Fault(shared.PRINT_DATE_NOT_BUSINESS_DAY, values)]
