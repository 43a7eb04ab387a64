"""How a decision of the exception desk is made: looked up, locked, carried out, kept.

Locks go in the order of all payments: statements first, then the part. A try is carried out and
taken back. What each decision does is in credit_desk_acts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.errors import DeadlockDetected, LockNotAvailable
from psycopg.rows import class_row

from customhouse.agency import business_day, credit_documents, credit_parts, credit_pools
from customhouse.agency import credit_desk_acts_store as sql
from customhouse.agency.credit_desk_faults import (
    DOCUMENT_NOT_PAYERS,
    DOCUMENT_UNKNOWN,
    PART_CHANGED,
    PART_USED,
    PAYER_OTHER,
    PAYER_UNCLEAR,
    PAYER_UNKNOWN,
    REASON_MISSING,
    SHARED_TOO_OFTEN,
    STATEMENT_NOT_PAYABLE,
)
from customhouse.agency.credit_documents import Document
from customhouse.agency.credit_matching import SHORT, Payable
from customhouse.agency.credit_officers import Officer
from customhouse.agency.credit_part_ids import credit_id_of, unknown_part
from customhouse.agency.credit_parts import Part, Today
from customhouse.agency.credit_payers import load as load_payers
from customhouse.clock import Clock
from customhouse.faults import IN_PROGRESS, NO_BUSINESS_DAY, Fault, Refused
from customhouse.formats.txp import CUSTOMS_PROFILE, DocumentKind, TxpProfile

LONGEST_REASON: Final = 500
# A move's correction is named by the part and a word behind it; the ledger's refs have 60 places.
LONGEST_MOVABLE: Final = 53
_ENDED: Final = {
    "refundable": "owed back",
    "returning": "decided to go back through the bank",
    "returned": "sent back",
}
_STATES: Final = {
    "paid": "paid by payments that were pushed",
    "authorized": "being paid by a debit",
    "final": "paid, its final statement is out",
    "cancelled": "cancelled",
    "preliminary": "without anything to pay",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Who decides, on which business date, and how addenda are read; a try records nothing."""

    officer: Officer
    today: Today
    profile: TxpProfile = CUSTOMS_PROFILE
    tried: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """What an officer wants done with a part in some state, and why; ``request`` is JSON."""

    action: str
    part_id: str
    request: Mapping[str, Any]
    reason: str
    state: str = "unapplied"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision came to, in sentences, and the parts that carry it now.

    ``again``: this is the first answer of the same request. ``tried``: nothing was done.
    """

    part_id: str
    action: str
    lines: tuple[str, ...]
    parts: tuple[str, ...]
    again: bool = False
    tried: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class FoundPart:
    """A part's row as it was found, with the addenda of its entry; cents."""

    payer_party_id: int
    part_id: str
    company_identification: str
    credit_id: str
    position: int
    paying_party_id: int | None
    amount_cents: int
    collected_on: date
    state: str
    reason: str
    filer_code: str | None
    statement_number: str | None
    closed_on: date | None
    addenda: list[str]


@dataclass(frozen=True, slots=True)
class Payer:
    """A party as a payer: by the identifier with which it joined, or its own."""

    payer_party_id: int
    kind: str
    name: str
    payer_identifier: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """A document that is to be paid, the statement's row under lock, and who pays."""

    kind: DocumentKind
    document: Document
    payable: Payable
    payer: Payer

    @property
    def key(self) -> tuple[str, str]:
        """Give filer code and number of the statement."""
        return self.payable.key


@dataclass(frozen=True, slots=True)
class Case:
    """A decision under way: the order, the part under lock, and where its entry came from."""

    connection: Connection
    order: Order
    desk: Desk
    found: FoundPart
    part: Part
    documents: Mapping[tuple[str, str], Document] = field(default_factory=dict)
    payables: Mapping[tuple[str, str], Payable] = field(default_factory=dict)

    @property
    def raw(self) -> str | None:
        """Give the addendum of the part as it came, None where it has none of its own."""
        place = self.part.position
        return self.found.addenda[place - 1] if 1 <= place <= len(self.found.addenda) else None

    def matched(self, target: Target) -> Part:
        """Give the part as one that waits for a statement, with whose decision that was."""
        today = self.desk.today.business_date.isoformat()
        why = f"by {self.desk.officer.name} on {today}: {self.order.reason}"
        return replace(
            self.part,
            payer_party_id=target.payable.payer_party_id,
            paying_party_id=target.payer.payer_party_id,
            reason=SHORT,
            detail="",
            filer_code=target.payable.filer_code,
            statement_number=target.payable.statement_number,
            matched_by=why[: credit_parts.LONGEST_DETAIL],
        )

    def move(self, shares: Sequence[Part]) -> list[Part]:
        """Replace the part by shares; raises Refused (desk-shared-too-often)."""
        if len(self.part.part_id) > LONGEST_MOVABLE:
            raise Refused(Fault(SHARED_TOO_OFTEN, {"part_id": self.part.part_id}))
        return credit_parts.move(self.connection, self.part, shares, today=self.desk.today)

    def outcome(self, lines: Sequence[str], parts: Sequence[Part]) -> Outcome:
        """Give what the decision came to."""
        ids = tuple(part.part_id for part in parts)
        return Outcome(self.order.part_id, self.order.action, tuple(lines), ids)


