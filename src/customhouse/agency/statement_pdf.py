"""A statement's paper as PDF: Letter pages, table heads repeated, each page numbered.

Draws nothing but text and rules with fonts that every reader has built in. The same paper gives
the same bytes. What the lines say is from statement_paper_words; ReportLab draws (decision 0011).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal

from customhouse.agency.statement_credit_box import TITLE, CreditBox, box_facts
from customhouse.agency.statement_paper import PaperCredit, PaperEntry, StatementPaper
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
from customhouse.money import format_dollars

PAGE_WIDTH, PAGE_HEIGHT = 612, 792
LEFT, RIGHT, TOP, BOTTOM = 54, 558, 742, 54
LEADING = 12
LINES_ON_PAGE = (TOP - BOTTOM) // LEADING
SIZE, TITLE_SIZE = 9, 15
LANGUAGE = "en-US"
# So many characters of the advice fit a line.
ADVICE_WIDTH = 100
_TITLE_LINES = 2

Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class _Cell:
    """A piece of a line: where it begins, or ends when it is aligned right, in points."""

    x: int
    text: str
    align: Align = "left"
    bold: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the page; ``ruled`` draws a rule below it."""

    cells: tuple[_Cell, ...] = ()
    ruled: bool = False


Block = tuple[_Line, ...]
"""Lines that stay on one page."""


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the paper whose head is repeated on every page it goes on to."""

    head: Block
    blocks: Sequence[Block]


def pdf_of(paper: StatementPaper, note: str = "") -> bytes:
    """Write the paper as one PDF with a title, a language and text that can be searched.

    A note stands at the foot of every page.
    """
    from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

    pages = _paged(list(_sections(paper)))
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer, (PAGE_WIDTH, PAGE_HEIGHT), invariant=1, pageCompression=1, lang=LANGUAGE
    )
    canvas.setTitle(_plain(f"{paper.title} {paper.head.number}"))
    canvas.setAuthor("Customhouse")
    canvas.setSubject(_plain(f"Filer {paper.head.filer_code}, {paper.head.filer_name}"))
    canvas.setViewerPreference("DisplayDocTitle", "true")
    for number, lines in enumerate(pages, start=1):
        _draw_page(canvas, paper, lines, foot=(note, f"Page {number} of {len(pages)}"))
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_page(
    canvas: Any, paper: StatementPaper, lines: Sequence[_Line], *, foot: tuple[str, str]
) -> None:
    canvas.setFont("Helvetica-Bold", TITLE_SIZE)
    canvas.drawString(LEFT, TOP, _plain(f"{paper.title} {paper.head.number}"))
    y = TOP - _TITLE_LINES * LEADING
    for line in lines:
        for cell in line.cells:
            canvas.setFont("Helvetica-Bold" if cell.bold else "Helvetica", SIZE)
            draw = canvas.drawRightString if cell.align == "right" else canvas.drawString
            draw(cell.x, y, _plain(cell.text))
        if line.ruled:
            canvas.setLineWidth(0.5)
            canvas.line(LEFT, y - 3, RIGHT, y - 3)
        y -= LEADING
    canvas.setFont("Helvetica", SIZE - 1)
    note, place = foot
    about = f"Filer {paper.head.filer_code}   {note}".rstrip()
    canvas.drawString(LEFT, BOTTOM - 2 * LEADING, _plain(about))
    canvas.drawRightString(RIGHT, BOTTOM - 2 * LEADING, place)


def _paged(sections: Sequence[_Section]) -> list[list[_Line]]:
    """Lay sections out over pages; a block stays whole, a head comes again on each new page."""
    room = LINES_ON_PAGE - _TITLE_LINES
    pages: list[list[_Line]] = [[]]
    for section in sections:
        first = section.blocks[0] if section.blocks else ()
        if len(pages[-1]) + len(section.head) + len(first) > room:
            pages.append([])
        pages[-1] += section.head
        for block in section.blocks:
            if len(pages[-1]) + len(block) > room:
                pages.append(list(section.head))
            pages[-1] += block
    return pages


def _sections(paper: StatementPaper) -> Iterator[_Section]:
    facts = [
        _Line((_Cell(LEFT, label, bold=True), _Cell(180, value)))
        for label, value in facts_of(paper)
    ]
    advice = [_Line((_Cell(LEFT, sentence),)) for sentence in advice_of(paper)]
    yield _Section((), [(*facts, _Line(), *advice, _Line())])
    if paper.credit_box is not None:
        yield _Section((), [_box_block(paper.credit_box)])
    entries = [_entry_block(entry) for entry in paper.entries]
    yield _Section(_head("Entry summary", "Charge", "Due"), entries or [_words("None is left.")])
    yield _Section((), [_words(counts_of(paper))])
    if paper.taken_off:
        removed = [_removed_block(entry) for entry in paper.taken_off]
        yield _Section(_head("Entry taken off", "", "Was"), removed)
    yield _Section(_totals_head(paper), [_totals(paper)])
    if paper.credits:
        credits = [_credit_block(credit) for credit in paper.credits]
        yield _Section(_head("Payment by ACH Credit", "Collected", "Paid"), credits)


def _head(name: str, second: str, last: str) -> Block:
    cells = (
        _Cell(LEFT, name, bold=True),
        _Cell(480, second, "right", bold=True),
        _Cell(RIGHT, last, "right", bold=True),
    )
    return (_Line(), _Line(tuple(cell for cell in cells if cell.text), ruled=True))


def _box_block(box: CreditBox) -> Block:
    facts = (
        _Line((_Cell(LEFT, label, bold=True), _Cell(180, value))) for label, value in box_facts(box)
    )
    advice = (_Line((_Cell(LEFT, line),)) for line in wrap(box.advice, ADVICE_WIDTH))
    return (_Line((_Cell(LEFT, TITLE, bold=True),), ruled=True), *facts, *advice, _Line())


def _words(text: str) -> Block:
    return (_Line(), _Line((_Cell(LEFT, text),)))


def _entry_block(entry: PaperEntry) -> Block:
    first = _Line(
        (
            _Cell(LEFT, entry.number, bold=True),
            _Cell(135, entry_facts(entry)),
            _Cell(RIGHT, format_dollars(entry.due_cents), "right", bold=True),
        )
    )
    charges = (
        _Line(
            (
                _Cell(135, charge_words(charge)),
                _Cell(480, format_dollars(charge.cents), "right"),
            )
        )
        for charge in entry.charges
    )
    return (first, *charges)


def _removed_block(entry: PaperEntry) -> Block:
    first = (
        _Cell(LEFT, entry.number, bold=True),
        _Cell(135, entry.line.importer_number),
        _Cell(RIGHT, format_dollars(entry.due_cents), "right"),
    )
    return (_Line(first), _Line((_Cell(135, f"Taken off {removal_words(entry)}"),)))


def _credit_block(credit: PaperCredit) -> Block:
    cells = (
        _Cell(LEFT, f"{credit_words(credit)}  {credit.part_id}"),
        _Cell(480, long_date(credit.collected_on), "right"),
        _Cell(RIGHT, format_dollars(credit.applied_cents), "right"),
    )
    return (_Line(cells),)


_COLUMNS = (370, 464, RIGHT)


def _three(*texts: str, bold: bool = False) -> tuple[_Cell, ...]:
    return tuple(_Cell(x, text, "right", bold) for x, text in zip(_COLUMNS, texts, strict=True))


def _totals_head(paper: StatementPaper) -> Block:
    cells = _three("Preliminary", paper.now_heading, "Difference", bold=True)
    return (_Line(), _Line((_Cell(LEFT, "Totals", bold=True), *cells), ruled=True))


def _totals(paper: StatementPaper) -> Block:
    lines = []
    for total in paper.totals:
        cents = (total.preliminary_cents, total.now_cents, total.difference_cents)
        named = _Cell(LEFT, total_words(total))
        lines.append(_Line((named, *_three(*map(format_dollars, cents)))))
    sums = (paper.head.preliminary_cents, paper.head.total_cents, paper.difference_cents)
    last = _three(*map(format_dollars, sums), bold=True)
    return (*lines, _Line((_Cell(LEFT, paper.total_words, bold=True), *last)))


def _plain(text: str) -> str:
    """Give a text in the characters of the built-in fonts, a question mark for any other."""
    return text.encode("cp1252", "replace").decode("cp1252")
