"""What a person reads when a database or a place for files fails a command: no trace, a hint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from psycopg import errors

from customhouse import database
from customhouse.database.failures import refusal_of
from customhouse.faults import Refused
from customhouse.settings import Settings
from tests.integration.database.test_commands import run


@pytest.fixture(scope="module")
def bare() -> Iterator[Settings]:
    """Give settings of two servers that run and were never migrated."""
    with TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory), durable=False)
        database.start_servers(settings)
        yield settings
        database.stop_servers(settings)


@pytest.mark.parametrize(
    "words",
    [
        ("bank", "status"),
        ("bank", "files"),
        ("bank", "day"),
        ("bank", "keys", "rotate"),
        ("ledger", "check"),
        ("ledger", "balances"),
    ],
)
def test_a_database_without_tables_is_told_with_the_command_that_helps(
    bare: Settings, words: tuple[str, ...]
) -> None:
    told = run(bare, *words)
    assert (told.returncode, told.stdout) == (7, "")
    code, hint = told.stderr.splitlines()
    assert code.startswith("database-not-migrated: ")
    assert hint.endswith("customhouse database migrate")


def test_an_exchange_folder_that_is_a_file_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("")
    told = run(
        replace(settings, given_exchange_directory=tmp_path / "occupied"),
        *("bank", "day", "--until", "2026-01-05"),
    )
    assert told.returncode == 7
    assert told.stderr.startswith(f"place-unusable: {tmp_path}/occupied cannot be used: ")
    assert len(told.stderr.splitlines()) == 2


def test_a_url_that_cannot_be_read_is_named_and_not_repeated(settings: Settings) -> None:
    told = run(replace(settings, bank_database_url="hunter2"), "bank", "status")
    assert told.returncode == 2
    assert told.stderr.startswith("setting-wrong: The setting CUSTOMHOUSE_BANK_DATABASE_URL ")
    assert "hunter2" not in told.stderr


def test_a_date_that_has_not_come_is_refused_outside_a_rehearsal(settings: Settings) -> None:
    told = run(settings, "bank", "day", "--until", "2059-12-31")
    assert told.returncode == 7
    assert told.stderr.startswith("bank-date-future: 2059-12-31 has not come yet")
    assert "none yet" in run(settings, "bank", "status").stdout


@pytest.mark.parametrize("asked", ["2060-12-31", "2101-01-01", "1999-12-31"])
def test_a_date_outside_the_calendar_opens_no_day(settings: Settings, asked: str) -> None:
    rehearsal = replace(settings, clock="rehearsal")
    told = run(rehearsal, "bank", "day", "--until", asked)
    assert told.returncode == 7
    assert told.stderr.startswith(f"bank-date-outside-calendar: {asked} is not in")
    assert "none yet" in run(rehearsal, "bank", "status").stdout


@pytest.mark.parametrize(
    "words",
    [
        ("bank", "files", "--most", "9" * 20),
        ("bank", "tokens", "add", "--scope", "capture", "--label", "a\udcffb"),
        ("bank", "tokens", "revoke", "a\udcffb"),
    ],
)
def test_an_argument_out_of_range_is_a_matter_of_usage(
    settings: Settings, words: tuple[str, ...]
) -> None:
    told = run(settings, *words)
    assert told.returncode == 2
    assert "Invalid value" in told.stderr


@pytest.mark.parametrize("path", ["a$(true)b", "a'b", 'a"b', "a`b", "a,b"])
def test_a_path_that_the_servers_programs_misread_is_refused_before_anything_is_made(
    tmp_path: Path, path: str
) -> None:
    settings = Settings(data_directory=tmp_path / path, durable=False)
    with pytest.raises(Refused, match="its path has "):
        database.start_servers(settings)
    assert list(tmp_path.iterdir()) == []


def test_only_failures_that_somebody_can_mend_are_known() -> None:
    held = refusal_of(errors.LockNotAvailable("canceling statement"))
    assert held is not None
    assert held.faults[0].code == "database-broke-off"
    assert refusal_of(errors.UniqueViolation("duplicate key")) is None
    assert refusal_of(ValueError("anything")) is None
