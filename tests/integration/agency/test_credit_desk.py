"""Officers decide about payments that were not matched: what each decision does to the books."""

from __future__ import annotations

import threading

import pytest

from customhouse.faults import Refused
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import DUE, REASON, Counter
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    IMPORTER_Y,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Harbor,
)


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give the desk of a harbor whose first broker has joined."""
    return Counter.opened(harbor)


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    """Name the faults of a refusal."""
    return [fault.code for fault in caught.value.faults]


def statement_row(harbor: Harbor, number: str) -> tuple:
    """Give state, paid on, known on of a statement."""
    query = "select state, paid_on, paid_known_on from statement where statement_number = %s"
    (row,) = harbor.rows(query, number)
    return row


def test_an_officer_applies_and_the_collection_date_stays(harbor: Harbor, counter: Counter) -> None:
    """C15, CRD-04, CRD-07: paid as of the collection date, known on the day of the decision."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, "3926301999", DUE))
    harbor.open(WEDNESDAY)
    (part_id,) = counter.waiting()
    outcome = counter.decide("apply", part_id, number)
    assert outcome.lines == (
        f"{outcome.parts[0]}: $1,000.00 applied to {number}.",
        f"Statement {number} is paid as of 2026-11-24.",
    )
    assert statement_row(harbor, number) == ("paid", TUESDAY, WEDNESDAY)
    assert counter.cashier.balances() == {"treasury": DUE, "revenue": -DUE}
    ((matched_by,),) = harbor.rows("select matched_by from credit_part where state = 'applied'")
    assert matched_by == f"by Officer One on 2026-11-25: {REASON}"
    assert harbor.violations() == []


def test_money_of_nobody_moves_to_its_new_owner(harbor: Harbor, counter: Counter) -> None:
    """The receipt under the agency is corrected; the new one keeps its day."""
    (number,) = counter.statements()
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    outcome = counter.decide("apply", part_id, number)
    assert outcome.parts == (f"{part_id}.1",)
    receipts = harbor.rows(
        "select ref, effective_on, actor from transfer where kind = 10 order by id"
    )
    assert receipts == [(part_id, TUESDAY, 0), (f"{part_id}.1", TUESDAY, 1)]
    assert statement_row(harbor, number)[0] == "paid"
    assert harbor.violations() == []


def test_too_little_applied_by_hand_waits(harbor: Harbor, counter: Counter) -> None:
    """CRD-06: an officer cannot pay a statement in part either."""
    (number,) = counter.statements()
    counter.cashier.push(40_000, txp(BROKER, "3926301999", 40_000))
    (part_id,) = counter.waiting()
    outcome = counter.decide("apply", part_id, number)
    assert outcome.lines[-1] == f"Statement {number} waits: $600.00 is still missing."
    assert statement_row(harbor, number)[0] == "preliminary"
    counter.cashier.push(60_000, txp(BROKER, number, 60_000))
    assert statement_row(harbor, number)[0] == "paid"


def test_too_much_applied_by_hand_is_owed_back(harbor: Harbor, counter: Counter) -> None:
    """CRD-05, C16: what is over becomes a claim."""
    (number,) = counter.statements()
    counter.cashier.push(DUE + 500, txp(BROKER, "3926301999", DUE + 500))
    (part_id,) = counter.waiting()
    counter.decide("apply", part_id, number)
    assert harbor.rows("select amount_cents, cause from refund_claim") == [(500, "over")]
    assert harbor.violations() == []


def test_some_cents_are_applied_and_the_rest_waits_on(harbor: Harbor, counter: Counter) -> None:
    """The rest keeps its reason, owner and collection date."""
    (number,) = counter.statements()
    counter.cashier.push(DUE + 500, txp(BROKER, "3926301999", DUE + 500))
    (part_id,) = counter.waiting()
    counter.decide("apply", part_id, number, cents=DUE)
    rows = harbor.rows(
        "select part_id, amount_cents, reason from credit_part where state = 'unapplied'"
    )
    assert rows == [(f"{part_id}.2", 500, "document-unknown")]
    assert statement_row(harbor, number)[0] == "paid"
    assert harbor.violations() == []


