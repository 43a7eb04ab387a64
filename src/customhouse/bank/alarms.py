"""What a person at the bank has to look at: raised once for each thing, kept until it is cleared.

An alarm never names an account; nobody is called from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import alarms_store as sql
from customhouse.clock import Clock


@dataclass(frozen=True, slots=True)
class Alarm:
    """A kind of trouble, the thing that is in it and one sentence about it."""

    kind: str
    reference: str
    sentence: str


@dataclass(frozen=True, slots=True)
class OpenAlarm:
    """An alarm that nobody has cleared, and when it was raised."""

    kind: str
    reference: str
    sentence: str
    raised_at: datetime


def raise_all(connection: Connection[Any], alarms: Sequence[Alarm], *, clock: Clock) -> None:
    """Keep alarms that are not there yet."""
    values = {
        "kinds": [alarm.kind for alarm in alarms],
        "references": [alarm.reference for alarm in alarms],
        "sentences": [alarm.sentence for alarm in alarms],
        "raised_at": clock.now(),
    }
    connection.execute(sql.RAISE, values)


def clear(connection: Connection[Any], *, kind: str, reference: str, clock: Clock) -> None:
    """Clear an alarm if it is open."""
    values = {"kind": kind, "reference": reference, "cleared_at": clock.now()}
    connection.execute(sql.CLEAR, values)


def still_open(connection: Connection[Any]) -> list[OpenAlarm]:
    """Give every open alarm, oldest first."""
    with connection.transaction(), connection.cursor(row_factory=class_row(OpenAlarm)) as cursor:
        return cursor.execute(sql.OPEN_ALARMS).fetchall()
