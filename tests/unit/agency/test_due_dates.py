"""The last day to pay: by class and way of payment, in working days of a port."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency.due_dates import SPECIAL_TYPES, due_on, rule_for, stays_on_statement
from customhouse.agency.entry_fields import ENTRY_TYPES
from customhouse.business_days import FEDERAL_OFFICES, LAST_YEAR

THURSDAY = date(2026, 11, 12)
STORM = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("entry_type", "payment_type", "entered", "expected"),
    [
        # Thanksgiving is the tenth day's neighbour: 13, 16-20, 23-25 and 27 November.
        ("01", "2", THURSDAY, date(2026, 11, 27)),
        ("01", "1", THURSDAY, date(2026, 11, 27)),
        ("02", "2", THURSDAY, date(2026, 11, 27)),
        ("02", "5", THURSDAY, date(2026, 11, 27)),
        ("02", "1", THURSDAY, THURSDAY),
        ("38", "1", date(2026, 11, 14), date(2026, 11, 16)),
        # Two holidays of the turn of the year.
        ("11", "3", date(2026, 12, 22), date(2027, 1, 7)),
    ],
)
def test_days_are_counted_by_class_and_payment(
    entry_type: str, payment_type: str, entered: date, expected: date
) -> None:
    """DEB-14: a special class has ten working days on a statement, and none otherwise."""
    found = due_on(entry_type, entered, payment_type=payment_type, calendar=FEDERAL_OFFICES)
    assert found == expected


def test_a_closing_gives_a_day_more() -> None:
    closed = FEDERAL_OFFICES.with_closures({STORM: "storm"})
    assert due_on("01", THURSDAY, payment_type="2", calendar=closed) == date(2026, 11, 30)


def test_beyond_the_calendar_nothing_is_known() -> None:
    last = date(LAST_YEAR, 12, 30)
    assert due_on("01", last, payment_type="2", calendar=FEDERAL_OFFICES) is None
    assert rule_for("01", date(1999, 12, 31)) is None


@given(
    st.sampled_from(ENTRY_TYPES),
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(0, 30),
)
def test_a_closing_never_brings_a_day_forward(entry_type: str, entered: date, after: int) -> None:
    closed = FEDERAL_OFFICES.with_closures({entered + timedelta(days=after): "storm"})
    usual = due_on(entry_type, entered, payment_type="2", calendar=FEDERAL_OFFICES)
    moved = due_on(entry_type, entered, payment_type="2", calendar=closed)
    assert usual is not None
    assert moved is not None
    assert usual <= moved <= FEDERAL_OFFICES.add(usual, 1)


def test_special_classes_stay_on_their_statements() -> None:
    assert {each for each in ENTRY_TYPES if stays_on_statement(each)} == SPECIAL_TYPES
