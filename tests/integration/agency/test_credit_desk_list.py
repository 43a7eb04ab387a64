"""The work list of the exception desk, and a part with its evidence, on real rows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from customhouse.agency import credit_answers, credit_desk, credit_work_list
from customhouse.agency.credit_answers import Answer, Claim
from customhouse.agency.credit_desk import Shown
from customhouse.agency.credit_desk_document import csv_lines, spelled_list
from customhouse.agency.credit_work_list import Filters, WorkList
from customhouse.database import connect
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE
from customhouse.trade.cli_credit_desk_words import list_words
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
        return credit_work_list.work_list(
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


def test_the_head_counts_by_reason_and_age(harbor: Harbor, counter: Counter) -> None:
    """However long the list is, its first lines say how much waits and how old it is."""
    for age, cents in ((0, 100), (1, 200), (2, 300), (7, 400), (8, 500), (31, 600)):
        counter.cashier.push(cents)
        with connect(harbor.settings, "agency", role="owner") as connection:
            connection.execute(
                "update credit_part set since_on = since_on - %s where amount_cents = %s",
                (age, cents),
            )
    found = listed(harbor)
    (total,) = found.totals
    assert total.ages == {"0-1": 2, "2-7": 2, "8-30": 1, "over 30": 1}
    first, second, *_ = list_words(found)
    assert first.startswith("total in all: 6 of $21.00, the oldest since 2026-10-23 (0-1 days 2,")
    assert second.startswith("total addendum-missing: 6 of $21.00")


def test_a_long_list_goes_on_behind_its_last_part(harbor: Harbor, counter: Counter) -> None:
    """Page by page each part comes once, also when the last one was decided meanwhile."""
    for cents in (500, 300, 300, 200, 100):
        counter.cashier.push(cents, txp(BROKER, NOT_ON_FILE, cents))
    whole = [line.part_id for line in listed(harbor).lines]
    pages, after = [], None
    while True:
        page = listed(harbor, most=2, after=after)
        assert sum(total.parts for total in page.totals) == 5 - len(pages) // 2
        pages += [line.part_id for line in page.lines]
        if page.after is None:
            break
        after = page.after
        hint = f"There is more: the same command with --after {after}"
        assert list(list_words(page))[-1] == hint
        assert spelled_list(page)["next_after"] == after
        counter.decide("refund", after)
    assert pages == whole
    with harbor.connect() as connection:
        every = credit_work_list.pages(connection, Filters(most=1), business_date=harbor.today)
        assert len(list(csv_lines(every))) == 1 + len(listed(harbor).lines)
    with pytest.raises(Refused, match="no payment, or part of one"):
        listed(harbor, after="C00000000000000000000.1")


def test_what_was_answered_or_claimed_is_asked_for(harbor: Harbor, counter: Counter) -> None:
    """What somebody said something about is what an officer can decide next."""
    harbor_party = "select party_id from filer where filer_code = %s"
    ((party_id,),) = harbor.rows(harbor_party, BROKER)
    counter.cashier.push(500, txp(BROKER, NOT_ON_FILE, 500))
    counter.cashier.push(400, txp(BROKER, NOT_ON_FILE, 400))
    nobodys = counter.cashier.credit(300)
    counter.cashier.tell(nobodys)
    assert listed(harbor, answered=True).lines == ()
    said = {"given_on": harbor.today, "clock": harbor.clock}
    answered = listed(harbor).lines[0].part_id
    with harbor.connect() as connection:
        given = Answer("text", (), "It is a deposit.")
        credit_answers.answer(connection, party_id, answered, given=given, **said)
        claim = Claim(nobodys.trace_number, 300, harbor.today)
        credit_answers.claim(connection, party_id, claim, **said)
    found = listed(harbor, answered=True)
    counts = [(line.amount_cents, line.answers, line.claims) for line in found.lines]
    assert counts == [(500, 1, 0), (300, 0, 1)]
    assert sum(total.parts for total in found.totals) == 2
    told = [line for line in list_words(found) if not line.startswith("total")]
    assert [line.rpartition("; ")[2] for line in told] == ["answered", "claimed"]


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
    for reason in credit_work_list.REASONS:
        assert listed(harbor, reason=reason).lines == ()
    with pytest.raises(Refused, match="not one of addendum-missing"):
        listed(harbor, reason="document-unknwon")


def test_the_explained_reasons_are_the_known_ones() -> None:
    """The page's table has one line for each."""
    docs = Path(__file__).parents[3] / "docs"
    page = (docs / "explanation" / "incoming-credits.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `([a-z-]+)` \| ", page.split("## Settled")[0], re.MULTILINE)
    assert sorted(explained) == list(credit_work_list.REASONS)
