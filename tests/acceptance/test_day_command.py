"""``customhouse day`` as a person uses it: dates that slip, days that are run again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency import business_day
from customhouse.agency.day import STEPS
from customhouse.clock import RehearsalClock
from customhouse.database import connect
from customhouse.settings import Settings
from tests.acceptance.servers import serving, with_free_ports
from tests.integration.database.test_commands import run

MONDAY = date(2026, 11, 30)


@pytest.fixture
def rehearsal(settings: Settings) -> Settings:
    """Give the settings of a rehearsal whose agency is open on Monday 30 November."""
    chosen = replace(with_free_ports(settings), clock="rehearsal")
    with connect(chosen, "agency") as connection:
        business_day.open_day(connection, MONDAY, RehearsalClock(MONDAY))
    return chosen


@pytest.fixture
def served(rehearsal: Settings) -> Iterator[Settings]:
    """Serve the bank, whom the agency asks each day."""
    with serving(rehearsal, "bank"):
        yield rehearsal


def test_more_than_ten_days_are_run_only_when_meant(rehearsal: Settings) -> None:
    slip = run(rehearsal, "day", "--until", "2026-12-14")
    assert (slip.returncode, slip.stdout) == (2, "")
    told, hint = slip.stderr.splitlines()
    assert told.startswith(
        "too-many-days: 11 business days would be run at once, 2026-11-30 to 2026-12-14"
    )
    assert "--yes" in hint


def test_a_date_to_come_is_refused_outside_a_rehearsal(settings: Settings) -> None:
    told = run(settings, "day", "--until", "2059-12-31")
    assert (told.returncode, told.stdout) == (7, "")
    assert told.stderr.startswith("agency-date-future: 2059-12-31 has not come yet: today is ")
    with connect(settings, "agency") as connection:
        assert business_day.latest(connection) is None


def test_a_sunday_stops_at_friday_and_a_day_run_again_says_so(served: Settings) -> None:
    first = run(served, "day", "--until", "2026-12-06").stdout.splitlines()
    assert first[0] == (
        "Sunday 6 December 2026 is no business day: Friday 4 December 2026 is the last before it."
    )
    days = [line for line in first[1:] if not line.startswith(" ")]
    assert (days[0], days[-1]) == ("Monday 30 November 2026", "Friday 4 December 2026")
    assert len(days) == 5
    assert "done before" not in "".join(first)
    evening = run(served, "day", "--until", "2026-12-07", "--part", "evening").stdout
    assert "done before" not in evening
    closed = run(served, "day", "--until", "2026-12-06").stdout
    assert closed.endswith("every business day up to Friday 4 December 2026 is closed.\n")


def test_a_step_that_was_done_before_says_so(served: Settings) -> None:
    words = ("day", "--until", "2026-11-30", "--part", "morning")
    steps = sum(step.part == "morning" for step in STEPS)
    first, again = (run(served, *words).stdout.splitlines() for _ in range(2))
    assert first[-3].endswith("0 statements with 0 entries, $0.00 due")
    assert first[-2].endswith("0 mails sent")
    assert first[-1].endswith("0 days agree")
    assert [line.split("  ")[-1].strip() for line in again[1:]] == ["done before"] * steps
