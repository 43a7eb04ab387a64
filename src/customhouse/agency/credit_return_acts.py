"""An officer refuses an entry: all of its money goes back through the bank (CRD-04, CRD-10).

For money that the desk can not place. A bank sends whole entries back, so that every part of it
must still wait, and for no statement: what names its document is placed. Who sent it is told by the
return entry alone; a payer who is known is told as well. Handing it to the bank is credit_returns'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_returns_store as sql
from customhouse.agency import payer_notices
from customhouse.agency.credit_desk_cases import (
    Case,
    Desk,
    Order,
    Outcome,
    carried_out,
    payer_of,
)
from customhouse.agency.credit_desk_faults import PART_CHANGED
from customhouse.agency.credit_part_ids import credit_id_of, unknown_part
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.faults import Fault, Refused, declare
from customhouse.ledger import transfers
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import NewTransfer, TransferKind
from customhouse.money import format_dollars

MOST_NAMED: Final = 20
_GONE: Final = ("returning", "returned")

ENTRY_NOT_FREE = declare(
    "desk-entry-not-free",
    sentence="{credit_id} can go back only as a whole, and {part_id} {why}.",
    next_step="{next_step}",
    http_status=409,
)
_WHY: Final = {
    "applied": ("was applied", "Refund the parts that still wait: customhouse desk refund PART."),
    "refundable": (
        "is owed back already",
        "See why: customhouse desk show {part_id}. Parts that still wait can be refunded, too.",
    ),
    "unapplied": (
        "waits for a statement",
        "Refund it, or take it off: customhouse desk assign {part_id} PAYER.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of the entry as it stands: which part, in what state, for which statement."""

    part_id: str
    state: str
    statement_number: str | None
    refusals: int


@dataclass(frozen=True, slots=True)
class _Held:
    """A part of the entry under lock; cents."""

    payer_party_id: int
    part_id: str
    paying_party_id: int | None
    amount_cents: int
    state: str
    statement_number: str | None


def send_back(connection: Connection, named: str, *, reason: str, desk: Desk) -> Outcome:
    """Refuse the entry of that id, or the one of a part, and send all of it back (R23).

    The same request again gets the first answer, until the bank has refused it. Raises Refused:
    credit-part-unknown, credit-part-used, credit-part-changed, desk-entry-not-free,
    desk-reason-wrong.
    """
    pieces = _pieces(connection, named)
    attempt = pieces[0].refusals + 1
    first = next(piece.part_id for piece in pieces if piece.state != "moved")
    _require_free(credit_id_of(first), pieces)
    order = Order("return", first, {"attempt": attempt}, reason)
    return carried_out(connection, order, desk=desk, act=lambda case: _send_back(case, attempt))


def _pieces(connection: Connection, named: str) -> list[_Piece]:
    """Give the parts of an entry that is named by itself or by one of its parts."""
    is_part = "." in named
    try:
        credit_id = credit_id_of(named if is_part else f"{named}.0")
    except Refused:
        raise Refused(unknown_part(named)) from None
    with connection.cursor(row_factory=class_row(_Piece)) as cursor:
        pieces = cursor.execute(sql.PARTS, {"credit_id": credit_id}).fetchall()
    if not pieces or (is_part and named not in {piece.part_id for piece in pieces}):
        raise Refused(unknown_part(named))
    return pieces


def _require_free(credit_id: str, pieces: Sequence[_Piece | _Held]) -> None:
    """Refuse unless all of an entry waits for a person, or is on its way back already."""
    for piece in pieces:
        if piece.state in ("moved", *_GONE):
            continue
        if piece.state == "unapplied" and piece.statement_number is None:
            continue
        why, next_step = _WHY[piece.state]
        values = {
            "credit_id": credit_id,
            "part_id": piece.part_id,
            "why": why,
            "next_step": next_step.format(part_id=piece.part_id),
        }
        raise Refused(Fault(ENTRY_NOT_FREE, values))


