"""Posting to the ledger: new transfers, the end of pending ones, corrections.

Everything takes a batch and is a few statements whatever its size. Nothing here commits: a posting
belongs to the transaction of the decision it records. After a fault of this module that transaction
can only be rolled back. Rows are never changed or removed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Literal

from psycopg import Connection
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from customhouse.ledger import transfers_store as sql
from customhouse.ledger.accounts import AccountCode
from customhouse.money import MAX_TOTAL_CENTS

Status = Literal["pending", "posted", "voided"]
Outcome = Literal["posted", "voided"]
MAX_REF_LENGTH = 60


class TransferKind(IntEnum):
    """The business event behind a transfer; the constraint transfer_kind says what each posts."""

    DEBIT_AUTHORIZED = 1
    DEBIT_SETTLED = 2
    DEBIT_VOIDED = 3
    DEBIT_RETURNED = 4
    DEBIT_POSTED = 5
    RETURN_DISPUTED = 6
    DISPUTE_WON = 7
    DISPUTE_LOST = 8
    CORRECTION = 9
    CREDIT_RECEIVED = 10
    CREDIT_APPLIED = 11
    CREDIT_REFUNDABLE = 12
    CREDIT_RETURNED = 13
    CREDIT_REFUSED = 14
    CREDIT_RETURN_VOIDED = 15


class LedgerFault(Exception):
    """A posting that the ledger refuses: a fault of the program, or the loser of a race."""


class AlreadyPosted(LedgerFault):
    """The event was posted before: its payer, kind and ref are on the books."""


class AlreadyResolved(LedgerFault):
    """The pending transfer was posted or voided before."""


class AlreadyCorrected(LedgerFault):
    """The transfer was taken back before."""


class NotPending(LedgerFault):
    """There is no pending transfer of that payer, kind and ref."""


class NotCorrectable(LedgerFault):
    """There is no such posted transfer, or it is itself a correction."""


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """A transfer to post: ``amount_cents`` whole cents from ``credit`` to ``debit``.

    ``ref`` is the natural key of the event (document number and attempt): the same payer, kind
    and ref post once. Raises ValueError or TypeError when a value does not fit its column.
    """

    payer_id: int
    kind: TransferKind
    ref: str
    debit: AccountCode
    credit: AccountCode
    amount_cents: int
    effective_on: date
    pending: bool = False

    def __post_init__(self) -> None:
        if type(self.amount_cents) is not int:
            found = type(self.amount_cents).__name__
            raise TypeError(f"an amount is whole cents in an int, not {found}")
        if not 1 <= self.amount_cents <= MAX_TOTAL_CENTS:
            raise ValueError(f"{self.amount_cents} cents are not from 1 to {MAX_TOTAL_CENTS}")
        if self.debit == self.credit:
            raise ValueError(f"debit and credit are both {self.debit}")
        if not 1 <= len(self.ref) <= MAX_REF_LENGTH:
            raise ValueError(f"a ref has 1 to {MAX_REF_LENGTH} characters, not {len(self.ref)}")


@dataclass(frozen=True, slots=True)
class Resolution:
    """The end of one pending transfer, named by its payer, kind and ref.

    The new row has ``kind`` and the pending one's ref, sides and amount; it counts on
    ``effective_on`` when posted and nowhere when voided.
    """

    payer_id: int
    pending_kind: TransferKind
    pending_ref: str
    outcome: Outcome
    kind: TransferKind
    effective_on: date


@dataclass(frozen=True, slots=True)
class Correction:
    """The taking back of one posted transfer; ``ref`` names the correction itself."""

    payer_id: int
    transfer_id: int
    ref: str
    effective_on: date


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer as it stands on the books."""

    payer_id: int
    id: int
    kind: int
    ref: str
    debit: str
    credit: str
    amount_cents: int
    status: Status
    settles: int | None
    reverses: int | None
    effective_on: date
    recorded_at: datetime
    actor: int


def post(
    connection: Connection,
    transfers: Sequence[NewTransfer],
    *,
    recorded_at: datetime,
    actor: int,
) -> None:
    """Post transfers; raise AlreadyPosted when one of their events is on the books already."""
    if not transfers:
        return
    with posting_once():
        connection.execute(
            sql.INSERT_TRANSFERS, values_to_post(transfers, recorded_at=recorded_at, actor=actor)
        )


