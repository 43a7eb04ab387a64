"""Entries that the agency sends back: handed to the bank, and heard of when they have gone.

The bank gets each decision of the day in the evening; one that it does not take comes back to the
desk with the bank's reason. When the return has settled the pending transfer is posted on that day.
No call to the bank is made inside a transaction, and each may be repeated. Who decides is
credit_return_acts'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import checkpoints, payer_notices
from customhouse.agency import credit_returns_store as sql
from customhouse.agency.credit_parts import LONGEST_DETAIL, Today
from customhouse.agency.credit_return_acts import return_ref
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.ledger import transfers
from customhouse.ledger.transfers import Outcome, Resolution, TransferKind
from customhouse.rails import CreditRefusal, ReturnedCredit

Connect = Callable[[], AbstractContextManager[Connection]]
AT_ONCE: Final = 500
MOST_LISTED: Final = 1_000
PUSH_STEP: Final = "refused credits"
# Why a part waits again: the bank did not send it back.
RETURN_REFUSED: Final = "return-refused"


class Returner(Protocol):
    """What sends credits back and tells of it: the bank's door."""

    def refuse_credit(self, refusal: CreditRefusal) -> str:
        """Hand a decision to the bank; give why it does not take it, or nothing."""

    def returned_after(self, sequence: int) -> list[ReturnedCredit]:
        """Give the next page of credits that went back, in order; empty at the end."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision that is on its way; cents."""

    company_identification: str
    credit_id: str
    attempt: int
    amount_cents: int
    decided_on: date


@dataclass(frozen=True, slots=True)
class _Held:
    """A part that is on its way back, under lock; cents."""

    payer_party_id: int
    part_id: str
    paying_party_id: int | None
    credit_id: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """An entry on its way back: cents, who decided, and whether the bank has it."""

    credit_id: str
    amount_cents: int
    collected_on: date
    state: str
    decided_on: date
    officer: str
    reason: str
    company_name: str
    trace_number: str


def hand_over(connect: Connect, link: Returner, *, today: Today) -> None:
    """Hand every decision to the bank, the oldest first; what it does not take comes back."""
    while True:
        with connect() as connection, connection.cursor(row_factory=class_row(_Decided)) as rows:
            waiting = rows.execute(sql.WAITING, {"most": AT_ONCE}).fetchall()
        if not waiting:
            return
        for decided in waiting:
            refusal = CreditRefusal(decided.credit_id, decided.amount_cents, decided.decided_on)
            why = link.refuse_credit(refusal)
            with connect() as connection:
                _answered(connection, decided, why=why, today=today)


def _answered(connection: Connection, decided: _Decided, *, why: str, today: Today) -> None:
    """Keep what the bank said to a decision: why it does not take it, or nothing."""
    if why:
        _bring_back(connection, decided, why=why, today=today)
    else:
        _mark_delivered(connection, decided, today=today)


def _mark_delivered(connection: Connection, decided: _Decided, *, today: Today) -> None:
    values = {
        "credit_id": decided.credit_id,
        "attempt": decided.attempt,
        "at": today.clock.now(),
    }
    if connection.execute(sql.MARK_DELIVERED, values).rowcount:
        _record(connection, decided, {"delivered": 1}, today=today)


def _bring_back(connection: Connection, decided: _Decided, *, why: str, today: Today) -> None:
    """End an attempt: the pending transfers are voided, the parts wait again and say why."""
    connection.execute(sql.LOCK)
    ended = {
        "credit_id": decided.credit_id,
        "attempt": decided.attempt,
        "refusal": why[:LONGEST_DETAIL],
        "on": today.business_date,
    }
    if not connection.execute(sql.MARK_REFUSED, ended).rowcount:
        return
    parts = _hold(connection, [decided.credit_id])
    end = _End("voided", TransferKind.CREDIT_RETURN_VOIDED, today.business_date)
    _resolve(connection, [(part, decided, end) for part in parts], today=today)
    detail = f"The bank did not send it back. {why}"[:LONGEST_DETAIL]
    brought = {"credit_id": decided.credit_id, "reason": RETURN_REFUSED, "detail": detail}
    connection.execute(sql.BRING_BACK, brought)
    told = sorted({part.paying_party_id for part in parts if part.paying_party_id is not None})
    notices = [
        NewPayerNotice(
            payer,
            "credit-unmatched",
            f"Your payment {decided.credit_id} does not go back to your bank after all. It is kept"
            " for you with its collection date and waits: say what it pays. customhouse credits"
            " waiting lists it.",
            f"unmatched/{decided.credit_id}/{RETURN_REFUSED}/{decided.attempt}",
        )
        for payer in told
    ]
    payer_notices.put(connection, notices, created_on=today.business_date, clock=today.clock)
    _record(connection, decided, {"refused": 1}, today=today)


