"""Keys that change while debits are planned, written and come back (failure O1)."""

from __future__ import annotations

import threading

import pytest

from customhouse import database
from customhouse.bank import bank_file_bytes, vault
from customhouse.bank.exchange import Exchange
from customhouse.bank.keys import FileKeyProvider, KeysUnavailable
from customhouse.faults import Refused
from tests.integration.bank.branch import (
    FRIDAY,
    TUESDAY,
    WEDNESDAY,
    Branch,
    details,
    instruction,
)
from tests.integration.bank.operator_files import deliver, outbound, returns, sent, settlement

PAYERS = range(1, 31)


class Crash(BaseException):
    """Stands for the end of the process: nothing in the code may catch it."""


@pytest.fixture
def payers(branch: Branch) -> list[str]:
    """Give thirty accounts, each with a debit that is due; the tokens."""
    tokens = branch.open_units(*PAYERS)
    branch.instruct(*[instruction(number, unit=number) for number in PAYERS])
    return tokens


def rotate(branch: Branch, **more: object) -> int:
    """Rotate as the command does, beside whatever runs; give how many records were moved."""
    with database.connect(branch.settings, "bank") as connection:
        connection.autocommit = True
        newer = vault.open_keys(branch.settings, connection).with_new_version()
        return vault.rewrap(connection, newer, **more)  # type: ignore[arg-type]


def counts(branch: Branch) -> dict[int, int]:
    with branch.office() as office:
        return vault.records_by_key_version(office.connection)


def test_a_day_that_began_before_a_rotation_goes_on_with_the_new_key(
    branch: Branch, exchange: Exchange, payers: list[str]
) -> None:
    """The run read the key file before; records are under a key now that it did not know."""
    moved: list[int] = []

    def boundary(name: str) -> None:
        if name == "entries added" and not moved:
            moved.append(rotate(branch))

    branch.run(TUESDAY, boundary)
    assert moved == [len(payers)]
    assert len(sent(outbound(exchange)[0])) == len(payers)
    assert branch.rows("select count(*) from alarm") == [(0,)]
    assert counts(branch) == {2: len(payers)}


def test_keys_rotate_all_day_long_and_nothing_is_held_back(
    branch: Branch, exchange: Exchange, payers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planning, writing, settling and returning go on; then every old key can be destroyed."""
    monkeypatch.setattr(vault, "REWRAP_CHUNK", 3)
    monkeypatch.setattr(bank_file_bytes, "ENTRIES_AT_ONCE", 4)
    ended = threading.Event()
    rotations: list[int] = []

    def keep_rotating() -> None:
        while not ended.is_set():
            rotations.append(rotate(branch))

    thread = threading.Thread(target=keep_rotating)
    thread.start()
    try:
        branch.run(TUESDAY)
        debits = sent(outbound(exchange)[0])
        deliver(exchange, "a.settlement.csv", settlement(debits, WEDNESDAY))
        back = returns(
            [(debits[0], "R01")],
            [(each, "C01", "778899") for each in debits[1:9]],
            created_on=WEDNESDAY,
            settled_on=WEDNESDAY,
        )
        deliver(exchange, "a.ret.ach", back)
        branch.run(FRIDAY)
    finally:
        ended.set()
        thread.join()
    assert len(rotations) >= 2
    assert branch.rows("select kind from alarm where cleared_at is null") == []
    assert sorted(branch.states().values()) == ["returned"] + ["settled"] * (len(payers) - 1)
    _destroy_every_old_key(branch, records=len(payers) + 8)
    with branch.office() as office:
        opened = vault.open_accounts(
            office.connection, office.keys, tokens=payers, purpose="test", clock=office.clock
        )
    assert [opened[token] for token in payers] == [details(number) for number in PAYERS]


def _destroy_every_old_key(branch: Branch, *, records: int) -> None:
    rotate(branch)
    with branch.office() as office:
        keys = vault.open_keys(branch.settings, office.connection)
        current = keys.current_version
        assert vault.records_by_key_version(office.connection) == {current: records}
        for version in sorted(keys.key_encryption_keys)[:-1]:
            vault.retire_key(branch.settings, office.connection, version, clock=office.clock)
    assert list(FileKeyProvider.open(keys.path).key_encryption_keys) == [current]


def test_a_rotation_that_breaks_off_leaves_all_readable_and_goes_on(
    branch: Branch, payers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "REWRAP_CHUNK", 7)

    def crash(_name: str) -> None:
        raise Crash

    with pytest.raises(Crash):
        rotate(branch, boundary=crash)
    assert counts(branch) == {1: len(payers) - 7, 2: 7}
    with branch.office() as office:
        keys = vault.open_keys(branch.settings, office.connection)
        with pytest.raises(Refused) as refused:
            vault.retire_key(branch.settings, office.connection, 1, clock=office.clock)
        assert refused.value.faults[0].values["records"] == len(payers) - 7
        opened = vault.open_accounts(
            office.connection, keys, tokens=payers, purpose="test", clock=office.clock
        )
        assert len(opened) == len(payers)
        assert vault.rewrap(office.connection, keys) == len(payers) - 7
        vault.retire_key(branch.settings, office.connection, 1, clock=office.clock)
    assert counts(branch) == {2: len(payers)}


def test_a_process_with_a_destroyed_key_in_memory_keeps_nothing_under_it(
    branch: Branch, payers: list[str]
) -> None:
    """Otherwise that account could never be opened again."""
    stale = FileKeyProvider.open(vault.key_file(branch.settings))
    rotate(branch)
    with branch.office() as office:
        vault.retire_key(branch.settings, office.connection, 1, clock=office.clock)
        with pytest.raises(KeysUnavailable, match="version 1 was destroyed"):
            vault.capture(office.connection, stale, details=details(99), clock=office.clock)
        token = vault.capture(
            office.connection, office.keys, details=details(99), clock=office.clock
        )
        known = vault.capture(office.connection, stale, details=details(1), clock=office.clock)
    assert token not in payers
    assert known == payers[0]
    assert counts(branch) == {2: len(payers) + 1}
