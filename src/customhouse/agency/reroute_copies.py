"""The command that takes requests for copies of statements (MO) and puts the copies out.

Copies are made of what was sent, message by message, and wait in the outbox of who asked. The
transaction is the caller's. The same batch again makes no second copy; another request does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import outbox, parties
from customhouse.agency import reroutes_store as sql
from customhouse.agency.authorize import BatchContext
from customhouse.agency.outbox import NewMessage
from customhouse.agency.parties import Site
from customhouse.agency.reroutes import (
    RerouteBlock,
    RerouteFacts,
    Wanted,
    canonical,
    judge,
    nothing_found,
    wanted_days,
)
from customhouse.faults import Fault
from customhouse.formats.abi_batch import AnswerBlock, OutBlock, read_answer, render_notice

APPLICATION = "PF"
MESSAGES_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class RerouteOutcome:
    """What became of a block: its faults, or how many statements were copied."""

    faults: tuple[Fault, ...]
    statements: int = 0


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message as it was sent; ``content`` is a whole batch."""

    message_id: int
    filer_code: str
    created_on: date
    content: str


def reroute_statements(
    connection: Connection, blocks: Sequence[RerouteBlock], context: BatchContext
) -> list[RerouteOutcome]:
    """Judge the requests of a batch, put their copies out, and give each block's outcome.

    A closed day takes requests as well: they change nothing that the day has settled.
    """
    facts = _facts(connection, blocks, context)
    judged = [judge(block, facts) for block in blocks]
    wanted = [one for one in judged if isinstance(one, Wanted)]
    counts = dict.fromkeys(wanted, 0)
    if wanted:
        _put_copies(connection, counts, context)
    outcomes = []
    for one in judged:
        if not isinstance(one, Wanted):
            outcomes.append(RerouteOutcome(tuple(one)))
        elif counts[one]:
            outcomes.append(RerouteOutcome((), counts[one]))
        else:
            outcomes.append(RerouteOutcome((nothing_found(one),)))
    return outcomes


def _facts(
    connection: Connection, blocks: Sequence[RerouteBlock], context: BatchContext
) -> RerouteFacts:
    requests = [request for block in blocks for request in block.requests]
    own = connection.execute(sql.FILERS_OF_SENDER, {"sender_id": context.sender_id})
    filer_codes = tuple(code for (code,) in own)
    named = {
        "filer_codes": list(filer_codes),
        "numbers": sorted({one.statement_number for one in requests if one.statement_number}),
    }
    importers = {"numbers": sorted({canonical(one.importer_number) for one in requests} - {""})}
    return RerouteFacts(
        business_date=context.business_date,
        filer_codes=filer_codes,
        importers=frozenset(
            number for (number,) in connection.execute(sql.IMPORTERS_KNOWN, importers)
        ),
        statements=dict(connection.execute(sql.FILERS_OF_STATEMENTS, named).fetchall()),
    )


def _put_copies(connection: Connection, counts: dict[Wanted, int], context: BatchContext) -> None:
    """Copy what each request means and count it; a message at a time is held in memory."""
    sites = parties.sender_sites(connection, [context.sender_id])
    asker = sites[context.sender_id]
    for sent in _sent(connection, list(counts)):
        chosen = _chosen(sent, counts)
        for wanted, blocks in chosen.items():
            counts[wanted] += len(blocks)
        copies = [_copy(sent, each, asker=asker, context=context) for each in chosen.values()]
        outbox.put_messages(
            connection, copies, created_on=context.business_date, clock=context.clock
        )


def _chosen(sent: _Sent, requests: Iterable[Wanted]) -> dict[Wanted, list[AnswerBlock]]:
    """Give the statements of a message that each request means, where there are any.

    A batch may name thousands of statements, and a message hold thousands: those are looked up.
    """
    blocks = read_answer(sent.content).blocks
    by_number: dict[str, list[AnswerBlock]] = {}
    for block in blocks:
        number = block.statement.number if block.statement else ""
        by_number.setdefault(number, []).append(block)
    chosen = {}
    for wanted in requests:
        number = wanted.statement_number
        looked_through = by_number.get(number, []) if number else blocks
        meant = [block for block in looked_through if _is_meant(block, wanted, sent)]
        if meant:
            chosen[wanted] = meant
    return chosen


def _sent(connection: Connection, wanted: Sequence[Wanted]) -> Iterator[_Sent]:
    days = wanted_days(wanted)
    values = {
        "filer_codes": [filer_code for filer_code, _ in days],
        "days": [day for _, day in days],
    }
    cursor = connection.cursor(name="sent_statements", row_factory=class_row(_Sent))
    with cursor:
        cursor.itersize = MESSAGES_AT_ONCE
        yield from cursor.execute(sql.SENT, values)


def _is_meant(block: AnswerBlock, wanted: Wanted, sent: _Sent) -> bool:
    return sent.created_on == wanted.sent_on and wanted.means(block)


def _copy(
    sent: _Sent, blocks: Sequence[AnswerBlock], *, asker: Site, context: BatchContext
) -> NewMessage:
    """Write the copy of some statements of a message for who asked, as it was sent."""
    content = render_notice(
        asker.site_code,
        asker.id_code,
        office_code=asker.office_code,
        prepared_on=context.business_date,
        application=APPLICATION,
        blocks=[
            OutBlock(
                port=block.port,
                filer_code=block.filer_code,
                office_code=asker.office_code,
                user_data=block.user_data,
                records=block.records,
                statement=block.statement,
            )
            for block in blocks
        ],
    )
    return NewMessage(
        sender_id=asker.sender_id,
        filer_code=sent.filer_code,
        application=APPLICATION,
        reason=f"copies of statements of {sent.created_on.isoformat()}",
        natural_key=f"MO/{_first_batch(context)}/{sent.message_id}/{_digest(content)}",
        content=content,
    )


def _first_batch(context: BatchContext) -> int:
    """Give the first batch of these very bytes: sent again without a key, it is the same one."""
    if context.batch_id is None:
        raise AssertionError("copies are asked for in an ABI batch")
    return min(context.earlier_batches | {context.batch_id})


def _digest(content: str) -> str:
    """Tell two choices of one message apart; the date and the office of the asker are not in it."""
    body = "".join(content.splitlines()[1:-1])
    return hashlib.sha256(body.encode()).hexdigest()[:16]
