"""Settles what waits for statements: applies it, or says what is missing, or what goes back.

Locks the statements in key order, as whoever authorizes their payment does, then loads, judges
(credit_matching) and records everything in the caller's transaction. Called when payments arrive,
when an officer has assigned one, and once a day for statements that changed meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date

from psycopg import Connection

from customhouse.agency import credit_balances, credit_matching, credit_notices, credit_parts
from customhouse.agency import credit_pools_store as sql
from customhouse.agency.credit_matching import Payable, Settlement, Use, Waiting
from customhouse.agency.credit_parts import End, Part, Today
from customhouse.ledger import transfers
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import NewTransfer, TransferKind

Connect = Callable[[], AbstractContextManager[Connection]]
Key = tuple[str, str]

STATEMENTS_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of the statements: which are paid now, and what each settlement was."""

    settlements: dict[Key, Settlement] = field(default_factory=dict)
    payables: dict[Key, Payable] = field(default_factory=dict)

    @property
    def paid(self) -> list[Key]:
        """Give filer code and number of each statement that was paid."""
        return [key for key, each in self.settlements.items() if each.paid_on is not None]

    @property
    def uses(self) -> list[tuple[Payable, Use]]:
        """Give every use of a part, with its statement."""
        return [
            (self.payables[key], use) for key, each in self.settlements.items() for use in each.uses
        ]


def settle(
    connection: Connection, keys: Iterable[Key], *, today: Today, by_hand: bool = False
) -> Settled:
    """Settle what waits for statements, by filer code and number; run again it changes nothing.

    ``by_hand``: an officer applied something, so that finals go out behind today and not behind
    the collection date (CRD-03). Tells the payers what is missing and what goes back.
    """
    settled = judge(connection, keys)
    known_on = today.business_date if by_hand else None
    _record(connection, settled, today=today, known_on=known_on)
    credit_notices.tell_settled(connection, settled.payables, settled.settlements, today=today)
    return settled


def arrive(connection: Connection, parts: Sequence[Part], *, today: Today) -> Settled:
    """Add parts that arrived and settle their statements, as ``settle`` would behind that.

    A part that simply pays is written once, and not first as one that waits.
    """
    keys = [part.document for part in parts if part.document is not None]
    settled = judge(connection, keys, arriving=parts)
    ends = {
        use.part.part_id: End(use.applied_cents, use.refundable_cents) for _, use in settled.uses
    }
    credit_parts.add(connection, parts, today=today, ends=ends)
    _record(
        connection, settled, today=today, known_on=None, written={part.part_id for part in parts}
    )
    credit_notices.tell_settled(connection, settled.payables, settled.settlements, today=today)
    return settled


