"""The balance due on statements for which too little waits: who is told, and when again (CRD-06).

Every payer whose money waits for a statement is told what is missing, again when that changed,
and not twice of the same. The statement is locked by the caller, so that what is told is so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_balances_store as sql
from customhouse.agency import payer_notices
from customhouse.agency.credit_parts import Today
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.money import format_dollars

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Balance:
    """What a payer is to be told of a statement; cents.

    ``payers`` is of how many payers something waits, ``times`` how often this one was told before.
    """

    filer_code: str
    statement_number: str
    payer_party_id: int
    due_cents: int
    arrived_cents: int
    payers: int
    times: int

    @property
    def missing_cents(self) -> int:
        """Give what is still to come."""
        return self.due_cents - self.arrived_cents


def tell(connection: Connection, keys: Sequence[Key], *, today: Today) -> None:
    """Tell the balance due on some locked statements to whom it has not been told as it is."""
    if not keys:
        return
    values = {
        "filer_codes": [filer_code for filer_code, _ in keys],
        "numbers": [number for _, number in keys],
        "limit": None,
    }
    with connection.cursor(row_factory=class_row(Balance)) as cursor:
        untold = cursor.execute(sql.UNTOLD_OF, values).fetchall()
    notices = [notice_of(each) for each in untold]
    payer_notices.put(connection, notices, created_on=today.business_date, clock=today.clock)


def untold(connection: Connection, *, limit: int) -> list[Key]:
    """Give statements whose balance due some payer has not been told as it is; no lock is taken."""
    with connection.cursor(row_factory=class_row(Balance)) as cursor:
        rows = cursor.execute(sql.UNTOLD, {"limit": limit}).fetchall()
    return list(dict.fromkeys((row.filer_code, row.statement_number) for row in rows))


def notice_of(balance: Balance) -> NewPayerNotice:
    """Say what is missing on a statement, and who is to send it.

    The natural key begins with what is due and what is missing and ends with a count: a balance
    that comes back behind another one is told again (the store compares its beginning).
    """
    number, missing = balance.statement_number, format_dollars(balance.missing_cents)
    changed = "The balance due has changed. " if balance.times else ""
    who = f"Send {missing}"
    if balance.payers > 1:
        who = f"Payments of {balance.payers} payers wait for it; agree which of you sends {missing}"
    text = (
        f"{changed}Of {format_dollars(balance.due_cents)} due on statement {number},"
        f" {format_dollars(balance.arrived_cents)} arrived and {missing} is missing."
        " A statement is never partly paid: nothing is applied until the rest arrives."
        f" {who} by ACH Credit with the same document number."
    )
    key = f"short/{number}/{balance.due_cents}/{balance.missing_cents}/{balance.times + 1}"
    return NewPayerNotice(balance.payer_party_id, "balance-due", text, key, number)
