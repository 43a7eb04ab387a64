"""What becomes of an entry that others originated: every case, and the days that count."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.bank.credit_rules import (
    DISPOSITIONS,
    IMPROPER_REVERSAL,
    CollectionAccount,
    base_id,
    is_settlement_date,
    judge,
    return_by,
    reversible_since,
)
from customhouse.formats.nacha_codes import TRANSACTION_CODES
from tests.docs.tree import ROOT

OURS = CollectionAccount("123456780", "990000000001")
MONDAY, FRIDAY = date(2026, 11, 23), date(2026, 11, 27)
CREDITS = (22, 32, 42, 52)
ZEROS = (23, 24, 33, 34, 43, 44, 53, 54)
DEBITS = (27, 28, 29, 37, 38, 39, 47, 48, 49, 55)


@pytest.mark.parametrize(
    ("account", "expected"),
    [
        ("990000000001     ", "collection"),
        (" 9900 0000 0001  ", "collection"),
        ("990000000002     ", "unknown"),
        ("0990000000001    ", "unknown"),
        ("99000000000001   ", "unknown"),
        ("9900-0000-0001   ", "malformed"),
        ("990000000o01     ", "malformed"),
        ("991              ", "malformed"),
        (" " * 17, "malformed"),
    ],
)
def test_an_account_is_compared_without_its_blanks(account: str, expected: str) -> None:
    assert OURS.match("123456780", account) == expected


def test_the_account_of_that_number_at_another_bank_is_another_one() -> None:
    assert OURS.match("111111118", "990000000001") == "unknown"
    assert "990000000001" not in repr(OURS)


@pytest.mark.parametrize("codes", [CREDITS, ZEROS, DEBITS])
def test_each_code_for_the_collection_account_has_its_kind(codes: tuple[int, ...]) -> None:
    kinds = {CREDITS: ("payment", ""), ZEROS: ("prenote", ""), DEBITS: ("debit_refused", "R29")}
    for code in codes:
        found = judge(code, "collection")
        assert (found.kind, found.return_code) == kinds[codes]


def test_whatever_names_no_account_goes_back() -> None:
    for code in CREDITS + ZEROS + DEBITS:
        assert judge(code, "unknown").return_code == "R03"
        assert judge(code, "malformed").return_code == "R04"
        assert judge(code, "unknown").kind == judge(code, "malformed").kind == "returned"


def test_every_code_is_decided_but_those_of_returns() -> None:
    decided = {*CREDITS, *ZEROS, *DEBITS}
    returns = {code for code, known in TRANSACTION_CODES.items() if known.purpose == "return"}
    assert decided | returns == set(TRANSACTION_CODES)
    for code in returns:
        with pytest.raises(KeyError):
            judge(code, "collection")


def test_the_page_shows_the_table() -> None:
    page = (ROOT / "docs" / "reference" / "exchange.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    for _, _, _, disposition in DISPOSITIONS:
        told = f"`{disposition.kind}`"
        wanted = f" {disposition.return_code} " if disposition.return_code else " | | "
        assert any(told in row and wanted in row for row in rows), disposition
    assert any("`debit_refused`" in row and f" {IMPROPER_REVERSAL} " in row for row in rows)


def test_days_are_banking_days() -> None:
    """Thanksgiving is none."""
    assert return_by(date(2026, 11, 25)) == date(2026, 11, 30)
    assert reversible_since(date(2026, 12, 2)) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("settled_on", "created_on", "can_be"),
    [
        (MONDAY, MONDAY, True),
        (FRIDAY, MONDAY, True),
        (date(2026, 11, 26), MONDAY, False),
        (date(2026, 11, 28), MONDAY, False),
        (date(2026, 12, 24), MONDAY, True),
        (date(2026, 12, 28), MONDAY, False),
        (date(2026, 10, 23), MONDAY, True),
        (date(2026, 10, 22), MONDAY, False),
        (date(2090, 1, 3), date(2090, 1, 3), False),
    ],
)
def test_an_entry_settles_on_a_banking_day_near_its_file(
    settled_on: date, created_on: date, *, can_be: bool
) -> None:
    assert is_settlement_date(settled_on, created_on=created_on) is can_be


def test_an_entry_is_named_by_its_settlement_date_and_trace() -> None:
    assert base_id(date(2026, 1, 5), "111111110000001") == "C26005111111110000001"
