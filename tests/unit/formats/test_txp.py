"""The TXP segment: every tolerated variant, every fault, and that no amount is ever guessed."""

from __future__ import annotations

from datetime import date
from string import ascii_uppercase, digits, printable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from customhouse.formats import txp
from customhouse.formats.txp import DocumentKind, TxpPayment, TxpReading
from customhouse.formats.txp_reader import Reader
from customhouse.identifiers import IdentifierError, StatementNumber, check_digit

GOOD = "TXP*12-345678900*90001*261030*3927327001*104608\\"
SHORT = "TXP*B76*90001*261030*3927327001*5\\"
PAYMENT = TxpPayment("12-345678900", "statement", "3927327001", date(2026, 10, 30), 104_608)


def _says(reading: TxpReading) -> TxpPayment | None:
    if reading.document_kind is None or reading.dated_on is None or reading.amount_cents is None:
        return None
    return TxpPayment(
        reading.payer_identifier,
        reading.document_kind,
        reading.document_number,
        reading.dated_on,
        reading.amount_cents,
    )


def test_a_plain_segment_is_read_and_written_without_a_note() -> None:
    reading = txp.read(GOOD.ljust(80))
    assert (_says(reading), reading.fault, reading.notes) == (PAYMENT, None, ())
    assert reading.type_code == "90001"
    assert reading.elements == ("12-345678900", "90001", "261030", "3927327001", "104608")
    assert txp.render(PAYMENT) == GOOD


VARIANTS = {
    "  " + GOOD: ["Blanks stand before the segment."],
    GOOD.lower(): ["The segment is in lower case."],
    GOOD[:-1]: ["The terminator is missing at the end."],
    GOOD[:-1] + "~": ["The segment ends with another terminator than the agreed one."],
    GOOD + " INV 4711": ["Text stands behind the terminator; it was not read."],
    "TXP* 12-345678900 *90001 *261030*3927327001*104608 \\": ["Blanks stand inside an element."],
    "TXP*12-3456789 00*90001*261030*3927327001*104608\\": ["Blanks stand inside an element."],
    "TXP*12-345678900*9 0001*261030*3927327001*104608\\": ["Blanks stand inside an element."],
    GOOD[:-1] + "**\\": ["Empty elements stand at the end."],
    "TXP*12-3456789-00*90001*261030*3927327001*104608\\": [
        "The hyphens of the payer identifier are missing or misplaced."
    ],
    "TXP*12-345678900*90001*261030*39 27327 001*104608\\": [
        "The document number is written with blanks or hyphens."
    ],
    "TXP*12-345678900*90001*261030*39-27327-001*104608\\": [
        "The document number is written with blanks or hyphens."
    ],
    "TXP*12-345678900*90001*20261030*3927327001*104608\\": [
        "The date has eight digits instead of six."
    ],
    "TXP*12-345678900*90001*261030*3927327001*0000104608\\": ["Zeros stand before the amount."],
    "TXP*12-3456789*90001*261030*3927327001*104608\\": [],
    "TXP*12-345678900*90001*261030*3927327001*104608*****VER\\": [],
}


@pytest.mark.parametrize("text", VARIANTS)
def test_a_known_variant_says_the_same_with_a_note(text: str) -> None:
    """C15: what real banks and payers are known to send is read, and what was odd is told."""
    reading = txp.read(text.ljust(80))
    assert (_says(reading), reading.fault) == (PAYMENT, None)
    assert list(reading.notes) == VARIANTS[text]
    assert set(reading.notes) <= set(txp.NOTES)


def test_several_variants_in_one_segment_are_all_noted() -> None:
    reading = txp.read("txp*12-3456789-00*90001*20261030*39 27327 001*0000104608*~ thanks")
    assert _says(reading) == PAYMENT
    assert len(reading.notes) == 8


@pytest.mark.parametrize(
    ("written", "read", "others"),
    [
        ("123456789", "123456789", ("12-345678900", "123-45-6789")),
        ("12345678900", "12345678900", ("12-345678900", "123456-78900")),
        ("123456789AB", "12-3456789AB", ()),
        ("123 45 6789", "123456789", ("12-345678900", "123-45-6789")),
    ],
)
def test_digits_that_may_be_two_payers_stay_as_they_are(
    written: str, read: str, others: tuple[str, ...]
) -> None:
    """C15: nine digits may be an IRS or a social security number; nobody guesses which."""
    reading = txp.read(f"TXP*{written}*90001*261030*3927327001*104608\\")
    assert (reading.payer_identifier, reading.other_payers) == (read, others)
    assert reading.fault is None
    assert reading.notes == ("The hyphens of the payer identifier are missing or misplaced.",)


