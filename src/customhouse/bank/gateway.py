"""The bank's end of the rails: binds payer units, takes instructions, lists events.

Every call can be repeated: the same content gets the first answer again. Originating the debits
and reading the operator's files are other modules' jobs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import events, faults, prenotes
from customhouse.bank import gateway_store as sql
from customhouse.bank.prenote_faults import PRENOTE_FAILED, PRENOTE_NOT_MATURED
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused
from customhouse.identifiers import IdentifierError, PayerUnitNumber, StatementNumber
from customhouse.money import MAX_ENTRY_CENTS
from customhouse.rails import (
    BankEvent,
    DebitInstruction,
    PayerUnitBinding,
    PrenoteNews,
    instruction_from_json,
)
from customhouse.settings import PrenotePolicy

MOST_EVENTS: Final = 1000
INSTRUCTION_MEMBERS: Final = frozenset(each.name for each in fields(DebitInstruction))
_INSTRUCTION_ID: Final = re.compile(r"[A-Za-z0-9._:/-]{1,100}", re.ASCII)
_ACCOUNT_TOKEN: Final = re.compile(r"acct_[a-z2-7]{26}", re.ASCII)
# Why an instruction is refused at the door, by the code that is kept with it.
_REFUSALS: Final = {
    kind.code: kind for kind in (faults.PAYER_UNIT_NOT_BOUND, PRENOTE_NOT_MATURED, PRENOTE_FAILED)
}
_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2060, 12, 31)


@dataclass(frozen=True, slots=True)
class InstructionAnswer:
    """What one delivery of an instruction is answered.

    ``received`` or ``refused``; ``reused`` means that the id was delivered before with other
    content, ``unreadable`` that a value has no form of an instruction: nothing was changed.
    ``fault`` says why where it was not received.
    """

    instruction_id: str
    state: Literal["received", "refused", "reused", "unreadable"]
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class _Kept:
    instruction_id: str
    payer_unit_number: str
    statement_number: str
    amount_cents: int
    accepted_on: date
    debit_on: date
    answered_state: Literal["received", "refused"]
    refusal_code: str


def bind_payer_unit(
    connection: Connection[Any],
    binding: PayerUnitBinding,
    *,
    clock: Clock,
    prenote: PrenotePolicy = "waived",
) -> PrenoteNews:
    """Bind a payer unit number to a captured account, once and for good (SEC-03).

    Where prenotes are required, the account is tried with one before the first live debit. The
    same pair again has no effect. Gives how the prenote stands. Raises Refused:
    payer-unit-not-six-digits, account-token-unknown, account-has-other-unit,
    unit-has-other-account.
    """
    values = {
        "payer_unit_number": binding.payer_unit_number,
        "account_token": binding.account_token,
        "bound_at": clock.now(),
    }
    if not _readable(PayerUnitNumber.parse, binding.payer_unit_number):
        raise Refused(Fault(faults.PAYER_UNIT_NOT_SIX_DIGITS))
    if not _ACCOUNT_TOKEN.fullmatch(binding.account_token):
        raise Refused(Fault(faults.ACCOUNT_TOKEN_UNKNOWN))
    with connection.transaction():
        row = connection.execute(sql.ACCOUNT_EXISTS, values).fetchone()
        if not (row and row[0]):
            raise Refused(Fault(faults.ACCOUNT_TOKEN_UNKNOWN))
        # A unit that was bound before, when prenotes were waived, stays as usable as it was.
        bound = connection.execute(sql.BIND, values).rowcount
        found = connection.execute(sql.BINDINGS, values).fetchall()
        refusals = _refusals(binding, found)
        if refusals:
            raise Refused(*refusals)
        if prenote == "required" and bound:
            prenotes.ask(
                connection,
                binding.payer_unit_number,
                account_token=binding.account_token,
                clock=clock,
            )
        return prenotes.news_of(connection, binding.payer_unit_number)


def _refusals(binding: PayerUnitBinding, found: Sequence[tuple[str, str]]) -> list[Fault]:
    """Compare a binding with those on file that share its number or its account."""
    refusals = []
    if any(number != binding.payer_unit_number for number, _ in found):
        refusals.append(Fault(faults.ACCOUNT_HAS_OTHER_UNIT))
    if any(token != binding.account_token for _, token in found):
        values = {"payer_unit_number": binding.payer_unit_number}
        refusals.append(Fault(faults.UNIT_HAS_OTHER_ACCOUNT, values))
    return refusals


def _readable(parse: Callable[[str], object], text: str) -> bool:
    """Tell whether a text is such an identifier; what was seen is never repeated."""
    try:
        parse(text)
    except IdentifierError:
        return False
    return True


def check_instruction(instruction: DebitInstruction) -> None:
    """Raise Refused (instruction-unreadable) unless every value has its form and range."""
    reasons = []
    if not _INSTRUCTION_ID.fullmatch(instruction.instruction_id):
        reasons.append("instruction_id must be 1 to 100 ASCII letters, digits or ._:/-")
    if not 1 <= instruction.amount_cents <= MAX_ENTRY_CENTS:
        reasons.append(f"amount_cents must be from 1 to {MAX_ENTRY_CENTS}")
    if not _FIRST_DAY <= instruction.accepted_on <= instruction.debit_on <= _LAST_DAY:
        reasons.append("accepted_on must not be after debit_on, both from 2000 to 2060")
    if not _readable(PayerUnitNumber.parse, instruction.payer_unit_number):
        reasons.append("payer_unit_number must be six digits, not all zero")
    if not _readable(StatementNumber.parse, instruction.statement_number):
        reasons.append("statement_number must have the form DDFYJJJXXX")
    if reasons:
        raise Refused(Fault(faults.INSTRUCTION_UNREADABLE, {"reason": "; ".join(reasons)}))


def take_each(
    connection: Connection[Any], items: Sequence[Mapping[str, Any]], *, clock: Clock
) -> list[InstructionAnswer]:
    """Take a batch of instructions as JSON values; answer each in order. One transaction.

    An item that cannot be read is answered so and spoils no other.
    """
    readings = [_reading(item) for item in items]
    readable = [each for each in readings if isinstance(each, DebitInstruction)]
    taken = iter(take_instructions(connection, readable, clock=clock) if readable else ())
    return [next(taken) if isinstance(each, DebitInstruction) else each for each in readings]


def _reading(item: Mapping[str, Any]) -> DebitInstruction | InstructionAnswer:
    try:
        if set(item) != INSTRUCTION_MEMBERS:
            expected = ", ".join(sorted(INSTRUCTION_MEMBERS))
            raise ValueError(f"the members must be {expected}")
        instruction = instruction_from_json(dict(item))
        check_instruction(instruction)
    except Refused as refused:
        (fault,) = refused.faults
    except (ValueError, KeyError) as error:
        # Only what names a member is our own text; another one would repeat what was read.
        named = str(error).split(" ", 1)[0] in {*INSTRUCTION_MEMBERS, "the"}
        reason = str(error) if named else "a value has another form"
        fault = Fault(faults.INSTRUCTION_UNREADABLE, {"reason": reason})
    else:
        return instruction
    identity = item.get("instruction_id")
    known = isinstance(identity, str) and _INSTRUCTION_ID.fullmatch(identity) is not None
    return InstructionAnswer(str(identity) if known else "", "unreadable", fault)


def take_instructions(
    connection: Connection[Any], instructions: Sequence[DebitInstruction], *, clock: Clock
) -> list[InstructionAnswer]:
    """Keep instructions, each once by its id, and answer each in order. One transaction.

    Raises Refused (instruction-unreadable) before anything is kept when one cannot be read. An
    instruction of a unit that is unbound, or whose prenote has not matured or came back, is kept
    as refused and reported by an event, so that the agency undoes it (rails.py).
    """
    for instruction in instructions:
        check_instruction(instruction)
    with connection.transaction():
        connection.execute(sql.ADD_INSTRUCTIONS, _columns(instructions, clock))
        with connection.cursor(row_factory=class_row(_Kept)) as cursor:
            ids = [instruction.instruction_id for instruction in instructions]
            rows = cursor.execute(sql.INSTRUCTIONS, {"instruction_ids": ids}).fetchall()
        kept = {row.instruction_id: row for row in rows}
        answers = [_answer(each, kept[each.instruction_id]) for each in instructions]
        refused = {
            each.instruction_id: _refused_event(kept[each.instruction_id], each.fault)
            for each in answers
            if each.state == "refused" and each.fault is not None
        }
        events.record(connection, list(refused.values()), clock=clock)
    return answers


def _columns(instructions: Sequence[DebitInstruction], clock: Clock) -> dict[str, object]:
    return {
        "instruction_ids": [each.instruction_id for each in instructions],
        "payer_unit_numbers": [each.payer_unit_number for each in instructions],
        "statement_numbers": [each.statement_number for each in instructions],
        "amounts_cents": [each.amount_cents for each in instructions],
        "accepted_ons": [each.accepted_on for each in instructions],
        "debit_ons": [each.debit_on for each in instructions],
        "not_bound": faults.PAYER_UNIT_NOT_BOUND.code,
        "not_matured": PRENOTE_NOT_MATURED.code,
        "failed": PRENOTE_FAILED.code,
        "received_at": clock.now(),
    }


def _answer(given: DebitInstruction, kept: _Kept) -> InstructionAnswer:
    """Compare a delivery with what is kept under its id, member for member."""
    if astuple(given) != astuple(kept)[: len(INSTRUCTION_MEMBERS)]:
        fault = Fault(faults.INSTRUCTION_ID_REUSED, {"instruction_id": given.instruction_id})
        return InstructionAnswer(given.instruction_id, "reused", fault)
    refusal = None
    if kept.answered_state == "refused":
        values = {"payer_unit_number": kept.payer_unit_number}
        refusal = Fault(_REFUSALS[kept.refusal_code], values)
    return InstructionAnswer(given.instruction_id, kept.answered_state, refusal)


def _refused_event(kept: _Kept, fault: Fault) -> events.NewEvent:
    return events.NewEvent(
        event_id=f"{kept.instruction_id}:refused",
        kind="refused",
        instruction_id=kept.instruction_id,
        amount_cents=kept.amount_cents,
        code=fault.code,
        detail=fault.sentence,
    )


def list_prenotes(connection: Connection[Any], sequence: int, *, most: int) -> list[PrenoteNews]:
    """Give at most ``most`` prenotes that changed behind a sequence.

    Raises Refused (cursor-unreadable).
    """
    _require_cursor(sequence, most)
    return prenotes.news_after(connection, sequence, most=most)


def list_events(connection: Connection[Any], sequence: int, *, most: int) -> list[BankEvent]:
    """Give at most ``most`` events behind a sequence; raise Refused (cursor-unreadable)."""
    _require_cursor(sequence, most)
    return events.after(connection, sequence, most=most)


def _require_cursor(sequence: int, most: int) -> None:
    if not 0 <= sequence < 2**63 or not 1 <= most <= MOST_EVENTS:
        raise Refused(Fault(faults.CURSOR_UNREADABLE, {"most": MOST_EVENTS}))