def values_to_post(
    transfers: Sequence[NewTransfer], *, recorded_at: datetime, actor: int
) -> dict[str, object]:
    """Give the parameters of INSERT_TRANSFERS: ``transfers``, ``recorded_at`` and ``actor``.

    For ``post``, and for a statement that holds that one as a part, run in ``posting_once``.
    """
    rows = [
        {
            "payer_id": each.payer_id,
            "kind": int(each.kind),
            "ref": each.ref,
            "debit": each.debit.value,
            "credit": each.credit.value,
            "cents": each.amount_cents,
            "status": "pending" if each.pending else "posted",
            "effective_on": each.effective_on.isoformat(),
        }
        for each in transfers
    ]
    return {"transfers": json.dumps(rows), "recorded_at": recorded_at, "actor": actor}


def resolve(
    connection: Connection,
    resolutions: Sequence[Resolution],
    *,
    recorded_at: datetime,
    actor: int,
) -> None:
    """Post or void pending transfers, each at most once.

    Of two transactions that resolve the same one, the second waits for the first and raises
    AlreadyResolved if that commits. Raises NotPending when a named transfer does not exist or was
    never pending.
    """
    if not resolutions:
        return
    values = {
        "payers": [each.payer_id for each in resolutions],
        "pending_kinds": [int(each.pending_kind) for each in resolutions],
        "pending_refs": [each.pending_ref for each in resolutions],
        "kinds": [int(each.kind) for each in resolutions],
        "statuses": [each.outcome for each in resolutions],
        "effective_ons": [each.effective_on for each in resolutions],
        "recorded_at": recorded_at,
        "actor": actor,
    }
    named = {name: values[name] for name in ("payers", "pending_kinds", "pending_refs")}
    missing = connection.execute(sql.FIND_NOT_PENDING, named).fetchall()
    if missing:
        payer_id, kind, ref = missing[0]
        raise NotPending(
            f"payer {payer_id} has no pending transfer of kind {kind} and ref {ref!r}"
            f" ({len(missing)} of {len(resolutions)} are missing)"
        )
    with posting_once():
        connection.execute(sql.INSERT_RESOLUTIONS, values)


def correct(
    connection: Connection,
    corrections: Sequence[Correction],
    *,
    recorded_at: datetime,
    actor: int,
) -> None:
    """Take back posted transfers, each at most once, by others with their sides swapped.

    Raises AlreadyCorrected when one was taken back before, AlreadyPosted when its payer has a
    correction of that ref, NotCorrectable when there is no such posted transfer.
    """
    if not corrections:
        return
    values = {
        "payers": [each.payer_id for each in corrections],
        "transfers": [each.transfer_id for each in corrections],
        "refs": [each.ref for each in corrections],
        "effective_ons": [each.effective_on for each in corrections],
        "kind": int(TransferKind.CORRECTION),
        "recorded_at": recorded_at,
        "actor": actor,
    }
    named = {name: values[name] for name in ("payers", "transfers")}
    missing = connection.execute(sql.FIND_NOT_CORRECTABLE, named).fetchall()
    if missing:
        payer_id, transfer_id = missing[0]
        raise NotCorrectable(f"payer {payer_id} has no posted transfer {transfer_id} to correct")
    with posting_once():
        connection.execute(sql.INSERT_CORRECTIONS, values)


def transfers_of(connection: Connection, payer_id: int) -> list[Transfer]:
    """Give one payer's transfers in the order in which they were recorded."""
    with connection.cursor(row_factory=class_row(Transfer)) as cursor:
        return cursor.execute(sql.TRANSFERS_OF_PAYER, {"payer_id": payer_id}).fetchall()


@contextmanager
def posting_once() -> Iterator[None]:
    """Turn the database's guards of once-only into faults with the ledger's words."""
    faults: dict[str | None, type[LedgerFault]] = {
        "transfer_once": AlreadyPosted,
        "transfer_settled_once": AlreadyResolved,
        "transfer_reversed_once": AlreadyCorrected,
    }
    try:
        yield
    except UniqueViolation as error:
        fault = faults.get(error.diag.constraint_name)
        if fault is None:
            raise
        raise fault(error.diag.message_detail or str(error)) from error
