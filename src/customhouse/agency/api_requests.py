"""The identity of JSON requests: a key is worked on once, and gets its first answer ever after.

Use it for every command of the JSON API that changes something::

    def work(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
        ...judge and record on this connection; name request_id in what you record...
        return Answer(200, text)

    request = KeyedRequest(sender.sender_id, key=key, path=path, body=raw)
    stored = once(connect, request, clock=clock, work=work)

* The row of the request, everything ``work`` does and the answer are one transaction. Whatever
  ``work`` raises undoes all of it, and the key stays free for the same body or another one.
* The same key with the same path and body gives the first answer byte for byte (failure A1);
  with another body it is refused (A4, F5); while the first is still at work, the second is told
  so at once (A13). Keys of different senders never meet.
* An answer with ``keeps_key`` false says that nothing was judged (the day is closed): it is given
  and forgotten, so that the same key is judged when it comes again.
* ``work`` may be called again after a lost race of the database, each time in a new transaction.

The business day is held while ``work`` runs. Nothing here knows HTTP, JSON or what is commanded;
who the sender is was proved at the door.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from psycopg import Connection
from psycopg.errors import LockNotAvailable

from customhouse import faults
from customhouse.agency import api_requests_store as sql
from customhouse.agency import business_day
from customhouse.agency.business_day import BusinessDay
from customhouse.clock import Clock
from customhouse.database import retrying
from customhouse.faults import Fault, Refused, declare

Connect = Callable[[], AbstractContextManager[Connection]]

_KEY = re.compile(r"[!-~]{1,128}", re.ASCII)

IDEMPOTENCY_KEY_MISSING = declare(
    "idempotency-key-missing",
    sentence="The request has no Idempotency-Key header.",
    next_step="Send a new UUID with each new request, and the same one to repeat a request.",
    http_status=400,
)


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """One request as it came: who sent it, its Idempotency-Key, its path and its raw body."""

    sender_id: int
    key: str | None
    path: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a piece of work answers: an HTTP status and a text, kept unless nothing was judged."""

    status: int
    text: str
    keeps_key: bool = True


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer of a request; ``replayed`` when it was given before and nothing was done now."""

    status: int
    text: str
    replayed: bool


Work = Callable[[Connection, int, BusinessDay], Answer]


def once(connect: Connect, request: KeyedRequest, *, clock: Clock, work: Work) -> StoredAnswer:
    """Do a request's work unless its key was used before; give its answer.

    Raises Refused: idempotency-key-missing, idempotency-key-unreadable, idempotency-key-reused,
    in-progress, no-business-day, and whatever ``work`` refuses as a whole.
    """
    if request.key is None:
        raise Refused(Fault(IDEMPOTENCY_KEY_MISSING))
    if not _KEY.fullmatch(request.key):
        raise Refused(Fault(faults.IDEMPOTENCY_KEY_UNREADABLE))
    identity = {
        "sender_id": request.sender_id,
        "idempotency_key": request.key,
        "path": request.path,
        "content_sha256": hashlib.sha256(request.body).digest(),
    }

    def transaction() -> StoredAnswer:
        with connect() as connection:
            return _answer(connection, identity, clock=clock, work=work)

    try:
        return retrying(transaction)
    except LockNotAvailable:
        # Somebody else holds a row that the work needs for too long: nothing was done, ask again.
        raise Refused(Fault(faults.IN_PROGRESS)) from None


def _answer(
    connection: Connection, request: dict[str, object], *, clock: Clock, work: Work
) -> StoredAnswer:
    taken = connection.execute(sql.TAKE_KEY, request).fetchone()
    if taken is None or not taken[0]:
        raise Refused(Fault(faults.IN_PROGRESS))
    day = business_day.hold(connection)
    if day is None:
        raise Refused(Fault(faults.NO_BUSINESS_DAY))
    values = {**request, "received_at": clock.now(), "business_date": day.business_date}
    begun = connection.execute(sql.BEGIN, values).fetchone()
    if begun is None:
        return _first_answer(connection, request)
    answer = work(connection, begun[0], day)
    identity = {"sender_id": request["sender_id"], "request_id": begun[0]}
    if answer.keeps_key:
        kept = {**identity, "status": answer.status, "answer": answer.text}
        connection.execute(sql.ANSWER, kept)
    else:
        connection.execute(sql.FORGET, identity)
    return StoredAnswer(answer.status, answer.text, replayed=False)


def _first_answer(connection: Connection, request: dict[str, object]) -> StoredAnswer:
    first = connection.execute(sql.BY_KEY, request).fetchone()
    if first is None:
        raise AssertionError("a key that is known belongs to a request")
    path, digest, status, text = first
    if path != request["path"] or bytes(digest) != request["content_sha256"]:
        raise Refused(Fault(faults.IDEMPOTENCY_KEY_REUSED))
    return StoredAnswer(status, text, replayed=True)
