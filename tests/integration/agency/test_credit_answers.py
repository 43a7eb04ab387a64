"""Payers see their own money that waits and answer about it; nothing moves by that (CRD-04)."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import credit_answers, credit_desk
from customhouse.agency.credit_answers import (
    Answer,
    Claim,
    Question,
    read_answer,
    read_claim,
)
from customhouse.faults import Refused
from customhouse.formats.txp import CUSTOMS_PROFILE
from customhouse.trade.cli_credit_desk_words import shown_words
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import DUE, Counter
from tests.integration.agency.harbor import BROKER, OTHER_BROKER, TUESDAY, Harbor

NOT_ON_FILE = "3926301999"


@pytest.fixture
def counter(harbor: Harbor) -> Counter:
    """Give the desk of a harbor whose brokers have joined."""
    return Counter.opened(harbor, joined=(BROKER, OTHER_BROKER))


def party(harbor: Harbor, filer_code: str) -> int:
    """Give a filer's party."""
    ((party_id,),) = harbor.rows("select party_id from filer where filer_code = %s", filer_code)
    return int(party_id)


def say(counter: Counter, part_id: str, answer: Answer, *, filer: str = BROKER) -> bool:
    """Answer about a part as a filer."""
    harbor = counter.harbor
    with harbor.connect() as connection:
        return credit_answers.answer(
            connection,
            party(harbor, filer),
            part_id,
            given=answer,
            given_on=harbor.today,
            clock=harbor.clock,
        )


def test_a_payer_sees_its_own_money_only(harbor: Harbor, counter: Counter) -> None:
    """With what was asked and answered; the other broker sees nothing of it, nor does it answer."""
    counter.statements()
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    counter.cashier.push(700)
    part_id = next(each for each in counter.waiting() if each.endswith(".1"))
    counter.decide("ask", part_id, "Which statement?")
    assert say(counter, part_id, Answer("text", (), "I am looking."))
    with harbor.connect() as connection:
        (own,) = credit_answers.waiting(connection, party(harbor, BROKER))
        assert credit_answers.waiting(connection, party(harbor, OTHER_BROKER)) == []
    assert own.part.part_id == part_id
    assert own.questions == (Question("Which statement?", TUESDAY, answered=True),)
    assert own.answers == ((Answer("text", (), "I am looking."), TUESDAY),)
    for other in (OTHER_BROKER, BROKER):
        wrong = part_id if other == OTHER_BROKER else "C00000000000000000000.1"
        with pytest.raises(Refused) as caught:
            say(counter, wrong, Answer("refund"), filer=other)
        assert [fault.code for fault in caught.value.faults] == ["credit-part-unknown"]


def test_an_answer_is_a_proposal_with_evidence(harbor: Harbor, counter: Counter) -> None:
    """The desk compares what is due with the money; the money stays where it is."""
    (number,) = counter.statements()
    counter.cashier.push(DUE - 1, txp(BROKER, NOT_ON_FILE, DUE - 1))
    (part_id,) = counter.waiting()
    answer = Answer("documents", (number, "3926301998"), "")
    assert say(counter, part_id, answer)
    assert not say(counter, part_id, answer)
    with harbor.connect() as connection:
        shown = credit_desk.show(connection, part_id, profile=CUSTOMS_PROFILE)
    (said,) = shown.said
    assert said.evidence == (
        f"{number} is preliminary; $1,000.00 is due on it.",
        "There is no document 3926301998.",
        "The money, $999.99, is less than what is due on all of them, $1,000.00.",
    )
    assert shown.candidates[0].evidence[0].sentence == "The payer answered that it pays this one."
    assert counter.waiting() == [part_id]


def late(counter: Counter, part_id: str) -> str:
    """Give what a payer reads that answers too late."""
    with pytest.raises(Refused) as caught:
        say(counter, part_id, Answer("refund"))
    (fault,) = caught.value.faults
    assert fault.code == "credit-answer-late"
    assert "desk" not in f"{fault.sentence} {fault.next_step}"
    return fault.sentence


