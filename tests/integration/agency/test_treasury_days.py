"""A day of the agency's account, the bank's list against the ledger, and its exports."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from customhouse.agency import (
    bank_events,
    credit_parts,
    treasury_checks,
    treasury_days,
    treasury_exports,
)
from customhouse.agency.treasury_days import DayTotals, Movement
from customhouse.faults import Refused
from customhouse.formats import bai2_check
from customhouse.rails import BankEvent, EventKind, to_json
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import (
    BROKER,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    dispositions,
)
from tests.integration.agency.teller import Teller, teller

ACCOUNT, ROUTING = "990000000001", "123456780"


@pytest.fixture
def bank() -> Iterator[Teller]:
    """Give a bank's door that has no lines yet."""
    with teller() as told:
        yield told


@pytest.fixture
def cashier(harbor: Harbor) -> Cashier:
    """Give a cashier at the harbor, whose broker has joined ACH Credit."""
    cashier = Cashier(harbor)
    cashier.enroll()
    return cashier


def _statement(harbor: Harbor, serial: int, cents: int) -> str:
    """Print one statement of some cents on Tuesday; give its number."""
    before = {number for (number,) in harbor.rows("select statement_number from statement")}
    harbor.entry(serial, charges={"001": cents})
    harbor.print_one_statement(len(before))
    after = {number for (number,) in harbor.rows("select statement_number from statement")}
    (number,) = after - before
    return str(number)


def _debit(harbor: Harbor, number: str, cents: int, *kinds: EventKind) -> None:
    """Authorize a statement and let the bank tell what became of its debit, today."""
    assert dispositions(harbor.authorize(number, cents)) == ["D00"]
    with harbor.connect() as connection:
        connection.execute("update authorization_attempt set state = 'with_bank'")
        before = connection.execute("select count(*)::integer from bank_event").fetchone()
    assert before is not None
    events = [
        BankEvent(
            sequence=before[0] + place,
            event_id=f"{kind}/{number}",
            kind=kind,
            instruction_id=f"{BROKER}-{number}-1",
            amount_cents=cents,
            effective_on=harbor.today,
            trace_number="",
            code="R01" if kind in ("returned", "return_disputed") else "",
            detail="",
        )
        for place, kind in enumerate(kinds, 1)
    ]
    bodies = {event.event_id: json.dumps(to_json(event)) for event in events}
    with harbor.connect() as connection:
        bank_events.apply(connection, events, bodies=bodies, clock=harbor.clock)


def _day(harbor: Harbor, bank: Teller, day: date = TUESDAY) -> tuple[DayTotals, list[Movement]]:
    taking = treasury_days.take(harbor.connect, bank.link, day=day, clock=harbor.clock)
    with treasury_days.compared(harbor.connect, taking, clock=harbor.clock) as compared:
        return compared.totals, list(compared.movements())


def _faults(harbor: Harbor, bank: Teller) -> list[str]:
    with pytest.raises(Refused) as caught:
        treasury_days.take(harbor.connect, bank.link, day=TUESDAY, clock=harbor.clock)
    return [fault.code for fault in caught.value.faults]


def test_a_day_of_debits_agrees_line_by_line(harbor: Harbor, bank: Teller) -> None:
    settled = _statement(harbor, 1, 70_000)
    returned = _statement(harbor, 2, 30_000)
    disputed = _statement(harbor, 3, 20_000)
    _debit(harbor, settled, 70_000, "settled")
    _debit(harbor, returned, 30_000, "settled", "returned")
    _debit(harbor, disputed, 20_000, "settled", "return_disputed", "dispute_won")
    for number, cents in ((settled, 70_000), (returned, 30_000), (disputed, 20_000)):
        bank.tell("debit_settled", f"{BROKER}-{number}-1", cents, on=TUESDAY)
    bank.tell("debit_returned", f"{BROKER}-{returned}-1", 30_000, on=TUESDAY, direction="debit")
    bank.tell("return_disputed", f"{BROKER}-{disputed}-1", 20_000, on=TUESDAY, direction="debit")
    bank.tell("dispute_won", f"{BROKER}-{disputed}-1", 20_000, on=TUESDAY)
    totals, movements = _day(harbor, bank)
    assert totals == DayTotals(6, 140_000, -50_000, 6, 90_000, 0, 0, 0)
    assert {each.agreement for each in movements} == {"agrees"}
    assert [each.line_id for each in movements] == [each.line_id for each in bank.lines]
    assert [each.uses[0].statement_number for each in movements] == [
        settled,
        returned,
        disputed,
        returned,
        disputed,
        disputed,
    ]


