"""Boundaries of a flow, and ways to strike at one of them.

A boundary is a statement sent to a database, the moment before or after a commit, or a call of
the rails. A fuse counts them; at the chosen one the process dies, or its database session does.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg

from customhouse import database
from customhouse.settings import Settings, Side

DIED = 9
NEVER = 0


@dataclass
class Fuse:
    """Counts the boundaries passed; ``strike`` is called with each session that reaches one."""

    boundary: int = NEVER
    strike: Callable[[psycopg.Connection[Any] | None], None] = lambda _: os._exit(DIED)
    passed: int = 0

    def burn(self, connection: psycopg.Connection[Any] | None = None) -> None:
        """Pass one boundary."""
        self.passed += 1
        if self.passed == self.boundary:
            self.strike(connection)


def fused(settings: Settings, side: Side, fuse: Fuse) -> Callable[[], psycopg.Connection[Any]]:
    """Give the way to open connections of a side's application that burn a fuse."""

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, *args: Any, **values: Any) -> psycopg.Cursor[Any]:
            fuse.burn(self.connection)
            return super().execute(*args, **values)

        def copy(self, *args: Any, **values: Any) -> Any:
            fuse.burn(self.connection)
            return super().copy(*args, **values)

    class Connection(psycopg.Connection[Any]):
        def commit(self) -> None:
            fuse.burn(self)
            super().commit()
            fuse.burn(self)

    url = database.url(settings, side)
    return lambda: Connection.connect(url, cursor_factory=Cursor)


def killer_of_sessions(
    settings: Settings, side: Side
) -> Callable[[psycopg.Connection[Any] | None], None]:
    """Give a strike that ends the session at work, as an administrator or a failover would."""
    administrator = database.url(settings, side, role="administrator")

    def strike(connection: psycopg.Connection[Any] | None) -> None:
        if connection is not None:
            with psycopg.connect(administrator, autocommit=True) as other:
                other.execute(
                    "select pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,)
                )

    return strike


def in_child(work: Callable[[], object]) -> int:
    """Do some work in a child process; give its exit status: 0, or DIED where its fuse struck."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001 - a forked test must never go on as the parent
            traceback.print_exc(file=sys.stderr)
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
