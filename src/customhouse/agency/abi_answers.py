"""Answers to the blocks of a batch: PZ records to authorizations, SQ to updates, MQ to copies.

Reads the requests of a block, asks the command, and writes every outcome as condition records in
input order. While a day is being closed each item is refused with the advice to send it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

from psycopg import Connection

from customhouse import faults
from customhouse.agency.authorization_facts import AuthorizationOutcome
from customhouse.agency.authorize import BatchContext, authorize
from customhouse.agency.payer_unit_refusals import keep_refusals
from customhouse.agency.reroute_copies import reroute_statements
from customhouse.agency.reroutes import RerouteBlock
from customhouse.agency.statement_updates import UpdateOutcome
from customhouse.agency.update_statements import update_statements
from customhouse.faults import Fault, FaultKind
from customhouse.formats.abi_batch import Batch, Block, NumberedRecord
from customhouse.formats.abi_messages import (
    UPDATE_ACCEPTED,
    Condition,
    LeftStatement,
    parse_authorization,
    parse_update,
    render_authorization_answer,
    render_update_answer,
)
from customhouse.formats.abi_reroute import parse_reroute, render_reroute_answer

COPIES = "MO"

# Writes the answer to one request; its place in its block goes in.
Render = Callable[[int], list[str]]


def condition_of(fault: Fault) -> Condition:
    """Render a fault as a fatal ABI condition: its code and at most 40 characters."""
    narrative = fault.kind.abi_narrative.format_map(fault.values)
    return Condition(fault.kind.abi_code, narrative, "F")


def answer_blocks(
    connection: Connection, batch: Batch, context: BatchContext
) -> list[tuple[str, ...]]:
    """Take every block of a batch and give the records that answer each (DEB-03, 06, 07).

    A filer's requests are judged together, whatever blocks they stand in and in input order, and
    filers in the order of their codes: so many small blocks cost no more than one large one, and
    two batches never wait for each other in a circle.
    """
    if batch.application == COPIES:
        return _reroute_records(connection, batch, context)
    judge_all = _authorization_records if batch.application == "RM" else _update_answers
    of_filer: dict[str, list[NumberedRecord]] = defaultdict(list)
    for block in batch.blocks:
        of_filer[block.filer_code] += block.records
    answers = {
        filer_code: iter(
            judge_all(connection, filer_code, records=of_filer[filer_code], context=context)
        )
        for filer_code in sorted(of_filer)
    }
    return [
        tuple(
            line
            for occurrence, render in enumerate(
                islice(answers[block.filer_code], len(block.records)), start=1
            )
            for line in render(occurrence)
        )
        for block in batch.blocks
    ]


def _reroute_records(
    connection: Connection, batch: Batch, context: BatchContext
) -> list[tuple[str, ...]]:
    """Judge the requests for copies block by block; give the QR and QC records of each."""
    blocks = [reroute_block(block) for block in batch.blocks]
    outcomes = reroute_statements(connection, blocks, context)
    return [
        tuple(
            render_reroute_answer(
                block.requests[0] if len(block.requests) == 1 else None,
                tuple(condition_of(fault) for fault in outcome.faults),
                statements=outcome.statements,
            )
        )
        for block, outcome in zip(blocks, outcomes, strict=True)
    ]


def reroute_block(block: Block) -> RerouteBlock:
    """Read the requests for copies of a block."""
    requests = tuple(parse_reroute(record) for record in block.records)
    return RerouteBlock(block.port, block.filer_code, requests)


def _authorization_records(
    connection: Connection,
    filer_code: str,
    *,
    records: Sequence[NumberedRecord],
    context: BatchContext,
) -> list[Render]:
    """Judge a filer's PT records; give for each what writes its E0 and E1 records."""
    requests = [parse_authorization(record) for record in records]
    if context.day_closed:
        closed = _closed(faults.DAY_CLOSED, context)
        outcomes = [AuthorizationOutcome(request, (closed,)) for request in requests]
    else:
        outcomes = authorize(connection, filer_code, requests=requests, context=context)
        keep_refusals(connection, filer_code, outcomes=outcomes, context=context)
    return [partial(_authorization_lines, outcome) for outcome in outcomes]


def _authorization_lines(outcome: AuthorizationOutcome, occurrence: int) -> list[str]:
    return render_authorization_answer(
        occurrence,
        outcome.request,
        conditions=tuple(condition_of(fault) for fault in outcome.faults),
        accepted=outcome.accepted,
    )


def _update_answers(
    connection: Connection,
    filer_code: str,
    *,
    records: Sequence[NumberedRecord],
    context: BatchContext,
) -> list[Render]:
    """Judge a filer's H records; give for each what writes its H1, H2 and H3 records."""
    requests = [parse_update(record) for record in records]
    if context.day_closed:
        closed = _closed(faults.UPDATE_DAY_CLOSED, context)
        outcomes = [UpdateOutcome(request, (closed,)) for request in requests]
    else:
        outcomes = update_statements(connection, filer_code, requests=requests, context=context)
    return [partial(_update_lines, outcome) for outcome in outcomes]


def _update_lines(outcome: UpdateOutcome, occurrence: int) -> list[str]:
    del occurrence  # the records of SQ do not count
    left = outcome.departure
    # SQ has room for one condition an entry: the first fault is the one to mend first.
    condition = condition_of(outcome.faults[0]) if outcome.faults else UPDATE_ACCEPTED
    return render_update_answer(
        outcome.request,
        condition,
        broker_reference=outcome.broker_reference,
        left=None if left is None else LeftStatement(left.statement_number, left.total_cents),
    )


def _closed(kind: FaultKind, context: BatchContext) -> Fault:
    return Fault(kind, {"business_date": context.business_date.isoformat()})
