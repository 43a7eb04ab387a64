"""Which documents a payment may have meant, and the evidence for each (CRD-04)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency import credit_candidates
from customhouse.agency.credit_candidates import OnFile, Subject

PAYER, OTHER = 7, 8
NUMBER = "3927327001"
SUBJECT = Subject(
    amount_cents=104_608,
    collected_on=date(2026, 11, 24),
    document_number="",
    elements=(),
    elsewhere=(),
    named_party_id=PAYER,
    earlier={},
)


def on_file(number: str, due_cents: int = 99, *, payable_by: int = PAYER) -> OnFile:
    """Give an open statement."""
    return OnFile(
        kind="statement",
        number=number,
        filer_code="B76",
        statement_number=number,
        state="preliminary",
        total_cents=due_cents,
        due_cents=due_cents,
        due_on=date(2026, 12, 1),
        payer_party_id=payable_by,
        payer_name="Example Harbor Brokers",
        payable_by=(payable_by,),
    )


def pointing(subject: Subject, *documents: OnFile) -> dict[str, str]:
    """Give the weightiest evidence of each candidate."""
    found = credit_candidates.candidates(subject, documents)
    return {each.document.number: each.evidence[0].sentence for each in found}


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (NUMBER, "is its number"),
        ("3927327002", "differs from it in one place: 2 for 1 at place 10"),
        ("3927372001", "with places 6 and 7 exchanged"),
        ("392732701", "has one character too few"),
        ("39273270011", "has one character too many"),
    ],
)
def test_a_slip_in_the_number_is_named(read: str, words: str) -> None:
    """C15: each kind of slip is told by place, and is found among what is looked up."""
    subject = replace(SUBJECT, document_number=read)
    assert words in pointing(subject, on_file(NUMBER))[NUMBER]
    assert NUMBER in credit_candidates.numbers_to_look_up(subject)


@pytest.mark.parametrize(
    ("slip", "read", "words"),
    [
        ("digit dropped", "392732701", "has one character too few"),
        ("first digit dropped", "927327001", "has one character too few"),
        ("digit doubled", "39273227001", "has one character too many"),
        ("O for 0", "39273270O1", "looks like its number: O for 0"),
        ("O for 0, twice", "3927327OO1", "looks like its number: O for 0"),
        ("I for 1", "392732700I", "looks like its number: I for 1"),
        ("O and I", "3927327OOI", "looks like its number: O for 0, I for 1"),
        ("letters in front", "STMT 3927327OO1", "with letters that look like digits"),
        ("last year", "3926327001", "differs from it in one place"),
        ("the day before", "3927326001", "differs from it in one place"),
        ("filer code in front", "B76-3927327001", "Its number stands in element 04, with more"),
        ("importer number in front", "12-345678900 3927327001", "Its number stands in element 04"),
    ],
)
def test_the_slips_of_people_are_found(slip: str, read: str, words: str) -> None:
    """C15: what people do to a number; the document is looked up and the slip named."""
    elements = ("B76", "90001", "261124", read, "104608")
    subject = replace(SUBJECT, document_number=credit_candidates.plain(read), elements=elements)
    found = pointing(subject, on_file(NUMBER), on_file("3927327777"))
    assert list(found) == [NUMBER], slip
    assert words in found[NUMBER], slip
    assert NUMBER in credit_candidates.numbers_to_look_up(subject)


@pytest.mark.parametrize(
    ("slip", "read"),
    [
        ("two digits dropped", "39273271"),
        ("two wrong digits apart", "3827327002"),
        ("digits exchanged across another", "3932727101"),
    ],
)
def test_two_slips_at_once_are_not_guessed(slip: str, read: str) -> None:
    """Too many documents would be as near: amount and payer have to speak for it."""
    elements = ("B76", "90001", "261124", read, "104608")
    subject = replace(SUBJECT, document_number=read, elements=elements)
    assert pointing(subject, on_file(NUMBER)) == {}, slip
    assert "to the cent" in pointing(subject, on_file(NUMBER, 104_608))[NUMBER]


def test_letters_that_belong_to_a_number_stay() -> None:
    """A sequence may have letters: read right it is the number, and is looked up as it is."""
    number = "392732700B"
    subject = replace(SUBJECT, document_number=number, elements=("B76", "90001", "261124", number))
    assert "is its number" in pointing(subject, on_file(number))[number]
    assert number in credit_candidates.numbers_to_look_up(subject)


def test_an_entry_in_place_of_its_statement_is_told() -> None:
    """Who pays an entry by its number means the statement on which it is."""
    subject = replace(SUBJECT, document_number="B7603245278")
    assert "B7603245278" in credit_candidates.entries_to_look_up(subject)
    on_it = replace(on_file(NUMBER), entry_named="B76-0324527-8")
    words = "Entry B76-0324527-8, which the payment names, is on it."
    assert pointing(subject, on_it, on_file("3927327009")) == {NUMBER: words}


@pytest.mark.parametrize("text", [f"INV{NUMBER}", f"{NUMBER} 00", f"REF-{NUMBER[:4]}-{NUMBER[4:]}"])
def test_a_number_in_another_place_is_found(text: str) -> None:
    """In another element or in the entry's own fields, with letters or blanks around."""
    for subject in (
        replace(SUBJECT, elements=("B76", "90001", "261124", "T", "104608", text)),
        replace(SUBJECT, elsewhere=(text,)),
    ):
        assert "Its number stands in" in pointing(subject, on_file(NUMBER))[NUMBER]
        assert NUMBER in credit_candidates.numbers_to_look_up(subject)


