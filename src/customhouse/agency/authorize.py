"""The command that takes the payment authorizations of one block and records what it decides.

Acceptance, ledger posting and the instruction to the bank are one transaction, the caller's: this
module neither commits nor talks to the bank. Concurrent batches meet at the statement's row lock.
A negation undoes all three again: the attempt is negated, its transfer voided, its instruction
taken back before the bank has got it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from types import MappingProxyType
from typing import Any

from psycopg import Connection

from customhouse import rails
from customhouse.agency import authorizations_store as sql
from customhouse.agency import credit_reopened, parties, representments
from customhouse.agency.authorization_facts import (
    Acceptance,
    AuthorizationOutcome,
    Facts,
    Negation,
    StatementFacts,
)
from customhouse.agency.authorizations import judge
from customhouse.agency.parties import UsableUnit
from customhouse.agency.policy import Policy
from customhouse.clock import Clock
from customhouse.formats.abi_messages import AuthorizationRequest
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import (
    NewTransfer,
    Resolution,
    TransferKind,
    posting_once,
    resolve,
    values_to_post,
)

# A row of LOCK_STATEMENTS is a unit, in its first columns, or a statement, in those behind.
_UNIT_COLUMNS = len(fields(UsableUnit))
_NUMBER_COLUMN, _ATTEMPTS_COLUMN = _UNIT_COLUMNS + 1, 7
_NO_HISTORY = (False,)
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
    rows = connection.execute(sql.LOCK_STATEMENTS, _asked(filer_code, requests, context))
    facts = _facts(connection, rows, context, filer_code=filer_code, debit_dates=debit_dates)
    outcomes = judge(requests, facts)
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
    rows = connection.execute(sql.READ_STATEMENTS, _asked(filer_code, requests, context))
    facts = _facts(connection, rows, context, filer_code=filer_code, debit_dates=debit_dates)
    return judge(requests, facts)


def instruction_id(filer_code: str, statement_number: str, *, attempt: int) -> str:
    """Name the instruction of an attempt: the same at every delivery, never used twice."""
    return f"{filer_code}-{statement_number}-{attempt}"


def transfer_ref(statement_number: str, attempt: int) -> str:
    """Name an attempt in the ledger: document number and attempt."""
    return f"{statement_number}/{attempt}"


def _asked(
    filer_code: str, requests: Sequence[AuthorizationRequest], context: BatchContext
) -> dict[str, object]:
    return {
        "filer_code": filer_code,
        "numbers": sorted({request.statement_number for request in requests}),
        "units": sorted({request.payer_unit_number for request in requests}),
        "on": context.business_date,
    }


def _facts(
    connection: Connection,
    rows: Iterable[tuple[Any, ...]],
    context: BatchContext,
    *,
    filer_code: str,
    debit_dates: Mapping[str, date],
) -> Facts:
    """Make what the rules need to know of the rows of LOCK_STATEMENTS, and ask what they lack."""
    units: dict[str, UsableUnit] = {}
    of_statements: dict[str, tuple[Any, ...]] = {}
    for row in rows:
        if row[0] is not None:
            units[row[0]] = UsableUnit(*row[:_UNIT_COLUMNS])
        else:
            of_statements[row[_NUMBER_COLUMN]] = row[_UNIT_COLUMNS:]
    # Only what was tried before has a history: a first authorization asks nothing more.
    tried = sorted(number for number, row in of_statements.items() if row[_ATTEMPTS_COLUMN])
    history = _history(connection, filer_code, tried)
    if tried:
        # Who returned a debit may have stopped its unit, behind the lock that was waited for.
        units = parties.usable_units(
            connection, filer_code, numbers=list(units), on=context.business_date
        )
    return Facts(
        filer_code=filer_code,
        business_date=context.business_date,
        debit_on=context.policy.expected_debit_on(context.business_date),
        statements={
            number: StatementFacts(*row, *history.get(number, _NO_HISTORY))
            for number, row in of_statements.items()
        },
        importers=_importers(connection, filer_code, units.values(), numbers=of_statements),
        units=units,
        earlier_batches=context.earlier_batches,
        debit_dates=debit_dates,
        short_returns=representments.load(connection, filer_code, numbers=tried),
    )


def _history(
    connection: Connection, filer_code: str, numbers: Sequence[str]
) -> dict[str, tuple[Any, ...]]:
    """Give what became of earlier attempts by statement, as the last values of StatementFacts."""
    if not numbers:
        return {}
    values = {"filer_code": filer_code, "numbers": numbers}
    return {row[0]: row[1:] for row in connection.execute(sql.HISTORY, values)}


def _importers(
    connection: Connection,
    filer_code: str,
    units: Iterable[UsableUnit],
    *,
    numbers: Iterable[str],
) -> Mapping[str, Mapping[str, int]]:
    """Count the entries of statements by importer, where one of the units is an importer's."""
    entries: dict[str, dict[str, int]] = defaultdict(dict)
    if any(unit.owner_importer_number is not None for unit in units):
        values = {"filer_code": filer_code, "numbers": list(numbers)}
        for number, importer, count in connection.execute(sql.IMPORTERS_ON_STATEMENTS, values):
            entries[number][importer] = count
    return entries


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
    attempts = [
        _attempt(each, negated=each.key in undone, accepted_on=context.business_date)
        for each in accepted
    ]
    transfers = [_transfer(each, context.business_date) for each in accepted if each.amount_cents]
    documents = {
        "accepted": json.dumps(attempts),
        "standing": json.dumps(_standing(outcomes)),
        **values_to_post(transfers, recorded_at=accepted_at, actor=context.sender_id),
    }
    with posting_once():
        connection.execute(sql.RECORD, stamp | documents)
    resolve(
        connection,
        [_voided(each, context.business_date) for each in negated if each.amount_cents],
        recorded_at=accepted_at,
        actor=context.sender_id,
    )
    credit_reopened.tell(
        connection,
        ((filer_code, each.statement.statement_number) for each in negated),
        told_on=context.business_date,
        clock=context.clock,
    )


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


