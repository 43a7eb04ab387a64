"""Payer units that the agency has suspended, and their waiting debits, which go into no file (A9).

The news comes over the rails and may be repeated; the newest holds. A debit is held back when it
is due for a file, not before, so that a suspension that is lifted in time stops nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from psycopg import Connection

from customhouse.bank import faults, held_debits
from customhouse.bank import unit_standings_store as sql
from customhouse.bank.office import Office
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused, declare
from customhouse.rails import PayerUnitStanding

AT_ONCE = 1000

UNIT_HELD_BACK = declare(
    "unit-held-back",
    sentence="Payer unit {payer_unit_number} was suspended before its debit went into a file",
    next_step="Pay with another unit, or have the suspension lifted and authorize again.",
)


def take_standing(
    connection: Connection[Any], standing: PayerUnitStanding, *, clock: Clock
) -> None:
    """Keep news of a unit; older news than is kept has no effect.

    Raises Refused: payer-unit-not-bound when the bank has no such unit.
    """
    values = {
        "payer_unit_number": standing.payer_unit_number,
        "sequence": standing.sequence,
        "suspended": standing.suspended,
        "reason_code": standing.reason_code,
        "told_at": clock.now(),
    }
    with connection.transaction():
        row = connection.execute(sql.UNIT_EXISTS, values).fetchone()
        if not (row and row[0]):
            unit = {"payer_unit_number": standing.payer_unit_number}
            raise Refused(Fault(faults.PAYER_UNIT_NOT_BOUND, unit))
        connection.execute(sql.KEEP_STANDING, values)


def hold_back(office: Office, business_date: date) -> int:
    """Refuse the debits of suspended units that are due for a file; give how many.

    A piece of at most 1,000 is one transaction with its events for the agency.
    """
    if not FEDERAL_RESERVE.is_business_day(business_date):
        return 0
    held = 0
    while count := _hold_piece(office, FEDERAL_RESERVE.next(business_date)):
        held += count
        office.boundary("held back")
    return held


def _hold_piece(office: Office, effective_on: date) -> int:
    with office.connection.transaction():
        values = {"effective_on": effective_on, "most": AT_ONCE}
        rows = office.connection.execute(sql.HOLD_SUSPENDED, values).fetchall()
        if not rows:
            return 0
        held_debits.refuse(office, rows, kind=UNIT_HELD_BACK)
    return len(rows)
