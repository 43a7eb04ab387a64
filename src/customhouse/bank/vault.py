"""The vault: bank accounts under envelope encryption, known outside by opaque tokens (SEC-02).

Each record has a data key of its own, wrapped by a key-encryption key that never comes near the
database. Plain values exist in memory only, while an account is captured and while a bank file is
written. This module tells nobody but the caller, and logs every opening before it happens.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg.rows import class_row

from customhouse.bank import faults
from customhouse.bank import vault_store as sql
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.keys import (
    KEY_BYTES,
    FileKeyProvider,
    KeyProvider,
    KeysUnavailable,
    WrappedKey,
    seal,
    unseal,
)
from customhouse.bank.login import operating_login
from customhouse.bank.office import Boundary, no_boundary
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused
from customhouse.settings import Settings

KEY_FILE = "vault_keys.json"
ACCOUNT_CONTEXT = ("account", "sealed_details")
CORRECTION_CONTEXT = ("account_correction", "sealed_corrected_data")
ENTRY_CONTEXT = ("entry_return", "sealed_record")
REWRAP_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class SealedRecord:
    """One sealed value as the database keeps it, with the token that names it."""

    token: str
    key_version: int
    wrapped_key: bytes
    sealed: bytes


def key_file(settings: Settings) -> Path:
    """Give the place of the key file: in the bank's data directory, beside no database."""
    return settings.data_directory / "bank" / KEY_FILE


def open_keys(settings: Settings, connection: Connection[Any]) -> FileKeyProvider:
    """Open the keys, making them for an empty vault.

    Raises Refused (vault-keys-missing) when there are accounts, or sealed entries, and no readable
    keys, or keys that do not open them: a vault never starts over with new ones (O2).
    """
    path = key_file(settings)
    # The record is read before the keys: a rotation writes its key first and moves records then.
    samples = _first_records(connection)
    if not path.exists() and not samples:
        return FileKeyProvider.create(path)
    try:
        keys = FileKeyProvider.open(path)
        for context, sample in samples.items():
            _data_key(keys, sample, context)
        return keys
    except KeysUnavailable as error:
        raise Refused(Fault(faults.VAULT_KEYS_MISSING, {"place": str(path)})) from error


def new_token(prefix: str) -> str:
    """Give a random opaque token: ``prefix_`` and 26 characters that hold 128 bits."""
    return f"{prefix}_{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}"


def capture(
    connection: Connection[Any], keys: KeyProvider, *, details: AccountDetails, clock: Clock
) -> str:
    """Keep an account and give its token; the same account again gives the same token.

    Routing and account number make an account the same; type and holder of the first capture
    stand. One transaction. Raises KeysUnavailable when the key was destroyed since it was read.
    """
    record = seal_record(keys, new_token("acct"), plain=details.to_bytes(), context=ACCOUNT_CONTEXT)
    values = {
        "token": record.token,
        "fingerprint": keys.fingerprint(details.identity),
        "key_version": record.key_version,
        "wrapped_key": record.wrapped_key,
        "sealed_details": record.sealed,
        "captured_at": clock.now(),
    }
    with connection.transaction():
        row = connection.execute(sql.ADD_ACCOUNT, values).fetchone()
        if row is None:
            row = connection.execute(sql.EQUAL_ACCOUNT, values).fetchone()
    if row is None:
        raise KeysUnavailable(f"key version {record.key_version} was destroyed; open the keys anew")
    return str(row[0])


def open_accounts(
    connection: Connection[Any],
    keys: KeyProvider,
    *,
    tokens: Collection[str],
    purpose: str,
    clock: Clock,
) -> dict[str, AccountDetails]:
    """Decrypt accounts by token, each logged with purpose and login; unknown tokens are left out.

    The log is committed before anything is decrypted, so the connection must not be inside a
    transaction. Raises KeysUnavailable when a record does not open.
    """
    if connection.info.transaction_status != TransactionStatus.IDLE:
        raise RuntimeError("accounts are opened outside a transaction, so that the log stays")
    wanted = sorted(set(tokens))
    values = {
        "tokens": wanted,
        "purpose": purpose,
        "accessed_at": clock.now(),
        "opened_by": operating_login(),
    }
    with connection.transaction():
        connection.execute(sql.RECORD_ACCESS, values)
        records = _sealed(connection, sql.SEALED_ACCOUNTS, {"tokens": wanted})
    return {
        record.token: AccountDetails.from_bytes(open_record(keys, record, context=ACCOUNT_CONTEXT))
        for record in records
    }


