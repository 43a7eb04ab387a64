"""The command that takes the payment authorizations of one block and records what it decides.

Acceptance, ledger posting and the instruction to the bank are one transaction, the caller's: this
module neither commits nor talks to the bank. Concurrent batches meet at the statement's row lock.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse import rails
from customhouse.agency import authorizations_store as sql
from customhouse.agency import parties
from customhouse.agency.authorizations import (
    Acceptance,
    AuthorizationOutcome,
    Facts,
    StatementFacts,
    judge,
)
from customhouse.agency.policy import Policy
from customhouse.clock import Clock
from customhouse.formats.abi_messages import AuthorizationRequest
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import NewTransfer, TransferKind, post


@dataclass(frozen=True, slots=True)
class BatchContext:
    """Where a block came from and the day it is judged on; a closed day takes nothing.

    ``earlier_batches`` are this sender's batches with the same bytes: what they achieved is
    answered as accepted again, never done twice.
    """

    sender_id: int
    batch_id: int
    business_date: date
    day_closed: bool
    earlier_batches: frozenset[int]
    policy: Policy
    clock: Clock


def authorize(
    connection: Connection,
    filer_code: str,
    *,
    requests: Sequence[AuthorizationRequest],
    context: BatchContext,
) -> list[AuthorizationOutcome]:
    """Judge a block's authorizations and record the accepted ones; outcomes in input order."""
    facts = _load(connection, filer_code, requests=requests, context=context)
    outcomes = judge(requests, facts)
    accepted = [outcome.acceptance for outcome in outcomes if outcome.acceptance is not None]
    if accepted:
        _record(connection, filer_code, accepted=accepted, context=context)
    return outcomes


def instruction_id(filer_code: str, statement_number: str, *, attempt: int) -> str:
    """Name the instruction of an attempt: the same at every delivery, never used twice."""
    return f"{filer_code}-{statement_number}-{attempt}"


def transfer_ref(statement_number: str, attempt: int) -> str:
    """Name an attempt in the ledger: document number and attempt."""
    return f"{statement_number}/{attempt}"


def _load(
    connection: Connection,
    filer_code: str,
    *,
    requests: Sequence[AuthorizationRequest],
    context: BatchContext,
) -> Facts:
    numbers = sorted({request.statement_number for request in requests})
    values = {"filer_code": filer_code, "numbers": numbers}
    connection.execute(sql.LOCK_STATEMENTS, values)
    with connection.cursor(row_factory=class_row(StatementFacts)) as cursor:
        statements = cursor.execute(sql.STATEMENT_FACTS, values).fetchall()
    importers: dict[str, dict[str, int]] = defaultdict(dict)
    for number, importer, entries in connection.execute(sql.IMPORTERS_ON_STATEMENTS, values):
        importers[number][importer] = entries
    units = sorted({request.payer_unit_number for request in requests})
    return Facts(
        filer_code=filer_code,
        business_date=context.business_date,
        statements={statement.statement_number: statement for statement in statements},
        importers=importers,
        units=parties.usable_units(connection, filer_code, numbers=units, on=context.business_date),
        earlier_batches=context.earlier_batches,
    )


def _record(
    connection: Connection,
    filer_code: str,
    *,
    accepted: Sequence[Acceptance],
    context: BatchContext,
) -> None:
    accepted_at = context.clock.now()
    debit_on = context.policy.expected_debit_on(context.business_date)
    numbers = [each.statement.statement_number for each in accepted]
    attempts = [each.attempt for each in accepted]
    connection.execute(
        sql.INSERT_ATTEMPTS,
        {
            "filer_code": filer_code,
            "numbers": numbers,
            "attempts": attempts,
            "units": [each.payer_unit_number for each in accepted],
            "cents": [each.amount_cents for each in accepted],
            # A statement of free entries is closed by its authorization: no money moves.
            "states": ["accepted" if each.amount_cents else "settled" for each in accepted],
            "instructions": [_instruction_id(filer_code, each) for each in accepted],
            "sender_id": context.sender_id,
            "batch_id": context.batch_id,
            "accepted_on": context.business_date,
            "accepted_at": accepted_at,
            "debit_on": debit_on,
        },
    )
    values = {"filer_code": filer_code, "numbers": numbers, "attempts": attempts}
    connection.execute(sql.MARK_AUTHORIZED, values)
    paying = [each for each in accepted if each.amount_cents]
    transfers = [_transfer(each, context.business_date) for each in paying]
    post(connection, transfers, recorded_at=accepted_at, actor=context.sender_id)
    bodies = [
        _body(filer_code, each, accepted_on=context.business_date, debit_on=debit_on)
        for each in paying
    ]
    connection.execute(
        sql.INSERT_INSTRUCTIONS,
        {
            "filer_code": filer_code,
            "instructions": [_instruction_id(filer_code, each) for each in paying],
            "bodies": bodies,
            "created_at": accepted_at,
        },
    )


def _instruction_id(filer_code: str, accepted: Acceptance) -> str:
    return instruction_id(filer_code, accepted.statement.statement_number, attempt=accepted.attempt)


def _transfer(accepted: Acceptance, effective_on: date) -> NewTransfer:
    statement = accepted.statement
    # Revenue is recognised once: a settled debit that came back left a receivable to be paid.
    credit = AccountCode.BILLS_RECEIVABLE if statement.billed else AccountCode.REVENUE
    return NewTransfer(
        payer_id=statement.payer_party_id,
        kind=TransferKind.DEBIT_AUTHORIZED,
        ref=transfer_ref(statement.statement_number, accepted.attempt),
        debit=AccountCode.DEBITS_IN_TRANSIT,
        credit=credit,
        amount_cents=accepted.amount_cents,
        effective_on=effective_on,
        pending=True,
    )


def _body(filer_code: str, accepted: Acceptance, *, accepted_on: date, debit_on: date) -> str:
    instruction = rails.DebitInstruction(
        instruction_id=_instruction_id(filer_code, accepted),
        payer_unit_number=accepted.payer_unit_number,
        statement_number=accepted.statement.statement_number,
        amount_cents=accepted.amount_cents,
        accepted_on=accepted_on,
        debit_on=debit_on,
    )
    return json.dumps(rails.to_json(instruction))
