"""The database and ledger commands, run as a person runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from customhouse import database
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import NewTransfer, TransferKind, post
from customhouse.settings import Settings

SETTLED = NewTransfer(
    payer_id=1,
    kind=TransferKind.DEBIT_SETTLED,
    ref="3927327001/1",
    debit=AccountCode.TREASURY,
    credit=AccountCode.DEBITS_IN_TRANSIT,
    amount_cents=104_608,
    effective_on=date(2026, 11, 25),
)


def run(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program with these settings."""
    program = Path(sys.executable).with_name("customhouse")
    environment = {"PATH": os.environ["PATH"], "COLUMNS": "120", **settings.environment()}
    return subprocess.run(
        [program, *words], env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def unstarted() -> Iterator[Settings]:
    """Give settings of a data directory in which nothing was ever started."""
    with TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory), durable=False)
        yield settings
        database.stop_servers(settings)


def test_from_nothing_to_two_databases_and_back(unstarted: Settings) -> None:
    before = run(unstarted, "database", "status")
    assert (before.returncode, before.stdout.count("does not answer")) == (7, 2)
    migrated = run(unstarted, "database", "migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert "agency   applied ledger/0001_ledger.sql" in migrated.stdout
    after = run(unstarted, "database", "status")
    assert (after.returncode, after.stdout.count("schema up to date")) == (0, 2)
    assert run(unstarted, "database", "stop").stdout.count("does not answer") == 2
    assert run(unstarted, "database", "start").stdout.count("schema up to date") == 2


@pytest.mark.parametrize(
    "words",
    [
        ("ledger", "balances"),
        ("ledger", "check"),
        ("database", "status"),
        ("database", "stop"),
        ("users", "list"),
        ("day", "--until", "2026-11-20"),
        ("serve", "agency"),
        ("serve", "bank"),
    ],
)
def test_in_a_wrong_folder_nothing_is_made_and_the_folder_is_named(
    unstarted: Settings, words: tuple[str, ...]
) -> None:
    folder = unstarted.data_directory / "var"
    told = run(replace(unstarted, data_directory=folder), *words)
    assert str(folder) in told.stdout + told.stderr
    assert told.returncode == (0 if words == ("database", "stop") else 7)
    if words[0] != "database":
        assert "CUSTOMHOUSE_DATA" in told.stderr
    assert list(unstarted.data_directory.iterdir()) == []


def test_serving_needs_a_migrated_database_that_runs(unstarted: Settings) -> None:
    """It is told at once with the fault that every command tells."""
    assert run(unstarted, "database", "start").returncode == 0
    for side in database.SIDES:
        unmigrated = run(unstarted, "serve", side)
        assert (unmigrated.returncode, unmigrated.stdout) == (7, "")
        assert unmigrated.stderr.startswith("database-not-migrated: ")
    assert run(unstarted, "database", "stop").returncode == 0
    for side in database.SIDES:
        stopped = run(unstarted, "serve", side)
        assert stopped.returncode == 7
        assert stopped.stderr == (
            f"database-unavailable: The {side} database in {unstarted.data_directory}"
            " does not answer.\n"
            "  hint: Start it with: customhouse database start."
            " CUSTOMHOUSE_DATA chooses the folder.\n"
        )


def test_a_database_by_url_that_does_not_answer_is_not_started_here(unstarted: Settings) -> None:
    nobody = replace(unstarted, agency_database_url="postgresql://u:hunter2@127.0.0.1:1/agency")
    told = run(nobody, "ledger", "check")
    assert told.returncode == 7
    assert "CUSTOMHOUSE_AGENCY_DATABASE_URL does not answer" in told.stderr
    assert "hunter2" not in told.stderr


def test_sound_books_end_the_check_with_0(settings: Settings) -> None:
    told = run(settings, "ledger", "check")
    assert told.returncode == 0, told.stdout + told.stderr
    lines = told.stdout.splitlines()
    assert sum(line.startswith("ok  ") for line in lines) > 13
    assert all(line.startswith(("ok  ", "    ")) and len(line) <= 100 for line in lines)
    assert "ok  sides-differ                No transfer goes from an account to itself." in lines


def test_broken_books_end_the_check_with_7_and_name_the_row(settings: Settings) -> None:
    settled_alone(settings)
    told = run(settings, "ledger", "check")
    assert told.returncode == 7
    assert "BAD transit-covered " in told.stdout
    assert "    1 violation:\n" in told.stdout
    assert "  payer_id 1, debit_ref 3927327001/1, in_transit_cents -104608\n" in told.stdout
    assert "do not hold" in told.stderr


def test_balances_are_in_dollars_up_to_a_date(settings: Settings) -> None:
    settled_alone(settings)
    now = run(settings, "ledger", "balances")
    assert now.returncode == 0, now.stderr
    assert "$1,046.08" in now.stdout
    assert "-$1,046.08" in now.stdout
    before = run(settings, "ledger", "balances", "--as-of", "2026-11-24")
    assert "$1,046.08" not in before.stdout
    assert run(settings, "ledger", "balances", "--as-of", "24.11.2026").returncode == 2


def settled_alone(settings: Settings) -> None:
    """Post a settlement of a debit that nobody authorized."""
    at = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
    with database.connect(settings, "agency") as connection:
        post(connection, [SETTLED], recorded_at=at, actor=0)
