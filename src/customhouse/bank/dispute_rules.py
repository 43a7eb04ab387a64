"""Until when a return may come, and which answer a return that is not in order gets: pure rules.

Deadlines count from the settlement of the debit and are compared with the settlement of the
return, which are the dates that both banks can see (Nacha Operating Rules 3.8 and 2.12.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from customhouse.business_days import FEDERAL_RESERVE
from customhouse.formats.return_codes import RETURN_CODES, Deadline

CarriedBy = Literal["agency", "bank"]

DAYS_TO_RETURN: Final = 2
CLAIM_DAYS: Final = timedelta(days=60)
# Nacha 2.12.5.1: a dishonored return is sent within five banking days of the return's settlement.
DAYS_TO_DISHONOR: Final = 5
# Nacha 2.12.5.2: it is contested within two banking days of the dishonored return's settlement.
DAYS_TO_CONTEST: Final = 2
# R69 lists the fields in error: 03 is the amount.
AMOUNT_IN_ERROR: Final = "03"

UNTIMELY, DUPLICATE, FIELDS_WRONG, NOT_AGREED = "R68", "R67", "R69", "R70"


@dataclass(frozen=True, slots=True)
class NewDispute:
    """A return that is not taken as it came: why, and who carries the money meanwhile.

    ``asks`` is true where a person must say whether the return was agreed to.
    """

    dishonor_code: str
    carried_by: CarriedBy
    information: str = ""
    asks: bool = False


def return_deadline(code: str, settled_on: date) -> date | None:
    """Give the last settlement date of a timely return; None where it is a matter of agreement.

    Two banking days; or, for claims of want of authority, the banking day after the 60th calendar
    day (Nacha appendix 4). A reason with a time frame of its own has no date here.
    """
    known = RETURN_CODES.get(code)
    deadline = known.deadline if known is not None else Deadline.TWO_BANKING_DAYS
    if deadline is Deadline.SIXTY_DAYS:
        return FEDERAL_RESERVE.next(settled_on + CLAIM_DAYS)
    if deadline in (
        Deadline.BY_AGREEMENT,
        Deadline.OWN_TIME_FRAME,
        Deadline.AGENCY_PROCESSING,
    ):
        return None
    return FEDERAL_RESERVE.add(settled_on, DAYS_TO_RETURN)


def is_late(code: str, *, returned_on: date, settled_on: date) -> bool:
    """Tell whether a return came after its deadline."""
    deadline = return_deadline(code, settled_on)
    return deadline is not None and returned_on > deadline


def needs_agreement(code: str) -> bool:
    """Tell whether a return is permissible only where it was asked for or agreed to (R06, R31)."""
    known = RETURN_CODES.get(code)
    return known is not None and known.deadline is Deadline.BY_AGREEMENT


def dishonor_by(returned_on: date) -> date:
    """Give the last banking day on which a return that settled on a day may be dishonored."""
    return FEDERAL_RESERVE.add(returned_on, DAYS_TO_DISHONOR)


def contest_by(sent_on: date) -> date:
    """Give the last settlement date of a contest of what was dishonored in a day's file.

    The file settles on the next banking day.
    """
    return FEDERAL_RESERVE.add(FEDERAL_RESERVE.next(sent_on), DAYS_TO_CONTEST)
