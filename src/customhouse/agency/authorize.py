"""The command that takes the payment authorizations of one block and records what it decides.

Acceptance, ledger posting and the instruction to the bank are one transaction, the caller's: this
module neither commits nor talks to the bank. Concurrent batches meet at the statement's row lock.
A negation undoes all three again: the attempt is negated, its transfer voided, its instruction
taken back before the bank has got it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from psycopg import Connection
from psycopg.rows import class_row

from customhouse import rails
from customhouse.agency import authorizations_store as sql
from customhouse.agency import parties
from customhouse.agency.authorization_facts import (
    Acceptance,
    AuthorizationOutcome,
    Facts,
    Negation,
    StatementFacts,
)
from customhouse.agency.authorizations import judge
from customhouse.agency.policy import Policy
from customhouse.clock import Clock
from customhouse.formats.abi_messages import AuthorizationRequest
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import (
    NewTransfer,
    Resolution,
    TransferKind,
    post,
    resolve,
)

NO_DATES: Mapping[str, date] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class BatchContext:
    """Where a block came from and the day it is judged on; a closed day takes nothing.

    It came in an ABI batch or in a request of the JSON API: one of both ids is set.
    ``earlier_batches`` are this sender's batches with the same bytes: what they achieved is
    answered as accepted again, never done twice.
    """

    sender_id: int
    batch_id: int | None
    request_id: int | None
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
    debit_dates: Mapping[str, date] = NO_DATES,
) -> list[AuthorizationOutcome]:
    """Judge a block's authorizations and record the accepted ones; outcomes in input order.

    ``debit_dates`` are the days on which the payer wants to be debited, by statement (DEB-15).
    """
    numbers = sorted({request.statement_number for request in requests})
    connection.execute(sql.LOCK_STATEMENTS, {"filer_code": filer_code, "numbers": numbers})
    outcomes = preview(
        connection, filer_code, requests=requests, context=context, debit_dates=debit_dates
    )
    _record(connection, filer_code, outcomes=outcomes, context=context)
    return outcomes


def preview(
    connection: Connection,
    filer_code: str,
    *,
    requests: Sequence[AuthorizationRequest],
    context: BatchContext,
    debit_dates: Mapping[str, date] = NO_DATES,
) -> list[AuthorizationOutcome]:
    """Judge a block's authorizations as ``authorize`` would now; lock and record nothing."""
    facts = _load(connection, filer_code, requests=requests, context=context)
    return judge(requests, replace(facts, debit_dates=debit_dates))


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
    with connection.cursor(row_factory=class_row(StatementFacts)) as cursor:
        statements = cursor.execute(sql.STATEMENT_FACTS, values).fetchall()
    importers: dict[str, dict[str, int]] = defaultdict(dict)
    for number, importer, entries in connection.execute(sql.IMPORTERS_ON_STATEMENTS, values):
        importers[number][importer] = entries
    units = sorted({request.payer_unit_number for request in requests})
    return Facts(
        filer_code=filer_code,
        business_date=context.business_date,
        debit_on=context.policy.expected_debit_on(context.business_date),
        statements={statement.statement_number: statement for statement in statements},
        importers=importers,
        units=parties.usable_units(connection, filer_code, numbers=units, on=context.business_date),
        earlier_batches=context.earlier_batches,
    )


def _record(
    connection: Connection,
    filer_code: str,
    *,
    outcomes: Sequence[AuthorizationOutcome],
    context: BatchContext,
) -> None:
    """Record what was accepted and what was negated, a batch of both in a few statements."""
    accepted = [each.acceptance for each in outcomes if each.acceptance is not None]
    negated = [each.negation for each in outcomes if each.negation is not None]
    if not accepted and not negated:
        return
    accepted_at = context.clock.now()
    stamp = {
        "filer_code": filer_code,
        "sender_id": context.sender_id,
        "batch_id": context.batch_id,
        "request_id": context.request_id,
        "accepted_on": context.business_date,
        "accepted_at": accepted_at,
    }
    undone = {each.key for each in negated}
    if negated:
        _negate(connection, negated, stamp=stamp)
    if accepted:
        connection.execute(sql.INSERT_ATTEMPTS, stamp | _attempts(accepted, undone))
    connection.execute(sql.MARK_STATEMENTS, stamp | _standing(outcomes))
    post(
        connection,
        [_transfer(each, context.business_date) for each in accepted if each.amount_cents],
        recorded_at=accepted_at,
        actor=context.sender_id,
    )
    resolve(
        connection,
        [_voided(each, context.business_date) for each in negated if each.amount_cents],
        recorded_at=accepted_at,
        actor=context.sender_id,
    )
    # A statement of free entries needs no instruction: no money moves.
    paying = [each for each in accepted if each.amount_cents and each.key not in undone]
    if paying:
        connection.execute(sql.INSERT_INSTRUCTIONS, stamp | _instructions(paying, context))


