"""Secrets of ABI senders: bearer tokens and transmission passwords, issued once, kept as hashes.

A token is long and random, so a plain SHA-256 of it suffices to look it up. A password has the six
characters that CATAIR gives it, so it is kept with a salt and a slow hash. Nothing here touches a
database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

PASSWORD_LENGTH: Final = 6
# Without I, O, 0 and 1, which are mistaken for each other when they are typed.
_PASSWORD_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # noqa: S105 - not a password
_SCRYPT_COST: Final = 2**12
_REMEMBERED_AT_MOST: Final = 4096

# Passwords that matched before, as keyed hashes that mean nothing outside this process: a sender
# that transmits all day pays for the slow hash once.
_process_key: Final = secrets.token_bytes(32)
_remembered: Final[set[bytes]] = set()


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A password as it is kept: its salt and its slow hash."""

    salt: bytes
    digest: bytes

    def __repr__(self) -> str:
        return "PasswordHash(redacted)"


@dataclass(frozen=True, slots=True)
class Credential:
    """What a sender is told once: its bearer token and its transmission password."""

    token: str
    password: str

    def __repr__(self) -> str:
        return "Credential(redacted)"


def new_credential() -> Credential:
    """Give a fresh random token of 43 characters and a fresh random password of six."""
    letters = (secrets.choice(_PASSWORD_ALPHABET) for _ in range(PASSWORD_LENGTH))
    return Credential(token=secrets.token_urlsafe(32), password="".join(letters))


def token_sha256(token: str) -> bytes:
    """Give the 32 bytes under which a token is looked up."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def hash_password(password: str) -> PasswordHash:
    """Give a password's slow hash with a new salt."""
    salt = secrets.token_bytes(16)
    return PasswordHash(salt, _slow(password, salt))


def password_matches(password: str, kept: PasswordHash) -> bool:
    """Tell whether a password is the kept one; a match is remembered by this process."""
    seen = password.encode("utf-8", "surrogatepass")
    key = hmac.digest(_process_key, kept.salt + kept.digest + seen, "sha256")
    if key in _remembered:
        return True
    if not hmac.compare_digest(_slow(password, kept.salt), kept.digest):
        return False
    if len(_remembered) >= _REMEMBERED_AT_MOST:
        _remembered.clear()
    _remembered.add(key)
    return True


def _slow(password: str, salt: bytes) -> bytes:
    seen = password.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(seen, salt=salt, n=_SCRYPT_COST, r=8, p=1, dklen=32)
