"""Payments that are pushed to the agency's account: kept once, told when they settle."""

from __future__ import annotations

import pytest

from customhouse.bank import credits
from customhouse.bank.exchange import Exchange
from customhouse.rails import IncomingCredit
from tests.integration.bank.branch import TUESDAY, WEDNESDAY, Branch
from tests.integration.bank.credit_files import MONDAY, Push, pushed
from tests.integration.bank.operator_files import deliver


def told(branch: Branch) -> list[IncomingCredit]:
    """Give everything that the agency was told of so far."""
    with branch.office() as office:
        return credits.after(office.connection, 0, most=1000)


def alarm_kinds(branch: Branch) -> list[str]:
    """Give the kinds of the open alarms."""
    found = branch.rows("select kind from alarm where cleared_at is null order by alarm_id")
    return [str(kind) for (kind,) in found]


@pytest.mark.requirement("CRD-02")
def test_a_payment_is_told_with_its_raw_addendum_on_its_settlement_date(
    branch: Branch, exchange: Exchange
) -> None:
    """Collection date = settlement date (C15): before it, nothing is told."""
    text = "TXP*B76*90001*261124*S*0000104608*3927327001\\"
    deliver(exchange, "one.cr.ach", pushed(Push(texts=[text]), settled_on=TUESDAY))

    branch.run(MONDAY)
    assert told(branch) == []
    branch.run(TUESDAY)

    assert told(branch) == [
        IncomingCredit(
            sequence=1,
            credit_id="C26328111111110000001",
            kind="payment",
            amount_cents=104_608,
            collected_on=TUESDAY,
            sec_code="CCD",
            originating_dfi="11111111",
            trace_number="111111110000001",
            company_name="EXAMPLE IMPORTER",
            company_identification="1123456789",
            entry_description="CUSTOMSPAY",
            identification_number="REF 1",
            code="",
            addenda=(text.ljust(80),),
        )
    ]
    assert alarm_kinds(branch) == []


def test_the_same_entry_in_another_file_has_no_second_effect(
    branch: Branch, exchange: Exchange
) -> None:
    """The same content under another name and identity is the same entry (failure C2)."""
    deliver(exchange, "one.cr.ach", pushed(Push(), Push(amount_cents=5), settled_on=TUESDAY))
    branch.run(TUESDAY)
    again = pushed(Push(), Push(amount_cents=6), settled_on=TUESDAY, modifier="B")
    deliver(exchange, "two.cr.ach", again)
    branch.run(WEDNESDAY)

    found = {each.credit_id: each.amount_cents for each in told(branch)}
    assert found == {
        "C26328111111110000001": 104_608,
        "C26328111111110000002": 5,
        "C26328111111110000002-2": 6,
    }
    assert alarm_kinds(branch) == ["entry-repeated"]
