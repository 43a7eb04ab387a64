"""Brings reported items and acknowledgements together with the debits that they are about.

Loads what waits with its debits held, lets matching_rules decide, and records the outcome with the
events for the agency, a piece a transaction. What matches nothing keeps waiting, with an alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.rows import class_row

from customhouse.bank import alarms, events
from customhouse.bank import matching_store as sql
from customhouse.bank.inbound_forms import ItemKind
from customhouse.bank.matching_rules import (
    Answer,
    Consequence,
    Judged,
    Match,
    judge_all,
    judge_answer,
)
from customhouse.bank.office import Office
from customhouse.lifecycle import DEBIT

ITEMS_AT_ONCE = 5000
# A settlement is judged before a return of the same intake, as they happened.
ORDER: tuple[ItemKind, ...] = ("settled", "returned", "changed")


@dataclass(frozen=True, slots=True)
class Matched:
    """How many items and answers found their debits, and how many contradict the books."""

    settled: int
    returned: int
    changed: int
    answered: int
    mismatched: int


@dataclass(frozen=True, slots=True)
class _FileDebit:
    instruction_id: str
    state: str
    attempt: int
    entry_attempt: int
    amount_cents: int
    trace_number: str


def match_waiting(office: Office) -> Matched:
    """Match everything that waits; run again, it finds nothing new.

    A refusal is judged last: whatever else shows that the operator has processed the file keeps
    its debits from going out twice (C1).
    """
    answered, mismatched = _match_answers(office, accepted=True)
    counts = {}
    for kind in ORDER:
        counts[kind], wrong = _match_kind(office, kind)
        mismatched += wrong
    refusals, wrong = _match_answers(office, accepted=False)
    answered, mismatched = answered + refusals, mismatched + wrong
    now = office.clock.now()
    with office.connection.transaction():
        for statement in (sql.RAISE_FOR_UNMATCHED, sql.RAISE_FOR_UNKNOWN_FILE):
            office.connection.execute(statement, {"raised_at": now})
        for statement in (sql.CLEAR_MATCHED, sql.CLEAR_KNOWN_FILE):
            office.connection.execute(statement, {"cleared_at": now})
    return Matched(**counts, answered=answered, mismatched=mismatched)


def _match_kind(office: Office, kind: ItemKind) -> tuple[int, int]:
    """Match the waiting items of one kind; give how many were applied and how many contradict."""
    applied = mismatched = behind = 0
    while True:
        with office.connection.transaction():
            values = {"kind": kind, "behind": behind, "most": ITEMS_AT_ONCE}
            with office.connection.cursor(row_factory=class_row(Match)) as cursor:
                matches = cursor.execute(sql.HOLD_MATCHES, values).fetchall()
            if not matches:
                return applied, mismatched
            judged = judge_all(matches)
            _record(office, judged)
        wrong = sum(outcome == "mismatched" for _, outcome in judged.outcomes)
        applied += len(matches) - wrong
        mismatched += wrong
        behind = matches[-1].item_id
        office.boundary(f"matched {kind}")


def _record(office: Office, judged: Judged) -> None:
    outcomes = {
        "item_ids": [match.item_id for match, _ in judged.outcomes],
        "outcomes": [outcome for _, outcome in judged.outcomes],
        "instruction_ids": [match.instruction_id for match, _ in judged.outcomes],
    }
    office.connection.execute(sql.SETTLE_ITEMS, outcomes)
    standings = list(judged.standings.values())
    moved = {
        "instruction_ids": list(judged.standings),
        "states": [standing.state for standing in standings],
        "settled_ons": [standing.settled_on for standing in standings],
        "returned_ons": [standing.returned_on for standing in standings],
        "return_codes": [standing.return_code for standing in standings],
    }
    office.connection.execute(sql.MOVE_DEBITS, moved)
    alarms.raise_all(office.connection, judged.alarms, clock=office.clock)
    events.record(office.connection, judged.events, clock=office.clock)


def _match_answers(office: Office, *, accepted: bool) -> tuple[int, int]:
    """Apply the waiting acknowledgements one after another; each sees what the last one did."""
    answered = mismatched = 0
    while True:
        with office.connection.transaction():
            with office.connection.cursor(row_factory=class_row(Answer)) as cursor:
                answer = cursor.execute(sql.HOLD_ANSWERED, {"accepted": accepted}).fetchone()
            if answer is None:
                return answered, mismatched
            consequence = _apply_answer(office, answer)
        mismatched += consequence == "mismatched"
        answered += consequence != "mismatched"
        office.boundary("matched answer")


def _apply_answer(office: Office, answer: Answer) -> Consequence:
    with office.connection.cursor(row_factory=class_row(_FileDebit)) as cursor:
        file_id = {"file_id": answer.file_id}
        debits = cursor.execute(sql.HOLD_DEBITS_OF_FILE, file_id).fetchall()
    consequence = judge_answer(answer, [debit.state for debit in debits])
    outcome = "mismatched" if consequence == "mismatched" else "applied"
    values = {"sha256": answer.sha256, "outcome": outcome}
    office.connection.execute(sql.SETTLE_ANSWER, values)
    if consequence == "mismatched":
        sentence = f"The acknowledgement of {answer.file_name} contradicts the books."
        alarm = alarms.Alarm("acknowledgement-mismatched", answer.sha256, sentence)
        alarms.raise_all(office.connection, [alarm], clock=office.clock)
    elif consequence == "acknowledge":
        _acknowledge(office, answer, debits)
    elif consequence == "reject":
        _reject(office, answer, debits)
    return consequence


def _acknowledge(office: Office, answer: Answer, debits: Sequence[_FileDebit]) -> None:
    """The operator has the file: so have the debits in it that have not got further yet."""
    DEBIT.require("in_file", "acknowledged")
    _answer_file(office, answer, state="acknowledged")
    moved = [debit for debit in debits if debit.state == "in_file"]
    _move(office, moved, state="acknowledged")
    told = [
        events.NewEvent(
            event_id=f"{debit.instruction_id}:{debit.entry_attempt}:acknowledged",
            kind="acknowledged",
            instruction_id=debit.instruction_id,
            amount_cents=debit.amount_cents,
            effective_on=answer.effective_on,
            trace_number=debit.trace_number,
            detail=answer.file_name,
        )
        for debit in moved
    ]
    events.record(office.connection, told, clock=office.clock)


def _reject(office: Office, answer: Answer, debits: Sequence[_FileDebit]) -> None:
    """The operator has done nothing with the file: its debits wait for another one."""
    DEBIT.require("in_file", "received")
    _answer_file(office, answer, state="rejected")
    _move(office, debits, state="received")
    sentence = f"The operator refused {answer.file_name}; its debits go out in another file."
    alarm = alarms.Alarm("file-refused", answer.file_name, sentence)
    alarms.raise_all(office.connection, [alarm], clock=office.clock)


def _answer_file(office: Office, answer: Answer, *, state: str) -> None:
    values = {"file_id": answer.file_id, "state": state, "answered_at": office.clock.now()}
    office.connection.execute(sql.ANSWER_FILE, values)


def _move(office: Office, debits: Sequence[_FileDebit], *, state: str) -> None:
    ids = [debit.instruction_id for debit in debits]
    office.connection.execute(sql.MOVE_FROM_FILE, {"instruction_ids": ids, "state": state})
