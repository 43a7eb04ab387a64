"""A statement's paper over HTTP: which shape is asked for, and the response that carries it.

Used by the JSON API, whose reader shows a sender's token, and by the pages, whose reader is signed
in. What a paper says is the agency's; here is only how it travels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from psycopg import Connection

from customhouse.agency import business_day, statement_papers
from customhouse.agency.credit_box import BoxContext, credit_box
from customhouse.agency.credit_enrolment_document import RECEIVING_COMPANY
from customhouse.agency.statement_csv import csv_pieces
from customhouse.agency.statement_json import json_of
from customhouse.agency.statement_paper import StatementPaper
from customhouse.agency.statement_paper_words import REHEARSAL
from customhouse.agency.statement_pdf import pdf_of
from customhouse.agency.statement_text import text_of
from customhouse.faults import Fault, Refused, declare
from customhouse.formats.payment_file import Payee
from customhouse.identifiers import bare_number
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.frame import is_rehearsal

STATEMENT_SHAPE_UNKNOWN = declare(
    "statement-shape-unknown",
    sentence="A statement is not offered as {asked}.",
    next_step="Ask for application/json, text/csv, application/pdf or text/plain.",
    http_status=406,
)
LONGEST_SHOWN = 60
_NAME = re.compile(r"([^.]*)(?:\.([a-z]+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of a paper: its media type and what renders it, with a note, in pieces."""

    media_type: str
    render: Callable[[StatementPaper, str], Iterable[bytes]]


SHAPES: Mapping[str, Shape] = {
    "json": Shape("application/json", lambda paper, note: [json_of(paper)]),
    "csv": Shape("text/csv", lambda paper, note: csv_pieces(paper)),
    "pdf": Shape("application/pdf", lambda paper, note: [pdf_of(paper, note)]),
    "txt": Shape("text/plain", lambda paper, note: [text_of(paper, note).encode()]),
}
_CHARSETS = {"csv": "; charset=utf-8; header=present", "txt": "; charset=utf-8"}


def asked_shape(request: HttpRequest, name: str) -> tuple[str, str]:
    """Read ``3927327001.csv``, or the number alone and the Accept header; give number and shape.

    Without either it is JSON. Raises Refused (statement-shape-unknown).
    """
    match = _NAME.fullmatch(name)
    number, ending = match.groups() if match else (name, None)
    number = bare_number(number)
    if ending is None:
        return number, _accepted(request)
    if ending not in SHAPES:
        raise _unknown(f".{ending}")
    return number, ending


def paper_response(filer_codes: Sequence[str], number: str, *, shape: str) -> HttpResponseBase:
    """Give one statement of these filers in a shape; raise Refused (statement-unknown)."""
    with doors.connection() as connection:
        paper = boxed_paper(connection, filer_codes, number)
    chosen = SHAPES[shape]
    content_type = chosen.media_type + _CHARSETS.get(shape, "")
    pieces = chosen.render(paper, REHEARSAL if is_rehearsal() else "")
    if isinstance(pieces, list):
        response: HttpResponseBase = HttpResponse(b"".join(pieces), content_type=content_type)
    else:
        response = StreamingHttpResponse(pieces, content_type=content_type)
    name = f"statement-{paper.head.number}-{paper.status}.{shape}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    # The same address gives other shapes to others: nothing between may mix them up.
    response.headers["Vary"] = "Accept, Authorization, Cookie"
    return response


def boxed_paper(
    connection: Connection[Any], filer_codes: Sequence[str], number: str
) -> StatementPaper:
    """Give a statement's paper, with how to push its payment where somebody may (CRD-01).

    Raises Refused (statement-unknown).
    """
    paper = statement_papers.statement_paper(connection, filer_codes, number)
    day = business_day.latest(connection)
    if day is None:
        return paper
    settings = doors.settings()
    payee = Payee(settings.collection_routing, settings.collection_account, RECEIVING_COMPANY)
    context = BoxContext(day.business_date, payee, settings.txp_profile)
    box = credit_box(connection, paper.head.filer_code, number, context=context)
    return replace(paper, credit_box=box)


def _accepted(request: HttpRequest) -> str:
    by_type = {shape.media_type: name for name, shape in SHAPES.items()}
    preferred = request.get_preferred_type(list(by_type))
    if preferred is None:
        raise _unknown(request.headers.get("Accept", ""))
    return by_type[preferred]


def _unknown(asked: str) -> Refused:
    return Refused(Fault(STATEMENT_SHAPE_UNKNOWN, {"asked": ascii(asked)[1:-1][:LONGEST_SHOWN]}))
