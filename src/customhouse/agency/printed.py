"""Statements as messages: rebuilds a printed statement from its rows and writes its PF batch.

The lines of a statement are kept as the records that were printed, so that every later message
repeats them whatever has happened to their entries since. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import parties
from customhouse.agency import statements_store as sql
from customhouse.agency.outbox import NewMessage
from customhouse.agency.statements import paid_totals
from customhouse.formats.abi_batch import OutBlock, render_notice
from customhouse.formats.abi_statement import (
    DailyStatement,
    RemovedEntry,
    heading_of,
    read_lines,
    to_records,
    totals_of,
)

APPLICATION = "PF"


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """A statement's row with its lines as printed, removed ones included; totals in cents."""

    filer_code: str
    statement_number: str
    payment_type: str
    processing_port: str
    client_branch: str
    importer_number: str | None
    print_date: date
    due_on: date | None
    state: str
    attempts: int
    total_cents: int
    printed: list[str]
    removed_entries: list[str] | None
    removed_sources: list[str] | None


def load(connection: Connection, filer_code: str, numbers: Sequence[str]) -> list[PrintedStatement]:
    """Load statements of one filer with their printed lines, in number order."""
    with connection.cursor(row_factory=class_row(PrintedStatement)) as cursor:
        values = {"filer_code": filer_code, "numbers": list(numbers)}
        return cursor.execute(sql.PRINTED_STATEMENTS, values).fetchall()


def image(statement: PrintedStatement, status: Literal["P", "F"]) -> DailyStatement:
    """Make the statement as PF tells it: with paid totals when final (F), without before (P).

    The preliminary totals are those first printed; entries taken off since are named in Q7.
    """
    lines = read_lines("\n".join(statement.printed).splitlines())
    removed = tuple(
        RemovedEntry(statement.filer_code, entry_number, source)
        for entry_number, source in zip(
            statement.removed_entries or (), statement.removed_sources or (), strict=True
        )
    )
    gone = frozenset(each.entry_number for each in removed)
    return DailyStatement(
        status=status,
        number=statement.statement_number,
        print_date=statement.print_date,
        payment_type=statement.payment_type,
        importer_number=statement.importer_number,
        filer_code=statement.filer_code,
        port=statement.processing_port,
        lines=lines,
        preliminary=totals_of(lines),
        paid=paid_totals(lines, gone) if status == "F" else None,
        removed=removed,
        client_branch=statement.client_branch,
    )


def message(
    receiver: parties.Site,
    images: Sequence[DailyStatement],
    *,
    prepared_on: date,
    reason: str,
    natural_key: str,
) -> NewMessage:
    """Write one PF batch for a receiver, a block for each statement."""
    blocks = [
        OutBlock(
            port=each.port,
            filer_code=each.filer_code,
            office_code=receiver.office_code,
            user_data="",
            records=to_records(each),
            statement=heading_of(each),
        )
        for each in images
    ]
    content = render_notice(
        receiver.site_code,
        receiver.id_code,
        office_code=receiver.office_code,
        prepared_on=prepared_on,
        application=APPLICATION,
        blocks=blocks,
    )
    return NewMessage(
        sender_id=receiver.sender_id,
        filer_code=images[0].filer_code,
        application=APPLICATION,
        reason=reason,
        natural_key=natural_key,
        content=content,
    )