def desk_of(
    connection: Connection, officer: Officer, *, clock: Clock, profile: TxpProfile, tried: bool
) -> Desk:
    """Give an officer's desk on the latest business date, which is held from being closed.

    Raises Refused: no-business-day, in-progress while the day is being closed.
    """
    try:
        day = business_day.hold(connection)
    except LockNotAvailable:
        raise Refused(Fault(IN_PROGRESS)) from None
    if day is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    today = Today(day.business_date, clock, officer.officer_id)
    return Desk(officer, today, profile, tried)


def carried_out(
    connection: Connection, order: Order, *, desk: Desk, act: Callable[[Case], Outcome]
) -> Outcome:
    """Carry a decision out and keep it; a try is taken back. Raises Refused.

    A request that the same officer made before is not done again: its answer is given.
    """
    _require_reason(order)
    try:
        return _carried_out(connection, order, desk=desk, act=act)
    except (LockNotAvailable, DeadlockDetected):
        raise Refused(Fault(IN_PROGRESS)) from None


def _carried_out(
    connection: Connection, order: Order, *, desk: Desk, act: Callable[[Case], Outcome]
) -> Outcome:
    with connection.transaction(force_rollback=desk.tried):
        before = _answered(connection, order, desk)
        if before is not None:
            return before
        case = _opened(connection, order, desk)
        # Read behind the lock: the same request may have been carried out meanwhile.
        answered = _answered(connection, order, desk)
        if answered is not None:
            return answered
        if case is None:
            raise Refused(_used(connection, order.part_id))
        try:
            outcome = act(case)
        except credit_parts.PartGone:
            raise Refused(Fault(PART_CHANGED, {"part_id": order.part_id})) from None
        if not outcome.kept:
            keep_act(case, outcome)
        return replace(outcome, tried=desk.tried)


def keep_act(case: Case, outcome: Outcome) -> int:
    """Keep a decision for good; give its number."""
    values = {
        "company": case.found.company_identification,
        "credit_id": case.found.credit_id,
        "payer": case.found.payer_party_id,
        "part_id": case.order.part_id,
        "action": case.order.action,
        "request": json.dumps(_request(case.order)),
        "outcome": json.dumps({"lines": outcome.lines, "parts": outcome.parts}),
        "reason": case.order.reason,
        "officer": case.desk.officer.name,
        "decided_on": case.desk.today.business_date,
        "decided_at": case.desk.today.clock.now(),
    }
    (act_id,) = case.connection.execute(sql.ADD_ACT, values).fetchall()[0]
    return int(act_id)


def target_of(case: Case, number: str, *, payer_identifier: str | None) -> Target:
    """Find a document by its number, see that something is due on it, and who pays it.

    Raises Refused: desk-document-unknown, desk-statement-not-payable, desk-document-not-payers,
    desk-payer-unknown, desk-payer-unclear, desk-payer-other.
    """
    kinds: tuple[DocumentKind, ...] = ("statement", "bill")
    kind = next((each for each in kinds if (each, number) in case.documents), None)
    if kind is None:
        raise Refused(Fault(DOCUMENT_UNKNOWN, {"number": ascii(number)[1:-1][:40]}))
    document = case.documents[(kind, number)]
    payable = case.payables[(document.filer_code, document.statement_number)]
    if payable.due_cents == 0:
        values = {"number": number, "state": _STATES[payable.state]}
        raise Refused(Fault(STATEMENT_NOT_PAYABLE, values))
    payer = _payer_for(case, document, payer_identifier)
    if not document.may_be_paid_by(payer.payer_identifier or ""):
        named = payer.payer_identifier or payer.name
        values = {"payer_identifier": named, "number": number}
        raise Refused(Fault(DOCUMENT_NOT_PAYERS, values))
    return Target(kind, document, payable, payer)


def payer_of(connection: Connection, party_id: int) -> Payer:
    """Give a party as a payer; the agency itself has no identifier."""
    with connection.cursor(row_factory=class_row(Payer)) as cursor:
        found = cursor.execute(sql.PAYER_OF_PARTY, {"party": party_id}).fetchone()
    if found is None:
        raise RuntimeError(f"there is no party {party_id}")
    return found


