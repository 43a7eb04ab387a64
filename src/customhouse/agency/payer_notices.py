"""What payers are told in words: once for each natural key, in an inbox of each payer's own.

A payer that chose e-mail gets a mail of each notice as well; it is put beside the notice in the
same transaction and sent later (see ``mail``). Texts name no account and nobody else's data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import payer_notices_store as sql
from customhouse.clock import Clock

LISTING_LIMIT = 500


@dataclass(frozen=True, slots=True)
class NewPayerNotice:
    """A sentence for a payer, told once under its natural key.

    ``mail_to`` is an address that was given on an open or a former form; None means the one that
    the payer chose, where it chose e-mail.
    """

    payer_party_id: int
    kind: str
    text: str
    natural_key: str
    statement_number: str | None = None
    mail_to: str | None = None


@dataclass(frozen=True, slots=True)
class PayerNotice:
    """A notice as its payer reads it; ``notice_id`` is the cursor to read on with."""

    notice_id: int
    kind: str
    statement_number: str | None
    text: str
    created_on: date
    created_at: datetime


def put(
    connection: Connection,
    notices: Sequence[NewPayerNotice],
    *,
    created_on: date,
    clock: Clock,
) -> None:
    """Tell payers, in the way each chose; one told before under its natural key is not again."""
    if not notices:
        return
    values = {
        "payers": [notice.payer_party_id for notice in notices],
        "numbers": [notice.statement_number for notice in notices],
        "kinds": [notice.kind for notice in notices],
        "texts": [notice.text for notice in notices],
        "keys": [notice.natural_key for notice in notices],
        "addresses": [notice.mail_to for notice in notices],
        "created_on": created_on,
        "created_at": clock.now(),
    }
    connection.execute(sql.PUT, values)


def after(
    connection: Connection, payer_party_id: int, notice_id: int = 0, *, limit: int = LISTING_LIMIT
) -> list[PayerNotice]:
    """Give a payer's notices behind one of them, oldest first, at most 500 at once."""
    values = {"payer": payer_party_id, "after": notice_id, "limit": limit}
    with connection.cursor(row_factory=class_row(PayerNotice)) as cursor:
        return cursor.execute(sql.AFTER, values).fetchall()


def newest(
    connection: Connection, payer_party_id: int, *, limit: int = LISTING_LIMIT
) -> list[PayerNotice]:
    """Give a payer's newest notices, newest first."""
    values = {"payer": payer_party_id, "limit": limit}
    with connection.cursor(row_factory=class_row(PayerNotice)) as cursor:
        return cursor.execute(sql.NEWEST, values).fetchall()