def test_who_answers_too_late_reads_what_became_of_it(harbor: Harbor, counter: Counter) -> None:
    """Applied, owed back, both, shared out or found to be another's: in a payer's words."""
    (number,) = counter.statements()
    for cents in (DUE + 500, 700, 900, 1_100):
        counter.cashier.push(cents, txp(BROKER, NOT_ON_FILE, cents))
    over, back, others, shared = counter.waiting()
    counter.decide("apply", over, number)
    since = "does not wait any more since 2026-11-24:"
    assert late(counter, over) == (
        f"{over} {since} $1,000.00 pays statement {number} and $5.00 is owed back to you."
    )
    counter.decide("refund", back)
    assert late(counter, back) == f"{back} {since} $7.00 is owed back to you."
    counter.decide("assign", others, OTHER_BROKER)
    assert late(counter, others) == f"{others} {since} an officer found that it is not yours."
    counter.split(shared, "10.00=refund", "1.00=refund")
    assert late(counter, shared) == (
        f"{shared} {since} {shared}.1: $10.00 is owed back to you;"
        f" {shared}.2: $1.00 is owed back to you."
    )


def test_answers_are_bounded(harbor: Harbor, counter: Counter) -> None:
    """Twenty different answers about one part, and no more."""
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    for n in range(credit_answers.MOST_ANSWERS):
        assert say(counter, part_id, Answer("text", (), f"Answer {n}."))
    with pytest.raises(Refused) as caught:
        say(counter, part_id, Answer("text", (), "One more."))
    assert [fault.code for fault in caught.value.faults] == ["credit-answers-too-many"]


def test_the_longest_answer_is_kept(harbor: Harbor, counter: Counter) -> None:
    """Five hundred characters of four bytes each, and twenty documents."""
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    documents = [f"39263011{n:02}X" for n in range(credit_answers.MOST_DOCUMENTS)]
    text = "".join(chr(0x1F600 + n % 60) for n in range(500))
    longest = read_answer({"kind": "documents", "documents": documents, "text": text})
    assert say(counter, part_id, longest)
    assert not say(counter, part_id, longest)


def test_an_exact_claim_is_evidence_for_nobodys_money(harbor: Harbor, counter: Counter) -> None:
    """Amount, day and trace number together; one of them wrong, and the desk sees nothing."""
    (number,) = counter.statements()
    credit = counter.cashier.credit(DUE)
    counter.cashier.tell(credit)
    (part_id,) = counter.waiting()
    exact = Claim(credit.trace_number, DUE, TUESDAY, (number,), "It is mine.")
    near = Claim(credit.trace_number, DUE + 1, TUESDAY, (number,), "It is mine.")
    with harbor.connect() as connection:
        for claim, filer in ((exact, BROKER), (near, OTHER_BROKER)):
            party_id = party(harbor, filer)
            arguments = {"given_on": harbor.today, "clock": harbor.clock}
            assert credit_answers.claim(connection, party_id, claim, **arguments)
            assert not credit_answers.claim(connection, party_id, claim, **arguments)
    with harbor.connect() as connection:
        shown = credit_desk.show(connection, part_id, profile=CUSTOMS_PROFILE)
    (said,) = shown.said
    assert (said.kind, said.payer_name) == ("claim", "Example Harbor Brokers")
    assert shown.candidates[0].document.number == number
    sentences = [piece.sentence for piece in shown.candidates[0].evidence]
    assert "It pays this one, says who claims the money: Example Harbor Brokers." in sentences
    assert not any("answered" in sentence for sentence in sentences)


