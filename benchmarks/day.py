"""Times a day of statements as a nation has it: intake, print run, a full RM batch, finals.

The programs benchmarks.intake and benchmarks.statements do the work; this one holds their figures
against the targets, and writing the same rows with COPY or plain SQL as the bound.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from psycopg import Connection

from benchmarks import harbor, intake, rows, statements
from customhouse import database
from customhouse.agency.print_run import print_statements
from customhouse.clock import RehearsalClock
from customhouse.settings import Settings

DAY, BURST = 150_000, 1_000_000
BARE_INTAKE = """
create temporary table bare_entry as select * from entry_summary;
create temporary table bare_charge as select * from entry_charge;
alter table bare_entry add primary key (filer_code, entry_number);
alter table bare_charge add primary key (filer_code, entry_number, class_code)
"""
BARE_PRINT = """
create temporary table bare_line as select * from statement_entry;
alter table bare_line add primary key (filer_code, statement_number, entry_number)
"""


def seconds_of(settings: Settings, work: Callable[[], object]) -> tuple[float, float]:
    """Do some work; give its seconds, and those of processor time, the databases' included."""
    began, own = time.perf_counter(), time.process_time() + harbor.server_seconds(settings)
    work()
    wall = time.perf_counter() - began
    return wall, time.process_time() + harbor.server_seconds(settings) - own


def bare(connection: Connection, statement: str) -> float:
    """Give the seconds of writing rows again by SQL alone."""
    began = time.perf_counter()
    for each in statement.split(";"):
        connection.execute(each)
    connection.rollback()
    return time.perf_counter() - began


def row(
    what: str, seconds: tuple[float, float], *, target: float | None, limit: float | None = None
) -> rows.Row:
    """Make the row of a job that should not take too long."""
    return rows.Row(
        what=what,
        measured=seconds[0],
        unit="s",
        processor=seconds[1],
        target=target,
        less_is_better=True,
        limit=limit,
        limit_is="bare SQL",
        mb=rows.peak_mb(),
        most_mb=300,
    )


def intake_rows(count: int) -> Iterator[rows.Row]:
    """Measure the intake."""
    with tempfile.TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory))
        path = Path(directory) / "entries.csv"
        intake.write_file(path, count)
        database.start_servers(settings)
        try:
            database.migrate(settings, "agency", clock=RehearsalClock(intake.MONDAY))
            intake.prepare(settings)
            taken = seconds_of(settings, lambda: intake.load(settings, path))
            with database.connect(settings, "agency", role="administrator") as connection:
                limit = bare(connection, BARE_INTAKE)
        finally:
            database.stop_servers(settings)
    what = f"intake of {count:,} entry summaries with three charges"
    yield row(what, taken, target=30 * count / DAY, limit=limit)


def statement_rows(count: int, target: float | None) -> Iterator[rows.Row]:
    """Measure print run, a full batch of authorizations, and finals."""
    with tempfile.TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory))
        database.start_servers(settings)
        try:
            database.migrate(settings, "agency", clock=RehearsalClock(statements.MONDAY))
            connect = partial(database.connect, settings, "agency")
            secret = statements.prepare(connect, count)
            clock = RehearsalClock(statements.TUESDAY)
            printed = seconds_of(
                settings, lambda: print_statements(connect, statements.TUESDAY, clock)
            )
            what = f"print run of {count:,} entry summaries"
            with database.connect(settings, "agency", role="administrator") as connection:
                limit = bare(connection, BARE_PRINT)
            yield row(what, printed, target=target, limit=limit)
            told: list[int] = []
            paid = seconds_of(settings, lambda: told.extend(statements.authorize(connect, secret)))
            what = f"one RM batch of {told[0]:,} authorizations, answered"
            yield row(what, paid, target=2.0)
            sent = seconds_of(settings, lambda: statements.send_finals(connect))
            yield row(f"finals of {count:,} entry summaries", sent, target=None)
        finally:
            database.stop_servers(settings)


def measured() -> Iterator[rows.Row]:
    """Measure and give the rows."""
    count = 20_000 if rows.is_quick() else DAY
    yield from intake_rows(count)
    # A short run prints as many statements as a long one: it says nothing about the target.
    yield from statement_rows(count, None if rows.is_quick() else 20)
    if not rows.is_quick():
        yield from statement_rows(BURST, 150)


if __name__ == "__main__":
    rows.tell(measured())
