"""Intake that meets the print run: what is printed is what is on file, to the cent."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from customhouse.agency import business_day
from customhouse.agency.entry_intake import take_entries
from customhouse.agency.entry_summaries import EntrySummaryDraft
from customhouse.agency.print_run import print_statements
from customhouse.clock import RehearsalClock
from tests.integration.agency.harbor import MONDAY, TUESDAY, Harbor
from tests.integration.agency.test_intake_conditions import draft, take

PATIENCE_SECONDS = 20
_WAITS = """
select count(*) from pg_stat_activity
where datname = current_database() and cardinality(pg_blocking_pids(pid)) > 0
"""


def wait_until_somebody_waits(harbor: Harbor) -> None:
    """Return once a connection of the harbor waits for another one's lock."""
    until = time.monotonic() + PATIENCE_SECONDS
    while harbor.rows(_WAITS) == [(0,)]:
        assert time.monotonic() < until, "nobody waits for a lock"
        time.sleep(0.02)


def test_a_statement_has_the_charges_that_intake_had_under_way(harbor: Harbor) -> None:
    """A replacement begun before the day is opened is printed whole, not with the old charges."""
    take(harbor, draft(1))
    with harbor.connect() as connection:
        business_day.close_day(connection, MONDAY, harbor.clock)
    tuesday = RehearsalClock(TUESDAY)
    changed = EntrySummaryDraft("item 1", draft(1).fields, {"001": "99.00", "499": "1.00"})
    with ThreadPoolExecutor() as pool:
        with harbor.connect() as connection:
            (outcome,) = take_entries(connection, [changed], clock=harbor.clock)
            with harbor.connect() as other:
                business_day.open_day(other, TUESDAY, tuesday)
            run = pool.submit(print_statements, harbor.connect, TUESDAY, tuesday)
            wait_until_somebody_waits(harbor)
        assert outcome.status == "replaced"
        assert run.result().total_cents == 10_000
    assert harbor.rows("select total_cents from statement") == [(10_000,)]
    assert harbor.violations() == []
