"""Disputes about returns that came late, twice, with wrong fields or without agreement (C7).

Each is its own state: asked (a person must say whether it was agreed to), opened, dishonored (sent
to the receiving bank), contested (that bank insists), and won or lost. Until the end the statement
stays as it was and the money is in suspense, with its owner in carried_by (decision 12). The files
that go out are answer_files' job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import alarms, dispute_rules, events, resolutions
from customhouse.bank import disputes_store as sql
from customhouse.bank.dispute_rules import NewDispute
from customhouse.bank.matching_rules import Match
from customhouse.bank.office import Office
from customhouse.faults import Fault, Refused, declare
from customhouse.lifecycle import Lifecycle

End = Literal["won", "lost"]
AT_ONCE: Final = 1000
MOST_LISTED: Final = 500
BY_RULE: Final = "rule of deadlines"

DISPUTE: Final = Lifecycle(
    name="dispute about a return",
    initial="opened",
    transitions={
        "asked": frozenset({"opened", "lost"}),
        "opened": frozenset({"dishonored", "lost"}),
        # Refused by the operator, its file goes out again.
        "dishonored": frozenset({"contested", "won", "opened"}),
        "contested": frozenset({"won", "lost"}),
        "won": frozenset(),
        "lost": frozenset(),
    },
)

DISPUTE_UNKNOWN = declare(
    "dispute-unknown",
    sentence="No dispute has the number {dispute_id}.",
    next_step="List them: customhouse bank disputes list.",
    http_status=404,
)
DISPUTE_NOT_THERE_YET = declare(
    "dispute-step-impossible",
    sentence="Dispute {dispute_id} is {state}; it cannot become {wanted}.",
    next_step="See where it stands: customhouse bank disputes list.",
    http_status=409,
)


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """A dispute as the bank's people see it; cents."""

    dispute_id: int
    statement_number: str
    amount_cents: int
    carried_by: str
    return_code: str
    return_settled_on: date
    dishonor_code: str
    dishonor_by: date
    state: str
    dishonored_on: date | None
    contest_by: date | None
    contest_code: str | None
    ended_on: date | None
    ended_by: str | None
    ending_reason: str | None


@dataclass(frozen=True, slots=True)
class _Held:
    dispute_id: int
    instruction_id: str
    entry_attempt: int
    item_id: int
    amount_cents: int
    carried_by: str
    return_code: str
    state: str


@dataclass(frozen=True, slots=True)
class _Contested:
    item_id: int
    code: str
    dated_on: date
    amount_cents: int
    dispute_id: int
    instruction_id: str
    disputed_cents: int
    contest_by: date


def open_all(office: Office, found: Sequence[tuple[Match, NewDispute]]) -> None:
    """Open disputes about returns in the transaction that matched them."""
    if not found:
        return
    values = {
        "item_ids": [match.item_id for match, _ in found],
        "instruction_ids": [match.instruction_id for match, _ in found],
        "attempts": [match.entry_attempt for match, _ in found],
        "carriers": [dispute.carried_by for _, dispute in found],
        "codes": [dispute.dishonor_code for _, dispute in found],
        "information_texts": [dispute.information for _, dispute in found],
        "dishonor_bys": [dispute_rules.dishonor_by(match.dated_on) for match, _ in found],
        "states": ["asked" if dispute.asks else "opened" for _, dispute in found],
        "opened_at": office.clock.now(),
    }
    office.connection.execute(sql.OPEN, values)
    asked = [
        alarms.Alarm(
            "return-not-agreed",
            f"item {match.item_id}",
            f"A return {match.code} (trace {match.trace_number}) is permissible only by agreement:"
            " accept it or dishonor it.",
        )
        for match, dispute in found
        if dispute.asks
    ]
    alarms.raise_all(office.connection, asked, clock=office.clock)


def match_contested(office: Office) -> tuple[int, int]:
    """Bring contested returns to their disputes; give how many count and how many do not.

    One that came after its time, or for another amount, moves nothing and calls a person.
    """
    with office.connection.transaction():
        with office.connection.cursor(row_factory=class_row(_Contested)) as cursor:
            found = cursor.execute(sql.HOLD_CONTESTED, {"most": AT_ONCE}).fetchall()
        # Of two that answer the same dispute the first counts.
        first = {each.dispute_id: each for each in reversed(found)}
        good = [each for each in first.values() if _counts(each)]
        wrong = [each for each in found if each not in good]
        _settle_contested(office, good, outcome="applied")
        _settle_contested(office, wrong, outcome="mismatched")
        values = {
            "dispute_ids": [each.dispute_id for each in good],
            "codes": [each.code for each in good],
            "dated_ons": [each.dated_on for each in good],
            "item_ids": [each.item_id for each in good],
        }
        office.connection.execute(sql.CONTEST, values)
        raised = [
            alarms.Alarm(
                "return-contested",
                f"dispute {each.dispute_id}",
                f"The receiving bank contests dispute {each.dispute_id} ({each.code}): that ends"
                " the exchange of files. Accept the return, or win it outside of the network.",
            )
            for each in good
        ]
        raised += [
            alarms.Alarm(
                "item-mismatched",
                f"item {each.item_id}",
                f"A contested return ({each.code}) of dispute {each.dispute_id} came too late or"
                " for another amount, or was not the first.",
            )
            for each in wrong
        ]
        alarms.raise_all(office.connection, raised, clock=office.clock)
    return len(good), len(wrong)


