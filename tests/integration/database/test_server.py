"""The embedded servers: started once, found again, and not stopped by what a crash leaves."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from customhouse import database
from customhouse.clock import FixedClock
from customhouse.database import server
from customhouse.database.connections import cluster
from customhouse.faults import Refused
from customhouse.settings import Settings


@pytest.fixture(scope="module")
def servers() -> Iterator[Settings]:
    """Give settings of a pair of servers, made once; a test starts them if it needs them."""
    with TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory) / "var", durable=False)
        yield settings
        database.stop_servers(settings)


@pytest.fixture
def fresh() -> Iterator[Settings]:
    """Give settings of a data directory in which nothing was ever started."""
    with TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory) / "var", durable=False)
        yield settings
        database.stop_servers(settings)


def postmaster(settings: Settings, side: database.Side) -> int:
    """Give the number of a side's server process."""
    first_line = (cluster(settings, side).data / "postmaster.pid").read_text().split("\n")[0]
    return int(first_line)


def start(settings: Settings) -> None:
    """Start the servers; a function of the module, so that another process can be asked to."""
    database.start_servers(settings)


def answer(settings: Settings) -> tuple[object, ...] | None:
    """Ask the agency's database something."""
    with database.connect(settings, "agency") as connection:
        return connection.execute("select 1").fetchone()


def test_a_running_server_is_used_again(servers: Settings) -> None:
    start(servers)
    first = postmaster(servers, "agency")
    start(servers)
    assert postmaster(servers, "agency") == first
    assert answer(servers) == (1,)


def test_two_processes_that_start_at_once_share_one_server(fresh: Settings) -> None:
    with ThreadPoolExecutor(2) as threads:
        workers = [get_context("spawn").Process(target=start, args=(fresh,)) for _ in range(2)]
        list(threads.map(lambda worker: worker.start(), workers))
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert answer(fresh) == (1,)


def test_what_a_killed_server_leaves_does_not_prevent_its_start(
    servers: Settings, clock: FixedClock
) -> None:
    durable = replace(servers, durable=True)
    database.stop_servers(servers)
    start(durable)
    database.migrate(durable, "agency", clock=clock)
    os.kill(postmaster(durable, "agency"), signal.SIGKILL)
    start(durable)
    with database.connect(durable, "agency") as connection:
        assert connection.execute("select count(*) from transfer").fetchone() == (0,)


def test_a_lock_file_with_the_number_of_a_living_stranger_is_stale(servers: Settings) -> None:
    start(servers)
    place = cluster(servers, "agency")
    lock = place.data / "postmaster.pid"
    lines = lock.read_text().split("\n")
    server.stop(place)
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert not server.is_running(place)
    start(servers)
    assert answer(servers) == (1,)


def test_a_stopped_server_is_told_as_unavailable(servers: Settings) -> None:
    start(servers)
    database.stop_servers(servers)
    with pytest.raises(Refused, match=r"agency database in .* does not answer"):
        database.connect(servers, "agency")


def test_a_path_too_long_for_a_socket_gets_a_short_one(fresh: Settings) -> None:
    deep = Settings(data_directory=fresh.data_directory / ("d" * 120), durable=False)
    start(deep)
    try:
        assert len(str(cluster(deep, "agency").socket_directory)) < 50
        assert answer(deep) == (1,)
    finally:
        database.stop_servers(deep)
        for side in database.SIDES:
            cluster(deep, side).socket_directory.rmdir()


def test_secrets_are_readable_by_their_owner_alone(servers: Settings) -> None:
    start(servers)
    for side in database.SIDES:
        place = cluster(servers, side)
        passwords = list(place.directory.glob("*.password"))
        assert len(passwords) == 3
        for path in passwords:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for directory in (place.data, place.socket_directory):
            assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    agency, bank = (
        {path.read_text() for path in cluster(servers, side).directory.glob("*.password")}
        for side in database.SIDES
    )
    assert not agency & bank


def test_nothing_listens_on_tcp_and_pages_have_checksums(fresh: Settings) -> None:
    durable = replace(fresh, durable=True)
    start(durable)
    names = ("listen_addresses", "fsync", "full_page_writes", "synchronous_commit")
    with database.connect(durable, "bank") as connection:
        told = [
            connection.execute("select current_setting(%s)", [name]).fetchone()
            for name in (*names, "data_checksums")
        ]
    assert told == [("",), ("on",), ("on",), ("on",), ("on",)]
