"""The vault on a real database: tokens, rotation, its access log, and its silence."""

from __future__ import annotations

import threading

import psycopg
import pytest

from customhouse import database
from customhouse.bank import door_tokens, vault
from customhouse.bank.keys import FileKeyProvider, KeysUnavailable
from customhouse.clock import FixedClock
from customhouse.database.connections import Role
from customhouse.faults import Refused
from tests.integration.bank.branch import Branch, details


def test_the_same_account_has_the_same_token_and_another_has_another(branch: Branch) -> None:
    with branch.office() as office:
        given = [
            vault.capture(office.connection, office.keys, details=each, clock=office.clock)
            for each in (details(1), details(1, account_type="savings"), details(2))
        ]
    assert given[0] == given[1] != given[2]
    assert branch.rows("select count(*) from account") == [(2,)]


def test_two_captures_of_one_account_at_once_give_one_token(
    branch: Branch, clock: FixedClock
) -> None:
    with branch.office() as office:
        keys = office.keys
    barrier = threading.Barrier(4)
    tokens: list[str] = []

    def capture() -> None:
        with database.connect(branch.settings, "bank") as connection:
            barrier.wait()
            tokens.append(vault.capture(connection, keys, details=details(1), clock=clock))

    threads = [threading.Thread(target=capture) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 4
    assert len(set(tokens)) == 1


def test_each_opening_is_logged_with_its_purpose_before_it_happens(branch: Branch) -> None:
    (token,) = branch.open_units(1)
    with branch.office() as office:
        opened = vault.open_accounts(
            office.connection,
            office.keys,
            tokens=[token, "acct_unknown"],
            purpose="a test",
            clock=office.clock,
        )
        assert opened == {token: details(1)}
    assert branch.rows("select token, purpose from account_access") == [(token, "a test")]


def test_the_log_stays_when_the_opening_fails(branch: Branch) -> None:
    (token,) = branch.open_units(1)
    with branch.office() as office:
        other = FileKeyProvider.create(branch.settings.data_directory / "other.json")
        with pytest.raises(KeysUnavailable):
            vault.open_accounts(
                office.connection, other, tokens=[token], purpose="wrong", clock=office.clock
            )
    assert branch.rows("select purpose from account_access") == [("wrong",)]


def test_nothing_is_opened_inside_a_transaction_that_could_lose_the_log(branch: Branch) -> None:
    (token,) = branch.open_units(1)
    with (
        branch.office() as office,
        office.connection.transaction(),
        pytest.raises(RuntimeError, match="outside a transaction"),
    ):
        vault.open_accounts(
            office.connection, office.keys, tokens=[token], purpose="x", clock=office.clock
        )


@pytest.mark.parametrize(
    "change", ["update account_access set purpose = 'none'", "delete from account_access"]
)
def test_nobody_changes_the_access_log(branch: Branch, change: str) -> None:
    roles: tuple[Role, ...] = ("application", "owner")
    for role in roles:
        with (
            database.connect(branch.settings, "bank", role=role) as connection,
            pytest.raises(psycopg.Error, match="never changed"),
        ):
            connection.execute(change.encode())


def test_keys_rotate_while_records_stay_readable(branch: Branch) -> None:
    tokens = branch.open_units(1, 2, 3)
    with branch.office() as office:
        old = vault.open_keys(branch.settings, office.connection)
        rotated = old.with_new_version()
        assert vault.rewrap(office.connection, rotated) == 3
        assert vault.rewrap(office.connection, rotated) == 0
        assert vault.records_by_key_version(office.connection) == {2: 3}
        vault.retire_key(branch.settings, office.connection, 1, clock=office.clock)
        keys = vault.open_keys(branch.settings, office.connection)
        opened = vault.open_accounts(
            office.connection, keys, tokens=tokens, purpose="after", clock=office.clock
        )
        assert [opened[token] for token in tokens] == [details(1), details(2), details(3)]
        assert (
            vault.capture(office.connection, keys, details=details(2), clock=office.clock)
            == tokens[1]
        )


def test_a_key_that_a_record_needs_is_not_destroyed(branch: Branch) -> None:
    branch.open_units(1)
    with branch.office() as office:
        vault.open_keys(branch.settings, office.connection).with_new_version()
        for version in (1, 2, 3):
            with pytest.raises(Refused) as refused:
                vault.retire_key(branch.settings, office.connection, version, clock=office.clock)
            assert refused.value.faults[0].code == "vault-key-needed"


def test_a_vault_with_accounts_never_starts_over_with_new_keys(branch: Branch) -> None:
    branch.open_units(1)
    vault.key_file(branch.settings).unlink()
    with pytest.raises(Refused) as refused, branch.office():
        pass
    assert refused.value.faults[0].code == "vault-keys-missing"
    assert not vault.key_file(branch.settings).exists()


def test_a_door_token_is_kept_as_a_hash_and_can_be_taken_back(branch: Branch) -> None:
    with branch.office() as office:
        connection, clock = office.connection, office.clock
        token = door_tokens.issue(connection, scope="capture", label="page", clock=clock)
        assert door_tokens.is_live(connection, token, scope="capture")
        assert not door_tokens.is_live(connection, token + "x", scope="capture")
        assert door_tokens.revoke(connection, label="page", clock=clock) == 1
        assert not door_tokens.is_live(connection, token, scope="capture")
        row = connection.execute("select * from door_token").fetchone()
    assert token not in str(row)


def test_of_two_rotations_at_once_neither_key_is_lost(branch: Branch) -> None:
    (token,) = branch.open_units(1)
    one = FileKeyProvider.open(vault.key_file(branch.settings))
    other = FileKeyProvider.open(vault.key_file(branch.settings))
    with branch.office() as office:
        vault.rewrap(office.connection, one.with_new_version())
        assert other.with_new_version().current_version == 3
        keys = vault.open_keys(branch.settings, office.connection)
        opened = vault.open_accounts(
            office.connection, keys, tokens=[token], purpose="test", clock=office.clock
        )
    assert opened[token] == details(1)


def test_keys_that_do_not_open_the_accounts_are_refused(branch: Branch) -> None:
    branch.open_units(1)
    place = vault.key_file(branch.settings)
    place.unlink()
    FileKeyProvider.create(place)
    with pytest.raises(Refused) as refusal:
        branch.open_units(2)
    assert [fault.code for fault in refusal.value.faults] == ["vault-keys-missing"]
