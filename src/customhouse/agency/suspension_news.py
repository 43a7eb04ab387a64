"""Tells the bank which payer units are stopped and which may be used again, in order (A9).

No call to the bank is made inside a database transaction; each may be repeated, since the bank
keeps the newest news of a unit only.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from psycopg import Connection

from customhouse.agency import suspensions_store as sql
from customhouse.clock import Clock
from customhouse.rails import PayerUnitStanding

Connect = Callable[[], AbstractContextManager[Connection]]
AT_ONCE = 500


class Teller(Protocol):
    """What can tell the bank of a unit's standing."""

    def tell_standing(self, standing: PayerUnitStanding) -> None:
        """Tell the bank; raise Refused when it does not answer."""
        ...


def push_standings(connect: Connect, link: Teller, clock: Clock) -> int:
    """Tell the bank of every suspension and lifting that it does not know; give how many."""
    told = 0
    while True:
        with connect() as connection:
            rows = connection.execute(sql.UNTOLD, {"most": AT_ONCE}).fetchall()
        if not rows:
            return told
        for unit, suspension_id, reason_code, is_lifted in rows:
            # Of a suspension and its lifting each is news of its own, the lifting the later one.
            sequence = 2 * suspension_id + int(is_lifted)
            standing = PayerUnitStanding(unit, sequence, not is_lifted, reason_code)
            link.tell_standing(standing)
            values = {
                "unit": unit,
                "suspension_id": suspension_id,
                "is_lifted": is_lifted,
                "at": clock.now(),
            }
            with connect() as connection:
                connection.execute(sql.MARK_TOLD, values)
            told += 1
