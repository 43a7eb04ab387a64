"""What the bank tells the agency: events in one order, each once, read by cursor.

Nobody is called; the agency polls. Sequences have no gaps and appear in order, so that a reader
who keeps the last one that it saw misses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import events_store as sql
from customhouse.clock import Clock
from customhouse.rails import BankEvent, EventKind


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before it has its sequence; ``event_id`` is the natural key of the happening."""

    event_id: str
    kind: EventKind
    instruction_id: str
    amount_cents: int
    effective_on: date | None = None
    trace_number: str = ""
    code: str = ""
    detail: str = ""


def record(connection: Connection[Any], events: Sequence[NewEvent], *, clock: Clock) -> int:
    """Add the events that are not there yet, in the given order; give how many were added.

    Call it last in a transaction: it holds the cursor's row until the commit.
    """
    if not events:
        return 0
    # The same happening may be reported twice in one piece: the first report of it is told.
    events = list({event.event_id: event for event in reversed(events)}.values())[::-1]
    values = {
        "last_sequence": _hold_cursor(connection),
        "recorded_at": clock.now(),
        "event_ids": [event.event_id for event in events],
        "kinds": [event.kind for event in events],
        "instruction_ids": [event.instruction_id for event in events],
        "amounts_cents": [event.amount_cents for event in events],
        "effective_ons": [event.effective_on for event in events],
        "trace_numbers": [event.trace_number for event in events],
        "codes": [event.code for event in events],
        "details": [event.detail for event in events],
    }
    added = connection.execute(sql.ADD, values).rowcount
    connection.execute(sql.MOVE_CURSOR, {"added": added})
    return added


def record_by(
    connection: Connection[Any],
    statement: str,
    *,
    values: Mapping[str, object],
    clock: Clock,
) -> int:
    """Add events that a statement selects from the books; give how many were added.

    The statement inserts behind ``last_sequence``, stamps with ``recorded_at`` and leaves out what
    is there. Call it last in a transaction, like ``record``.
    """
    kept = {"last_sequence": _hold_cursor(connection), "recorded_at": clock.now()}
    added = connection.execute(statement, {**values, **kept}).rowcount
    connection.execute(sql.MOVE_CURSOR, {"added": added})
    return added


def _hold_cursor(connection: Connection[Any]) -> int:
    connection.execute(sql.BEGIN_CURSOR)
    row = connection.execute(sql.HOLD_CURSOR).fetchone()
    if row is None:
        raise RuntimeError("the event cursor that was begun is not there")
    return int(row[0])


def after(connection: Connection[Any], sequence: int, *, most: int) -> list[BankEvent]:
    """Give at most ``most`` events behind a sequence, in order."""
    with connection.transaction(), connection.cursor(row_factory=class_row(BankEvent)) as cursor:
        return cursor.execute(sql.AFTER, {"after": sequence, "most": most}).fetchall()
