"""The officers who decide at the exception desk: named, with a bearer token for the API.

There are no logins for officers yet. On the agency's own machine a command names the officer; over
the API the token does. Only the token's SHA-256 is kept. What an officer decided stays for good.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_officers_store as sql
from customhouse.agency.credentials import token_sha256
from customhouse.agency.credit_desk_faults import (
    OFFICER_EXISTS,
    OFFICER_NAME_WRONG,
    OFFICER_TOKEN_UNKNOWN,
    OFFICER_UNKNOWN,
)
from customhouse.faults import Fault, Refused

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Officer:
    """Who decides: the number that the ledger keeps as actor, and the name."""

    officer_id: int
    name: str


@dataclass(frozen=True, slots=True)
class OfficerLine:
    """An officer as listed."""

    name: str
    added_on: date
    ended_on: date | None


def add(connection: Connection, name: str, *, added_on: date) -> str:
    """Add an officer and give the bearer token, which is shown once.

    Raises Refused: officer-name-wrong, officer-exists.
    """
    if not (0 < len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip()):
        raise Refused(Fault(OFFICER_NAME_WRONG, {"name": ascii(name)[:70]}))
    token = secrets.token_urlsafe(32)
    values = {"name": name, "token_sha256": token_sha256(token), "added_on": added_on}
    if connection.execute(sql.ADD, values).fetchone() is None:
        raise Refused(Fault(OFFICER_EXISTS, {"name": name}))
    return token


def renew(connection: Connection, name: str) -> str:
    """Give an officer in office a new token, shown once; the one before opens nothing any more.

    Raises Refused (officer-unknown).
    """
    token = secrets.token_urlsafe(32)
    values = {"name": name, "token_sha256": token_sha256(token)}
    if connection.execute(sql.RENEW, values).rowcount != 1:
        raise Refused(Fault(OFFICER_UNKNOWN, {"name": _shown(name)}))
    return token


def end(connection: Connection, name: str, *, ended_on: date) -> None:
    """End an officer's office from today; raises Refused (officer-unknown)."""
    if connection.execute(sql.END, {"name": name, "ended_on": ended_on}).rowcount != 1:
        raise Refused(Fault(OFFICER_UNKNOWN, {"name": _shown(name)}))


def by_name(connection: Connection, name: str) -> Officer:
    """Give the officer of a name; raises Refused (officer-unknown)."""
    with connection.cursor(row_factory=class_row(Officer)) as cursor:
        found = cursor.execute(sql.IN_OFFICE, {"name": name}).fetchone()
    if found is None:
        raise Refused(Fault(OFFICER_UNKNOWN, {"name": _shown(name)}))
    return found


def _shown(name: str) -> str:
    """Spell a name that nobody has as it was given, as far as a name may be long."""
    return (name if name.isprintable() else ascii(name)[1:-1])[:LONGEST_NAME]


def by_token(connection: Connection, token: str) -> Officer:
    """Give the officer whose token this is; raises Refused (officer-token-unknown)."""
    with connection.cursor(row_factory=class_row(Officer)) as cursor:
        values = {"token_sha256": token_sha256(token)}
        found = cursor.execute(sql.WHOSE_KEY, values).fetchone()
    if found is None:
        raise Refused(Fault(OFFICER_TOKEN_UNKNOWN))
    return found


def listing(connection: Connection) -> list[OfficerLine]:
    """Give everybody who decides or decided, by name."""
    with connection.cursor(row_factory=class_row(OfficerLine)) as cursor:
        return cursor.execute(sql.LISTING).fetchall()
