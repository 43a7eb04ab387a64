"""What the bank's events do to authorizations, statements, notices and the ledger."""

from __future__ import annotations

import json
from datetime import date

import pytest

from customhouse import rails
from customhouse.agency import bank_events, finals
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.balances import balance
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X_UNIT,
    MONDAY,
    OTHER_BROKER,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    dispositions,
)

SETTLED_ON = date(2026, 11, 27)
RETURNED_ON = date(2026, 11, 30)


@pytest.fixture
def authorized(harbor: Harbor) -> tuple[Harbor, str]:
    """Give a harbor with one authorized statement of 1,000.00, handed to the bank."""
    harbor.entry(1, charges={"001": 100_000})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    assert dispositions(harbor.authorize(number, 100_000)) == ["D00"]
    with harbor.connect() as connection:
        connection.execute("update authorization_attempt set state = 'with_bank'")
    return harbor, number


def _event(
    sequence: int, kind: rails.EventKind, number: str, *, on: date, code: str = "", attempt: int = 1
) -> rails.BankEvent:
    return rails.BankEvent(
        sequence=sequence,
        event_id=f"{kind}/{number}/{attempt}/{code}",
        kind=kind,
        instruction_id=f"B76-{number}-{attempt}",
        amount_cents=100_000,
        effective_on=on,
        trace_number="091000010000001",
        code=code,
        detail="",
    )


def _apply(harbor: Harbor, *events: rails.BankEvent) -> bank_events.Taken:
    bodies = {event.event_id: json.dumps(rails.to_json(event)) for event in events}
    with harbor.connect() as connection:
        return bank_events.apply(connection, events, bodies=bodies, clock=harbor.clock)


def _balances(harbor: Harbor) -> dict[str, int]:
    with harbor.connect() as connection:
        return {account.value: balance(connection, account) for account in AccountCode}


def _nonzero(harbor: Harbor) -> dict[str, int]:
    return {name: cents for name, cents in _balances(harbor).items() if cents}


def test_settlement_posts_once(authorized: tuple[Harbor, str]) -> None:
    """Settled: treasury has the money, transit is empty; the same event again does nothing."""
    harbor, number = authorized
    event = _event(1, "settled", number, on=SETTLED_ON)
    assert _apply(harbor, event).settled == 1
    assert _apply(harbor, event) == bank_events.Taken()
    assert _nonzero(harbor) == {"treasury": 100_000, "revenue": 100_000}
    assert harbor.violations() == []


def test_return_after_settlement_reopens_and_bills(authorized: tuple[Harbor, str]) -> None:
    """C6: a receivable arises, the filer is told, the next attempt pays it, not revenue again."""
    harbor, number = authorized
    _apply(harbor, _event(1, "settled", number, on=SETTLED_ON))
    _apply(harbor, _event(2, "returned", number, on=RETURNED_ON, code="R01"))
    assert _nonzero(harbor) == {"bills_receivable": 100_000, "revenue": 100_000}
    assert harbor.rows("select state, attempts from statement") == [("preliminary", 1)]
    ((kind, text),) = harbor.rows("select kind, text from notice")
    assert kind == "debit-returned"
    assert text == (
        f"The payer's bank returned the debit of $1,000.00 for statement {number} on"
        f" {RETURNED_ON:%a} {RETURNED_ON.day} {RETURNED_ON:%b %Y} (R01: There is not enough money"
        " in the account). That opened the statement again. Bill 39263280001 asks for $1,000.00"
        " by Wed 9 Dec 2026."
    )
    reasons = [reason for (reason,) in harbor.rows("select reason from abi_outbox order by 1")]
    assert reasons[0] == f"debit returned R01: statement {number} was opened again"
    assert dispositions(harbor.authorize(number, 100_000)) == ["D00"]
    assert harbor.violations() == []
    _apply(harbor, _event(3, "settled", number, on=date(2026, 12, 2), attempt=2))
    assert _nonzero(harbor) == {"treasury": 100_000, "revenue": 100_000}
    assert harbor.violations() == []