def test_equal_amounts_and_sums_are_told() -> None:
    """To the cent, alone, or together with one or two others of one payer."""
    alone = pointing(SUBJECT, on_file(NUMBER, 104_608), on_file("3927327002", 104_607))
    assert list(alone) == [NUMBER]
    assert "to the cent" in alone[NUMBER]
    parts = [on_file("3927327001", 100_000), on_file("3927327002", 4_600)]
    three = pointing(SUBJECT, *parts, on_file("3927327003", 8), on_file("3927327004", 9))
    assert sorted(three) == ["3927327001", "3927327002", "3927327003"]
    assert "Together with 3927327002 and 3927327003" in three["3927327001"]
    others = on_file("3927327003", 8, payable_by=OTHER)
    assert pointing(SUBJECT, *parts, others) == {}


def test_what_the_payer_said_weighs_most_and_nothing_is_hidden() -> None:
    """A document of somebody else is told as such, whatever else speaks for it."""
    subject = replace(SUBJECT, document_number="3927327002", said=(NUMBER,), earlier={PAYER: 12})
    found = credit_candidates.candidates(
        subject, [on_file(NUMBER), on_file("3927327002", 104_608, payable_by=OTHER)]
    )
    assert [each.document.number for each in found] == [NUMBER, "3927327002"]
    sentences = [piece.sentence for piece in found[0].evidence]
    assert sentences[0] == "The payer answered that it pays this one."
    assert "12 earlier payments of this originator went to a payer of it." in sentences
    assert any("not the payer's" in piece.sentence for piece in found[1].evidence)


def test_a_paid_document_is_advised_to_be_refunded() -> None:
    """C17: what was paid already takes nothing more."""
    paid = replace(on_file(NUMBER, 104_608), state="paid", due_cents=0)
    (found,) = credit_candidates.candidates(replace(SUBJECT, document_number=NUMBER), [paid])
    assert "to be refunded" in found.advice


def test_documents_that_nothing_points_at_are_no_candidates() -> None:
    """That a payer has open statements is no evidence for any of them."""
    subject = replace(SUBJECT, earlier={PAYER: 3})
    assert credit_candidates.candidates(subject, [on_file(NUMBER), on_file("3927327009", 5)]) == []


@given(
    dues=st.lists(st.integers(1, 5_000), min_size=3, max_size=30),
    chosen=st.sets(st.integers(0, 29), min_size=2, max_size=3),
)
def test_any_sum_of_up_to_three_is_found(dues: list[int], chosen: set[int]) -> None:
    """Whichever two or three were paid together, some such sum is told; each adds up."""
    places = sorted(place for place in chosen if place < len(dues))
    if len(places) < 2:
        return
    documents = [on_file(f"39273270{place:02d}", cents) for place, cents in enumerate(dues)]
    subject = replace(SUBJECT, amount_cents=sum(dues[place] for place in places))
    found = credit_candidates.candidates(subject, documents)
    assert found
    assert len(found) <= credit_candidates.MOST_CANDIDATES
