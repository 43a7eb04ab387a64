"""A planted account number is in the bank's own files and nowhere else (failures H9, H11, G11).

Every account that these tests capture carries the canary. After a whole life (capture, debit,
return, notification of change, junk) each artefact is searched for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from customhouse.bank import profile
from customhouse.bank.exchange import Exchange
from customhouse.rails import to_json
from customhouse.settings import Settings
from tests.dumps import dump
from tests.integration.bank.branch import (
    CANARY,
    FRIDAY,
    ROUTINGS,
    TUESDAY,
    WEDNESDAY,
    branch_of,
    instruction,
)
from tests.integration.bank.operator_files import deliver, outbound, returns, sent

CORRECTED = "66778899001"
HOLDER = "EXAMPLE IMPORTER"


@pytest.fixture
def lived(settings: Settings) -> Exchange:
    """Let a bank live through everything that touches an account number."""
    branch = branch_of(settings)
    exchange = Exchange(settings.exchange_directory)
    branch.open_units(1, 2)
    branch.instruct(instruction(1), instruction(2, unit=2))
    branch.run(TUESDAY)
    first, second = sent(outbound(exchange)[0])
    back = returns(
        [(first, "R03")],
        [(second, "C01", CORRECTED)],
        created_on=WEDNESDAY,
        settled_on=WEDNESDAY,
    )
    deliver(exchange, "a.ret.ach", back)
    # The same with a broken amount, and account numbers where something else belongs.
    deliver(exchange, "b.ret.ach", back.replace(b"0000104608", b"00001O4608"))
    deliver(exchange, "c.ack.json", f'{{"file": "{CANARY}001"'.encode())
    deliver(exchange, "d.settlement.csv", f"{CANARY}001,1,2026-11-25\n".encode())
    branch.run(FRIDAY)
    assert branch.rows("select outcome, count(*) from inbound_file group by 1 order by 1") == [
        ("quarantined", 3),
        ("taken", 1),
    ]
    return exchange


def spelled(*secrets: str) -> Iterator[bytes]:
    """Give each secret as it would stand in a text, and as pg_dump would write its bytes."""
    for secret in secrets:
        yield secret.encode()
        yield secret.encode().hex().encode()


def files_with(secret: str, *directories: Path) -> set[str]:
    """Give the names of the files that hold a secret."""
    return {
        path.name
        for directory in directories
        for path in directory.rglob("*")
        if path.is_file() and not path.is_symlink() and secret.encode() in path.read_bytes()
    }


def test_a_dump_of_the_banks_database_holds_no_account(settings: Settings, lived: Exchange) -> None:
    text = dump(settings, "bank")
    assert b"R03" in text
    for secret in spelled(CANARY, CORRECTED, HOLDER, *ROUTINGS):
        assert secret not in text


def test_the_disk_of_the_banks_server_holds_no_account(
    settings: Settings, migrated_servers: Settings, lived: Exchange
) -> None:
    place = migrated_servers.data_directory
    assert files_with("R03", place / "bank")
    assert files_with(CANARY, place) == set()
    assert files_with(CORRECTED, place) == set()


def test_only_files_of_the_exchange_hold_an_account(settings: Settings, lived: Exchange) -> None:
    (path,) = outbound(lived)
    assert files_with(CANARY, lived.outbound) == {path.name}
    others = [
        each for each in settings.data_directory.iterdir() if each != settings.exchange_directory
    ]
    assert others
    assert files_with(CANARY, *others) == set()
    side_files = list(lived.quarantine.glob("*.faults.json"))
    assert len(side_files) == 3
    assert all(CANARY not in each.read_text() for each in side_files)


def test_files_and_folders_of_the_exchange_are_their_owners_alone(lived: Exchange) -> None:
    for path in (lived.root, *lived.root.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path


def test_events_hold_no_account(settings: Settings, lived: Exchange) -> None:
    told = branch_of(settings).events()
    assert {event.kind for event in told} == {"in_file", "returned", "change_notified"}
    for event in told:
        shown = f"{event!r} {to_json(event)}"
        assert not any(secret in shown for secret in (CANARY, CORRECTED, HOLDER, *ROUTINGS))


def test_a_held_back_file_leaves_no_temporary_file_with_accounts(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch = branch_of(settings)
    branch.open_units(1)
    branch.instruct(instruction(1))
    monkeypatch.setattr(profile, "COMPANY_IDENTIFICATION", "0000000000")
    branch.run(TUESDAY)
    assert files_with(CANARY, settings.data_directory) == set()
    ((sentence,),) = branch.rows("select sentence from alarm")
    assert CANARY not in str(sentence)
