"""Shares of a split as officers write them: read strictly, and whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency.credit_desk_shares import Share, read_share, read_shares, share_faults
from customhouse.faults import Fault, Refused
from customhouse.money import format_cents

PART = "C26328091000000000001.1"


def test_a_share_is_an_amount_and_what_it_is_for() -> None:
    """A document in any case, with blanks or hyphens, or refund."""
    assert read_share("1000.00=3927327001") == Share(100_000, "3927327001")
    assert read_share("12=392732700a") == Share(1_200, "392732700A")
    assert read_share("12=3927-327 00a") == Share(1_200, "392732700A")
    assert read_share("0.01=Refund") == Share(1, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "5",
        "5=",
        "=refund",
        "0.00=refund",
        "-1.00=refund",
        "1,000.00=refund",
        "1.0=refund",
        "1e2=refund",
        "\u0663.00=refund",
        "1.00=a=b",
        "1.00=\u00e9",
        "1.00=\0",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """Nothing is guessed about an amount of money."""
    fault = read_share(text)
    assert isinstance(fault, Fault)
    assert fault.code == "desk-share-unreadable"


def test_every_wrong_share_is_told_at_once() -> None:
    """Two wrong ones are two faults."""
    with pytest.raises(Refused) as caught:
        read_shares(["x", "1.00=refund", "y"])
    assert len(caught.value.faults) == 2


@given(cents=st.lists(st.integers(1, 9_999_999), min_size=2, max_size=9))
def test_whole_splits_pass_and_others_do_not(cents: list[int]) -> None:
    """Written and read back they come to the part; a cent more or less does not."""
    texts = [f"{format_cents(each).replace(',', '')}=refund" for each in cents]
    shares = read_shares(texts)
    assert [share.amount_cents for share in shares] == cents
    assert share_faults(shares, part_id=PART, amount_cents=sum(cents)) == []
    for wrong in (sum(cents) - 1, sum(cents) + 1):
        (fault,) = share_faults(shares, part_id=PART, amount_cents=wrong)
        assert fault.code == "desk-shares-not-whole"


@pytest.mark.parametrize("count", [0, 1, 10])
def test_two_to_nine_shares_are_made_at_once(count: int) -> None:
    """One share is no split, and more than nine is done in steps."""
    (fault,) = share_faults([Share(1, None)] * count, part_id=PART, amount_cents=count)
    assert fault.code == "desk-shares-too-many"