def judge(connection: Connection, keys: Iterable[Key], *, arriving: Sequence[Part] = ()) -> Settled:
    """Lock statements and what waits for them, and judge it; records nothing.

    ``arriving`` are parts for those statements that are not on file yet.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return Settled()
    values = {"keys": _spelled(wanted)}
    rows = connection.execute(sql.LOCK, values).fetchall()
    billed = set(connection.execute(sql.BILLED, values))
    waiting: dict[Key, list[Waiting]] = {}
    for filer_code, number, *part in connection.execute(sql.WAITING, values):
        waiting.setdefault((filer_code, number), []).append(Waiting(*part))
    for each in arriving:
        if each.document is not None:
            waiting.setdefault(each.document, []).append(_waiting(each))
    payables = {
        (filer_code, number): Payable(
            filer_code=filer_code,
            statement_number=number,
            payer_party_id=payer_party_id,
            state=state,
            total_cents=total_cents,
            billed=(filer_code, number) in billed,
            paid_on=paid_on,
        )
        for filer_code, number, payer_party_id, state, total_cents, paid_on in rows
    }
    settlements = {
        key: credit_matching.settle(payables[key], parts)
        for key, parts in waiting.items()
        if key in payables
    }
    return Settled(settlements, payables)


def settle_ripe(connect: Connect, *, today: Today) -> int:
    """Settle the statements that changed while something waited; give how many.

    An entry that was taken off may make enough what was too little; a debit that was authorized
    makes it a second payment. Where it is still too little, the new balance due is told (CRD-06).
    """
    done = 0
    while True:
        with connect() as connection:
            keys = connection.execute(sql.RIPE, {"limit": STATEMENTS_AT_ONCE}).fetchall()
            settled = settle(connection, keys, today=today)
        if not settled.uses:
            break
        done += len(settled.settlements)
    told: set[Key] = set()
    while True:
        with connect() as connection:
            untold = set(credit_balances.untold(connection, limit=STATEMENTS_AT_ONCE)) - told
            settle(connection, untold, today=today)
        if not untold:
            return done
        # Each is looked at once: whatever keeps one from being told does not hold up the day.
        told |= untold


def missing(connection: Connection, keys: Iterable[Key]) -> dict[Key, int]:
    """Give the cents that are still to come, for those statements for which something waits."""
    wanted = list(keys)
    values = {"keys": _spelled(wanted)}
    return {
        (filer_code, number): cents
        for filer_code, number, cents in connection.execute(sql.MISSING, values)
    }


def refund(connection: Connection, parts: Sequence[Part], *, today: Today) -> None:
    """Owe parts back to who pushed them, as an officer decided; whole parts, held before."""
    uses = [
        (
            _nothing_payable(part),
            Use(
                part=_waiting(part),
                applied_cents=0,
                refundable_cents=part.amount_cents,
                cause="officer",
                effective_on=today.business_date,
            ),
        )
        for part in parts
    ]
    _record_uses(connection, uses, today=today)


def _spelled(keys: Iterable[Key]) -> str:
    """Give keys of statements as JSON, which costs the driver half of what arrays do."""
    return json.dumps([{"filer_code": filer, "number": number} for filer, number in keys])


def _waiting(part: Part) -> Waiting:
    return Waiting(
        payer_party_id=part.payer_party_id,
        part_id=part.part_id,
        amount_cents=part.amount_cents,
        collected_on=part.collected_on,
        paying_party_id=part.paying_party_id,
    )


def _nothing_payable(part: Part) -> Payable:
    return Payable(
        filer_code=part.filer_code or "",
        statement_number=part.statement_number or "",
        payer_party_id=part.payer_party_id,
        state="",
        total_cents=0,
        billed=False,
        paid_on=None,
    )


def _record(
    connection: Connection,
    settled: Settled,
    *,
    today: Today,
    known_on: date | None,
    written: Set[str] = frozenset(),
) -> None:
    _record_uses(connection, settled.uses, today=today, written=written)
    paid = [
        (key, each.paid_on) for key, each in settled.settlements.items() if each.paid_on is not None
    ]
    if not paid:
        return
    rows = [
        {
            "filer_code": filer_code,
            "number": number,
            "paid_on": paid_on.isoformat(),
            "known_on": (known_on or paid_on).isoformat(),
        }
        for (filer_code, number), paid_on in paid
    ]
    values = {"paid": json.dumps(rows)}
    connection.execute(sql.PAY, values)
    if any(settled.payables[key].billed for key, _ in paid):
        connection.execute(sql.CLOSE_BILLS, values)


def _record_uses(
    connection: Connection,
    uses: Sequence[tuple[Payable, Use]],
    *,
    today: Today,
    written: Set[str] = frozenset(),
) -> None:
    """Post what uses come to, and write it to their parts but for those where it stands already."""
    if not uses:
        return
    posted = [transfer for payable, use in uses for transfer in _transfers(payable, use)]
    transfers.post(connection, posted, recorded_at=today.clock.now(), actor=today.actor)
    before = [use for _, use in uses if use.part.part_id not in written]
    if before:
        connection.execute(
            sql.USE,
            {
                "payers": [use.part.payer_party_id for use in before],
                "part_ids": [use.part.part_id for use in before],
                "applied": [use.applied_cents for use in before],
                "refundable": [use.refundable_cents for use in before],
                "closed_on": today.business_date,
            },
        )
    owed = [(payable, use) for payable, use in uses if use.refundable_cents]
    if owed:
        connection.execute(sql.CLAIM, _claims(owed))


def _claims(owed: Sequence[tuple[Payable, Use]]) -> dict[str, object]:
    return {
        "payers": [use.part.payer_party_id for _, use in owed],
        "part_ids": [use.part.part_id for _, use in owed],
        "payees": [use.part.paying_party_id or use.part.payer_party_id for _, use in owed],
        "cents": [use.refundable_cents for _, use in owed],
        "causes": [use.cause for _, use in owed],
        "filer_codes": [payable.filer_code or None for payable, _ in owed],
        "numbers": [payable.statement_number or None for payable, _ in owed],
        "claimed_ons": [use.effective_on for _, use in owed],
    }


def _transfers(payable: Payable, use: Use) -> list[NewTransfer]:
    """Give what a use posts: what pays the statement, and what is owed back."""
    earned = AccountCode.BILLS_RECEIVABLE if payable.billed else AccountCode.REVENUE
    found = [
        (TransferKind.CREDIT_APPLIED, earned, use.applied_cents),
        (TransferKind.CREDIT_REFUNDABLE, AccountCode.REFUNDS_PAYABLE, use.refundable_cents),
    ]
    return [
        NewTransfer(
            payer_id=use.part.payer_party_id,
            kind=kind,
            ref=use.part.part_id,
            debit=AccountCode.UNAPPLIED_CREDITS,
            credit=account,
            amount_cents=cents,
            effective_on=use.effective_on,
        )
        for kind, account, cents in found
        if cents
    ]
