"""Money that was owed back because a debit paid: who hears that the debit did not stand, and when.

What an officer may do with it then: apply it to its statement after all, with the payer's consent.
"""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import credit_answers, credit_desk_reapply, credit_reopened, notice_views
from customhouse.agency import statement_credits as of_statement
from customhouse.agency.credit_answers import Answer
from customhouse.agency.credit_desk_cases import Outcome
from customhouse.faults import Refused
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import DUE, Counter
from tests.integration.agency.harbor import (
    BROKER,
    BROKER_UNIT,
    IMPORTER_X,
    TUESDAY,
    WEDNESDAY,
    Harbor,
)

AGREED = "The payer agreed in writing."


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give a desk where the broker and its importer have joined."""
    return Counter.opened(harbor, joined=(BROKER, IMPORTER_X))


def paid_by_debit(counter: Counter, cents: int = DUE, *, payer: str = BROKER) -> tuple[str, str]:
    """Authorize a statement and push money for it; give the statement and the part."""
    (number,) = counter.statements()
    counter.harbor.authorize(number, DUE)
    counter.cashier.push(cents, txp(payer, number, cents))
    ((part_id,),) = counter.harbor.rows("select part_id from refund_claim")
    return number, part_id


def reapply(counter: Counter, part_id: str, **values: object) -> Outcome:
    """Let an officer apply what is owed back."""
    with counter.harbor.connect() as connection:
        desk = counter.desk(**values)
        return credit_desk_reapply.reapply(connection, part_id, reason=AGREED, desk=desk)


def refused(counter: Counter, part_id: str) -> str:
    """Let an officer try to apply what cannot be; give the reason."""
    with pytest.raises(Refused) as caught:
        reapply(counter, part_id)
    (fault,) = caught.value.faults
    return f"{fault.code}: {fault.sentence}"


def news(counter: Counter) -> list[tuple[str, str]]:
    """Give what was told to payers of statements that are open again."""
    return counter.harbor.rows(
        "select coalesce(f.filer_code, i.importer_number), n.text from payer_notice n"
        " left join filer f on f.party_id = n.payer_party_id"
        " left join importer i on i.party_id = n.payer_party_id"
        " where n.kind = 'statement-reopened' order by n.notice_id"
    )


@pytest.mark.requirement("CRD-08", "DEB-04")
def test_who_pushed_hears_that_the_debit_came_back(counter: Counter) -> None:
    """C17: on that day, though it is the importer's money and the filer's debit; once."""
    number, part_id = paid_by_debit(counter, payer=IMPORTER_X)
    assert news(counter) == []
    counter.cashier.settle_and_return(number, DUE)
    ((who, text),) = news(counter)
    ((bill,),) = counter.harbor.rows("select bill_number from bill")
    assert who == IMPORTER_X
    assert text.startswith(f"Statement {number} is unpaid again")
    assert f"$1,000.00 of yours ({part_id}) is still owed back to you" in text
    assert f"$1,000.00 is due anew: send a new payment for {number} or bill {bill}." in text


@pytest.mark.requirement("CRD-08", "DEB-04")
def test_who_pushed_hears_that_the_debit_was_negated(counter: Counter) -> None:
    """The statement is unpaid again as well, without a bill."""
    number, _ = paid_by_debit(counter)
    record = f"PT{BROKER_UNIT}02B76 {number}{DUE:010}Y"
    harbor = counter.harbor
    assert "NEGATED" in harbor.send(harbor.batch("RM", [record])).answer
    ((who, text),) = news(counter)
    assert who == BROKER
    assert f"send a new payment for {number}. Or say that what is owed back pays it" in text


def test_the_statement_and_the_desk_say_so(counter: Counter) -> None:
    """Both show it while the statement is open and the money is owed back."""
    number, part_id = paid_by_debit(counter)
    assert said_of(counter, number) == (
        "Because the statement is paid by a debit that was authorized. It is kept for no other"
        " statement."
    )
    assert listed(counter) == []
    counter.cashier.settle_and_return(number, DUE)
    assert "That debit did not stand" in said_of(counter, number)
    assert listed(counter) == [part_id]
    counter.cashier.push(DUE, txp(BROKER, number, DUE))
    assert listed(counter) == []


def said_of(counter: Counter, number: str) -> str:
    """Give why the first payment of a statement did not pay it, as its page says."""
    with counter.harbor.connect() as connection:
        return of_statement.credits_of(connection, BROKER, number)[0].why


def listed(counter: Counter) -> list[str]:
    """Give the parts that the desk lists as owed back for an open statement."""
    with counter.harbor.connect() as connection:
        return [each.part_id for each in credit_reopened.listing(connection)]


def test_the_notice_is_open_until_the_statement_is_paid(counter: Counter) -> None:
    """On the filer's page; a balance due is open while money of its payer waits, too."""
    number, part_id = paid_by_debit(counter, DUE - 1)
    counter.cashier.settle_and_return(number, DUE)
    assert open_notices(counter) == {"debit-returned", "statement-reopened"}
    reapply(counter, part_id)
    assert "balance-due" in open_notices(counter)
    (waiting,) = counter.waiting()
    counter.decide("refund", waiting)
    assert "balance-due" not in open_notices(counter)
    counter.cashier.push(DUE, txp(BROKER, number, DUE))
    assert open_notices(counter) == set()


