"""Bearer tokens of the bank's own door: issued once, kept as hashes, taken back by label.

The token with which agency and bank know each other is a setting and not kept here.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, Literal

from psycopg import Connection

from customhouse.bank import door_tokens_store as sql
from customhouse.clock import Clock

Scope = Literal["capture"]


def issue(connection: Connection[Any], *, scope: Scope, label: str, clock: Clock) -> str:
    """Make a token and give it; this is the only time that anybody sees it."""
    token = secrets.token_urlsafe(32)
    values = {
        "token_sha256": _hash(token),
        "scope": scope,
        "label": label,
        "issued_at": clock.now(),
    }
    with connection.transaction():
        connection.execute(sql.ISSUE, values)
    return token


def is_live(connection: Connection[Any], token: str, *, scope: Scope) -> bool:
    """Tell whether a token was issued for this scope and not taken back."""
    values = {"token_sha256": _hash(token), "scope": scope}
    with connection.transaction():
        row = connection.execute(sql.IS_LIVE, values).fetchone()
    return bool(row and row[0])


def revoke(connection: Connection[Any], *, label: str, clock: Clock) -> int:
    """Take back every live token with this label; give how many there were."""
    with connection.transaction():
        values = {"label": label, "revoked_at": clock.now()}
        return connection.execute(sql.REVOKE, values).rowcount


def _hash(token: str) -> bytes:
    # The token has 256 random bits, so a plain digest cannot be searched for.
    return hashlib.sha256(token.encode()).digest()