def end_due(office: Office, business_date: date) -> int:
    """End the disputes whose time has run out; give how many.

    A dishonored return that the operator passed on and nobody contested in time is won. What
    nobody dishonored in time is lost, and the return stands.
    """
    ended = 0
    while True:
        with office.connection.transaction():
            values = {"on": business_date, "most": AT_ONCE}
            held = _held(office.connection, sql.HOLD_DUE, values)
            for state, reason in (
                ("dishonored", "not contested in time"),
                ("opened", "not dishonored in time"),
                ("asked", "not dishonored in time"),
            ):
                chosen = [each for each in held if each.state == state]
                end: End = "won" if state == "dishonored" else "lost"
                _end(office, chosen, end=end, on=business_date, words=(BY_RULE, reason))
        if not held:
            return ended
        ended += len(held)
        office.boundary("ended disputes")


def accept(office: Office, dispute_id: int, *, on: date, by: str, reason: str) -> None:
    """Let a disputed return stand for a person: lost. Raises Refused where that is too late."""
    _end_one(office, dispute_id, end="lost", on=on, words=(by, reason))


def win(office: Office, dispute_id: int, *, on: date, by: str, reason: str) -> None:
    """End a contested dispute that was won outside of the network, for a person."""
    _end_one(office, dispute_id, end="won", on=on, words=(by, reason))


def dishonor(office: Office, dispute_id: int, *, by: str, reason: str) -> None:
    """Say for a person that a return was not agreed to: it goes into the next file, as R70."""
    resolutions.require_words(by=by, reason=reason)
    with office.connection.transaction():
        held = _one(office, dispute_id, wanted="opened")
        office.connection.execute(sql.DISHONOR, {"dispute_id": held.dispute_id})
        _clear(office, [held])


def disputes(connection: Connection[Any], *, open_only: bool = False) -> list[DisputeLine]:
    """Give the disputes, newest first: all, or those that go on."""
    values = {"open_only": open_only, "most": MOST_LISTED}
    with connection.transaction(), connection.cursor(row_factory=class_row(DisputeLine)) as cursor:
        return cursor.execute(sql.DISPUTES, values).fetchall()


def _counts(contested: _Contested) -> bool:
    in_time = contested.dated_on <= contested.contest_by
    return in_time and contested.amount_cents == contested.disputed_cents


def _settle_contested(office: Office, found: Sequence[_Contested], *, outcome: str) -> None:
    values = {
        "item_ids": [each.item_id for each in found],
        "outcomes": [outcome] * len(found),
        "instruction_ids": [each.instruction_id for each in found],
    }
    office.connection.execute(sql.SETTLE_CONTESTED, values)


def _end_one(
    office: Office, dispute_id: int, *, end: End, on: date, words: tuple[str, str]
) -> None:
    by, reason = words
    resolutions.require_words(by=by, reason=reason)
    with office.connection.transaction():
        held = _one(office, dispute_id, wanted=end)
        _end(office, [held], end=end, on=on, words=words)


def _one(office: Office, dispute_id: int, *, wanted: str) -> _Held:
    found = _held(office.connection, sql.HOLD_ONE, {"dispute_id": dispute_id})
    if not found:
        raise Refused(Fault(DISPUTE_UNKNOWN, {"dispute_id": dispute_id}))
    (held,) = found
    # Winning by hand is for what the network has ended; before, the time limits decide.
    by_hand = wanted != "won" or held.state == "contested"
    if not (DISPUTE.allows(held.state, wanted) and by_hand):
        values = {"dispute_id": dispute_id, "state": held.state, "wanted": wanted}
        raise Refused(Fault(DISPUTE_NOT_THERE_YET, values))
    return held


def _held(connection: Connection[Any], statement: str, values: dict[str, object]) -> list[_Held]:
    with connection.cursor(row_factory=class_row(_Held)) as cursor:
        return cursor.execute(statement, values).fetchall()


def _end(
    office: Office, held: Sequence[_Held], *, end: End, on: date, words: tuple[str, str]
) -> None:
    """End disputes and tell the agency of those whose money it carries."""
    if not held:
        return
    by, reason = words
    values = {
        "dispute_ids": [each.dispute_id for each in held],
        "states": [end] * len(held),
        "reasons": [reason] * len(held),
        "on": on,
        "by": by,
    }
    office.connection.execute(sql.END, values)
    carried = [each for each in held if each.carried_by == "agency"]
    if end == "lost":
        back = {
            "instruction_ids": [each.instruction_id for each in carried],
            "codes": [each.return_code for each in carried],
            "on": on,
        }
        office.connection.execute(sql.RETURN_DEBITS, back)
    _clear(office, held)
    told = [
        events.NewEvent(
            event_id=f"{each.instruction_id}:{each.entry_attempt}:dispute_{end}",
            kind="dispute_won" if end == "won" else "dispute_lost",
            instruction_id=each.instruction_id,
            amount_cents=each.amount_cents,
            effective_on=on,
            code=each.return_code,
            detail=reason,
        )
        for each in carried
    ]
    events.record(office.connection, told, clock=office.clock)


def _clear(office: Office, held: Sequence[_Held]) -> None:
    named = [("return-not-agreed", f"item {each.item_id}") for each in held]
    named += [("item-mismatched", f"item {each.item_id}") for each in held]
    named += [("return-contested", f"dispute {each.dispute_id}") for each in held]
    values = {
        "kinds": [kind for kind, _ in named],
        "references": [reference for _, reference in named],
        "cleared_at": office.clock.now(),
    }
    office.connection.execute(sql.CLEAR_ALARMS, values)
