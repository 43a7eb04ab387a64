"""The exception desk at its edges: bills, locks held by others, odd characters, formulas."""

from __future__ import annotations

import threading

import pytest

from customhouse.agency import credit_work_list
from customhouse.agency.credit_desk_cases import desk_of
from customhouse.agency.credit_desk_document import COLUMNS, csv_lines
from customhouse.agency.credit_work_list import Filters
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import DUE, REASON, Counter
from tests.integration.agency.harbor import BROKER, OTHER_BROKER, TUESDAY, Harbor

NOT_ON_FILE = "3926301999"


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give the desk of a harbor whose first broker has joined."""
    return Counter.opened(harbor)


def refused(counter: Counter, action: str, *given: object, **values: object) -> str:
    """Give the fault of a decision that is refused."""
    with pytest.raises(Refused) as caught:
        counter.decide(action, *given, **values)
    (fault,) = caught.value.faults
    return fault.code


def test_a_bill_is_paid_by_its_number(harbor: Harbor, counter: Counter) -> None:
    """C6: the receivable is credited, the bill closed, as of the collection date."""
    (number,) = counter.statements()
    harbor.authorize(number, DUE)
    counter.cashier.settle_and_return(number, DUE)
    ((bill,),) = harbor.rows("select bill_number from bill")
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    counter.decide("apply", part_id, f"{bill[:4]}-{bill[4:]}")
    assert harbor.rows("select collection_status, paid_on from bill") == [("04", TUESDAY)]
    ((account,),) = harbor.rows("select credit::text from transfer where kind = 11")
    assert account == "bills_receivable"
    assert harbor.violations() == []


def test_a_lock_of_somebody_else_is_told_as_such(harbor: Harbor, counter: Counter) -> None:
    """Whoever holds the statement longer than the limit: nothing was done, try again."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    with harbor.connect() as other:
        other.execute("select from statement for update")
        assert refused(counter, "apply", part_id, number) == "in-progress"
    counter.decide("apply", part_id, number)
    assert counter.waiting() == []


def test_a_day_that_is_being_closed_is_told_as_such(harbor: Harbor, counter: Counter) -> None:
    """No decision falls between two business dates."""
    with harbor.connect() as other, harbor.connect() as connection:
        other.execute("select from business_day for update")
        with pytest.raises(Refused) as caught:
            desk_of(
                connection,
                counter.officers["Officer One"],
                clock=harbor.clock,
                profile=CUSTOMS_PROFILE,
                tried=False,
            )
    assert [fault.code for fault in caught.value.faults] == ["in-progress"]


@pytest.mark.parametrize("round_number", range(3))
def test_the_same_request_twice_at_once_has_one_effect(
    harbor: Harbor, counter: Counter, round_number: int
) -> None:
    """A program that asks again before the first answer came: both read the same."""
    (number,) = counter.statements()
    counter.cashier.push(DUE + 100)
    (part_id,) = counter.waiting()
    start = threading.Barrier(2)
    ends: list[tuple[tuple[str, ...], bool]] = []

    def decide() -> None:
        start.wait()
        outcome = counter.decide("apply", part_id, number, cents=DUE)
        ends.append((outcome.lines, outcome.again))

    threads = [threading.Thread(target=decide) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(again for _, again in ends) == [False, True]
    assert ends[0][0] == ends[1][0]
    assert harbor.rows("select count(*) from credit_desk_act") == [(1,)]
    assert harbor.violations() == []


@pytest.mark.parametrize("round_number", range(3))
def test_an_officer_and_the_bank_meet_at_one_statement(
    harbor: Harbor, counter: Counter, round_number: int
) -> None:
    """C17: the second of two payments is owed back, whichever came first."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    credit = counter.cashier.credit(DUE, txp(BROKER, number, DUE))
    start = threading.Barrier(2)
    ends: list[str] = []

    def decide() -> None:
        start.wait()
        try:
            counter.decide("apply", part_id, number)
            ends.append("applied")
        except Refused as caught:
            ends.append(caught.faults[0].code)

    def arrive() -> None:
        start.wait()
        counter.cashier.tell(credit)

    threads = [threading.Thread(target=decide), threading.Thread(target=arrive)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    owed = harbor.rows("select amount_cents, cause from refund_claim")
    if ends == ["applied"]:
        assert owed == [(DUE, "duplicate")]
    else:
        assert ends == ["desk-statement-not-payable"]
        assert (owed, counter.waiting()) == ([], [part_id])
    assert harbor.violations() == []


def test_odd_characters_are_refused_as_unknown(harbor: Harbor, counter: Counter) -> None:
    """Nothing of it reaches the database, whatever a program sends."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    for odd in ("\0", "\ud800", "é", "'; drop", "", "x" * 5_000, "٣" * 10):
        assert refused(counter, "apply", odd, number) == "credit-part-unknown"
        assert refused(counter, "apply", part_id, odd) == "desk-document-unknown"
        assert refused(counter, "assign", part_id, odd) == "desk-payer-unknown"
        assert refused(counter, "refund", f"{part_id}{odd}x") == "credit-part-unknown"
    assert refused(counter, "refund", part_id, reason="a\0b") == "desk-reason-wrong"
    assert refused(counter, "ask", part_id, "a\nb") == "desk-reason-wrong"


def test_money_can_be_shared_only_so_often(harbor: Harbor, counter: Counter) -> None:
    """The number of a part has 60 places; before they are used up the desk says so."""
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    payers = ("C08", BROKER)
    code = ""
    for turn in range(40):
        try:
            outcome = counter.decide("assign", part_id, payers[turn % 2], reason=f"Turn {turn}.")
        except Refused as caught:
            code = caught.faults[0].code
            break
        (part_id,) = outcome.parts
    assert code == "desk-shared-too-often"
    counter.decide("refund", part_id)
    assert harbor.violations() == []


def test_the_csv_keeps_formulas_texts(harbor: Harbor, counter: Counter) -> None:
    """F4: what strangers wrote is never read as a formula; each part has a row."""
    counter.cashier.push(DUE, company_name="=CMD()")
    with harbor.connect() as connection:
        found = credit_work_list.work_list(connection, Filters(), business_date=harbor.today)
    names, row = csv_lines([found])
    assert names == ",".join(COLUMNS)
    assert ",'=CMD()," in row


def test_a_decision_is_kept_with_everything(harbor: Harbor, counter: Counter) -> None:
    """Who, when, why, what was asked for and what it came to."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    outcome = counter.decide("apply", part_id, number)
    ((action, officer, reason, on, request, came_to),) = harbor.rows(
        "select action, officer, reason, decided_on, request, outcome from credit_desk_act"
    )
    assert (action, officer, reason, on) == ("apply", "Officer One", REASON, TUESDAY)
    assert request["number"] == number
    assert came_to == {"lines": list(outcome.lines), "parts": list(outcome.parts)}


def test_another_payer_than_who_sent_it_is_not_taken_silently(
    harbor: Harbor, counter: Counter
) -> None:
    """Whom an officer names is right or refused; who sent it may be named, too."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    named = {"payer_identifier": OTHER_BROKER}
    assert refused(counter, "apply", part_id, number, **named) == "desk-payer-other"
    counter.decide("apply", part_id, number, payer_identifier=BROKER)
    assert counter.waiting() == []