def _negate(
    connection: Connection, negated: Sequence[Negation], *, stamp: Mapping[str, object]
) -> None:
    """Negate the attempts on file; one of the same batch is written as negated afterwards."""
    values = {
        "numbers": [each.statement.statement_number for each in negated],
        "attempts": [each.attempt for each in negated],
        "instructions": [_instruction_id(each) for each in negated],
    }
    connection.execute(sql.NEGATE_ATTEMPTS, {**stamp, **values})
    connection.execute(sql.WITHDRAW_INSTRUCTIONS, {**stamp, **values})


def _attempts(
    accepted: Sequence[Acceptance], undone: Collection[tuple[str, int]]
) -> dict[str, object]:
    return {
        "numbers": [each.statement.statement_number for each in accepted],
        "attempts": [each.attempt for each in accepted],
        "units": [each.payer_unit_number for each in accepted],
        "cents": [each.amount_cents for each in accepted],
        "states": [_first_state(each, negated=each.key in undone) for each in accepted],
        "instructions": [_instruction_id(each) for each in accepted],
        "debit_ons": [each.debit_on for each in accepted],
        "chosen": [each.debit_on_chosen for each in accepted],
    }


def _first_state(accepted: Acceptance, *, negated: bool) -> str:
    if negated:
        return "negated"
    # A statement of free entries is closed by its authorization: no money moves.
    return "accepted" if accepted.amount_cents else "settled"


def _standing(outcomes: Sequence[AuthorizationOutcome]) -> dict[str, object]:
    """Give the state of each statement behind the last thing that this batch did to it."""
    last: dict[str, tuple[str, int]] = {}
    for outcome in outcomes:
        if outcome.acceptance is not None:
            last[outcome.request.statement_number] = ("authorized", outcome.acceptance.attempt)
        elif outcome.negation is not None:
            last[outcome.request.statement_number] = ("preliminary", outcome.negation.attempt)
    return {
        "numbers": list(last),
        "states": [state for state, _ in last.values()],
        "attempts": [attempt for _, attempt in last.values()],
    }


def _instructions(accepted: Sequence[Acceptance], context: BatchContext) -> dict[str, object]:
    return {
        "instructions": [_instruction_id(each) for each in accepted],
        "bodies": [_body(each, context.business_date) for each in accepted],
    }


def _instruction_id(attempt: Acceptance | Negation) -> str:
    statement = attempt.statement
    return instruction_id(statement.filer_code, statement.statement_number, attempt=attempt.attempt)


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


def _voided(negated: Negation, effective_on: date) -> Resolution:
    return Resolution(
        payer_id=negated.statement.payer_party_id,
        pending_kind=TransferKind.DEBIT_AUTHORIZED,
        pending_ref=transfer_ref(negated.statement.statement_number, negated.attempt),
        outcome="voided",
        kind=TransferKind.DEBIT_VOIDED,
        effective_on=effective_on,
    )


def _body(accepted: Acceptance, accepted_on: date) -> str:
    instruction = rails.DebitInstruction(
        instruction_id=_instruction_id(accepted),
        payer_unit_number=accepted.payer_unit_number,
        statement_number=accepted.statement.statement_number,
        amount_cents=accepted.amount_cents,
        accepted_on=accepted_on,
        debit_on=accepted.debit_on,
    )
    return json.dumps(rails.to_json(instruction))
