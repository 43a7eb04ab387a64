"""Orders for all that is due that meet: each statement is authorized once, whoever wins."""

from __future__ import annotations

import threading

import pytest

from customhouse.agency.authorization_orders import read_order
from customhouse.agency.authorize import BatchContext
from customhouse.agency.filer_statements import Wanted, page_of
from customhouse.agency.pay_statements import OrderAnswer, pay_statements
from customhouse.database import retrying
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, Harbor

STATEMENTS = 30
OFFICES = 4


def pay_all(harbor: Harbor, request_id: int) -> OrderAnswer:
    """Pay all that is due, as one request of its own."""
    body = {"filer_code": BROKER, "payer_unit_number": BROKER_UNIT, "all_due": True}
    order = read_order(body, (BROKER,))
    context = BatchContext(
        sender_id=harbor.senders[BROKER].sender_id,
        batch_id=None,
        request_id=request_id,
        business_date=harbor.today,
        day_closed=False,
        earlier_batches=frozenset(),
        policy=harbor.policy,
        clock=harbor.clock,
    )

    def work() -> OrderAnswer:
        with harbor.connect() as connection:
            return pay_statements(connection, order, context=context)

    return retrying(work)


@pytest.mark.requirement("DEB-04", "DEB-16")
def test_orders_that_meet_pay_each_statement_once(harbor: Harbor) -> None:
    """A3: the losers find nothing that is due, or a plain refusal; nothing is posted twice."""
    for serial in range(STATEMENTS):
        harbor.entry(serial, charges={"001": 1_000 + serial})
        harbor.print_one_statement(serial)
    with harbor.connect() as connection:
        first = page_of(connection, Wanted(BROKER, state="preliminary", limit=20))
        rest = page_of(
            connection, Wanted(BROKER, state="preliminary", after=first.next_after, limit=20)
        )
    assert (len(first.statements), len(rest.statements), rest.next_after) == (20, 10, None)
    gate = threading.Barrier(OFFICES)
    answers: list[OrderAnswer] = []

    def office(number: int) -> None:
        gate.wait()
        answers.append(pay_all(harbor, number))

    threads = [threading.Thread(target=office, args=(each,)) for each in range(OFFICES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = [
        each.ordered.statement_number
        for answer in answers
        for each in answer.outcomes
        if each.accepted
    ]
    assert len(answers) == OFFICES
    assert len(accepted) == len(set(accepted)) == STATEMENTS
    assert harbor.rows("select count(*), sum(amount_cents) from transfer") == [
        (STATEMENTS, sum(range(1_000, 1_000 + STATEMENTS)))
    ]
    with harbor.connect() as connection:
        assert page_of(connection, Wanted(BROKER, state="preliminary")).statements == []
    assert harbor.violations() == []
