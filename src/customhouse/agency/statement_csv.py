"""A statement's paper as CSV (RFC 4180): a row for each entry and class, then a row for each total.

Every row carries what the statement says about itself, so that rows of many statements can stand in
one table. A text that a spreadsheet would take for a formula gets an apostrophe in front (F4).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date

from customhouse.agency.statement_paper import (
    PaperCharge,
    PaperEntry,
    StatementPaper,
)
from customhouse.formats.csv_cells import safe_cell

COLUMNS = {
    "record": "charge: one class of one entry; total: one class of the statement; sum: all of it;"
    " payment: one payment by ACH Credit that paid it",
    "statement_number": "ten characters",
    "status": "preliminary, final or cancelled",
    "payment_type": "2, 3 or 5",
    "filer_code": "three characters",
    "filer_name": "its name",
    "port": "processing port, four digits",
    "importer_number": "of the statement; empty on a filer's statement",
    "client_branch": "two characters, empty where there is none",
    "print_date": "YYYY-MM-DD",
    "due_on": "last day to pay, YYYY-MM-DD; empty where none is stated",
    "payment_state": "where the latest authorization stands, or paid-by-credit",
    "payer_unit_number": "of the latest authorization",
    "estimated_debit_on": "YYYY-MM-DD, always an estimate; empty while no debit is on its way",
    "settled_on": "YYYY-MM-DD of the settled debit",
    "entry_number": "as people write it: B76-0324527-8; empty on totals",
    "entry_importer_number": "importer of record of the entry",
    "port_of_entry": "four digits",
    "entry_type": "two digits",
    "broker_reference": "the filer's own",
    "taken_off_on": "YYYY-MM-DD; empty while the entry is on the statement",
    "taken_off_source": "ABI: the filer; CBP: the agency",
    "charge": "duty, tax, deferred-tax, antidumping, countervailing, fee or interest",
    "class_code": "accounting class; empty for tax, which has several",
    "class_name": "its name",
    "is_due": "yes when it is in the amount due",
    "amount_cents": "of the charge, or what of the payment was applied; whole cents",
    "preliminary_cents": "on totals: as first printed",
    "now_cents": "on totals: of what is left; on a final statement, what is paid",
    "difference_cents": "on totals: preliminary less now",
    "advice": "what to do about the money",
    "paid_on": "YYYY-MM-DD on which ACH Credit completed the payment; empty where it did not",
    "waiting_cents": "arrived by ACH Credit and waits for the rest, whole cents",
    "trace_number": "on payments: its trace number",
    "part_id": "on payments: the part of it that was for this statement",
    "collected_on": "on payments: the settlement date, YYYY-MM-DD",
}
"""Every column with what it holds, in order."""

_ROWS_IN_PIECE = 500


def csv_pieces(paper: StatementPaper) -> Iterator[bytes]:
    """Write the paper as CSV in UTF-8, in pieces of some hundred rows; lines end with CRLF."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    common = _common(paper)
    for number, row in enumerate(_rows(paper), start=1):
        writer.writerow(common | {name: safe_cell(value) for name, value in row.items()})
        if number % _ROWS_IN_PIECE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _common(paper: StatementPaper) -> dict[str, str]:
    head = paper.head
    settled_on = paper.payment.settled_on if paper.payment else None
    values: dict[str, str | int] = {
        "statement_number": head.number,
        "status": paper.status,
        "payment_type": head.payment_type,
        "filer_code": head.filer_code,
        "filer_name": head.filer_name,
        "port": head.port,
        "importer_number": head.importer_number or "",
        "client_branch": head.client_branch,
        "print_date": head.print_date.isoformat(),
        "due_on": _day(head.due_on),
        "payment_state": paper.payment_state,
        "payer_unit_number": paper.payment.payer_unit_number if paper.payment else "",
        "estimated_debit_on": _day(paper.estimated_debit_on),
        "settled_on": _day(settled_on),
        "advice": paper.advice,
        "paid_on": _day(head.paid_on),
        "waiting_cents": head.waiting_cents,
    }
    return {name: safe_cell(value) for name, value in values.items()}


def _rows(paper: StatementPaper) -> Iterator[Mapping[str, str | int]]:
    for entry in (*paper.entries, *paper.taken_off):
        about = _entry(entry)
        # An entry that is free of every charge is told by one row of zero duty.
        for charge in entry.charges or (PaperCharge("duty", "001", 0),):
            yield about | _charge(charge)
    for total in paper.totals:
        yield {
            "record": "total",
            "charge": total.kind,
            "class_code": total.class_code,
            "class_name": total.name,
            "is_due": _yes(total.is_due),
            "preliminary_cents": total.preliminary_cents,
            "now_cents": total.now_cents,
            "difference_cents": total.difference_cents,
        }
    for credit in paper.credits:
        yield {
            "record": "payment",
            "amount_cents": credit.applied_cents,
            "trace_number": credit.trace_number,
            "part_id": credit.part_id,
            "collected_on": credit.collected_on.isoformat(),
        }
    yield {
        "record": "sum",
        "class_name": paper.total_words,
        "is_due": "yes",
        "preliminary_cents": paper.head.preliminary_cents,
        "now_cents": paper.head.total_cents,
        "difference_cents": paper.difference_cents,
    }


def _entry(entry: PaperEntry) -> dict[str, str | int]:
    line = entry.line
    return {
        "record": "charge",
        "entry_number": entry.number,
        "entry_importer_number": line.importer_number,
        "port_of_entry": line.port_of_entry,
        "entry_type": line.entry_type,
        "broker_reference": line.broker_reference,
        "taken_off_on": _day(entry.removed_on),
        "taken_off_source": entry.removed_source or "",
    }


def _charge(charge: PaperCharge) -> dict[str, str | int]:
    return {
        "charge": charge.kind,
        "class_code": charge.class_code,
        "class_name": charge.name,
        "is_due": _yes(charge.is_due),
        "amount_cents": charge.cents,
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _yes(is_so: bool) -> str:  # noqa: FBT001 - one flag of a row
    return "yes" if is_so else "no"
