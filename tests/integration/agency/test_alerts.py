"""What a filer is told before it costs money, on rows as the day makes them."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency.alerts import Alert, OpenStatement, alerts_of, open_statements
from customhouse.agency.bank_link import BankLink
from customhouse.agency.day import STEPS, Agency
from customhouse.agency.payer_unit_refusals import fraud_alerts
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import (
    BROKER,
    BROKER_UNIT,
    IMPORTER_X_UNIT,
    IMPORTER_Y,
    MONDAY,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    dispositions,
)

FRIDAY = date(2026, 11, 27)
NEXT_MONDAY = date(2026, 11, 30)


def told(harbor: Harbor, filer: str = BROKER) -> list[Alert]:
    """Give a filer's alerts on the open day."""
    with harbor.connect() as connection:
        return alerts_of(connection, [filer], business_date=harbor.today, policy=harbor.policy)


def kinds(harbor: Harbor, filer: str = BROKER) -> list[tuple[str, str]]:
    """Give kind and subject of a filer's alerts on the open day."""
    return [(each.kind, each.subject) for each in told(harbor, filer)]


def test_an_unpaid_statement_is_told_two_business_days_before_it_is_due(harbor: Harbor) -> None:
    """Thanksgiving is no business day: what is due on Monday is due soon on Wednesday."""
    harbor.entry(1, charges={"001": 5_000}, due_on=NEXT_MONDAY)
    harbor.print()
    ((number, due_on),) = harbor.rows("select statement_number, due_on from statement")
    assert due_on == NEXT_MONDAY
    assert kinds(harbor) == []
    harbor.open(WEDNESDAY)
    assert kinds(harbor) == [("due-soon", number)]
    assert kinds(harbor, OTHER_BROKER) == []
    harbor.open(date(2026, 12, 1))
    (alert,) = told(harbor)
    assert (alert.kind, alert.amount_cents) == ("overdue", 5_000)
    assert "was due on Mon 30 Nov 2026" in alert.sentence
    assert dispositions(harbor.authorize(number, 5_000)) == ["D00"]
    assert kinds(harbor) == []


def test_an_entry_that_no_statement_will_pay_in_time_is_told(harbor: Harbor) -> None:
    harbor.entry(1, charges={"001": 700}, due_on=TUESDAY, print_date=FRIDAY)
    harbor.entry(2, charges={"001": 800}, due_on=WEDNESDAY, print_date=MONDAY)
    harbor.entry(3, charges={"001": 900}, due_on=WEDNESDAY, payment_type="1", print_date=None)
    harbor.entry(4, charges={"001": 900}, due_on=WEDNESDAY, print_date=TUESDAY)
    harbor.entry(5, charges={"001": 900}, due_on=date(2026, 12, 4), print_date=MONDAY)
    harbor.open(TUESDAY)
    found = told(harbor)
    assert [each.kind for each in found] == ["on-no-statement"] * 2
    assert [each.amount_cents for each in found] == [700, 800]
    assert found[0].subject.startswith("B76-0000001-")
    assert "is later" in found[0].sentence
    assert "has passed" in found[1].sentence


def test_what_is_left_to_do_for_such_an_entry_can_be_done(harbor: Harbor) -> None:
    """No print date is later than the due date, and a quota entry is not moved to single pay."""
    late = {"charges": {"001": 700}, "due_on": TUESDAY, "print_date": MONDAY}
    soon = {"charges": {"001": 800}, "due_on": WEDNESDAY, "print_date": MONDAY}
    for serial, values in enumerate((late, {**late, "entry_type": "02"}), 1):
        harbor.entry(serial, **values)
    for serial, values in enumerate((soon, {**soon, "entry_type": "02"}), 3):
        harbor.entry(serial, **values)
    harbor.open(TUESDAY)
    asked = [each.next_step.split(":")[0] for each in told(harbor)]
    by_then = "Give it a print date up to the day on which it is due"
    assert asked == [
        "Pay it singly",
        "Ask the agency",
        f"{by_then}, or pay it singly.",
        f"{by_then}.",
    ]


@pytest.mark.requirement("SEC-06")
def test_refused_units_are_kept_and_three_are_a_fraud_alert(harbor: Harbor) -> None:
    """A8: another importer's entries and a unit that is not granted; one day, one filer."""
    harbor.entry(1, charges={"001": 5_000}, importer=IMPORTER_Y)
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    for unit, code in ((IMPORTER_X_UNIT, "D06"), ("999999", "D05")):
        assert dispositions(harbor.authorize(number, 5_000, unit=unit)) == [code, "998"]
    refused = told(harbor)
    assert [(each.kind, each.subject, each.statement_number) for each in refused] == [
        ("payer-unit-refused", IMPORTER_X_UNIT, number),
        ("payer-unit-refused", "999999", number),
    ]
    assert f"for statement {number}: it pays only its own importer's" in refused[0].sentence
    assert f"for statement {number}: it is not on file, or its owner" in refused[1].sentence
    with harbor.connect() as connection:
        assert fraud_alerts(connection, since=MONDAY) == []
    # The other broker's single mistake does not count for the first one.
    harbor.authorize(number, 5_000, unit=IMPORTER_X_UNIT, filer=OTHER_BROKER)
    harbor.authorize("NOT A NUMB", 5_000, unit="999999")
    with harbor.connect() as connection:
        (alert,) = fraud_alerts(connection, since=MONDAY)
    assert (alert.filer_code, alert.refusals) == (BROKER, 3)
    assert alert.payer_unit_numbers == [IMPORTER_X_UNIT, "999999"]
    kept = harbor.rows("select statement_number, fault_code from payer_unit_refusal order by 2, 1")
    assert ("", "payer-unit-unknown") in kept
    (typed,) = [each for each in told(harbor) if each.statement_number is None]
    assert "for what is no statement number" in typed.sentence
    assert typed.statement_number is None
    harbor.open(WEDNESDAY)
    assert kinds(harbor) == []


