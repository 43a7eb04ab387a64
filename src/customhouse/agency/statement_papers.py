"""The query of a statement's paper, for those who act for its filer. Changes nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import statement_papers_store as sql
from customhouse.agency.statement_paper import (
    PaperCredit,
    PaperHead,
    PaperPayment,
    StatementPaper,
    entry_of,
    paper_of,
)
from customhouse.faults import STATEMENT_UNKNOWN, Fault, Refused
from customhouse.formats.abi_statement import read_lines

LONGEST_SHOWN = 20
_NUMBER = re.compile(r"[0-9A-Z]{1,10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Row:
    number: str
    state: str
    payment_type: str
    filer_code: str
    filer_name: str
    port: str
    importer_number: str | None
    importer_name: str | None
    client_branch: str
    print_date: date
    due_on: date | None
    final_on: date | None
    preliminary_cents: int
    total_cents: int
    attempt: int | None
    attempt_state: str
    payer_unit_number: str
    accepted_on: date
    debit_on: date
    settled_on: date | None
    returned_on: date | None
    return_code: str | None
    paid_on: date | None
    waiting_cents: int
    credits: list[dict[str, Any]]
    printed: list[str]
    removed_on: list[date | None]
    removed_source: list[str | None]


def statement_paper(
    connection: Connection, filer_codes: Sequence[str], number: str
) -> StatementPaper:
    """Give the paper of a statement of these filers.

    Raises Refused (statement-unknown) alike for one that does not exist and for one of
    somebody else's.
    """
    row = _row(connection, filer_codes, number) if _NUMBER.fullmatch(number) else None
    if row is None:
        named = {
            "statement_number": ascii(number)[1:-1][:LONGEST_SHOWN],
            "filer_code": " or ".join(filer_codes) or "none",
        }
        raise Refused(Fault(STATEMENT_UNKNOWN, named))
    lines = read_lines("\n".join(row.printed).splitlines())
    entries = [
        entry_of(line, removed_on=removed_on, removed_source=source)
        for line, removed_on, source in zip(lines, row.removed_on, row.removed_source, strict=True)
    ]
    credits = [_credit(values) for values in row.credits]
    return paper_of(_head(row), entries, payment=_payment(row), credits=credits)


def _row(connection: Connection, filer_codes: Sequence[str], number: str) -> _Row | None:
    values = {"filer_codes": list(filer_codes), "number": number}
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        return cursor.execute(sql.PAPER, values).fetchone()


def _head(row: _Row) -> PaperHead:
    return PaperHead(
        number=row.number,
        state=row.state,
        payment_type=row.payment_type,
        filer_code=row.filer_code,
        filer_name=row.filer_name,
        port=row.port,
        importer_number=row.importer_number,
        importer_name=row.importer_name,
        client_branch=row.client_branch,
        print_date=row.print_date,
        due_on=row.due_on,
        final_on=row.final_on,
        preliminary_cents=row.preliminary_cents,
        total_cents=row.total_cents,
        paid_on=row.paid_on,
        waiting_cents=row.waiting_cents,
    )


def _credit(values: dict[str, Any]) -> PaperCredit:
    collected_on = date.fromisoformat(values["collected_on"])
    return PaperCredit(**{**values, "collected_on": collected_on})


def _payment(row: _Row) -> PaperPayment | None:
    if row.attempt is None:
        return None
    return PaperPayment(
        attempt=row.attempt,
        state=row.attempt_state,
        payer_unit_number=row.payer_unit_number,
        accepted_on=row.accepted_on,
        estimated_debit_on=row.debit_on,
        settled_on=row.settled_on,
        returned_on=row.returned_on,
        return_code=row.return_code,
    )