def test_a_split_pays_two_statements_and_owes_the_rest_back(
    harbor: Harbor, counter: Counter
) -> None:
    """One payment without an addendum for two statements and a little more."""
    split_by_branch(harbor)
    first, second = counter.statements(2)
    counter.cashier.push(2 * DUE + 300)
    (part_id,) = counter.waiting()
    counter.decide("assign", part_id, BROKER)
    (part_id,) = counter.waiting()
    counter.split(part_id, f"1000.00={first}", f"1000.00={second}", "3.00=refund")
    assert statement_row(harbor, first)[0] == "paid"
    assert statement_row(harbor, second)[0] == "paid"
    assert harbor.rows("select amount_cents, cause from refund_claim") == [(300, "officer")]
    assert counter.waiting() == []
    assert harbor.violations() == []


def split_by_branch(harbor: Harbor) -> None:
    """Let the broker's statements be split by client branch."""
    with harbor.connect() as connection:
        connection.execute("update filer_port set uses_client_branch = true")


def test_a_refund_goes_to_who_sent_it(harbor: Harbor, counter: Counter) -> None:
    """CRD-05: whole, told with the reason, and never without a payer."""
    counter.statements()
    counter.cashier.push(DUE, txp(BROKER, "3926301999", DUE))
    (part_id,) = counter.waiting()
    counter.decide("refund", part_id, reason="The payer asked for it.")
    assert harbor.rows("select amount_cents, cause from refund_claim") == [(DUE, "officer")]
    (text,) = harbor.rows("select text from payer_notice where kind = 'credit-refundable'")[0]
    assert "The payer asked for it." in text
    counter.cashier.push(DUE)
    (nobodys,) = counter.waiting()
    with pytest.raises(Refused) as caught:
        counter.decide("refund", nobodys)
    assert codes(caught) == ["desk-refund-to-nobody"]
    assert harbor.violations() == []


def test_a_question_reaches_the_payer(harbor: Harbor, counter: Counter) -> None:
    """CRD-04: asked once, however often the request is sent; nobody cannot be asked."""
    counter.cashier.push(DUE, txp(BROKER, "3926301999", DUE))
    (part_id,) = counter.waiting()
    first = counter.decide("ask", part_id, "Which statement does it pay?")
    again = counter.decide("ask", part_id, "Which statement does it pay?")
    assert (first.again, again.again) == (False, True)
    texts = harbor.rows("select text from payer_notice where kind = 'credit-question'")
    assert len(texts) == 1
    assert "Which statement does it pay?" in texts[0][0]
    counter.cashier.push(DUE)
    nobodys = next(each for each in counter.waiting() if each != part_id)
    with pytest.raises(Refused) as caught:
        counter.decide("ask", nobodys, "Whose is it?")
    assert codes(caught) == ["desk-nobody-to-ask"]


def test_a_try_does_nothing(harbor: Harbor, counter: Counter) -> None:
    """It says what would happen, and not a row is different."""
    (number,) = counter.statements()
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    outcome = counter.decide("apply", part_id, number, tried=True)
    assert outcome.tried
    assert outcome.lines[-1] == f"Statement {number} is paid as of 2026-11-24."
    assert counter.waiting() == [part_id]
    assert statement_row(harbor, number)[0] == "preliminary"
    assert harbor.rows("select count(*) from credit_desk_act") == [(0,)]


def test_the_same_request_gets_the_first_answer(harbor: Harbor, counter: Counter) -> None:
    """Whoever loses an answer sends it again; another request about used money is refused."""
    (number,) = counter.statements()
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    first = counter.decide("apply", part_id, number)
    again = counter.decide("apply", part_id, number)
    assert (again.lines, again.again) == (first.lines, True)
    for officer, reason in (("Officer Two", REASON), ("Officer One", "Another reason.")):
        with pytest.raises(Refused) as caught:
            counter.decide("apply", part_id, number, officer=officer, reason=reason)
        assert codes(caught) == ["credit-part-used"]
    assert harbor.rows("select count(*) from credit_desk_act") == [(1,)]


