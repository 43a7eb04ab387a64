"""The notices of a filer as people see them: what happened, and whether it is still open.

Whether a notice is current is worked out from the statement and its attempts each time, so that
it can never be out of date. Queries only; every one takes the filers that the reader may see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import notice_views_store as sql

LISTING_LIMIT = 500


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice in words, with the next attempt after the debit that it tells of, if any.

    ``is_current`` is true while a returned or refused debit leaves its statement open, while money
    that was pushed waits for a balance or for an answer, and for everything else while it is news.
    ``waits``: the pushed money that it tells of still waits, answered or not.
    ``paid_on`` is the day on which ACH Credit paid the statement, None where it did not.
    """

    filer_code: str
    statement_number: str | None
    kind: str
    text: str
    created_on: date
    is_current: bool
    waits: bool
    return_code: str | None
    statement_state: str | None
    later_state: str | None
    later_accepted_on: date | None
    later_debit_on: date | None
    later_settled_on: date | None
    later_returned_on: date | None
    paid_on: date | None


def notices_of(
    connection: Connection,
    filer_codes: Sequence[str],
    *,
    current: bool | None = None,
    news_since: date = date.min,
    limit: int = LISTING_LIMIT,
) -> list[NoticeView]:
    """List the newest notices of these filers; ``current`` chooses the open or the other ones."""
    return _read(
        connection,
        {
            "filer_codes": list(filer_codes),
            "number": None,
            "current": current,
            "news_since": news_since,
            "limit": limit,
        },
    )


def notices_about(
    connection: Connection, filer_code: str, number: str, *, news_since: date = date.min
) -> list[NoticeView]:
    """List the notices about one statement, newest first."""
    return _read(
        connection,
        {
            "filer_codes": [filer_code],
            "number": number,
            "current": None,
            "news_since": news_since,
            "limit": LISTING_LIMIT,
        },
    )


def _read(connection: Connection, values: dict[str, object]) -> list[NoticeView]:
    with connection.cursor(row_factory=class_row(NoticeView)) as cursor:
        return cursor.execute(sql.NOTICES, values).fetchall()
