"""A statement's paper for who is signed in: the page to print, and the files behind its links.

A person sees the filers that user_filer names; somebody else's statement and one that does not
exist are the same page, 404. Nothing is changed here.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from customhouse.agency import parties
from customhouse.agency.statement_credit_box import box_facts
from customhouse.agency.statement_paper import PaperEntry
from customhouse.agency.statement_paper_words import (
    advice_of,
    charge_words,
    counts_of,
    credit_words,
    entry_facts,
    facts_of,
    long_date,
    removal_words,
    total_words,
)
from customhouse.faults import Refused
from customhouse.money import format_dollars
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.papers import boxed_paper, paper_response


@require_safe
@login_required
def statement_print(request: HttpRequest, number: str) -> HttpResponse:
    """Show a statement as it is printed: on its own, with everything that is on it (DEB-02)."""
    try:
        with doors.connection() as connection:
            filers = parties.filers_of_user(connection, request.user.get_username())
            paper = boxed_paper(connection, filers, number)
    except Refused:
        raise Http404 from None
    context = {
        "paper": paper,
        "facts": list(facts_of(paper)),
        "advice": advice_of(paper),
        "counts": counts_of(paper),
        "entries": [_entry(entry) for entry in paper.entries],
        "totals": [(total, total_words(total)) for total in paper.totals],
        "credits": [
            (each, credit_words(each), long_date(each.collected_on)) for each in paper.credits
        ],
        "box": paper.credit_box,
        "box_facts": [] if paper.credit_box is None else list(box_facts(paper.credit_box)),
        "removed": [(entry, removal_words(entry)) for entry in paper.taken_off],
    }
    return render(request, "paper.html", context)


@require_safe
@login_required
def statement_file(request: HttpRequest, number: str, shape: str) -> HttpResponseBase:
    """Give a statement as a file: CSV, JSON, PDF or text (DEB-02)."""
    with doors.connection() as connection:
        filers = parties.filers_of_user(connection, request.user.get_username())
    try:
        return paper_response(filers, number, shape=shape)
    except Refused:
        raise Http404 from None


def _entry(entry: PaperEntry) -> tuple[str, str, str, list[tuple[str, str]]]:
    """Give an entry's number, what stands beside it, what is due, and its charges, all spelled.

    A statement has up to 2,000 entries: a template that spelled them itself would take seconds.
    """
    charges = [(charge_words(each), format_dollars(each.cents)) for each in entry.charges]
    return entry.number, entry_facts(entry), format_dollars(entry.due_cents), charges
