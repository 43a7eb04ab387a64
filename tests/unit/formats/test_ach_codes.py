"""Return and change codes: complete, in their own words, and read by column."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.formats.change_codes import (
    CHANGE_CODES,
    REFUSED_CODES,
    CorrectedData,
    CorrectedDataError,
    read_corrected_data,
)
from customhouse.formats.nacha_codes import TRANSACTION_CODES, routing_check_digit
from customhouse.formats.return_codes import (
    CONTESTED_CODES,
    DISHONORED_CODES,
    RETURN_CODES,
    Deadline,
    Sender,
    Stage,
)

UNASSIGNED = {48, 49, *range(54, 61), *range(63, 67), 78, 79}


def test_every_assigned_return_code_is_there_and_no_other():
    assert set(RETURN_CODES) == {
        f"R{number:02d}" for number in range(1, 86) if number not in UNASSIGNED
    } | {"R90"}


def test_stages_are_those_of_the_exchange():
    assert {"R61", "R62", "R67", "R68", "R69", "R70"} == DISHONORED_CODES
    assert {f"R{number}" for number in range(71, 78)} == CONTESTED_CODES
    assert RETURN_CODES["R68"].sender is Sender.ORIGINATING_BANK
    assert RETURN_CODES["R73"].stage is Stage.CONTESTED


@pytest.mark.parametrize(
    ("code", "sides", "deadline"),
    [
        ("R01", "debits", Deadline.TWO_BANKING_DAYS),
        ("R02", "debits and credits", Deadline.TWO_BANKING_DAYS),
        ("R05", "debits", Deadline.SIXTY_DAYS),
        ("R13", "debits and credits", Deadline.NEXT_OPERATOR_FILE),
        ("R23", "credits", Deadline.AFTER_REFUSAL),
        ("R29", "debits", Deadline.TWO_BANKING_DAYS),
        ("R31", "debits", Deadline.BY_AGREEMENT),
    ],
)
def test_sides_and_deadlines(code, sides, deadline):
    assert RETURN_CODES[code].applies_to == sides
    assert RETURN_CODES[code].deadline is deadline


def test_sanctions_have_a_code_of_their_own_from_2028():
    assert RETURN_CODES["R90"].effective_on == date(2028, 3, 17)


def test_withdrawn_change_codes_are_marked_or_gone():
    assert CHANGE_CODES["C04"].withdrawn_on == date(2015, 3, 20)
    assert not {"C10", "C11", "C12"} & set(CHANGE_CODES)
    assert set(REFUSED_CODES) == {f"C{number}" for number in range(61, 70)}


CORRECTED = {
    "C01": ("12345678901234567", CorrectedData(account_number="12345678901234567")),
    "C02": ("010203046", CorrectedData(routing_number="010203046")),
    "C03": (
        "010203046   12345678901234567",
        CorrectedData(routing_number="010203046", account_number="12345678901234567"),
    ),
    "C05": ("37", CorrectedData(transaction_code=37)),
    "C06": (
        "99887766            37",
        CorrectedData(account_number="99887766", transaction_code=37),
    ),
    "C07": (
        "0102030461234567890123456722",
        CorrectedData(
            routing_number="010203046", account_number="12345678901234567", transaction_code=22
        ),
    ),
    "C09": ("MY NUMBER 7", CorrectedData(identification_number="MY NUMBER 7")),
    "C13": ("", CorrectedData()),
    "C14": ("IAT", CorrectedData(sec_code="IAT")),
}


@pytest.mark.parametrize("code", CORRECTED)
def test_corrected_data_is_read_by_its_columns(code):
    text, expected = CORRECTED[code]
    assert read_corrected_data(code, text) == expected


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (
            "C03",
            "010203046                 123",
            CorrectedData(routing_number="010203046", account_number="123"),
        ),
        (
            "C06",
            "99887766                   37",
            CorrectedData(account_number="99887766", transaction_code=37),
        ),
        (
            "C07",
            "010203046 99887766 37",
            CorrectedData(
                routing_number="010203046", account_number="99887766", transaction_code=37
            ),
        ),
    ],
)
def test_corrected_data_out_of_its_columns_is_divided_at_blanks(code, text, expected):
    assert read_corrected_data(code, text) == expected


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("C01", ""),
        ("C01", "1234 5678"),
        ("C02", "010203047"),
        ("C02", "910203046"),
        ("C02", "000000000"),
        ("C03", "010203046"),
        ("C05", "25"),
        ("C05", "xx"),
        ("C06", "99887766"),
        ("C14", "CCD"),
        ("C10", "ACME"),
        ("C02", "010203046 99887766"),
    ],
)
def test_corrected_data_of_another_form_is_refused_without_telling_it(code, text):
    with pytest.raises(CorrectedDataError) as caught:
        read_corrected_data(code, text)
    assert not text or text not in str(caught.value)


def test_a_corrected_account_never_shows():
    assert "99887766" not in repr(read_corrected_data("C01", "99887766"))


def test_transaction_codes_tell_direction_and_purpose():
    assert len(TRANSACTION_CODES) == 30
    assert TRANSACTION_CODES[27].phrase == "debit to a demand account"
    assert TRANSACTION_CODES[33].phrase == "prenote credit to a savings account"
    assert TRANSACTION_CODES[56].direction == "debit"
    assert {code for code, each in TRANSACTION_CODES.items() if each.purpose == "return"} == {
        21, 26, 31, 36, 41, 46, 51, 56,
    }  # fmt: skip


def test_check_digits():
    assert routing_check_digit("01020304") == "6"
    assert routing_check_digit("12345678") == "0"
    with pytest.raises(ValueError, match="eight digits"):
        routing_check_digit("1234567")
