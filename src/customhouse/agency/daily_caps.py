"""The declared daily cap of a payer unit, and how near a day's debits come to it.

A payer's bank often lets only so much be debited in a day; a debit beyond comes back. Pure: sums
are loaded by others. A cap warns and never refuses: it is the payer's word, not the bank's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

CapLevel = Literal["none", "below", "near", "beyond"]

# From nine tenths of the cap on, somebody should look.
_NEAR_TENTHS: Final = 9


@dataclass(frozen=True, slots=True)
class DayLoad:
    """The debits of one payer unit on one day, in cents.

    ``live_cents`` is what live authorizations of every filer take, ``told_cents`` the part that
    the one who asks may know: all of it of an own unit, else what it authorized itself.
    ``asked_cents`` would be added. ``daily_cap_cents`` is None where no cap was declared.
    """

    payer_unit_number: str
    debit_on: date
    live_cents: int
    told_cents: int
    asked_cents: int
    daily_cap_cents: int | None

    @property
    def level(self) -> CapLevel:
        """Tell how near the day comes to the cap with what is asked."""
        return cap_level(self.live_cents + self.asked_cents, self.daily_cap_cents)


def cap_level(day_cents: int, daily_cap_cents: int | None) -> CapLevel:
    """Hold a day's debits against a cap: near from 90 % on, beyond above the cap."""
    if daily_cap_cents is None:
        return "none"
    if day_cents > daily_cap_cents:
        return "beyond"
    return "near" if day_cents * 10 >= daily_cap_cents * _NEAR_TENTHS else "below"
