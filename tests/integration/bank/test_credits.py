"""Payments that are pushed to the agency's account: kept once, told when they settle."""

from __future__ import annotations

import json

import pytest

from customhouse.bank import credits, directory, faults
from customhouse.bank.exchange import Exchange
from customhouse.faults import Refused
from customhouse.rails import IncomingCredit, credit_from_json, to_json
from customhouse.rehearsal.world import PARTICIPANTS
from tests.integration.bank.branch import TUESDAY, WEDNESDAY, Branch
from tests.integration.bank.credit_files import (
    MONDAY,
    PAYERS_BANK,
    Push,
    batch,
    entry,
    pushed,
    written,
)
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


def test_an_entry_whose_addendum_does_not_fit_is_told_with_what_is_wrong(
    branch: Branch, exchange: Exchange
) -> None:
    """C15: counts, hash and totals of its file agree, so that its money is real."""
    good = pushed(Push(), Push(amount_cents=5), settled_on=TUESDAY)
    deliver(exchange, "one.cr.ach", good.replace(b"00010000002", b"00010000007"))
    branch.run(TUESDAY)
    found = told(branch)
    assert [(each.amount_cents, each.addenda_fault) for each in found] == [
        (104_608, ""),
        (5, "other-entry"),
    ]
    assert [credit_from_json(json.loads(json.dumps(to_json(each)))) for each in found] == found
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


@pytest.mark.parametrize("code", [22, 32, 42, 52])
def test_money_for_the_collection_account_is_taken_whatever_kind_it_is_called(
    branch: Branch, exchange: Exchange, code: int
) -> None:
    """The account is the agency's, even where the payer's bank calls it a savings account."""
    deliver(exchange, "one.cr.ach", pushed(Push(code=code), settled_on=TUESDAY))
    branch.run(TUESDAY)
    assert [each.kind for each in told(branch)] == ["payment"]


@pytest.mark.parametrize("code", [23, 24, 33, 34])
def test_a_zero_dollar_entry_is_told_as_a_prenote(
    branch: Branch, exchange: Exchange, code: int
) -> None:
    deliver(exchange, "one.cr.ach", pushed(Push(code=code, amount_cents=0), settled_on=TUESDAY))
    branch.run(TUESDAY)
    assert [(each.kind, each.amount_cents) for each in told(branch)] == [("prenote", 0)]


def test_a_page_ends_with_its_addenda_and_none_is_lost(branch: Branch, exchange: Exchange) -> None:
    pushes = [Push(amount_cents=place, texts=["X"] * 4_000) for place in (1, 2, 3)]
    deliver(exchange, "one.cr.ach", pushed(*pushes, settled_on=TUESDAY, sec_code="CTX"))
    branch.run(TUESDAY)
    with branch.office() as office:
        first = credits.after(office.connection, 0, most=1000)
        second = credits.after(office.connection, 2, most=1000)
        for after, most in ((-1, 1), (0, 0), (0, 1001), (2**63, 1)):
            with pytest.raises(Refused) as refused:
                credits.after(office.connection, after, most=most)
            assert refused.value.faults[0].kind is faults.CURSOR_UNREADABLE
    assert [each.amount_cents for each in first] == [1, 2]
    assert [each.amount_cents for each in second] == [3]


@pytest.mark.requirement("SEC-08")
def test_an_entry_of_a_bank_outside_the_directory_is_money_and_calls_a_person(
    branch: Branch, exchange: Exchange
) -> None:
    """SEC-08: an unknown originating bank is told with an alarm; a known one without."""
    with branch.office() as office:
        content = PARTICIPANTS.read_bytes()
        directory.load(office.connection, office.keys, content=content, clock=office.clock)
    strange = batch(TUESDAY, number=2, odfi="02100002")
    file = written(
        [
            (batch(TUESDAY), [entry(Push(), 1)]),
            (strange, [entry(Push(), place, odfi="02100002") for place in (1, 2)]),
        ]
    )
    deliver(exchange, "one.cr.ach", file)
    branch.run(TUESDAY)
    assert [each.originating_dfi for each in told(branch)] == [PAYERS_BANK, "02100002", "02100002"]
    ((sentence,),) = branch.rows("select sentence from alarm")
    assert sentence == (
        "The originating bank 02100002 is not in the participant directory; 2 of its entries"
        " came, the first is C26328021000020000001."
    )
