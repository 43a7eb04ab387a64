"""Each invariant of incoming credits finds what was changed behind the program's back."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.rows import TupleRow

from customhouse import database
from customhouse.agency import credit_officers
from customhouse.agency.credit_desk_cases import Desk
from customhouse.agency.credit_invariants import CREDIT_INVARIANTS
from customhouse.agency.credit_parts import Today
from customhouse.agency.credit_return_acts import send_back
from customhouse.agency.invariants import INVARIANTS
from customhouse.ledger.invariants import check
from customhouse.settings import Settings
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, Harbor

Connection = psycopg.Connection[TupleRow]

PLANTED = {
    "credit-in-parts": [
        "update incoming_credit set amount_cents = amount_cents + 1",
        "delete from credit_part where state = 'unapplied'",
    ],
    "unapplied-has-owner": [
        "update credit_part set payer_party_id = payer_party_id + 1000 where state = 'unapplied'",
        "delete from transfer where kind = 10",
    ],
    "waiting-has-reason": [
        "update credit_part set payer_party_id = 0 where state = 'unapplied'",
        "update credit_part set reason = 'short' where state = 'unapplied'",
    ],
    "part-posted": [
        "delete from transfer where kind = 11",
        "delete from transfer where kind = 12",
        "update transfer set effective_on = effective_on - 1 where kind = 10",
    ],
    "moved-is-corrected": [
        "update credit_part set state = 'moved', closed_on = since_on where state = 'unapplied'"
    ],
    "transfer-has-part": ["delete from credit_part"],
    "return-posted": [
        "delete from transfer where kind = 14",
        "update transfer set amount_cents = amount_cents + 1 where kind = 14",
        "update credit_part set state = 'unapplied', closed_on = null where state = 'returning'",
    ],
    "returned-whole": [
        "delete from credit_return",
        "update credit_return set amount_cents = amount_cents + 1",
        "update credit_part set state = 'moved' where state = 'returning'",
    ],
    "return-young": ["update transfer set effective_on = effective_on - 11 where kind = 14"],
    "paid-in-full": [
        "update statement set paid_on = paid_on + 1",
        "update statement set state = 'preliminary', paid_on = null, paid_known_on = null",
    ],
    "claims-are-payable": [
        "delete from refund_claim",
        "update refund_claim set amount_cents = amount_cents + 1",
    ],
    "enough-is-applied": [
        """with closed as (update business_day set closed_at = opened_at)
           update credit_part set state = 'unapplied', applied_cents = 0, refundable_cents = 0,
             closed_on = null where state = 'applied';
           update statement set state = 'preliminary', paid_on = null, paid_known_on = null""",
    ],
}


@pytest.fixture
def scratch(harbor: Harbor, settings: Settings) -> Iterator[Connection]:
    """Give books of a payment that was too much, one not understood and one that goes back."""
    harbor.entry(1, charges={"001": 100_000})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    cashier = Cashier(harbor)
    cashier.enroll()
    cashier.push(100_001, txp(BROKER, number, 100_001))
    cashier.push(500)
    cashier.push(700)
    refuse_newest(harbor)
    with database.connect(settings, "agency", role="administrator") as connection:
        yield connection
        connection.rollback()


def refuse_newest(harbor: Harbor) -> None:
    """Let an officer send the newest payment back."""
    rows = harbor.rows("select max(credit_id) from incoming_credit")
    with harbor.connect() as connection:
        credit_officers.add(connection, "Officer One", added_on=harbor.today)
        officer = credit_officers.by_name(connection, "Officer One")
        desk = Desk(officer, Today(harbor.today, harbor.clock, officer.officer_id))
        send_back(connection, rows[0][0], reason="It was meant for somebody else.", desk=desk)


def test_every_invariant_of_credits_has_a_planted_violation() -> None:
    assert set(PLANTED) == {each.name for each in CREDIT_INVARIANTS}


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        pytest.param(name, each, id=f"{name}-{number}")
        for name, statements in PLANTED.items()
        for number, each in enumerate(statements)
    ],
)
def test_a_planted_violation_is_found(scratch: Connection, name: str, statement: str) -> None:
    (rule,) = [each for each in INVARIANTS if each.name == name]
    assert check(scratch, INVARIANTS) == []
    assert scratch.execute(statement.encode()).rowcount > 0
    assert check(scratch, [rule]) != []
