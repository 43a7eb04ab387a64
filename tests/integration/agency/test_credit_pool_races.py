"""What waits for one statement, settled by several commands at the same moment: it is paid once.

Real processes on real PostgreSQL, as in test_credit_races. A few rounds with every test, a hundred
with SIEGE=all (make soak).
"""

from __future__ import annotations

import json

import pytest

from customhouse.agency import bank_events, credit_desk_reapply
from customhouse.agency.credit_desk_acts import Use
from customhouse.faults import Refused
from customhouse.rails import BankEvent, EventKind, to_json
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.desk_counter import REASON, Counter
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, TUESDAY, Harbor
from tests.integration.agency.test_credit_races import (
    DUE,
    EVERYTHING,
    Work,
    at_once,
    ends,
    officer,
    ripener,
    sender,
    statements,
    taker,
)

PART = 200

pytestmark = pytest.mark.timeout(3600 if EVERYTHING else 120)


@pytest.mark.requirement("CRD-06", "CRD-08")
def test_two_parts_and_the_evening_complete_a_payment_once(harbor: Harbor) -> None:
    """C16: an officer's part and an arriving one, with the evening's look between them."""
    counter = Counter.opened(harbor)
    cashier = counter.cashier
    numbers = statements(harbor, DUE)
    for _ in numbers:
        cashier.push(PART, txp(BROKER, "9927327001", PART))
    parts = counter.waiting()
    pages = [[cashier.credit(DUE - PART, txp(BROKER, number, DUE - PART))] for number in numbers]
    found = at_once(
        taker(cashier, pages),
        officer(counter, parts, lambda place: Use(numbers[place])),
        ripener(cashier),
    )
    assert {decided for _, decided, _ in found} == {"done"}
    assert set(ends(harbor).values()) == {("paid", DUE, DUE, 0, 0)}
    assert _told_twice(harbor) == []
    assert harbor.violations() == []


@pytest.mark.requirement("CRD-06")
def test_payments_for_many_statements_meet_a_batch_in_another_order(harbor: Harbor) -> None:
    """No deadlock: pages, batches, deletions and evenings lock statements in one order."""
    cashier = Cashier(harbor)
    cashier.enroll()
    numbers = statements(harbor, 500, 700)
    entries = harbor.rows("select entry_number from statement_entry where amount_cents = 500")
    half = len(numbers) // 2
    groups = [numbers[:half], numbers[half:]]
    pages = [
        [cashier.credit(700, txp(BROKER, number, 700)) for number in group] for group in groups
    ]
    removals = [
        harbor.batch("SU", [f"H3901{BROKER}  {entry}1" for (entry,) in reversed(entries)])
        for _ in groups
    ]
    debits = [
        harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {n}{700:010}" for n in reversed(group)])
        for group in groups
    ]
    at_once(
        taker(cashier, pages),
        sender(harbor, removals),
        sender(harbor, debits),
        ripener(cashier),
        rounds=len(groups),
    )
    cashier.settle_ripe()
    for state, total, applied, back, waiting in ends(harbor).values():
        assert (state, total, waiting) in {("paid", 700, 0), ("authorized", 700, 0)}
        assert (applied, back) == ((700, 0) if state == "paid" else (0, 700))
    assert harbor.violations() == []


def returner(cashier: Cashier, numbers: list[str]) -> Work:
    """Let the settled debit of each round come back."""

    def take(number: int) -> int:
        events, bodies = bank_says("returned", numbers[number])
        with cashier.harbor.connect() as connection:
            clock = cashier.harbor.clock
            return bank_events.apply(connection, events, bodies=bodies, clock=clock).returned

    return take


