"""Senders that dribble, and more requests than a process takes at once, at the real process."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import psycopg
import pytest

from customhouse import database
from tests.acceptance.servers import Served

SLOW_SENDERS = 60
HALF = (
    b"POST /abi/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
    b"Authorization: Bearer none\r\nContent-Length: 400\r\n\r\nA3901"
)


@pytest.fixture
def client(agency_server: Served) -> Iterator[httpx2.Client]:
    """Give a client of the agency's process."""
    with httpx2.Client(base_url=agency_server.url, timeout=15.0, trust_env=False) as client:
        yield client


def _half_sent(url: str) -> socket.socket:
    host, port = url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=30)
    connection.sendall(HALF)
    return connection


def test_half_sent_bodies_hold_nobody_up(agency_server: Served, client: httpx2.Client) -> None:
    """H17: sixty bodies that never end cost sockets; everybody else is answered as ever."""
    slow = [_half_sent(agency_server.url) for _ in range(SLOW_SENDERS)]
    try:
        began = time.monotonic()
        for _ in range(10):
            assert client.get("/health").status_code == 200
            assert client.get("/abi/outbox").status_code == 401
        assert time.monotonic() - began < 5
        # Each is given up after a silence of ten seconds, and told so.
        answer = slow[0].recv(10_000)
        assert answer.startswith(b"HTTP/1.1 408 "), answer
        assert b"body-too-slow" in answer
    finally:
        for connection in slow:
            connection.close()


def test_health_answers_while_every_thread_waits(
    agency_server: Served, client: httpx2.Client
) -> None:
    """B8, B9: a table is locked: 503 within the deadline, and the process tells that it is well."""
    administrator = database.url(agency_server.settings, "agency", role="administrator")
    headers = {"Authorization": "Bearer " + "x" * 43}

    def ask(_number: int) -> tuple[int, str, float]:
        began = time.monotonic()
        with httpx2.Client(base_url=agency_server.url, timeout=30.0, trust_env=False) as one:
            answer = one.get("/abi/outbox", headers=headers)
        return answer.status_code, answer.headers.get("Retry-After", ""), time.monotonic() - began

    with psycopg.connect(administrator) as maintenance, ThreadPoolExecutor(100) as many:
        maintenance.execute("lock table sender in access exclusive mode")
        asked = [many.submit(ask, number) for number in range(100)]
        time.sleep(0.5)
        began = time.monotonic()
        assert client.get("/health").status_code == 200
        assert time.monotonic() - began < 2
        first = asked[0].result()
        maintenance.rollback()
        answers = [each.result() for each in asked]
    assert first[0] == 503
    assert first[2] < 10
    statuses = {status for status, _, _ in answers}
    assert statuses <= {401, 503}, statuses
    # Those beyond the threads and the queue were refused at once, and told when to come again.
    refused = [(retry, seconds) for status, retry, seconds in answers if status == 503]
    assert len(refused) >= 10
    assert all(retry for retry, _ in refused)
    assert client.get("/abi/outbox", headers=headers).status_code == 401