def _send_back(case: Case, attempt: int) -> Outcome:
    today, credit_id = case.desk.today, case.found.credit_id
    with case.connection.cursor(row_factory=class_row(_Held)) as cursor:
        parts = cursor.execute(sql.HOLD_PARTS, {"credit_id": credit_id}).fetchall()
    _require_free(credit_id, parts)
    cents = sum(part.amount_cents for part in parts)
    # Shares of a part that was moved meanwhile are on file, but were not there to be locked.
    named = {"company": case.found.company_identification, "credit_id": credit_id}
    if case.connection.execute(sql.WHOLE, named).fetchone() != (cents,):
        raise Refused(Fault(PART_CHANGED, {"part_id": case.order.part_id}))
    decided = {
        "company": case.found.company_identification,
        "credit_id": credit_id,
        "attempt": attempt,
        "cents": cents,
        "officer": case.desk.officer.name,
        "reason": case.order.reason,
        "decided_on": today.business_date,
    }
    if case.connection.execute(sql.ADD, decided).rowcount != 1:
        raise Refused(Fault(PART_CHANGED, {"part_id": case.order.part_id}))
    returning = {"credit_id": credit_id, "on": today.business_date}
    case.connection.execute(sql.MARK_RETURNING, returning)
    pending = [
        NewTransfer(
            payer_id=part.payer_party_id,
            kind=TransferKind.CREDIT_REFUSED,
            ref=return_ref(part.part_id, attempt),
            debit=AccountCode.UNAPPLIED_CREDITS,
            credit=AccountCode.TREASURY,
            amount_cents=part.amount_cents,
            effective_on=today.business_date,
            pending=True,
        )
        for part in parts
    ]
    transfers.post(case.connection, pending, recorded_at=today.clock.now(), actor=today.actor)
    lines = [
        f"{credit_id}: {format_dollars(cents)} goes back to who sent it, the whole entry.",
        "The bank gets it when the day is closed, and sends it back with R23.",
        *_claims(case),
        *_tell(case, parts, attempt),
    ]
    ids = tuple(part.part_id for part in parts[:MOST_NAMED])
    return Outcome(case.order.part_id, case.order.action, tuple(lines), ids)


def _claims(case: Case) -> list[str]:
    """Say who claims the entry: a return can not be called back."""
    found = case.found
    values = {"company": found.company_identification, "credit_id": found.credit_id}
    names = [name for (name,) in case.connection.execute(sql.CLAIMANTS, values)]
    return [f"CLAIMED by {', '.join(names)}: see customhouse desk show."] if names else []


def return_ref(part_id: str, attempt: int) -> str:
    """Name the transfers of an attempt to send a part back."""
    return f"{part_id}/{attempt}"


def _tell(case: Case, parts: Sequence[_Held], attempt: int) -> list[str]:
    """Tell each payer who is known; give a line for each of them."""
    cents: dict[int, int] = {}
    for part in parts:
        if part.paying_party_id is not None:
            cents[part.paying_party_id] = cents.get(part.paying_party_id, 0) + part.amount_cents
    credit_id, today = case.found.credit_id, case.desk.today
    notices = [
        NewPayerNotice(
            payer,
            "credit-returned",
            f"{format_dollars(total)} of your payment {credit_id}, collected on"
            f" {case.found.collected_on.isoformat()}, goes back to your bank, which gets a return"
            f" entry with code R23. It pays nothing here. Why: {case.order.reason}",
            f"returned/{credit_id}/{attempt}",
        )
        for payer, total in sorted(cents.items())
    ]
    payer_notices.put(case.connection, notices, created_on=today.business_date, clock=today.clock)
    payers = [payer_of(case.connection, payer) for payer in sorted(cents)[:MOST_NAMED]]
    return [f"{payer.payer_identifier}, {payer.name}, is told." for payer in payers]