def _attempt(accepted: Acceptance, *, negated: bool, accepted_on: date) -> dict[str, object]:
    # A statement of free entries needs no instruction: no money moves.
    instructs = accepted.amount_cents > 0 and not negated
    return {
        "number": accepted.statement.statement_number,
        "attempt": accepted.attempt,
        "unit": accepted.payer_unit_number,
        "cents": accepted.amount_cents,
        "state": _first_state(accepted, negated=negated),
        "instruction": _instruction_id(accepted),
        "debit_on": accepted.debit_on.isoformat(),
        "chosen": accepted.debit_on_chosen,
        "body": _body(accepted, accepted_on) if instructs else None,
    }


def _first_state(accepted: Acceptance, *, negated: bool) -> str:
    if negated:
        return "negated"
    # A statement of free entries is closed by its authorization: no money moves.
    return "accepted" if accepted.amount_cents else "settled"


def _standing(outcomes: Sequence[AuthorizationOutcome]) -> list[dict[str, object]]:
    """Give the state of each statement behind the last thing that this batch did to it."""
    last: dict[str, tuple[str, int]] = {}
    for outcome in outcomes:
        if outcome.acceptance is not None:
            last[outcome.request.statement_number] = ("authorized", outcome.acceptance.attempt)
        elif outcome.negation is not None:
            last[outcome.request.statement_number] = ("preliminary", outcome.negation.attempt)
    return [
        {"number": number, "state": state, "attempt": attempt}
        for number, (state, attempt) in last.items()
    ]


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


def _body(accepted: Acceptance, accepted_on: date) -> dict[str, object]:
    instruction = rails.DebitInstruction(
        instruction_id=_instruction_id(accepted),
        payer_unit_number=accepted.payer_unit_number,
        statement_number=accepted.statement.statement_number,
        amount_cents=accepted.amount_cents,
        accepted_on=accepted_on,
        debit_on=accepted.debit_on,
    )
    return rails.to_json(instruction)
