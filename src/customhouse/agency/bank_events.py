"""What the bank's events mean for authorizations, statements and the ledger.

``decide`` is pure: events in order against the attempts as they were locked. ``apply`` loads,
decides and records a page of events in the caller's transaction. An event that does not fit the
state of its attempt is kept as unmatched and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse import rails
from customhouse.agency import bank_link_store as sql
from customhouse.agency import credit_reopened, return_notices, return_records, suspensions
from customhouse.agency.authorize import transfer_ref
from customhouse.clock import Clock
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import NewTransfer, Resolution, TransferKind, post, resolve
from customhouse.lifecycle import AUTHORIZATION

SYSTEM_ACTOR = 0
# What each step of a dispute posts: kind, debit and credit (decision 12).
DISPUTE_KINDS: Mapping[str, tuple[TransferKind, AccountCode, AccountCode]] = {
    "return_disputed": (
        TransferKind.RETURN_DISPUTED,
        AccountCode.RETURNS_IN_DISPUTE,
        AccountCode.TREASURY,
    ),
    "dispute_won": (
        TransferKind.DISPUTE_WON,
        AccountCode.TREASURY,
        AccountCode.RETURNS_IN_DISPUTE,
    ),
    "dispute_lost": (
        TransferKind.DISPUTE_LOST,
        AccountCode.BILLS_RECEIVABLE,
        AccountCode.RETURNS_IN_DISPUTE,
    ),
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as its row was when its statement was locked; cents."""

    filer_code: str
    statement_number: str
    attempt: int
    instruction_id: str
    state: str
    amount_cents: int
    accepted_on: date
    settled_on: date | None
    payer_party_id: int
    statement_state: str
    statement_attempts: int
    payer_unit_number: str = ""
    disputed: bool = False
    returned_on: date | None = None
    trace_number: str = ""
    return_code: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many events were taken and what they did."""

    events: int = 0
    settled: int = 0
    returned: int = 0
    refused: int = 0
    disputed: int = 0
    unmatched: int = 0

    def plus(self, other: Taken) -> Taken:
        """Add the figures of another page."""
        return Taken(
            self.events + other.events,
            self.settled + other.settled,
            self.returned + other.returned,
            self.refused + other.refused,
            self.disputed + other.disputed,
            self.unmatched + other.unmatched,
        )


@dataclass(slots=True)
class Decisions:
    """What a page of events leads to, gathered in order."""

    attempts: dict[str, Attempt]
    changed: set[str] = field(default_factory=set)
    outcomes: dict[str, str] = field(default_factory=dict)
    resolutions: list[Resolution] = field(default_factory=list)
    transfers: list[NewTransfer] = field(default_factory=list)
    reopened: list[tuple[Attempt, rails.BankEvent]] = field(default_factory=list)
    billed: list[tuple[Attempt, rails.BankEvent]] = field(default_factory=list)
    settled: list[tuple[Attempt, rails.BankEvent]] = field(default_factory=list)
    disputes: list[tuple[Attempt, rails.BankEvent]] = field(default_factory=list)
    changes_notified: list[tuple[Attempt, rails.BankEvent]] = field(default_factory=list)


def decide(events: Iterable[rails.BankEvent], attempts: Mapping[str, Attempt]) -> Decisions:
    """Decide what events lead to, in their order; pure."""
    decisions = Decisions(dict(attempts))
    for event in events:
        attempt = decisions.attempts.get(event.instruction_id)
        outcome = "unmatched" if attempt is None else _decide_one(event, attempt, decisions)
        decisions.outcomes[event.event_id] = outcome
    return decisions


def _decide_one(event: rails.BankEvent, attempt: Attempt, decisions: Decisions) -> str:
    if event.amount_cents != attempt.amount_cents:
        return "unmatched"
    if event.kind in ("in_file", "acknowledged"):
        # Whatever comes from the bank proves that it has the instruction.
        _change(decisions, attempt, trace_number=event.trace_number)
        return "recorded"
    if event.kind == "change_notified":
        decisions.changes_notified.append((attempt, event))
        return "recorded"
    if event.kind in DISPUTE_KINDS:
        return _move_disputed(event, attempt, decisions)
    return _move_money(event, attempt, decisions)


def _move_disputed(event: rails.BankEvent, attempt: Attempt, decisions: Decisions) -> str:
    """A return that the bank disputes: the money waits in suspense, the payment stands (C7)."""
    opens = event.kind == "return_disputed"
    if attempt.state != "settled" or attempt.disputed is opens or event.effective_on is None:
        return "unmatched"
    kind, debit, credit = DISPUTE_KINDS[event.kind]
    decisions.transfers.append(
        NewTransfer(
            payer_id=attempt.payer_party_id,
            kind=kind,
            ref=transfer_ref(attempt.statement_number, attempt.attempt),
            debit=debit,
            credit=credit,
            amount_cents=attempt.amount_cents,
            effective_on=event.effective_on,
        )
    )
    decisions.disputes.append((attempt, event))
    if event.kind == "dispute_lost":
        _change(
            decisions,
            attempt,
            state="returned",
            disputed=False,
            returned_on=event.effective_on,
            return_code=event.code,
        )
        decisions.reopened.append((attempt, event))
        decisions.billed.append((attempt, event))
    else:
        _change(decisions, attempt, disputed=opens)
    return "applied"


def _move_money(event: rails.BankEvent, attempt: Attempt, decisions: Decisions) -> str:
    before = "with_bank" if attempt.state == "accepted" else attempt.state
    if attempt.disputed:
        return "unmatched"
    if not AUTHORIZATION.allows(before, event.kind):
        return "unmatched"
    if event.kind != "refused" and event.effective_on is None:
        return "unmatched"
    ref = transfer_ref(attempt.statement_number, attempt.attempt)
    if event.kind == "settled" and event.effective_on is not None:
        decisions.resolutions.append(_posted(attempt, ref))
        decisions.transfers.append(
            NewTransfer(
                payer_id=attempt.payer_party_id,
                kind=TransferKind.DEBIT_SETTLED,
                ref=ref,
                debit=AccountCode.TREASURY,
                credit=AccountCode.DEBITS_IN_TRANSIT,
                amount_cents=attempt.amount_cents,
                effective_on=event.effective_on,
            )
        )
        _change(decisions, attempt, state="settled", settled_on=event.effective_on)
        decisions.settled.append((attempt, event))
        return "applied"
    if before == "settled" and event.effective_on is not None:
        decisions.transfers.append(
            NewTransfer(
                payer_id=attempt.payer_party_id,
                kind=TransferKind.DEBIT_RETURNED,
                ref=ref,
                debit=AccountCode.BILLS_RECEIVABLE,
                credit=AccountCode.TREASURY,
                amount_cents=attempt.amount_cents,
                effective_on=event.effective_on,
            )
        )
        decisions.billed.append((attempt, event))
    else:
        decisions.resolutions.append(_voided(attempt, ref, event.effective_on))
    returned_on = event.effective_on if event.kind == "returned" else None
    _change(decisions, attempt, state=event.kind, returned_on=returned_on, return_code=event.code)
    decisions.reopened.append((attempt, event))
    return "applied"


def _posted(attempt: Attempt, ref: str) -> Resolution:
    return Resolution(
        payer_id=attempt.payer_party_id,
        pending_kind=TransferKind.DEBIT_AUTHORIZED,
        pending_ref=ref,
        outcome="posted",
        kind=TransferKind.DEBIT_POSTED,
        # Revenue counts from the acceptance, the legal payment date (19 CFR 24.25(c)(4)(i)).
        effective_on=attempt.accepted_on,
    )


def _voided(attempt: Attempt, ref: str, effective_on: date | None) -> Resolution:
    return Resolution(
        payer_id=attempt.payer_party_id,
        pending_kind=TransferKind.DEBIT_AUTHORIZED,
        pending_ref=ref,
        outcome="voided",
        kind=TransferKind.DEBIT_VOIDED,
        effective_on=effective_on or attempt.accepted_on,
    )


def _change(decisions: Decisions, attempt: Attempt, **values: object) -> None:
    changed = replace(attempt, **values)  # type: ignore[arg-type]
    if changed.state == "accepted":
        changed = replace(changed, state="with_bank")
    decisions.attempts[attempt.instruction_id] = changed
    decisions.changed.add(attempt.instruction_id)


def apply(
    connection: Connection,
    events: Sequence[rails.BankEvent],
    *,
    bodies: Mapping[str, str],
    clock: Clock,
) -> Taken:
    """Apply a page of events once; those taken before are passed over.

    One process applies at a time: a second one waits here and then finds the events taken.
    """
    connection.execute(sql.LOCK_EVENTS)
    values = {"events": [event.event_id for event in events]}
    known = {event_id for (event_id,) in connection.execute(sql.KNOWN_EVENTS, values)}
    new = [event for event in events if event.event_id not in known]
    if not new:
        return Taken()
    instructions = {"instructions": sorted({event.instruction_id for event in new})}
    connection.execute(sql.LOCK_STATEMENTS, instructions)
    with connection.cursor(row_factory=class_row(Attempt)) as cursor:
        attempts = cursor.execute(sql.ATTEMPTS, instructions).fetchall()
    decisions = decide(new, {attempt.instruction_id: attempt for attempt in attempts})
    _record(connection, decisions, clock)
    connection.execute(
        sql.INSERT_EVENTS,
        {
            "events": [event.event_id for event in new],
            "sequences": [event.sequence for event in new],
            "bodies": [bodies[event.event_id] for event in new],
            "outcomes": [decisions.outcomes[event.event_id] for event in new],
            "received_at": clock.now(),
        },
    )
    return _figures(new, decisions)


def _record(connection: Connection, decisions: Decisions, clock: Clock) -> None:
    recorded_at = clock.now()
    resolve(connection, decisions.resolutions, recorded_at=recorded_at, actor=SYSTEM_ACTOR)
    post(connection, decisions.transfers, recorded_at=recorded_at, actor=SYSTEM_ACTOR)
    changed = [decisions.attempts[identity] for identity in sorted(decisions.changed)]
    connection.execute(
        sql.UPDATE_ATTEMPTS,
        {
            "instructions": [each.instruction_id for each in changed],
            "states": [each.state for each in changed],
            "traces": [each.trace_number for each in changed],
            "settled_ons": [each.settled_on for each in changed],
            "returned_ons": [each.returned_on for each in changed],
            "codes": [each.return_code for each in changed],
        },
    )
    reopened = [attempt for attempt, _ in decisions.reopened]
    connection.execute(
        sql.REOPEN_STATEMENTS,
        {
            "filer_codes": [attempt.filer_code for attempt in reopened],
            "numbers": [attempt.statement_number for attempt in reopened],
        },
    )
    numbers = return_records.record(
        connection,
        billed=decisions.billed,
        settled=decisions.settled,
        disputes=decisions.disputes,
        clock=clock,
    )
    return_records.suspend_units(connection, decisions.reopened, clock=clock)
    return_notices.tell(connection, decisions.reopened, bills=numbers, clock=clock)
    if reopened:
        keys = {(attempt.filer_code, attempt.statement_number) for attempt in reopened}
        today = suspensions.today(connection, clock)
        credit_reopened.tell(connection, keys, told_on=today, clock=clock)
    return_notices.tell_disputes(connection, decisions.disputes, clock=clock)
    return_notices.tell_changes(connection, decisions.changes_notified, clock=clock)


def _figures(events: Sequence[rails.BankEvent], decisions: Decisions) -> Taken:
    applied = [event.kind for event in events if decisions.outcomes[event.event_id] == "applied"]
    return Taken(
        events=len(events),
        settled=applied.count("settled"),
        returned=applied.count("returned") + applied.count("dispute_lost"),
        refused=applied.count("refused"),
        disputed=applied.count("return_disputed"),
        unmatched=sum(1 for each in decisions.outcomes.values() if each == "unmatched"),
    )
