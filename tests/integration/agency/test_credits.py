"""Payments that arrive by themselves: what each pays, what waits, and what is owed back."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest

from customhouse.agency import credit_pools, finals, registration
from customhouse.agency.credit_part_ids import credit_id_of
from customhouse.agency.parties import Importer
from tests.integration.agency.cashier import BILL, Cashier, txp
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    IMPORTER_Y,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    dispositions,
)

DUE = 100_000


@pytest.fixture
def cashier(harbor: Harbor) -> Cashier:
    """Give a cashier where the broker and both importers have joined ACH Credit."""
    cashier = Cashier(harbor)
    for identifier in (BROKER, IMPORTER_X, IMPORTER_Y):
        cashier.enroll(identifier)
    return cashier


def statement(harbor: Harbor, **values: object) -> str:
    """Print a statement of 1,000.00 on Tuesday; give its number."""
    harbor.entry(1, charges={"001": DUE}, **values)
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    return number


def state_of(harbor: Harbor, number: str) -> tuple:
    """Give a statement's state, and the days on which it was paid and known as paid."""
    (row,) = harbor.rows(
        "select state, paid_on, paid_known_on from statement where statement_number = %s", number
    )
    return row


def test_the_exact_payment_pays_its_statement(harbor: Harbor, cashier: Cashier) -> None:
    """Applied to revenue on its collection date; no notice, as nothing is wrong (CRD-10)."""
    number = statement(harbor)
    taken = cashier.push(DUE, txp(BROKER, number, DUE))
    assert (taken.payments, taken.cents, taken.paid, taken.waiting) == (1, DUE, 1, 0)
    assert state_of(harbor, number) == ("paid", TUESDAY, TUESDAY)
    assert cashier.parts() == [("applied", "short", DUE, DUE, 0)]
    assert cashier.balances() == {"treasury": DUE, "revenue": -DUE}
    assert harbor.rows("select * from payer_notice") == []
    assert harbor.violations() == []


def test_a_credit_told_twice_counts_once(harbor: Harbor, cashier: Cashier) -> None:
    """C2."""
    number = statement(harbor)
    credit = cashier.credit(DUE, txp(BROKER, number, DUE))
    cashier.tell(credit)
    assert cashier.tell(credit).payments == 0
    assert cashier.balances() == {"treasury": DUE, "revenue": -DUE}


def test_the_ten_thousandth_of_one_trace_number_is_taken(harbor: Harbor, cashier: Cashier) -> None:
    """Batches may all count alike; a credit that could not be kept would hold up all behind it."""
    number = statement(harbor)
    base = cashier.credit(DUE - 2, txp(BROKER, number, DUE - 2))
    ids = [f"{base.credit_id}-{place}" for place in (9_999, 10_000)]
    more = [cashier.credit(1, txp(BROKER, number, 1), credit_id=each) for each in ids]
    assert cashier.tell(base, *more).paid == 1
    kept = harbor.rows("select credit_id from incoming_credit order by sequence")
    assert kept == [(base.credit_id,), *((each,) for each in ids)]
    assert [credit_id_of(f"{each}.1") for each in ids] == ids
    assert harbor.violations() == []


def test_a_readable_addendum_of_another_entry_pays_nothing(
    harbor: Harbor, cashier: Cashier
) -> None:
    """C15: an officer looks at it; what the bank saw is the reason."""
    number = statement(harbor)
    cashier.push(DUE, txp(BROKER, number, DUE), addenda_fault="other-entry")
    assert cashier.parts() == [("unapplied", "addendum-unreadable", DUE, 0, 0)]
    assert state_of(harbor, number)[0] == "preliminary"
    ((text,),) = harbor.rows("select text from payer_notice")
    assert "An addendum names another entry than the one that it came with." in text
    assert harbor.violations() == []


def test_too_little_waits_until_the_rest_has_come(harbor: Harbor, cashier: Cashier) -> None:
    """C16, CRD-06, CRD-07: nothing is applied; then all, as of the day of the rest."""
    number = statement(harbor)
    cashier.push(60_000, txp(BROKER, number, 60_000))
    assert state_of(harbor, number) == ("preliminary", None, None)
    assert cashier.balances() == {"treasury": 60_000, "unapplied_credits": -60_000}
    ((kind, text),) = harbor.rows("select kind, text from payer_notice")
    assert kind == "balance-due"
    assert "$400.00" in text
    assert harbor.violations() == []
    harbor.open(WEDNESDAY)
    cashier.push(40_000, txp(BROKER, number, 40_000))
    assert state_of(harbor, number) == ("paid", WEDNESDAY, WEDNESDAY)
    applied = harbor.rows("select distinct effective_on from transfer where kind = 11")
    assert applied == [(WEDNESDAY,)]
    assert harbor.violations() == []


