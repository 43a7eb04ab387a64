"""An entry's money is told apart by its addenda: nothing is dropped and nothing guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency.credit_splitting import Portion, split
from customhouse.formats import txp
from customhouse.rails import ADDENDA_FAULTS, AddendaFault, IncomingCredit


def credit(cents: int, *addenda: str) -> IncomingCredit:
    """Give an entry of some cents with its addenda."""
    return IncomingCredit(
        sequence=1,
        credit_id="C26328091000010000001",
        kind="payment",
        amount_cents=cents,
        collected_on=date(2026, 11, 24),
        sec_code="CTX",
        originating_dfi="09100001",
        trace_number="091000010000001",
        company_name="EXAMPLE PAYER",
        company_identification="1123456789",
        entry_description="CUSTOMSPAY",
        identification_number="",
        code="",
        addenda=addenda,
    )


def addendum(amount: str, *, payer: str = "B76", kind: str = "90001") -> str:
    """Spell an addendum whose amount is any text."""
    return f"TXP*{payer}*{kind}*261124*3927327001*{amount}\\".ljust(80)


def portions(cents: int, *addenda: str) -> list[Portion]:
    """Tell an entry's money apart."""
    made = credit(cents, *addenda)
    return split(made, [txp.read(text) for text in addenda])


def told(found: list[Portion]) -> list[tuple[int, int, str]]:
    """Give place, cents and reason of portions."""
    return [(each.position, each.amount_cents, each.reason) for each in found]


def test_each_addendum_gets_what_it_says() -> None:
    found = portions(30, addendum("10"), addendum("20"))
    assert told(found) == [(1, 10, ""), (2, 20, "")]


def test_no_addendum_keeps_the_entry_whole() -> None:
    assert told(portions(30)) == [(0, 30, "addendum-missing")]


@pytest.mark.parametrize("fault", [fault for fault in ADDENDA_FAULTS if fault])
@pytest.mark.parametrize("count", [0, 1, 2])
def test_addenda_that_do_not_fit_keep_the_entry_whole(fault: AddendaFault, count: int) -> None:
    """C15: what they say may be of another payment, though each can be read."""
    texts = [addendum("10")] * count
    (found,) = split(
        replace(credit(10 * count or 10, *texts), addenda_fault=fault),
        [txp.read(text) for text in texts],
    )
    reason = "addendum-unreadable" if count else "addendum-missing"
    assert told([found]) == [(int(count == 1), 10 * count or 10, reason)]
    assert len(found.detail) > 40
    assert "{" not in found.detail


def test_what_cannot_be_read_gets_what_is_left() -> None:
    found = portions(35, addendum("10"), addendum("2O"), addendum("20"))
    assert told(found) == [(1, 10, ""), (2, 5, "addendum-unreadable"), (3, 20, "")]


def test_several_that_cannot_be_read_share_what_is_left() -> None:
    found = portions(35, addendum("A"), addendum("20"), addendum("B"))
    assert told(found) == [(1, 15, "addendum-unreadable"), (2, 20, "")]
    assert "addenda 1, 3" in found[0].detail
    assert found[0].payer_identifier == "B76"


def test_nothing_left_for_what_cannot_be_read_is_no_part() -> None:
    assert told(portions(20, addendum("0"), addendum("20"))) == [(2, 20, "")]


def test_sums_that_differ_keep_the_entry_whole() -> None:
    assert told(portions(30, addendum("10"), addendum("21"))) == [(0, 30, "sum-mismatch")]
    assert told(portions(32, addendum("10"), addendum("21"))) == [(0, 32, "sum-mismatch")]
    assert told(portions(30, addendum("31"))) == [(1, 30, "sum-mismatch")]
    assert told(portions(30, addendum("31"), addendum("X"))) == [(0, 30, "sum-mismatch")]


def test_a_whole_entry_knows_the_one_payer_that_its_addenda_name() -> None:
    (one,) = portions(30, addendum("10"), addendum("21"))
    assert one.payer_identifier == "B76"
    (two,) = portions(30, addendum("10"), addendum("21", payer="C08"))
    assert two.payer_identifier == ""


def test_another_agencys_type_has_a_reason_of_its_own() -> None:
    assert told(portions(30, addendum("30", kind="04100"))) == [(1, 30, "type-unknown")]


@given(
    cents=st.integers(1, 10_000),
    amounts=st.lists(st.sampled_from(["0", "1", "10", "999", "-5", "1.00", "X", ""]), max_size=6),
)
def test_portions_always_come_to_the_amount(cents: int, amounts: list[str]) -> None:
    """C15: whatever the addenda say, every cent is in exactly one portion."""
    found = portions(cents, *(addendum(amount) for amount in amounts))
    assert sum(each.amount_cents for each in found) == cents
    assert all(each.amount_cents > 0 for each in found)
    assert len({each.position for each in found}) == len(found)
