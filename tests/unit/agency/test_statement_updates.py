"""Rules of the statement update, judged without a database."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency.print_dates import Calendars, PrintDates
from customhouse.agency.statement_updates import EntryFacts, UpdateOutcome, judge
from customhouse.business_days import FEDERAL_OFFICES
from customhouse.formats.abi_messages import UpdateRequest
from customhouse.identifiers import check_digit

TODAY = date(2026, 11, 24)
DATES = PrintDates(TODAY, Calendars(FEDERAL_OFFICES), printed=True)


def entry_number(filer_code: str, serial: int) -> str:
    """Give the eight digits of an entry number, check digit included."""
    return f"{serial:07}{check_digit(filer_code, f'{serial:07}')}"


FIRST, SECOND = entry_number("B76", 1), entry_number("B76", 2)

ON_STATEMENT = EntryFacts(
    filer_code="B76",
    entry_number=FIRST,
    importer_number="12-345678900",
    entry_type="01",
    entry_date=date(2026, 11, 12),
    processing_port="3901",
    uses_client_branch=False,
    broker_reference="REF1",
    payment_type="2",
    print_date=TODAY,
    statement_number="3927328001",
    statement_state="preliminary",
    statement_total_cents=1_000,
    statement_entries=2,
    statement_billed=False,
    amount_cents=400,
)
OTHER = replace(ON_STATEMENT, entry_number=SECOND, amount_cents=600)
WAITING = replace(
    ON_STATEMENT,
    statement_number=None,
    statement_state=None,
    statement_total_cents=None,
    statement_entries=None,
    amount_cents=None,
)
DELETE = UpdateRequest("3901", "B76", FIRST, "1")
MOVE = UpdateRequest("3901", "B76", FIRST, "2", date(2026, 11, 25))


def _judge(requests: list[UpdateRequest], *entries: EntryFacts) -> list[UpdateOutcome]:
    known = {entry.entry_number: entry for entry in entries or (ON_STATEMENT, OTHER)}
    return judge(requests, known, filer_code="B76", dates=DATES)


def _codes(request: UpdateRequest, *entries: EntryFacts) -> list[str]:
    (outcome,) = _judge([request], *entries)
    return [fault.kind.abi_code for fault in outcome.faults]


@pytest.mark.parametrize(
    ("request_", "codes"),
    [
        (DELETE, []),
        (MOVE, []),
        (replace(MOVE, payment_type="3"), []),
        (replace(MOVE, filer_code="C08"), ["P09"]),
        (replace(MOVE, entry_number8=entry_number("B76", 9)), ["P01"]),
        (replace(MOVE, entry_number8="00000010"), ["P10"]),
        (replace(MOVE, port_of_entry=""), ["P17"]),
        (replace(MOVE, port_of_entry="39A1"), ["P17"]),
        (replace(MOVE, payment_type="9"), ["P08"]),
        (replace(MOVE, print_date=None), ["P03"]),
        (replace(MOVE, print_date=None, print_date_text="023126"), ["P15"]),
        (replace(MOVE, print_date=TODAY), ["P23"]),
        (replace(MOVE, print_date=date(2026, 11, 23)), ["P05"]),
        (replace(MOVE, print_date=date(2026, 11, 26)), ["P06"]),
        (replace(MOVE, print_date=date(2026, 11, 28)), ["P06", "P18"]),
        (replace(MOVE, print_date=date(2026, 11, 27)), []),
        (replace(MOVE, print_date=date(2026, 11, 30)), ["P18"]),
        (replace(MOVE, print_date=date(2027, 2, 22)), ["P18"]),
        (replace(MOVE, print_date=date(2027, 2, 23)), ["P07", "P18"]),
        (replace(DELETE, print_date=date(2026, 11, 25)), ["P04"]),
        (replace(MOVE, client_branch="01"), ["P13"]),
        (replace(MOVE, client_branch="1"), ["P21"]),
        (replace(MOVE, payment_type="5"), []),
        (replace(MOVE, payment_type="6"), ["P22"]),
        (replace(MOVE, payment_type="7", periodic_month="12"), ["P22"]),
        (replace(MOVE, periodic_month="12"), ["P14"]),
    ],
)
def test_each_request_is_judged(request_: UpdateRequest, codes: list[str]) -> None:
    """The dates are held against the agency's own calendar: Thanksgiving is no processing day."""
    assert _codes(request_) == codes


