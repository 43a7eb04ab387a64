"""Times single authorizations over HTTP: a real agency server, a batch each, 16 clients at once.

The clients are threads of one process with a kept connection each; they share the cores with the
server and its database. Each sends one statement's authorization after the other. A full batch of
9,999 goes over HTTP at the end. Rounds of the bare SQL on the same server are the bound.
"""

from __future__ import annotations

import http.client
import multiprocessing
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from benchmarks import authorizations, harbor, rows
from benchmarks.authorizations import Round
from benchmarks.harbor import SENDER, SITE, Harbor, Payable
from customhouse.trade.client_abi import Authorization, Sender, authorization_batch

CLIENTS = 16
ROUNDS = 5
SECONDS = 5.0
MOST_A_SECOND = 150
FULL_BATCH = 9_999


def order_of(payable: Payable) -> Authorization:
    """Give the order to pay a statement."""
    return Authorization(
        "3901",
        payable.filer_code,
        payable.statement_number,
        payable.payer_unit_number,
        payable.total_cents,
    )


def send(there: Harbor, connection: http.client.HTTPConnection, *, orders: list[Payable]) -> str:
    """Send a batch; give its answer."""
    site = Sender(SITE, SENDER, there.password)
    body = authorization_batch(site, [order_of(each) for each in orders]).encode()
    headers = {"Authorization": f"Bearer {there.token}", "Content-Type": "text/plain"}
    connection.request("POST", "/abi/batches", body=body, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    if answer.status != 200 or text.count("\nE1A") != len(orders):
        raise AssertionError(text)
    return text


def client(there: Harbor, payables: list[Payable], *, until: float, late: list[float]) -> None:
    """Send one authorization after the other until the time is over."""
    connection = harbor.line_to(there.settings.agency_url)
    for payable in payables:
        started = time.perf_counter()
        if started > until:
            break
        send(there, connection, orders=[payable])
        late.append(time.perf_counter() - started)
    connection.close()


def clients(there: Harbor, payables: list[Payable], seconds: float) -> Round:
    """Let all clients send at once, in threads of this process."""
    late: list[float] = []
    processor, began = time.process_time(), time.perf_counter()
    threads = [
        threading.Thread(
            target=client,
            args=(there, payables[number::CLIENTS]),
            kwargs={"until": began + seconds, "late": late},
        )
        for number in range(CLIENTS)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    taken = time.perf_counter() - began
    return Round(len(late), taken, time.process_time() - processor, sorted(late))


def measure(there: Harbor, rounds: int) -> tuple[list[Round], float]:
    """Give the rounds of the clients, and the seconds of a full batch."""
    share = int(CLIENTS * MOST_A_SECOND * SECONDS)
    payables = iter(there.lay_out((rounds + 1) * share + 4 * FULL_BATCH))
    context = multiprocessing.get_context("spawn")
    with harbor.serving(there, "agency") as agency, context.Pool(1) as pool:
        found = []
        for number in range(rounds + 1):
            wanted = [next(payables) for _ in range(share)]
            seconds = 2.0 if number == 0 else SECONDS
            before = there.server_seconds() + harbor.processor_seconds(agency)
            done = pool.apply(clients, (there, wanted, seconds))
            after = there.server_seconds() + harbor.processor_seconds(agency)
            found.append(replace(done, server=after - before))
            if number == 0:
                there.analyze()
        full = []
        connection = harbor.line_to(there.settings.agency_url)
        for _ in range(3):
            orders = [next(payables) for _ in range(FULL_BATCH)]
            started = time.perf_counter()
            send(there, connection, orders=sorted(orders, key=lambda each: each.filer_code))
            full.append(time.perf_counter() - started)
    return found[1:], median(full)


def measured() -> Iterator[rows.Row]:
    """Measure and give the rows."""
    with harbor.running() as there:
        found, full = measure(there, 1 if rows.is_quick() else ROUNDS)
    middle = authorizations.median_round(found)
    late = median(each.latencies[int(len(each.latencies) * 0.99)] * 1000 for each in found)
    own, server = (x / middle.done * 1000 for x in (middle.processor, middle.server))
    yield rows.Row(
        what=f"single authorizations over HTTP, 16 clients ({own:.2f} ms of each the clients',"
        f" {server:.2f} the servers')",
        measured=middle.rate,
        processor=median(each.possible for each in found),
        unit="/s",
        target=400,
    )
    yield rows.Row(
        what="single authorizations over HTTP, 16 clients, p99",
        measured=late,
        unit="ms",
        target=120,
        less_is_better=True,
    )
    yield rows.Row(
        what="one RM batch of 9,999 authorizations over HTTP, answered",
        measured=full,
        unit="s",
        target=2.0,
        less_is_better=True,
    )


if __name__ == "__main__":
    rows.tell(measured())
