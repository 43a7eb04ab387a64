"""The key file and the sealing of values."""

from __future__ import annotations

from pathlib import Path

import pytest

from customhouse.bank.keys import FileKeyProvider, KeysUnavailable, WrappedKey, seal, unseal
from customhouse.bank.vault import new_token, open_record, seal_record

PLACE = ("account", "sealed_details")


@pytest.fixture
def keys(tmp_path: Path) -> FileKeyProvider:
    return FileKeyProvider.create(tmp_path / "bank" / "vault_keys.json")


def test_the_key_file_is_its_owners_alone(keys: FileKeyProvider) -> None:
    assert keys.path.stat().st_mode & 0o777 == 0o600
    keys.path.chmod(0o640)
    with pytest.raises(KeysUnavailable, match="mode to 0600"):
        FileKeyProvider.open(keys.path)


def test_making_the_file_again_keeps_the_first_keys(keys: FileKeyProvider) -> None:
    again = FileKeyProvider.create(keys.path)
    assert again.fingerprint(b"x") == keys.fingerprint(b"x")
    assert [path.name for path in keys.path.parent.iterdir()] == [keys.path.name]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"key_encryption_keys": {"1": "AA=="}}'])
def test_a_damaged_file_opens_nothing(keys: FileKeyProvider, content: bytes) -> None:
    keys.path.write_bytes(content)
    with pytest.raises(KeysUnavailable, match="is not a key file"):
        FileKeyProvider.open(keys.path)


def test_an_older_version_still_unwraps_after_a_rotation(keys: FileKeyProvider) -> None:
    old = seal_record(keys, "acct_x", plain=b"plain", context=PLACE)
    rotated = keys.with_new_version()
    new = seal_record(rotated, "acct_y", plain=b"plain", context=PLACE)
    assert (old.key_version, new.key_version) == (1, 2)
    reopened = FileKeyProvider.open(keys.path)
    assert open_record(reopened, old, context=PLACE) == b"plain"
    retired = reopened.without_version(1)
    with pytest.raises(KeysUnavailable, match="version 1"):
        open_record(retired, old, context=PLACE)
    assert open_record(retired, new, context=PLACE) == b"plain"


def test_a_record_opens_only_in_its_place_and_under_its_token(keys: FileKeyProvider) -> None:
    record = seal_record(keys, "acct_x", plain=b"plain", context=PLACE)
    assert b"plain" not in record.sealed
    with pytest.raises(KeysUnavailable):
        open_record(keys, record, context=("account_correction", "sealed_corrected_data"))
    moved = type(record)("acct_y", record.key_version, record.wrapped_key, record.sealed)
    with pytest.raises(KeysUnavailable):
        open_record(keys, moved, context=PLACE)


def test_one_changed_bit_does_not_open() -> None:
    sealed = bytearray(seal(bytes(32), b"plain", context=b"context"))
    sealed[-1] ^= 1
    with pytest.raises(KeysUnavailable):
        unseal(bytes(32), bytes(sealed), context=b"context")


def test_equal_values_are_sealed_differently(keys: FileKeyProvider) -> None:
    first = seal_record(keys, "acct_x", plain=b"plain", context=PLACE)
    second = seal_record(keys, "acct_x", plain=b"plain", context=PLACE)
    assert first.sealed != second.sealed
    assert first.wrapped_key != second.wrapped_key


def test_a_wrapped_key_says_which_version_is_missing(keys: FileKeyProvider) -> None:
    with pytest.raises(KeysUnavailable, match="version 9"):
        keys.unwrap(WrappedKey(9, b"x" * 60), b"context")


def test_tokens_are_opaque_and_never_the_same() -> None:
    tokens = {new_token("acct") for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(len(token) == 31 and token.startswith("acct_") for token in tokens)


@pytest.mark.parametrize("sealed", [b"", b"short", b"x" * 12])
def test_a_record_that_lost_its_bytes_does_not_open(sealed: bytes) -> None:
    with pytest.raises(KeysUnavailable):
        unseal(b"k" * 32, sealed, context=b"here")