def seal_record(
    keys: KeyProvider, token: str, *, plain: bytes, context: tuple[str, str]
) -> SealedRecord:
    """Seal a value for one table, column and token under a data key of its own."""
    associated = _associated(context, token)
    data_key = secrets.token_bytes(KEY_BYTES)
    wrapped = keys.wrap(data_key, associated)
    return SealedRecord(
        token, wrapped.version, wrapped.wrapped, seal(data_key, plain, context=associated)
    )


def open_record(keys: KeyProvider, record: SealedRecord, *, context: tuple[str, str]) -> bytes:
    """Give the plain value back; raise KeysUnavailable when key, place or token is another."""
    data_key = _data_key(keys, record, context)
    return unseal(data_key, bytes(record.sealed), context=_associated(context, record.token))


def rewrap(
    connection: Connection[Any], keys: KeyProvider, *, boundary: Boundary = no_boundary
) -> int:
    """Put every data key under the current key-encryption key; give how many were moved (O1).

    Works in small transactions beside live traffic; broken off, it goes on where it was, and run
    again, it moves nothing.
    """
    pairs = (
        (sql.TO_REWRAP, sql.REWRAP, ACCOUNT_CONTEXT),
        (sql.CORRECTIONS_TO_REWRAP, sql.REWRAP_CORRECTIONS, CORRECTION_CONTEXT),
        (sql.ENTRIES_TO_REWRAP, sql.REWRAP_ENTRIES, ENTRY_CONTEXT),
    )
    moved = 0
    for select, update, context in pairs:
        while count := _rewrap_chunk(
            connection, keys, statements=(select, update), context=context
        ):
            moved += count
            boundary("re-wrapped")
    return moved


def records_by_key_version(connection: Connection[Any]) -> dict[int, int]:
    """Give how many sealed records each key version opens."""
    with connection.transaction():
        return dict(connection.execute(sql.RECORDS_BY_KEY_VERSION).fetchall())


def retire_key(
    settings: Settings, connection: Connection[Any], version: int, *, clock: Clock
) -> None:
    """Destroy an old key-encryption key; raise Refused (vault-key-needed) while it is needed.

    The current version is always needed, for the next record (O1). Records are counted while
    nobody can add one, and none is accepted under this version afterwards, so that a process that
    still has the old key in memory cannot write what nobody can open.
    """
    keys = open_keys(settings, connection)
    with connection.transaction():
        connection.execute(sql.HOLD_RECORDS)
        needed = records_by_key_version(connection).get(version, 0)
        if needed or version not in keys.key_encryption_keys or version == keys.current_version:
            values = {"version": version, "records": needed}
            raise Refused(Fault(faults.VAULT_KEY_NEEDED, values))
        retired = {"key_version": version, "retired_at": clock.now()}
        connection.execute(sql.RETIRE_KEY, retired)
    keys.without_version(version)


def _rewrap_chunk(
    connection: Connection[Any],
    keys: KeyProvider,
    *,
    statements: tuple[str, str],
    context: tuple[str, str],
) -> int:
    select, update = statements
    with connection.transaction():
        values = {"current_version": keys.current_version, "most": REWRAP_CHUNK}
        records = _sealed(connection, select, values)
        if records:
            moved = [_rewrapped(keys, record, context) for record in records]
            new = {
                "tokens": [record.token for record in records],
                "key_versions": [wrapped.version for wrapped in moved],
                "wrapped_keys": [wrapped.wrapped for wrapped in moved],
            }
            connection.execute(update, new)
    return len(records)


def _rewrapped(keys: KeyProvider, record: SealedRecord, context: tuple[str, str]) -> WrappedKey:
    data_key = _data_key(keys, record, context)
    return keys.wrap(data_key, _associated(context, record.token))


def _data_key(keys: KeyProvider, record: SealedRecord, context: tuple[str, str]) -> bytes:
    wrapped = WrappedKey(record.key_version, bytes(record.wrapped_key))
    return keys.unwrap(wrapped, _associated(context, record.token))


def _associated(context: tuple[str, str], token: str) -> bytes:
    return "\0".join((*context, token)).encode()


def _first_records(connection: Connection[Any]) -> dict[tuple[str, str], SealedRecord]:
    """Give one record of each kind that can be there without the other, if any is kept."""
    statements = {ACCOUNT_CONTEXT: sql.FIRST_ACCOUNT, ENTRY_CONTEXT: sql.FIRST_ENTRY}
    with connection.transaction():
        found = {context: _sealed(connection, each, {}) for context, each in statements.items()}
    return {context: records[0] for context, records in found.items() if records}


def _sealed(
    connection: Connection[Any], statement: str, values: Mapping[str, object]
) -> Sequence[SealedRecord]:
    with connection.cursor(row_factory=class_row(SealedRecord)) as cursor:
        return cursor.execute(statement, values).fetchall()
