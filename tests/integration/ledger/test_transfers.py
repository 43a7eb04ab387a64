"""Posting, resolving and correcting on a real database: each happens once, whole, and adds up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import psycopg
import pytest
from psycopg.rows import TupleRow

from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.balances import balance, pending, trial_balance
from customhouse.ledger.invariants import INVARIANTS, check
from customhouse.ledger.transfers import (
    AlreadyCorrected,
    AlreadyPosted,
    AlreadyResolved,
    Correction,
    NewTransfer,
    NotCorrectable,
    NotPending,
    Resolution,
    TransferKind,
    correct,
    post,
    resolve,
    transfers_of,
)

Connection = psycopg.Connection[TupleRow]

BROKER = 11
REF = "3927327001/1"
ACCEPTED_ON = date(2026, 11, 24)
SETTLED_ON = date(2026, 11, 25)
AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)

AUTHORIZED = NewTransfer(
    payer_id=BROKER,
    kind=TransferKind.DEBIT_AUTHORIZED,
    ref=REF,
    debit=AccountCode.DEBITS_IN_TRANSIT,
    credit=AccountCode.REVENUE,
    amount_cents=104_608,
    effective_on=ACCEPTED_ON,
    pending=True,
)
SETTLED = NewTransfer(
    payer_id=BROKER,
    kind=TransferKind.DEBIT_SETTLED,
    ref=REF,
    debit=AccountCode.TREASURY,
    credit=AccountCode.DEBITS_IN_TRANSIT,
    amount_cents=104_608,
    effective_on=SETTLED_ON,
)
RETURNED = NewTransfer(
    payer_id=BROKER,
    kind=TransferKind.DEBIT_RETURNED,
    ref=REF,
    debit=AccountCode.BILLS_RECEIVABLE,
    credit=AccountCode.TREASURY,
    amount_cents=104_608,
    effective_on=date(2026, 11, 27),
)
POSTED = Resolution(
    payer_id=BROKER,
    pending_kind=TransferKind.DEBIT_AUTHORIZED,
    pending_ref=REF,
    outcome="posted",
    kind=TransferKind.DEBIT_POSTED,
    effective_on=ACCEPTED_ON,
)
VOIDED = replace(POSTED, outcome="voided", kind=TransferKind.DEBIT_VOIDED)


def posting(connection: Connection, *transfers: NewTransfer) -> None:
    post(connection, transfers, recorded_at=AT, actor=1)


def resolving(connection: Connection, resolutions: Sequence[Resolution]) -> None:
    resolve(connection, resolutions, recorded_at=AT, actor=1)


def settle(connection: Connection) -> None:
    posting(connection, AUTHORIZED)
    resolving(connection, [POSTED])
    posting(connection, SETTLED)


def test_an_authorized_debit_is_pending_and_in_no_balance(agency_connection: Connection) -> None:
    posting(agency_connection, AUTHORIZED)
    assert pending(agency_connection, AccountCode.REVENUE) == 104_608
    assert pending(agency_connection, AccountCode.DEBITS_IN_TRANSIT, payer_id=BROKER) == 104_608
    assert pending(agency_connection, AccountCode.REVENUE, payer_id=BROKER + 1) == 0
    assert balance(agency_connection, AccountCode.REVENUE) == 0


def test_a_settled_debit_is_revenue_from_its_acceptance(agency_connection: Connection) -> None:
    settle(agency_connection)
    assert pending(agency_connection, AccountCode.REVENUE) == 0
    assert balance(agency_connection, AccountCode.TREASURY) == 104_608
    assert balance(agency_connection, AccountCode.TREASURY, as_of=ACCEPTED_ON) == 0
    assert balance(agency_connection, AccountCode.REVENUE, as_of=ACCEPTED_ON) == 104_608
    assert balance(agency_connection, AccountCode.DEBITS_IN_TRANSIT, payer_id=BROKER) == 0
    assert check(agency_connection, INVARIANTS) == []


def test_a_return_after_settlement_is_a_claim_and_revenue_stays(
    agency_connection: Connection,
) -> None:
    settle(agency_connection)
    posting(agency_connection, RETURNED)
    assert balance(agency_connection, AccountCode.TREASURY, payer_id=BROKER) == 0
    assert balance(agency_connection, AccountCode.BILLS_RECEIVABLE, payer_id=BROKER) == 104_608
    assert balance(agency_connection, AccountCode.REVENUE, payer_id=BROKER) == 104_608
    assert check(agency_connection, INVARIANTS) == []


def test_a_voided_debit_counts_nowhere(agency_connection: Connection) -> None:
    posting(agency_connection, AUTHORIZED)
    resolving(agency_connection, [VOIDED])
    assert all(
        (each.balance_cents, each.pending_cents) == (0, 0)
        for each in trial_balance(agency_connection)
    )
    assert check(agency_connection, INVARIANTS) == []


def test_both_sides_of_the_trial_balance_are_equal(agency_connection: Connection) -> None:
    settle(agency_connection)
    posting(agency_connection, replace(AUTHORIZED, ref="3927327002/1", amount_cents=5))
    lines = trial_balance(agency_connection)
    assert [each.account for each in lines] == list(AccountCode)
    assert sum(each.debit_cents for each in lines) == 2 * 104_608
    assert sum(each.credit_cents for each in lines) == 2 * 104_608
    assert sum(each.pending_debit_cents for each in lines) == 5
    assert sum(each.pending_credit_cents for each in lines) == 5
    before = trial_balance(agency_connection, as_of=date(2026, 11, 23))
    assert sum(each.debit_cents + each.pending_debit_cents for each in before) == 0


def test_an_event_posts_once(agency_connection: Connection) -> None:
    posting(agency_connection, AUTHORIZED)
    with pytest.raises(AlreadyPosted, match=REF):
        posting(agency_connection, replace(AUTHORIZED, amount_cents=1))


@pytest.mark.parametrize("second", [POSTED, VOIDED])
def test_a_pending_transfer_ends_once(agency_connection: Connection, second: Resolution) -> None:
    posting(agency_connection, AUTHORIZED)
    resolving(agency_connection, [replace(VOIDED if second is POSTED else POSTED)])
    with pytest.raises(AlreadyResolved):
        resolving(agency_connection, [second])


def test_only_a_pending_transfer_can_end(agency_connection: Connection) -> None:
    settle(agency_connection)
    of_posted = replace(POSTED, pending_kind=TransferKind.DEBIT_SETTLED)
    with pytest.raises(NotPending, match="kind 2"):
        resolving(agency_connection, [of_posted])
    with pytest.raises(NotPending, match="payer 12"):
        resolving(agency_connection, [replace(POSTED, payer_id=12)])
    assert len(transfers_of(agency_connection, BROKER)) == 3


def test_a_correction_takes_back_once(agency_connection: Connection) -> None:
    settle(agency_connection)
    settled = transfers_of(agency_connection, BROKER)[-1]
    taken_back = Correction(BROKER, settled.id, ref="C-1", effective_on=SETTLED_ON)
    correct(agency_connection, [taken_back], recorded_at=AT, actor=2)
    last = transfers_of(agency_connection, BROKER)[-1]
    assert (last.debit, last.credit, last.reverses) == (settled.credit, settled.debit, settled.id)
    assert balance(agency_connection, AccountCode.TREASURY) == 0
    assert check(agency_connection, INVARIANTS) == []
    with pytest.raises(AlreadyCorrected):
        correct(agency_connection, [replace(taken_back, ref="C-2")], recorded_at=AT, actor=2)


def test_neither_a_pending_transfer_nor_a_correction_is_corrected(
    agency_connection: Connection,
) -> None:
    settle(agency_connection)
    rows = transfers_of(agency_connection, BROKER)
    correct(
        agency_connection,
        [Correction(BROKER, rows[-1].id, ref="C-1", effective_on=SETTLED_ON)],
        recorded_at=AT,
        actor=2,
    )
    correction = transfers_of(agency_connection, BROKER)[-1]
    for row in (rows[0], correction):
        again = Correction(BROKER, row.id, ref="C-2", effective_on=SETTLED_ON)
        with pytest.raises(NotCorrectable):
            correct(agency_connection, [again], recorded_at=AT, actor=2)


def test_ten_thousand_debits_go_through_in_one_batch(agency_connection: Connection) -> None:
    refs = [f"3927{number:06d}/1" for number in range(10_000)]
    posting(agency_connection, *(replace(AUTHORIZED, ref=ref) for ref in refs))
    resolving(agency_connection, [replace(POSTED, pending_ref=ref) for ref in refs])
    assert balance(agency_connection, AccountCode.REVENUE) == 10_000 * 104_608
    assert pending(agency_connection, AccountCode.REVENUE) == 0


def test_nothing_to_do_does_nothing(agency_connection: Connection) -> None:
    posting(agency_connection)
    resolving(agency_connection, [])
    correct(agency_connection, [], recorded_at=AT, actor=1)
    assert transfers_of(agency_connection, BROKER) == []
