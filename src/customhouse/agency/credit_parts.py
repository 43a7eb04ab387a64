"""The parts of incoming credits: money with one owner, one reason to wait and one end.

Adds parts with their receipts in the ledger, and moves money from one owner to others: the old
receipt is corrected, the new ones keep its collection date (CRD-07). What a part pays is decided
in credit_pools; who decides by hand is the desk's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_parts_store as sql
from customhouse.clock import Clock
from customhouse.ledger import transfers
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import Correction, NewTransfer, TransferKind

SYSTEM_ACTOR = 0
LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Money that waits: cents, its owner in the ledger, who pushed it, and what was read.

    ``part_id`` is unique among all parts; ``since_on`` None stands for today.
    """

    payer_party_id: int
    part_id: str
    company_identification: str
    credit_id: str
    position: int
    amount_cents: int
    collected_on: date
    reason: str
    paying_party_id: int | None = None
    detail: str = ""
    payer_identifier: str = ""
    type_code: str = ""
    document_number: str = ""
    notes: Sequence[str] = field(default=())
    filer_code: str | None = None
    statement_number: str | None = None
    matched_by: str = ""
    state: str = "unapplied"
    since_on: date | None = None

    @property
    def document(self) -> tuple[str, str] | None:
        """Give filer code and number of the statement that it is for, None while unknown."""
        if self.filer_code is None or self.statement_number is None:
            return None
        return (self.filer_code, self.statement_number)


_NAMES = tuple(each.name for each in fields(Part))
_values_of = attrgetter(*_NAMES)


@dataclass(frozen=True, slots=True)
class End:
    """What became of a part: so many cents paid its statement, so many are owed back."""

    applied_cents: int
    refundable_cents: int

    @property
    def state(self) -> str:
        """Give the state that the part is in then."""
        if self.applied_cents:
            return "applied"
        return "refundable" if self.refundable_cents else "unapplied"


WAITS: Final = End(0, 0)
NO_ENDS: Final[Mapping[str, End]] = MappingProxyType({})


class PartGone(Exception):
    """A part is not there or no longer unapplied: somebody was faster."""


@dataclass(frozen=True, slots=True)
class Today:
    """The business date of a decision, the clock that stamps it and who decides: 0 nobody."""

    business_date: date
    clock: Clock
    actor: int = SYSTEM_ACTOR


def agency_party(connection: Connection) -> int:
    """Give the agency's own party, the owner of money that nobody is known for."""
    row = connection.execute(sql.AGENCY_PARTY).fetchone()
    if row is None:
        row = connection.execute(sql.MAKE_AGENCY_PARTY).fetchone()
    if row is None:
        raise RuntimeError("the agency's own party cannot be made")
    return int(row[0])


def add(
    connection: Connection,
    parts: Sequence[Part],
    *,
    today: Today,
    ends: Mapping[str, End] = NO_ENDS,
) -> None:
    """Add parts, each with its receipt on the collection date.

    They wait, but for those whose end is known already, by part: what that posts is the caller's.
    """
    if not parts:
        return
    receipts = [
        NewTransfer(
            payer_id=part.payer_party_id,
            kind=TransferKind.CREDIT_RECEIVED,
            ref=part.part_id,
            debit=AccountCode.TREASURY,
            credit=AccountCode.UNAPPLIED_CREDITS,
            amount_cents=part.amount_cents,
            effective_on=part.collected_on,
        )
        for part in parts
    ]
    recorded_at = today.clock.now()
    transfers.post(connection, receipts, recorded_at=recorded_at, actor=today.actor)
    rows = json.dumps(
        [_row(part, ends.get(part.part_id, WAITS)) for part in parts], default=date.isoformat
    )
    connection.execute(sql.ADD, {"parts": rows, "today": today.business_date})


def _row(part: Part, end: End) -> dict[str, object]:
    # asdict would copy each value deeply, which took a third of the time of a page.
    row = dict(zip(_NAMES, _values_of(part), strict=True))
    row["state"] = end.state
    row["applied_cents"], row["refundable_cents"] = end.applied_cents, end.refundable_cents
    return row


def hold(connection: Connection, keys: Sequence[tuple[int, str]]) -> list[Part]:
    """Lock parts by owner and id, and give them as they stand; those that are not there are left.

    Lock the statements that they are for first.
    """
    values = {
        "payers": [payer for payer, _ in keys],
        "part_ids": [part_id for _, part_id in keys],
    }
    with connection.cursor(row_factory=class_row(Part)) as cursor:
        return cursor.execute(sql.HOLD, values).fetchall()


def assign(connection: Connection, parts: Sequence[Part]) -> None:
    """Record the statement, and how it was found, of parts whose owner stays."""
    values = {
        "payers": [part.payer_party_id for part in parts],
        "part_ids": [part.part_id for part in parts],
        "filer_codes": [part.filer_code for part in parts],
        "statements": [part.statement_number for part in parts],
        "matched": [part.matched_by[:LONGEST_DETAIL] for part in parts],
    }
    connection.execute(sql.ASSIGN, values)


def move(connection: Connection, part: Part, shares: Sequence[Part], *, today: Today) -> list[Part]:
    """Replace a held, unapplied part by shares of it, under whatever owners; give them numbered.

    The shares must come to the part's cents. Each gets the part's id with its number behind, and
    keeps credit, place, age and collection date. Raises PartGone when the part was used meanwhile.
    """
    if sum(share.amount_cents for share in shares) != part.amount_cents:
        raise ValueError("the shares of a part do not come to its amount")
    keys = {"payers": [part.payer_party_id], "part_ids": [part.part_id]}
    moved = connection.execute(sql.MARK_MOVED, {**keys, "closed_on": today.business_date})
    receipt = connection.execute(sql.RECEIPTS, keys).fetchone()
    if moved.rowcount != 1 or receipt is None:
        raise PartGone(part.part_id)
    correction = Correction(
        payer_id=part.payer_party_id,
        transfer_id=receipt[2],
        ref=f"{part.part_id}/moved",
        effective_on=part.collected_on,
    )
    transfers.correct(connection, [correction], recorded_at=today.clock.now(), actor=today.actor)
    numbered = [
        replace(
            share,
            part_id=f"{part.part_id}.{number}",
            company_identification=part.company_identification,
            credit_id=part.credit_id,
            position=part.position,
            collected_on=part.collected_on,
            since_on=part.since_on,
        )
        for number, share in enumerate(shares, 1)
    ]
    add(connection, numbered, today=today)
    return numbered
