"""A nation's day at a fiftieth of its size: from intake to final statements and settled money.

The program of the run of record, benchmarks.national, plays it through the product's own steps, a
real bank server and commands. ``make national`` plays it with a million entry summaries.
"""

from __future__ import annotations

import pytest
from benchmarks import national

ENTRIES = 20_000


@pytest.mark.timeout(900)
def test_a_national_day_ends_with_paid_statements_clean_books_and_good_files() -> None:
    steps = {step.name: step for step in national.run(ENTRIES)}
    assert steps["intake"].said == f"{ENTRIES:,} accepted"
    assert "200 statements with 20,000 entries" in steps["Tue: print preliminary statements"].said
    assert steps["Tue: authorizations in ABI batches"].count == 200
    assert steps["Fri: operator's day"].count == 200
    assert steps["ach check"].count == 1
    assert steps["final statements"].count == 200
