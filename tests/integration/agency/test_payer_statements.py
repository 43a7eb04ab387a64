"""An importer that pays its broker's statements sees them and is told of them (CRD-13)."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import payer_notices, payer_statements, paying_parties
from customhouse.agency.payer_statements import PayerStatement
from tests.integration.agency.forms import approve, prenote
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    IMPORTER_Y,
    OTHER_BROKER,
    Harbor,
    entry_number,
)
from tests.integration.agency.test_credit_enrolment import take

DUE = date(2026, 12, 4)


@pytest.fixture
def printed(harbor: Harbor) -> Harbor:
    """Give a harbor in which X has joined and two statements name it, one of them two entries."""
    approve(harbor, bank_lead_days=1)
    take(harbor, prenote(1))
    harbor.entry(1, charges={"001": 10_000}, payment_type="3", due_on=DUE)
    harbor.entry(2, charges={"001": 5_000}, payment_type="3", due_on=DUE)
    harbor.entry(3, charges={"001": 700}, payment_type="3", due_on=DUE, filer=OTHER_BROKER)
    harbor.entry(4, charges={"001": 900}, payment_type="3", due_on=DUE, importer=IMPORTER_Y)
    harbor.entry(5, charges={"001": 1_100}, due_on=DUE)
    harbor.print()
    return harbor


def seen(harbor: Harbor, payer: str) -> list[PayerStatement]:
    with harbor.connect() as connection:
        party = paying_parties.of_identifier(connection, payer)
        return payer_statements.open_statements(connection, party, today=harbor.today)


def told(harbor: Harbor, payer: str = IMPORTER_X) -> list[tuple[str, str]]:
    with harbor.connect() as connection:
        party = paying_parties.of_identifier(connection, payer)
        notices = payer_notices.after(connection, party.party_id)
    return [(each.kind, each.text) for each in notices if each.kind.startswith("statement-")]


def take_off(harbor: Harbor, serial: int) -> None:
    """Move an entry of the broker to single pay."""
    answer = harbor.send(harbor.batch("SU", [f"H3901{BROKER}  {entry_number(BROKER, serial)}1"]))
    assert "ACCEPTED" in answer.answer, answer.answer


@pytest.mark.requirement("CRD-13")
def test_each_payer_sees_its_own(printed: Harbor) -> None:
    """An importer sees what names it at any broker, a filer all of its own."""
    ours = seen(printed, IMPORTER_X)
    assert [(each.filer_code, each.amount_cents) for each in ours] == [
        (BROKER, 15_000),
        (OTHER_BROKER, 700),
    ]
    assert {each.due_on for each in ours} == {DUE}
    # One banking day to settle, and the one that its bank wants on top.
    assert {each.originate_by for each in ours} == {date(2026, 12, 2)}
    assert [each.amount_cents for each in seen(printed, IMPORTER_Y)] == [900]
    assert sorted(each.amount_cents for each in seen(printed, BROKER)) == [900, 1_100, 15_000]


@pytest.mark.requirement("CRD-13")
def test_only_who_has_joined_is_told_once(printed: Harbor) -> None:
    """Y has not joined; printing again tells nobody anything new."""
    found = told(printed)
    assert [kind for kind, _ in found] == ["statement-due"] * 2
    assert (
        "$150.00 is due on 2026-12-04; give the payment to your bank by 2026-12-02" in found[0][1]
    )
    assert told(printed, IMPORTER_Y) == []
    printed.print_again()
    assert told(printed) == found
    mails = printed.rows(
        "select count(*) from payer_mail join payer_notice using (payer_party_id, notice_id)"
        " where kind = 'statement-due'"
    )
    assert mails == [(2,)]


@pytest.mark.requirement("CRD-13")
def test_a_changed_and_a_cancelled_statement_are_told(printed: Harbor) -> None:
    take_off(printed, 2)
    take_off(printed, 1)
    found = told(printed)
    assert [kind for kind, _ in found] == [
        "statement-due",
        "statement-due",
        "statement-changed",
        "statement-cancelled",
    ]
    assert "was printed with $150.00. $100.00 is due on" in found[2][1]
    assert [each.amount_cents for each in seen(printed, IMPORTER_X)] == [700]