def test_too_much_is_owed_back(harbor: Harbor, cashier: Cashier) -> None:
    """CRD-05: the amount due is applied, the rest becomes a claim of who pushed it."""
    number = statement(harbor)
    cashier.push(DUE + 1, txp(BROKER, number, DUE + 1))
    assert state_of(harbor, number)[0] == "paid"
    assert harbor.rows("select amount_cents, cause from refund_claim") == [(1, "over")]
    assert cashier.balances() == {"treasury": DUE + 1, "revenue": -DUE, "refunds_payable": -1}
    ((kind,),) = harbor.rows("select kind from payer_notice")
    assert kind == "credit-refundable"
    assert harbor.violations() == []


def test_the_second_payment_goes_back_and_not_to_the_next_statement(
    harbor: Harbor, cashier: Cashier
) -> None:
    """CRD-08, C17."""
    number = statement(harbor)
    harbor.entry(2, charges={"001": DUE})
    harbor.print_again()
    cashier.push(DUE, txp(BROKER, number, DUE))
    cashier.push(DUE, txp(BROKER, number, DUE))
    assert harbor.rows("select amount_cents, cause from refund_claim") == [(DUE, "duplicate")]
    states = dict(harbor.rows("select state, count(*) from statement group by state"))
    assert states == {"paid": 1, "preliminary": 1}
    assert harbor.violations() == []


def test_a_payment_of_what_a_debit_pays_goes_back(harbor: Harbor, cashier: Cashier) -> None:
    """CRD-11, C17: one method for each statement."""
    number = statement(harbor)
    assert dispositions(harbor.authorize(number, DUE)) == ["D00"]
    cashier.push(DUE, txp(BROKER, number, DUE))
    assert harbor.rows("select cause from refund_claim") == [("paid-by-debit",)]
    assert state_of(harbor, number)[0] == "authorized"
    assert harbor.violations() == []


def test_a_claim_stays_one_when_the_debit_comes_back(harbor: Harbor, cashier: Cashier) -> None:
    """C17: the payer was told that the statement may have to be paid anew; the bill takes that."""
    number = statement(harbor)
    harbor.authorize(number, DUE)
    cashier.push(DUE, txp(BROKER, number, DUE))
    ((text,),) = harbor.rows("select text from payer_notice where kind = 'credit-refundable'")
    assert "should that debit come back, the statement is to be paid anew" in text
    cashier.settle_and_return(number, DUE)
    assert state_of(harbor, number)[0] == "preliminary"
    assert cashier.parts() == [("refundable", "short", DUE, 0, DUE)]
    cashier.push(DUE, txp(BROKER, number, DUE))
    assert state_of(harbor, number)[0] == "paid"
    assert cashier.balances() == {"treasury": 2 * DUE, "revenue": -DUE, "refunds_payable": -DUE}
    assert harbor.violations() == []


def test_a_debit_of_what_a_credit_paid_is_refused(harbor: Harbor, cashier: Cashier) -> None:
    """CRD-11."""
    number = statement(harbor)
    cashier.push(DUE, txp(BROKER, number, DUE))
    assert "D20" in dispositions(harbor.authorize(number, DUE))
    harbor.open(WEDNESDAY)
    finals.send_finals(harbor.connect, WEDNESDAY, policy=harbor.policy, clock=harbor.clock)
    assert state_of(harbor, number)[0] == "final"
    assert "D20" in dispositions(harbor.authorize(number, DUE))
    assert harbor.violations() == []


def test_what_waited_goes_back_when_a_debit_pays(harbor: Harbor, cashier: Cashier) -> None:
    number = statement(harbor)
    cashier.push(1, txp(BROKER, number, 1))
    assert dispositions(harbor.authorize(number, DUE)) == ["D00"]
    assert cashier.settle_ripe() == 1
    assert cashier.settle_ripe() == 0
    assert harbor.rows("select cause, amount_cents from refund_claim") == [("paid-by-debit", 1)]
    assert harbor.violations() == []


