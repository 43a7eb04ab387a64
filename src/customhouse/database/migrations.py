"""The history of a database's schema: plain SQL files, applied once each, in order.

A file that was applied must never change: its hash is recorded and compared. The agency's side
gets the ledger's files and its own, the bank's side its own. Django's tables (sessions, sign-ins)
have Django's own history; after it, ``grant_application`` gives the application its rights.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow

from customhouse.clock import Clock
from customhouse.database.connections import connect, url
from customhouse.database.roles import TURN, Logins, grant_application, make_database_ready
from customhouse.faults import Fault, Refused, declare
from customhouse.settings import Settings, Side

Connection = psycopg.Connection[TupleRow]

# Whose schema directories make up a side's database, in the order in which they are applied.
SOURCES: dict[Side, tuple[str, ...]] = {"agency": ("ledger", "agency"), "bank": ("bank",)}

MIGRATION_CHANGED = declare(
    "migration-changed",
    sentence="The migration {name} was applied to the {side} database with another content.",
    next_step="Restore the file as it was and put the change into a new file.",
    http_status=500,
)
MIGRATION_UNKNOWN = declare(
    "migration-unknown",
    sentence="The {side} database has the migration {name}, which this release does not know.",
    next_step="Use the release that migrated it, or a newer one.",
    http_status=500,
)

CREATE_HISTORY = """
create table if not exists schema_migration (
  name text primary key,
  sha256 bytea not null check (length(sha256) = 32),
  applied_at timestamptz not null
)
"""
RECORD_MIGRATION = """
insert into schema_migration (name, sha256, applied_at)
values (%(name)s, %(sha256)s, %(applied_at)s)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of a schema: its name (``ledger/0001_ledger.sql``) and its statements."""

    name: str
    content: bytes

    @property
    def sha256(self) -> bytes:
        """Give the hash by which a changed file is known."""
        return hashlib.sha256(self.content).digest()


def migrations_of(side: Side) -> list[Migration]:
    """Give every migration of a side, in the order in which they are applied."""
    found = []
    for source in SOURCES[side]:
        directory = files("customhouse").joinpath(source, "schema")
        if not directory.is_dir():
            continue
        for file in sorted(directory.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".sql"):
                found.append(Migration(f"{source}/{file.name}", file.read_bytes()))
    return found


def migrate(settings: Settings, side: Side, *, clock: Clock) -> list[str]:
    """Bring a side's database to this release's schema; give the names of what was applied.

    Each file is one transaction, so that a failed one leaves the database after the one before.
    Raises Refused (migration-changed, migration-unknown) before anything is applied.
    """
    with connect(settings, side, role="administrator") as connection:
        make_database_ready(connection, _logins(settings, side))
    with connect(settings, side, role="owner") as connection:
        connection.autocommit = True
        connection.execute("select pg_advisory_lock(%s)", [TURN])
        # Set after the turn was got: a migration waits for others, but traffic not for it.
        connection.execute("set lock_timeout = '5s'")
        connection.execute(CREATE_HISTORY)
        waiting = pending(connection, side, migrations=migrations_of(side))
        for migration in waiting:
            _apply(connection, migration, clock)
        with connection.transaction():
            grant_application(connection)
        connection.execute("select pg_advisory_unlock(%s)", [TURN])
    return [migration.name for migration in waiting]


def pending(
    connection: Connection, side: Side, *, migrations: Sequence[Migration]
) -> list[Migration]:
    """Give the migrations that the database has not got yet, in order.

    Raises Refused when one that it has got was changed, or is not known here.
    """
    rows = connection.execute("select name, sha256 from schema_migration order by name")
    applied = {name: bytes(sha256) for name, sha256 in rows}
    known = {migration.name: migration for migration in migrations}
    faults = []
    for name, sha256 in applied.items():
        values = {"name": name, "side": side}
        if name not in known:
            faults.append(Fault(MIGRATION_UNKNOWN, values))
        elif known[name].sha256 != sha256:
            faults.append(Fault(MIGRATION_CHANGED, values))
    if faults:
        raise Refused(*faults)
    return [migration for migration in migrations if migration.name not in applied]


def applied(connection: Connection) -> list[str]:
    """Give the names of the applied migrations, none when the database has no history."""
    row = connection.execute("select to_regclass('public.schema_migration')").fetchone()
    if row is None or row[0] is None:
        return []
    return [name for (name,) in connection.execute("select name from schema_migration order by 1")]


def _apply(connection: Connection, migration: Migration, clock: Clock) -> None:
    values = {
        "name": migration.name,
        "sha256": migration.sha256,
        "applied_at": clock.now(),
    }
    with connection.transaction():
        connection.execute(migration.content)
        connection.execute(RECORD_MIGRATION, values)


def _logins(settings: Settings, side: Side) -> Logins:
    names = [
        str(conninfo_to_dict(url(settings, side, role=role))["user"])
        for role in ("application", "owner")
    ]
    return Logins(application=names[0], migrator=names[1])
