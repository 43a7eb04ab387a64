"""The agency's configured policies: where the source documents differ, which one holds here.

Each policy has the default that requirements name; settings choose another. This module reads no
environment: the edge builds a Policy from its settings and passes it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from customhouse.business_days import FEDERAL_OFFICES, FEDERAL_RESERVE, Calendar

FinalStatementPolicy = Literal["authorized", "treasury-confirmed"]

DEBIT_BUSINESS_DAYS = 2
PRINT_DATE_HORIZON_DAYS = 90


@dataclass(frozen=True, slots=True)
class Policy:
    """What the agency has chosen.

    ``final_statement``: a final goes out on the first business day after the authorization was
    accepted and handed to the bank, or after treasury confirmed the funds (DEB-08).
    ``debit_calendar`` counts the business days to the expected debit (DEB-11).
    ``processing_calendar`` holds the days on which the agency works.
    """

    final_statement: FinalStatementPolicy = "authorized"
    debit_calendar: Calendar = FEDERAL_RESERVE
    processing_calendar: Calendar = FEDERAL_OFFICES

    def expected_debit_on(self, accepted_on: date) -> date:
        """Give the day on which the payer is expected to be debited (DEB-10): an estimate."""
        return self.debit_calendar.add(accepted_on, DEBIT_BUSINESS_DAYS)
