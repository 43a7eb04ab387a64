"""Each invariant of the agency finds what was changed behind the program's back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from psycopg.rows import TupleRow

from customhouse import database, rails
from customhouse.agency import bank_events
from customhouse.agency.credit_invariants import CREDIT_INVARIANTS
from customhouse.agency.invariants import INVARIANTS
from customhouse.ledger.invariants import check
from customhouse.settings import Settings
from tests.integration.agency.harbor import Harbor, dispositions

Connection = psycopg.Connection[TupleRow]

# What keeps some of these changes out; the checks must do without.
DROP_GUARDS = """
alter table transfer drop constraint transfer_once;
alter table statement drop constraint statement_check1;
alter table statement drop constraint statement_check2;
alter table statement_entry drop constraint statement_entry_check;
"""
FORGED = """
insert into transfer (payer_id, kind, ref, debit, credit, amount_cents, status, effective_on,
  recorded_at, actor)
select payer_id, 1, '3927328999/1', debit, credit, 5, 'pending', effective_on, recorded_at, 0
from transfer where kind = 1
"""
PLANTED = {
    "statement-totals": [
        "update statement set total_cents = total_cents + 1",
        "update statement_entry set removed_on = '2026-11-24'",
    ],
    "treasury-agrees": [
        "insert into treasury_taking (settled_on, taken_at, compared_at, bank_lines, bank_cents,"
        " ledger_cents, differing) values ('2026-11-23', '2026-11-24', '2026-11-24', 1, 5, 0, 1)",
    ],
    "statement-due": [
        "update entry_summary set due_on = '2026-12-31'",
        "update statement set due_on = '2026-12-31'",
    ],
    "line-is-due-charges": [
        "update entry_charge set amount_cents = amount_cents + 1",
        "delete from entry_charge",
    ],
    "entry-on-its-statement": ["update entry_summary set statement_number = null"],
    "authorized-once": [
        "update statement set state = 'authorized'",
        "update authorization_attempt set state = 'with_bank'",
    ],
    "authorized-amount": [
        "delete from bank_outbox",
        "update bank_outbox set body = jsonb_set(body, '{amount_cents}', '1')",
    ],
    "attempt-posted": [
        "delete from transfer where kind = 2",
        "update transfer set amount_cents = amount_cents + 1 where kind = 4",
        "update transfer set payer_id = payer_id + 1000",
    ],
    "transfer-has-attempt": [FORGED, "delete from authorization_attempt"],
    "attempt-dated": [
        "update transfer set effective_on = effective_on + 1 where kind = 1",
        "update transfer set effective_on = effective_on + 1 where kind = 2",
        "update transfer set effective_on = effective_on + 1 where kind = 4",
        "update transfer set effective_on = effective_on + 1 where kind = 5",
        "update authorization_attempt set returned_on = null",
    ],
    "instructed-as-authorized": [
        "update authorization_attempt set payer_unit_number = '999999'",
        """update bank_outbox set body = jsonb_set(body, '{payer_unit_number}', '"999999"')""",
        """update bank_outbox set body = jsonb_set(body, '{statement_number}', '"3927328999"')""",
    ],
    "revenue-is-paid-statements": ["delete from transfer where kind = 5"],
    "receivable-is-returned": ["delete from transfer where kind = 4"],
    "bills-are-receivable": [
        "delete from bill",
        "update bill set amount_cents = amount_cents - 1",
    ],
    "disputes-in-suspense": [
        """insert into return_dispute select filer_code, statement_number, attempt, 'R01',
             '2026-11-30', 'open' from authorization_attempt""",
    ],
    "negated-never-left": [
        """update authorization_attempt set state = 'negated', settled_on = null,
             negated_on = accepted_on, negated_at = accepted_at, negated_batch_id = 1""",
    ],
    "events-matched": ["update bank_event set outcome = 'unmatched'"],
}


@pytest.fixture
def scratch(harbor: Harbor, settings: Settings) -> Iterator[Connection]:
    """Give books without guards that hold one debit, settled and then returned."""
    harbor.entry(1, charges={"001": 100_000})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    assert dispositions(harbor.authorize(number, 100_000)) == ["D00"]
    events = [_event(1, "settled", number, day=27), _event(2, "returned", number, day=30)]
    bodies = {event.event_id: json.dumps(rails.to_json(event)) for event in events}
    with harbor.connect() as connection:
        taken = bank_events.apply(connection, events, bodies=bodies, clock=harbor.clock)
    assert (taken.settled, taken.returned) == (1, 1)
    with database.connect(settings, "agency", role="administrator") as connection:
        connection.execute(DROP_GUARDS)
        yield connection
        connection.rollback()


def _event(sequence: int, kind: rails.EventKind, number: str, *, day: int) -> rails.BankEvent:
    return rails.BankEvent(
        sequence=sequence,
        event_id=f"{kind}/{number}",
        kind=kind,
        instruction_id=f"B76-{number}-1",
        amount_cents=100_000,
        effective_on=date(2026, 11, day),
        trace_number="091000010000001",
        code="R01" if kind == "returned" else "",
        detail="",
    )


def test_every_invariant_has_a_planted_violation() -> None:
    of_credits = {each.name for each in CREDIT_INVARIANTS}
    assert set(PLANTED) == {each.name for each in INVARIANTS} - of_credits
    assert len({each.name for each in INVARIANTS}) == len(INVARIANTS)


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
