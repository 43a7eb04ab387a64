"""The keys of the vault: an interface for whoever keeps them, and one keeper, a file.

A key-encryption key never leaves its keeper; the vault hands in a data key and gets it back
wrapped. A hardware module or a key service takes the file's place by offering the same methods.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class KeysUnavailable(Exception):
    """A key that is needed is not there or is not the one that was used: nothing is opened."""


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key under the key-encryption key of one version."""

    version: int
    wrapped: bytes


class KeyProvider(Protocol):
    """Keeps the key-encryption keys and the fingerprint key."""

    @property
    def current_version(self) -> int:
        """Give the version that new data keys are wrapped with."""
        ...

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        """Wrap a data key with the current key, bound to ``context``."""
        ...

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Give a data key back; raise KeysUnavailable when key or context is not the same."""
        ...

    def fingerprint(self, message: bytes) -> bytes:
        """Give the 32 bytes of a keyed hash, for finding equal values without opening any."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class FileKeyProvider:
    """Keeps the keys in one file of mode 0600: JSON with versions and base64 of 32 bytes each."""

    path: Path
    key_encryption_keys: dict[int, bytes]
    fingerprint_key: bytes

    def __repr__(self) -> str:
        return f"FileKeyProvider({str(self.path)!r}, versions={sorted(self.key_encryption_keys)})"

    @classmethod
    def create(cls, path: Path) -> FileKeyProvider:
        """Make a key file with version 1; of several makers at once, one wins and all read its."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = cls(path, {1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))
        attempt = _write_aside(path, made._to_json())
        try:
            os.link(attempt, path)
        except FileExistsError:
            pass  # Somebody else made it first; those keys are the keys.
        finally:
            attempt.unlink()
        _sync_directory(path.parent)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> FileKeyProvider:
        """Read the key file; raise KeysUnavailable when missing, damaged or open to others."""
        try:
            if path.stat().st_mode & 0o077:
                raise KeysUnavailable(f"{path} can be read by others; set its mode to 0600")
            values = json.loads(path.read_bytes())
            keys = {int(v): _key(text) for v, text in values["key_encryption_keys"].items()}
            return cls(path, keys, _key(values["fingerprint_key"]))
        except FileNotFoundError:
            raise KeysUnavailable(f"{path} is missing") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise KeysUnavailable(f"{path} is not a key file") from None

    def with_new_version(self) -> FileKeyProvider:
        """Add a key-encryption key, current from now on; the old ones stay to unwrap with.

        What the file holds now counts: of two who add a key at once, each adds to the other's.
        """
        with _alone_at(self.path):
            newest = FileKeyProvider.open(self.path)
            added = {newest.current_version + 1: secrets.token_bytes(KEY_BYTES)}
            return newest._replaced({**newest.key_encryption_keys, **added})

    def without_version(self, version: int) -> FileKeyProvider:
        """Destroy an old key; the caller has made sure that no record needs it (O1)."""
        with _alone_at(self.path):
            newest = FileKeyProvider.open(self.path)
            if version == newest.current_version:
                raise ValueError(f"version {version} is the current one")
            kept = {v: key for v, key in newest.key_encryption_keys.items() if v != version}
            return newest._replaced(kept)

    @property
    def current_version(self) -> int:
        """Give the newest version."""
        return max(self.key_encryption_keys)

    def wrap(self, data_key: bytes, context: bytes) -> WrappedKey:
        """Wrap a data key with the newest key (AES-256-GCM)."""
        version = self.current_version
        return WrappedKey(
            version, seal(self.key_encryption_keys[version], data_key, context=context)
        )

    def unwrap(self, wrapped: WrappedKey, context: bytes) -> bytes:
        """Unwrap with the key of that version; raise KeysUnavailable when it does not fit.

        A version that was added since the file was read is looked up there: a rotation goes on
        beside a run that began before it (O1).
        """
        if wrapped.version not in self.key_encryption_keys:
            self.key_encryption_keys.update(FileKeyProvider.open(self.path).key_encryption_keys)
        key = self.key_encryption_keys.get(wrapped.version)
        if key is None:
            raise KeysUnavailable(f"key version {wrapped.version} is not in {self.path}")
        return unseal(key, wrapped.wrapped, context=context)

    def fingerprint(self, message: bytes) -> bytes:
        """Give HMAC-SHA256 with the fingerprint key."""
        return hmac.new(self.fingerprint_key, message, hashlib.sha256).digest()

    def _replaced(self, keys: dict[int, bytes]) -> FileKeyProvider:
        made = FileKeyProvider(self.path, keys, self.fingerprint_key)
        _write_aside(self.path, made._to_json()).rename(self.path)
        _sync_directory(self.path.parent)
        return made

    def _to_json(self) -> bytes:
        values = {
            "key_encryption_keys": {str(v): _text(k) for v, k in self.key_encryption_keys.items()},
            "fingerprint_key": _text(self.fingerprint_key),
        }
        return json.dumps(values, indent=1).encode()


def seal(key: bytes, plain: bytes, *, context: bytes) -> bytes:
    """Encrypt with AES-256-GCM: a fresh nonce of 12 bytes, then ciphertext and tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def unseal(key: bytes, sealed: bytes, *, context: bytes) -> bytes:
    """Decrypt what ``seal`` gave; raise KeysUnavailable when key, bytes or context differ."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context)
    except (InvalidTag, ValueError):
        # A record that lost its first bytes has no nonce, which is no InvalidTag.
        raise KeysUnavailable("a sealed record does not open with this key and context") from None


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key


def _text(key: bytes) -> str:
    return base64.b64encode(key).decode()


@contextmanager
def _alone_at(path: Path) -> Iterator[None]:
    """Hold the lock that lets one process at a time change the key file."""
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write_aside(path: Path, content: bytes) -> Path:
    """Write the whole content, synced, under another name in the same directory; give its path."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return aside


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
