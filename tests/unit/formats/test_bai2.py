"""BAI2 files: written as the golden one, read back by others' code, and every fault found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from bai2 import bai2 as others
from hypothesis import given
from hypothesis import strategies as st

from customhouse.formats import bai2, bai2_check
from customhouse.formats.bai2 import Detail, Head, Totals
from tests.docs.tree import ROOT

GOLDEN = ROOT / "tests" / "golden" / "treasury" / "day.bai2"
ACCOUNT = "990000000001"
DETAILS = (
    Detail(
        bai2.CREDIT_RECEIVED,
        5_200_000,
        "091000010000001",
        "3926328001",
        (
            "credit received from EXAMPLE IMPORTS, INC/WEST",
            "statement 3926328001 (final since 2026-11-25): applied $50,000.00, owed back"
            " $2,000.00 (over)",
        ),
    ),
    Detail(bai2.SETTLEMENT, 104_608, "091000010000002", "3926328002", ("debit settled",)),
    Detail(bai2.RETURN_DEBIT, 104_608, "091000010000003", "3926328002"),
    Detail(bai2.RETURN_CREDIT, 1, "091000010000004", "3926328002", ("",)),
)


def head(details: Iterable[Detail]) -> Head:
    """Give the head that movements come to."""
    details = list(details)
    came = [each.amount_cents for each in details if each.type_code.sense == "credit"]
    went = [each.amount_cents for each in details if each.type_code.sense == "debit"]
    return Head(
        sender="123456780",
        receiver="CUSTOMHOUSE",
        account=bai2.masked_account(ACCOUNT),
        as_of=date(2026, 11, 24),
        created=datetime(2026, 11, 25, 6, 30, tzinfo=UTC),
        totals=Totals(len(came), sum(came), len(went), sum(went)),
    )


def lines_of(details: Iterable[Detail]) -> list[str]:
    """Write movements as a file."""
    details = list(details)
    return list(bai2.render(head(details), details))


def golden() -> list[str]:
    """Give the lines of the golden file."""
    return GOLDEN.read_text(encoding="ascii").splitlines()


def test_the_golden_file_is_what_is_written() -> None:
    assert lines_of(DETAILS) == golden()
    assert ACCOUNT not in "".join(golden())
    assert "XXXXXXXX0001" in golden()[2]


def test_others_read_the_same_out_of_it() -> None:
    """The bai2 package checks every count and control total, and gives each movement back."""
    group = others.parse_from_lines(golden()).children[0]
    account = group.children[0]
    assert group.header.as_of_date == date(2026, 11, 24)
    assert account.header.customer_account_number == "XXXXXXXX0001"
    told = [
        (each.type_code.code, each.amount, each.bank_reference, each.customer_reference)
        for each in account.children
    ]
    assert told == [
        (each.type_code.code, each.amount_cents, each.bank_reference, each.customer_reference)
        for each in DETAILS
    ]
    assert account.children[0].text == (
        "credit received from EXAMPLE IMPORTS INC WEST statement 3926328001 (final since"
        " 2026-11-25): applied $50000.00 owed back $2000.00 (over)"
    )


def test_a_day_without_movements_is_a_file_as_well() -> None:
    lines = lines_of([])
    assert list(bai2_check.faults(lines)) == []
    assert others.parse_from_lines(lines).trailer.number_of_records == len(lines) == 6


@given(
    st.lists(
        st.builds(
            Detail,
            type_code=st.sampled_from(list(bai2.DETAIL_TYPES.values())),
            amount_cents=st.integers(0, 9_999_999_999),
            bank_reference=st.from_regex("[0-9]{15}", fullmatch=True),
            customer_reference=st.from_regex("[0-9A-Z-]{1,20}", fullmatch=True),
            texts=st.lists(st.text(max_size=200), max_size=3).map(tuple),
        ),
        max_size=8,
    )
)
def test_whatever_is_written_is_sound(details: list[Detail]) -> None:
    lines = lines_of(details)
    assert list(bai2_check.faults(lines)) == []
    assert all(len(line) <= bai2.LINE_LENGTH for line in lines)
    account = others.parse_from_lines(lines).children[0].children[0]
    assert [each.amount for each in account.children] == [each.amount_cents for each in details]


@pytest.mark.parametrize(
    ("line", "was", "becomes", "said"),
    [
        (3, "5200000", "5200001", "record 49 has the control total"),
        (3, "16,142", "16,999", "type code 999"),
        (3, "16,142", "16,557", "record 03 has another total 100"),
        (3, ",091000010000001,3926328001/", ",3926328001/", "record 16 has 4 fields"),
        (3, "5200000", "52000.00", "a number that is none"),
        (2, "100,5304609,3", "100,5304609,2", "record 03 has another total 100"),
        (3, "16,", "17,", "it begins with no record code"),
        (0, "01,", "02,", "record 02 cannot follow the beginning"),
        (-1, "/", "", "does not end with a slash"),
        (-1, ",1,", ",2,", "record 99 counts 2 inside"),
        (-2, ",12/", ",13/", "record 98 counts 13 records, there are 12"),
        (4, "credit", "c" * 80, "has more than 80 characters"),
    ],
)
def test_each_fault_is_found(line: int, was: str, becomes: str, said: str) -> None:
    lines = golden()
    assert was in lines[line]
    lines[line] = lines[line].replace(was, becomes, 1)
    found = list(bai2_check.faults(lines))
    assert any(said in each for each in found), found


@pytest.mark.parametrize("place", range(len(golden())))
def test_a_line_that_is_lost_is_missed(place: int) -> None:
    lines = golden()
    del lines[place]
    assert list(bai2_check.faults(lines))


@pytest.mark.parametrize(
    ("detail", "said"),
    [
        (Detail(bai2.SETTLEMENT, -1, "1", "1"), "negative"),
        (Detail(bai2.SETTLEMENT, 1, "a,b", "1"), "field 5"),
        (Detail(bai2.SETTLEMENT, 1, "1", "a/b"), "field 6"),
        (Detail(bai2.SETTLEMENT, 1, "1" * 70, "1"), "more than 80"),
    ],
)
def test_what_does_not_fit_is_not_written(detail: Detail, said: str) -> None:
    with pytest.raises(bai2.Bai2Error, match=said):
        lines_of([detail])


def test_movements_must_come_to_what_the_head_said() -> None:
    with pytest.raises(bai2.Bai2Error, match="totals of record 03"):
        list(bai2.render(head(DETAILS), DETAILS[:2]))


@pytest.mark.parametrize(
    ("account", "masked"),
    [("990000000001", "XXXXXXXX0001"), ("12345", "XXXX2345"), ("1234", "XXXX1234")],
)
def test_an_account_shows_its_last_four(account: str, masked: str) -> None:
    assert bai2.masked_account(account) == masked
