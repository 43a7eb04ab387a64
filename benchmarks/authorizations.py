"""Times single authorizations: the bare SQL, the command, and the ABI door, in process.

Four client processes, each authorizing one statement after the other, a transaction each, on an
embedded server with fsync on. Rounds of the ways alternate on one server, so that whatever else
the machine does falls on all of them; the median round counts.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.pool import Pool
from statistics import median
from typing import Any

from psycopg import Connection

from benchmarks import bare_authorization, harbor, rows
from benchmarks.harbor import SENDER, SITE, TUESDAY, Harbor, Payable
from customhouse import database
from customhouse.agency import abi_door
from customhouse.agency.authorize import BatchContext, authorize
from customhouse.agency.policy import Policy
from customhouse.clock import RehearsalClock
from customhouse.formats.abi_messages import AuthorizationRequest
from customhouse.trade.client_abi import Authorization, Sender, authorization_batch

CLIENTS = 4
ROUNDS = 5
SECONDS = 3.0
MOST_A_SECOND = 1_500
TARGET_SHARE = 0.5


@dataclass(frozen=True)
class Round:
    """What the clients of one round did: how many, how long, and each one's seconds.

    ``processor`` is the clients' own time, ``server`` that of the database and the agency's server.
    """

    done: int
    seconds: float
    processor: float
    latencies: list[float]
    server: float = 0.0

    @property
    def rate(self) -> float:
        """Give authorizations a second."""
        return self.done / self.seconds

    @property
    def possible(self) -> float:
        """Give the rate at which all cores would be busy with this and nothing else."""
        taken = self.processor + self.server
        return self.done * (os.cpu_count() or 1) / taken if taken else 0.0


def bare(harbor: Harbor, connection: Connection[Any]) -> Callable[[Payable], None]:
    """Authorize by one bare statement."""
    connection.autocommit = True
    clock = RehearsalClock(TUESDAY)

    def work(payable: Payable) -> None:
        values = bare_authorization.values_of(payable, clock.now())
        bare_authorization.authorize_at_once(connection, values)

    return work


def bare_steps(harbor: Harbor, connection: Connection[Any]) -> Callable[[Payable], None]:
    """Authorize by bare statements, one after the other."""
    connection.autocommit = True
    clock = RehearsalClock(TUESDAY)

    def work(payable: Payable) -> None:
        values = bare_authorization.values_of(payable, clock.now())
        bare_authorization.authorize_step_by_step(connection, values)

    return work


def command(harbor: Harbor, connection: Connection[Any]) -> Callable[[Payable], None]:
    """Authorize by the agency's command, with all its rules."""
    clock, policy = RehearsalClock(TUESDAY), Policy()
    context = BatchContext(
        sender_id=1,
        batch_id=1,
        request_id=None,
        business_date=TUESDAY,
        day_closed=False,
        earlier_batches=frozenset(),
        policy=policy,
        clock=clock,
    )

    def work(payable: Payable) -> None:
        request = AuthorizationRequest(
            payable.payer_unit_number,
            "02",
            payable.filer_code,
            payable.statement_number,
            f"{payable.total_cents:010}",
        )
        # As its callers do it: the first statement begins the transaction.
        (outcome,) = authorize(connection, payable.filer_code, requests=[request], context=context)
        connection.commit()
        if not outcome.accepted:
            raise AssertionError(outcome.faults)

    return work


def door(harbor: Harbor, connection: Connection[Any]) -> Callable[[Payable], None]:
    """Authorize by a batch of one through the ABI door: archive, envelope, answer."""
    sender = harbor.sender()
    site = Sender(SITE, SENDER, harbor.password)
    connection.close()
    pool = database.pool(harbor.settings, "agency", max_size=1)

    def work(payable: Payable) -> None:
        order = Authorization(
            "3901",
            payable.filer_code,
            payable.statement_number,
            payable.payer_unit_number,
            payable.total_cents,
        )
        taken = abi_door.take_batch(
            pool.connection,
            sender=sender,
            raw=authorization_batch(site, [order]).encode(),
            idempotency_key=None,
            clock=RehearsalClock(TUESDAY),
            policy=Policy(),
        )
        if "E1A" not in taken.answer:
            raise AssertionError(taken.answer)

    return work