def test_each_addendum_says_what_it_paid(harbor: Harbor, bank: Teller, cashier: Cashier) -> None:
    paid, short = _statement(harbor, 1, 50_000), _statement(harbor, 2, 80_000)
    cashier.push(
        60_000,
        txp(BROKER, paid, 52_000),
        txp(BROKER, short, 5_000),
        txp(BROKER, "3926328999", 3_000),
    )
    credit = cashier.told[0]
    bank.tell("credit_received", credit.credit_id, 60_000, on=TUESDAY, company="EXAMPLE PAYER")
    totals, (movement,) = _day(harbor, bank)
    assert (totals.difference_cents, totals.differing) == (0, 0)
    told = [
        (use.statement_number, use.applied_cents, use.refundable_cents, use.waiting_cents)
        for use in movement.uses
    ]
    assert told == [(paid, 50_000, 2_000, 0), (short, 0, 0, 5_000), (None, 0, 0, 3_000)]
    assert [use.reason for use in movement.uses] == ["over", "short", "document-unknown"]
    cashier.push(75_000, txp(BROKER, short, 75_000))
    rest = cashier.told[1]
    bank.tell("credit_received", rest.credit_id, 75_000, on=TUESDAY, company="EXAMPLE PAYER")
    _, (movement, _) = _day(harbor, bank)
    assert [use.reason for use in movement.uses] == ["over", "", "document-unknown"]


def test_money_that_changed_its_owner_comes_to_itself(
    harbor: Harbor, bank: Teller, cashier: Cashier
) -> None:
    _statement(harbor, 1, 80_000)
    cashier.push(9_000, "no segment at all")
    ((owner, part_id),) = harbor.rows("select payer_party_id, part_id from credit_part")
    ((other,),) = harbor.rows("select party_id from filer where filer_code = %s", BROKER)
    with harbor.connect() as connection:
        (held,) = credit_parts.hold(connection, [(owner, part_id)])
        shares = [
            credit_parts.replace(held, payer_party_id=other, amount_cents=cents)
            for cents in (4_000, 5_000)
        ]
        credit_parts.move(connection, held, shares, today=cashier.today)
    bank.tell("credit_received", cashier.told[0].credit_id, 9_000, on=TUESDAY)
    totals, (movement,) = _day(harbor, bank)
    assert totals.differing == 0
    assert [use.amount_cents for use in movement.uses] == [4_000, 5_000]


def test_what_one_side_has_alone_is_named(harbor: Harbor, bank: Teller, cashier: Cashier) -> None:
    """What the agency did not hear of, what the bank does not have, and another amount."""
    number = _statement(harbor, 1, 70_000)
    _debit(harbor, number, 70_000, "settled")
    cashier.push(1_000, txp(BROKER, "3926328999", 1_000))
    bank.tell("credit_received", cashier.told[0].credit_id, 1_001, on=TUESDAY)
    bank.tell("credit_received", "C2632800000000000000009", 500, on=TUESDAY)
    bank.tell("credit_received", "C2632900000000000000009", 500, on=date(2026, 11, 25))
    totals, movements = _day(harbor, bank)
    assert [each.agreement for each in movements] == ["amount-differs", "bank-only", "ledger-only"]
    assert (totals.bank_only, totals.ledger_only, totals.other_amount) == (1, 1, 1)
    assert totals.difference_cents == 1_501 - 71_000
    assert movements[2].reference == f"{BROKER}-{number}-1"
    assert harbor.rows("select bank_cents, ledger_cents, differing from treasury_taking") == [
        (1_501, 71_000, 3)
    ]


def test_an_event_that_the_bank_tells_twice_is_a_difference(
    harbor: Harbor, bank: Teller, cashier: Cashier
) -> None:
    """The same credit in two lines is booked once, and the second line is not hidden."""
    cashier.push(1_000, txp(BROKER, "3926328999", 1_000))
    for _ in range(2):
        bank.tell("credit_received", cashier.told[0].credit_id, 1_000, on=cashier.harbor.today)
    totals, movements = _day(harbor, bank, harbor.today)
    assert [each.agreement for each in movements] == ["agrees", "bank-only"]
    assert totals.difference_cents == 1_000


def test_a_day_asked_for_again_replaces_its_lines(harbor: Harbor, bank: Teller) -> None:
    for _ in range(5):
        bank.tell("credit_received", "C2632800000000000000009", 500, on=TUESDAY)
        totals, _ = _day(harbor, bank)
        assert totals.bank_lines == len(bank.lines)
    assert harbor.rows("select count(*) from treasury_line") == [(5,)]
    assert harbor.rows("select count(*) from treasury_taking") == [(5,)]


