"""Entries that an officer refuses: the books until the money has gone, or is back at the desk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest

from customhouse.agency import credit_answers, credit_return_acts, credit_returns
from customhouse.agency.credit_answers import Claim
from customhouse.agency.credit_desk_cases import Outcome
from customhouse.faults import Refused
from customhouse.rails import CreditRefusal, ReturnedCredit
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import DUE, Counter
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Harbor,
)

REASON = "The sender wrote that it was meant for another agency."


@dataclass
class Bank:
    """What the bank says: why it takes no refusal, and which returns have settled."""

    refusal: str = ""
    got: list[CreditRefusal] = field(default_factory=list)
    told: list[ReturnedCredit] = field(default_factory=list)

    def refuse_credit(self, refusal: CreditRefusal) -> str:
        """Take a refusal, or say why not."""
        self.got.append(refusal)
        return self.refusal

    def returned_after(self, sequence: int) -> list[ReturnedCredit]:
        """Give the news behind a cursor."""
        return [each for each in self.told if each.sequence > sequence]

    def settle(self, on: date) -> None:
        """Let what it got go back on a day."""
        for refusal in self.got:
            number = len(self.told) + 1
            trace = f"12345678{number:07}"
            id_, cents = refusal.credit_id, refusal.amount_cents
            self.told.append(ReturnedCredit(number, id_, cents, on, trace))


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give the desk of a harbor whose first broker has joined."""
    return Counter.opened(harbor)


def send_back(counter: Counter, named: str, **values: object) -> Outcome:
    """Let an officer refuse an entry."""
    reason = str(values.pop("reason", REASON))
    name = str(values.pop("officer", "Officer One"))
    with counter.harbor.connect() as connection:
        desk = counter.desk(name, **values)
        return credit_return_acts.send_back(connection, named, reason=reason, desk=desk)


def refused(counter: Counter, named: str, **values: object) -> list[str]:
    """Name the faults with which an officer's decision is refused."""
    with pytest.raises(Refused) as caught:
        send_back(counter, named, **values)
    return [fault.code for fault in caught.value.faults]


def hand_over(counter: Counter, bank: Bank) -> None:
    """Hand what was decided to the bank."""
    credit_returns.hand_over(counter.harbor.connect, bank, today=counter.cashier.today)


def hear(counter: Counter, bank: Bank) -> int:
    """Take the bank's news; give what did not fit."""
    today = counter.cashier.today
    return credit_returns.take_news(counter.harbor.connect, bank, today=today, step="returned")


def states(harbor: Harbor) -> list[tuple]:
    """Give each part's state and reason."""
    return harbor.rows("select state, reason from credit_part order by part_id")


def test_a_strangers_money_goes_back(harbor: Harbor, counter: Counter) -> None:
    """C15, C17: pending from the decision, posted on the day on which the return settled."""
    bank = Bank()
    counter.cashier.push(DUE, "MEANT FOR THE GAS COMPANY".ljust(80))
    (part_id,) = counter.waiting()
    credit_id = part_id.partition(".")[0]
    outcome = send_back(counter, credit_id)
    assert outcome.lines == (
        f"{credit_id}: $1,000.00 goes back to who sent it, the whole entry.",
        "The bank gets it when the day is closed, and sends it back with R23.",
    )
    assert states(harbor) == [("returning", "addendum-unreadable")]
    assert counter.cashier.balances() == {"treasury": DUE, "unapplied_credits": -DUE}
    assert harbor.violations() == []

    hand_over(counter, bank)
    hand_over(counter, bank)
    assert bank.got == [CreditRefusal(credit_id, DUE, MONDAY)]
    bank.settle(WEDNESDAY)
    harbor.open(WEDNESDAY)
    assert hear(counter, bank) == 0
    assert hear(counter, bank) == 0
    assert states(harbor)[0][0] == "returned"
    assert counter.cashier.balances() == {}
    posted = harbor.rows("select effective_on, ref from transfer where kind = 13")
    assert posted == [(WEDNESDAY, f"{part_id}/1")]
    assert harbor.violations() == []


