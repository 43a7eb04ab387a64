"""The work list of the exception desk, and a part with its evidence, on real rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from customhouse.agency import credit_desk
from customhouse.agency.credit_desk import Filters, Shown, WorkList
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import DUE, Counter
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    OTHER_BROKER,
    WEDNESDAY,
    Harbor,
)

NOT_ON_FILE = "3926301999"


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give the desk of a harbor whose brokers have joined."""
    return Counter.opened(harbor, joined=(BROKER, OTHER_BROKER))


def listed(harbor: Harbor, **filters: object) -> WorkList:
    """Give the work list of today."""
    with harbor.connect() as connection:
        return credit_desk.work_list(
            connection,
            Filters(**filters),  # type: ignore[arg-type]
            business_date=harbor.today,
        )


def shown(harbor: Harbor, part_id: str) -> Shown:
    """Show a part."""
    with harbor.connect() as connection:
        return credit_desk.show(connection, part_id, profile=CUSTOMS_PROFILE)


def test_the_list_tells_owner_reason_and_age(harbor: Harbor, counter: Counter) -> None:
    """CRD-04: the oldest first, then the largest; totals by reason; filters hold."""
    (number,) = counter.statements()
    counter.cashier.push(700)
    counter.cashier.push(900)
    harbor.open(WEDNESDAY)
    counter.cashier.push(40_000, txp(BROKER, number, 40_000))
    found = listed(harbor)
    assert [(line.amount_cents, line.reason, found.age_of(line)) for line in found.lines] == [
        (900, "addendum-missing", 1),
        (700, "addendum-missing", 1),
        (40_000, "short", 0),
    ]
    assert [(line.owner_kind, line.sender_name) for line in found.lines][1:] == [
        ("agency", None),
        ("filer", "Example Harbor Brokers"),
    ]
    assert [(each.reason, each.parts, each.cents) for each in found.totals] == [
        ("short", 1, 40_000),
        ("addendum-missing", 2, 1_600),
    ]
    assert len(listed(harbor, reason="short").lines) == 1
    assert len(listed(harbor, older_than_days=1).lines) == 2
    assert len(listed(harbor, min_cents=800).lines) == 2
    assert len(listed(harbor, payer_identifier=BROKER).lines) == 1
    assert len(listed(harbor, most=1).lines) == 1


@pytest.mark.parametrize(
    "filters",
    [{"reason": "Short!"}, {"older_than_days": -1}, {"min_cents": -5}, {"most": 0}],
)
def test_wrong_filters_are_refused(
    harbor: Harbor, counter: Counter, filters: dict[str, object]
) -> None:
    """Each names the filter and what is expected."""
    with pytest.raises(Refused) as caught:
        listed(harbor, **filters)
    assert [fault.code for fault in caught.value.faults] == ["desk-filter-wrong"]


def test_a_wrong_digit_is_shown_with_its_evidence(harbor: Harbor, counter: Counter) -> None:
    """C15: raw characters, elements, and the statement that was meant, first."""
    (number,) = counter.statements()
    wrong = number[:-1] + "7"
    raw = txp(BROKER, wrong, DUE)
    counter.cashier.push(DUE, raw)
    (part_id,) = counter.waiting()
    found = shown(harbor, part_id)
    ((place, text, reading),) = found.readings
    assert (place, text) == (1, raw)
    assert reading.elements[3] == wrong
    (candidate,) = found.candidates
    assert candidate.document.number == number
    sentences = [piece.sentence for piece in candidate.evidence]
    assert any("differs from it in one place" in sentence for sentence in sentences)
    assert any("to the cent" in sentence for sentence in sentences)
    assert any("may pay it" in sentence for sentence in sentences)
    assert candidate.advice == "Applied, it is paid in full."


def test_a_number_of_another_payer_is_told_as_such(harbor: Harbor, counter: Counter) -> None:
    """The number is right, the payer another's: evidence, and a warning."""
    (number,) = counter.statements()
    counter.cashier.push(DUE, txp(OTHER_BROKER, number, DUE))
    (part_id,) = counter.waiting()
    (candidate,) = shown(harbor, part_id).candidates
    sentences = [piece.sentence for piece in candidate.evidence]
    assert any("is its number" in sentence for sentence in sentences)
    assert any("not the payer's" in sentence for sentence in sentences)


