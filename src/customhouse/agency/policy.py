"""The agency's configured policies: where the source documents differ, which one holds here.

Each policy has the default that requirements name; settings choose another. This module reads no
environment: the edge builds a Policy from its settings and passes it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from customhouse.business_days import FEDERAL_OFFICES, FEDERAL_RESERVE, Calendar

# The agency's dates and hours are those of Washington.
AGENCY_ZONE = ZoneInfo("America/New_York")

FinalStatementPolicy = Literal["authorized", "treasury-confirmed"]

DEBIT_BUSINESS_DAYS = 2
PRINT_DATE_HORIZON_DAYS = 90
# Acceptance of the zero-dollar entry from a day on -> calendar days until a payment may be
# originated (CRD-12, CBP Form 401). A new policy is a new row; what was accepted keeps its day.
CREDIT_EFFECTIVE_DAYS: tuple[tuple[date, int], ...] = ((date.min, 10),)


@dataclass(frozen=True, slots=True)
class Policy:
    """What the agency has chosen.

    ``final_statement``: a final goes out on the first business day after the authorization was
    accepted and handed to the bank, or after treasury confirmed the funds (DEB-08).
    ``debit_calendar`` counts the business days to the expected debit (DEB-11).
    ``processing_calendar`` holds the days on which the agency works.
    ``cut_off`` is the hour in Washington from which a business date takes nothing more.
    ``due_soon_business_days`` is how long before its due date an unpaid statement is told.
    """

    final_statement: FinalStatementPolicy = "authorized"
    debit_calendar: Calendar = FEDERAL_RESERVE
    processing_calendar: Calendar = FEDERAL_OFFICES
    cut_off: time = time(17, 0)
    due_soon_business_days: int = 2

    def expected_debit_on(self, accepted_on: date) -> date:
        """Give the day on which the payer is expected to be debited (DEB-10): an estimate."""
        return self.debit_calendar.add(accepted_on, DEBIT_BUSINESS_DAYS)

    def cut_off_on(self, business_date: date) -> datetime:
        """Give the instant, in UTC, from which a business date takes nothing more.

        An hour that the clocks pass twice counts the first time; one that they leave out counts
        as if they had not been moved yet.
        """
        local = datetime.combine(business_date, self.cut_off, AGENCY_ZONE)
        return local.astimezone(UTC)


def credit_effective_on(accepted_on: date) -> date:
    """Give the first day on which a payer may originate payments (CRD-12), by the dated policy."""
    days = next(days for since, days in reversed(CREDIT_EFFECTIVE_DAYS) if since <= accepted_on)
    return accepted_on + timedelta(days=days)