def test_an_entry_of_many_parts_goes_back_whole(harbor: Harbor, counter: Counter) -> None:
    """Whichever part is named, also one that was moved; each owner's books lose their share."""
    bank = Bank()
    texts = [txp(BROKER, "3926301999", 400), txp("99-1234567", "1", 300), "x".ljust(80)]
    counter.cashier.push(1_000, *texts)
    first, second, third = counter.waiting()
    counter.decide("assign", third, IMPORTER_X)
    outcome = send_back(counter, third)
    assert {first, second, f"{third}.1"} == set(outcome.parts)
    assert [line for line in outcome.lines if line.endswith("is told.")] != []
    assert send_back(counter, second).again
    hand_over(counter, bank)
    bank.settle(WEDNESDAY)
    harbor.open(WEDNESDAY)
    assert hear(counter, bank) == 0
    assert counter.cashier.balances() == {}
    assert harbor.violations() == []
    notices = harbor.rows(
        "select text from payer_notice where kind = 'credit-returned' order by payer_party_id"
    )
    assert len(notices) == 2
    assert "$4.00 of your payment" in notices[0][0] or "$4.00 of your payment" in notices[1][0]


def test_what_the_bank_does_not_take_waits_again(harbor: Harbor, counter: Counter) -> None:
    """It keeps its age, says the bank's reason, and may be refused once more or refunded."""
    bank = Bank(refusal="It settled too long ago.")
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    send_back(counter, part_id)
    harbor.open(WEDNESDAY)
    hand_over(counter, bank)
    rows = harbor.rows("select state, reason, detail, since_on, closed_on from credit_part")
    detail = "The bank did not send it back. It settled too long ago."
    assert rows == [("unapplied", "return-refused", detail, MONDAY, None)]
    assert harbor.violations() == []

    bank.refusal = ""
    assert not send_back(counter, part_id).again
    hand_over(counter, bank)
    bank.got = bank.got[1:]
    bank.settle(WEDNESDAY)
    assert hear(counter, bank) == 0
    assert counter.cashier.balances() == {}
    assert harbor.violations() == []


def test_a_known_payer_is_told_of_both(harbor: Harbor, counter: Counter) -> None:
    """CRD-10: that its money goes back and why; and that it does not, where the bank refused."""
    counter.cashier.push(DUE, txp(BROKER, "3926301999", DUE))
    (part_id,) = counter.waiting()
    outcome = send_back(counter, part_id)
    assert outcome.lines[-1] == "B76, Example Harbor Brokers, is told."
    hand_over(counter, Bank(refusal="It settled too long ago."))
    rows = harbor.rows("select kind, text from payer_notice order by notice_id")
    assert [kind for kind, _ in rows] == ["credit-unmatched", "credit-returned", "credit-unmatched"]
    assert rows[1][1].endswith(f"code R23. It pays nothing here. Why: {REASON}")
    assert "does not go back to your bank after all" in rows[2][1]


def test_only_a_whole_entry_that_waits_for_a_person_goes_back(
    harbor: Harbor, counter: Counter
) -> None:
    """What was applied, is owed back or waits for its statement stands in the way, and is named."""
    (number,) = counter.statements()
    counter.cashier.push(1_000, txp(BROKER, number, 600), txp(BROKER, "3926301999", 400))
    short, unknown = counter.waiting()
    assert refused(counter, unknown) == ["desk-entry-not-free"]
    with pytest.raises(Refused, match=f"{short} waits for a statement"):
        send_back(counter, unknown)
    counter.decide("assign", short, IMPORTER_X)
    counter.decide("refund", unknown)
    with pytest.raises(Refused, match=f"{unknown} is owed back already"):
        send_back(counter, f"{short}.1")
    assert harbor.rows("select count(*) from credit_return") == [(0,)]
    assert harbor.violations() == []