def take_news(connect: Connect, link: Returner, *, today: Today, step: str) -> int:
    """Hear which credits have gone back, a page a transaction, and post it on that day.

    ``step`` names the step of the day whose checkpoints the pages are. Gives how many were on no
    way back: they change nothing.
    """
    unmatched = 0
    with connect() as connection:
        row = connection.execute(sql.LAST_SEQUENCE).fetchone()
    last = row[0] if row is not None else 0
    while page := link.returned_after(last):
        with connect() as connection:
            figures = apply(connection, page, today=today)
            unmatched += figures.pop("unmatched")
            if figures["returned"]:
                chunk = checkpoints.Chunk(today.business_date, step, page[0].credit_id)
                checkpoints.record(connection, chunk, figures=figures, clock=today.clock)
        last = page[-1].sequence
    return unmatched


def apply(
    connection: Connection, page: Sequence[ReturnedCredit], *, today: Today
) -> dict[str, int]:
    """Take a page of returned credits once; give figures by name.

    What is not on its way back with that amount changes nothing and is counted as unmatched,
    unless it was taken before.
    """
    connection.execute(sql.LOCK)
    values = {"credit_ids": [each.credit_id for each in page]}
    with connection.cursor(row_factory=class_row(_Decided)) as cursor:
        rows = cursor.execute(sql.ON_THEIR_WAY, values).fetchall()
    decided = {(row.credit_id, row.amount_cents): row for row in rows}
    news = [each for each in page if (each.credit_id, each.amount_cents) in decided]
    parts = _hold(connection, [each.credit_id for each in news])
    of_credit = {each.credit_id: each for each in news}
    ends = []
    for part in parts:
        each = of_credit[part.credit_id]
        end = _End("posted", TransferKind.CREDIT_RETURNED, each.settled_on)
        ends.append((part, decided[(each.credit_id, each.amount_cents)], end))
    _resolve(connection, ends, today=today)
    returned = {
        "credit_ids": [each.credit_id for each in news],
        "sequences": [each.sequence for each in news],
        "settled_ons": [each.settled_on for each in news],
        "traces": [each.trace_number for each in news],
        "on": today.business_date,
    }
    connection.execute(sql.MARK_RETURNED, returned)
    connection.execute(sql.RETURN_PARTS, returned)
    known = {"sequences": [each.sequence for each in page]}
    unknown = len(page) - connection.execute(sql.KNOWN, known).rowcount
    cents = sum(each.amount_cents for each in news)
    return {"returned": len(news), "cents": cents, "unmatched": unknown}


@dataclass(frozen=True, slots=True)
class _End:
    """How a pending transfer ends: posted or voided, by which event, on which day."""

    outcome: Outcome
    kind: TransferKind
    on: date


def _hold(connection: Connection, credit_ids: Sequence[str]) -> list[_Held]:
    with connection.cursor(row_factory=class_row(_Held)) as cursor:
        return cursor.execute(sql.HOLD_RETURNING, {"credit_ids": list(credit_ids)}).fetchall()


def _resolve(
    connection: Connection, ends: Sequence[tuple[_Held, _Decided, _End]], *, today: Today
) -> None:
    resolutions = [
        Resolution(
            payer_id=part.payer_party_id,
            pending_kind=TransferKind.CREDIT_REFUSED,
            pending_ref=return_ref(part.part_id, decided.attempt),
            outcome=end.outcome,
            kind=end.kind,
            effective_on=end.on,
        )
        for part, decided, end in ends
    ]
    recorded_at = today.clock.now()
    transfers.resolve(connection, resolutions, recorded_at=recorded_at, actor=today.actor)


def _record(
    connection: Connection, decided: _Decided, figures: dict[str, int], *, today: Today
) -> None:
    key = f"{decided.credit_id}/{decided.attempt}"
    chunk = checkpoints.Chunk(today.business_date, PUSH_STEP, key)
    checkpoints.record(connection, chunk, figures=figures, clock=today.clock)


def listing(connection: Connection, *, most: int = MOST_LISTED) -> list[Leaving]:
    """Give what is on its way back, the oldest decision first."""
    with connection.cursor(row_factory=class_row(Leaving)) as cursor:
        return cursor.execute(sql.LISTING, {"most": most}).fetchall()
