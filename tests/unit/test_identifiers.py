"""Identifiers read back what they spell and refuse what only looks like them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.identifiers import (
    LAST_STATEMENT_SEQUENCE,
    EntryNumber,
    FilerCode,
    IdentifierError,
    ImporterNumber,
    PayerUnitNumber,
    RoutingNumber,
    StatementNumber,
    bare_number,
    check_digit,
    fiscal_year,
    without_suffix,
)

FILER_CODES = st.from_regex(r"(?!000)[0-9A-Z]{3}", fullmatch=True)
SEVEN = st.from_regex(r"(?a:\d){7}", fullmatch=True)
SUFFIXES = st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXY", min_size=2, max_size=2)


def test_the_published_check_digit() -> None:
    assert check_digit("B76", "0324527") == 8
    assert check_digit("B76", "0324527", offset=3) == 1


@pytest.mark.parametrize("text", ["B76-0324527-8", "B7603245278", "B76  03245278"])
def test_three_spellings_of_one_entry_number(text: str) -> None:
    number = EntryNumber.parse(text)
    assert (number.filer_code, number.digits, number.check) == ("B76", "03245278", "8")
    assert str(number) == "B76-0324527-8"


@given(FILER_CODES, SEVEN, st.integers(0, 9))
def test_an_entry_number_reads_back(filer_code: str, seven: str, offset: int) -> None:
    check = check_digit(filer_code, seven, offset=offset)
    number = EntryNumber.from_parts(filer_code, f"{seven}{check}", offset=offset)
    for text in (str(number), f"{filer_code}{number.digits}", f"{filer_code}  {number.digits}"):
        assert EntryNumber.parse(text, offset=offset) == number


@given(FILER_CODES, SEVEN, st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_is_found(filer_code: str, seven: str, at: int, change: int) -> None:
    check = check_digit(filer_code, seven)
    wrong = f"{seven[:at]}{(int(seven[at]) + change) % 10}{seven[at + 1 :]}"
    with pytest.raises(IdentifierError, match="check digit"):
        EntryNumber.from_parts(filer_code, f"{wrong}{check}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "B76",
        "B76-0324527-9",
        "B76-O324527-8",
        "B76 03245278",
        "B76--324527-8",
        "b76-0324527-8",
        "B76-0324527-８",
        "B76-０324527-8",
        "B76-0324527-8 ",
        "B76-0324527-8\n",
        "000-0000000-0",
    ],
)
def test_what_looks_like_an_entry_number_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError):
        EntryNumber.parse(text)


def test_the_letter_o_is_pointed_out() -> None:
    with pytest.raises(IdentifierError, match="letter O"):
        EntryNumber.parse("B76-O324527-8")


@pytest.mark.parametrize("text", ["001", "B76", "AB1", "ABC", "A1B", "1A2", "12A", "1AB"])
def test_every_pattern_of_a_filer_code(text: str) -> None:
    assert str(FilerCode.parse(text)) == text


@pytest.mark.parametrize("text", ["000", "b76", "B7", "B765", "B7 ", "B-6", "Ｂ76", ""])
def test_other_filer_codes_are_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="filer code"):
        FilerCode.parse(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("12-3456789", "12-345678900"),
        ("12-3456789  ", "12-345678900"),
        ("12-345678900", "12-345678900"),
        ("12-3456789A1", "12-3456789A1"),
        ("123-45-6789 ", "123-45-6789"),
        ("123456-12345", "123456-12345"),
    ],
)
def test_an_importer_number_has_one_spelling(text: str, canonical: str) -> None:
    number = ImporterNumber.parse(text)
    assert number.canonical == str(number) == canonical
    assert len(number.wire) == 12
    assert ImporterNumber.parse(number.wire) == number


@given(st.from_regex(r"(?a:\d){2}-(?a:\d){6}[1-9]", fullmatch=True), SUFFIXES)
def test_a_number_without_suffix_is_that_of_all_its_suffixes(base: str, suffix: str) -> None:
    assert without_suffix(ImporterNumber.parse(base + suffix).canonical) == base
    assert without_suffix(base) == base


@pytest.mark.parametrize("number", ["123-45-6789", "123456-12345"])
def test_other_numbers_have_no_suffix(number: str) -> None:
    assert without_suffix(number) == number


@given(st.from_regex(r"(?a:\d){2}-(?a:\d){6}[1-9]", fullmatch=True), SUFFIXES)
def test_an_importer_number_reads_back(base: str, suffix: str) -> None:
    number = ImporterNumber.parse(base + suffix)
    assert ImporterNumber.parse(str(number)) == number
    assert ImporterNumber.parse(base) == ImporterNumber.parse(f"{base}00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12-3456789I1",
        "12-34567891O",
        "12-3456789Z0",
        "12-3456789A",
        "12-3456789 A",
        "123456789",
        "1234-12345",
        "12-345678９",
        "00-0000000",
        "000-00-0000",
        "12-345678900 ",
        " 12-3456789",
    ],
)
def test_other_importer_numbers_are_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="importer number"):
        ImporterNumber.parse(text)


@pytest.mark.parametrize("text", ["000000", "12345", "1234567", "12345A", "１23456", "12345 "])
def test_other_payer_unit_numbers_are_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="payer unit number"):
        PayerUnitNumber.parse(text)
    assert str(PayerUnitNumber.parse("000001")) == "000001"


@pytest.mark.parametrize(
    ("n", "sequence"),
    [(1, "001"), (999, "999"), (1000, "00A"), (1025, "00Z"), (1026, "01A"), (46655, "ZZZ")],
)
def test_the_nth_statement_of_a_day(n: int, sequence: str) -> None:
    number = StatementNumber.compose("39", date(2026, 11, 23), n=n)
    assert str(number) == f"3927327{sequence}"
    assert StatementNumber.parse(str(number)) == number


def test_every_sequence_of_a_day_is_used_once_and_in_order() -> None:
    day = date(2026, 11, 23)
    all_of_them = [
        StatementNumber.compose("39", day, n=n).sequence
        for n in range(1, LAST_STATEMENT_SEQUENCE + 1)
    ]
    assert len(set(all_of_them)) == LAST_STATEMENT_SEQUENCE
    assert all_of_them[999:] == sorted(all_of_them[999:])
    assert all(sequence.isdigit() for sequence in all_of_them[:999])


@pytest.mark.parametrize("n", [0, -1, 46656])
def test_a_day_that_used_up_its_sequences_says_so(n: int) -> None:
    with pytest.raises(IdentifierError, match="46655"):
        StatementNumber.compose("39", date(2026, 11, 23), n=n)


@pytest.mark.parametrize(
    "text", ["", "392732700", "3927000001", "3927367001", "3927327000", "39273270a1", "39273270０1"]
)
def test_other_statement_numbers_are_refused(text: str) -> None:
    with pytest.raises(IdentifierError, match="statement number"):
        StatementNumber.parse(text)


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)))
def test_the_fiscal_year_turns_on_the_first_of_october(day: date) -> None:
    turn = date(day.year, 10, 1)
    assert fiscal_year(day) == (day.year if day < turn else day.year + 1)
    number = StatementNumber.compose("11", day, n=1)
    assert date(day.year, 1, 1) + timedelta(days=number.day_of_year - 1) == day


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 9, 30), "1126273001"),
        (date(2026, 10, 1), "1127274001"),
        (date(2026, 12, 31), "1127365001"),
        (date(2028, 12, 31), "1129366001"),
        (date(2028, 2, 29), "1128060001"),
        (date(2027, 1, 1), "1127001001"),
    ],
)
def test_year_ends_and_leap_days(day: date, text: str) -> None:
    assert str(StatementNumber.compose("11", day, n=1)) == text


@given(st.sampled_from(["00", "12", "21", "32", "61", "72", "80"]), st.integers(1, 999_999))
def test_a_routing_number_reads_back_and_hides_itself(prefix: str, rest: int) -> None:
    eight = f"{prefix}{rest:06d}"
    total = sum(int(d) * w for d, w in zip(eight, (3, 7, 1, 3, 7, 1, 3, 7), strict=True))
    number = RoutingNumber.parse(f"{eight}{-total % 10}")
    assert (number.dfi, number.check_digit) == (eight, str(-total % 10))
    assert eight not in repr(number)


@pytest.mark.parametrize(
    "text", ["000000000", "999999992", "021000022", "02100002", "0210000211", "02100002１", ""]
)
def test_other_routing_numbers_are_refused_without_showing_them(text: str) -> None:
    with pytest.raises(IdentifierError, match="routing number") as caught:
        RoutingNumber.parse(text)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize("written", ["392732700a", "3927-327-00A", " 39 27 327 00a ", "392732700A"])
def test_a_document_number_has_one_bare_form(written: str) -> None:
    assert bare_number(written) == "392732700A"
