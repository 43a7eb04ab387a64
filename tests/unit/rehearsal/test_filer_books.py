"""A simulated filer notices what is wrong with a statement, to the cent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from customhouse.formats.abi_statement import DailyStatement, EntryLine, RemovedEntry, totals_of
from customhouse.rehearsal.filer_books import FilerBooks
from customhouse.rehearsal.world_entries import WorldEntry, world_entries

NUMBER = "2727320001"
ENTRIES = [
    entry
    for entry in world_entries(40)
    if entry.filer_code == "B76" and entry.payable and entry.charges.keys() <= {"001", "499", "501"}
][:3]


def line_of(entry: WorldEntry) -> EntryLine:
    """Give an entry as the agency would print it."""
    return EntryLine(
        port_of_entry=entry.port,
        filer_code=entry.filer_code,
        entry_number=entry.entry_number,
        importer_number=entry.importer_number,
        print_date=entry.print_date,
        duty_cents=entry.charges.get("001", 0),
        tax_cents=0,
        deferred_tax=False,
        broker_reference=entry.broker_reference,
        consolidated=entry.consolidated,
        entry_type=entry.entry_type,
        antidumping_cents=0,
        countervailing_cents=0,
        payment_type="2",
        payable=True,
        countervailing_paid=True,
        antidumping_paid=True,
        team_number=entry.team_number,
        interest_cents=0,
        fees=tuple((code, cents) for code, cents in entry.charges.items() if code != "001"),
    )


def statement(*lines: EntryLine, status: str = "P") -> DailyStatement:
    """Give a statement with these lines; a final one is paid in full."""
    totals = totals_of(lines)
    return DailyStatement(
        status=status,
        number=NUMBER,
        print_date=ENTRIES[0].print_date,
        payment_type="2",
        importer_number=None,
        filer_code="B76",
        port="3901",
        lines=lines,
        preliminary=totals,
        paid=totals if status == "F" else None,
        removed=(),
    )


@pytest.fixture
def books() -> FilerBooks:
    """Give the books of B76 with three entries."""
    return FilerBooks.of("B76", ENTRIES)


def test_right_statement_and_receipt_leave_no_complaint(books: FilerBooks) -> None:
    lines = [line_of(entry) for entry in ENTRIES]
    books.take(statement(*lines))
    (held,) = books.open_statements()
    assert held.total_cents == sum(entry.amount_due_cents for entry in ENTRIES)
    held.accepted, held.open = 1, False
    assert books.missing_finals() == [NUMBER]
    books.take(statement(*lines, status="F"))
    assert books.complaints == []
    assert books.missing_finals() == []


def test_cent_too_much_is_noticed_on_line_and_total(books: FilerBooks) -> None:
    first, second, third = (line_of(entry) for entry in ENTRIES)
    books.take(statement(replace(first, duty_cents=first.duty_cents + 1), second, third))
    assert len(books.complaints) == 2
    assert f"entry {ENTRIES[0].entry_number}" in books.complaints[0]
    assert "the total" in books.complaints[1]


def test_entry_of_somebody_else_is_noticed(books: FilerBooks) -> None:
    foreign = replace(line_of(ENTRIES[0]), entry_number="99999999")
    books.take(statement(foreign))
    assert "never filed" in books.complaints[0]


def test_receipt_that_forgets_a_removal_is_noticed(books: FilerBooks) -> None:
    lines = [line_of(entry) for entry in ENTRIES]
    books.take(statement(*lines))
    (held,) = books.open_statements()
    gone = held.entries.pop()
    held.total_cents = books.due_cents(held.entries)
    books.take(statement(*lines, status="F"))
    assert len(books.complaints) == 2
    books.complaints.clear()
    right = statement(*lines, status="F")
    removed = (RemovedEntry("B76", gone, "ABI"),)
    books.take(replace(right, paid=totals_of(lines[:2]), removed=removed))
    assert books.complaints == []


def test_receipt_without_its_statement_is_noticed(books: FilerBooks) -> None:
    books.take(statement(line_of(ENTRIES[0]), status="F"))
    assert "without its preliminary" in books.complaints[0]