def test_of_two_runs_of_a_day_the_later_list_holds(harbor: Harbor, bank: Teller) -> None:
    """The earlier run finds its lines gone, and says so instead of a difference."""
    bank.tell("credit_received", "C2632800000000000000009", 500, on=TUESDAY)
    first, second = (
        treasury_days.take(harbor.connect, bank.link, day=TUESDAY, clock=harbor.clock)
        for _ in range(2)
    )
    with (
        pytest.raises(Refused) as caught,
        treasury_days.compared(harbor.connect, first, clock=harbor.clock),
    ):
        pass
    assert [fault.code for fault in caught.value.faults] == ["treasury-day-moved"]
    with treasury_days.compared(harbor.connect, second, clock=harbor.clock) as compared:
        assert compared.totals.bank_only == 1


def test_a_list_that_cannot_be_trusted_is_not_compared(harbor: Harbor, bank: Teller) -> None:
    """A line lost on the way, a line told twice, a list of another day."""
    bank.tell("credit_received", "C2632800000000000000009", 500, on=TUESDAY)
    bank.missing_in_totals = 1
    assert _faults(harbor, bank) == ["treasury-day-moved"]
    bank.missing_in_totals = 0
    bank.lines.append(bank.lines[0])
    assert _faults(harbor, bank) == ["treasury-day-unreadable"]


def test_the_morning_raises_an_alert_until_the_day_agrees(
    harbor: Harbor, bank: Teller, cashier: Cashier
) -> None:
    """What only the bank has is told in the summary and breaks an invariant; then it is mended."""
    harbor.open(TUESDAY)
    credit = cashier.credit(700, "no segment at all")
    bank.tell("credit_received", credit.credit_id, 700, on=TUESDAY)
    harbor.open(WEDNESDAY)

    def looked() -> str:
        return treasury_checks.look_back(
            harbor.connect, bank.link, business_date=harbor.today, clock=harbor.clock
        )

    assert looked() == (
        "1 day agrees; 2026-11-24 DIFFERS by $7.00, see customhouse treasury day 2026-11-24"
    )
    assert "treasury-agrees" in {each.invariant.name for each in harbor.violations()}
    cashier.tell(credit)
    assert looked() == "1 day agrees"
    assert harbor.violations() == []
    # Run again, the step has nothing left to do.
    assert looked() == "0 days agree"
    assert harbor.rows("select count(*) from treasury_taking") == [(3,)]


def test_a_day_that_the_bank_had_not_come_to_comes_again(harbor: Harbor, bank: Teller) -> None:
    """Wednesday waits for the bank, and so does Thanksgiving; a bank that errs stops nothing."""

    def looked() -> str:
        return treasury_checks.look_back(
            harbor.connect, bank.link, business_date=harbor.today, clock=harbor.clock
        )

    harbor.open(WEDNESDAY)
    assert looked() == "2 days agree"
    harbor.open(date(2026, 11, 27))
    bank.bank_date = TUESDAY
    assert looked().count("NOT OVER") == 2
    bank.bank_date = WEDNESDAY
    assert looked() == "2 days agree"
    harbor.open(date(2026, 11, 30))
    bank.missing_in_totals = 1
    assert looked().startswith("NOT COMPARED: The processor bank's list of 2026-11-27 changed")


def test_the_exports_say_the_same(harbor: Harbor, bank: Teller, cashier: Cashier) -> None:
    paid = _statement(harbor, 1, 50_000)
    cashier.push(50_000, txp(BROKER, paid, 50_000), company_name="=EXAMPLE, A/B")
    cashier.push(700, "no segment at all")
    company = cashier.told[0].company_name
    bank.tell("credit_received", cashier.told[0].credit_id, 50_000, on=TUESDAY, company=company)
    bank.tell("credit_received", cashier.told[1].credit_id, 700, on=TUESDAY)
    taking = treasury_days.take(harbor.connect, bank.link, day=TUESDAY, clock=harbor.clock)
    with treasury_days.compared(harbor.connect, taking, clock=harbor.clock) as day:
        table = b"".join(treasury_exports.csv_pieces(day)).decode()
        lines = list(
            treasury_exports.bai2_lines(
                day,
                routing=ROUTING,
                account=ACCOUNT,
                created=datetime(2026, 11, 25, 6, tzinfo=UTC),
            )
        )
        spelled = [json.loads(line) for line in treasury_exports.json_lines(day)]
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["bank_cents"] for row in rows] == ["50000", "700"]
    assert rows[0]["company_name"] == "'=EXAMPLE, A/B"
    assert rows[0]["statement_number"] == paid
    assert rows[1]["reason"] == "addendum-unreadable"
    assert list(bai2_check.faults(lines)) == []
    assert f"16,142,50000,Z,091000000000001,{paid}/" in lines
    assert spelled[-1]["bank_cents"] == spelled[-1]["ledger_cents"] == 50_700
    assert [each["uses"][0]["applied_cents"] for each in spelled[:-1]] == [50_000, 0]
    assert ACCOUNT not in table + "".join(lines) + json.dumps(spelled)
