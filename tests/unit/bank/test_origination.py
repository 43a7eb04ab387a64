"""How debits are split, files named and traces numbered."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.bank import origination, profile
from customhouse.bank.inbound_returns import settlement_date
from customhouse.bank.origination import FileIdsUsedUp, file_identity, first_sequence, fitting
from customhouse.identifiers import RoutingNumber
from customhouse.money import MAX_ENTRY_CENTS

TUESDAY = date(2026, 11, 24)


def test_the_profile_is_made_of_valid_numbers_and_fits_its_fields() -> None:
    for routing in (profile.BANK_ROUTING, profile.OPERATOR_ROUTING):
        assert RoutingNumber.parse(routing.number) == routing
    assert len(profile.COMPANY_NAME) <= 16
    assert len(profile.COMPANY_IDENTIFICATION) == 10
    assert len(profile.ENTRY_DESCRIPTION) <= 10
    assert len(profile.addendum_text("3927327001", MAX_ENTRY_CENTS)) <= 80


def test_the_addendum_names_the_statement_and_the_amount() -> None:
    assert profile.addendum_text("3927327001", 104_608) == "RMR*ST*3927327001**1046.08\\"
    assert profile.addendum_text("3927327001", 5) == "RMR*ST*3927327001**0.05\\"
    assert profile.addendum_text("3927327001", 123_456_789) == "RMR*ST*3927327001**1234567.89\\"


@given(st.lists(st.integers(1, MAX_ENTRY_CENTS), max_size=400))
def test_parts_hold_every_debit_once_and_none_is_too_large(amounts: list[int]) -> None:
    rest, parts = amounts, []
    while rest:
        count = fitting(rest)
        assert count >= 1
        parts.append(rest[:count])
        rest = rest[count:]
    assert [amount for part in parts for amount in part] == amounts
    assert all(sum(part) <= profile.MOST_CENTS_IN_FILE for part in parts)
    for part, following in itertools.pairwise(parts):
        assert sum(part) + following[0] > profile.MOST_CENTS_IN_FILE


def test_a_file_holds_so_many_entries_that_the_count_of_records_fits() -> None:
    assert fitting([1] * (profile.MOST_ENTRIES_IN_FILE + 5)) == profile.MOST_ENTRIES_IN_FILE
    assert 2 * profile.MOST_ENTRIES_IN_FILE <= 999_999


def test_thirty_six_files_share_a_minute_and_the_next_takes_the_next() -> None:
    identities = [
        file_identity("123456780", TUESDAY, first_time="0959", files_before=number)
        for number in range(73)
    ]
    assert identities[0].name == "12345678-20261124-0959-A.ach"
    assert identities[35].name == "12345678-20261124-0959-9.ach"
    assert identities[36].name == "12345678-20261124-1000-A.ach"
    assert identities[72].created_time == "1001"
    assert len({identity.name for identity in identities}) == 73


def test_the_last_minute_of_a_day_is_the_last() -> None:
    file_identity("123456780", TUESDAY, first_time="2359", files_before=35)
    with pytest.raises(FileIdsUsedUp):
        file_identity("123456780", TUESDAY, first_time="2359", files_before=36)


@pytest.mark.parametrize(
    ("last", "count", "first"),
    [(0, 1, 1), (41, 10, 42), (9_999_998, 1, 9_999_999), (9_999_998, 2, 1), (9_999_999, 1, 1)],
)
def test_traces_ascend_and_never_wrap_inside_a_file(last: int, count: int, first: int) -> None:
    assert first_sequence(last, count) == first


@pytest.mark.parametrize(
    ("day_of_year", "near", "expected"),
    [
        (329, date(2026, 11, 24), date(2026, 11, 25)),
        (1, date(2026, 12, 31), date(2027, 1, 1)),
        (365, date(2027, 1, 2), date(2026, 12, 31)),
        (366, date(2029, 1, 1), date(2028, 12, 31)),
    ],
)
def test_a_day_of_the_year_is_the_nearest_date(
    day_of_year: int, near: date, expected: date
) -> None:
    assert settlement_date(day_of_year, near=near) == expected


@pytest.mark.parametrize("day_of_year", [0, 367])
def test_other_days_are_refused(day_of_year: int) -> None:
    with pytest.raises(ValueError, match="not a day of a year"):
        settlement_date(day_of_year, near=TUESDAY)


def test_file_times_are_those_of_new_york() -> None:
    assert str(origination.NEW_YORK) == "America/New_York"