def test_entry_of_a_billed_statement_stays(authorized: tuple[Harbor, str]) -> None:
    """What was settled and returned is owed as billed: no entry can be taken off."""
    harbor, number = authorized
    _apply(harbor, _event(1, "settled", number, on=SETTLED_ON))
    _apply(harbor, _event(2, "returned", number, on=RETURNED_ON, code="R01"))
    ((entry,),) = harbor.rows("select entry_number from statement_entry")
    answer = harbor.send(harbor.batch("SU", [f"H3901B76  {entry}1"])).answer
    assert dispositions(answer) == ["P16"]


def test_return_before_settlement_voids(authorized: tuple[Harbor, str]) -> None:
    """Nothing was ever posted: every balance is zero and the statement is open."""
    harbor, number = authorized
    taken = _apply(harbor, _event(1, "returned", number, on=SETTLED_ON, code="R02"))
    assert taken.returned == 1
    assert _nonzero(harbor) == {}
    assert harbor.rows("select state from statement") == [("preliminary",)]
    assert harbor.violations() == []


def test_event_that_does_not_fit_is_kept_and_changes_nothing(
    authorized: tuple[Harbor, str],
) -> None:
    """C8: an unknown instruction or another amount is unmatched; the invariants name it."""
    harbor, number = authorized
    stranger = _event(1, "settled", number, on=SETTLED_ON, attempt=7)
    taken = _apply(harbor, stranger)
    assert (taken.settled, taken.unmatched) == (0, 1)
    assert _nonzero(harbor) == {}
    assert [each.invariant.name for each in harbor.violations()] == ["events-matched"]


@pytest.mark.parametrize(
    ("policy", "settled_on", "sent"),
    [
        ("authorized", None, 1),
        ("authorized", WEDNESDAY, 1),
        ("treasury-confirmed", None, 0),
        ("treasury-confirmed", WEDNESDAY, 1),
    ],
)
def test_final_goes_out_as_the_policy_says(
    authorized: tuple[Harbor, str], policy: str, settled_on: date | None, sent: int
) -> None:
    """DEB-08: next business day after acceptance, or only once treasury confirmed the funds."""
    harbor, number = authorized
    chosen = type(harbor.policy)(final_statement=policy)
    if settled_on is not None:
        _apply(harbor, _event(1, "settled", number, on=settled_on))
    for day, expected in ((TUESDAY, 0), (date(2026, 11, 30), sent), (date(2026, 12, 1), 0)):
        run = finals.send_finals(harbor.connect, day, policy=chosen, clock=harbor.clock)
        assert run.sent == expected
    messages = harbor.rows("select content from abi_outbox where reason like 'final%%'")
    assert len(messages) == sent
    assert harbor.violations() == []


def test_finals_that_cannot_be_written_keep_nobody_back(harbor: Harbor) -> None:
    """B10: a damaged line of one filer; the other filer gets its receipt all the same."""
    harbor.entry(1, charges={"001": 100})
    harbor.entry(1, filer=OTHER_BROKER, charges={"001": 200})
    harbor.print()
    with harbor.connect() as connection:
        grant = "insert into designation values (%s, %s, %s)"
        connection.execute(grant, (IMPORTER_X_UNIT, OTHER_BROKER, MONDAY))
    for filer, number, cents in harbor.rows(
        "select filer_code, statement_number, total_cents from statement"
    ):
        answer = harbor.authorize(number, cents, unit=IMPORTER_X_UNIT, filer=filer)
        assert dispositions(answer) == ["D00"]
    with harbor.connect() as connection:
        connection.execute("update authorization_attempt set state = 'with_bank'")
        connection.execute("update statement_entry set printed = 'Q' where filer_code = 'B76'")
    run = finals.send_finals(harbor.connect, WEDNESDAY, policy=harbor.policy, clock=harbor.clock)
    assert (run.sent, run.failed) == (1, (f"{BROKER} (AnswerError)",))
    states = dict(harbor.rows("select filer_code, state from statement"))
    assert states == {BROKER: "authorized", OTHER_BROKER: "final"}
