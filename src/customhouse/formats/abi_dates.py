"""Dates as CATAIR writes them: MMDDYY, in the years 2000 to 2099.

A blank date is not handled here; whether one may be blank is the record's to say.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_MMDDYY = re.compile(r"[0-9]{6}", re.ASCII)


@lru_cache(maxsize=1024)
def format_mmddyy(day: date) -> str:
    """Write a date as six digits; raise ValueError outside the years 2000 to 2099."""
    if not 2000 <= day.year <= 2099:
        raise ValueError(f"{day.isoformat()} cannot be written with a two-digit year")
    return f"{day.month:02d}{day.day:02d}{day.year % 100:02d}"


@lru_cache(maxsize=1024)
def parse_mmddyy(text: str) -> date:
    """Read six digits as a date; raise ValueError for anything that is no day of the calendar."""
    if not _MMDDYY.fullmatch(text):
        raise ValueError(f"{text[:12]!a} is not a date of the form MMDDYY")
    try:
        return date(2000 + int(text[4:]), int(text[:2]), int(text[2:4]))
    except ValueError:
        raise ValueError(f"{text} is not a day of the calendar (MMDDYY)") from None