@pytest.mark.parametrize(
    ("policy_day", "final_day"), [(TUESDAY, WEDNESDAY)], ids=["first business day after"]
)
def test_the_final_goes_out_on_the_first_business_day_after(
    harbor: Harbor, cashier: Cashier, policy_day: date, final_day: date
) -> None:
    """CRD-03."""
    number = statement(harbor)
    cashier.push(DUE, txp(BROKER, number, DUE))
    sent = finals.send_finals(harbor.connect, policy_day, policy=harbor.policy, clock=harbor.clock)
    assert sent.sent == 0
    harbor.open(final_day)
    sent = finals.send_finals(harbor.connect, final_day, policy=harbor.policy, clock=harbor.clock)
    assert sent.sent == 1
    assert harbor.rows("select state, final_on from statement") == [("final", final_day)]
    assert harbor.violations() == []


UNMATCHED = [
    ("unknown document", txp(BROKER, "3927327999", DUE), "document-unknown"),
    ("unknown payer", txp("Z99", "{number}", DUE), "payer-unknown"),
    ("not enrolled", txp(OTHER_BROKER, "{number}", DUE), "payer-not-enrolled"),
    ("another's statement", txp(IMPORTER_Y, "{number}", DUE), "document-unknown"),
    ("sum", txp(BROKER, "{number}", DUE + 1), "sum-mismatch"),
    ("type", txp(BROKER, "{number}", DUE, kind="04100"), "type-unknown"),
    ("letter", f"TXP*{BROKER}*90001*261124*{{number}}*10000O\\", "addendum-unreadable"),
    ("nothing", " " * 80, "addendum-unreadable"),
]


@pytest.mark.parametrize(
    ("addendum", "reason"), [each[1:] for each in UNMATCHED], ids=[each[0] for each in UNMATCHED]
)
def test_what_does_not_match_is_kept_with_its_reason(
    harbor: Harbor, cashier: Cashier, addendum: str, reason: str
) -> None:
    """C15: booked as unapplied on its collection date; nothing is guessed, nobody's paid."""
    number = statement(harbor)
    cashier.push(DUE, addendum.format(number=number).ljust(80)[:80])
    assert cashier.parts() == [("unapplied", reason, DUE, 0, 0)]
    assert cashier.balances() == {"treasury": DUE, "unapplied_credits": -DUE}
    assert state_of(harbor, number)[0] == "preliminary"
    ((collected,),) = harbor.rows("select effective_on from transfer where kind = 10")
    assert collected == TUESDAY
    assert harbor.violations() == []


def test_digits_that_mean_two_payers_name_neither(harbor: Harbor, cashier: Cashier) -> None:
    """CRD-04: nothing is guessed, and it is not said that nobody has that number."""
    number = statement(harbor)
    with harbor.connect() as connection:
        other = Importer("123-45-6789", "Fictitious Person")
        registration.register_importers(connection, [other])
    cashier.enroll(other.importer_number)
    cashier.push(DUE, txp("123456789", number, DUE))
    assert cashier.parts() == [("unapplied", "payer-unknown", DUE, 0, 0)]
    ((kind, detail),) = harbor.rows(
        "select p.kind, c.detail from credit_part c join party p on p.id = c.payer_party_id"
    )
    assert kind == "agency"
    assert detail.startswith("123456789 may be 12-345678900 or 123-45-6789;")
    assert harbor.rows("select count(*) from payer_notice") == [(0,)]


def test_a_credit_without_addendum_is_the_agencys_to_explain(
    harbor: Harbor, cashier: Cashier
) -> None:
    statement(harbor)
    cashier.push(DUE)
    assert cashier.parts() == [("unapplied", "addendum-missing", DUE, 0, 0)]
    ((owner,),) = harbor.rows(
        "select p.kind from credit_part c join party p on p.id = c.payer_party_id"
    )
    assert owner == "agency"


def test_a_ctx_is_matched_addendum_by_addendum(harbor: Harbor, cashier: Cashier) -> None:
    """One addendum names nothing; the others pay, and what is left waits with its reason."""
    harbor.entry(1, charges={"001": 100})
    harbor.print()
    harbor.entry(2, charges={"001": 200})
    harbor.print_again()
    numbers = [row[0] for row in harbor.rows("select statement_number from statement order by 1")]
    cashier.push(
        350,
        txp(BROKER, numbers[0], 100),
        f"TXP*{BROKER}*90001*261124*{numbers[1]}*5X\\".ljust(80),
        txp(BROKER, numbers[1], 200),
    )
    assert cashier.parts() == [
        ("applied", "short", 100, 100, 0),
        ("unapplied", "addendum-unreadable", 50, 0, 0),
        ("applied", "short", 200, 200, 0),
    ]
    assert harbor.violations() == []


