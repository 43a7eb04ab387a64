"""What the bank tells of prenotes: when a payer unit becomes effective, and that it never will.

A unit may be used from the later of its first day and the day on which the prenote to its account
matured; one whose prenote came back never (failure C19). Sending prenotes is the bank's job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from psycopg import Connection

from customhouse.agency import business_day, outbox
from customhouse.agency import unit_prenotes_store as sql
from customhouse.agency.outbox import NewNotice
from customhouse.clock import Clock
from customhouse.formats.change_codes import CHANGE_CODES
from customhouse.formats.return_codes import RETURN_CODES
from customhouse.rails import PrenoteNews

Connect = Callable[[], AbstractContextManager[Connection]]


class Teller(Protocol):
    """What can tell how prenotes stand at the bank."""

    def prenotes_after(self, sequence: int) -> list[PrenoteNews]:
        """Give the next page of news behind a cursor, in order; empty at the end."""
        ...


def why_failed(code: str) -> str:
    """Say in words why a prenote came back, after its return reason or change code."""
    if code.startswith("C"):
        known = CHANGE_CODES.get(code)
        return f"{code}, {known.meaning if known else 'the bank wants the account data changed'}"
    reason = RETURN_CODES.get(code)
    return f"{code}, {reason.meaning if reason else 'returned'}"


def take_prenotes(connect: Connect, link: Teller, clock: Clock) -> int:
    """Ask the bank for news of prenotes and keep them, a page a transaction; give how many."""
    taken = 0
    while True:
        with connect() as connection:
            row = connection.execute(sql.LAST_SEQUENCE).fetchone()
        page = link.prenotes_after(row[0] if row is not None else 0)
        if not page:
            return taken
        with connect() as connection:
            taken += keep(connection, page, clock=clock)
            connection.execute(sql.MOVE_CURSOR, {"sequence": page[-1].sequence})


def keep(connection: Connection, news: Sequence[PrenoteNews], *, clock: Clock) -> int:
    """Keep the newest news of each unit and tell the filers of those that failed; give how many.

    The notice does not name the unit: its number is the contact's to tell.
    """
    if not news:
        return 0
    day = business_day.latest(connection)
    on = day.business_date if day is not None else business_day.date_of(clock.now())
    newest = {each.payer_unit_number: each for each in news}
    values = {
        "units": list(newest),
        "states": [each.state for each in newest.values()],
        "matures_ons": [each.matures_on for each in newest.values()],
        "codes": [each.code for each in newest.values()],
        "sequences": [each.sequence for each in newest.values()],
        "on": on,
    }
    rows = connection.execute(sql.KEEP, values).fetchall()
    failed = sorted(number for number, has_failed in rows if has_failed)
    if failed:
        told = connection.execute(sql.FILERS_OF_UNITS, {"units": failed, "on": on}).fetchall()
        notices = [_notice(newest[unit], filer_code) for unit, filer_code in told]
        outbox.put_notices(connection, notices, created_on=on, clock=clock)
    return len(rows)


def _notice(news: PrenoteNews, filer_code: str) -> NewNotice:
    text = (
        "The account of a payer unit that you may use was refused by its bank"
        f" ({why_failed(news.code)}). The unit cannot be used; its owner has to apply again."
    )
    return NewNotice(
        filer_code=filer_code,
        statement_number=None,
        kind="prenote-failed",
        text=text,
        natural_key=f"prenote-failed/{news.sequence}",
    )
