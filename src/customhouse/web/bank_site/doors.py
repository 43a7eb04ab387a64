"""What every view of the bank's process needs: settings, connections, keys and the clock.

Each is made once a process. Nothing is decided here.
"""

from __future__ import annotations

import hmac
from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from django.conf import settings as django_settings
from psycopg import Connection
from psycopg_pool import ConnectionPool

from customhouse import database
from customhouse.bank import day, vault
from customhouse.bank.keys import KeyProvider
from customhouse.clock import Clock
from customhouse.settings import Settings


def settings() -> Settings:
    """Give the settings that this process was started with."""
    return django_settings.CUSTOMHOUSE


@cache
def pool() -> ConnectionPool[Connection[Any]]:
    """Give this process's pool of connections to the bank's database."""
    return database.pool(settings(), "bank")


def connection() -> AbstractContextManager[Connection[Any]]:
    """Lend a connection for one transaction: committed at the end, rolled back on a fault."""
    return pool().connection()


def keys(borrowed: Connection[Any]) -> KeyProvider:
    """Give the vault's keys as they are now: a rotation is seen by the next request (O1)."""
    return vault.open_keys(settings(), borrowed)


def clock(borrowed: Connection[Any]) -> Clock:
    """Give the clock: the machine's own, or in a rehearsal one on the bank's business date."""
    return day.clock_of(settings(), borrowed)


@cache
def _rails_token() -> str:
    return settings().rails_token


def is_rails_token(token: str) -> bool:
    """Tell whether a bearer token is the one of the rails, in the same time for any other."""
    return hmac.compare_digest(token.encode(), _rails_token().encode())