FAULTS = {
    "": ("segment-missing", None),
    "RMR*ST*3927327001**1046.08\\": ("segment-missing", None),
    "PAYMENT " + GOOD: ("segment-missing", None),
    "TXP": ("separator-missing", None),
    GOOD.replace("*", " "): ("separator-missing", None),
    GOOD.replace("*", "|"): ("separator-missing", None),
    GOOD.ljust(80) + "X": ("too-long", None),
    GOOD.replace("1046", "10\t46"): ("not-printable", None),
    SHORT + SHORT: ("two-segments", None),
    SHORT + " " + SHORT.lower(): ("two-segments", None),
    SHORT[:-1] + "*" + SHORT: ("two-segments", None),
    SHORT[:-1] + " " + SHORT: ("two-segments", None),
    "TXP*12-345678900*90001*261030*3927327001*104608****" + "9" * 29: ("terminator-missing", None),
    GOOD.replace("*12", "**12"): ("too-many-elements", None),
    GOOD[:-1] + "*T*500\\": ("too-many-elements", None),
    GOOD[:-1] + "*" * 6 + "X\\": ("too-many-elements", None),
    "TXP*12-345678900*90001*2610303927327001*104608\\": ("element-missing", None),
    "TXP*12-345678900*90001*261030*3927327001\\": ("element-missing", None),
    "TXP*12-345678900*90001*261030*3927327001*\\": ("element-missing", None),
    "TXP**90001*261030*3927327001*104608\\": ("element-missing", 104_608),
    "TXP*12-345678900**261030*3927327001*104608\\": ("element-missing", 104_608),
    "TXP*12-345678900*90001**3927327001*104608\\": ("element-missing", 104_608),
    "TXP*12-345678900*90001*261030**104608\\": ("element-missing", 104_608),
    GOOD.replace("104608", "1046.08"): ("amount-malformed", None),
    GOOD.replace("104608", "1046O8"): ("amount-malformed", None),
    GOOD.replace("104608", "-104608"): ("amount-malformed", None),
    GOOD.replace("104608", "1046 08"): ("amount-malformed", None),
    GOOD.replace("104608", "$104608"): ("amount-malformed", None),
    GOOD.replace("104608", "12345678901"): ("amount-too-large", None),
    GOOD.replace("104608", "000"): ("amount-zero", None),
    GOOD.replace("90001", "90000"): ("amount-zero", None),
    GOOD.replace("12-345678900", "12-34567890"): ("payer-malformed", 104_608),
    GOOD.replace("12-345678900", "000"): ("payer-malformed", 104_608),
    GOOD.replace("90001", "04100"): ("type-unknown", 104_608),
    GOOD.replace("3927327001", "392732700"): ("document-malformed", 104_608),
    GOOD.replace("3927327001", "3927O27001"): ("document-malformed", 104_608),
    GOOD.replace("90001", "90002"): ("document-malformed", 104_608),
    GOOD.replace("90001*261030*3927327001", "90003*261030*B7603245279"): (
        "document-malformed",
        104_608,
    ),
    GOOD.replace("261030", "260230"): ("date-impossible", 104_608),
    GOOD.replace("261030", "2610300"): ("date-impossible", 104_608),
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_broken_segment_has_one_fault_and_no_guessed_amount(text: str) -> None:
    """C15: a missing separator, a letter in the amount, 81 characters, an unknown type."""
    reading = txp.read(text)
    code, amount_cents = FAULTS[text]
    assert reading.fault is not None
    assert (reading.fault.code, reading.amount_cents) == (code, amount_cents)
    assert len(reading.fault.sentence) <= 160


def test_every_fault_code_is_shown_here() -> None:
    assert {code for code, _ in FAULTS.values()} == set(txp.FAULT_CODES)


def test_what_can_be_read_is_given_beside_a_fault() -> None:
    reading = txp.read(GOOD.replace("104608", "1,046.08"))
    assert reading.payer_identifier == "12-345678900"
    assert (reading.document_kind, reading.document_number) == ("statement", "3927327001")
    assert reading.elements[4] == "1,046.08"


def test_a_prenote_carries_no_document_and_no_money() -> None:
    prenote = TxpPayment("B76", "prenote", "", date(2026, 10, 30), 0)
    text = txp.render(prenote)
    assert text == "TXP*B76*90000*261030**0\\"
    assert (_says(txp.read(text)), txp.read(text).fault) == (prenote, None)


@pytest.mark.parametrize(
    "payment",
    [
        TxpPayment("12-3456789", "statement", "3927327001", date(2026, 10, 30), 1),
        TxpPayment("12-345678900", "statement", "39-27327-001", date(2026, 10, 30), 1),
        TxpPayment("12-345678900", "bill", "3927327001", date(2026, 10, 30), 1),
        TxpPayment("12-345678900", "statement", "3927327001", date(2026, 10, 30), 0),
        TxpPayment("12-345678900", "statement", "3927327001", date(2026, 10, 30), -1),
        TxpPayment("12-345678900", "statement", "3927327001", date(2026, 10, 30), 10**10),
        TxpPayment("12-345678900", "statement", "3927327001", date(1999, 10, 30), 1),
    ],
)
def test_writing_refuses_what_would_not_be_read_as_it_is(payment: TxpPayment) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        txp.render(payment)


_CHARACTERS = digits + ascii_uppercase
_DATES = st.dates(date(2000, 1, 1), date(2060, 12, 31))
_AMOUNTS = st.integers(1, 9_999_999_999)
_PAYERS = st.one_of(
    st.text(_CHARACTERS, min_size=3, max_size=3).filter(lambda code: code != "000"),
    st.from_regex("[0-9]{2}-[0-9]{7}[0-9A-HJ-NP-Y]{2}", fullmatch=True),
    st.from_regex("[0-9]{3}-[0-9]{2}-[0-9]{4}", fullmatch=True),
    st.from_regex("[0-9]{6}-[0-9]{5}", fullmatch=True),
).filter(lambda payer: payer.replace("-", "").strip("0") != "")
_STATEMENTS = st.from_regex("[0-9]{4}(0[0-9][1-9]|[12][0-9]{2})[A-Z][0-9A-Z]{2}", fullmatch=True)
_BILLS = st.from_regex("[0-9]{7}[0-9A-Z]{4}", fullmatch=True)


@st.composite
def _payments(draw: st.DrawFn) -> TxpPayment:
    kinds: list[DocumentKind] = ["statement", "bill", "entry"]
    kind = draw(st.sampled_from(kinds))
    if kind == "entry":
        filer, seven = "B76", f"{draw(st.integers(0, 9_999_999)):07d}"
        number = f"{filer}{seven}{check_digit(filer, seven)}"
    else:
        number = draw(_STATEMENTS if kind == "statement" else _BILLS)
    return TxpPayment(draw(_PAYERS), kind, number, draw(_DATES), draw(_AMOUNTS))


@given(_payments())
def test_what_is_written_is_read_as_it_was(payment: TxpPayment) -> None:
    reading = txp.read(txp.render(payment).ljust(80))
    assert (_says(reading), reading.fault, reading.notes) == (payment, None, ())


@given(st.from_regex("[0-9]{4}[0-4][0-9]{2}[0A]{2}[0-9A-Z]", fullmatch=True))
@example("3927000001")
@example("3927366001")
@example("3927367001")
@example("3927327000")
def test_a_statement_number_is_one_by_the_rule_of_its_kind(number: str) -> None:
    reading = txp.read(f"TXP*B76*90001*261030*{number}*1\\")
    try:
        StatementNumber.parse(number)
    except IdentifierError:
        assert reading.fault is not None
        assert reading.fault.code == "document-malformed"
    else:
        assert reading.fault is None


@given(_payments())
def test_the_fast_way_of_reading_gives_what_the_other_gives(payment: TxpPayment) -> None:
    text = txp.render(payment)
    assert txp.read(text) == Reader(txp.CUSTOMS_PROFILE).read(text)


@given(st.text(st.sampled_from(printable + "TXP*\\~é²")), st.booleans())
@example("TXP*TXP*TXP*TXP*TXP*TXP\\", False)  # noqa: FBT003 - positions of the example
def test_any_text_is_read_without_an_exception(text: str, is_begun: bool) -> None:  # noqa: FBT001
    reading = txp.read(f"TXP*{text}" if is_begun else text)
    if reading.amount_cents is not None:
        assert str(reading.amount_cents) == reading.elements[4].lstrip("0")


@given(_payments(), st.integers(0, 79), st.sampled_from("0*\\~ A-.TX\t"), st.sampled_from("ird"))
def test_one_wrong_character_never_makes_an_amount_that_does_not_stand_there(
    payment: TxpPayment, place: int, character: str, how: str
) -> None:
    text = txp.render(payment)
    place = min(place, len(text) - 1)
    behind = text[place:] if how == "i" else text[place + 1 :]
    broken = text[:place] + ("" if how == "d" else character) + behind
    reading = txp.read(broken)
    assert reading.fault is not None or reading.amount_cents is not None
    if reading.amount_cents is not None:
        stood = broken.split("*")[5].strip("\\~ ").split("\\")[0].split("~")[0].strip()
        assert str(reading.amount_cents) == stood.lstrip("0")
