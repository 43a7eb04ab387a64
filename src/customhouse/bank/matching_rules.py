"""What reported items and acknowledgements mean for debits: pure rules, in any order of arrival.

Whatever the order in which the same reports come, each debit ends in the same state (failure C3);
what contradicts the books is kept as mismatched, with an alarm, and moves nothing (C8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Literal

from customhouse.bank.alarms import Alarm
from customhouse.bank.dispute_rules import (
    AMOUNT_IN_ERROR,
    DUPLICATE,
    FIELDS_WRONG,
    NOT_AGREED,
    UNTIMELY,
    NewDispute,
    is_late,
    needs_agreement,
)
from customhouse.bank.events import NewEvent
from customhouse.bank.inbound_forms import ItemKind
from customhouse.formats.return_codes import CONTESTED_CODES, DISHONORED_CODES
from customhouse.formats.return_consequences import QUESTIONABLE, Act, consequence_of
from customhouse.lifecycle import DEBIT
from customhouse.rails import EventKind

Outcome = Literal["applied", "mismatched", "waiting"]

# Later than this behind the effective entry date no settlement and no return is believed: a date
# beyond it is a slip, and the books of both sides would carry it.
LATEST_SETTLEMENT = timedelta(days=31)
LATEST_RETURN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Match:
    """A waiting item beside the debit that its trace number names; amounts in cents.

    ``attempt`` is the debit's latest attempt, ``entry_attempt`` the one that has the trace.
    ``disputed`` tells that an earlier return of the debit is or was disputed.
    """

    item_id: int
    kind: ItemKind
    trace_number: str
    code: str
    dated_on: date
    amount_cents: int
    instruction_id: str
    state: str
    debit_cents: int
    attempt: int
    entry_attempt: int
    settled_on: date | None
    returned_on: date | None
    return_code: str | None
    file_name: str
    file_effective_on: date
    questionable: bool = False
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a debit stands after the items so far."""

    state: str
    settled_on: date | None
    returned_on: date | None = None
    return_code: str | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of one item: its outcome, the debit's new standing if it moves, what is told.

    ``dispute`` is how the bank answers a return that it does not take as it came.
    """

    outcome: Outcome
    standing: Standing | None = None
    event: NewEvent | None = None
    contradiction: str = ""
    dispute: NewDispute | None = None
    alarm: Alarm | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of several items, in order."""

    outcomes: list[tuple[Match, Outcome]]
    standings: dict[str, Standing]
    events: list[NewEvent]
    alarms: list[Alarm]
    disputes: list[tuple[Match, NewDispute]]


def judge_all(matches: Sequence[Match]) -> Judged:
    """Judge items in order; a later one sees where an earlier one left the same debit."""
    judged = Judged([], {}, [], [], [])
    for match in matches:
        before = judged.standings.get(match.instruction_id)
        seen = match
        if before is not None:
            seen = replace(match, **asdict(before))
        _keep(judged, match, judge(seen))
    return judged


def _keep(judged: Judged, match: Match, judgement: Judgement) -> None:
    if judgement.outcome != "waiting":
        judged.outcomes.append((match, judgement.outcome))
    if judgement.dispute is not None:
        judged.disputes.append((match, judgement.dispute))
    if judgement.alarm is not None:
        judged.alarms.append(judgement.alarm)
    if judgement.standing is not None:
        judged.standings[match.instruction_id] = judgement.standing
    if judgement.event is not None:
        judged.events.append(judgement.event)
    if judgement.contradiction:
        reference = f"item {match.item_id}"
        sentence = (
            f"A reported item ({match.kind}, trace {match.trace_number}) contradicts the books:"
            f" {judgement.contradiction}."
        )
        judged.alarms.append(Alarm("item-mismatched", reference, sentence))


def judge(match: Match) -> Judgement:
    """Judge one item."""
    if match.entry_attempt != match.attempt or match.state == "received":
        return _mismatched("its file was refused and none of it should have been processed")
    if match.kind == "changed":
        event = _event(match, "change_notified", "changed", effective_on=match.file_effective_on)
        return Judgement("applied", event=event)
    if match.amount_cents != match.debit_cents:
        wrong = _mismatched("the amount is not that of the debit")
        if match.kind == "returned":
            return replace(wrong, dispute=NewDispute(FIELDS_WRONG, "bank", AMOUNT_IN_ERROR))
        return wrong
    latest = LATEST_SETTLEMENT if match.kind == "settled" else LATEST_RETURN
    if match.dated_on > match.file_effective_on + latest:
        return _mismatched("its date is too long after the effective entry date")
    return _settled(match) if match.kind == "settled" else _returned(match)


