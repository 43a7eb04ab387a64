"""Money pushed for a statement that a debit paid, where the debit did not stand in the end.

The money is owed back and stays so by itself; the statement is unpaid again. Its payer is told so
on that day, and the desk can see it. That it pays the statement after all is an officer's decision
with the payer's consent (credit_desk_reapply).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_reopened_store as sql
from customhouse.agency import payer_notices
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.clock import Clock
from customhouse.money import format_dollars

MOST_LISTED: Final = 1_000
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OwedBack:
    """A part that is owed back though its statement is due again; cents.

    ``bill_number`` is the bill of the debit that had settled, None where none had.
    """

    filer_code: str
    statement_number: str
    due_cents: int
    payer_party_id: int
    part_id: str
    payee_party_id: int
    amount_cents: int
    collected_on: date
    claimed_on: date
    attempts: int
    bill_number: str | None


def tell(connection: Connection, keys: Iterable[Key], *, told_on: date, clock: Clock) -> None:
    """Tell who pushed money for statements whose debit came back what is due anew (C17, DEB-04).

    Called in the transaction that opens the statements again. Once for each attempt to debit.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return
    values = {
        "filer_codes": [filer_code for filer_code, _ in wanted],
        "numbers": [number for _, number in wanted],
    }
    with connection.cursor(row_factory=class_row(OwedBack)) as cursor:
        rows = cursor.execute(sql.OWED_BACK, values).fetchall()
    groups = groupby(rows, key=lambda row: (row.statement_number, row.payee_party_id))
    notices = [notice_of(list(group)) for _, group in groups]
    payer_notices.put(connection, notices, created_on=told_on, clock=clock)


def listing(connection: Connection, *, most: int = MOST_LISTED) -> list[OwedBack]:
    """Give all that is owed back though its statement is due again, the oldest first."""
    with connection.cursor(row_factory=class_row(OwedBack)) as cursor:
        return cursor.execute(sql.ALL_OWED_BACK, {"most": most}).fetchall()


def notice_of(parts: Sequence[OwedBack]) -> NewPayerNotice:
    """Say that a payer's parts do not pay their statement, which is to be paid anew."""
    first, number = parts[0], parts[0].statement_number
    owed = format_dollars(sum(part.amount_cents for part in parts))
    due = format_dollars(first.due_cents)
    which = first.part_id if len(parts) == 1 else f"{first.part_id} and {len(parts) - 1} more"
    document = number if first.bill_number is None else f"{number} or bill {first.bill_number}"
    text = (
        f"Statement {number} is unpaid again: the debit that was to pay it did not stand. {owed} of"
        f" yours ({which}) is still owed back to you and does not pay it. {due} is due anew: send"
        f" a new payment for {document}. Or say that what is owed back pays it (customhouse credits"
        f" answer {first.part_id} --document {number}): an officer can apply it while it has not"
        " gone back."
    )
    key = f"reopened/{number}/{first.attempts}"
    return NewPayerNotice(first.payee_party_id, "statement-reopened", text, key, number)