@pytest.mark.parametrize("round_number", range(5))
def test_of_two_officers_at_once_one_wins(
    harbor: Harbor, counter: Counter, round_number: int
) -> None:
    """The other gets a clear fault, and the money is used once."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, "3926301999", DUE))
    (part_id,) = counter.waiting()
    start = threading.Barrier(2)
    ends: list[str] = []

    def decide(officer: str, action: str, *given: str) -> None:
        start.wait()
        try:
            counter.decide(action, part_id, *given, officer=officer)
            ends.append("done")
        except Refused as refused:
            ends.append(refused.faults[0].code)

    threads = [
        threading.Thread(target=decide, args=("Officer One", "apply", number)),
        threading.Thread(target=decide, args=("Officer Two", "refund")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["credit-part-used", "done"]
    assert harbor.rows("select count(*) from credit_desk_act") == [(1,)]
    assert counter.waiting() == []
    assert harbor.violations() == []


def test_what_cannot_be_done_is_said(harbor: Harbor, counter: Counter) -> None:
    """Every bad request has its own fault, and moves nothing."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, "3926301999", DUE))
    (part_id,) = counter.waiting()
    before = counter.cashier.balances()
    unknown = "C263280910000000000099.1"
    tried = [
        ("credit-part-unknown", "apply", unknown, (number,), {}),
        ("desk-document-unknown", "apply", part_id, ("3926327XYZ",), {}),
        ("desk-cents-too-many", "apply", part_id, (number,), {"cents": DUE + 1}),
        ("desk-cents-too-many", "apply", part_id, (number,), {"cents": 0}),
        ("desk-reason-wrong", "apply", part_id, (number,), {"reason": " "}),
        ("desk-reason-wrong", "refund", part_id, (), {"reason": "x" * 501}),
        ("desk-payer-unknown", "assign", part_id, ("ZZZ",), {}),
        ("desk-already-assigned", "assign", part_id, (BROKER,), {}),
        ("credit-rule-nothing-general", "apply", part_id, (number,), {"remembered": True}),
    ]
    for code, action, part, given, values in tried:
        with pytest.raises(Refused) as caught:
            counter.decide(action, part, *given, **values)
        assert codes(caught) == [code], (action, given, values)
    with pytest.raises(Refused) as caught:
        counter.split(part_id, f"1000.00={number}", "0.01=refund")
    assert codes(caught) == ["desk-shares-not-whole"]
    assert counter.cashier.balances() == before
    assert counter.waiting() == [part_id]


def test_a_statement_already_paid_takes_nothing_more(harbor: Harbor, counter: Counter) -> None:
    """C17: what pays it a second time is refunded, and never applied to another by habit."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, number, DUE))
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    with pytest.raises(Refused) as caught:
        counter.decide("apply", part_id, number)
    assert codes(caught) == ["desk-statement-not-payable"]


def test_a_payer_pays_its_own_documents_only(harbor: Harbor) -> None:
    """Money known to be one payer's is assigned to another before it pays the other's."""
    counter = Counter.opened(harbor, joined=(BROKER, OTHER_BROKER))
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(OTHER_BROKER, number, DUE))
    (part_id,) = counter.waiting()
    with pytest.raises(Refused) as caught:
        counter.decide("apply", part_id, number)
    assert codes(caught) == ["desk-document-not-payers"]
    assigned = counter.decide("assign", part_id, BROKER)
    counter.decide("apply", assigned.parts[0], number)
    assert statement_row(harbor, number)[0] == "paid"
    assert harbor.violations() == []


def test_who_sent_it_has_to_be_clear(harbor: Harbor) -> None:
    """Two who have joined may pay this statement: the officer says which of them did."""
    counter = Counter.opened(harbor, joined=(BROKER, IMPORTER_X, IMPORTER_Y))
    (number,) = counter.statements()
    counter.cashier.push(DUE + 500)
    (part_id,) = counter.waiting()
    with pytest.raises(Refused) as caught:
        counter.decide("apply", part_id, number)
    assert codes(caught) == ["desk-payer-unclear"]
    counter.decide("apply", part_id, number, payer_identifier=IMPORTER_X)
    ((payee,),) = harbor.rows("select name from refund_claim join party on id = payee_party_id")
    assert payee == "Fictitious Imports X"
    assert harbor.violations() == []


def test_decisions_are_never_changed(harbor: Harbor, counter: Counter) -> None:
    """The application may add to the history and do nothing else with it."""
    counter.cashier.push(DUE, txp(BROKER, "3926301999", DUE))
    (part_id,) = counter.waiting()
    counter.decide("ask", part_id, "Which statement does it pay?")
    for table in ("credit_desk_act", "credit_answer", "credit_claim"):
        with harbor.connect() as connection, pytest.raises(Exception, match="permission denied"):
            connection.execute(f"delete from {table}")  # noqa: S608 - a name of this test
