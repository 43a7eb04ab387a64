"""The bare SQL of a day of pushed payments: the same rows, with the same indexes and constraints.

What benchmarks.credits holds each step against. A step is copied into twins of its tables by one
statement a table and committed; nothing is read, checked or decided.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Final, LiteralString

from psycopg import Connection, sql

from customhouse import database
from customhouse.settings import Settings, Side

SIDES: Final[Mapping[str, Side]] = {"bank": "bank", "agency": "agency", "treasury": "agency"}
TABLES: Final[Mapping[str, tuple[LiteralString, ...]]] = {
    "bank": ("incoming_batch", "incoming_entry"),
    "agency": (
        "incoming_credit",
        "credit_part",
        "transfer",
        "refund_claim",
        "payer_notice",
    ),
    "treasury": ("treasury_line",),
}
TWIN = "create table {} (like {} including all)"
COPY = "insert into {} overriding system value select * from {}"
DROP = "drop table {}"
# Statements as they were, to be paid by the one statement that is timed.
UNPAID = """
create table bare_statement (like statement including all);
insert into bare_statement select * from statement where state = 'paid';
update bare_statement set state = 'preliminary', paid_on = null, paid_known_on = null;
"""
PAY = """
update bare_statement b set state = s.state, paid_on = s.paid_on, paid_known_on = s.paid_known_on
from statement s
where s.filer_code = b.filer_code and s.statement_number = b.statement_number
"""


def seconds(settings: Settings, part: str) -> float:
    """Give the seconds that writing the rows of a part takes by SQL alone."""
    with database.connect(settings, SIDES[part], role="administrator") as connection:
        connection.autocommit = True
        tables = TABLES[part]
        for table in tables:
            _run(connection, TWIN, f"bare_{table}", table)
        if part == "agency":
            for statement in UNPAID.split(";"):
                connection.execute(statement)
        connection.execute("checkpoint")
        began = time.perf_counter()
        with connection.transaction():
            for table in tables:
                _run(connection, COPY, f"bare_{table}", table)
            if part == "agency":
                connection.execute(PAY)
        taken = time.perf_counter() - began
        for table in (*tables, "statement") if part == "agency" else tables:
            _run(connection, DROP, f"bare_{table}")
    return taken


def _run(connection: Connection, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
