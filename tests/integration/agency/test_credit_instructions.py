"""Instructions on real rows: what is due, for whom, and what a payment did to it since."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import credit_instruct, paying_parties
from customhouse.agency.credit_instruct import Instructions, payable
from customhouse.agency.credit_instructions_order import InstructionOrder
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    IMPORTER_Y,
    OTHER_BROKER,
    WEDNESDAY,
    Harbor,
)

DUE = date(2026, 12, 8)


def _ask(
    harbor: Harbor,
    payer: str,
    *documents: str,
    lead: int | None = None,
    settle_on: date | None = None,
) -> Instructions:
    """Ask for instructions: of some documents, or of all that is due."""
    with harbor.connect() as connection:
        return credit_instruct.instructions(
            connection,
            paying_parties.of_identifier(connection, payer),
            InstructionOrder(documents or None, lead_days=lead, settle_on=settle_on),
            business_date=harbor.today,
            profile=CUSTOMS_PROFILE,
        )


def _codes(told: Instructions) -> list[str]:
    """Give the fault of each outcome, or that it is ready."""
    return [each.faults[0].code if each.faults else "ready" for each in told.outcomes]


@pytest.fixture
def cashier(harbor: Harbor) -> Cashier:
    """Print the broker's statement, another of importer X alone, and one of another broker."""
    harbor.entry(1, charges={"001": 100_000}, due_on=DUE)
    harbor.entry(2, charges={"001": 5_000}, due_on=DUE, importer=IMPORTER_Y)
    harbor.entry(3, charges={"001": 70_000}, due_on=DUE, payment_type="3")
    harbor.entry(4, charges={"001": 900}, due_on=DUE, filer=OTHER_BROKER)
    harbor.print()
    cashier = Cashier(harbor)
    for payer in (BROKER, IMPORTER_X):
        cashier.enroll(payer)
    return cashier


def _number(cashier: Cashier, cents: int) -> str:
    query = "select statement_number from statement where total_cents = %s"
    ((number,),) = cashier.harbor.rows(query, cents)
    return str(number)


@pytest.mark.requirement("CRD-01")
def test_a_filer_is_told_how_to_push_everything_that_is_due(cashier: Cashier) -> None:
    told = _ask(cashier.harbor, BROKER)
    assert {each.obligation.amount_cents for each in told.ready} == {105_000, 70_000}
    assert all(each.schedule.originate_by == date(2026, 12, 7) for each in told.ready)
    both = _number(cashier, 105_000)
    (one,) = [each for each in told.ready if each.obligation.number == both]
    assert one.addendum == f"TXP*B76*90001*261208*{both}*105000\\"
    assert not told.has_more


def test_an_importer_is_told_of_its_own_statement_only(cashier: Cashier) -> None:
    """Somebody else's statement and none at all are the same fault."""
    own, shared, other = (_number(cashier, cents) for cents in (70_000, 105_000, 900))
    told = _ask(cashier.harbor, IMPORTER_X, own, shared, "3927999ZZZ", "x")
    assert _codes(told) == ["ready", *["credit-document-unknown"] * 3]
    assert told.ready[0].payer_identifier == IMPORTER_X
    listed = _ask(cashier.harbor, IMPORTER_X)
    assert [each.obligation.number for each in listed.ready] == [own]
    # All entries of the other broker's statement are the importer's, so it may pay that too.
    assert _codes(_ask(cashier.harbor, IMPORTER_X, other)) == ["ready"]
    assert _codes(_ask(cashier.harbor, BROKER, other)) == ["credit-document-unknown"]


def test_one_who_has_not_joined_is_told_nothing(cashier: Cashier) -> None:
    with pytest.raises(Refused) as refused:
        _ask(cashier.harbor, OTHER_BROKER, _number(cashier, 900))
    assert [fault.code for fault in refused.value.faults] == ["credit-payer-not-joined"]


def test_what_arrived_is_taken_off_and_the_rest_completes_it(cashier: Cashier) -> None:
    """C16: the instruction asks for exactly what is missing, and that pays the statement."""
    number = _number(cashier, 105_000)
    cashier.push(5_000, txp(BROKER, number, 5_000))
    (rest,) = _ask(cashier.harbor, BROKER, number).ready
    assert (rest.obligation.waiting_cents, rest.payment.amount_cents) == (5_000, 100_000)
    cashier.push(100_000, rest.addendum.ljust(80))
    again = _ask(cashier.harbor, BROKER, number)
    assert _codes(again) == ["credit-document-paid"]
    assert cashier.harbor.violations() == []


