"""The database and ledger commands, run as a person runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
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


def test_a_database_that_does_not_run_is_one_line_and_a_hint(unstarted: Settings) -> None:
    told = run(unstarted, "ledger", "balances")
    assert told.returncode == 7
    assert told.stderr == (
        "database-unavailable: The agency database does not answer.\n"
        "  hint: Start it with: customhouse database start\n"
    )


def test_sound_books_end_the_check_with_0(settings: Settings) -> None:
    told = run(settings, "ledger", "check")
    assert told.returncode == 0, told.stdout + told.stderr
    assert told.stdout.count(" ok\n") == len(told.stdout.splitlines()) > 13


def test_broken_books_end_the_check_with_7_and_name_the_row(settings: Settings) -> None:
    settled_alone(settings)
    told = run(settings, "ledger", "check")
    assert told.returncode == 7
    assert "transit-covered                  1 violation\n" in told.stdout
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
