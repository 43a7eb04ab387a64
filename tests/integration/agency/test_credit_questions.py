"""Questions of the desk and their answers: how they are told, when they are open, asked again."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import credit_answers, notice_views
from customhouse.agency.credit_answers import Answer
from customhouse.agency.credit_work_list import Filters, work_list
from customhouse.agency.mail import SUBJECTS
from customhouse.database import connect
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import DUE, Counter
from tests.integration.agency.harbor import BROKER, OTHER_BROKER, Harbor

QUESTION = "Which statement does it pay?"
ANSWER = Answer("text", (), "I am looking.")
TOLD = "select kind, text from payer_notice order by notice_id"


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give the desk of a harbor whose brokers have joined."""
    return Counter.opened(harbor, joined=(BROKER, OTHER_BROKER))


@pytest.fixture
def part_id(counter: Counter) -> str:
    """Give a part of the broker's that waits because its document is unknown."""
    counter.cashier.push(DUE, txp(BROKER, "3926301999", DUE))
    (found,) = counter.waiting()
    return found


def say(counter: Counter, part_id: str, answer: Answer = ANSWER) -> bool:
    """Answer about a part as the broker."""
    harbor = counter.harbor
    with harbor.connect() as connection:
        return credit_answers.answer(
            connection,
            party(harbor),
            part_id,
            given=answer,
            given_on=harbor.today,
            clock=harbor.clock,
        )


def party(harbor: Harbor) -> int:
    """Give the broker's party."""
    ((party_id,),) = harbor.rows("select party_id from filer where filer_code = %s", BROKER)
    return int(party_id)


def notices(harbor: Harbor) -> list[tuple[str, bool, bool]]:
    """Give kind, whether it is open and whether its money waits, of each notice on the page."""
    with harbor.connect() as connection:
        found = notice_views.notices_of(connection, [BROKER], news_since=date.max)
    return [(each.kind, each.is_current, each.waits) for each in reversed(found)]


def asked(harbor: Harbor) -> list[tuple[str, bool]]:
    """Give what the broker reads that it was asked, and whether it has answered since."""
    with harbor.connect() as connection:
        (found,) = credit_answers.waiting(connection, party(harbor))
    return [(each.text, each.answered) for each in found.questions]


def test_a_payer_is_told_how_to_answer(harbor: Harbor, counter: Counter, part_id: str) -> None:
    """CRD-04: the command, the path of the API, and what happens when nobody answers."""
    counter.decide("ask", part_id, QUESTION)
    told = harbor.rows(TOLD)
    assert [kind for kind, _ in told] == ["credit-unmatched", "credit-question"]
    for kind, text in told:
        assert f"customhouse credits answer {part_id} --document NUMBER" in text
        assert f"POST /api/v1/payer/credits/{part_id}/answers" in text
        assert "Until you answer the money waits" in text
        assert kind in SUBJECTS


def test_an_answered_question_is_not_open(harbor: Harbor, counter: Counter, part_id: str) -> None:
    """CRD-04: open until it is answered, open again when it is asked again, past when decided."""
    assert notices(harbor) == [("credit-unmatched", True, True)]
    counter.decide("ask", part_id, QUESTION)
    assert notices(harbor)[1:] == [("credit-question", True, True)]
    assert asked(harbor) == [(QUESTION, False)]
    assert say(counter, part_id)
    assert notices(harbor) == [("credit-unmatched", False, True), ("credit-question", False, True)]
    assert asked(harbor) == [(QUESTION, True)]
    counter.decide("ask", part_id, "By when will you know?")
    assert [is_open for _, is_open, _ in notices(harbor)] == [False, False, True]
    counter.decide("refund", part_id)
    assert not any(is_open or waits for _, is_open, waits in notices(harbor))


def test_the_same_question_is_asked_again_behind_an_answer(
    harbor: Harbor, counter: Counter, part_id: str
) -> None:
    """CRD-04: before an answer it is a repeat; behind one the payer reads a new question."""
    counter.decide("ask", part_id, QUESTION)
    assert counter.decide("ask", part_id, QUESTION).again
    assert say(counter, part_id)
    assert not say(counter, part_id)
    assert not counter.decide("ask", part_id, QUESTION).again
    assert counter.decide("ask", part_id, QUESTION).again
    assert asked(harbor) == [(QUESTION, True), (QUESTION, False)]
    assert [kind for kind, _ in harbor.rows(TOLD)].count("credit-question") == 2
    assert say(counter, part_id)
    assert asked(harbor) == [(QUESTION, True), (QUESTION, True)]


def test_a_question_follows_money_that_was_shared_out(
    harbor: Harbor, counter: Counter, part_id: str
) -> None:
    """An answer about a share answers what was asked about the whole; the rest stays open."""
    with harbor.connect() as connection:
        connection.execute("update filer_port set uses_client_branch = true")
    number, _ = counter.statements(2)
    counter.decide("ask", part_id, QUESTION)
    counter.decide("apply", part_id, number, cents=DUE - 1)
    short, rest = counter.waiting()
    assert rest == f"{part_id}.2"
    assert say(counter, rest)
    assert ("credit-question", True, True) in notices(harbor)
    assert say(counter, short)
    assert ("credit-question", False, True) in notices(harbor)


def test_many_parts_told_together_are_open_until_all_are_answered(
    harbor: Harbor, counter: Counter
) -> None:
    """One notice for a CTX entry; it is open while one of its parts waits unanswered."""
    counter.cashier.push(11, *(txp(BROKER, "3926301999", 1) for _ in range(11)))
    parts = counter.waiting()
    assert notices(harbor) == [("credit-unmatched", True, True)]
    for part_id in parts[:-1]:
        assert say(counter, part_id)
    assert notices(harbor) == [("credit-unmatched", True, True)]
    assert say(counter, parts[-1])
    assert notices(harbor) == [("credit-unmatched", False, True)]


def test_thousands_of_answers_about_one_entry_hold_nobody_up(
    harbor: Harbor, counter: Counter
) -> None:
    """Page and work list come within the time limit of a statement: no part is compared with all.

    The answers are written as rows; a payer's program may give one about each addendum.
    """
    many = 9_999
    counter.cashier.push(many, *(txp(BROKER, "3926301999", 1) for _ in range(many)))
    with connect(harbor.settings, "agency", role="owner") as connection:
        connection.execute(
            "insert into credit_answer (payer_party_id, credit_id, part_id, kind, documents, text,"
            " given_on, given_at)"
            " select payer_party_id, credit_id, part_id, 'text', '{}', 'x', since_on, now()"
            " from credit_part"
        )
        connection.execute("analyze credit_part")
        connection.execute("analyze credit_answer")
    assert notices(harbor) == [("credit-unmatched", False, True)]
    with harbor.connect() as connection:
        filters = Filters(answered=True)
        found = work_list(connection, filters, business_date=harbor.today)
    assert [(each.parts, each.cents) for each in found.totals] == [(many, many)]
    assert {line.answers for line in found.lines} == {1}
