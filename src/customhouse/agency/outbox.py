"""What the agency sends by itself: messages that wait until their receiver acknowledges them.

Messages and notices are written in the transaction of the decision that they tell of, each under
a natural key, so that telling twice is impossible. Delivery is the receiver's: it lists and
acknowledges.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import outbox_store as sql
from customhouse.clock import Clock
from customhouse.faults import OUTBOX_MESSAGE_UNKNOWN, Fault, Refused

LISTING_LIMIT = 500
LISTING_BYTES = 8_000_000


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One message for an ABI sender; ``content`` is a whole batch of 80-column records."""

    message_id: int
    created_at: datetime
    application: str
    reason: str
    content: str


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to put in the outbox once: its natural key makes a repetition no new message."""

    sender_id: int
    filer_code: str
    application: str
    reason: str
    natural_key: str
    content: str


@dataclass(frozen=True, slots=True)
class NewNotice:
    """A sentence for a filer's people, told once under its natural key."""

    filer_code: str
    statement_number: str | None
    kind: str
    text: str
    natural_key: str


def put_messages(
    connection: Connection, messages: Sequence[NewMessage], *, created_on: date, clock: Clock
) -> None:
    """Put messages into the outbox; one already there under its natural key stays as it is."""
    if not messages:
        return
    connection.execute(
        sql.INSERT_MESSAGES,
        {
            "sender_ids": [message.sender_id for message in messages],
            "filer_codes": [message.filer_code for message in messages],
            "applications": [message.application for message in messages],
            "reasons": [message.reason for message in messages],
            "keys": [message.natural_key for message in messages],
            "contents": [message.content for message in messages],
            "created_on": created_on,
            "created_at": clock.now(),
        },
    )


def put_notices(
    connection: Connection, notices: Sequence[NewNotice], *, created_on: date, clock: Clock
) -> None:
    """Tell filers in words; a notice already given under its natural key is not given again."""
    connection.execute(
        sql.INSERT_NOTICES,
        {
            "filer_codes": [notice.filer_code for notice in notices],
            "numbers": [notice.statement_number for notice in notices],
            "kinds": [notice.kind for notice in notices],
            "texts": [notice.text for notice in notices],
            "keys": [notice.natural_key for notice in notices],
            "created_on": created_on,
            "created_at": clock.now(),
        },
    )


def waiting(connection: Connection, sender_id: int) -> list[OutboxMessage]:
    """List a sender's messages that it has not acknowledged, oldest first.

    At most 500, and none behind the first 8 MB.
    """
    with connection.cursor(row_factory=class_row(OutboxMessage)) as cursor:
        values = {"sender_id": sender_id, "limit": LISTING_LIMIT, "bytes": LISTING_BYTES}
        return cursor.execute(sql.WAITING, values).fetchall()


def acknowledge(connection: Connection, sender_id: int, message_id: int, clock: Clock) -> None:
    """Mark a message as received; again is no harm. Raise Refused when it is not this sender's."""
    values = {"sender_id": sender_id, "message_id": message_id, "at": clock.now()}
    if connection.execute(sql.ACKNOWLEDGE, values).rowcount == 0:
        raise Refused(Fault(OUTBOX_MESSAGE_UNKNOWN, {"message_id": message_id}))
