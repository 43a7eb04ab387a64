"""The published conditions of intake that need something to be on file."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import business_day, closures, registration
from customhouse.agency.closures import Closure
from customhouse.agency.entry_conditions import condition_of
from customhouse.agency.entry_intake import EntryOutcome, take_entries
from customhouse.agency.entry_summaries import EntrySummaryDraft
from customhouse.agency.parties import Filer
from customhouse.agency.print_dates import PRINT_STEP
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    MONDAY,
    OTHER_BROKER,
    PORT,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    entry_number,
)

FRIDAY = date(2026, 11, 27)


def draft(serial: int, *, filer: str = BROKER, **changes: str) -> EntrySummaryDraft:
    """Give a good entry for Tuesday, with changes."""
    fields = {
        "filer_code": filer,
        "entry_number": entry_number(filer, serial),
        "importer_number": IMPORTER_X,
        "port_of_entry": PORT,
        "processing_port": PORT,
        "entry_type": "01",
        "entry_date": "2026-11-12",
        "payment_type": "2",
        "print_date": TUESDAY.isoformat(),
        **changes,
    }
    return EntrySummaryDraft(f"item {serial}", fields, {"001": "10.00"})


def take(harbor: Harbor, *drafts: EntrySummaryDraft) -> list[EntryOutcome]:
    """Take entries in."""
    with harbor.connect() as connection:
        return take_entries(connection, drafts, clock=harbor.clock)


def ae_codes(outcome: EntryOutcome) -> list[str | None]:
    """Give the published condition of each fault."""
    found = [condition_of(fault) for fault in outcome.faults]
    return [None if each is None else each.code for each in found]


def test_the_last_day_to_pay_is_kept_with_the_entry(harbor: Harbor) -> None:
    """DEB-14: at intake, and again when the entry is replaced."""
    (first,) = take(harbor, draft(1))
    assert first.due_on == FRIDAY
    (second,) = take(harbor, draft(1, entry_date="2026-11-20"))
    assert (second.status, second.due_on) == ("replaced", date(2026, 12, 7))
    assert harbor.rows("select due_on from entry_summary") == [(date(2026, 12, 7),)]


def test_a_quota_entry_is_not_replaced_into_single_pay(harbor: Harbor) -> None:
    """19 CFR 24.25(d), as by statement update; unless it is no quota entry after all."""
    single = {"payment_type": "1", "print_date": ""}
    take(harbor, draft(1, entry_type="02"))
    (refused,) = take(harbor, draft(1, entry_type="02", **single))
    assert [fault.code for fault in refused.faults] == ["entry-not-for-single-pay"]
    assert take(harbor, draft(1, entry_type="01", **single))[0].status == "replaced"
    (never_scheduled,) = take(harbor, draft(2, entry_type="02", **single))
    assert (never_scheduled.status, never_scheduled.due_on) == ("accepted", date(2026, 11, 12))


def test_a_local_holiday_is_one_of_its_port_only(harbor: Harbor) -> None:
    """E3: 204 at the closed port; at the other port the day is as any."""
    with harbor.connect() as connection:
        closures.write(connection, [Closure(TUESDAY, "Example harbor day", MONDAY, PORT)])
    here, there = take(harbor, draft(1), draft(2, processing_port="3902"))
    assert ae_codes(here) == ["204"]
    assert there.status == "accepted"


def test_todays_statements_are_being_printed_or_out(harbor: Harbor) -> None:
    """B72 until the run of the day has finished, 216 from then on, 205 for days before."""
    harbor.open(TUESDAY)
    assert ae_codes(take(harbor, draft(1))[0]) == ["B72"]
    with harbor.connect() as connection:
        business_day.record_step(
            connection, TUESDAY, step=PRINT_STEP, summary="", clock=harbor.clock
        )
    assert ae_codes(take(harbor, draft(1))[0]) == ["216"]
    assert ae_codes(take(harbor, draft(1, print_date=MONDAY.isoformat()))[0]) == ["205"]


def test_what_is_on_a_statement_is_under_control(harbor: Harbor) -> None:
    """Code B29: with other content it is refused, with the same it is there."""
    take(harbor, draft(1))
    harbor.print()
    changed = draft(1, broker_reference="OTHER", print_date=WEDNESDAY.isoformat())
    (refused,) = take(harbor, changed)
    assert ae_codes(refused) == ["B29"]
    assert take(harbor, draft(1))[0].status == "unchanged"


def test_a_withdrawal_is_not_before_its_warehouse_entry(harbor: Harbor) -> None:
    """321, whether the warehouse entry is on file or comes with the withdrawal."""
    number = entry_number(BROKER, 1)
    warehouse = draft(1, entry_type="21", print_date=FRIDAY.isoformat())
    withdrawn = {"entry_type": "31", "warehouse_entry": f"{BROKER}-{number[:7]}-{number[7]}"}
    early, later = draft(2, **withdrawn), draft(3, **withdrawn, print_date=FRIDAY.isoformat())
    together = take(harbor, warehouse, early, later)
    assert [each.status for each in together] == ["accepted", "refused", "accepted"]
    assert ae_codes(together[1]) == ["321"]
    assert ae_codes(take(harbor, early)[0]) == ["321"]
    stored = harbor.rows("select warehouse_entry from entry_summary order by entry_number")
    assert stored == [("",), (f"{BROKER}{number}",)]
    (no_withdrawal,) = take(harbor, draft(4, **{**withdrawn, "entry_type": "01"}))
    assert [fault.code for fault in no_withdrawal.faults] == ["warehouse-entry-not-allowed"]


def test_another_filers_warehouse_entry_says_nothing(harbor: Harbor) -> None:
    """A7: when it prints is its own filer's business."""
    number = entry_number(OTHER_BROKER, 1)
    there = draft(1, filer=OTHER_BROKER, entry_type="21", print_date=FRIDAY.isoformat())
    assert take(harbor, there)[0].status == "accepted"
    named = {"entry_type": "31", "warehouse_entry": f"{OTHER_BROKER}{number}"}
    assert take(harbor, draft(2, **named))[0].status == "accepted"
    probe = draft(3, filer=OTHER_BROKER, **named)
    with harbor.connect() as connection:
        (refused,) = take_entries(connection, [probe], clock=harbor.clock, filer_codes=(BROKER,))
    assert [fault.code for fault in refused.faults] == ["entry-filer-unknown"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["219"]),
        ({"client_branch": "0A"}, []),
        ({"client_branch": "0A", "payment_type": "5"}, []),
        ({"payment_type": "1", "print_date": ""}, []),
        ({"payment_type": "1", "print_date": "", "client_branch": "0A"}, ["201"]),
        ({"processing_port": "3902", "client_branch": "0A"}, ["201"]),
        ({"processing_port": "3902"}, []),
    ],
)
def test_a_branch_is_given_where_it_is_arranged(
    harbor: Harbor, changes: dict[str, str], expected: list[str]
) -> None:
    with harbor.connect() as connection:
        filer = Filer(BROKER, "Example Harbor Brokers", (PORT, "3902"), (PORT,))
        registration.register_filers(connection, [filer])
    assert ae_codes(take(harbor, draft(1, **changes))[0]) == expected
