"""The pages of a filer: its statements, one statement, and the files that style them.

A person sees the filers that user_filer names, nothing else; somebody else's statement and one
that does not exist are the same page, 404. Nothing is changed here.
"""

from __future__ import annotations

from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from customhouse.agency import statement_views
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.charges import charges_of, totals_by_class
from customhouse.web.agency_site.progress import STATES, Progress, progress_of

STATEMENTS_A_PAGE = 25
NOTICES_SHOWN = 5
STATIC_DIRECTORY = Path(__file__).parent / "static"
STATIC_TYPES = {"site.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
MAX_AGE_SECONDS = 300


def site_context(request: HttpRequest) -> dict[str, object]:
    """Give every template what the frame of the site shows."""
    return {"rehearsal": doors.settings().clock == "rehearsal"}


@require_safe
@login_required
def statements(request: HttpRequest) -> HttpResponse:
    """Show a filer's statements, latest first, with the notices on top (DEB-02, DEB-10)."""
    chosen = request.GET.get("state", "")
    with doors.connection() as connection:
        filers = statement_views.filers_of_user(connection, request.user.get_username())
        every = statement_views.statements_of(connection, filers) if filers else []
        notices = statement_views.notices_of(connection, filers) if filers else []
    shown = [summary for summary in every if chosen not in STATES or summary.state == chosen]
    page = Paginator(shown, STATEMENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filers": filers,
        "notices": notices[:NOTICES_SHOWN],
        "page": page,
        "rows": [(summary, progress_of(summary)) for summary in page.object_list],
        "filters": _filters(every, chosen),
        "chosen": chosen if chosen in STATES else "",
        "total": len(every),
    }
    return render(request, "statements.html", context)


@require_safe
@login_required
def statement(request: HttpRequest, number: str) -> HttpResponse:
    """Show one statement: its entries and charges, its authorizations, its receipt (DEB-02)."""
    with doors.connection() as connection:
        filers = statement_views.filers_of_user(connection, request.user.get_username())
        found = (
            statement_views.statement_detail(connection, filer_code, number)
            for filer_code in filers
        )
        detail = next((one for one in found if one is not None), None)
    if detail is None:
        raise Http404
    context = {
        "detail": detail,
        "summary": detail.summary,
        "progress": progress_of(detail.summary),
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


def _filters(
    every: list[statement_views.StatementSummary], chosen: str
) -> list[tuple[str, Progress, int, bool]]:
    """Give each state that occurs, how many statements are in it and whether it is chosen."""
    counts = {state: sum(1 for one in every if one.state == state) for state in STATES}
    return [
        (state, STATES[state], count, state == chosen) for state, count in counts.items() if count
    ]
