"""What of a payer's own payments arrived, as its treasurer sees it."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import received_credits
from customhouse.agency.received_credits import ReceivedCredit, Wanted
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, OTHER_BROKER, TUESDAY, WEDNESDAY, Harbor

UNKNOWN = "3926328999"


@pytest.fixture
def cashier(harbor: Harbor) -> Cashier:
    """Give a cashier at the harbor, whose brokers have both joined ACH Credit."""
    cashier = Cashier(harbor)
    cashier.enroll()
    cashier.enroll(OTHER_BROKER)
    return cashier


def _party(harbor: Harbor, filer_code: str) -> int:
    ((party_id,),) = harbor.rows("select party_id from filer where filer_code = %s", filer_code)
    return int(party_id)


def _received(
    harbor: Harbor, filer_code: str, *, first: date = TUESDAY, last: date = WEDNESDAY
) -> list[ReceivedCredit]:
    """Read every page, two at a time."""
    found: list[ReceivedCredit] = []
    after = ""
    while True:
        wanted = Wanted(_party(harbor, filer_code), first, last, after, limit=2)
        with harbor.connect() as connection:
            page = received_credits.page_of(connection, wanted)
        found += page
        if len(page) < 2:
            return found
        after = page[-1].cursor
        assert received_credits.is_cursor(after)


def test_a_payer_sees_its_own_payments_and_what_they_paid(harbor: Harbor, cashier: Cashier) -> None:
    harbor.entry(1, charges={"001": 50_000})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    cashier.push(53_000, txp(BROKER, number, 52_000), txp(BROKER, UNKNOWN, 1_000))
    cashier.push(700, txp(OTHER_BROKER, UNKNOWN, 700))
    cashier.push(900, "nobody can tell whose this is")
    cashier.push(400, txp(BROKER, UNKNOWN, 400), collected_on=WEDNESDAY)
    found = _received(harbor, BROKER)
    told = [
        (each.amount_cents, each.applied_cents, each.refundable_cents, each.waiting_cents)
        for each in found
    ]
    assert told == [(52_000, 50_000, 2_000, 0), (1_000, 0, 0, 1_000), (400, 0, 0, 400)]
    assert [each.statement_number for each in found] == [number, None, None]
    assert [each.reason for each in found] == ["over", "document-unknown", "document-unknown"]
    assert found[0].trace_number == cashier.told[0].trace_number
    assert [each.amount_cents for each in _received(harbor, OTHER_BROKER)] == [700]
    assert len(_received(harbor, BROKER, last=TUESDAY)) == 2


def test_what_was_applied_after_it_waited_has_no_reason(harbor: Harbor, cashier: Cashier) -> None:
    """Two payments that are exact together: the first was short until the second came."""
    harbor.entry(1, charges={"001": 50_000})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    cashier.push(20_000, txp(BROKER, number, 20_000))
    (waiting,) = _received(harbor, BROKER)
    assert waiting.reason == "short"
    cashier.push(30_000, txp(BROKER, number, 30_000))
    found = _received(harbor, BROKER)
    assert [each.applied_cents for each in found] == [20_000, 30_000]
    assert [each.reason for each in found] == ["", ""]


@pytest.mark.parametrize("text", ["", "x", "2026-11-24", "2026-13-24/C26328091000000000001.1"])
def test_what_is_no_cursor_is_told_apart(text: str) -> None:
    assert not received_credits.is_cursor(text)
