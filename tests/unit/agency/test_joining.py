"""The rules of joining: what an application must be, and when a unit becomes effective (DEB-17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency import joining
from customhouse.agency.joining import Application
from customhouse.agency.joining_document import read_application
from customhouse.business_days import FEDERAL_OFFICES
from customhouse.faults import Refused

MONDAY = date(2026, 11, 23)
WEDNESDAY = date(2026, 11, 25)
GOOD = Application(
    filer_code=None,
    importer_number="12-345678900",
    contact_name="Pat Example",
    contact_email="pat@example.com",
    contact_phone="+1 555 0100",
    account_token="acct_" + "a" * 26,
    requested_on=WEDNESDAY,
    filer_codes=("B76",),
)


def _codes(application: Application, today: date = MONDAY) -> list[str]:
    found = joining.application_faults(application, today=today, calendar=FEDERAL_OFFICES)
    return [fault.code for fault in found]


def test_a_good_application_has_no_fault() -> None:
    assert _codes(GOOD) == []
    assert _codes(replace(GOOD, importer_number=None, filer_code="B76", filer_codes=())) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"filer_code": "B76"}, "joining-payer-unclear"),
        ({"importer_number": None}, "joining-payer-unclear"),
        ({"importer_number": "12"}, "joining-field-wrong"),
        ({"contact_name": ""}, "joining-field-wrong"),
        ({"contact_email": "pat"}, "joining-field-wrong"),
        ({"contact_phone": "call me"}, "joining-field-wrong"),
        ({"account_token": "900100200"}, "joining-field-wrong"),
        ({"filer_codes": ("b76",)}, "joining-field-wrong"),
        ({"filer_codes": ("B76",) * 101}, "joining-field-wrong"),
        ({"requested_on": date(2026, 11, 24)}, "joining-date-too-early"),
        ({"requested_on": date(2028, 1, 3)}, "joining-field-wrong"),
    ],
)
def test_each_value_has_its_fault(change: dict[str, object], code: str) -> None:
    assert code in _codes(replace(GOOD, **change))


def test_two_business_days_ahead_skip_what_is_closed() -> None:
    # Thursday is Thanksgiving.
    assert _codes(replace(GOOD, requested_on=date(2026, 11, 27)), WEDNESDAY) == [
        "joining-date-too-early"
    ]
    assert _codes(replace(GOOD, requested_on=date(2026, 11, 30)), WEDNESDAY) == []


def test_a_filers_own_unit_is_used_by_nobody_else() -> None:
    own = replace(GOOD, importer_number=None, filer_code="B76")
    assert _codes(own) == ["joining-filers-not-of-importer"]


def test_no_fault_shows_an_account_token() -> None:
    wrong = replace(GOOD, account_token="acct_9001002003004")
    found = joining.application_faults(wrong, today=MONDAY, calendar=FEDERAL_OFFICES)
    assert "9001002003004" not in "".join(fault.sentence for fault in found)
    assert "9001002003004" not in repr(wrong)


def test_a_ticket_is_random_and_its_secret_is_read_as_people_type_it() -> None:
    one, other = joining.new_ticket(), joining.new_ticket()
    assert joining.is_application_number(one.application_number)
    assert one != other
    assert one.secret not in repr(one)
    kept = joining.secret_sha256(one.secret)
    assert joining.secret_sha256(f" {one.secret.lower().replace('-', ' ')} ") == kept
    assert joining.secret_sha256(other.secret) != kept


@pytest.mark.parametrize(
    ("prenote", "matures_on", "first_day"),
    [
        ("waived", None, WEDNESDAY),
        ("asked", None, None),
        ("pending", None, None),
        ("pending", date(2026, 12, 1), date(2026, 12, 1)),
        ("matured", date(2026, 11, 24), WEDNESDAY),
        ("matured", date(2026, 12, 1), date(2026, 12, 1)),
        ("failed", date(2026, 12, 1), None),
    ],
)
def test_a_unit_is_effective_from_the_later_day(
    prenote: str, matures_on: date | None, first_day: date | None
) -> None:
    assert joining.effective_on(WEDNESDAY, prenote, matures_on=matures_on) == first_day


def test_unit_numbers_are_six_digits_and_none_is_zero() -> None:
    numbers = joining.random_unit_numbers(500)
    assert all(len(each) == 6 and each.isdigit() and each != "000000" for each in numbers)
    assert len(numbers) > 400
    assert joining.unit_number_from(["000001"]) == "000001"
    assert joining.unit_number_from([]) is None


@pytest.mark.parametrize(
    "body",
    [[], {}, {"contact_name": "Pat"}, {"account_number": "1"}],
)
def test_a_document_has_exactly_its_members(body: object) -> None:
    with pytest.raises(Refused) as refused:
        read_application(body)
    assert refused.value.faults[0].code == "joining-members-wrong"


def test_what_is_missing_and_what_is_of_another_kind_are_told_together() -> None:
    with pytest.raises(Refused) as refused:
        read_application({"contact_name": 12, "requested_on": "soon"})
    assert [fault.code for fault in refused.value.faults] == [
        "joining-members-wrong",
        "joining-field-wrong",
        "joining-field-wrong",
    ]


def test_each_member_of_another_kind_is_named() -> None:
    body = {
        "importer_number": 12,
        "contact_name": None,
        "contact_email": "pat@example.com",
        "contact_phone": 5,
        "account_token": "acct_" + "a" * 26,
        "requested_on": "2026-02-30",
        "filer_codes": "B76",
    }
    with pytest.raises(Refused) as refused:
        read_application(body)
    named = [fault.values["field"] for fault in refused.value.faults]
    assert sorted(named) == [
        "contact_name",
        "contact_phone",
        "filer_codes",
        "importer_number",
        "requested_on",
    ]
