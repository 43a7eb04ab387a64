"""Servers of a test's own that wait for the disk, so that they may be killed or starved."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg

from customhouse import database
from customhouse.clock import RehearsalClock
from customhouse.faults import Refused
from customhouse.settings import SIDES, Settings
from tests.acceptance.servers import with_free_ports
from tests.integration.agency.harbor import MONDAY


@contextmanager
def lone_servers(directory: Path | None = None) -> Iterator[Settings]:
    """Give settings of durable servers in a directory of their own, migrated, on free ports."""
    made = directory or Path(tempfile.mkdtemp(prefix="customhouse-"))
    settings = replace(with_free_ports(Settings(data_directory=made)), clock="rehearsal")
    try:
        database.start_servers(settings)
        for side in SIDES:
            database.migrate(settings, side, clock=RehearsalClock(MONDAY))
        yield settings
    finally:
        database.stop_servers(settings)
        shutil.rmtree(made, ignore_errors=directory is not None)


def kill_server(settings: Settings) -> None:
    """End the agency's database server as a loss of power would: kill -9 of its first process."""
    recorded = settings.data_directory / "agency" / "postgres" / "postmaster.pid"
    os.kill(int(recorded.read_text().split("\n", 1)[0]), signal.SIGKILL)


def answers(settings: Settings) -> bool:
    """Tell whether the agency's database takes a statement."""
    with suppress(psycopg.OperationalError, Refused), database.connect(settings, "agency") as one:
        return one.execute("select 1").fetchone() == (1,)
    return False
