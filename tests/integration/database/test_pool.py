"""The pool of a server's connections: what it lends works, and nothing is asked of it before."""

from __future__ import annotations

from psycopg.pq import TransactionStatus

from customhouse import database
from customhouse.settings import Settings

TERMINATE = "select pg_terminate_backend(%s, 5000)"


def test_a_connection_that_the_server_hung_up_is_not_lent_again(settings: Settings) -> None:
    """A killed backend is replaced before work is done on it."""
    with database.pool(settings, "agency", max_size=1) as pool:
        with pool.connection() as connection:
            killed = connection.info.backend_pid
        with database.connect(settings, "agency", role="administrator") as other:
            assert other.execute(TERMINATE, (killed,)).fetchone() == (True,)
        with pool.connection() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
            assert connection.info.backend_pid != killed


def test_statements_that_stand_alone_leave_the_connection_as_it_was(settings: Settings) -> None:
    with database.connect(settings, "agency") as connection:
        with database.each_alone(connection):
            connection.execute("select 1")
            assert connection.info.transaction_status == TransactionStatus.IDLE
        connection.execute("select 1")
        assert connection.info.transaction_status == TransactionStatus.INTRANS
