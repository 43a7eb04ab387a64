"""Amounts are spelled and read in one way only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.money import MAX_TOTAL_CENTS, format_cents, format_dollars, parse_dollars


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "0.00"), (5, "0.05"), (104608, "1,046.08"), (-300, "-3.00"), (MAX_TOTAL_CENTS, "")],
)
def test_cents_are_spelled_with_separators(cents: int, text: str) -> None:
    assert format_cents(cents) == (text or "9,999,999,999.99")


def test_dollars_carry_the_sign_before_the_currency() -> None:
    assert format_dollars(104608) == "$1,046.08"
    assert format_dollars(-300) == "-$3.00"


@given(st.integers(0, MAX_TOTAL_CENTS))
def test_what_is_spelled_reads_back(cents: int) -> None:
    assert parse_dollars(format_cents(cents).replace(",", "")) == cents


def test_whole_dollars_need_no_cents() -> None:
    assert parse_dollars("1046") == 104600


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+1",
        "-1",
        "1,046.08",
        "1046,08",
        "1e3",
        " 1",
        "1 ",
        "1.",
        ".50",
        "1.5",
        "1.500",
        "007",
        "１００",
        "١",
        "1_000",
        "0x10",
        "NaN",
        "inf",
        "1\n",
        "1\x00",
        "10000000000.00",
        "9" * 5000,
    ],
)
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="amount") as caught:
        parse_dollars(text)
    assert len(str(caught.value)) < 250