def test_money_without_an_addendum_is_found_by_amount_and_habit(
    harbor: Harbor, counter: Counter
) -> None:
    """The amount is equal, and this originator paid for this payer before."""
    first, second = _two_statements(harbor, counter)
    counter.cashier.push(DUE, txp(BROKER, first, DUE))
    counter.cashier.push(DUE)
    (part_id,) = counter.waiting()
    found = {each.document.number: each for each in shown(harbor, part_id).candidates}
    open_one = [piece.sentence for piece in found[second].evidence]
    assert "1 earlier payment of this originator went to a payer of it." in open_one
    assert "to be refunded" in found[first].advice


def _two_statements(harbor: Harbor, counter: Counter) -> list[str]:
    with harbor.connect() as connection:
        connection.execute("update filer_port set uses_client_branch = true")
    return counter.statements(2)


def test_a_sum_of_two_is_found(harbor: Harbor, counter: Counter) -> None:
    """One payment for two statements of its payer."""
    first, second = _two_statements(harbor, counter)
    counter.cashier.push(2 * DUE, txp(BROKER, NOT_ON_FILE, 2 * DUE))
    (part_id,) = counter.waiting()
    found = {each.document.number: each for each in shown(harbor, part_id).candidates}
    assert sorted(found) == [first, second]
    assert f"Together with {second}" in found[first].evidence[0].sentence


def test_an_importers_statement_is_found_for_the_importer(harbor: Harbor) -> None:
    """Statements of type 3 are found by their importer."""
    counter = Counter.opened(harbor, joined=(IMPORTER_X,))
    (number,) = counter.statements(payment_type="3")
    counter.cashier.push(DUE, txp(IMPORTER_X, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    (candidate,) = shown(harbor, part_id).candidates
    assert candidate.document.number == number
    assert any("may pay it" in piece.sentence for piece in candidate.evidence)


def test_history_follows_the_shares(harbor: Harbor, counter: Counter) -> None:
    """What was decided about a part is told of all that it became."""
    (number,) = counter.statements()
    counter.cashier.push(DUE + 500)
    (part_id,) = counter.waiting()
    counter.decide("assign", part_id, BROKER, reason="By its letter.")
    counter.decide("apply", f"{part_id}.1", number, cents=DUE)
    (rest,) = counter.waiting()
    found = shown(harbor, rest)
    assert [(act.action, act.officer) for act in found.acts] == [
        ("assign", "Officer One"),
        ("apply", "Officer One"),
    ]
    assert found.acts[0].reason == "By its letter."


def test_an_unknown_part_is_a_fault(harbor: Harbor, counter: Counter) -> None:
    """Whatever is asked for, also with other characters in it."""
    for part_id in ("C00000000000000000000.1", "", "é" * 100, "C1'; select"):
        with pytest.raises(Refused) as caught:
            shown(harbor, part_id)
        assert [fault.code for fault in caught.value.faults] == ["credit-part-unknown"]


def test_a_candidate_for_which_something_waits_is_shown(harbor: Harbor, counter: Counter) -> None:
    """What is still missing on it is told as money."""
    (number,) = counter.statements()
    counter.cashier.push(40_000, txp(BROKER, number, 40_000))
    near = f"{number[:-1]}9"
    counter.cashier.push(50_000, txp(BROKER, near, 50_000))
    ((part_id,),) = harbor.rows("select part_id from credit_part where reason <> 'short'")
    (candidate,) = shown(harbor, part_id).candidates
    assert candidate.document.number == number
    # 1,000.00 are due, 400.00 wait, and these are 500.00.
    assert "$100.00" in candidate.advice


def test_every_reason_that_waits_can_be_asked_for(harbor: Harbor, counter: Counter) -> None:
    """A misspelt one is refused: an empty list would look like an empty desk."""
    for reason in credit_desk.REASONS:
        assert listed(harbor, reason=reason).lines == ()
    with pytest.raises(Refused, match="not one of addendum-missing"):
        listed(harbor, reason="document-unknwon")


def test_the_explained_reasons_are_the_known_ones() -> None:
    """The page's table has a line for each."""
    docs = Path(__file__).parents[3] / "docs"
    page = (docs / "explanation" / "incoming-credits.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([a-z-]+)` \| ", page.split("## Settled")[0], re.MULTILINE))
    assert explained == set(credit_desk.REASONS)
