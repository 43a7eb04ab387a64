"""Fixtures for tests on real PostgreSQL: one pair of clusters a worker, fresh databases a test.

The clusters start when a test first asks for a database and stop with the session. Each side's
database is migrated once; a test gets empty clones of it and may do to them what it likes.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from psycopg.rows import TupleRow

from customhouse import database
from customhouse.clock import FixedClock
from customhouse.settings import SIDES, Settings, Side
from tests.clones import Clones

Connection = psycopg.Connection[TupleRow]


class MakeSettings(Protocol):
    """Gives settings with fresh databases for as long as the context lasts."""

    def __call__(self, data_directory: Path) -> AbstractContextManager[Settings]:
        """Clone both databases; files of the settings go to ``data_directory``."""
        ...


@pytest.fixture
def clock() -> FixedClock:
    """Give a clock that stands at 14:00 UTC on Tuesday, 24 November 2026."""
    return FixedClock(datetime(2026, 11, 24, 14, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def migrated_servers() -> Iterator[Settings]:
    """Start both clusters and migrate a database in each; nobody may connect to these two."""
    # A short name, outside pytest's own: the path of a socket has room for 107 bytes.
    directory = Path(tempfile.mkdtemp(prefix="customhouse-"))
    settings = Settings(data_directory=directory, durable=False)
    try:
        database.start_servers(settings)
        for side in SIDES:
            database.migrate(settings, side, clock=FixedClock(datetime(2026, 1, 2, tzinfo=UTC)))
        yield settings
    finally:
        database.stop_servers(settings)
        shutil.rmtree(directory)


@pytest.fixture(scope="session")
def make_settings(migrated_servers: Settings) -> MakeSettings:
    """Give a maker of settings with fresh databases, for fixtures of a wider scope than a test."""
    clones = {side: Clones(migrated_servers, side) for side in SIDES}

    @contextmanager
    def fresh(data_directory: Path) -> Iterator[Settings]:
        names = {side: each.take() for side, each in clones.items()}
        try:
            yield _by_url(clones, names, data_directory)
        finally:
            for side, each in clones.items():
                each.give_back(names[side])

    return fresh


@pytest.fixture
def settings(make_settings: MakeSettings, tmp_path: Path) -> Iterator[Settings]:
    """Give settings with fresh databases of both sides and an empty data directory."""
    with make_settings(tmp_path) as fresh:
        yield fresh


@pytest.fixture
def agency_connection(settings: Settings) -> Iterator[Connection]:
    """Give a connection of the agency's application; rolled back at the end of the test."""
    with _rolled_back(settings, "agency") as connection:
        yield connection


@pytest.fixture
def bank_connection(settings: Settings) -> Iterator[Connection]:
    """Give a connection of the bank's application; rolled back at the end of the test."""
    with _rolled_back(settings, "bank") as connection:
        yield connection


@contextmanager
def _rolled_back(settings: Settings, side: Side) -> Iterator[Connection]:
    connection = database.connect(settings, side)
    try:
        yield connection
    finally:
        connection.close()


def _by_url(clones: dict[Side, Clones], names: dict[Side, str], data_directory: Path) -> Settings:
    """Give settings as if somebody had configured two servers with these databases."""
    agency, bank = (clones[side] for side in SIDES)
    return Settings(
        data_directory=data_directory,
        agency_database_url=agency.url(names["agency"], role="application"),
        agency_migration_database_url=agency.url(names["agency"], role="administrator"),
        bank_database_url=bank.url(names["bank"], role="application"),
        bank_migration_database_url=bank.url(names["bank"], role="administrator"),
        # Most tests are about debits, and do not wait for prenotes; those about prenotes ask.
        prenote="waived",
        durable=False,
    )
