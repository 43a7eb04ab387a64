"""Who pays by ACH Credit, as our door knows it: an importer by its token, a filer by its sender.

An importer's token is random and long, shown once and kept as a SHA-256; giving another one ends
the former at once. It stays good when a payer is removed: it must still read and answer about its
money. Who may pay which document is not judged here.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import paying_parties_store as sql
from customhouse.agency.credentials import token_sha256
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused, declare

FILERS_TOLD = 5

PAYING_FILER_UNCLEAR = declare(
    "paying-filer-unclear",
    sentence="You transmit for several filers: {filer_codes}.",
    next_step="Say which of them pays: ?filer_code={first}.",
)
PAYER_NOT_FOUND = declare(
    "payer-not-found",
    sentence="No payer {payer} has an enrolment that is yours.",
    next_step="Check the importer number or filer code; ask with the token of its own payer.",
    http_status=404,
)


@dataclass(frozen=True, slots=True)
class PayingParty:
    """A payer: its party, and the identifier that its payments name.

    ``filer_code`` is None for an importer, ``importer_number`` for a filer.
    """

    party_id: int
    kind: Literal["filer", "importer"]
    filer_code: str | None
    importer_number: str | None = None

    @property
    def identifier(self) -> str:
        """Give the filer code or the importer number."""
        return self.filer_code or self.importer_number or ""


def payer_not_found(payer: str) -> Refused:
    """Give the refusal of a payer that does not exist or is somebody else's: one fault for both."""
    return Refused(Fault(PAYER_NOT_FOUND, {"payer": ascii(payer)[1:-1][:20]}))


def of_token(connection: Connection, token: str) -> PayingParty | None:
    """Give the importer whose own token this is, or None."""
    values = {"token_sha256": token_sha256(token)}
    with connection.cursor(row_factory=class_row(PayingParty)) as cursor:
        return cursor.execute(sql.OF_BEARER, values).fetchone()


def of_filers(
    connection: Connection, filer_codes: Sequence[str], *, asked: str | None
) -> PayingParty:
    """Give the filer that pays, of those of a sender: the one that was asked for, or its only one.

    Raises Refused: paying-filer-unclear, payer-not-found.
    """
    if asked is None and len(filer_codes) != 1:
        told = ", ".join(filer_codes[:FILERS_TOLD]) or "none"
        first = filer_codes[0] if filer_codes else "B76"
        raise Refused(Fault(PAYING_FILER_UNCLEAR, {"filer_codes": told, "first": first}))
    wanted = filer_codes[0] if asked is None else asked
    if wanted not in filer_codes:
        raise payer_not_found(wanted)
    return of_identifier(connection, wanted)


def of_identifier(connection: Connection, identifier: str) -> PayingParty:
    """Give a registered party by canonical importer number or filer code, for officers.

    Raises Refused (payer-not-found).
    """
    with connection.cursor(row_factory=class_row(PayingParty)) as cursor:
        row = cursor.execute(sql.OF_IDENTIFIER, {"identifier": identifier}).fetchone()
    if row is None:
        raise payer_not_found(identifier)
    return row


def give_token(connection: Connection, importer: PayingParty, clock: Clock) -> str:
    """Give an importer a new token; the former one ends. It cannot be read again."""
    token = secrets.token_urlsafe(32)
    values = {
        "payer": importer.party_id,
        "token_sha256": token_sha256(token),
        "issued_at": clock.now(),
    }
    connection.execute(sql.GIVE_CREDENTIAL, values)
    return token


def has_token(connection: Connection, payer: PayingParty) -> bool:
    """Tell whether a payer was given a token of its own."""
    return connection.execute(sql.HAS_CREDENTIAL, {"payer": payer.party_id}).fetchone() is not None
