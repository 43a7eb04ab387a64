"""A payer that is removed from ACH Credit while its money waits or is on its way."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import credit_enrolment_commands as commands
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.forms import file, officer
from tests.integration.agency.harbor import (
    BROKER,
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    Harbor,
)

DUE = 1_200
BROKERS = {"importer_number": None, "filer_code": BROKER}


@pytest.fixture
def cashier(harbor: Harbor) -> Cashier:
    """Let the broker have joined."""
    cashier = Cashier(harbor)
    cashier.enroll()
    return cashier


def statement(harbor: Harbor, *charges: int) -> str:
    """Print a statement with an entry for each charge; give its number."""
    for place, cents in enumerate(charges or (DUE,)):
        harbor.entry(place, charges={"001": cents})
    harbor.print_one_statement(0)
    ((number,),) = harbor.rows("select statement_number from statement")
    return number


def remove(harbor: Harbor) -> None:
    """Remove the broker on the open business date."""
    by, given = officer(harbor), {"reason": "Five wrong addenda", "clock": harbor.clock}
    with harbor.connect() as connection:
        commands.remove(connection, BROKER, officer=by, **given)


@pytest.mark.requirement("CRD-12", "CRD-07")
@pytest.mark.parametrize(
    ("collected_on", "told", "state", "reason"),
    [
        (MONDAY, "before", "applied", "short"),
        (TUESDAY, "before", "applied", "short"),
        (MONDAY, "behind", "applied", "short"),
        (TUESDAY, "behind", "unapplied", "payer-not-enrolled"),
        (WEDNESDAY, "a day later", "unapplied", "payer-not-enrolled"),
        (MONDAY, "a day later", "applied", "short"),
        (MONDAY, "after a new form", "unapplied", "payer-not-enrolled"),
    ],
)
def test_the_collection_date_decides_whether_a_payment_is_held(
    harbor: Harbor, cashier: Cashier, collected_on: date, told: str, state: str, reason: str
) -> None:
    """Whoever was removed on Tuesday pays with what was collected until Monday.

    Tuesday's is applied if it was taken before the removal. What comes behind a new form is held:
    the former enrolment is over.
    """
    number = statement(harbor)
    payment = cashier.credit(DUE, txp(BROKER, number, DUE), collected_on=collected_on)
    if told == "before":
        cashier.tell(payment)
    remove(harbor)
    if told == "a day later":
        harbor.open(WEDNESDAY)
    if told == "after a new form":
        file(harbor, **BROKERS)
    if told != "before":
        cashier.tell(payment)
    assert cashier.parts()[0][:2] == (state, reason)
    assert harbor.violations() == []


def test_what_waits_for_its_statement_waits_on_and_may_still_pay_it(
    harbor: Harbor, cashier: Cashier
) -> None:
    """Its payer was in the scheme when it was collected: it keeps its statement and its owner."""
    number = statement(harbor, 500, 700)
    ((entry,),) = harbor.rows("select entry_number from statement_entry where amount_cents = 500")
    cashier.push(700, txp(BROKER, number, 700))
    remove(harbor)
    assert cashier.parts()[0][:2] == ("unapplied", "short")
    cashier.take_off(entry)
    cashier.settle_ripe()
    assert cashier.parts()[0][:2] == ("applied", "short")
    assert harbor.violations() == []


def test_the_rest_that_comes_behind_is_held_and_told(harbor: Harbor, cashier: Cashier) -> None:
    number = statement(harbor)
    cashier.push(700, txp(BROKER, number, 700))
    remove(harbor)
    harbor.open(WEDNESDAY)
    cashier.push(500, txp(BROKER, number, 500))
    assert [part[:2] for part in cashier.parts()] == [
        ("unapplied", "short"),
        ("unapplied", "payer-not-enrolled"),
    ]
    told = [kind for (kind,) in harbor.rows("select kind from payer_notice order by notice_id")]
    assert told == ["balance-due", "enrolment-removed", "credit-unmatched"]
    assert harbor.violations() == []
