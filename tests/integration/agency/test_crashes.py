"""A batch whose process dies at any statement or commit: sent again, it is done exactly once."""

from __future__ import annotations

import os

import psycopg
import pytest

from customhouse import database
from customhouse.agency import abi_door
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, Harbor, dispositions

MOST_BOUNDARIES = 60


class Fuse:
    """Counts the boundaries that a process passes and ends it, as kill -9 would, at one."""

    def __init__(self, boundary: int) -> None:
        self.boundary = boundary
        self.passed = 0

    def burn(self) -> None:
        """Pass one boundary; at the chosen one the process ends without any clean-up."""
        self.passed += 1
        if self.passed == self.boundary:
            os._exit(9)


def _dying_connect(harbor: Harbor, fuse: Fuse):
    class Cursor(psycopg.Cursor):
        def execute(self, *args: object, **values: object) -> psycopg.Cursor:
            fuse.burn()
            return super().execute(*args, **values)

    class Connection(psycopg.Connection):
        def commit(self) -> None:
            fuse.burn()
            super().commit()
            fuse.burn()

    url = database.url(harbor.settings, "agency")
    return lambda: Connection.connect(url, cursor_factory=Cursor)


def _send_and_die(harbor: Harbor, text: str, key: str, boundary: int) -> int:
    """Send a batch in a child process that dies at a boundary; give its exit status."""
    child = os.fork()
    if child == 0:
        try:
            abi_door.take_batch(
                _dying_connect(harbor, Fuse(boundary)),
                sender=harbor.senders[BROKER],
                raw=text.encode(),
                idempotency_key=key,
                clock=harbor.clock,
                policy=harbor.policy,
            )
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.requirement("DEB-05", "DEB-09")
def test_batch_survives_death_at_every_boundary(harbor: Harbor) -> None:
    """B1, B3: die before or after each statement and commit; the same key gives one acceptance."""
    for serial in range(MOST_BOUNDARIES):
        harbor.entry(serial, charges={"001": 1_000 + serial})
        harbor.print_one_statement(serial)
    statements = harbor.rows("select statement_number, total_cents from statement order by 1")
    died = 0
    for boundary, (number, cents) in enumerate(statements, start=1):
        text = harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"])
        status = _send_and_die(harbor, text, f"key-{boundary}", boundary)
        died += status == 9
        first = harbor.send(text, key=f"key-{boundary}").answer
        assert dispositions(first) == ["D00"], boundary
        assert harbor.send(text, key=f"key-{boundary}").answer == first
        if status == 0:
            break
    assert 10 <= died < MOST_BOUNDARIES, "the sweep has to reach the end of the flow"
    done = died + 1
    for table in ("authorization_attempt", "transfer", "bank_outbox"):
        assert harbor.rows(f"select count(*) from {table}") == [(done,)]  # noqa: S608
    assert harbor.violations() == []


def test_killed_backend_leaves_nothing(harbor: Harbor) -> None:
    """B5: the database session ends between decision and commit: as if nothing had been sent."""
    harbor.entry(1, charges={"001": 500})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    text = harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{500:010}"])
    before = harbor.rows("select * from statement")

    class Connection(psycopg.Connection):
        def commit(self) -> None:
            if self.execute("select 1 from authorization_attempt").rowcount:
                with psycopg.connect(administrator, autocommit=True) as other:
                    other.execute("select pg_terminate_backend(%s)", (self.info.backend_pid,))
            super().commit()

    administrator = database.url(harbor.settings, "agency", role="administrator")
    url = database.url(harbor.settings, "agency")
    with pytest.raises(psycopg.OperationalError):
        abi_door.take_batch(
            lambda: Connection.connect(url),
            sender=harbor.senders[BROKER],
            raw=text.encode(),
            idempotency_key=None,
            clock=harbor.clock,
            policy=harbor.policy,
        )
    assert harbor.rows("select * from statement") == before
    assert harbor.rows("select 1 from transfer union select 1 from bank_outbox") == []
    assert dispositions(harbor.send(text).answer) == ["D00"]