def test_two_claims_are_told_each_with_its_words(harbor: Harbor, counter: Counter) -> None:
    """Who claims it, what each says, and that there are two, so that the officer asks first."""
    (number,) = counter.statements()
    credit = counter.cashier.credit(DUE)
    counter.cashier.tell(credit)
    (part_id,) = counter.waiting()
    words = {BROKER: "Sent on Monday.", OTHER_BROKER: "Our bank says so."}
    with harbor.connect() as connection:
        for filer, text in words.items():
            claim = Claim(credit.trace_number, DUE, TUESDAY, (number,), text)
            given = {"given_on": harbor.today, "clock": harbor.clock}
            assert credit_answers.claim(connection, party(harbor, filer), claim, **given)
    with harbor.connect() as connection:
        shown = credit_desk.show(connection, part_id, profile=CUSTOMS_PROFILE)
    told = "\n".join(shown_words(shown))
    names = [said.payer_name for said in shown.said]
    assert len(set(names)) == 2
    both = " and ".join(names)
    assert f"2 payers claim this money: {both}" in told
    assert f"It pays this one, says who claims the money: {both}." in told
    for name, text in zip(names, words.values(), strict=True):
        assert f"claimed     2026-11-24 {name}: {number} {text}" in told


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"kind": "all"},
        {"kind": []},
        {"kind": "documents"},
        {"kind": "documents", "documents": ["x"]},
        {"kind": "documents", "documents": [["3927327001"]]},
        {"kind": "documents", "documents": ["3927327001"] * 21},
        {"kind": "refund", "documents": ["3927327001"]},
        {"kind": "text", "text": "  "},
        {"kind": "text", "text": "line\nbreak"},
        {"kind": "text", "text": "x" * 501},
        {"kind": "refund", "more": 1},
    ],
)
def test_wrong_answers_are_refused(body: object) -> None:
    """Each wrong member is named with what is expected."""
    with pytest.raises(Refused) as caught:
        read_answer(body)
    assert {fault.code for fault in caught.value.faults} == {"credit-answer-wrong"}


def test_documents_are_read_as_people_write_them() -> None:
    """With blanks, hyphens and small letters, here as at every other door."""
    read = read_answer({"kind": "documents", "documents": ["3927-327 00a", "392732700A"]})
    assert read.documents == ("392732700A",)


def test_claims_are_read_strictly() -> None:
    """All faults at once; a right one is read as it is."""
    with pytest.raises(Refused) as caught:
        read_claim({"trace_number": "1", "amount_cents": 1.5, "collected_on": "2026-02-30"})
    assert len(caught.value.faults) == 3
    read = read_claim(
        {"trace_number": "091000010000001", "amount_cents": 5, "collected_on": "2026-11-24"}
    )
    assert read == Claim("091000010000001", 5, date(2026, 11, 24))


def test_a_question_is_read_by_whom_it_was_asked_alone(harbor: Harbor, counter: Counter) -> None:
    """Money that is found to be another payer's comes without what its first payer was asked."""
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    counter.decide("ask", part_id, "Is it yours, or for statement 3927327001?")
    counter.decide("assign", part_id, OTHER_BROKER)
    (moved,) = counter.waiting()
    counter.decide("ask", moved, "Which statement does it pay?")
    with harbor.connect() as connection:
        (waiting,) = credit_answers.waiting(connection, party(harbor, OTHER_BROKER))
    assert [each.text for each in waiting.questions] == ["Which statement does it pay?"]


def test_a_payer_may_come_back_to_an_earlier_answer(harbor: Harbor, counter: Counter) -> None:
    """What it said last stands last, also where it had said so before; said again it is one."""
    counter.cashier.push(DUE, txp(BROKER, NOT_ON_FILE, DUE))
    (part_id,) = counter.waiting()
    back, text = Answer("refund"), Answer("text", (), "It pays 3927327001 after all.")
    told = [say(counter, part_id, each) for each in (text, text, back, text, text)]
    assert told == [True, False, True, True, False]
    with harbor.connect() as connection:
        (waiting,) = credit_answers.waiting(connection, party(harbor, BROKER))
    assert [answer.kind for answer, _ in waiting.answers] == ["text", "refund", "text"]


def test_claims_are_bounded_by_day(
    harbor: Harbor, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who made too many on one day may claim again on another: nobody decides about claims."""
    monkeypatch.setattr(credit_answers, "MOST_CLAIMS", 2)

    def claim(cents: int, day: date) -> bool:
        given = Claim("091000010000001", cents, TUESDAY)
        with harbor.connect() as connection:
            return credit_answers.claim(
                connection, party(harbor, BROKER), given, given_on=day, clock=harbor.clock
            )

    assert claim(1, TUESDAY)
    assert claim(2, TUESDAY)
    with pytest.raises(Refused, match="You gave 2 claims today already"):
        claim(3, TUESDAY)
    assert claim(3, date(2026, 11, 25))
