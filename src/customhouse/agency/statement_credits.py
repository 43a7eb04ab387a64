"""What payers pushed for one statement by ACH Credit, as its filer sees it, in words.

Queries only. A payment is named by its trace number and by the part of it that was for this
statement; no account is known here, and who pushed it is not told. Changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import statement_credits_store as sql
from customhouse.money import format_dollars

_WHY_BACK: Final = {
    "over": "it was more than was due",
    "duplicate": "another payment had paid the statement",
    "paid-by-debit": "the statement is paid by a debit that was authorized",
    "nothing-due": "nothing was due on the statement",
    "officer": "the agency decided so",
}
_DUE_AGAIN: Final = (
    "Because a debit was to pay the statement. That debit did not stand: the statement is to be"
    " paid anew, or this money is applied to it after all, when its payer agrees."
)


@dataclass(frozen=True, slots=True)
class StatementCredit:
    """A part of a payment that is for a statement: its cents and what became of them.

    ``collected_on`` is the settlement date, which is its payment date (CRD-07). ``cause`` says why
    something is owed back and is empty where nothing is; ``since_on`` is the business date since
    which it waited. ``is_due_again``: it went back because of a debit that did not stand.
    """

    part_id: str
    trace_number: str
    collected_on: date
    amount_cents: int
    state: str
    applied_cents: int
    refundable_cents: int
    cause: str
    since_on: date
    is_due_again: bool = False

    @property
    def is_waiting(self) -> bool:
        """Tell whether it waits for the rest."""
        return self.state == "unapplied"

    @property
    def became(self) -> str:
        """Say in a few words what became of it."""
        if self.is_waiting:
            return "Waits for the rest"
        if not self.refundable_cents:
            return "Paid this statement"
        back = format_dollars(self.refundable_cents)
        if self.applied_cents:
            return f"{format_dollars(self.applied_cents)} paid this statement, {back} is owed back"
        return f"{back} is owed back"

    @property
    def why(self) -> str:
        """Say in a sentence why it waits or is owed back; empty for what simply paid."""
        if self.is_waiting:
            return "A statement is never partly paid: nothing is applied until all of it is there."
        if not self.refundable_cents:
            return ""
        if self.is_due_again:
            return _DUE_AGAIN
        return f"Because {_WHY_BACK[self.cause]}. It is kept for no other statement."


def credits_of(connection: Connection, filer_code: str, number: str) -> list[StatementCredit]:
    """List what was pushed for a statement of a filer that the reader may see, oldest first."""
    values = {"filer_code": filer_code, "number": number}
    with connection.cursor(row_factory=class_row(StatementCredit)) as cursor:
        return cursor.execute(sql.CREDITS, values).fetchall()