@pytest.mark.requirement("CRD-11")
def test_of_two_statements_one_is_debited_and_the_other_pushed(cashier: Cashier) -> None:
    """C17: an authorized statement gets no instruction; the other one does."""
    debited, pushed = _number(cashier, 105_000), _number(cashier, 70_000)
    assert "D03" not in cashier.harbor.authorize(debited, 105_000)
    told = _ask(cashier.harbor, BROKER, debited, pushed)
    assert _codes(told) == ["statement-already-authorized", "ready"]
    assert [each.obligation.number for each in _ask(cashier.harbor, BROKER).ready] == [pushed]
    with pytest.raises(Refused):
        payable(told, with_late=False)
    (ready,) = told.ready
    cashier.push(70_000, ready.addendum.ljust(80))
    assert _codes(_ask(cashier.harbor, BROKER, pushed)) == ["credit-document-paid"]
    assert cashier.harbor.violations() == []


def test_a_bill_is_paid_under_its_own_number(cashier: Cashier) -> None:
    """The statement of a debit that came back is due again, by the day on its bill."""
    number = _number(cashier, 105_000)
    cashier.harbor.authorize(number, 105_000)
    cashier.settle_and_return(number, 105_000)
    ((bill, due_on),) = cashier.harbor.rows("select bill_number, due_on from bill")
    told = _ask(cashier.harbor, BROKER, bill, number)
    # One debt counts once, whichever of its numbers is named first.
    assert _codes(told) == ["ready", "credit-document-repeated"]
    by_bill, *_ = told.ready
    by_statement, *_ = _ask(cashier.harbor, BROKER, number, bill).ready
    assert f"*90002*{by_bill.schedule.settle_on:%y%m%d}*{bill}*105000" in by_bill.addendum
    assert by_bill.obligation.due_on == by_statement.obligation.due_on == due_on
    with pytest.raises(Refused) as refused:
        payable(told, with_late=True)
    assert [fault.code for fault in refused.value.faults] == ["credit-document-repeated"]
    cashier.push(105_000, by_bill.addendum.ljust(80))
    assert _codes(_ask(cashier.harbor, BROKER, bill, number)) == ["credit-document-paid"] * 2
    assert cashier.harbor.violations() == []


def test_late_payments_are_told_and_kept_out_of_a_file(cashier: Cashier) -> None:
    harbor = cashier.harbor
    number = _number(cashier, 105_000)
    told = _ask(harbor, BROKER, number, lead=10)
    (instruction,) = told.ready
    assert instruction.schedule.is_late
    assert "Have a debit authorized today instead" in instruction.advice
    with pytest.raises(Refused) as refused:
        payable(told, with_late=False)
    assert [fault.code for fault in refused.value.faults] == ["credit-too-late"]
    assert payable(told, with_late=True) == [instruction]


def test_a_chosen_day_is_a_banking_day_that_can_be_reached(cashier: Cashier) -> None:
    number = _number(cashier, 105_000)
    (chosen,) = _ask(cashier.harbor, BROKER, number, settle_on=WEDNESDAY).ready
    assert chosen.payment.dated_on == WEDNESDAY
    for wrong, why in (
        (cashier.harbor.today, "too soon; the first possible day is 2026-11-25"),
        (date(2026, 11, 22), "(Sunday); the next one is 2026-11-25"),
        (date(2026, 11, 26), "(Thanksgiving Day); the next one is 2026-11-27"),
        (date(2026, 11, 28), "(Saturday); the next one is 2026-11-30"),
        (date(2099, 1, 2), "it covers 2000 to 2060"),
    ):
        with pytest.raises(Refused) as refused:
            _ask(cashier.harbor, BROKER, number, settle_on=wrong)
        sentence = refused.value.faults[0].sentence
        assert "a banking day from 2026-11-25 on" in sentence
        assert why in sentence


def test_the_lead_days_are_those_of_the_enrolment(cashier: Cashier) -> None:
    with cashier.harbor.connect() as connection:
        connection.execute(
            "insert into credit_application (payer_party_id, application_number, purpose,"
            " company_name, address, contact_name, contact_phone, contact_email, official_name,"
            " official_title, notify_by, bank_lead_days, state, received_on, received_at,"
            " decided_on, decided_by)"
            " select party_id, 'EABCDEFGHJ', 'new', 'Example Harbor', '{1 Pier}', 'A', '5550100',"
            " 'a@example.org', 'B', 'C', 'page', 2, 'approved', %(day)s, %(at)s, %(day)s, 'officer'"
            " from filer where filer_code = 'B76'",
            {"day": WEDNESDAY, "at": cashier.harbor.clock.now()},
        )
    told = _ask(cashier.harbor, BROKER)
    assert told.lead_days == 2
    assert {each.schedule.originate_by for each in told.ready} == {date(2026, 12, 3)}
    assert _ask(cashier.harbor, BROKER, lead=0).lead_days == 0
