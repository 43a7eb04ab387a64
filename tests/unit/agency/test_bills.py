"""The numbers of bills."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency.bills import MOST_A_DAY, bill_number

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("n", "number"),
    [(1, "39263280001"), (36, "39263280010"), (MOST_A_DAY, "3926328ZZZZ")],
)
def test_a_bill_number_has_district_day_and_sequence(n: int, number: str) -> None:
    assert bill_number("39", DAY, n=n) == number


@pytest.mark.parametrize("n", [0, MOST_A_DAY + 1])
def test_no_number_is_cut_to_fit(n: int) -> None:
    with pytest.raises(ValueError, match="a district has"):
        bill_number("39", DAY, n=n)
