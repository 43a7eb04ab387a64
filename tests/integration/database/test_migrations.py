"""The migration history: applied once, in order, refused when it was changed."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest
from psycopg.rows import TupleRow

from customhouse import database
from customhouse.clock import FixedClock
from customhouse.database import migrations
from customhouse.faults import Refused
from customhouse.settings import Settings

Connection = psycopg.Connection[TupleRow]

# Tables, columns, constraints, indexes and rights: everything that a migration can change.
SCHEMA = """
select 'column', table_name, column_name, data_type || is_nullable || coalesce(column_default, '')
from information_schema.columns where table_schema = 'public'
union all
select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
from pg_constraint where connamespace = 'public'::regnamespace
union all
select 'index', tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
union all
select 'right', table_name, grantee, privilege_type
from information_schema.role_table_grants where table_schema = 'public'
order by 1, 2, 3, 4
"""


def schema_of(settings: Settings, side: database.Side) -> list[TupleRow]:
    with database.connect(settings, side, role="owner") as connection:
        return connection.execute(SCHEMA).fetchall()


@pytest.mark.parametrize("side", database.SIDES)
def test_a_second_migration_changes_nothing(
    settings: Settings, clock: FixedClock, side: database.Side
) -> None:
    before = schema_of(settings, side)
    assert before
    assert database.migrate(settings, side, clock=clock) == []
    assert schema_of(settings, side) == before


def test_the_ledger_comes_before_the_agency_and_never_on_the_banks_side() -> None:
    names = [migration.name for migration in migrations.migrations_of("agency")]
    assert names[0] == "ledger/0001_ledger.sql"
    assert "agency/0001_agency.sql" in names
    assert all(each.name.startswith("bank/") for each in migrations.migrations_of("bank"))


@pytest.mark.parametrize("side", database.SIDES)
def test_each_applied_file_is_recorded_with_its_hash(
    settings: Settings, side: database.Side
) -> None:
    with database.connect(settings, side) as connection:
        rows = connection.execute("select name, sha256 from schema_migration").fetchall()
    known = {each.name: each.sha256 for each in migrations.migrations_of(side)}
    assert {name: bytes(sha256) for name, sha256 in rows} == known


def test_a_changed_file_is_refused(agency_connection: Connection) -> None:
    files = migrations.migrations_of("agency")
    files[0] = replace(files[0], content=files[0].content + b"-- one more comment\n")
    with pytest.raises(Refused, match="another content") as refused:
        migrations.pending(agency_connection, "agency", migrations=files)
    assert [fault.code for fault in refused.value.faults] == ["migration-changed"]


def test_a_database_ahead_of_the_release_is_refused(agency_connection: Connection) -> None:
    files = migrations.migrations_of("agency")[:1]
    with pytest.raises(Refused) as refused:
        migrations.pending(agency_connection, "agency", migrations=files)
    assert {fault.code for fault in refused.value.faults} == {"migration-unknown"}


def test_a_failing_file_leaves_nothing_behind(
    settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = migrations.migrations_of("agency")
    good = migrations.Migration("agency/9998_good.sql", b"create table added (id int);")
    bad = migrations.Migration("agency/9999_bad.sql", b"create table half (id int); select 1 / 0;")
    monkeypatch.setattr(migrations, "migrations_of", lambda side: [*files, good, bad])
    with pytest.raises(psycopg.errors.DivisionByZero):
        database.migrate(settings, "agency", clock=clock)
    with database.connect(settings, "agency") as connection:
        assert migrations.applied(connection)[-1] != bad.name
        row = connection.execute(
            "select to_regclass('added') is not null, to_regclass('half') is not null"
        ).fetchone()
    assert row == (True, False)


def test_new_tables_are_granted_to_the_application(settings: Settings) -> None:
    with database.connect(settings, "agency", role="owner") as connection:
        connection.execute("create table session_like (id int)")
        database.grant_application(connection)
    with database.connect(settings, "agency") as connection:
        connection.execute("insert into session_like values (1)")
        connection.execute("delete from session_like")


def test_a_database_by_url_without_a_migration_url_says_so(
    settings: Settings, clock: FixedClock
) -> None:
    with pytest.raises(Refused, match="URL to migrate") as refused:
        database.migrate(replace(settings, bank_migration_database_url=None), "bank", clock=clock)
    assert "CUSTOMHOUSE_BANK_MIGRATION_DATABASE_URL" in refused.value.faults[0].next_step
