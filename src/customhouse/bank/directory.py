"""The participant directory: which banks take ACH entries, loaded from the Federal Reserve's file.

An account can be captured only at a bank that is in it (SEC-08). The newest load holds as a whole.
Reading the file is directory_file's job.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import directory_faults as faults
from customhouse.bank import directory_store as sql
from customhouse.bank import vault
from customhouse.bank.directory_file import Participant, read_directory
from customhouse.bank.keys import KeyProvider
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused
from customhouse.identifiers import RoutingNumber
from customhouse.settings import DirectoryPolicy

ACCOUNTS_AT_ONCE: Final = 1000
PURPOSE: Final = "hold against directory"


@dataclass(frozen=True, slots=True)
class DirectoryLoad:
    """What a load found: how many banks, and the accounts whose bank takes no entries any more."""

    participants: int
    tokens_left: tuple[str, ...]


def load(
    connection: Connection[Any], keys: KeyProvider, *, content: bytes, clock: Clock
) -> DirectoryLoad:
    """Load a directory in place of the one before, and look up every bound account in it.

    Accounts are opened for that, each opening logged; what is told of them is tokens alone.
    Raises Refused with what is wrong with the file; the directory of before then still holds.
    """
    participants = read_directory(io.BytesIO(content))
    rows: dict[str, object] = {
        field.name: [getattr(each, field.name) for each in participants]
        for field in fields(Participant)
    }
    kept = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "participants": len(participants),
        "loaded_at": clock.now(),
    }
    with connection.transaction():
        connection.execute(sql.HOLD)
        connection.execute(sql.CLEAR)
        connection.execute(sql.ADD, rows)
        connection.execute(sql.ADD_LOAD, kept)
    return DirectoryLoad(len(participants), tuple(_left(connection, keys, clock)))


def participant(connection: Connection[Any], routing_number: str) -> Participant | None:
    """Give the bank of a routing number; None when it is not in the directory."""
    values = {"routing_number": routing_number}
    with connection.cursor(row_factory=class_row(Participant)) as cursor:
        return cursor.execute(sql.PARTICIPANT, values).fetchone()


def require_participant(
    connection: Connection[Any], routing: RoutingNumber, *, policy: DirectoryPolicy
) -> None:
    """Raise Refused unless the bank of a routing number takes ACH entries (SEC-08).

    Before a directory was loaded nothing is refused, but where one is required.
    """
    row = connection.execute(sql.IS_LOADED).fetchone()
    if not (row and row[0]):
        if policy == "required":
            raise Refused(Fault(faults.DIRECTORY_MISSING))
        return
    found = participant(connection, routing.number)
    if found is None:
        raise Refused(Fault(faults.ROUTING_NOT_IN_DIRECTORY))
    if found.is_superseded:
        values = {"new_routing_number": found.new_routing_number}
        raise Refused(Fault(faults.ROUTING_SUPERSEDED, values))


def _left(connection: Connection[Any], keys: KeyProvider, clock: Clock) -> Iterator[str]:
    """Give the tokens of bound accounts at banks that take no entries."""
    taking = {number for (number,) in connection.execute(sql.TAKING_ENTRIES)}
    behind = ""
    while True:
        values = {"behind": behind, "most": ACCOUNTS_AT_ONCE}
        tokens = [token for (token,) in connection.execute(sql.BOUND_ACCOUNTS, values)]
        if not tokens:
            return
        opened = vault.open_accounts(connection, keys, tokens=tokens, purpose=PURPOSE, clock=clock)
        yield from (each for each in tokens if opened[each].routing_number.number not in taking)
        behind = tokens[-1]
