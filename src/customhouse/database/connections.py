"""Connections to either side's database, and the retry of a unit of work that lost a race.

Says which URL belongs to which side and role. It knows no table and no business rule.
"""

from __future__ import annotations

import random
import select
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal, TypeVar
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.errors import DeadlockDetected, SerializationFailure
from psycopg_pool import ConnectionPool

from customhouse.database import server
from customhouse.database.roles import OWNER, make_server_ready
from customhouse.faults import Fault, Refused, declare
from customhouse.settings import SETTING_WRONG, SIDES, Settings, Side

Role = Literal["application", "owner", "administrator"]
Result = TypeVar("Result")

DATABASE_UNAVAILABLE = declare(
    "database-unavailable",
    sentence="The {side} database {place} does not answer.",
    next_step="{start}",
    http_status=503,
)
DATABASE_MISSING = declare(
    "database-missing",
    sentence="There is no {side} database in the data folder {folder}.",
    next_step=(
        "CUSTOMHOUSE_DATA chooses the folder (for the demo's: . var/demo/settings.sh);"
        " a new, empty one is made by: customhouse database migrate"
    ),
    http_status=503,
)
MIGRATION_URL_MISSING = declare(
    "migration-url-missing",
    sentence="The {side} database was configured by URL, but not the URL to migrate it with.",
    next_step="Set CUSTOMHOUSE_{SIDE}_MIGRATION_DATABASE_URL; see docs/reference/settings.md.",
    http_status=500,
    exit_code=2,
)


def start_servers(settings: Settings) -> None:
    """Start the embedded server of each side that has no URL, with its roles and database.

    Makes the data folder where there is none. Raises Refused (database-did-not-start).
    """
    with ThreadPoolExecutor(max_workers=len(SIDES)) as threads:
        list(threads.map(lambda side: _start_side(settings, side), SIDES))
    settings.data_directory.mkdir(parents=True, exist_ok=True)


def stop_servers(settings: Settings) -> None:
    """Stop the embedded servers of this data directory that run."""
    for side in SIDES:
        server.stop(cluster(settings, side))


def cluster(settings: Settings, side: Side) -> server.Cluster:
    """Give the place of a side's embedded server."""
    return server.Cluster(side, settings.data_directory / side, settings.durable)


def url(settings: Settings, side: Side, *, role: Role = "application") -> str:
    """Give the URL of a side's database for a role; it holds a password.

    A session of "owner" acts as the owner of all tables, who cannot log in: its login is the
    migrator's. "administrator" is that login itself (of the embedded server: the superuser), for
    what has to be done about roles. Raises Refused: database-missing where no embedded server was
    ever started, so that nothing is made in a wrong folder.
    """
    configured = settings.database_url(side)
    if configured is None:
        if not cluster(settings, side).data.exists():
            values = {"side": side, "folder": settings.data_directory}
            raise Refused(Fault(DATABASE_MISSING, values))
        return _embedded_url(settings, side, role)
    if role == "application":
        return configured
    migration = settings.migration_database_url(side)
    if migration is None:
        raise Refused(Fault(MIGRATION_URL_MISSING, {"side": side, "SIDE": side.upper()}))
    return _acting_as_owner(migration) if role == "owner" else migration


def connect(
    settings: Settings, side: Side, *, role: Role = "application"
) -> psycopg.Connection[psycopg.rows.TupleRow]:
    """Open a connection, not in autocommit.

    Raises Refused: database-missing, database-unavailable, or setting-wrong when its URL cannot be
    read.
    """
    return _opened(url(settings, side, role=role), settings, side)


def pool(
    settings: Settings, side: Side, *, max_size: int = 8
) -> ConnectionPool[psycopg.Connection[psycopg.rows.TupleRow]]:
    """Open a pool of the application's connections; the caller closes it.

    A connection whose server hung up is replaced when it is asked for. Waiting for a free one ends
    after 5 seconds in psycopg_pool.PoolTimeout, so that work does not queue without limit.
    """
    return ConnectionPool(
        url(settings, side),
        min_size=1,
        max_size=max_size,
        timeout=5.0,
        open=True,
        check=_require_quiet,
        name=f"customhouse-{side}",
    )