def test_a_ctx_whose_sums_differ_stays_together(harbor: Harbor, cashier: Cashier) -> None:
    number = statement(harbor)
    cashier.push(DUE + 5, txp(BROKER, number, DUE), txp(BROKER, number, 4))
    assert cashier.parts() == [("unapplied", "sum-mismatch", DUE + 5, 0, 0)]
    assert harbor.violations() == []


def test_an_importer_pays_the_statement_of_its_broker(harbor: Harbor, cashier: Cashier) -> None:
    """CRD-13: it is the importer's statement, filed by the broker."""
    number = statement(harbor, payment_type="3")
    cashier.push(DUE, txp(IMPORTER_X, number, DUE))
    assert state_of(harbor, number)[0] == "paid"
    assert harbor.violations() == []


def test_a_bill_is_paid_by_its_number(harbor: Harbor, cashier: Cashier) -> None:
    """CRD-02: the claim is credited, not revenue again, and the statement is paid."""
    number = statement(harbor)
    harbor.authorize(number, DUE)
    cashier.settle_and_return(number, DUE)
    ((bill,),) = harbor.rows("select bill_number from bill")
    cashier.push(DUE, txp(BROKER, bill, DUE, kind=BILL))
    assert state_of(harbor, number)[0] == "paid"
    assert cashier.balances() == {"treasury": DUE, "revenue": -DUE}
    assert harbor.rows("select collection_status from bill") == [("04",)]
    assert harbor.violations() == []


def test_any_order_of_arrival_ends_in_the_same_books(harbor: Harbor, cashier: Cashier) -> None:
    """C3, C16: the same three payments in all six orders, for a statement each."""
    for serial in range(1, 7):
        harbor.entry(serial, charges={"001": 1_000})
        harbor.print_one_statement(serial - 1)
    numbers = [row[0] for row in harbor.rows("select statement_number from statement order by 1")]
    amounts = (400, 700, 50)
    for number, order in zip(numbers, permutations(amounts), strict=True):
        for cents in order:
            cashier.push(cents, txp(BROKER, number, cents))
    sums = harbor.rows(
        "select statement_number, sum(applied_cents)::int, sum(refundable_cents)::int"
        " from credit_part group by statement_number"
    )
    assert {row[1:] for row in sums} == {(1_000, 150)}
    assert harbor.violations() == []


def test_an_entry_taken_off_makes_enough(harbor: Harbor, cashier: Cashier) -> None:
    harbor.entry(1, charges={"001": 600})
    entry = harbor.entry(2, charges={"001": 400})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    cashier.push(600, txp(BROKER, number, 600))
    cashier.take_off(entry)
    assert cashier.settle_ripe() == 1
    assert state_of(harbor, number) == ("paid", TUESDAY, TUESDAY)
    assert harbor.violations() == []


def test_a_payment_from_before_joining_waits(harbor: Harbor, cashier: Cashier) -> None:
    cashier.enroll(OTHER_BROKER, effective_on=TUESDAY + timedelta(days=10))
    harbor.entry(1, filer=OTHER_BROKER, charges={"001": DUE})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    cashier.push(DUE, txp(OTHER_BROKER, number, DUE))
    assert cashier.parts() == [("unapplied", "payer-not-enrolled", DUE, 0, 0)]


def test_an_entry_of_a_paid_statement_stays_on_it(harbor: Harbor, cashier: Cashier) -> None:
    entry = harbor.entry(1, charges={"001": DUE})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    cashier.push(DUE, txp(BROKER, number, DUE))
    assert "P02" in cashier.take_off(entry)
    assert state_of(harbor, number)[0] == "paid"
    assert harbor.violations() == []


def test_a_ctx_that_adds_up_wrongly_is_told_to_its_payer(harbor: Harbor, cashier: Cashier) -> None:
    """CRD-04: at once, with what is wrong."""
    number = statement(harbor)
    cashier.push(9, txp(BROKER, number, 5), txp(BROKER, number, 5))
    ((kind, text),) = harbor.rows("select kind, text from payer_notice")
    assert kind == "credit-unmatched"
    assert "$0.10" in text
    assert "$0.09" in text


def test_what_is_missing_is_whole_cents(harbor: Harbor, cashier: Cashier) -> None:
    """PostgreSQL sums to numeric, which no page can spell as money."""
    number = statement(harbor)
    cashier.push(60_000, txp(BROKER, number, 60_000))
    with harbor.connect() as connection:
        ((cents,),) = [credit_pools.missing(connection, [(BROKER, number)]).values()]
    assert (type(cents), cents) == (int, 40_000)