WAYS = {each.__name__: each for each in (bare, bare_steps, command, door)}
_barrier: Any = None


def _meet_at(barrier: Any) -> None:
    global _barrier
    _barrier = barrier


def client(harbor: Harbor, way: str, *, payables: list[Payable], seconds: float) -> Round:
    """Authorize one after the other until the time is over."""
    with harbor.connect() as connection:
        work = WAYS[way](harbor, connection)
        for payable in payables[:20]:
            work(payable)
        _barrier.wait()
        latencies = []
        processor, began = time.process_time(), time.perf_counter()
        until = began + seconds
        for payable in payables[20:]:
            started = time.perf_counter()
            if started > until:
                break
            work(payable)
            latencies.append(time.perf_counter() - started)
        else:
            raise AssertionError("there are not enough statements for this machine")
        ended = time.perf_counter()
        return Round(len(latencies), ended - began, time.process_time() - processor, latencies)


def one_round(pool: Pool, harbor: Harbor, way: str, *, payables: Iterator[Payable]) -> Round:
    """Let all clients work at once; sum up what they did."""
    share, before = int(MOST_A_SECOND * SECONDS) + 20, harbor.server_seconds()
    jobs = [
        pool.apply_async(
            client,
            (harbor, way),
            {"payables": [next(payables) for _ in range(share)], "seconds": SECONDS},
        )
        for _ in range(CLIENTS)
    ]
    done = [each.get() for each in jobs]
    return Round(
        done=sum(each.done for each in done),
        seconds=max(each.seconds for each in done),
        processor=sum(each.processor for each in done),
        latencies=sorted(x for each in done for x in each.latencies),
        server=harbor.server_seconds() - before,
    )


def measure(harbor: Harbor, *, rounds: int) -> dict[str, list[Round]]:
    """Measure all ways in turn, several times."""
    share = int(MOST_A_SECOND * SECONDS) + 20
    payables = iter(harbor.lay_out((rounds + 1) * len(WAYS) * CLIENTS * share))
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(CLIENTS)
    found: dict[str, list[Round]] = {way: [] for way in WAYS}
    with context.Pool(CLIENTS, initializer=_meet_at, initargs=(barrier,)) as pool:
        for number in range(rounds + 1):
            for way in WAYS:
                found[way].append(one_round(pool, harbor, way, payables=payables))
            if number == 0:
                # The first round is not counted: it fills tables that a nation never has empty.
                found = {way: [] for way in WAYS}
                harbor.analyze()
    return found


def median_round(found: list[Round]) -> Round:
    """Give the round of the median rate."""
    return sorted(found, key=lambda each: each.rate)[len(found) // 2]


def measured() -> Iterator[rows.Row]:
    """Measure and give the rows."""
    with harbor.running() as there:
        found = measure(there, rounds=1 if rows.is_quick() else ROUNDS)
    limit = median(each.rate for each in found["bare"])
    possible = median(each.possible for each in found["bare"])
    words = {
        "bare": "bare SQL of one authorization, one statement",
        "bare_steps": "bare SQL of one authorization, seven round trips",
        "command": "single authorizations, the command, 4 clients",
        "door": "single authorizations, a batch each through the door, 4 clients",
    }
    for way, all_rounds in found.items():
        middle = median_round(all_rounds)
        late = middle.latencies[int(len(middle.latencies) * 0.99)] * 1000
        own, server = (x / middle.done * 1000 for x in (middle.processor, middle.server))
        busy = median(each.possible for each in all_rounds)
        yield rows.Row(
            what=f"{words[way]} (p99 {late:.1f} ms; {own:.2f} ms of each ours, {server:.2f} the"
            f" server's; {busy / possible:.0%} of the bare SQL by CPU time)",
            measured=middle.rate,
            unit="/s",
            target=limit * TARGET_SHARE if way == "command" else None,
            limit=limit,
            limit_is="bare SQL",
        )


if __name__ == "__main__":
    rows.tell(measured())
