"""Files with which the bank answers other banks: returns, dishonored ones, refused changes.

As with files of debits, the bytes are a function of rows and of the sealed accounts; any step may
be repeated after a crash, and what differs from the recorded digest is never released. What is to
be answered is decided in disputes, changes and credit_rules, what an entry says in answer_entries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, Literal

from psycopg.rows import class_row

from customhouse.bank import alarms, answer_entries, dispute_rules, entry_returns_store, profile
from customhouse.bank import answer_files_store as sql
from customhouse.bank import origination_store as numbers
from customhouse.bank.answer_entries import AnswerFile
from customhouse.bank.exchange import digest, open_staging, sync
from customhouse.bank.keys import KeysUnavailable
from customhouse.bank.office import Office
from customhouse.bank.origination import (
    NEW_YORK,
    FileIdentity,
    FileIdsUsedUp,
    file_identity,
    tell_used_up,
)
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_file import WriteRefused
from customhouse.money import MAX_TOTAL_CENTS

Purpose = Literal["dishonored", "refused-changes", "returned-entries"]
MOST_ENTRIES: Final = 10_000
FAULTS_SHOWN: Final = 5
_HOLD: Final[dict[Purpose, str]] = {
    "dishonored": sql.HOLD_DISPUTES,
    "refused-changes": sql.HOLD_REFUSALS,
    "returned-entries": entry_returns_store.HOLD,
}
_TAKE_BACK: Final = (
    sql.TAKE_BACK_DISPUTES,
    sql.TAKE_BACK_REFUSALS,
    entry_returns_store.TAKE_BACK,
)
_PLACE: Final[dict[Purpose, str]] = {
    "dishonored": sql.PLACE_DISPUTES,
    "refused-changes": sql.PLACE_REFUSALS,
    "returned-entries": entry_returns_store.PLACE,
}


@dataclass(frozen=True, slots=True)
class _Answered:
    sha256: str
    accepted: bool
    same_bytes: bool
    file_id: int
    name: str
    state: str


def plan(office: Office, business_date: date) -> int:
    """Put every answer that waits into a file; give how many files. Banking days only.

    When the date's file ids are used up, what is left waits for the next day, with an alarm.
    """
    if not FEDERAL_RESERVE.is_business_day(business_date):
        return 0
    planned = 0
    try:
        for purpose in _HOLD:
            while _plan_file(office, business_date, purpose):
                planned += 1
                office.boundary("planned answers")
    except FileIdsUsedUp as used_up:
        tell_used_up(office, business_date, used_up=used_up)
    return planned


def release_all(office: Office) -> int:
    """Bring every planned or sealed file out, in order; give how many.

    One that does not pass stays where it is, with an alarm, and does not keep the others.
    """
    with office.connection.cursor(row_factory=class_row(AnswerFile)) as cursor:
        files = cursor.execute(sql.UNRELEASED).fetchall()
    released = 0
    for file in files:
        try:
            reason = _release(office, file)
        except OSError as failure:
            # No room or no right in the exchange folder (failure B6): what is half done goes.
            office.exchange.discard(file.name)
            reason = f"the exchange folder fails: {failure.strerror}"
        if reason:
            alarm = alarms.Alarm("answer-file-held-back", file.name, reason)
            alarms.raise_all(office.connection, [alarm], clock=office.clock)
            continue
        alarms.clear(
            office.connection,
            kind="answer-file-held-back",
            reference=file.name,
            clock=office.clock,
        )
        released += 1
    return released


def take_answers(office: Office) -> int:
    """Apply the operator's acknowledgements of these files; give how many.

    What was in a refused file goes out in another one.
    """
    with office.connection.transaction():
        with office.connection.cursor(row_factory=class_row(_Answered)) as cursor:
            answers = cursor.execute(sql.HOLD_ANSWERED).fetchall()
        for answer in answers:
            _take_answer(office, answer)
    return len(answers)


def _take_answer(office: Office, answer: _Answered) -> None:
    fits = answer.same_bytes and (answer.accepted or answer.state != "acknowledged")
    outcome = "applied" if fits else "mismatched"
    office.connection.execute(sql.SETTLE_ANSWER, {"sha256": answer.sha256, "outcome": outcome})
    if not fits:
        sentence = f"The acknowledgement of {answer.name} contradicts the books."
        alarm = alarms.Alarm("acknowledgement-mismatched", answer.sha256, sentence)
        alarms.raise_all(office.connection, [alarm], clock=office.clock)
        return
    state = "acknowledged" if answer.accepted else "rejected"
    values = {"file_id": answer.file_id, "state": state}
    if not office.connection.execute(sql.ANSWER_FILE, values).rowcount:
        return
    if answer.accepted:
        taken = {"file_id": answer.file_id, "at": office.clock.now()}
        office.connection.execute(entry_returns_store.ANSWER, taken)
    else:
        for statement in _TAKE_BACK:
            office.connection.execute(statement, {"file_id": answer.file_id})
        sentence = f"The operator refused {answer.name}; its answers go out in another file."
        alarm = alarms.Alarm("file-refused", answer.name, sentence)
        alarms.raise_all(office.connection, [alarm], clock=office.clock)


def _plan_file(office: Office, business_date: date, purpose: Purpose) -> bool:
    with office.connection.transaction():
        held_values = {"on": business_date, "most": MOST_ENTRIES}
        waiting = office.connection.execute(_HOLD[purpose], held_values).fetchall()
        held, debit_cents, credit_cents = _fitting(waiting)
        if not held:
            return False
        identity = _take_identity(office, business_date)
        values = {
            "name": identity.name.removesuffix(".ach") + ".ret.ach",
            "purpose": purpose,
            "origin": identity.origin,
            "created_on": identity.created_on,
            "created_time": identity.created_time,
            "modifier": identity.modifier,
            "entries": len(held),
            "debit_cents": debit_cents,
            "credit_cents": credit_cents,
            "planned_at": office.clock.now(),
        }
        row = office.connection.execute(sql.ADD_FILE, values).fetchone()
        if row is None:
            raise RuntimeError("a file that was added is not there")
        placed = {
            "file_id": row[0],
            "ids": [identity for identity, _, _ in held],
            "positions": list(range(1, len(held) + 1)),
            "traces": _take_traces(office, len(held)),
            "on": business_date,
            "contest_by": dispute_rules.contest_by(business_date),
        }
        office.connection.execute(_PLACE[purpose], placed)
    return True


def _fitting(
    held: Sequence[tuple[int, int, int]],
) -> tuple[Sequence[tuple[int, int, int]], int, int]:
    """Give the first answers whose totals the file's control can hold, and the totals in cents."""
    debit_cents = credit_cents = 0
    for fitting, (_, debit, credit) in enumerate(held):
        if max(debit_cents + debit, credit_cents + credit) > MAX_TOTAL_CENTS:
            return held[:fitting], debit_cents, credit_cents
        debit_cents, credit_cents = debit_cents + debit, credit_cents + credit
    return held, debit_cents, credit_cents


