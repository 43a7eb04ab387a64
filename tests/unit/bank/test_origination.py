"""How debits are split, files named and traces numbered."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.bank import origination, profile
from customhouse.bank.inbound_returns import settlement_date
from customhouse.bank.origination import FileIdsUsedUp, file_identity
from customhouse.formats.nacha_file import MAX_ENTRIES_IN_BATCH, MAX_ENTRIES_IN_FILE
from customhouse.identifiers import RoutingNumber
from customhouse.money import MAX_ENTRY_CENTS, MAX_TOTAL_CENTS

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


def test_a_full_file_fits_every_count_of_its_controls() -> None:
    """A batch counts 999,999 records, a file 99,999,999 and 999,999 blocks of ten (C11)."""
    records = 2 * profile.MOST_ENTRIES_IN_FILE
    assert records <= MAX_ENTRIES_IN_BATCH < records + 2
    assert records <= MAX_ENTRIES_IN_FILE
    # File header and control, batch header and control.
    assert -(-(records + 4) // 10) <= 999_999
    assert profile.MOST_CENTS_IN_FILE <= MAX_TOTAL_CENTS == 10**12 - 1


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
