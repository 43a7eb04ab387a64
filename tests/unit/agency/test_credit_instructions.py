"""By when a payment is pushed, how much of it, and what stands against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from customhouse.agency.credit_instructions import (
    InstructedPayer,
    Obligation,
    instruct,
    schedule_of,
)
from customhouse.agency.credit_instructions_order import read_file_order, read_instruction_order
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE, profile_from_json

MONDAY = date(2026, 11, 23)
DUE = date(2026, 12, 8)
PAYER = InstructedPayer(7, "12-345678900", "active", date(2026, 11, 2), 1)
OWED = Obligation(
    kind="statement",
    number="3927328001",
    filer_code="B76",
    statement_number="3927328001",
    state="preliminary",
    total_cents=104_608,
    waiting_cents=0,
    due_on=DUE,
    paid_on=None,
    is_open=True,
)
FILE: dict[str, Any] = {
    "documents": ["3927328001"],
    "bank_routing": "010203046",
    "company_identification": "1123456789",
    "company_name": "EXAMPLE HARBOR",
}


@pytest.mark.parametrize(
    ("due_on", "lead_days", "originate_by", "settle_on"),
    [
        # A Tuesday: its Monday, and with the bank's lead time the Friday or Thursday before.
        (date(2026, 12, 8), 0, date(2026, 12, 7), date(2026, 12, 8)),
        (date(2026, 12, 8), 1, date(2026, 12, 4), date(2026, 12, 8)),
        (date(2026, 12, 8), 2, date(2026, 12, 3), date(2026, 12, 8)),
        # A Saturday counts as its Friday, Christmas as the day before it.
        (date(2026, 12, 12), 0, date(2026, 12, 10), date(2026, 12, 11)),
        (date(2026, 12, 25), 0, date(2026, 12, 23), date(2026, 12, 24)),
        # Thanksgiving lies between.
        (date(2026, 11, 27), 0, date(2026, 11, 25), date(2026, 11, 27)),
        (date(2026, 11, 24), 0, date(2026, 11, 23), date(2026, 11, 24)),
    ],
)
def test_a_payment_leaves_a_banking_day_before_it_is_due(
    due_on: date, lead_days: int, originate_by: date, settle_on: date
) -> None:
    schedule = schedule_of(due_on, business_date=MONDAY, lead_days=lead_days)
    assert (schedule.originate_by, schedule.settle_on) == (originate_by, settle_on)
    assert not schedule.is_late


def test_what_cannot_be_in_time_is_late_and_settles_as_soon_as_it_can() -> None:
    schedule = schedule_of(date(2026, 11, 24), business_date=MONDAY, lead_days=1)
    assert (schedule.is_late, schedule.originate_by) == (True, date(2026, 11, 20))
    assert schedule.settle_on == date(2026, 11, 25)


def test_a_payer_may_choose_an_earlier_day() -> None:
    wanted = schedule_of(DUE, business_date=MONDAY, lead_days=0, wanted_on=date(2026, 11, 25))
    assert (wanted.originate_by, wanted.settle_on) == (date(2026, 11, 24), date(2026, 11, 25))
    late = schedule_of(DUE, business_date=MONDAY, lead_days=0, wanted_on=date(2026, 12, 9))
    assert (late.is_late, late.is_past) == (True, False)
    assert late.originate_by == date(2026, 12, 7)


def test_a_day_behind_the_due_date_is_told_with_what_happens_on_it() -> None:
    outcome = instruct(
        OWED,
        PAYER,
        business_date=MONDAY,
        lead_days=0,
        profile=CUSTOMS_PROFILE,
        wanted_on=date(2026, 12, 9),
    )
    assert outcome.instruction is not None
    assert outcome.instruction.advice == (
        "Late for ACH Credit: it is due on 2026-12-08. Settled on 2026-12-09, $1,046.08 pays it"
        " in full, but as of that day. To be in time, give it to your bank by 2026-12-07."
    )


def test_without_a_due_date_nothing_is_late() -> None:
    schedule = schedule_of(None, business_date=MONDAY, lead_days=0)
    assert (schedule.originate_by, schedule.settle_on) == (None, date(2026, 11, 24))
    assert not schedule.is_late


def test_the_instruction_asks_for_what_is_still_missing() -> None:
    outcome = instruct(
        replace(OWED, waiting_cents=4_608),
        PAYER,
        business_date=MONDAY,
        lead_days=0,
        profile=CUSTOMS_PROFILE,
    )
    assert outcome.instruction is not None
    assert outcome.instruction.addendum == "TXP*12-345678900*90001*261208*3927328001*100000\\"
    assert outcome.instruction.payment.amount_cents == 100_000
    assert "Push exactly $1,000.00: give it to your bank by 2026-12-07" in (
        outcome.instruction.advice
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"state": "cancelled"}, "statement-cancelled"),
        ({"state": "authorized"}, "statement-already-authorized"),
        ({"state": "paid", "paid_on": MONDAY}, "credit-document-paid"),
        ({"state": "final"}, "credit-document-paid"),
        ({"is_open": False, "kind": "bill"}, "credit-document-paid"),
        ({"total_cents": 0}, "credit-nothing-due"),
        ({"waiting_cents": 104_608}, "credit-nothing-due"),
    ],
)
def test_no_instruction_where_nothing_is_to_be_pushed(changes: dict[str, Any], code: str) -> None:
    """C17: a statement that is paid, or on its way by debit, is not paid twice."""
    outcome = instruct(
        replace(OWED, **changes),
        PAYER,
        business_date=MONDAY,
        lead_days=0,
        profile=CUSTOMS_PROFILE,
    )
    assert outcome.instruction is None
    assert [fault.code for fault in outcome.faults] == [code]
    assert OWED.number in outcome.faults[0].sentence


def test_a_profile_that_does_not_fit_is_told_and_breaks_nothing() -> None:
    values = {
        "name": "example",
        "elements": {"1": "payer", "2": "type", "3": "date", "4": "document", "5": "amount"},
        "type_codes": {"A": "statement"},
        "document_patterns": {"statement": "[A-Z]{3}"},
    }
    for owed in (OWED, replace(OWED, kind="bill", number="39263280001")):
        outcome = instruct(
            owed, PAYER, business_date=MONDAY, lead_days=0, profile=profile_from_json(values)
        )
        assert [fault.code for fault in outcome.faults] == ["credit-addendum-unwritable"]


@pytest.mark.parametrize(
    ("state", "effective_on", "code"),
    [
        (None, None, "credit-payer-not-joined"),
        ("received", None, "credit-payer-not-joined"),
        ("refused", None, "credit-payer-not-joined"),
        ("removed", date(2026, 11, 2), "credit-payer-not-joined"),
        ("approved", None, "credit-payer-not-effective"),
        ("active", date(2026, 11, 24), "credit-payer-not-effective"),
        ("active", MONDAY, None),
    ],
)
def test_only_a_payer_that_joined_with_effect_is_instructed(
    state: str | None, effective_on: date | None, code: str | None
) -> None:
    payer = replace(PAYER, state=state, effective_on=effective_on)
    fault = payer.fault_on(MONDAY)
    assert (None if fault is None else fault.code) == code


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"documents": []},
        {"documents": "3927328001"},
        {"documents": ["3927328001"], "all_due": True},
        {"all_due": False},
        {"all_due": "yes"},
        {"documents": [3927328001]},
        {"documents": ["3927328001", "39 27328 001"]},
        {"documents": ["3" * 21]},
        {"documents": ["3927328001"], "until": "2026-12-08"},
        {"all_due": True, "until": "2026-02-30"},
        {"all_due": True, "lead_days": 11},
        {"all_due": True, "lead_days": True},
        {"all_due": True, "leaddays": 1},
        {"all_due": True, "settle_on": "soon"},
    ],
)
def test_a_wrong_order_is_refused_whole(body: Any) -> None:
    with pytest.raises(Refused) as refused:
        read_instruction_order(body)
    assert {fault.code for fault in refused.value.faults} == {"instruction-field-wrong"}


def test_a_number_is_read_with_hyphens_and_blanks() -> None:
    order = read_instruction_order({"documents": ["39-27328 001", "3927328aaa"], "lead_days": 2})
    assert (order.documents, order.lead_days) == (("3927328001", "3927328AAA"), 2)


def test_all_that_is_wrong_with_a_file_order_is_told_at_once() -> None:
    wrong = {**FILE, "form": "PPD", "bank_routing": None, "file_id": "AB", "late": 1, "x": 1}
    with pytest.raises(Refused) as refused:
        read_file_order(wrong)
    told = [fault.sentence for fault in refused.value.faults]
    assert len(told) == 5
    assert all("account" not in sentence for sentence in told)


def test_a_file_order_has_defaults() -> None:
    order = read_file_order(FILE)
    assert (order.form, order.file_id_modifier, order.with_late) == ("CCD", "A", False)
    assert order.originator.bank_name == ""
