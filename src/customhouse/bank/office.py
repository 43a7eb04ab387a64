"""What every step of the bank's day works with: database, keys, exchange folder and clock.

Opened once for a run. It decides nothing and has no step of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from customhouse.bank.credit_rules import CollectionAccount
from customhouse.bank.exchange import Exchange
from customhouse.bank.keys import KeyProvider
from customhouse.clock import Clock

Boundary = Callable[[str], None]


def no_boundary(_name: str) -> None:
    """Do nothing between two steps; a crash test puts a crash here."""


@dataclass(frozen=True, slots=True)
class Office:
    """The means of one run. The connection is in autocommit, so that each step commits its own.

    ``collection`` is the agency's own account, to which payers push money.
    ``boundary`` is called with a name between any two steps that a crash may separate.
    """

    connection: Connection[Any]
    keys: KeyProvider
    exchange: Exchange
    clock: Clock
    collection: CollectionAccount
    boundary: Boundary = no_boundary