def part_found(connection: Connection, part_id: str) -> FoundPart:
    """Give a part wherever it stands; raises Refused (credit-part-unknown)."""
    values = {"credit_id": credit_id_of(part_id), "part_id": part_id}
    with connection.cursor(row_factory=class_row(FoundPart)) as cursor:
        found = cursor.execute(sql.PART, values).fetchone()
    if found is None:
        raise Refused(unknown_part(part_id))
    return found


def _payer_for(case: Case, document: Document, payer_identifier: str | None) -> Payer:
    """Say who pays: who is known to have sent it, who is named, or the only one who may."""
    named = None if payer_identifier is None else _named(case.connection, payer_identifier)
    if case.part.paying_party_id is not None:
        sender = payer_of(case.connection, case.part.paying_party_id)
        if named is not None and named.payer_party_id != sender.payer_party_id:
            values = {
                "part_id": case.part.part_id,
                "payer_identifier": sender.payer_identifier or sender.name,
                "named": named.payer_identifier,
            }
            raise Refused(Fault(PAYER_OTHER, values))
        return sender
    if named is not None:
        return named
    sole = {"filer_code": document.filer_code, "importer": document.sole_importer}
    with case.connection.cursor(row_factory=class_row(Payer)) as cursor:
        joined = cursor.execute(sql.JOINED, sole).fetchall()
    if len(joined) != 1:
        names = [each.payer_identifier or "" for each in joined]
        payers = " and ".join(names) or "nobody who has joined ACH Credit"
        raise Refused(Fault(PAYER_UNCLEAR, {"number": document.number, "payers": payers}))
    return joined[0]


def _named(connection: Connection, payer_identifier: str) -> Payer:
    named = load_payers(connection, [payer_identifier]).get(payer_identifier)
    if named is None:
        values = {"payer_identifier": ascii(payer_identifier)[:40]}
        raise Refused(Fault(PAYER_UNKNOWN, values))
    return Payer(named.payer_party_id, named.kind, named.name, named.payer_identifier)


def _require_reason(order: Order) -> None:
    text = order.reason
    if not (0 < len(text) <= LONGEST_REASON and text.strip() and text.isprintable()):
        what = "question" if order.action == "ask" else "reason"
        raise Refused(Fault(REASON_MISSING, {"what": what, "length": len(text)}))


def _request(order: Order) -> dict[str, Any]:
    return {**order.request, "reason": order.reason}


def _answered(connection: Connection, order: Order, desk: Desk) -> Outcome | None:
    """Give the answer of the last decision about the part when it was this very request."""
    found = part_found(connection, order.part_id)
    values = {
        "company": found.company_identification,
        "credit_id": found.credit_id,
        "part_id": order.part_id,
    }
    row = connection.execute(sql.LAST_ACT, values).fetchone()
    if row is None:
        return None
    action, request, outcome, officer, was_answered = row
    if (action, request, officer) != (order.action, _request(order), desk.officer.name):
        return None
    if was_answered:
        return None
    lines, parts = tuple(outcome["lines"]), tuple(outcome["parts"])
    return Outcome(order.part_id, action, lines, parts, again=True, tried=desk.tried)


def _opened(connection: Connection, order: Order, desk: Desk) -> Case | None:
    """Lock the statements and the part; None when it is not in the order's state any more."""
    found = part_found(connection, order.part_id)
    if found.state != order.state:
        return None
    numbers = [number for number in _numbers(order) if number.isalnum() and number.isascii()]
    kinds = ("statement", "bill")
    wanted = [(kind, number) for number in numbers for kind in kinds]
    documents = credit_documents.load(connection, wanted)
    keys = {(each.filer_code, each.statement_number) for each in documents.values()}
    if found.filer_code is not None and found.statement_number is not None:
        keys.add((found.filer_code, found.statement_number))
    payables = credit_pools.judge(connection, keys).payables
    held = credit_parts.hold(connection, [(found.payer_party_id, found.part_id)])
    if not held or held[0].state != order.state:
        return None
    if held[0].document is not None and held[0].document not in keys:
        raise Refused(Fault(PART_CHANGED, {"part_id": order.part_id}))
    return Case(connection, order, desk, found, held[0], documents, payables)


def _numbers(order: Order) -> Iterator[str]:
    if "number" in order.request:
        yield order.request["number"]
    for _, number in order.request.get("shares", ()):
        if number is not None:
            yield number


def _used(connection: Connection, part_id: str) -> Fault:
    found = part_found(connection, part_id)
    state = _ENDED.get(found.state, found.state)
    values = {"part_id": part_id, "state": state, "closed_on": found.closed_on}
    return Fault(PART_USED, values)
