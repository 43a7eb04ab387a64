"""Wrong tokens are counted by address, lately; right ones are not held up."""

from __future__ import annotations

from customhouse.web.agency_site import wrong_tokens
from customhouse.web.agency_site.wrong_tokens import WITHIN_SECONDS, WRONG_TOKENS, WrongTokens

HERE, THERE = "127.0.0.1", "127.0.0.2"


def guessed(times: int, *, now: float = 0.0) -> WrongTokens:
    kept = WrongTokens()
    for _ in range(times):
        kept.was_wrong(HERE, "guess", now=now)
    return kept


def test_the_limit_is_of_one_address_and_of_one_minute() -> None:
    assert not guessed(WRONG_TOKENS - 1).refuses(HERE, "t", now=1.0)
    kept = guessed(WRONG_TOKENS)
    assert kept.refuses(HERE, "t", now=1.0)
    assert not kept.refuses(THERE, "t", now=1.0)
    assert not kept.refuses(HERE, "t", now=WITHIN_SECONDS)


def test_a_token_that_was_right_passes() -> None:
    kept = guessed(WRONG_TOKENS)
    kept.was_right("good")
    assert not kept.refuses(HERE, "good", now=1.0)
    assert kept.refuses(HERE, "other", now=1.0)


def test_a_token_that_was_renewed_or_revoked_is_wrong_like_any_other() -> None:
    """It is looked up once more; kept as right, its holder could ask without end."""
    kept = guessed(WRONG_TOKENS)
    kept.was_right("former")
    kept.was_wrong(HERE, "former", now=1.0)
    assert kept.refuses(HERE, "former", now=2.0)


def test_a_token_that_is_used_is_not_forgotten_for_newer_ones() -> None:
    kept = guessed(WRONG_TOKENS)
    kept.was_right("used")
    for number in range(wrong_tokens.TOKENS_REMEMBERED):
        kept.was_right("used")
        kept.was_right(f"token {number}")
    assert not kept.refuses(HERE, "used", now=1.0)


def test_what_is_remembered_is_bounded() -> None:
    kept = WrongTokens()
    for number in range(wrong_tokens.ADDRESSES_REMEMBERED + 5):
        kept.was_wrong(f"address {number}", "guess", now=0.0)
    for number in range(wrong_tokens.TOKENS_REMEMBERED + 5):
        kept.was_right(f"token {number}")
    assert len(kept) <= wrong_tokens.ADDRESSES_REMEMBERED + wrong_tokens.TOKENS_REMEMBERED
