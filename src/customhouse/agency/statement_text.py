"""A statement's paper as plain text of at most 80 columns, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from customhouse.agency.statement_credit_box import TITLE, CreditBox, box_facts
from customhouse.agency.statement_paper import StatementPaper
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

WIDTH = 80
_AMOUNT = 18
_LABEL = 24
_CHARGES_END = 72


def text_of(paper: StatementPaper, note: str = "") -> str:
    """Write the paper below a note, if there is one; each line ends with a line feed."""
    noted = [note, ""] if note else []
    return "".join(f"{line.rstrip()}\n" for line in (*noted, *_lines(paper)))


def _lines(paper: StatementPaper) -> Iterator[str]:
    yield f"{paper.title.upper()} {paper.head.number}"
    yield ""
    for label, value in facts_of(paper):
        yield from _fact(label, value)
    yield ""
    yield from wrap(" ".join(advice_of(paper)), WIDTH)
    if paper.credit_box is not None:
        yield from _heading(TITLE)
        yield from _box(paper.credit_box)
    yield from _heading("Entry summaries")
    yield from _entries(paper)
    if paper.taken_off:
        yield from _heading("Entries taken off")
        for entry in paper.taken_off:
            yield _amount(f"{entry.number}  {entry.line.importer_number}", entry.due_cents)
            yield f"  taken off {removal_words(entry)}"
    yield from _heading("Totals")
    yield from _totals(paper)
    if paper.credits:
        yield from _heading("Payments by ACH Credit")
        for credit in paper.credits:
            yield _amount(credit_words(credit), credit.applied_cents)
            yield f"  collected {long_date(credit.collected_on)}, {credit.part_id}"


def _fact(label: str, value: str) -> Iterator[str]:
    begin, *more = wrap(value, WIDTH - _LABEL, break_on_hyphens=False)
    yield f"{label + ':':{_LABEL}}{begin}"
    for line in more:
        yield f"{'':{_LABEL}}{line}"


def _box(box: CreditBox) -> Iterator[str]:
    for label, value in box_facts(box):
        yield from _fact(label, value)
    yield ""
    yield from wrap(box.advice, WIDTH)


def _heading(words: str) -> Iterator[str]:
    yield ""
    yield words
    yield "-" * WIDTH


def _entries(paper: StatementPaper) -> Iterator[str]:
    if not paper.entries:
        yield "None is left."
    for entry in paper.entries:
        yield _amount(f"{entry.number}  {entry_facts(entry)}", entry.due_cents)
        for charge in entry.charges:
            yield _amount(f"    {charge_words(charge)}", charge.cents, width=_CHARGES_END)
    yield counts_of(paper)


def _totals(paper: StatementPaper) -> Iterator[str]:
    yield _three("", "Preliminary", paper.now_heading, "Difference")
    for total in paper.totals:
        cents = (total.preliminary_cents, total.now_cents, total.difference_cents)
        yield _three(total_words(total), *map(format_dollars, cents))
    yield "-" * WIDTH
    sums = (paper.head.preliminary_cents, paper.head.total_cents, paper.difference_cents)
    yield _three(paper.total_words, *map(format_dollars, sums))


def _three(name: str, *columns: str) -> str:
    return f"{name:32}" + "".join(f"{column:>16}" for column in columns)


def _amount(words: str, cents: int, *, width: int = WIDTH) -> str:
    amount = format_dollars(cents)
    return f"{words:{width - _AMOUNT}}{amount:>{max(_AMOUNT, len(amount) + 1)}}"
