"""Applies the operator's answers to outbound files: acknowledged, or refused and sent anew.

matching_rules decides. An acknowledgement reaches its debits a piece a transaction, so that neither
statements nor memory grow with the file; a refusal reaches all of them at once, because a file that
is half refused could be sent half twice.
"""

from __future__ import annotations

from psycopg.rows import class_row

from customhouse.bank import alarms, events
from customhouse.bank import matching_answers_store as sql
from customhouse.bank.matching_rules import Answer, Consequence, judge_answer
from customhouse.bank.office import Office
from customhouse.lifecycle import DEBIT

DEBITS_AT_ONCE = 10_000


def match_answers(office: Office, *, accepted: bool) -> tuple[int, int]:
    """Apply the waiting acceptances, or refusals, one by one: how many answer, how many contradict.

    Each sees what the last one did; broken off, the same answer is applied again to what is left.
    """
    answered = mismatched = 0
    while True:
        answer = _next_answer(office, accepted=accepted)
        if answer is None:
            return answered, mismatched
        consequence = _apply(office, answer)
        mismatched += consequence == "mismatched"
        answered += consequence != "mismatched"
        office.boundary("matched answer")


def _next_answer(office: Office, *, accepted: bool) -> Answer | None:
    with office.connection.cursor(row_factory=class_row(Answer)) as cursor:
        return cursor.execute(sql.NEXT_ANSWER, {"accepted": accepted}).fetchone()


def _apply(office: Office, answer: Answer) -> Consequence:
    with office.connection.transaction():
        consequence = judge_answer(answer, _hold_states(office, answer))
        if consequence != "acknowledge":
            _settle(office, answer, consequence)
    if consequence == "acknowledge":
        _acknowledge(office, answer)
    return consequence


def _hold_states(office: Office, answer: Answer) -> list[str]:
    """Hold a file and its debits until the commit; give the states that the debits are in."""
    row = office.connection.execute(sql.HOLD_STATES, {"file_id": answer.file_id}).fetchone()
    return list(row[0]) if row else []


def _settle(office: Office, answer: Answer, consequence: Consequence) -> None:
    """Record what became of an answer that moves no debit forward."""
    if consequence == "mismatched":
        sentence = f"The acknowledgement of {answer.file_name} contradicts the books."
        alarm = alarms.Alarm("acknowledgement-mismatched", answer.sha256, sentence)
        alarms.raise_all(office.connection, [alarm], clock=office.clock)
    elif consequence == "reject":
        _reject(office, answer)
    _settle_answer(office, answer, "mismatched" if consequence == "mismatched" else "applied")


def _acknowledge(office: Office, answer: Answer) -> None:
    """The operator has the file: so have the debits in it that have not got further yet."""
    DEBIT.require("in_file", "acknowledged")
    values: dict[str, object] = {
        "file_id": answer.file_id,
        "file_name": answer.file_name,
        "effective_on": answer.effective_on,
    }
    for behind in range(0, answer.entries, DEBITS_AT_ONCE):
        piece = {**values, "behind": behind, "until": behind + DEBITS_AT_ONCE}
        with office.connection.transaction():
            office.connection.execute(sql.ACKNOWLEDGE_DEBITS, piece)
            events.record_by(
                office.connection, sql.TELL_ACKNOWLEDGED, values=piece, clock=office.clock
            )
        office.boundary("acknowledged")
    with office.connection.transaction():
        _answer_file(office, answer, state="acknowledged")
        _settle_answer(office, answer, "applied")


def _reject(office: Office, answer: Answer) -> None:
    """The operator has done nothing with the file: its debits wait for another one."""
    DEBIT.require("in_file", "received")
    _answer_file(office, answer, state="rejected")
    office.connection.execute(sql.TAKE_DEBITS_BACK, {"file_id": answer.file_id})
    sentence = f"The operator refused {answer.file_name}; its debits go out in another file."
    alarm = alarms.Alarm("file-refused", answer.file_name, sentence)
    alarms.raise_all(office.connection, [alarm], clock=office.clock)


def _answer_file(office: Office, answer: Answer, *, state: str) -> None:
    values = {"file_id": answer.file_id, "state": state, "answered_at": office.clock.now()}
    office.connection.execute(sql.ANSWER_FILE, values)


def _settle_answer(office: Office, answer: Answer, outcome: str) -> None:
    office.connection.execute(sql.SETTLE_ANSWER, {"sha256": answer.sha256, "outcome": outcome})
