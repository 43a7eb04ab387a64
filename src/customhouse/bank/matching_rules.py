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
from customhouse.bank.events import NewEvent
from customhouse.bank.inbound_forms import ItemKind
from customhouse.formats.return_codes import CONTESTED_CODES, DISHONORED_CODES
from customhouse.lifecycle import DEBIT

Outcome = Literal["applied", "mismatched"]

# Later than this behind the effective entry date no settlement and no return is believed: a date
# beyond it is a slip, and the books of both sides would carry it.
LATEST_SETTLEMENT = timedelta(days=31)
LATEST_RETURN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Match:
    """A waiting item beside the debit that its trace number names; amounts in cents.

    ``attempt`` is the debit's latest attempt, ``entry_attempt`` the one that has the trace.
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


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a debit stands after the items so far."""

    state: str
    settled_on: date | None
    returned_on: date | None = None
    return_code: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of one item: its outcome, the debit's new standing if it moves, what is told."""

    outcome: Outcome
    standing: Standing | None = None
    event: NewEvent | None = None
    contradiction: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of several items, in order."""

    outcomes: list[tuple[Match, Outcome]]
    standings: dict[str, Standing]
    events: list[NewEvent]
    alarms: list[Alarm]


def judge_all(matches: Sequence[Match]) -> Judged:
    """Judge items in order; a later one sees where an earlier one left the same debit."""
    judged = Judged([], {}, [], [])
    for match in matches:
        before = judged.standings.get(match.instruction_id)
        seen = match
        if before is not None:
            seen = replace(match, **asdict(before))
        _keep(judged, match, judge(seen))
    return judged


def _keep(judged: Judged, match: Match, judgement: Judgement) -> None:
    judged.outcomes.append((match, judgement.outcome))
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
        return _mismatched("the amount is not that of the debit")
    latest = LATEST_SETTLEMENT if match.kind == "settled" else LATEST_RETURN
    if match.dated_on > match.file_effective_on + latest:
        return _mismatched("its date is too long after the effective entry date")
    return _settled(match) if match.kind == "settled" else _returned(match)


def _settled(match: Match) -> Judgement:
    if match.settled_on is not None:
        return _mismatched("the debit has settled before, on another date")
    if match.state == "returned":
        # The return came first and was told; the settlement is kept, and telling it is too late.
        late = Standing("returned", match.dated_on, match.returned_on, match.return_code)
        return Judgement("applied", late)
    DEBIT.require(match.state, "settled")
    standing = Standing("settled", match.dated_on)
    return Judgement("applied", standing, _event(match, "settled", "settled"))


def _returned(match: Match) -> Judgement:
    if match.state == "returned":
        return _mismatched("the debit has been returned before")
    if match.code in DISHONORED_CODES | CONTESTED_CODES:
        # These argue about an earlier return, which is not on file: a person settles it (C7).
        return _mismatched("it answers a return of the debit, and there was none")
    DEBIT.require(match.state, "returned")
    standing = Standing("returned", match.settled_on, match.dated_on, match.code)
    return Judgement("applied", standing, _event(match, "returned", "returned"))


def _mismatched(contradiction: str) -> Judgement:
    return Judgement("mismatched", contradiction=contradiction)


def _event(
    match: Match,
    kind: Literal["settled", "returned", "change_notified"],
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
        detail=match.file_name,
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
