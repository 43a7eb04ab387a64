"""What returns lead to at the agency: bills, disputes, suspended units, and the way back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from customhouse import rails
from customhouse.agency import bank_events, bills, suspension_news, suspensions
from customhouse.faults import Refused
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.balances import balance
from tests.integration.agency.harbor import BROKER, BROKER_UNIT, Harbor, dispositions

SETTLED_ON = date(2026, 11, 27)
RETURNED_ON = date(2026, 11, 30)
LATE = date(2026, 12, 8)
ENDED_ON = date(2026, 12, 18)


@pytest.fixture
def paid(harbor: Harbor) -> tuple[Harbor, str]:
    """Give a harbor with one statement of 1,000.00 whose debit has settled."""
    harbor.entry(1, charges={"001": 100_000})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    assert dispositions(harbor.authorize(number, 100_000)) == ["D00"]
    with harbor.connect() as connection:
        connection.execute("update authorization_attempt set state = 'with_bank'")
    apply(harbor, event(1, "settled", number, on=SETTLED_ON))
    return harbor, number


def event(
    sequence: int,
    kind: rails.EventKind,
    number: str,
    *,
    on: date | None,
    code: str = "",
    attempt: int = 1,
) -> rails.BankEvent:
    return rails.BankEvent(
        sequence=sequence,
        event_id=f"{kind}/{number}/{attempt}",
        kind=kind,
        instruction_id=f"B76-{number}-{attempt}",
        amount_cents=100_000,
        effective_on=on,
        trace_number="091000010000001",
        code=code,
        detail="",
    )


def apply(harbor: Harbor, *events: rails.BankEvent) -> bank_events.Taken:
    bodies = {each.event_id: json.dumps(rails.to_json(each)) for each in events}
    with harbor.connect() as connection:
        return bank_events.apply(connection, events, bodies=bodies, clock=harbor.clock)


def nonzero(harbor: Harbor) -> dict[str, int]:
    with harbor.connect() as connection:
        found = {account.value: balance(connection, account) for account in AccountCode}
    return {name: cents for name, cents in found.items() if cents}


def test_a_bill_is_issued_and_closed_by_the_next_settled_attempt(paid: tuple[Harbor, str]) -> None:
    """C6: the bill is due 15 days after its issue (19 CFR 24.3(e)) and equals the receivable."""
    harbor, number = paid
    apply(harbor, event(2, "returned", number, on=RETURNED_ON, code="R01"))
    with harbor.connect() as connection:
        (bill,) = bills.bills(connection, [BROKER])
        assert bills.bills(connection, ["C08"]) == []
    assert (bill.bill_number, bill.amount_cents, bill.is_open) == ("39263280001", 100_000, True)
    assert (bill.due_on - bill.issued_on).days == 15
    assert harbor.violations() == []
    assert dispositions(harbor.authorize(number, 100_000)) == ["D00"]
    again = event(3, "settled", number, on=date(2026, 12, 2), attempt=2)
    apply(harbor, again, event(4, "returned", number, on=LATE, code="R09", attempt=2))
    with harbor.connect() as connection:
        found = bills.bills(connection, None, statement_number=number)
    assert [(each.bill_number, each.is_open) for each in found] == [
        ("39263280002", True),
        ("39263280001", False),
    ]
    assert found[1].paid_on == date(2026, 12, 2)
    assert harbor.violations() == []


def test_a_disputed_return_leaves_the_statement_paid(paid: tuple[Harbor, str]) -> None:
    """C7: the money is in suspense, the payment stands; won, the treasury has it again."""
    harbor, number = paid
    disputed = event(2, "return_disputed", number, on=LATE, code="R29")
    assert apply(harbor, disputed).disputed == 1
    assert nonzero(harbor) == {"returns_in_dispute": 100_000, "revenue": 100_000}
    assert harbor.rows("select state from statement") == [("authorized",)]
    assert harbor.violations() == []
    apply(harbor, event(3, "dispute_won", number, on=ENDED_ON))
    assert nonzero(harbor) == {"treasury": 100_000, "revenue": 100_000}
    assert harbor.violations() == []
    kinds = [kind for (kind,) in harbor.rows("select kind from notice order by notice_id")]
    assert kinds == ["return-disputed", "dispute-won"]


@pytest.mark.parametrize(
    ("code", "why"),
    [("R29", "after its time had run out"), ("R06", "which needs the processor bank's agreement")],
)
def test_a_notice_says_why_a_return_is_disputed_and_when_that_ended(
    paid: tuple[Harbor, str], code: str, why: str
) -> None:
    """C7: one that needs agreement is not late, and a lost dispute ends on its own day."""
    harbor, number = paid
    apply(harbor, event(2, "return_disputed", number, on=LATE, code=code))
    apply(harbor, event(3, "dispute_lost", number, on=ENDED_ON, code=code))
    texts = harbor.rows(
        "select text from notice where statement_number is not null order by notice_id"
    )
    opened, lost = (text for (text,) in texts)
    assert why in opened
    assert "dispute about the return" in lost
    assert "ended on Fri 18 Dec 2026" in lost


def test_a_lost_dispute_reopens_bills_and_suspends(paid: tuple[Harbor, str]) -> None:
    """C7: lost, it is a return like any other, from the day on which the dispute ended."""
    harbor, number = paid
    apply(harbor, event(2, "return_disputed", number, on=LATE, code="R29"))
    apply(harbor, event(3, "dispute_lost", number, on=ENDED_ON, code="R29"))
    assert nonzero(harbor) == {"bills_receivable": 100_000, "revenue": 100_000}
    assert harbor.rows("select state from statement") == [("preliminary",)]
    assert harbor.rows("select state, returned_on, return_code from authorization_attempt") == [
        ("returned", ENDED_ON, "R29")
    ]
    assert harbor.violations() == []
    assert dispositions(harbor.authorize(number, 100_000)) == ["D30", "998"]


def test_events_of_a_dispute_that_do_not_fit_change_nothing(paid: tuple[Harbor, str]) -> None:
    """C8: an end without a beginning, a second beginning, a return of what is disputed."""
    harbor, number = paid
    assert apply(harbor, event(2, "dispute_won", number, on=ENDED_ON)).unmatched == 1
    apply(harbor, event(3, "return_disputed", number, on=LATE, code="R29"))
    assert apply(harbor, event(4, "returned", number, on=LATE, code="R29")).unmatched == 1
    assert nonzero(harbor) == {"returns_in_dispute": 100_000, "revenue": 100_000}
    names = {each.invariant.name for each in harbor.violations()}
    assert names == {"events-matched"}


@pytest.mark.parametrize(("code", "answer"), [("R01", "D00"), ("R08", "D00"), ("R02", "D30")])
def test_a_return_suspends_the_unit_by_its_reason(
    paid: tuple[Harbor, str], code: str, answer: str
) -> None:
    """A9: with the account closed the unit is refused; without money it may be tried again."""
    harbor, number = paid
    apply(harbor, event(2, "returned", number, on=RETURNED_ON, code=code))
    assert dispositions(harbor.authorize(number, 100_000))[0] == answer


def test_a_suspension_is_lifted_once_and_its_history_stays(paid: tuple[Harbor, str]) -> None:
    harbor, number = paid
    apply(harbor, event(2, "returned", number, on=RETURNED_ON, code="R02"))
    with harbor.connect() as connection:
        suspensions.lift(
            connection, BROKER_UNIT, reason="other account", by="Ada Officer", clock=harbor.clock
        )
    with harbor.connect() as connection:
        (one,) = suspensions.suspensions(connection, unit=BROKER_UNIT)
        assert (one.reason_code, one.lifted_by) == ("R02", "Ada Officer")
        assert suspensions.suspensions(connection, open_only=True) == []
        with pytest.raises(Refused, match="not suspended"):
            suspensions.lift(connection, BROKER_UNIT, reason="x", by="Ada", clock=harbor.clock)
    assert dispositions(harbor.authorize(number, 100_000)) == ["D00"]


def test_an_officer_suspends_a_known_unit_once(harbor: Harbor) -> None:
    with harbor.connect() as connection:
        suspensions.suspend(connection, BROKER_UNIT, reason="revoked", by="Ada", clock=harbor.clock)
        for unit, words in ((BROKER_UNIT, "suspended already"), ("999999", "No payer unit")):
            with pytest.raises(Refused, match=words):
                suspensions.suspend(connection, unit, reason="x", by="Ada", clock=harbor.clock)
        with pytest.raises(Refused, match="reason must be"):
            suspensions.suspend(connection, BROKER_UNIT, reason=" ", by="Ada", clock=harbor.clock)
    kinds = harbor.rows("select filer_code, kind from notice")
    assert kinds == [(BROKER, "unit-suspended")]


def test_the_bank_is_told_of_a_suspension_and_of_its_lifting_once(harbor: Harbor) -> None:
    told: list[rails.PayerUnitStanding] = []

    class Link:
        def tell_standing(self, standing: rails.PayerUnitStanding) -> None:
            told.append(standing)

    with harbor.connect() as connection:
        suspensions.suspend(connection, BROKER_UNIT, reason="revoked", by="Ada", clock=harbor.clock)
    assert suspension_news.push_standings(harbor.connect, Link(), harbor.clock) == 1
    assert suspension_news.push_standings(harbor.connect, Link(), harbor.clock) == 0
    with harbor.connect() as connection:
        suspensions.lift(connection, BROKER_UNIT, reason="fine", by="Ada", clock=harbor.clock)
    assert suspension_news.push_standings(harbor.connect, Link(), harbor.clock) == 1
    assert [each.suspended for each in told] == [True, False]
    assert told[0].sequence < told[1].sequence


def test_a_debit_without_money_is_tried_three_times_at_most(paid: tuple[Harbor, str]) -> None:
    """C6: the first and two more (Nacha 2.12.4), each authorized anew; another unit may pay."""
    harbor, number = paid
    apply(harbor, event(2, "returned", number, on=RETURNED_ON, code="R01"))
    for attempt in (2, 3):
        assert dispositions(harbor.authorize(number, 100_000)) == ["D00"]
        with harbor.connect() as connection:
            connection.execute(
                "update authorization_attempt set state = 'with_bank' where state = 'accepted'"
            )
        back = event(attempt * 10, "returned", number, on=LATE, code="R09", attempt=attempt)
        apply(harbor, back)
    assert dispositions(harbor.authorize(number, 100_000)) == ["D31", "998"]
    assert dispositions(harbor.authorize(number, 100_000, unit="200001")) == ["D00"]
    assert harbor.violations() == []
