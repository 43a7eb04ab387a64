"""Answers to the blocks of a batch: authorizations become PZ records, updates SQ records.

Reads the requests of a block, asks the command, and writes every outcome as condition records in
input order. While a day is being closed each item is refused with the advice to send it again.
"""

from __future__ import annotations

from collections.abc import Iterable

from psycopg import Connection

from customhouse import faults
from customhouse.agency.authorizations import AuthorizationOutcome
from customhouse.agency.authorize import BatchContext, authorize
from customhouse.agency.statement_updates import UpdateOutcome
from customhouse.agency.update_statements import update_statements
from customhouse.faults import Fault, FaultKind
from customhouse.formats.abi_batch import Block
from customhouse.formats.abi_messages import (
    UPDATE_ACCEPTED,
    Condition,
    LeftStatement,
    parse_authorization,
    parse_update,
    render_authorization_answer,
    render_update_answer,
)


def condition_of(fault: Fault) -> Condition:
    """Render a fault as a fatal ABI condition: its code and at most 40 characters."""
    narrative = fault.kind.abi_narrative.format_map(fault.values)
    return Condition(fault.kind.abi_code, narrative, "F")


def answer_authorizations(
    connection: Connection, block: Block, context: BatchContext, *, day_closed: bool
) -> tuple[str, ...]:
    """Take a block's PT records and give its E0 and E1 records (DEB-06, DEB-07)."""
    requests = [parse_authorization(record) for record in block.records]
    if day_closed:
        closed = _closed(faults.DAY_CLOSED, context)
        outcomes = [AuthorizationOutcome(request, (closed,)) for request in requests]
    else:
        outcomes = authorize(connection, block.filer_code, requests=requests, context=context)
    return tuple(
        record
        for occurrence, outcome in enumerate(outcomes, start=1)
        for record in render_authorization_answer(
            occurrence,
            outcome.request,
            conditions=_conditions(outcome.faults),
            accepted=outcome.accepted,
        )
    )


def answer_updates(
    connection: Connection, block: Block, context: BatchContext, *, day_closed: bool
) -> tuple[str, ...]:
    """Take a block's H records and give its H1, H2 and H3 records (DEB-03)."""
    requests = [parse_update(record) for record in block.records]
    if day_closed:
        closed = _closed(faults.UPDATE_DAY_CLOSED, context)
        outcomes = [UpdateOutcome(request, (closed,)) for request in requests]
    else:
        outcomes = update_statements(
            connection, block.filer_code, requests=requests, context=context
        )
    return tuple(record for outcome in outcomes for record in _update_records(outcome))


def _update_records(outcome: UpdateOutcome) -> list[str]:
    left = outcome.departure
    # SQ has room for one condition an entry: the first fault is the one to mend first.
    condition = condition_of(outcome.faults[0]) if outcome.faults else UPDATE_ACCEPTED
    return render_update_answer(
        outcome.request,
        condition,
        broker_reference=outcome.broker_reference,
        left=None if left is None else LeftStatement(left.statement_number, left.total_cents),
    )


def _conditions(found: Iterable[Fault]) -> tuple[Condition, ...]:
    return tuple(condition_of(fault) for fault in found)


def _closed(kind: FaultKind, context: BatchContext) -> Fault:
    return Fault(kind, {"business_date": context.business_date.isoformat()})
