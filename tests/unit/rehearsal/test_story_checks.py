"""The money of three books is compared to the cent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from customhouse.rehearsal.story_checks import Money, money_checks

AGREED = Money(
    agency_treasury=1_000,
    agency_in_transit=300,
    agency_receivable=0,
    bank_settled=1_000,
    bank_on_the_way=300,
    bank_not_sent=100,
    operator_treasury=1_000,
    operator_waiting=200,
)


def held(found: Money) -> list[bool]:
    """Give for each comparison whether it held."""
    return [good for _, good, _ in money_checks(found)]


def test_books_that_agree_hold() -> None:
    assert held(AGREED) == [True, True, True]


@pytest.mark.parametrize("book", ["agency_treasury", "bank_settled", "operator_treasury"])
def test_cent_of_difference_in_the_treasury_is_found(book: str) -> None:
    assert held(replace(AGREED, **{book: 1_001})) == [False, True, True]


@pytest.mark.parametrize("book", ["agency_in_transit", "bank_on_the_way", "operator_waiting"])
def test_cent_of_difference_on_the_way_is_found(book: str) -> None:
    assert held(replace(AGREED, **{book: 301})) == [True, False, True]


def test_returned_debit_that_nobody_paid_again_is_found() -> None:
    assert held(replace(AGREED, agency_receivable=1)) == [True, True, False]


def test_empty_treasury_is_no_agreement() -> None:
    empty = replace(AGREED, agency_treasury=0, bank_settled=0, operator_treasury=0)
    assert held(empty)[0] is False
