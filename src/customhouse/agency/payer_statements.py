"""Statements that a payer of ACH Credit has to pay: what it sees of them, and what it is told.

A filer sees its own; an importer those of any broker that name it, under whatever suffix (payment
types 3 and 5). An importer that has joined is told of each obligation when its statement is
printed, changed or cancelled, once each (CRD-13). How to push the payment is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import payer_notices
from customhouse.agency import payer_statements_store as sql
from customhouse.agency.credit_instructions import schedule_of
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.agency.paying_parties import PayingParty
from customhouse.clock import Clock
from customhouse.identifiers import without_suffix
from customhouse.money import format_dollars

PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class PayerStatement:
    """An open statement as its payer sees it; ``amount_cents`` is what is still to come.

    ``originate_by`` is the latest day to give the payment to the bank, None without a due date;
    ``is_late`` tells that it has passed.
    """

    filer_code: str
    filer_name: str
    statement_number: str
    amount_cents: int
    print_date: date
    due_on: date | None
    originate_by: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class _Open:
    filer_code: str
    filer_name: str
    statement_number: str
    amount_cents: int
    print_date: date
    due_on: date | None
    lead_days: int


@dataclass(frozen=True, slots=True)
class Obligation:
    """A statement that names an importer which has joined; cents and banking days."""

    payer_party_id: int
    filer_code: str
    statement_number: str
    state: str
    preliminary_cents: int
    total_cents: int
    due_on: date | None
    lead_days: int


def open_statements(
    connection: Connection, payer: PayingParty, *, today: date, after: str = ""
) -> list[PayerStatement]:
    """Give a payer's open statements behind a number, in order of numbers, at most 500."""
    values = {
        "payer": payer.party_id,
        "filer_code": payer.filer_code,
        "number": payer.importer_number,
        "base": None if payer.importer_number is None else without_suffix(payer.importer_number),
        "after": after,
        "most": PAGE,
    }
    statement = sql.OPEN_OF_FILER if payer.kind == "filer" else sql.OPEN_OF_IMPORTER
    with connection.cursor(row_factory=class_row(_Open)) as cursor:
        rows = cursor.execute(statement, values).fetchall()
    return [_seen(row, today) for row in rows]


def tell(
    connection: Connection,
    filer_code: str,
    *,
    numbers: Sequence[str],
    today: date,
    clock: Clock,
) -> None:
    """Tell the importers that have joined what is due on some statements of a filer now.

    Once for each amount: told again without a change it is nothing new.
    """
    values = {"filer_code": filer_code, "numbers": list(numbers)}
    with connection.cursor(row_factory=class_row(Obligation)) as cursor:
        rows = cursor.execute(sql.OBLIGATIONS, values).fetchall()
    notices = [notice_of(row, today) for row in rows]
    payer_notices.put(connection, notices, created_on=today, clock=clock)


def notice_of(due: Obligation, today: date) -> NewPayerNotice:
    """Say what is due on a statement, that it changed, or that it is cancelled."""
    number = due.statement_number
    key = f"statement/{due.filer_code}/{number}"
    if due.state == "cancelled":
        text = (
            f"Statement {number} of filer {due.filer_code} is cancelled: every entry was taken off"
            " it. Push no payment for it."
        )
        kind, key = "statement-cancelled", f"{key}/cancelled"
    elif due.total_cents == due.preliminary_cents:
        text = (
            f"Statement {number} of filer {due.filer_code} was printed. {_what_to_do(due, today)}"
        )
        kind, key = "statement-due", f"{key}/{due.total_cents}"
    else:
        text = (
            f"Entries were taken off statement {number} of filer {due.filer_code}, which was"
            f" printed with {format_dollars(due.preliminary_cents)}. {_what_to_do(due, today)}"
        )
        kind, key = "statement-changed", f"{key}/{due.total_cents}"
    return NewPayerNotice(due.payer_party_id, kind, text, key, number)


def _what_to_do(due: Obligation, today: date) -> str:
    amount = format_dollars(due.total_cents)
    if not due.total_cents:
        return "Nothing is due on it."
    if due.due_on is None:
        return f"{amount} is due; no day is known."
    schedule = schedule_of(due.due_on, business_date=today, lead_days=due.lead_days)
    if schedule.is_late:
        by = f"the latest day to originate a payment was {schedule.originate_by}: call your broker"
    else:
        by = f"give the payment to your bank by {schedule.originate_by}"
    return f"{amount} is due on {due.due_on}; {by}."


def _seen(row: _Open, today: date) -> PayerStatement:
    schedule = schedule_of(row.due_on, business_date=today, lead_days=row.lead_days)
    return PayerStatement(
        filer_code=row.filer_code,
        filer_name=row.filer_name,
        statement_number=row.statement_number,
        amount_cents=row.amount_cents,
        print_date=row.print_date,
        due_on=row.due_on,
        originate_by=schedule.originate_by,
        is_late=schedule.is_late,
    )