def _settled(match: Match) -> Judgement:
    if match.settled_on is not None:
        return _mismatched("the debit has settled before, on another date")
    if match.state == "returned":
        # The return came first and was told; the settlement is kept, and telling it is too late.
        late = Standing(
            "returned", match.dated_on, match.returned_on, match.return_code, match.disputed
        )
        return Judgement("applied", late)
    DEBIT.require(match.state, "settled")
    standing = Standing("settled", match.dated_on, disputed=match.disputed)
    return Judgement("applied", standing, _event(match, "settled", "settled"))


def _returned(match: Match) -> Judgement:
    if match.state == "returned" or match.disputed:
        wrong = _mismatched("the debit has been returned before")
        return replace(wrong, dispute=NewDispute(DUPLICATE, "bank"))
    if match.code in DISHONORED_CODES | CONTESTED_CODES:
        # These argue about an earlier return, which is not on file: a person settles it (C7).
        return _mismatched("it answers a return of the debit, and there was none")
    late = is_late(
        match.code,
        returned_on=match.dated_on,
        settled_on=match.settled_on or match.file_effective_on,
    )
    if late and match.settled_on is None:
        # Whether it is late depends on the day of settlement, which is still to be reported (C3).
        return Judgement("waiting")
    if late:
        return _disputed(match, NewDispute(UNTIMELY, "agency"))
    if match.settled_on is not None and needs_agreement(match.code):
        return _disputed(match, NewDispute(NOT_AGREED, "agency", asks=True))
    DEBIT.require(match.state, "returned")
    standing = Standing("returned", match.settled_on, match.dated_on, match.code)
    event = _event(match, "returned", "returned")
    return Judgement("applied", standing, event, alarm=_alarm(match))


def _disputed(match: Match, dispute: NewDispute) -> Judgement:
    """The debit stays settled; the agency keeps the money in suspense until the end (C7)."""
    standing = Standing("settled", match.settled_on, disputed=True)
    event = _event(match, "return_disputed", "return_disputed")
    return Judgement("applied", standing, event, dispute=dispute)


def _alarm(match: Match) -> Alarm | None:
    """Call a person for a return that says that we erred, or that it may be fraud."""
    consequence = consequence_of(match.code, match.dated_on, questionable=match.questionable)
    if consequence.act is Act.FRAUD_DESK:
        kind, why = "return-questionable", "as a suspicion of fraud"
    elif consequence.is_our_error:
        kind, why = "return-our-error", "for a fault of our own file"
    else:
        return None
    sentence = (
        f"The debit of trace {match.trace_number} came back {match.code} {why}. {consequence.step}"
    )
    return Alarm(kind, f"item {match.item_id}", sentence)


def _mismatched(contradiction: str) -> Judgement:
    return Judgement("mismatched", contradiction=contradiction)


def _event(
    match: Match,
    kind: EventKind,
    happening: str,
    *,
    effective_on: date | None = None,
) -> NewEvent:
    natural_key = f"{match.instruction_id}:{match.entry_attempt}:{happening}"
    if kind == "change_notified":
        natural_key += f":{match.code}:{match.dated_on.isoformat()}"
    return NewEvent(
        event_id=natural_key,
        kind=kind,
        instruction_id=match.instruction_id,
        amount_cents=match.debit_cents,
        effective_on=effective_on or match.dated_on,
        trace_number=match.trace_number,
        code=match.code,
        detail=QUESTIONABLE if match.questionable else match.file_name,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An acknowledgement beside the file that it names; amounts in cents."""

    sha256: str
    file_name: str
    file_sha256: str
    accepted: bool
    reason: str
    answer_entries: int
    answer_debit_cents: int
    answer_credit_cents: int
    file_id: int
    recorded_sha256: str
    entries: int
    debit_cents: int
    effective_on: date
    state: str


Consequence = Literal["acknowledge", "reject", "nothing", "mismatched"]


def judge_answer(answer: Answer, states: Sequence[str]) -> Consequence:
    """Say what an acknowledgement leads to; ``states`` are those of the file's debits.

    A refusal counts only while nothing shows that the operator has processed the file: refusing
    it later would send the same debits twice (failures C1, C14).
    """
    if answer.file_sha256 != answer.recorded_sha256:
        return "mismatched"
    if answer.accepted:
        reported = (answer.answer_entries, answer.answer_debit_cents, answer.answer_credit_cents)
        if reported != (answer.entries, answer.debit_cents, 0) or answer.state == "rejected":
            return "mismatched"
        return "acknowledge" if answer.state == "released" else "nothing"
    if answer.state == "rejected":
        return "nothing"
    untouched = answer.state == "released" and all(state == "in_file" for state in states)
    return "reject" if untouched else "mismatched"
