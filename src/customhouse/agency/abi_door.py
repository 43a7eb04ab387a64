"""The ABI door: takes one batch from a sender and gives its answer, exactly once for a key.

The raw bytes are archived before they are read, the password masked. A batch with an envelope or
syntax fault is rejected whole; a good one is answered item by item in input order. Decisions,
ledger postings, instructions to the bank and the stored answer are one transaction.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.errors import LockNotAvailable

from customhouse import faults
from customhouse.agency import abi_answers, business_day, parties
from customhouse.agency import abi_batches_store as sql
from customhouse.agency.authorize import BatchContext
from customhouse.agency.policy import Policy
from customhouse.agency.update_statements import EntryKeepsMoving
from customhouse.clock import Clock
from customhouse.database import each_alone, retrying
from customhouse.faults import Fault, Refused
from customhouse.formats.abi_batch import (
    OutBlock,
    Rejection,
    mask_password,
    read_batch,
    render_answer,
)

Connect = Callable[[], AbstractContextManager[Connection]]

_KEY = re.compile(r"[!-~]{1,128}", re.ASCII)
_RESPONSES = {"RM": "PZ", "SU": "SQ", abi_answers.COPIES: "MQ"}
SENDER_NOT_AUTHORIZED = "X09"
# An answer of at most so many characters is written together with the commit. In a pipeline the
# driver would wait for the server while the rest of a larger one still waits to be sent.
SMALL_ANSWER = 4_000


@dataclass(frozen=True, slots=True)
class TakenBatch:
    """The answer to a batch, 80-column records; ``rejected`` when it was rejected whole."""

    answer: str
    rejected: bool


@dataclass(frozen=True, slots=True)
class _Archived:
    batch_id: int
    content_sha256: bytes


def take_batch(
    connect: Connect,
    *,
    sender: parties.Sender,
    raw: bytes,
    idempotency_key: str | None,
    clock: Clock,
    policy: Policy,
) -> TakenBatch:
    """Take a batch and answer it; raise Refused where the key is wrong, reused or in progress.

    With an Idempotency-Key the first answer is given again, byte for byte (failure A1). Without
    one, an identical batch is judged anew: what was accepted is answered so and not done twice.
    """
    if idempotency_key is not None and not _KEY.fullmatch(idempotency_key):
        raise Refused(Fault(faults.IDEMPOTENCY_KEY_UNREADABLE))
    archived = _archive(connect, sender, raw, idempotency_key=idempotency_key, clock=clock)

    def work() -> TakenBatch:
        with connect() as connection:
            return _answer(
                connection,
                sender,
                raw,
                batch=archived,
                has_key=idempotency_key is not None,
                decide=(clock, policy),
            )

    try:
        return retrying(work)
    except (LockNotAvailable, EntryKeepsMoving):
        # Somebody else holds a row of this batch for too long: nothing was done, ask again.
        raise Refused(Fault(faults.IN_PROGRESS)) from None


def _archive(
    connect: Connect,
    sender: parties.Sender,
    raw: bytes,
    *,
    idempotency_key: str | None,
    clock: Clock,
) -> _Archived:
    # The digest leaves the password out as well: from a plain hash of it, it could be guessed.
    kept = mask_password(raw)
    digest = hashlib.sha256(kept).digest()
    values = {
        "sender_id": sender.sender_id,
        "idempotency_key": idempotency_key,
        "content_sha256": digest,
        "raw": kept,
        "received_at": clock.now(),
    }
    with connect() as connection, each_alone(connection):
        row = connection.execute(sql.ARCHIVE, values).fetchone()
        if row is not None:
            return _Archived(row[0], digest)
        first = connection.execute(sql.BY_KEY, values).fetchone()
    if first is None:
        raise Refused(Fault(faults.IN_PROGRESS))
    if bytes(first[1]) != digest:
        raise Refused(Fault(faults.IDEMPOTENCY_KEY_REUSED))
    return _Archived(first[0], digest)


def _answer(
    connection: Connection,
    sender: parties.Sender,
    raw: bytes,
    *,
    batch: _Archived,
    has_key: bool,
    decide: tuple[Clock, Policy],
) -> TakenBatch:
    identity: dict[str, object] = {"sender_id": sender.sender_id, "batch_id": batch.batch_id}
    # Asked in one round trip, each behind the one before: a batch that waited sees what it is for.
    with connection.pipeline():
        asked = connection.execute(sql.HOLD, identity)
        same = connection.execute(sql.SAME_CONTENT, identity | {"content": batch.content_sha256})
        day = business_day.hold(connection)
    held = asked.fetchone()
    if held is None:
        raise AssertionError("a batch is archived before it is answered")
    if held[0] is not None:
        return TakenBatch(held[0], held[1])
    parsed = read_batch(raw, parties.sender_profile(connection, sender, raw))
    business_date: date | None = None
    if isinstance(parsed, Rejection):
        taken = TakenBatch(parsed.answer, rejected=True)
        if any(fault.code == SENDER_NOT_AUTHORIZED for fault in parsed.faults):
            # A wrong password takes no key: the right one may be sent with the same.
            connection.execute(sql.FREE_KEY, identity)
    else:
        if day is None:
            raise Refused(Fault(faults.NO_BUSINESS_DAY))
        business_date = day.business_date
        earlier = frozenset(() if has_key else (number for (number,) in same))
        clock, policy = decide
        closed = business_day.takes_nothing_more(day, policy=policy, clock=clock)
        context = BatchContext(
            sender_id=sender.sender_id,
            batch_id=batch.batch_id,
            request_id=None,
            business_date=business_date,
            day_closed=closed,
            earlier_batches=earlier,
            policy=policy,
            clock=clock,
        )
        answers = abi_answers.answer_blocks(connection, parsed, context)
        blocks = [
            OutBlock.answering(block, records)
            for block, records in zip(parsed.blocks, answers, strict=True)
        ]
        response = _RESPONSES[parsed.application]
        answer = render_answer(parsed.header, response, blocks=blocks)
        taken = TakenBatch(answer, rejected=False)
        if closed and parsed.application != abi_answers.COPIES:
            # Nothing was judged: sent again with its key on the next day, it will be.
            connection.execute(sql.FREE_KEY, identity)
    values = {
        **identity,
        "answer": taken.answer,
        "rejected": taken.rejected,
        "business_date": business_date,
    }
    if len(taken.answer) > SMALL_ANSWER:
        connection.execute(sql.ANSWER, values)
        return taken
    with connection.pipeline():
        connection.execute(sql.ANSWER, values)
        connection.commit()
    return taken
