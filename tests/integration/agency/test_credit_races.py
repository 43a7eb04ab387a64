"""Pushed money that meets something else at the same moment: exactly one has its way.

Real processes on real PostgreSQL, a gate before each round. A few rounds with every test, a hundred
with SIEGE=all (make soak).
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from customhouse.agency import credit_desk_acts, credits
from customhouse.agency.credit_desk_acts import Use
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE
from customhouse.rails import IncomingCredit
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.desk_counter import REASON, Counter
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, Harbor, dispositions

EVERYTHING = os.environ.get("SIEGE") == "all"
ROUNDS = 100 if EVERYTHING else 6
DUE = 1_200
REFUSED = ["D20", "998"]

pytestmark = pytest.mark.timeout(3600 if EVERYTHING else 120)

Work = Callable[[int], object]


def at_once(*works: Work, rounds: int = ROUNDS) -> list[tuple[Any, ...]]:
    """Let each work do each round in a process of its own, all at the same moment."""
    context = multiprocessing.get_context("fork")
    gate, found = context.Barrier(len(works)), context.Queue()

    def run(place: int) -> None:
        for number in range(rounds):
            gate.wait(timeout=60)
            found.put((number, place, works[place](number)))

    processes = [context.Process(target=run, args=(place,)) for place in range(len(works))]
    for process in processes:
        process.start()
    results: list[list[Any]] = [[None] * len(works) for _ in range(rounds)]
    for _ in range(len(works) * rounds):
        number, place, result = found.get(timeout=90)
        results[number][place] = result
    for process in processes:
        process.join(timeout=30)
        assert process.exitcode == 0
    return [tuple(each) for each in results]


def taker(cashier: Cashier, pages: Sequence[Sequence[IncomingCredit]]) -> Work:
    """Take the page of each round."""

    def take(number: int) -> tuple[int, int]:
        with cashier.harbor.connect() as connection:
            taken = credits.apply(
                connection, pages[number], profile=CUSTOMS_PROFILE, today=cashier.today
            )
        return taken.payments, taken.paid

    return take


def sender(harbor: Harbor, batches: Sequence[str]) -> Work:
    """Send the batch of each round."""
    return lambda number: dispositions(harbor.send(batches[number]).answer)


def ripener(cashier: Cashier) -> Work:
    """Look again at what waits, as the evening does."""
    return lambda _: cashier.settle_ripe()


def statements(harbor: Harbor, *charges: int) -> list[str]:
    """Print a statement of some entries for each round; give the numbers in order."""
    numbers: list[str] = []
    for place in range(ROUNDS):
        for entry, cents in enumerate(charges):
            harbor.entry(len(charges) * place + entry, charges={"001": cents})
        harbor.print_one_statement(place)
        known = {number for (number,) in harbor.rows("select statement_number from statement")}
        numbers += sorted(known - set(numbers))
    return numbers


def ends(harbor: Harbor) -> dict[str, tuple[object, ...]]:
    """Give what became of each statement: state, total, cents applied and owed back for it."""
    rows = harbor.rows(
        "select s.statement_number, s.state, s.total_cents, coalesce(sum(p.applied_cents), 0)::int,"
        " coalesce(sum(p.refundable_cents), 0)::int,"
        " coalesce(sum(p.amount_cents) filter (where p.state = 'unapplied'), 0)::int"
        " from statement s left join credit_part p using (filer_code, statement_number)"
        " group by 1, 2, 3"
    )
    return {number: tuple(rest) for number, *rest in rows}


@pytest.fixture
def cashier(harbor: Harbor) -> Cashier:
    """Let the broker have joined ACH Credit."""
    cashier = Cashier(harbor)
    cashier.enroll()
    return cashier


@pytest.mark.requirement("CRD-02")
def test_a_page_taken_by_many_is_taken_once(cashier: Cashier) -> None:
    """C2, B12: four polls hold the same page; one takes it, the others find it taken."""
    numbers = statements(cashier.harbor, DUE)
    pages = [
        [
            cashier.credit(DUE - 1, txp(BROKER, number, DUE - 1)),
            cashier.credit(1, txp(BROKER, number, 1)),
            cashier.credit(5, txp(BROKER, "9927327001", 5)),
        ]
        for number in numbers
    ]
    for found in at_once(*[taker(cashier, pages)] * 4):
        assert Tally(found) == {(3, 1): 1, (0, 0): 3}
    assert set(ends(cashier.harbor).values()) == {("paid", DUE, DUE, 0, 0)}
    assert cashier.harbor.rows("select count(*) from credit_part") == [(3 * ROUNDS,)]
    assert cashier.harbor.violations() == []


@pytest.mark.requirement("CRD-08", "DEB-04")
def test_a_push_and_a_debit_of_one_statement_pay_it_once(cashier: Cashier) -> None:
    """A3, C17: the debit is refused, or the money that was pushed is owed back; never both."""
    harbor = cashier.harbor
    numbers = statements(harbor, DUE)
    pages = [[cashier.credit(DUE, txp(BROKER, number, DUE))] for number in numbers]
    orders = [harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {n}{DUE:010}"]) for n in numbers]
    found = at_once(taker(cashier, pages), sender(harbor, orders), ripener(cashier))
    after = ends(harbor)
    for number, ((payments, paid), answer, _) in zip(numbers, found, strict=True):
        assert payments == 1
        if paid:
            assert answer == REFUSED
            assert after[number] == ("paid", DUE, DUE, 0, 0)
        else:
            assert answer == ["D00"]
            assert after[number] == ("authorized", DUE, 0, DUE, 0)
    causes = {cause for (cause,) in harbor.rows("select distinct cause from refund_claim")}
    assert causes <= {"paid-by-debit"}
    assert harbor.violations() == []


@pytest.mark.requirement("CRD-06", "DEB-03")
def test_a_push_and_a_deletion_end_alike_or_exclude_each_other(cashier: Cashier) -> None:
    """A5, C16: what pays the smaller total pays it, whichever came first; nothing stays behind."""
    harbor = cashier.harbor
    numbers = statements(harbor, 500, 700)
    gone = dict(
        harbor.rows(
            "select statement_number, entry_number from statement_entry where amount_cents = 500"
        )
    )
    # Every second round the push is what is due without the entry, else what is due with it.
    cents = [700 if place % 2 else 1_200 for place in range(ROUNDS)]
    pages = [
        [cashier.credit(amount, txp(BROKER, number, amount))]
        for number, amount in zip(numbers, cents, strict=True)
    ]
    removals = [harbor.batch("SU", [f"H3901{BROKER}  {gone[number]}1"]) for number in numbers]
    found = at_once(taker(cashier, pages), sender(harbor, removals))
    cashier.settle_ripe()
    after = ends(harbor)
    for place, number in enumerate(numbers):
        removed = found[place][1] == ["P12"]
        total = 700 if removed else 1_200
        assert removed or cents[place] == 1_200, found[place]
        assert after[number] == ("paid", total, total, cents[place] - total, 0)
    assert harbor.violations() == []


def officer(counter: Counter, parts: Sequence[str], use: Callable[[int], Use | None]) -> Work:
    """Decide about the part of each round: apply it as told, or owe it back."""

    def decide(number: int) -> str:
        desk, chosen = counter.desk(), use(number)
        try:
            with counter.harbor.connect() as connection:
                if chosen is None:
                    credit_desk_acts.refund(connection, parts[number], reason=REASON, desk=desk)
                else:
                    credit_desk_acts.apply(
                        connection, parts[number], chosen, reason=REASON, desk=desk
                    )
        except Refused as refused:
            return refused.faults[0].code
        return "done"

    return decide


def _unmatched(counter: Counter) -> list[str]:
    """Push a payment of no document for each round; give the parts."""
    for _ in range(ROUNDS):
        counter.cashier.push(DUE, txp(BROKER, "9927327001", DUE))
    return counter.waiting()


@pytest.mark.requirement("CRD-08")
def test_an_officers_application_and_an_arriving_payment_pay_once(harbor: Harbor) -> None:
    """C17: one of the two pays the statement; the other is owed back or still waits."""
    counter = Counter.opened(harbor)
    numbers = statements(harbor, DUE)
    parts = _unmatched(counter)
    cashier = counter.cashier
    pages = [[cashier.credit(DUE, txp(BROKER, number, DUE))] for number in numbers]
    found = at_once(taker(cashier, pages), officer(counter, parts, lambda n: Use(numbers[n])))
    after = ends(harbor)
    states = dict(harbor.rows("select part_id, state from credit_part"))
    for place, (number, ((payments, paid), decided)) in enumerate(zip(numbers, found, strict=True)):
        assert payments == 1
        if decided == "done":
            assert paid == 0
            assert states[parts[place]] == "applied"
            assert after[number] == ("paid", DUE, DUE, DUE, 0)
        else:
            assert (paid, decided) == (1, "desk-statement-not-payable")
            assert states[parts[place]] == "unapplied"
            assert after[number] == ("paid", DUE, DUE, 0, 0)
    assert harbor.violations() == []


@pytest.mark.requirement("CRD-08")
def test_two_officers_at_one_part_decide_it_once(harbor: Harbor) -> None:
    """One officer applies what another owes back: one of them is told that it was used."""
    counter = Counter.opened(harbor)
    numbers = statements(harbor, DUE)
    parts = _unmatched(counter)
    found = at_once(
        officer(counter, parts, lambda n: Use(numbers[n])), officer(counter, parts, lambda _: None)
    )
    after = ends(harbor)
    for number, (applied, refunded) in zip(numbers, found, strict=True):
        assert sorted((applied, refunded))[1] == "done"
        assert {applied, refunded} - {"done"} <= {"credit-part-used", "credit-part-changed"}
        assert after[number][0] == ("paid" if applied == "done" else "preliminary")
    assert harbor.rows("select count(*) from credit_part where state = 'unapplied'") == [(0,)]
    assert harbor.violations() == []


def test_one_request_made_twice_at_once_is_decided_once(harbor: Harbor) -> None:
    """A question that an impatient officer sends twice is asked once; the other is its answer."""
    counter = Counter.opened(harbor)
    parts = [_of_payer(counter, number) for number in range(ROUNDS)]

    def ask(number: int) -> bool | str:
        try:
            return counter.decide("ask", parts[number], "Which statement does it pay?").again
        except Refused as refused:
            return refused.faults[0].code

    for found in at_once(ask, ask):
        assert sorted(map(str, found)) in (["False", "True"], ["False", "in-progress"])
    assert harbor.rows("select count(*) from credit_desk_act") == [(ROUNDS,)]


def _of_payer(counter: Counter, number: int) -> str:
    """Push money of a payer who names no document that there is; give the part."""
    counter.cashier.push(DUE, txp(BROKER, f"39273{number:02}001", DUE))
    return counter.waiting()[-1]
