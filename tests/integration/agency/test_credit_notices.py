"""How many notices a payer gets of one entry: a CTX entry of thousands is told in a few."""

from __future__ import annotations

import pytest

from customhouse.agency.credit_notices import MOST_TOLD_SINGLY
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, Harbor

MANY = MOST_TOLD_SINGLY + 1
TOLD = "select kind, text from payer_notice order by notice_id"


@pytest.fixture
def cashier(harbor: Harbor) -> Cashier:
    """Give a cashier where the broker has joined ACH Credit."""
    cashier = Cashier(harbor)
    cashier.enroll()
    return cashier


def push(cashier: Cashier, document: str, times: int) -> None:
    """Push one entry that names a document so often, a cent each."""
    cashier.push(times, *(txp(BROKER, document, 1) for _ in range(times)))


def test_few_parts_are_told_one_by_one(harbor: Harbor, cashier: Cashier) -> None:
    push(cashier, "3927328999", MOST_TOLD_SINGLY)
    assert [kind for kind, _ in harbor.rows(TOLD)] == ["credit-unmatched"] * MOST_TOLD_SINGLY


def test_many_parts_that_match_nothing_are_told_together(harbor: Harbor, cashier: Cashier) -> None:
    """CRD-04: at once, how many, how much, and what is missing of the first."""
    push(cashier, "3927328999", MANY)
    push(cashier, "3927328999", MANY)
    told = harbor.rows(TOLD)
    assert [kind for kind, _ in told] == ["credit-unmatched"] * 2
    assert told[0][1].startswith(f"{MANY} parts of your payment C26327091000000000001, $0.11")
    assert "There is no statement 3927328999" in told[0][1]


def test_many_parts_that_go_back_are_told_together(harbor: Harbor, cashier: Cashier) -> None:
    harbor.entry(1, charges={"001": 5})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    push(cashier, number, 5 + MANY)
    ((kind, text),) = harbor.rows(TOLD)
    assert kind == "credit-refundable"
    assert text.startswith("$0.11 of your payment C26328091000000000001, collected on")
    assert f"{MANY} parts of it. Statement {number} was paid by another payment." in text
    assert harbor.violations() == []
