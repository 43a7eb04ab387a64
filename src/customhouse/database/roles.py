"""Who may do what in a database: the roles of one side and their rights.

The owner of the tables cannot log in, the application can change no table's shape and no ledger
row, and only the migrator may act as the owner. What a person may do is not decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import TupleRow

from customhouse.settings import Side

OWNER = "customhouse_owner"
APPLICATION = "customhouse_application"
# What the application may only add to: its rows are history (design: insert-only by rights).
INSERT_ONLY_TABLES = (
    "transfer",
    "payer_unit_refusal",
    "credit_desk_act",
    "credit_answer",
    "credit_claim",
    "payer_token_act",
)
# What the application may only read: the migrator's own records.
READ_ONLY_TABLES = ("schema_migration", "django_migrations")
# On the login, so that they hold for whatever program uses it.
LOGIN_SETTINGS = {
    "lock_timeout": "2s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
    "default_transaction_isolation": "read committed",
}
# Any number will do as long as nobody else uses it: it makes preparing and migrating take turns.
TURN = 7_304_418_803

Connection = psycopg.Connection[TupleRow]


@dataclass(frozen=True, slots=True)
class Logins:
    """The two logins of one database: one runs the application, the other migrates."""

    application: str
    migrator: str


def make_server_ready(connection: Connection, side: Side, *, passwords: Mapping[str, str]) -> None:
    """Make logins and database of an embedded server, as its superuser in autocommit.

    ``passwords`` maps each login to its password. Run again, it changes nothing but passwords.
    """
    connection.execute("select pg_advisory_lock(%s)", [TURN])
    for role in (OWNER, APPLICATION):
        _make_role(connection, role)
    for login, password in passwords.items():
        _make_role(connection, login)
        _let_log_in(connection, login, password)
    known = connection.execute("select 1 from pg_database where datname = %s", [side]).fetchone()
    if known is None:
        statement = sql.SQL("create database {} owner {}")
        connection.execute(statement.format(sql.Identifier(side), sql.Identifier(OWNER)))
    connection.execute("select pg_advisory_unlock(%s)", [TURN])


def make_database_ready(connection: Connection, logins: Logins) -> None:
    """Give the roles of one database their rights, in one transaction, as its administrator.

    The connection's own role must own the database and be able to make roles; its logins exist.
    Run again, it changes nothing.
    """
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [TURN])
        for role in (OWNER, APPLICATION):
            _make_role(connection, role)
        for group, login in ((APPLICATION, logins.application), (OWNER, logins.migrator)):
            _make_member(connection, group, login)
        for setting, value in LOGIN_SETTINGS.items():
            statement = sql.SQL("alter role {} set {} = {}").format(
                sql.Identifier(logins.application), sql.Identifier(setting), sql.Literal(value)
            )
            connection.execute(statement)
        _close_database(connection, logins)


def grant_application(connection: Connection) -> None:
    """Give the application its rights on every table there is now; run it after each migration.

    The connection acts as the owner; committing is the caller's. Tables of history get SELECT and
    INSERT only.
    """
    application = sql.Identifier(APPLICATION)
    for statement in (
        "grant usage on schema public to {}",
        "grant select, insert, update, delete on all tables in schema public to {}",
        "grant usage, select on all sequences in schema public to {}",
    ):
        connection.execute(sql.SQL(statement).format(application))
    for table in INSERT_ONLY_TABLES:
        _take_back(connection, "update, delete", table)
    for table in READ_ONLY_TABLES:
        _take_back(connection, "insert, update, delete", table)


def _take_back(connection: Connection, rights: LiteralString, table: str) -> None:
    known = connection.execute("select to_regclass(%s)", [f"public.{table}"]).fetchone()
    if known is None or known[0] is None:
        return
    statement = sql.SQL("revoke {} on table {} from {}").format(
        sql.SQL(rights),
        sql.Identifier("public", table),
        sql.Identifier(APPLICATION),
    )
    connection.execute(statement)


def _make_role(connection: Connection, role: str) -> None:
    known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    if known is None:
        connection.execute(sql.SQL("create role {} nologin noinherit").format(sql.Identifier(role)))


def _let_log_in(connection: Connection, login: str, password: str) -> None:
    """Set a login's password as its SCRAM verifier, so that no log can hold the password."""
    verifier = connection.pgconn.encrypt_password(
        password.encode(), login.encode(), b"scram-sha-256"
    )
    statement = sql.SQL("alter role {} login inherit password {}").format(
        sql.Identifier(login), sql.Literal(verifier.decode())
    )
    connection.execute(statement)


def _make_member(connection: Connection, group: str, login: str) -> None:
    """Put a login into a group role unless it acts for it already."""
    found = connection.execute(
        "select 1 from pg_auth_members m join pg_roles g on g.oid = m.roleid"
        " join pg_roles l on l.oid = m.member where g.rolname = %s and l.rolname = %s"
        " and (current_setting('server_version_num')::int < 160000"
        " or (to_jsonb(m)->>'set_option')::boolean)",
        [group, login],
    ).fetchone()
    if found is None:
        statement = sql.SQL("grant {} to {}")
        connection.execute(statement.format(sql.Identifier(group), sql.Identifier(login)))


def _close_database(connection: Connection, logins: Logins) -> None:
    """Let only the two logins in, and only the owner make tables."""
    row = connection.execute("select current_database()").fetchone()
    database = sql.Identifier(row[0] if row else "")
    people = sql.SQL(", ").join(
        [sql.Identifier(logins.application), sql.Identifier(logins.migrator)]
    )
    owner = sql.Identifier(OWNER)
    for statement in (
        sql.SQL("revoke connect on database {} from public").format(database),
        sql.SQL("grant connect on database {} to {}").format(database, people),
        sql.SQL("revoke create on schema public from public"),
        sql.SQL("grant usage, create on schema public to {}").format(owner),
        # An older grant to the application itself would outlive the one taken from everybody.
        sql.SQL("revoke create on schema public from {}").format(sql.Identifier(APPLICATION)),
    ):
        connection.execute(statement)
