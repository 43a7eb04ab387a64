"""A server of one's own, prepared as the settings page says, is migrated and used by URL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from customhouse import database
from customhouse.clock import FixedClock
from customhouse.database import server
from customhouse.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"
SQL_BLOCK = re.compile(r"```sql\n(.+?)```", re.DOTALL)


@pytest.fixture
def prepared() -> Iterator[Settings]:
    """Give settings with the URLs of a bare server on which the page's statements were run."""
    with TemporaryDirectory(prefix="customhouse-") as directory:
        bare = server.Cluster("agency", Path(directory) / "own", durable=False)
        server.start(bare)
        try:
            host = quote(str(bare.socket_directory), safe="")
            password = bare.password(server.ADMINISTRATOR)
            superuser = f"postgresql://{server.ADMINISTRATOR}:{password}@/postgres?host={host}"
            with psycopg.connect(superuser, autocommit=True) as connection:
                for statement in statements_of_the_page():
                    connection.execute(statement.encode())
            yield Settings(
                data_directory=Path(directory) / "var",
                agency_database_url=url_of("agency_app", host),
                agency_migration_database_url=url_of("agency_migrator", host),
            )
        finally:
            server.stop(bare)


def url_of(login: str, host: str) -> str:
    """Give the URL of a login whose password is the one that the page shows."""
    return f"postgresql://{login}:...@/agency?host={host}"


def statements_of_the_page() -> list[str]:
    """Give the statements with which the page prepares a server."""
    found = SQL_BLOCK.search(PAGE.read_text(encoding="utf-8"))
    assert found is not None
    return [each for each in found[1].split(";") if each.strip()]


def test_a_prepared_server_is_migrated_and_keeps_the_rights(
    prepared: Settings, clock: FixedClock
) -> None:
    assert database.migrate(prepared, "agency", clock=clock)
    assert database.migrate(prepared, "agency", clock=clock) == []
    states = {each.side: each for each in database.state(prepared)}
    assert states["agency"].told == "by URL, answers, schema up to date"
    assert not states["bank"].answers
    with database.connect(prepared, "agency") as connection:
        assert connection.execute("show lock_timeout").fetchone() == ("2s",)
        assert connection.execute("select count(*) from transfer").fetchone() == (0,)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("delete from transfer")


def test_nobody_but_the_two_logins_gets_in(prepared: Settings, clock: FixedClock) -> None:
    database.migrate(prepared, "agency", clock=clock)
    with database.connect(prepared, "agency", role="administrator") as connection:
        connection.execute("create role stranger login password 'stranger'")
    with pytest.raises(psycopg.OperationalError, match="CONNECT"):
        psycopg.connect(database.url(prepared, "agency"), user="stranger", password="stranger")
