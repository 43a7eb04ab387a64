"""What each role may do, tried with raw SQL (B13, B14, G1, G6)."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, NotNullViolation
from psycopg.rows import TupleRow

from customhouse import database
from customhouse.settings import Settings

Connection = psycopg.Connection[TupleRow]

INSERT = """
insert into transfer (payer_id, kind, ref, debit, credit, amount_cents, status, effective_on,
  recorded_at, actor)
values (%s, %s, %s, %s, %s, %s, %s, '2026-11-24', '2026-11-24 14:00+00', 1)
"""
GOOD = (1, 2, "X/1", "treasury", "debits_in_transit", 100, "posted")


def test_a_good_row_can_be_added(agency_connection: Connection) -> None:
    agency_connection.execute(INSERT, GOOD)
    row = agency_connection.execute("select sum(amount_cents) from transfer").fetchone()
    assert row == (100,)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param((1, 2, "X/1", "treasury", "treasury", 100, "posted"), id="one side"),
        pytest.param((1, 2, "X/1", "treasury", "revenue", 100, "posted"), id="wrong event"),
        pytest.param((1, 2, "X/1", "treasury", "debits_in_transit", 0, "posted"), id="zero"),
        pytest.param((1, 2, "X/1", "treasury", "debits_in_transit", -5, "posted"), id="negative"),
        pytest.param((1, 2, "X/1", "treasury", "debits_in_transit", 10**12, "posted"), id="wide"),
        pytest.param((1, 2, "", "treasury", "debits_in_transit", 1, "posted"), id="no ref"),
        pytest.param((1, 3, "X/1", "debits_in_transit", "revenue", 1, "voided"), id="void alone"),
        pytest.param((1, 5, "X/1", "debits_in_transit", "revenue", 1, "posted"), id="post alone"),
        pytest.param((1, 1, "X/1", "debits_in_transit", "revenue", 1, "posted"), id="not pending"),
        pytest.param((1, 9, "X/1", "revenue", "treasury", 1, "posted"), id="corrects nothing"),
        pytest.param((1, 8, "X/1", "revenue", "treasury", 1, "posted"), id="unknown event"),
    ],
)
def test_raw_sql_cannot_post_what_no_event_posts(
    agency_connection: Connection, row: tuple[object, ...]
) -> None:
    with pytest.raises(CheckViolation):
        agency_connection.execute(INSERT, row)


def test_raw_sql_cannot_leave_a_side_out(agency_connection: Connection) -> None:
    with pytest.raises(NotNullViolation):
        agency_connection.execute(INSERT, (1, 2, "X/1", None, "debits_in_transit", 1, "posted"))


@pytest.mark.parametrize(
    "statement",
    [
        "update transfer set amount_cents = 1",
        "delete from transfer",
        "truncate transfer",
        "select * from transfer for update",
        "drop table transfer",
        "alter table transfer drop constraint transfer_once",
        "create table own_ledger (amount_cents bigint)",
        "delete from schema_migration",
        "set role customhouse_owner",
    ],
)
def test_the_application_changes_no_history(agency_connection: Connection, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        agency_connection.execute(statement)


@pytest.mark.parametrize("side", database.SIDES)
def test_the_application_makes_no_table_and_is_no_superuser(
    settings: Settings, side: database.Side
) -> None:
    with database.connect(settings, side) as connection:
        row = connection.execute(
            "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls"
            " from pg_roles where rolname = current_user"
        ).fetchone()
        assert row == (False, False, False, False)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("create table anything (id int)")


@pytest.mark.parametrize("role", ["customhouse_owner", "customhouse_application"])
@pytest.mark.parametrize("side", database.SIDES)
def test_the_owner_cannot_log_in(settings: Settings, side: database.Side, role: str) -> None:
    url = database.url(settings, side, role="administrator")
    with psycopg.connect(url) as administrator:
        row = administrator.execute(
            "select rolcanlogin from pg_roles where rolname = %s", [role]
        ).fetchone()
    assert row == (False,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, user=role)


@pytest.mark.parametrize("side", database.SIDES)
def test_a_login_without_its_password_is_refused(settings: Settings, side: database.Side) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(database.url(settings, side), password="not the password")


def test_a_login_of_one_side_is_unknown_on_the_other(settings: Settings) -> None:
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database.url(settings, "bank"), user="agency_app")


def test_the_owners_session_acts_as_the_owner(settings: Settings) -> None:
    with database.connect(settings, "agency", role="owner") as connection:
        assert connection.execute("select current_user").fetchone() == ("customhouse_owner",)


def test_sessions_of_the_application_have_deadlines_and_utc(
    agency_connection: Connection,
) -> None:
    row = agency_connection.execute(
        "select current_setting('lock_timeout'), current_setting('statement_timeout'),"
        " current_setting('idle_in_transaction_session_timeout'), current_setting('timezone')"
    ).fetchone()
    assert row == ("2s", "30s", "15s", "UTC")


def test_the_banks_server_writes_no_statement_and_no_value(bank_connection: Connection) -> None:
    names = ("log_statement", "log_parameter_max_length", "log_min_error_statement")
    told = [
        bank_connection.execute("select current_setting(%s)", [name]).fetchone() for name in names
    ]
    assert told == [("none",), ("0",), ("panic",)]
