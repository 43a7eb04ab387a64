"""How many wrong tokens came from an address lately, so that guessing costs the database nothing.

Kept in this process only. What a token opens is not known here.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import Final

from customhouse.agency.credentials import token_sha256

WRONG_TOKENS: Final = 30
WITHIN_SECONDS: Final = 60.0
ADDRESSES_REMEMBERED: Final = 10_000
TOKENS_REMEMBERED: Final = 10_000


class WrongTokens:
    """How many wrong tokens came from an address lately, in this process.

    A token that was right when it was last looked up is let through all the same, so that one who
    guesses does not shut out others behind the same address. One that was renewed or revoked since
    is looked up once more, and is then wrong like any other.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: dict[str, deque[float]] = {}
        self._right: dict[bytes, None] = {}

    def __len__(self) -> int:
        return len(self._wrong) + len(self._right)

    def refuses(self, address: str, token: str, *, now: float) -> bool:
        """Tell whether a token is not even looked up; ``now`` in seconds of a steady clock."""
        with self._lock:
            if token_sha256(token) in self._right:
                return False
            return len(self._lately(address, now)) >= WRONG_TOKENS

    def was_wrong(self, address: str, token: str, *, now: float) -> None:
        """Count a wrong token, and forget that it was right before."""
        with self._lock:
            self._right.pop(token_sha256(token), None)
            lately = self._lately(address, now)
            lately.append(now)
            self._wrong.pop(address, None)
            self._wrong[address] = lately
            if len(self._wrong) > ADDRESSES_REMEMBERED:
                self._wrong.pop(next(iter(self._wrong)))

    def was_right(self, token: str) -> None:
        """Remember a token that was right, as its hash; those used longest ago are forgotten."""
        with self._lock:
            digest = token_sha256(token)
            self._right.pop(digest, None)
            self._right[digest] = None
            if len(self._right) > TOKENS_REMEMBERED:
                self._right.pop(next(iter(self._right)))

    def _lately(self, address: str, now: float) -> deque[float]:
        found = self._wrong.get(address, deque(maxlen=WRONG_TOKENS))
        while found and found[0] <= now - WITHIN_SECONDS:
            found.popleft()
        return found
