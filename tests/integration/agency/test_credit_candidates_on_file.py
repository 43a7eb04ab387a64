"""What people get wrong in a payment, and whether the desk finds the statement that was meant."""

from __future__ import annotations

import pytest

from customhouse.agency import credit_desk
from customhouse.agency.credit_candidates import Candidate
from customhouse.formats.txp import CUSTOMS_PROFILE
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import DUE, Counter
from tests.integration.agency.harbor import BROKER, IMPORTER_X, OTHER_BROKER, Harbor

NOT_ON_FILE = "3926301999"


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give the desk of a harbor where the brokers and an importer have joined."""
    return Counter.opened(harbor, joined=(BROKER, OTHER_BROKER, IMPORTER_X))


def candidates(counter: Counter) -> dict[str, Candidate]:
    """Give the candidates of the one part that waits, by number."""
    (part_id,) = counter.waiting()
    with counter.harbor.connect() as connection:
        shown = credit_desk.show(connection, part_id, profile=CUSTOMS_PROFILE)
    return {each.document.number: each for each in shown.candidates}


def sentences(candidate: Candidate) -> str:
    """Give all that speaks for a candidate."""
    return " ".join(piece.sentence for piece in candidate.evidence)


def two_entries(harbor: Harbor) -> tuple[str, str, str]:
    """Print a statement of two entries of 1,000.00 and 46.08; give its number and theirs."""
    large = harbor.entry(1, charges={"001": 100_000})
    small = harbor.entry(2, charges={"001": 4_608})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    return number, large, small


def test_an_amount_less_one_entry_is_explained(harbor: Harbor, counter: Counter) -> None:
    """Who left an entry out paid the rest: the desk names the entry and what would be missing."""
    number, _, small = two_entries(harbor)
    counter.cashier.push(100_000, txp(BROKER, NOT_ON_FILE, 100_000))
    found = candidates(counter)[number]
    named = f"{BROKER}-{small[-8:-1]}-{small[-1]}"
    assert f"The amount is what is due on it but for entry {named}, $46.08." in sentences(found)
    assert found.advice == "Applied, $46.08 is still missing: it would wait."


def test_an_entry_number_finds_its_statement(harbor: Harbor, counter: Counter) -> None:
    """Who names the entry in place of the statement is understood, not obeyed."""
    number, large, _ = two_entries(harbor)
    written = f"{BROKER}{large[-8:]}"
    counter.cashier.push(104_608, txp(BROKER, written, 104_608))
    found = candidates(counter)[number]
    assert "which the payment names, is on it." in sentences(found)
    assert "to the cent" in sentences(found)


def test_the_brokers_number_for_the_importers_is_told(harbor: Harbor, counter: Counter) -> None:
    """A statement of type 3 is its importer's; under another broker's code it is told whose."""
    (number,) = counter.statements(payment_type="3")
    counter.cashier.push(DUE, txp(OTHER_BROKER, number, DUE))
    found = candidates(counter)[number]
    assert "is its number" in sentences(found)
    assert "It is not the payer's of this money: it is Fictitious Imports X's." in sentences(found)


def test_an_importer_number_with_a_wrong_digit_still_finds_the_statement(
    harbor: Harbor, counter: Counter
) -> None:
    """Nobody has that number: the document speaks, and the payer is the officer's to name."""
    (number,) = counter.statements(payment_type="3")
    wrong = f"{IMPORTER_X[:-3]}{(int(IMPORTER_X[-3]) + 1) % 10}{IMPORTER_X[-2:]}"
    counter.cashier.push(DUE, txp(wrong, number, DUE))
    found = candidates(counter)[number]
    assert "is its number" in sentences(found)
    assert "to the cent" in sentences(found)


def test_last_months_number_of_a_paid_statement_goes_back_by_itself(
    harbor: Harbor, counter: Counter
) -> None:
    """CRD-08: an old number, paid before, is no question for the desk: it is owed back at once."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, number, DUE))
    counter.cashier.push(DUE, txp(BROKER, number, DUE))
    assert counter.waiting() == []
    assert harbor.rows("select amount_cents, cause from refund_claim") == [(DUE, "duplicate")]


def test_letters_for_digits_find_the_statement(harbor: Harbor, counter: Counter) -> None:
    """O for 0 and I for 1, as somebody types who reads the number on paper."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(BROKER, number.replace("0", "O").replace("1", "I"), DUE))
    found = candidates(counter)[number]
    assert "O for 0, I for 1" in sentences(found)
