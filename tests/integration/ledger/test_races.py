"""Races and deaths: two processes at one ledger, and a backend killed in the middle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from queue import Queue
from threading import Barrier as ThreadBarrier
from threading import Thread

import psycopg
import pytest
from psycopg.errors import AdminShutdown, DeadlockDetected

from customhouse import database
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.balances import balance, pending
from customhouse.ledger.invariants import INVARIANTS, check
from customhouse.ledger.transfers import (
    AlreadyPosted,
    AlreadyResolved,
    NewTransfer,
    Outcome,
    Resolution,
    TransferKind,
    post,
    resolve,
    transfers_of,
)
from customhouse.settings import Settings

PAYER = 7
ON = date(2026, 11, 24)
AT = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
ROUNDS = 10


def authorized(ref: str) -> NewTransfer:
    """Give a pending debit of one dollar."""
    return NewTransfer(
        payer_id=PAYER,
        kind=TransferKind.DEBIT_AUTHORIZED,
        ref=ref,
        debit=AccountCode.DEBITS_IN_TRANSIT,
        credit=AccountCode.REVENUE,
        amount_cents=100,
        effective_on=ON,
        pending=True,
    )


def resolution(ref: str, outcome: Outcome) -> Resolution:
    """End that debit one way or the other."""
    posted = outcome == "posted"
    return Resolution(
        payer_id=PAYER,
        pending_kind=TransferKind.DEBIT_AUTHORIZED,
        pending_ref=ref,
        outcome=outcome,
        kind=TransferKind.DEBIT_POSTED if posted else TransferKind.DEBIT_VOIDED,
        effective_on=ON,
    )


def race(work: Callable[..., None], settings: Settings, arguments: list[object]) -> list[str]:
    """Run work in as many processes as there are arguments, from one barrier; give outcomes."""
    context = get_context("spawn")
    barrier, outcomes = context.Barrier(len(arguments)), context.Queue()
    workers = [
        context.Process(
            target=work,
            args=(settings, argument),
            kwargs={"barrier": barrier, "outcomes": outcomes},
        )
        for argument in arguments
    ]
    for worker in workers:
        worker.start()
    told = [outcomes.get(timeout=60) for _ in range(len(arguments) * ROUNDS)]
    for worker in workers:
        worker.join(30)
    outcomes.close()
    outcomes.join_thread()
    return told


def resolve_often(
    settings: Settings, outcome: Outcome, *, barrier: Barrier, outcomes: Queue[str]
) -> None:
    """Try to end each pending debit, all processes at the same moment."""
    with database.connect(settings, "agency") as connection:
        for number in range(ROUNDS):
            barrier.wait(30)
            try:
                with connection.transaction():
                    ending = [resolution(f"R{number}/1", outcome)]
                    resolve(connection, ending, recorded_at=AT, actor=1)
                outcomes.put(outcome)
            except AlreadyResolved:
                outcomes.put("lost")


def post_often(settings: Settings, actor: int, *, barrier: Barrier, outcomes: Queue[str]) -> None:
    """Try to post the same events, all processes at the same moment."""
    with database.connect(settings, "agency") as connection:
        for number in range(ROUNDS):
            barrier.wait(30)
            try:
                with connection.transaction():
                    post(connection, [authorized(f"P{number}/1")], recorded_at=AT, actor=actor)
                outcomes.put("won")
            except AlreadyPosted:
                outcomes.put("lost")


def test_of_two_that_end_a_pending_transfer_exactly_one_wins(settings: Settings) -> None:
    with database.connect(settings, "agency") as connection:
        debits = [authorized(f"R{number}/1") for number in range(ROUNDS)]
        post(connection, debits, recorded_at=AT, actor=1)
    told = race(resolve_often, settings, ["posted", "voided"])
    assert told.count("lost") == ROUNDS
    with database.connect(settings, "agency") as connection:
        assert pending(connection, AccountCode.REVENUE) == 0
        assert balance(connection, AccountCode.REVENUE) == 100 * told.count("posted")
        assert check(connection, INVARIANTS) == []


def test_of_four_that_post_one_event_exactly_one_wins(settings: Settings) -> None:
    told = race(post_often, settings, [1, 2, 3, 4])
    assert told.count("won") == ROUNDS
    with database.connect(settings, "agency") as connection:
        assert len(transfers_of(connection, PAYER)) == ROUNDS


def test_a_transaction_whose_backend_is_killed_vanishes_whole(settings: Settings) -> None:
    with (
        database.connect(settings, "agency") as kept,
        database.connect(settings, "agency", role="administrator") as administrator,
    ):
        victim = database.connect(settings, "agency")
        try:
            post(victim, [authorized("K1/1"), authorized("K2/1")], recorded_at=AT, actor=1)
            resolve(victim, [resolution("K1/1", "posted")], recorded_at=AT, actor=1)
            administrator.execute("select pg_terminate_backend(%s)", [victim.info.backend_pid])
            with pytest.raises(AdminShutdown):
                post(victim, [authorized("K3/1")], recorded_at=AT, actor=1)
        finally:
            victim.close()
        assert transfers_of(kept, PAYER) == []


def test_work_that_lost_a_deadlock_is_done_again_whole(settings: Settings) -> None:
    with database.connect(settings, "agency", role="owner") as owner:
        owner.execute("create table place (id int primary key, visits int not null)")
        owner.execute("insert into place values (1, 0), (2, 0)")
        database.grant_application(owner)
    attempts: Queue[int] = Queue()
    meeting = ThreadBarrier(2)
    threads = [
        Thread(
            target=visit, args=(settings, order), kwargs={"meeting": meeting, "attempts": attempts}
        )
        for order in ((1, 2), (2, 1))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with database.connect(settings, "agency") as connection:
        visits = connection.execute("select visits from place order by id").fetchall()
    assert visits == [(2,), (2,)]
    assert sorted(attempts.get_nowait() for _ in threads) == [1, 2]


def visit(
    settings: Settings,
    order: tuple[int, int],
    *,
    meeting: ThreadBarrier,
    attempts: Queue[int],
) -> None:
    """Visit two places in an order; at first only once both visitors hold their first place."""
    tried = 0

    def work() -> None:
        nonlocal tried
        tried += 1
        with database.connect(settings, "agency") as connection:
            for place in order:
                connection.execute("update place set visits = visits + 1 where id = %s", [place])
                if tried == 1 and place == order[0]:
                    meeting.wait(30)

    database.retrying(work)
    attempts.put(tried)


def test_work_that_always_loses_ends_in_the_databases_own_fault() -> None:
    waits: list[float] = []

    def work() -> None:
        raise DeadlockDetected("always")

    with pytest.raises(DeadlockDetected):
        database.retrying(work, attempts=3, sleep=waits.append)
    assert len(waits) == 2


def test_another_fault_is_not_tried_again() -> None:
    calls: list[int] = []

    def work() -> None:
        calls.append(1)
        raise psycopg.errors.CheckViolation("wrong")

    with pytest.raises(psycopg.errors.CheckViolation):
        database.retrying(work)
    assert calls == [1]
