"""Who hears the balance due on a statement, when it changes, and that nobody hears it twice."""

from __future__ import annotations

import pytest

from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, IMPORTER_X, WEDNESDAY, Harbor, dispositions

TOLD = """
select coalesce(f.filer_code, i.importer_number), n.kind, n.text
from payer_notice n
left join filer f on f.party_id = n.payer_party_id
left join importer i on i.party_id = n.payer_party_id
where n.kind not in ('statement-due', 'statement-changed', 'statement-cancelled')
order by n.notice_id
"""
DUE = 100_000


@pytest.fixture
def cashier(harbor: Harbor) -> Cashier:
    """Let the broker and its importer have joined ACH Credit."""
    cashier = Cashier(harbor)
    cashier.enroll(BROKER)
    cashier.enroll(IMPORTER_X)
    return cashier


def statement(harbor: Harbor) -> tuple[str, str]:
    """Print a statement of 600.00 and 400.00; give its number and the smaller entry's."""
    harbor.entry(1, charges={"001": 60_000})
    small = harbor.entry(2, charges={"001": 40_000})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    return number, small


def told(harbor: Harbor) -> list[tuple[str, str]]:
    """Give whom a balance was told, and what is missing by its text."""
    rows = [(who, text) for who, kind, text in harbor.rows(TOLD) if kind == "balance-due"]
    return [(who, text.partition(" arrived and ")[2].split(" ")[0]) for who, text in rows]


@pytest.mark.requirement("CRD-06")
def test_every_payer_hears_the_balance_when_another_part_comes(
    harbor: Harbor, cashier: Cashier
) -> None:
    """C16: the importer's part leaves less to send for the broker, which hears so as well."""
    number, _ = statement(harbor)
    cashier.push(20_000, txp(BROKER, number, 20_000))
    cashier.push(10_000, txp(IMPORTER_X, number, 10_000))
    assert told(harbor) == [(BROKER, "$800.00"), (BROKER, "$700.00"), (IMPORTER_X, "$700.00")]
    texts = [text for *_, text in harbor.rows(TOLD)]
    assert texts[0].startswith("Of $1,000.00 due")
    assert texts[1].startswith("The balance due has changed. Of $1,000.00 due")
    assert "Payments of 2 payers wait for it; agree which of you sends $700.00" in texts[2]


@pytest.mark.requirement("CRD-06", "DEB-03")
def test_the_balance_is_told_anew_when_an_entry_is_taken_off(
    harbor: Harbor, cashier: Cashier
) -> None:
    """A5, C16: in the evening, to all whose money waits; another evening says nothing new."""
    number, small = statement(harbor)
    cashier.push(20_000, txp(BROKER, number, 20_000))
    cashier.push(10_000, txp(IMPORTER_X, number, 10_000))
    before = told(harbor)
    cashier.take_off(small)
    assert cashier.settle_ripe() == 0
    assert told(harbor)[len(before) :] == [(BROKER, "$300.00"), (IMPORTER_X, "$300.00")]
    assert cashier.settle_ripe() == 0
    harbor.open(WEDNESDAY)
    assert cashier.settle_ripe() == 0
    assert len(told(harbor)) == len(before) + 2
    assert harbor.violations() == []


def test_a_balance_that_comes_back_is_told_again(harbor: Harbor, cashier: Cashier) -> None:
    """What was said last is not so any more, though it was said once before."""
    number, _ = statement(harbor)
    cashier.push(20_000, txp(BROKER, number, 20_000))
    cashier.push(10_000, txp(BROKER, number, 10_000))
    with harbor.connect() as connection:
        connection.execute(
            "update credit_part set filer_code = null, statement_number = null,"
            " reason = 'document-open' where amount_cents = 10000"
        )
    cashier.settle_ripe()
    cashier.settle_ripe()
    assert [missing for _, missing in told(harbor)] == ["$800.00", "$700.00", "$800.00"]


@pytest.mark.requirement("CRD-06", "CRD-08")
def test_all_payers_hear_that_a_debit_pays_instead(harbor: Harbor, cashier: Cashier) -> None:
    """C17: each one's money is owed back, and no balance is told any more."""
    number, _ = statement(harbor)
    cashier.push(20_000, txp(BROKER, number, 20_000))
    cashier.push(10_000, txp(IMPORTER_X, number, 10_000))
    before = len(harbor.rows(TOLD))
    assert dispositions(harbor.authorize(number, DUE)) == ["D00"]
    assert cashier.settle_ripe() == 1
    news = harbor.rows(TOLD)[before:]
    assert [(who, kind) for who, kind, _ in news] == [
        (BROKER, "credit-refundable"),
        (IMPORTER_X, "credit-refundable"),
    ]
    assert all("is paid by a debit that was authorized" in text for *_, text in news)
    assert harbor.violations() == []


@pytest.mark.requirement("CRD-06", "CRD-08")
def test_all_payers_hear_that_nothing_is_due_any_more(harbor: Harbor, cashier: Cashier) -> None:
    """A5: every entry is taken off; each one's money is owed back."""
    harbor.entry(1, charges={"001": 60_000})
    harbor.print()
    ((number, entry),) = harbor.rows("select statement_number, entry_number from statement_entry")
    cashier.push(20_000, txp(BROKER, number, 20_000))
    cashier.push(10_000, txp(IMPORTER_X, number, 10_000))
    before = len(harbor.rows(TOLD))
    cashier.take_off(entry)
    assert cashier.settle_ripe() == 1
    news = harbor.rows(TOLD)[before:]
    assert {who for who, *_ in news} == {BROKER, IMPORTER_X}
    assert all(f"Nothing is due on statement {number}" in text for *_, text in news)
    assert harbor.violations() == []