def test_a_refused_unit_is_no_alert_once_the_statement_is_paid_for(harbor: Harbor) -> None:
    """A8: what was refused is kept for the officer, but its filer has nothing left to do."""
    harbor.entry(1, charges={"001": 5_000}, importer=IMPORTER_Y)
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    harbor.authorize(number, 5_000, unit="999999")
    harbor.authorize("3927328ZZZ", 5_000, unit="999999")
    assert [each.statement_number for each in told(harbor)] == [number, None]
    assert dispositions(harbor.authorize(number, 5_000)) == ["D00"]
    (other,) = told(harbor)
    assert "for statement 3927328ZZZ" in other.sentence
    assert harbor.rows("select count(*) from payer_unit_refusal") == [(2,)]


def test_what_arrived_by_ach_credit_is_told_beside_what_is_due(harbor: Harbor) -> None:
    """CRD-06: too little pays nothing, so the statement is still due; enough ends the alert."""
    harbor.entry(1, charges={"001": 5_000}, due_on=WEDNESDAY)
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    cashier = Cashier(harbor)
    cashier.enroll()
    cashier.push(2_000, txp(BROKER, number, 2_000))
    (alert,) = told(harbor)
    assert "$20.00 arrived by ACH Credit, $30.00 is missing." in alert.sentence
    assert alert.next_step == "Push the missing $30.00, or authorize the whole total, by then."
    cashier.push(3_000, txp(BROKER, number, 3_000))
    assert told(harbor) == []


def open_ones(harbor: Harbor, *filers: str, limit: int = 9) -> list[OpenStatement]:
    """Give what is open without hurry."""
    with harbor.connect() as connection:
        return open_statements(
            connection, filers, business_date=harbor.today, policy=harbor.policy, limit=limit
        )


def test_what_is_due_later_is_open_and_no_alert(harbor: Harbor) -> None:
    """The earliest due date first, then what has none; what an alert tells of is not among it."""
    for serial, due_on in enumerate((None, date(2026, 12, 8), WEDNESDAY, NEXT_MONDAY), 1):
        harbor.entry(serial, charges={"001": serial * 100}, due_on=due_on)
        harbor.print_one_statement(serial - 1)
    harbor.entry(5, charges={"001": 900}, filer=OTHER_BROKER)
    harbor.print_again()
    assert [each.amount_cents for each in told(harbor)] == [300]
    assert [each.total_cents for each in open_ones(harbor, BROKER)] == [400, 200, 100]
    assert [each.total_cents for each in open_ones(harbor, BROKER, limit=1)] == [400]
    assert [each.total_cents for each in open_ones(harbor, OTHER_BROKER)] == [900]
    first, *_ = open_ones(harbor, BROKER)
    assert dispositions(harbor.authorize(first.statement_number, 400)) == ["D00"]
    assert [each.total_cents for each in open_ones(harbor, BROKER)] == [200, 100]


def test_a_batch_that_is_replayed_keeps_its_refusals_once(harbor: Harbor) -> None:
    harbor.open(TUESDAY)
    text = harbor.batch("RM", [f"PT99999902B76 3927328001{5_000:010}"])
    first = harbor.send(text, key="k").answer
    assert harbor.send(text, key="k").answer == first
    assert harbor.rows("select count(*) from payer_unit_refusal") == [(1,)]


def test_a_day_near_its_cap_is_told_to_who_debits_it(harbor: Harbor) -> None:
    """Nine tenths is near, more than the cap is beyond; others' sums are not told."""
    for unit, cap in ((BROKER_UNIT, 10_000), (IMPORTER_X_UNIT, 10_000)):
        harbor.rows(
            "update payer_unit set daily_cap_cents = %s where payer_unit_number = %s returning 1",
            cap,
            unit,
        )
    amounts = (8_999, 1, 1_001)
    for serial, cents in enumerate(amounts, 1):
        harbor.entry(serial, charges={"001": cents})
        harbor.print_one_statement(serial - 1)
    numbers = harbor.rows("select statement_number, total_cents from statement order by 1")
    seen = []
    for number, cents in numbers:
        assert dispositions(harbor.authorize(number, cents)) == ["D00"]
        seen.append([each.kind for each in told(harbor)])
    assert seen == [[], ["cap-near"], ["cap-beyond"]]
    (alert,) = told(harbor)
    assert (alert.on, alert.amount_cents) == (FRIDAY, 10_001)
    assert kinds(harbor, OTHER_BROKER) == []


def test_the_evening_tells_of_misused_payer_units(harbor: Harbor) -> None:
    """A8: the officer reads it in the day's summary."""
    (step,) = [each for each in STEPS if each.name == "look for misused payer units"]
    nobody = BankLink("http://127.0.0.1:9", "no token")
    agency = Agency(harbor.connect, nobody, harbor.policy, harbor.clock)
    assert step.run(agency, MONDAY) == "none"
    for serial in range(3):
        harbor.authorize(f"392732700{serial + 1}", 5_000, unit="999999")
    assert step.run(agency, MONDAY) == "1 FRAUD ALERT: B76 (3 refused)"
    assert step.run(agency, TUESDAY) == "none"
