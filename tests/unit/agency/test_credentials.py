"""Credentials are random, kept as hashes only, and cheap to check again."""

from __future__ import annotations

import re
import time

from customhouse.agency.credentials import (
    PasswordHash,
    hash_password,
    new_credential,
    password_matches,
    token_sha256,
)


def test_a_credential_fits_where_it_goes_and_never_comes_twice() -> None:
    issued = [new_credential() for _ in range(200)]
    assert all(re.fullmatch("[A-HJ-NP-Z2-9]{6}", each.password) for each in issued)
    assert all(re.fullmatch("[0-9A-Za-z_-]{43}", each.token) for each in issued)
    assert len({each.token for each in issued}) == 200
    assert len({each.password for each in issued}) > 190


def test_a_password_is_kept_with_a_salt_of_its_own() -> None:
    first, second = hash_password("ABC234"), hash_password("ABC234")
    assert first.salt != second.salt
    assert first.digest != second.digest
    assert password_matches("ABC234", first)
    assert password_matches("ABC234", second)


def test_another_password_does_not_match_even_after_the_right_one_did() -> None:
    kept = hash_password("ABC234")
    assert password_matches("ABC234", kept)
    for wrong in ("ABC235", "", "abc234", "ABC234 ", "\ud800"):
        assert not password_matches(wrong, kept)
    assert not password_matches("ABC234", PasswordHash(kept.salt, bytes(32)))


def test_a_password_that_matched_is_checked_cheaply_afterwards() -> None:
    kept = hash_password("XYZ789")
    started = time.perf_counter()
    assert password_matches("XYZ789", kept)
    first = time.perf_counter() - started
    started = time.perf_counter()
    assert all(password_matches("XYZ789", kept) for _ in range(20))
    assert time.perf_counter() - started < first


def test_secrets_do_not_show_themselves() -> None:
    credential = new_credential()
    kept = hash_password(credential.password)
    shown = repr((credential, kept)) + str(credential)
    assert credential.token not in shown
    assert credential.password not in shown
    assert kept.digest.hex() not in shown


def test_any_text_may_be_asked_as_a_token() -> None:
    assert len(token_sha256("\ud800")) == 32
    assert token_sha256("a") != token_sha256("b")
