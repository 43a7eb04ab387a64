"""The rules of intake name every fault of an item, and take nothing for something else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency.entry_fields import ENTRY_FIELDS
from customhouse.agency.entry_judgement import IntakeFacts, judge
from customhouse.agency.entry_summaries import (
    EntrySummary,
    EntrySummaryDraft,
    read_draft,
)
from customhouse.agency.print_dates import Calendars, PrintDates
from customhouse.business_days import FEDERAL_OFFICES

MONDAY = date(2026, 11, 23)
GOOD = {
    "filer_code": "B76",
    "entry_number": "03245278",
    "importer_number": "12-3456789",
    "port_of_entry": "3901",
    "processing_port": "3901",
    "entry_type": "01",
    "entry_date": "2026-11-12",
    "payment_type": "2",
    "print_date": "2026-11-24",
}
FACTS = IntakeFacts(
    dates=PrintDates(MONDAY, Calendars(FEDERAL_OFFICES), printed=True),
    filer_ports={"B76": frozenset({"3901", "2704"})},
    importer_numbers={"12-345678900"},
)


def draft(charges: dict[str, str] | None = None, **changes: str) -> EntrySummaryDraft:
    return EntrySummaryDraft("line 2", {**GOOD, **changes}, charges or {"001": "1046.08"})


def entry_of(charges: dict[str, str] | None = None, **changes: str) -> EntrySummary:
    reading = read_draft(draft(charges, **changes))
    assert reading.entry is not None, reading.faults
    return reading.entry


def codes_of(charges: dict[str, str] | None = None, **changes: str) -> list[str]:
    reading = read_draft(draft(charges, **changes))
    return [fault.code for fault in (*reading.faults, *judge(reading.values, FACTS))]


def test_a_good_item_becomes_an_entry() -> None:
    charges = {"001": "1046.08", "499": "33.58", "501": "0.00"}
    entry = entry_of(charges)
    assert codes_of(charges) == []
    assert entry.charges == (("001", 104608), ("499", 3358))
    assert entry.importer_number == "12-345678900"
    assert entry.spelled == "B76-0324527-8"
    assert (entry.payable, entry.deferred_tax, entry.team_number) == (True, False, "")


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("filer_code", "b76"),
        ("entry_number", "O3245278"),
        ("entry_number", "０3245278"),
        ("entry_number", "B7603245278"),
        ("entry_number", "D31-0324527-8"),
        ("importer_number", "=HYPERLINK(1)"),
        ("port_of_entry", "39011"),
        ("entry_type", "41"),
        ("entry_date", "2026-02-31"),
        ("entry_date", "11/12/2026"),
        ("entry_date", "20261112"),
        ("entry_date", "1926-11-12"),
        ("payment_type", "9"),
        ("payment_type", "4"),
        ("client_branch", "1"),
        ("warehouse_entry", "03245278"),
        ("deferred_tax", "yes"),
        ("payable", "1"),
        ("broker_reference", "=1+1"),
        ("broker_reference", "TOO LONG 10"),
        ("broker_reference", "A\x00B"),
        ("broker_reference", "\u202eA"),
        ("team_number", "7O"),
    ],
)
def test_a_field_that_is_not_as_written_down_is_named(name: str, seen: str) -> None:
    reading = read_draft(draft(**{name: seen}))
    assert reading.entry is None
    (fault,) = reading.faults
    assert (fault.code, fault.values["field"]) == ("entry-field-wrong", name)
    assert fault.sentence.isascii()
    assert str(fault.values["expected"]) not in fault.next_step


def test_every_fault_of_an_item_is_given_at_once() -> None:
    fields = {"filer_code": "000", "entry_type": "99", "print_date": "tomorrow"}
    reading = read_draft(EntrySummaryDraft("line 2", fields, {"1": "1", "001": "1e3"}))
    assert reading.entry is None
    by_code: dict[str, list[object]] = {}
    for fault in reading.faults:
        by_code.setdefault(fault.code, []).append(fault.values["field"])
    assert by_code == {
        "entry-field-wrong": [
            "filer_code",
            "entry_type",
            "print_date",
            "charge 001",
            "accounting class code",
        ],
        "entry-field-missing": [
            "entry_number",
            "importer_number",
            "port_of_entry",
            "processing_port",
            "entry_date",
            "payment_type",
        ],
    }


def test_a_wrong_field_hides_no_fault_of_another() -> None:
    wrong = {"entry_type": "99", "entry_number": "03245279", "payable": "yes"}
    unknown = {"processing_port": "1001", "importer_number": "98-765432100"}
    assert codes_of({"001": "1e3"}, **wrong, **unknown, print_date="2026-11-26") == [
        "entry-field-wrong",
        "entry-field-wrong",
        "entry-field-wrong",
        "entry-number-unreadable",
        "entry-port-not-of-filer",
        "entry-importer-unknown",
        "print-date-not-business-day",
    ]


def test_without_a_readable_filer_the_rest_is_judged() -> None:
    changes = {"filer_code": "b76", "entry_number": "B76-0324527-9", "print_date": "2026-11-20"}
    assert codes_of(**changes) == [
        "entry-field-wrong",
        "entry-number-unreadable",
        "print-date-not-future",
    ]


def test_a_print_date_that_must_not_be_given_is_not_judged_besides() -> None:
    assert codes_of(payment_type="1", print_date="2026-11-28") == ["print-date-not-allowed"]


def test_the_example_of_a_field_is_one() -> None:
    for each in ENTRY_FIELDS:
        assert "entry-field-wrong" not in codes_of(**{each.name: each.example})


def test_a_wrong_check_digit_says_which_is_right() -> None:
    (fault,) = read_draft(draft(entry_number="03245279")).faults
    assert fault.code == "entry-number-unreadable"
    assert "gives 8" in fault.sentence


def test_an_entry_number_may_be_written_whole() -> None:
    assert entry_of(entry_number="B76-0324527-8") == entry_of()


@pytest.mark.parametrize("amount", ["1,046.08", "1046,08", "+1", "-1", "1.5", "1e3", " 1", "１"])
def test_an_amount_has_one_spelling(amount: str) -> None:
    assert codes_of({"001": amount}) == ["entry-field-wrong"]


@pytest.mark.parametrize(
    ("charges", "expected"),
    [
        ({"001": "99999999.99"}, []),
        ({"001": "100000000.00"}, ["entry-amount-too-large"]),
        ({"001": "99999999.99", "499": "0.01"}, ["entry-amount-too-large"]),
        ({"001": "99999999.99", "672": "0.01"}, ["entry-amount-too-large"] * 2),
        ({"044": "999999.99"}, []),
        ({"044": "1000000.00"}, ["entry-amount-too-large"]),
    ],
)
def test_an_amount_fits_its_record(charges: dict[str, str], expected: list[str]) -> None:
    assert codes_of(charges)[: len(expected)] == expected
    assert bool(codes_of(charges)) is bool(expected)


@pytest.mark.parametrize(
    ("class_code", "most"), [("001", "$99,999,999.99"), ("044", "$999,999.99")]
)
def test_an_amount_that_no_record_holds_is_told_its_limit(class_code: str, most: str) -> None:
    reading = read_draft(draft({class_code: "99999999999999.00"}))
    (fault,) = reading.faults
    assert fault.code == "entry-amount-too-large"
    assert "$99,999,999,999,999.00" in fault.sentence
    assert most in fault.sentence


def test_a_free_entry_says_so() -> None:
    free = EntrySummaryDraft("line 2", GOOD)
    reading = read_draft(free)
    assert [fault.code for fault in reading.faults] == ["entry-without-charge"]
    assert codes_of({"001": "0.00"}) == []
    spared = read_draft(EntrySummaryDraft("line 2", {**GOOD, "payable": "N"}))
    assert spared.entry is not None
    assert spared.entry.charges == ()


def test_bonded_duty_and_deferred_tax_are_not_due() -> None:
    charges = {"001": "1.00", "012": "99999999.99", "017": "99999999.99"}
    assert codes_of(charges, antidumping_paid="N", deferred_tax="Y") == []


@pytest.mark.parametrize(
    ("payment_type", "print_date", "expected"),
    [
        ("1", "", []),
        ("1", "2026-11-24", ["print-date-not-allowed"]),
        ("2", "", ["print-date-missing"]),
        ("3", "2026-11-20", ["print-date-not-future"]),
        ("3", "2026-11-23", ["print-date-produced"]),
        ("6", "", ["periodic-not-offered"]),
        ("7", "2026-11-24", ["periodic-not-offered"]),
        ("5", "2026-11-24", []),
        ("2", "2026-11-26", ["print-date-not-business-day"]),
        ("2", "2026-11-28", ["print-date-not-business-day"]),
        ("2", "2027-02-22", ["print-date-too-far"]),
        ("2", "2027-02-19", []),
    ],
)
def test_a_print_date_is_a_coming_business_day(
    payment_type: str, print_date: str, expected: list[str]
) -> None:
    entered = print_date or "2026-11-12"
    found = codes_of(payment_type=payment_type, print_date=print_date, entry_date=entered)
    assert found == expected


@given(st.dates(MONDAY - timedelta(days=30), MONDAY + timedelta(days=150)))
def test_print_dates_follow_the_offices_calendar(day: date) -> None:
    first = FEDERAL_OFFICES.next(MONDAY)
    last = MONDAY + timedelta(days=90)
    good = first <= day <= last and FEDERAL_OFFICES.is_business_day(day)
    assert (codes_of(print_date=day.isoformat(), entry_date=day.isoformat()) == []) is good


def test_an_entry_is_not_later_than_its_statement() -> None:
    assert codes_of(entry_date="2026-11-25") == ["entry-date-after-print-date"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"processing_port": "1001"}, "entry-port-not-of-filer"),
        ({"importer_number": "98-765432100"}, "entry-importer-unknown"),
        ({"filer_code": "B77", "entry_number": "03245277"}, "entry-filer-unknown"),
    ],
)
def test_who_is_named_must_be_registered(changes: dict[str, str], expected: str) -> None:
    assert codes_of(**changes) == [expected]


def test_an_entry_has_at_most_25_fees() -> None:
    fees = {f"X{n:02}": "1.00" for n in range(25)}
    assert codes_of({"001": "5.00", **fees}) == []
    assert codes_of({"001": "5.00", **fees, "499": "33.58"}) == ["entry-too-many-charges"]