@contextmanager
def each_alone(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Let each statement of the block be a transaction, without the round trips around it."""
    connection.autocommit = True
    try:
        yield
    finally:
        if not connection.closed:
            connection.autocommit = False


def _require_quiet(connection: psycopg.Connection[psycopg.rows.TupleRow]) -> None:
    """Let an idle connection be used unless its server has said something: that it hangs up.

    Asking the server each time would cost a round trip for every transaction of every request.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    if poll.poll(0):
        ConnectionPool.check_connection(connection)


def retrying(
    work: Callable[[], Result],
    attempts: int = 5,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Do a whole unit of work again when it lost against another one (40001, 40P01).

    The work must be one whole transaction, begun and ended inside. After the last attempt the
    database's own error is raised. Waits are short, growing and random, so that two losers do not
    meet again.
    """
    for attempt in range(1, attempts + 1):
        try:
            return work()
        except (SerializationFailure, DeadlockDetected):
            if attempt == attempts:
                raise
            sleep(random.uniform(0.01, 0.05) * attempt)  # noqa: S311 - not a secret
    raise ValueError(f"attempts must be at least 1, not {attempts}")


def _start_side(settings: Settings, side: Side) -> None:
    if settings.database_url(side) is not None:
        return
    place = cluster(settings, side)
    server.start(place)
    passwords = {login: place.password(login) for login in (f"{side}_app", f"{side}_migrator")}
    administrator = _embedded_url(settings, side, "administrator", database="postgres")
    with _opened(administrator, settings, side) as connection:
        connection.autocommit = True
        make_server_ready(connection, side, passwords=passwords)


def _opened(
    address: str, settings: Settings, side: Side
) -> psycopg.Connection[psycopg.rows.TupleRow]:
    try:
        return psycopg.connect(address, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise Refused(_unavailable(settings, side)) from error
    except psycopg.ProgrammingError:
        # The driver's text and the URL itself may hold a password, so neither is repeated.
        name = f"CUSTOMHOUSE_{side.upper()}_DATABASE_URL"
        values = {"name": name, "value": "no URL", "expected": "postgresql://..."}
        raise Refused(Fault(SETTING_WRONG, values)) from None


def _unavailable(settings: Settings, side: Side) -> Fault:
    """Name the database by its folder or its variable, and how it is started; never by its URL."""
    if settings.database_url(side) is None:
        place = f"in {settings.data_directory}"
        start = "Start it with: customhouse database start. CUSTOMHOUSE_DATA chooses the folder."
    else:
        place = f"of CUSTOMHOUSE_{side.upper()}_DATABASE_URL"
        start = "Start its server, or correct the URL; customhouse starts only embedded servers."
    return Fault(DATABASE_UNAVAILABLE, {"side": side, "place": place, "start": start})


def _embedded_url(
    settings: Settings, side: Side, role: Role, *, database: str | None = None
) -> str:
    place = cluster(settings, side)
    login = {
        "application": f"{side}_app",
        "owner": f"{side}_migrator",
        "administrator": server.ADMINISTRATOR,
    }[role]
    plain = (
        f"postgresql://{login}:{quote(place.password(login))}@/{database or side}"
        f"?host={quote(str(place.socket_directory), safe='')}&requirepeer={server.server_user()}"
    )
    return _acting_as_owner(plain) if role == "owner" else plain


def _acting_as_owner(migration_url: str) -> str:
    """Add to a URL that its session acts as the owner from its first statement on."""
    given = conninfo_to_dict(migration_url).get("options") or ""
    options = f"{given} -c role={OWNER}".strip()
    separator = "&" if "?" in migration_url else "?"
    return f"{migration_url}{separator}options={quote(options, safe='')}"