@pytest.mark.parametrize("entry_type", ["02", "07", "12", "32", "34", "38"])
def test_a_quota_class_entry_stays_where_it_is(entry_type: str) -> None:
    """19 CFR 24.25(c)(2), (d): neither off its statement nor to a later day; never single pay."""
    quota = replace(ON_STATEMENT, entry_type=entry_type)
    assert _codes(DELETE, quota) == ["P19"]
    assert _codes(MOVE, quota) == ["P19"]
    waiting = replace(WAITING, entry_type=entry_type)
    assert _codes(DELETE, waiting) == ["P26"]
    assert _codes(MOVE, waiting) == []


def test_branches_are_used_where_they_are_arranged() -> None:
    branched = replace(ON_STATEMENT, uses_client_branch=True)
    assert _codes(replace(MOVE, client_branch="0A"), branched) == []
    assert _codes(MOVE, branched) == ["P20"]
    assert _codes(DELETE, branched) == []
    assert _codes(replace(DELETE, client_branch="0A"), branched) == ["P13"]


def test_an_entry_is_not_printed_before_its_day() -> None:
    later = replace(ON_STATEMENT, entry_date=date(2026, 11, 27))
    assert _codes(MOVE, later) == ["P25"]


def test_a_new_day_brings_its_last_day_to_pay() -> None:
    """DEB-14: ten working days after entry, Veterans Day and Thanksgiving left out."""
    (outcome,) = _judge([MOVE], replace(ON_STATEMENT, entry_date=date(2026, 11, 10)))
    assert outcome.reschedule is not None
    assert outcome.reschedule.due_on == date(2026, 11, 25)


def test_authorized_or_billed_statement_keeps_its_entries() -> None:
    """Neither a paid statement nor one owed as billed lets an entry go."""
    assert _codes(DELETE, replace(ON_STATEMENT, statement_state="authorized")) == ["P02"]
    assert _codes(DELETE, replace(ON_STATEMENT, statement_state="final")) == ["P02"]
    assert _codes(DELETE, replace(ON_STATEMENT, statement_billed=True)) == ["P16"]


def test_totals_run_down_within_a_batch() -> None:
    """DEB-03: each departure tells the total that is then left; the last one empties it."""
    outcomes = _judge([DELETE, replace(DELETE, entry_number8=SECOND)])
    left = [(each.departure.total_cents, each.departure.entries_left) for each in outcomes]
    assert left == [(600, 1), (0, 0)]


def test_second_update_of_an_entry_leaves_no_statement_twice() -> None:
    """Deleted, then moved to a day: one departure, and the last word counts."""
    first, second = _judge([DELETE, MOVE])
    assert first.departure is not None
    assert second.departure is None
    assert second.reschedule.print_date == date(2026, 11, 25)


def test_waiting_entry_is_only_rescheduled() -> None:
    """An entry that is on no statement yet leaves none."""
    (outcome,) = _judge([MOVE], WAITING)
    assert outcome.departure is None
    assert outcome.broker_reference == "REF1"


def test_judging_a_large_batch_grows_with_its_size_only() -> None:
    # Beyond this, each departure looked at every other entry: 9,999 took minutes.
    count = 9_999
    numbers = [entry_number("B76", serial) for serial in range(1, count + 1)]
    entries = [
        replace(
            ON_STATEMENT,
            entry_number=number,
            statement_entries=count,
            statement_total_cents=400 * count,
        )
        for number in numbers
    ]
    started = time.monotonic()
    outcomes = _judge([replace(DELETE, entry_number8=number) for number in numbers], *entries)
    assert time.monotonic() - started < 10
    last = outcomes[-1].departure
    assert last is not None
    assert (last.total_cents, last.entries_left) == (0, 0)