def test_a_returning_part_is_out_of_reach(harbor: Harbor, counter: Counter) -> None:
    """Nothing else may be decided about it, by nobody; the same request gets the first answer."""
    (number,) = counter.statements()
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    first = send_back(counter, part_id)
    for action, given in [("apply", (number,)), ("refund", ()), ("assign", (BROKER,))]:
        with pytest.raises(Refused, match="decided to go back through the bank"):
            counter.decide(action, part_id, *given)
    assert refused(counter, part_id, officer="Officer Two") == ["credit-part-used"]
    again = send_back(counter, part_id)
    assert (again.again, again.lines) == (True, first.lines)
    assert harbor.rows("select count(*) from credit_return") == [(1,)]


@pytest.mark.parametrize("round_number", range(3))
def test_of_a_return_and_a_use_at_once_one_wins(
    harbor: Harbor, counter: Counter, round_number: int
) -> None:
    """B10: two officers, two parts of one entry: it goes back whole, or one part is assigned."""
    counter.cashier.push(700, txp(BROKER, "3926301999", 300), txp(BROKER, "3926301998", 400))
    first, second = counter.waiting()
    start = threading.Barrier(2)
    ends: list[str] = []

    def decide(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            ends.append("done")
        except Refused as refused:
            ends.append(refused.faults[0].code)

    acts = [
        lambda: send_back(counter, first),
        lambda: counter.decide("refund", second, officer="Officer Two"),
    ]
    threads = [threading.Thread(target=decide, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ends) == 2
    assert "done" in ends
    assert set(ends) <= {"done", "credit-part-used", "desk-entry-not-free", "in-progress"}
    gone = {state for state, _ in states(harbor)}
    assert gone in ({"returning"}, {"unapplied", "refundable"})
    assert harbor.violations() == []


def test_a_try_does_nothing(harbor: Harbor, counter: Counter) -> None:
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    assert send_back(counter, part_id, tried=True).tried
    assert counter.waiting() == [part_id]
    assert harbor.rows("select count(*) from transfer where kind > 12") == [(0,)]


def test_who_claims_an_entry_is_named_before_it_goes(harbor: Harbor, counter: Counter) -> None:
    """A return can not be called back."""
    nobodys = counter.cashier.credit(300)
    counter.cashier.tell(nobodys)
    (part_id,) = counter.waiting()
    assert "CLAIMED" not in " ".join(send_back(counter, part_id, tried=True).lines)
    ((party_id,),) = harbor.rows("select party_id from filer where filer_code = %s", BROKER)
    with harbor.connect() as connection:
        claim = Claim(nobodys.trace_number, 300, harbor.today)
        said = {"given_on": harbor.today, "clock": harbor.clock}
        credit_answers.claim(connection, party_id, claim, **said)
    assert "CLAIMED by Example Harbor" in " ".join(send_back(counter, part_id, tried=True).lines)


@pytest.mark.parametrize("named", ["C26328091000000000009", "C26328091000000000001.7", "x", ""])
def test_what_is_no_entry_is_unknown(counter: Counter, named: str) -> None:
    counter.cashier.push(DUE)
    assert refused(counter, named) == ["credit-part-unknown"]


def test_news_of_what_nobody_refused_changes_nothing(harbor: Harbor, counter: Counter) -> None:
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    credit_id = part_id.partition(".")[0]
    bank = Bank(told=[ReturnedCredit(1, credit_id, DUE, TUESDAY, "123456780000001")])
    assert hear(counter, bank) == 1
    assert hear(counter, bank) == 1
    send_back(counter, credit_id)
    bank.told = [ReturnedCredit(1, credit_id, DUE - 1, TUESDAY, "123456780000001")]
    assert hear(counter, bank) == 1
    assert states(harbor)[0][0] == "returning"
    assert harbor.violations() == []