def open_notices(counter: Counter) -> set[str]:
    """Give the kinds of the broker's notices that are still open on its page."""
    with counter.harbor.connect() as connection:
        found = notice_views.notices_of(connection, [BROKER], news_since=date.max)
    return {each.kind for each in found if each.is_current}


@pytest.mark.requirement("CRD-07", "CRD-08")
def test_what_is_owed_back_pays_the_statement_after_all(counter: Counter) -> None:
    """C17: as of its collection date; the claim is withdrawn, the books show both."""
    number, part_id = paid_by_debit(counter)
    counter.cashier.settle_and_return(number, DUE)
    harbor = counter.harbor
    harbor.open(WEDNESDAY)
    outcome = reapply(counter, part_id)
    assert outcome.lines == (
        f"{part_id}.1: $1,000.00 applied to {number}.",
        f"Statement {number} is paid as of {TUESDAY}.",
    )
    assert harbor.rows("select state, paid_on, paid_known_on from statement") == [
        ("paid", TUESDAY, WEDNESDAY)
    ]
    assert harbor.rows("select state, withdrawn_on from refund_claim") == [("withdrawn", WEDNESDAY)]
    assert counter.cashier.parts() == [
        ("moved", "short", DUE, 0, 0),
        ("applied", "short", DUE, DUE, 0),
    ]
    assert counter.cashier.balances() == {"treasury": DUE, "revenue": -DUE}
    assert harbor.rows("select collection_status from bill") == [("04",)]
    ((text,),) = harbor.rows("select text from payer_notice where kind = 'claim-withdrawn'")
    assert "is not owed back to you any more" in text
    assert AGREED in text
    assert harbor.violations() == []
    assert reapply(counter, part_id).again


@pytest.mark.requirement("CRD-05", "CRD-06")
def test_the_statements_own_rules_judge_it(counter: Counter) -> None:
    """Too little waits for the rest, then pays; what is too much goes back anew."""
    number, part_id = paid_by_debit(counter, DUE - 1)
    counter.cashier.settle_and_return(number, DUE)
    assert reapply(counter, part_id).lines == (
        f"Statement {number} waits: $0.01 is still missing.",
    )
    assert counter.harbor.violations() == []
    counter.cashier.push(11, txp(BROKER, number, 11))
    claims = counter.harbor.rows("select state, amount_cents, cause from refund_claim order by 1")
    assert claims == [("claimed", 10, "over"), ("withdrawn", DUE - 1, "paid-by-debit")]
    assert counter.harbor.violations() == []


def test_a_try_withdraws_nothing(counter: Counter) -> None:
    number, part_id = paid_by_debit(counter)
    counter.cashier.settle_and_return(number, DUE)
    assert reapply(counter, part_id, tried=True).tried
    assert counter.harbor.rows("select state from refund_claim") == [("claimed",)]
    assert counter.harbor.violations() == []


def test_what_must_go_back_cannot_be_applied(counter: Counter) -> None:
    """CRD-08: a duplicate, money of a statement that is paid, and what waits stay what they are."""
    number, part_id = paid_by_debit(counter)
    assert refused(counter, part_id).endswith(f"nothing is due on {number}.")
    counter.cashier.settle_and_return(number, DUE)
    counter.cashier.push(1, txp(BROKER, number, 1))
    (waiting,) = counter.waiting()
    assert refused(counter, waiting).endswith("it waits, and is not owed back.")
    counter.decide("refund", waiting)
    assert refused(counter, waiting).endswith("no debit was the cause that it goes back.")
    assert refused(counter, part_id[:-2] + ".9").startswith("credit-part-unknown")
    assert counter.harbor.violations() == []


@pytest.mark.requirement("CRD-04")
def test_the_payer_may_answer_while_it_is_owed_back(counter: Counter) -> None:
    """Its consent stands at the part; before, and once it is applied, there is nothing to say."""
    number, part_id = paid_by_debit(counter)
    with pytest.raises(Refused):
        answer(counter, part_id, number)
    counter.cashier.settle_and_return(number, DUE)
    assert answer(counter, part_id, number)
    reapply(counter, part_id)
    with pytest.raises(Refused) as caught:
        answer(counter, part_id, number)
    assert [fault.code for fault in caught.value.faults] == ["credit-answer-late"]


def answer(counter: Counter, part_id: str, number: str) -> bool:
    """Let the broker say that its money pays a statement."""
    harbor = counter.harbor
    ((party,),) = harbor.rows("select party_id from filer where filer_code = %s", BROKER)
    with harbor.connect() as connection:
        return credit_answers.answer(
            connection,
            party,
            part_id,
            given=Answer("documents", (number,)),
            given_on=harbor.today,
            clock=harbor.clock,
        )