def _take_identity(office: Office, business_date: date) -> FileIdentity:
    """Take the next file id of the day: files of debits and of answers share the series."""
    origin = profile.BANK_ROUTING.number
    values = {
        "origin": origin,
        "created_on": business_date,
        "first_time": office.clock.now().astimezone(NEW_YORK).strftime("%H%M"),
    }
    office.connection.execute(numbers.BEGIN_SERIES, values)
    row = office.connection.execute(numbers.TAKE_FILE_ID, values).fetchone()
    if row is None:
        raise RuntimeError("a file series that was begun is not there")
    return file_identity(origin, business_date, first_time=row[0], files_before=row[1] - 1)


def _take_traces(office: Office, count: int) -> list[str]:
    odfi = profile.BANK_ROUTING.dfi
    office.connection.execute(numbers.BEGIN_TRACES, {"odfi": odfi})
    row = office.connection.execute(numbers.HOLD_TRACES, {"odfi": odfi}).fetchone()
    if row is None:
        raise RuntimeError("a trace sequence that was begun is not there")
    # Seven digits: a file never wraps inside, so that its trace numbers ascend.
    first = int(row[0]) + 1
    if first + count - 1 > profile.LAST_TRACE_SEQUENCE:
        first = 1
    values = {"odfi": odfi, "last_sequence": first + count - 1}
    office.connection.execute(numbers.KEEP_TRACES, values)
    return [f"{odfi}{first + place:07d}" for place in range(count)]


def _release(office: Office, file: AnswerFile) -> str:
    """Write, check, seal and publish one file; give why it is held back, or nothing."""
    exchange = office.exchange
    if file.sha256 is None or not exchange.is_published(file.name, file.sha256):
        reason = _write_staged(office, file)
        if reason:
            exchange.staged(file.name).unlink(missing_ok=True)
            return reason
        office.boundary("staged answers")
        values = {
            "file_id": file.file_id,
            "sha256": digest(exchange.staged(file.name)),
            "at": office.clock.now(),
        }
        office.connection.execute(sql.SEAL, values)
        office.boundary("sealed answers")
        exchange.archive_outbound(file.name)
        exchange.publish(file.name)
        office.boundary("published answers")
    released = {"file_id": file.file_id, "at": office.clock.now()}
    office.connection.execute(sql.RELEASE, released)
    return ""


def _write_staged(office: Office, file: AnswerFile) -> str:
    """Write and check a file under its temporary name; give what is wrong with it, or nothing."""
    staged = office.exchange.staged(file.name)
    try:
        with open_staging(staged) as stream:
            totals = answer_entries.write(office, file, stream=stream)
            sync(stream)
            stream.seek(0)
            broken = [each for each in check_file(stream) if each.severity != "warning"]
    except WriteRefused as refusal:
        return f"it cannot be written: {refusal}"
    except KeysUnavailable as unavailable:
        return f"the vault does not open: {unavailable}"
    if broken:
        shown = islice(broken, FAULTS_SHOWN)
        found = "; ".join(f"{each.rule} in line {each.line}" for each in shown)
        return f"the file breaks rules of its format: {found}"
    written = (totals.entries_and_addenda, totals.debit_cents, totals.credit_cents)
    if written != (2 * file.entries, file.debit_cents, file.credit_cents):
        return "the file does not add up to what was planned"
    if file.sha256 not in (None, digest(staged)):
        return "its bytes are not those that were sealed; nothing was sent"
    return ""