def bank_says(kind: EventKind, number: str) -> tuple[list[BankEvent], dict[str, str]]:
    """Give an event of a statement's first debit, and its body."""
    event = BankEvent(
        sequence=int(number) * 2 + (kind == "returned"),
        event_id=f"{kind}/{number}",
        kind=kind,
        instruction_id=f"{BROKER}-{number}-1",
        amount_cents=DUE,
        effective_on=TUESDAY,
        trace_number="091000010000001",
        code="R01" if kind == "returned" else "",
        detail="",
    )
    return [event], {event.event_id: json.dumps(to_json(event))}


@pytest.mark.requirement("CRD-08", "DEB-04")
def test_a_push_and_a_return_of_the_debit_end_in_payment_or_notice(harbor: Harbor) -> None:
    """C6, C17: it pays, or is owed back and its payer knows that the statement is open again."""
    cashier = Cashier(harbor)
    cashier.enroll()
    numbers = statements(harbor, DUE)
    for number in numbers:
        harbor.authorize(number, DUE)
        events, bodies = bank_says("settled", number)
        with harbor.connect() as connection:
            bank_events.apply(connection, events, bodies=bodies, clock=harbor.clock)
    pages = [[cashier.credit(DUE, txp(BROKER, number, DUE))] for number in numbers]
    found = at_once(taker(cashier, pages), returner(cashier, numbers), ripener(cashier))
    told = harbor.rows(
        "select statement_number from payer_notice where kind = 'statement-reopened'"
    )
    after = ends(harbor)
    for number, ((_, paid), returned, _) in zip(numbers, found, strict=True):
        assert returned == 1
        assert after[number] == (
            ("paid", DUE, DUE, 0, 0) if paid else ("preliminary", DUE, 0, DUE, 0)
        )
        assert ((number,) in told) is not bool(paid)
    assert harbor.violations() == []


def reapplier(counter: Counter, parts: list[str]) -> Work:
    """Apply what is owed back of each round to its statement."""

    def decide(number: int) -> str:
        try:
            with counter.harbor.connect() as connection:
                credit_desk_reapply.reapply(
                    connection, parts[number], reason=REASON, desk=counter.desk()
                )
        except Refused as refused:
            return refused.faults[0].code
        return "done"

    return decide


@pytest.mark.requirement("CRD-08", "DEB-04")
def test_what_is_owed_back_and_a_new_payment_pay_once(harbor: Harbor) -> None:
    """A3, C17: the withdrawn claim, another debit and another push: one of them pays."""
    counter = Counter.opened(harbor)
    cashier = counter.cashier
    numbers = statements(harbor, DUE)
    unit = f"PT{BROKER_UNIT}02B76 "
    for number in numbers:
        harbor.authorize(number, DUE)
        cashier.push(DUE, txp(BROKER, number, DUE))
        harbor.send(harbor.batch("RM", [f"{unit}{number}{DUE:010}Y"]))
    parts = [each for (each,) in harbor.rows("select part_id from credit_part order by part_id")]
    pages = [[cashier.credit(DUE, txp(BROKER, number, DUE))] for number in numbers]
    orders = [harbor.batch("RM", [f"{unit}{number}{DUE:010}"]) for number in numbers]
    found = at_once(
        taker(cashier, pages), reapplier(counter, parts), sender(harbor, orders), ripener(cashier)
    )
    after = ends(harbor)
    for number, ((_, paid), decided, answer, _) in zip(numbers, found, strict=True):
        assert decided in ("done", "desk-claim-stands", "in-progress"), decided
        by_debit = answer == ["D00"]
        assert paid + by_debit + (decided == "done") == 1, (number, paid, decided, answer)
        state, _, applied, back, waiting = after[number]
        assert (state, waiting) == ("authorized" if by_debit else "paid", 0)
        assert (applied, back) == ((0, 2 * DUE) if by_debit else (DUE, DUE))
    assert harbor.violations() == []


def _told_twice(harbor: Harbor) -> list[tuple]:
    """Give what was told to a payer in the same words about the same statement."""
    return harbor.rows(
        "select payer_party_id, statement_number, text from payer_notice"
        " where kind = 'balance-due' group by 1, 2, 3 having count(*) > 1"
    )
