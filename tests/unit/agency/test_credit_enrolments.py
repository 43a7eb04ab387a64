"""The rules of joining ACH Credit, the spellings of payers, and the day from which one may pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency import policy
from customhouse.agency.credit_enrolments import (
    EnrolmentForm,
    form_faults,
    new_application_number,
    state_fault,
)
from customhouse.agency.credit_payers import CreditPayer, EnrolmentState, readings_of
from customhouse.agency.policy import credit_effective_on

GOOD = EnrolmentForm(
    purpose="new",
    importer_number="12-3456789",
    filer_code=None,
    company_name="Fictitious Imports X",
    address=("1 Example Pier",),
    contact_name="Pat Example",
    contact_phone="+1 312 555 0100",
    contact_email="treasury@imports-x.example",
    official_name="Chris Sample",
    official_title="Treasurer",
    notify_by="e-mail",
    bank_lead_days=1,
)


def test_a_good_form_has_no_fault() -> None:
    assert form_faults(GOOD) == []
    assert form_faults(replace(GOOD, importer_number=None, filer_code="B76")) == []
    assert GOOD.payer_identifier == "12-345678900"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("purpose", "again"),
        ("importer_number", "12-34"),
        ("company_name", ""),
        ("company_name", " padded"),
        ("address", ()),
        ("address", ("a",) * 6),
        ("address", ("two\nlines",)),
        ("contact_name", "x" * 61),
        ("contact_phone", "12"),
        ("contact_email", "a@b.example\r\nBcc: c@d.example"),
        ("contact_email", "Pat <a@b.example>"),
        ("contact_email", '"a b"@c.example'),
        ("contact_email", "a,b@c.example"),
        ("contact_email", ".a@c.example"),
        ("contact_email", "a@localhost"),
        ("contact_fax", "none"),
        ("official_name", "\x07"),
        ("official_title", ""),
        ("notify_by", "fax"),
        ("bank_lead_days", -1),
        ("bank_lead_days", 11),
    ],
)
def test_each_wrong_value_is_one_fault_that_names_it(name: str, value: object) -> None:
    (fault,) = form_faults(replace(GOOD, **{name: value}))  # type: ignore[arg-type]
    assert fault.code == "enrolment-field-wrong"
    assert name in fault.sentence
    assert "\n" not in fault.sentence


@pytest.mark.parametrize(("importer", "filer"), [(None, None), ("12-3456789", "B76")])
def test_a_form_has_one_payer(importer: str | None, filer: str | None) -> None:
    (fault,) = form_faults(replace(GOOD, importer_number=importer, filer_code=filer))
    assert fault.code == "enrolment-payer-unclear"


@pytest.mark.parametrize(
    ("purpose", "state", "code"),
    [
        ("new", None, None),
        ("new", "refused", None),
        ("new", "removed", None),
        ("new", "approved", "enrolment-exists"),
        ("new", "active", "enrolment-exists"),
        ("change", None, "enrolment-missing"),
        ("change", "refused", "enrolment-missing"),
        ("change", "removed", "enrolment-missing"),
        ("change", "approved", None),
        ("change", "active", None),
    ],
)
def test_what_may_be_filed_when(purpose: str, state: str | None, code: str | None) -> None:
    fault = state_fault(purpose, state, payer="B76")
    assert (fault.code if fault else None) == code


def test_numbers_of_forms_are_not_guessed() -> None:
    numbers = {new_application_number() for _ in range(100)}
    assert len(numbers) == 100
    assert all(len(number) == 10 and number[0] == "E" for number in numbers)


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("B76", ("B76",)),
        ("b76 ", ("B76",)),
        ("12-345678900", ("12-345678900",)),
        ("12-3456789", ("12-345678900",)),
        ("12-3456789ab", ("12-3456789AB",)),
        ("123-45-6789", ("123-45-6789",)),
        ("123456789", ("12-345678900", "123-45-6789")),
        ("12345678900", ("12-345678900", "123456-78900")),
        ("12 345678900", ("12-345678900", "123456-78900")),
        ("123456-12345", ("123456-12345",)),
        ("", ()),
        ("000", ()),
        ("12345678", ()),
        ("12-345678900 and more text", ()),
    ],
)
def test_spellings_of_payers(spelled: str, meant: tuple[str, ...]) -> None:
    assert readings_of(spelled) == meant


@pytest.mark.requirement("CRD-12")
def test_the_first_day_is_the_tenth_calendar_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Weekends and holidays count; another policy holds from its own day on."""
    assert credit_effective_on(date(2026, 11, 23)) == date(2026, 12, 3)
    assert credit_effective_on(date(2000, 4, 19)) == date(2000, 4, 29)
    later = (*policy.CREDIT_EFFECTIVE_DAYS, (date(2027, 1, 1), 5))
    monkeypatch.setattr(policy, "CREDIT_EFFECTIVE_DAYS", later)
    assert credit_effective_on(date(2026, 12, 31)) == date(2027, 1, 10)
    assert credit_effective_on(date(2027, 1, 1)) == date(2027, 1, 6)


@pytest.mark.parametrize(
    ("state", "effective_on"),
    [
        ("active", date(2026, 12, 4)),
        ("active", None),
        ("approved", None),
        ("removed", date(2026, 1, 1)),
        (None, None),
    ],
)
def test_who_may_not_pay(state: EnrolmentState | None, effective_on: date | None) -> None:
    payer = CreditPayer(1, "B76", "Example", "filer", state, effective_on)
    assert not payer.is_effective_on(date(2026, 12, 3))


def test_an_active_payer_may_pay_from_its_day_on() -> None:
    payer = CreditPayer(1, "B76", "Example", "filer", "active", date(2026, 12, 3))
    assert payer.is_effective_on(date(2026, 12, 3))


@pytest.mark.parametrize(
    ("removed_on", "may_pay"),
    [(date(2026, 12, 3), False), (date(2026, 12, 4), True), (None, False)],
)
def test_a_removed_payer_may_pay_what_was_collected_before(
    removed_on: date | None, *, may_pay: bool
) -> None:
    payer = CreditPayer(1, "B76", "Example", "filer", "removed", date(2026, 12, 1), removed_on)
    assert payer.is_effective_on(date(2026, 12, 3)) is may_pay
    assert not payer.is_effective_on(date(2026, 11, 30))
