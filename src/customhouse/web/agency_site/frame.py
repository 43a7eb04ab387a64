"""What the frame around every page shows: whether this is a rehearsal, and the business date.

The date is looked up only when a page shows it, which is when somebody is signed in.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest

from customhouse.agency import business_day
from customhouse.agency.business_day import BusinessDay
from customhouse.web.agency_site import doors

# A change of account data is news for a week, in days of the calendar.
NEWS_LASTS = timedelta(days=7)


def site_context(request: HttpRequest) -> dict[str, object]:
    """Give every template what the frame of the site shows."""
    return {"rehearsal": is_rehearsal(), "business_day": _business_day}


def is_rehearsal() -> bool:
    """Tell whether the agency runs on a rehearsal's clock; asks no database."""
    return doors.settings().clock == "rehearsal"


def news_since(day: BusinessDay | None) -> date:
    """Give the first day whose news are still shown as such on a business day."""
    return date.min if day is None else day.business_date - NEWS_LASTS


def _business_day() -> BusinessDay | None:
    with doors.connection() as connection:
        return business_day.latest(connection)
