"""The pages of a filer: its statements, one statement, and the files that style them.

A person sees the filers that user_filer names, nothing else; somebody else's statement and one
that does not exist are the same page, 404. Nothing is changed here.
"""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from psycopg import Connection

from customhouse.agency import (
    alerts,
    bills,
    business_day,
    notice_views,
    parties,
    statement_listing,
    statement_views,
)
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.alert_words import told_alert
from customhouse.web.agency_site.charges import charges_of, totals_by_class
from customhouse.web.agency_site.frame import news_since
from customhouse.web.agency_site.listing import STATEMENTS_A_PAGE, Asked, Paging, asked_of
from customhouse.web.agency_site.notice_words import ToldNotice, told
from customhouse.web.agency_site.progress import FILTERS, progress_of, total_words

NOTICES_SHOWN = 20
ALERTS_SHOWN = 20
OPEN_SHOWN = 5
STATIC_DIRECTORY = Path(__file__).parent / "static"
STATIC_TYPES = {
    "site.css": "text/css; charset=utf-8",
    "paper.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
MAX_AGE_SECONDS = 300


@require_safe
@login_required
def statements(request: HttpRequest) -> HttpResponse:
    """Show a filer's statements, latest first, with the notices on top (DEB-02, DEB-10)."""
    asked = asked_of(request.GET)
    with doors.connection() as connection:
        filers = list(parties.filers_of_user(connection, request.user.get_username()))
        context = {"filers": filers, "asked": asked}
        if filers and asked.is_home:
            context |= _notices(connection, filers)
            context |= _alerts(connection, filers)
        if filers and not asked.problems:
            context |= _listed(connection, filers, asked)
    return render(request, "statements.html", context)


def _notices(connection: Connection, filers: list[str]) -> dict[str, object]:
    """Give what is open now, and the rest as earlier notices; each newest first and bounded."""
    since = news_since(business_day.latest(connection))

    def newest(*, current: bool) -> list[ToldNotice]:
        found = notice_views.notices_of(
            connection, filers, current=current, news_since=since, limit=NOTICES_SHOWN + 1
        )
        return [told(each) for each in found]

    current, earlier = newest(current=True), newest(current=False)
    return {
        "notices": current[:NOTICES_SHOWN],
        "more_notices": len(current) > NOTICES_SHOWN,
        "earlier_notices": earlier[:NOTICES_SHOWN],
        "more_earlier": len(earlier) > NOTICES_SHOWN,
        "notices_shown": NOTICES_SHOWN,
    }


def _alerts(connection: Connection, filers: list[str]) -> dict[str, object]:
    """Give what is urgent, then what is open without hurry, each bounded and by urgency."""
    day = business_day.latest(connection)
    if day is None:
        return {}
    found = alerts.alerts_of(
        connection, filers, business_date=day.business_date, policy=doors.policy()
    )
    still_open = alerts.open_statements(
        connection,
        filers,
        business_date=day.business_date,
        policy=doors.policy(),
        limit=OPEN_SHOWN + 1,
    )
    return {
        "open": still_open[:OPEN_SHOWN],
        "more_open": len(still_open) > OPEN_SHOWN,
        "alerts": [told_alert(each) for each in found[:ALERTS_SHOWN]],
        "alerts_in_all": len(found),
    }


def _listed(connection: Connection, filers: list[str], asked: Asked) -> dict[str, object]:
    """Give one page of the statements that were asked for, and how many stand where in all."""
    counts = statement_listing.standings_of(connection, filers, asked.criteria)
    every = sum(counts.values())
    paging = Paging.of(asked.page, counts.get(asked.standing, 0) if asked.standing else every)
    page = statement_listing.page_of(
        connection,
        filers,
        criteria=asked.criteria,
        standing=asked.standing or None,
        limit=STATEMENTS_A_PAGE,
        offset=paging.offset,
    )
    return {
        "paging": paging,
        "rows": [(summary, progress_of(summary)) for summary in page],
        "every": every,
        "every_link": asked.link(standing=""),
        "filters": [
            (words, counts[standing], asked.link(standing=standing), standing == asked.standing)
            for standing, words in FILTERS.items()
            if standing in counts
        ],
        "chosen": FILTERS.get(asked.standing, ""),
        "later_link": asked.link(standing=asked.standing, page=paging.page - 1),
        "earlier_link": asked.link(standing=asked.standing, page=paging.page + 1),
    }


@require_safe
@login_required
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """Show one statement: its entries and charges, its authorizations, its receipts (DEB-02)."""
    with doors.connection() as connection:
        filers = list(parties.filers_of_user(connection, request.user.get_username()))
        since = news_since(business_day.latest(connection))
        detail = statement_views.statement_detail(connection, filers, number, news_since=since)
        billed = bills.bills(connection, filers, statement_number=number)
    if detail is None:
        raise Http404
    context = {
        "detail": detail,
        "bills": billed,
        "summary": detail.summary,
        "progress": progress_of(detail.summary),
        "total_words": total_words(detail.summary),
        "notices": [told(each) for each in detail.notices],
        "live": [(one, charges_of(one.line)) for one in detail.lines if one.removed_on is None],
        "removed": [one for one in detail.lines if one.removed_on is not None],
        "totals": totals_by_class(detail.totals),
    }
    return render(request, "statement.html", context)


@require_safe
def static_file(request: HttpRequest, name: str) -> HttpResponse:
    """Serve one of the site's own files by its exact name."""
    if name not in STATIC_TYPES:
        raise Http404
    content = (STATIC_DIRECTORY / name).read_bytes()
    response = HttpResponse(content, content_type=STATIC_TYPES[name])
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
    return response
