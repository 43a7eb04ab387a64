"""A treasury day as CSV, as BAI2 and as JSON lines, written movement by movement.

CSV has a row for each part of a payment and one for every other movement; BAI2 is the bank's
statement alone, so that what only the ledger has is not in it. No account number but the last four
characters of the agency's own is in any of them, and no payer's at all.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from customhouse.agency.treasury_days import Movement, TreasuryDay, Use
from customhouse.agency.treasury_words import NOTHING_KNOWN, kind_words, use_words
from customhouse.formats import bai2
from customhouse.formats.csv_cells import safe_cell

COLUMNS: Final = {
    "settled_on": "the day, YYYY-MM-DD",
    "line_id": "the bank's key of the movement; empty where only the ledger has it",
    "kind": "credit_received, credit_returned, debit_settled, debit_returned, return_disputed or"
    " dispute_won",
    "agreement": "agrees, bank-only, ledger-only or amount-differs",
    "bank_cents": "of the movement, whole cents, negative when it went out; first row only",
    "ledger_cents": "the ledger's amount of the same movement; first row only",
    "trace_number": "of the ACH entry, 15 digits",
    "company_name": "who sent a credit, as the entry says it",
    "reference": "the credit, or the instruction of a debit",
    "filer_code": "of the statement",
    "statement_number": "what it paid, or is for",
    "statement_state": "preliminary, authorized, paid, final or cancelled",
    "final_on": "when the final statement went out, YYYY-MM-DD",
    "attempt": "of a debit, counted from 1",
    "return_code": "why a debit came back",
    "part_id": "of a payment: the credit, the addendum's place, its share",
    "part_state": "unapplied, applied, refundable, returning or returned",
    "part_cents": "of the part",
    "applied_cents": "what it paid",
    "refundable_cents": "what is owed back",
    "returned_cents": "what went back to who sent it, through the bank",
    "waiting_cents": "what neither paid anything, nor is owed back, nor went back",
    "reason": "why it waits or is owed back; empty where it is applied in full",
    "document_number": "what the addendum names",
    "payer_identifier": "whom the addendum names",
    "what": "the same in words",
}
"""Every column of the CSV with what it holds, in order."""

TYPE_CODES: Final = {
    "credit_received": bai2.CREDIT_RECEIVED,
    "credit_returned": bai2.RETURN_DEBIT,
    "debit_settled": bai2.SETTLEMENT,
    "debit_returned": bai2.RETURN_DEBIT,
    "return_disputed": bai2.RETURN_DEBIT,
    "dispute_won": bai2.RETURN_CREDIT,
}
"""The BAI2 type code of each kind of movement."""

RECEIVER: Final = "CUSTOMHOUSE"
_ROWS_IN_PIECE: Final = 500
_NO_USE: Final = (None,)


def csv_pieces(day: TreasuryDay) -> Iterator[bytes]:
    """Write a day as CSV (RFC 4180, UTF-8) in pieces of some hundred rows; lines end with CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = (row for movement in day.movements() for row in _rows(day, movement))
    for number, row in enumerate(rows, start=1):
        cells = map(row.get, COLUMNS)
        # Of numbers, dates and nothing the writer makes the same cells by itself.
        writer.writerow([safe_cell(each) if isinstance(each, str) else each for each in cells])
        if number % _ROWS_IN_PIECE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def _rows(day: TreasuryDay, movement: Movement) -> Iterator[dict[str, Any]]:
    uses: Iterable[Use | None] = movement.uses or _NO_USE
    for number, use in enumerate(uses):
        # A sum over the column counts each movement once, however many parts it has.
        sides = (movement.bank_cents, movement.ledger_cents) if number == 0 else (None, None)
        yield {
            "settled_on": day.day,
            "line_id": movement.line_id,
            "kind": movement.kind,
            "agreement": movement.agreement,
            "bank_cents": sides[0],
            "ledger_cents": sides[1],
            "trace_number": movement.trace_number,
            "company_name": movement.company_name,
            "reference": movement.reference,
        } | ({"what": NOTHING_KNOWN} if use is None else _use_cells(movement, use))


def _use_cells(movement: Movement, use: Use) -> dict[str, Any]:
    cells: dict[str, Any] = {
        "filer_code": use.filer_code,
        "statement_number": use.statement_number,
        "statement_state": use.statement_state,
        "final_on": use.final_on,
        "what": use_words(movement, use),
    }
    if use.part_id is None:
        return cells | {"attempt": use.attempt, "return_code": use.return_code}
    return cells | {
        "part_id": use.part_id,
        "part_state": use.part_state,
        "part_cents": use.amount_cents,
        "applied_cents": use.applied_cents,
        "refundable_cents": use.refundable_cents,
        "returned_cents": use.returned_cents,
        "waiting_cents": use.waiting_cents,
        "reason": use.reason,
        "document_number": use.document_number,
        "payer_identifier": use.payer_identifier,
    }


def json_lines(day: TreasuryDay, *, unfinished: str = "") -> Iterator[str]:
    """Write a day as JSON: a line for each movement with its parts, then one of totals.

    ``unfinished`` says why the day is not over, and is empty where it is.
    """
    for movement in day.movements():
        first, *_ = _rows(day, movement)
        head = {name: value for name, value in first.items() if name in _MOVEMENT}
        uses = [_use_cells(movement, use) for use in movement.uses]
        yield json.dumps({"record": "movement", **head, "uses": uses}, default=str)
    state = {"bank_date": day.taking.bank_date, "unfinished": unfinished}
    totals = {"record": "totals", "settled_on": day.day, **state, **totals_values(day)}
    yield json.dumps(totals, default=str)


_MOVEMENT: Final = tuple(COLUMNS)[: tuple(COLUMNS).index("filer_code")]


def totals_values(day: TreasuryDay) -> dict[str, int]:
    """Give what a day comes to, cents and counts, by the names that the exports use."""
    totals = day.totals
    return {
        "bank_lines": totals.bank_lines,
        "bank_in_cents": totals.bank_in_cents,
        "bank_out_cents": totals.bank_out_cents,
        "bank_cents": totals.bank_cents,
        "ledger_lines": totals.ledger_lines,
        "ledger_cents": totals.ledger_cents,
        "difference_cents": totals.difference_cents,
        "bank_only": totals.bank_only,
        "ledger_only": totals.ledger_only,
        "other_amount": totals.other_amount,
    }


def bai2_lines(day: TreasuryDay, *, routing: str, account: str, created: datetime) -> Iterator[str]:
    """Write the bank's side of a day as BAI2 lines, each movement with what it paid as text.

    ``routing`` and ``account`` are those of the agency's own collection account; only the last
    four characters of the account are written (decision 14).
    """
    head = bai2.Head(
        sender=routing,
        receiver=RECEIVER,
        account=bai2.masked_account(account),
        as_of=day.day,
        created=created,
        totals=bai2.Totals(*day.bank_totals),
    )
    return bai2.render(head, (_detail(each) for each in day.movements() if each.line_id))


def _detail(movement: Movement) -> bai2.Detail:
    first = movement.uses[0] if movement.uses else None
    number = first.statement_number if first is not None and len(movement.uses) == 1 else None
    told = [kind_words(movement.kind)]
    if movement.company_name:
        told.append(f"from {movement.company_name}")
    return bai2.Detail(
        type_code=TYPE_CODES[movement.kind],
        amount_cents=abs(movement.bank_cents or 0),
        bank_reference=movement.trace_number,
        customer_reference=number or movement.reference,
        texts=(" ".join(told), *(use_words(movement, use) for use in movement.uses)),
    )
