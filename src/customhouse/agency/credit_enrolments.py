"""Rules of joining ACH Credit as CBP Form 401 asks for it: pure (CRD-12).

A form names a payer that is registered, its company, a contact, an official who signed, how it
wants to be told and how early its bank wants a payment. No account is asked for: a payer pushes
money from wherever it pleases. Nothing is looked up or stored here.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from typing import Final, Literal

from customhouse.agency import credit_enrolment_faults as faults
from customhouse.agency.credit_payers import EnrolmentState
from customhouse.agency.joining import ALPHABET, PHONE
from customhouse.faults import Fault
from customhouse.identifiers import FilerCode, IdentifierError, ImporterNumber
from customhouse.lifecycle import Lifecycle

Purpose = Literal["new", "change"]
FiledHow = Literal["sender", "payer", "paper", "not-kept"]
PURPOSES: Final = ("new", "change")
# A page of its own every payer has; mail it may choose.
NOTIFY_BY: Final = ("page", "e-mail")
MOST_ADDRESS_LINES: Final = 5
MOST_LEAD_DAYS: Final = 10
FILERS_TOLD: Final = 5
_FILED_HOW: Final[dict[FiledHow, str]] = {
    "payer": "the payer itself, with its own token",
    "paper": "an officer, from paper",
    "not-kept": "somebody unknown: it was not kept then",
}
_APPLICATION_NUMBER: Final = re.compile(f"E[{ALPHABET}]{{9}}", re.ASCII)
# Of what an address may hold only what needs no quoting: it goes into headers and commands of mail.
_EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+",
    re.ASCII,
)

CREDIT_ENROLMENT: Final = Lifecycle(
    name="enrolment for ACH Credit",
    initial="received",
    transitions={
        "received": frozenset({"approved", "refused"}),
        # Active with its zero-dollar entry; a removed payer's money is held.
        "approved": frozenset({"active", "removed"}),
        "active": frozenset({"removed"}),
        "refused": frozenset({"received"}),
        "removed": frozenset({"received"}),
    },
)
FORM: Final = Lifecycle(
    name="form to join ACH Credit",
    initial="received",
    transitions={
        "received": frozenset({"approved", "refused"}),
        "approved": frozenset(),
        "refused": frozenset(),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentForm:
    """A form as it was filed; exactly one of the payers is set.

    ``bank_lead_days`` are the banking days that the payer's bank wants before a payment settles.
    """

    purpose: str
    importer_number: str | None
    filer_code: str | None
    company_name: str
    address: tuple[str, ...]
    contact_name: str
    contact_phone: str
    contact_email: str
    contact_fax: str = ""
    official_name: str
    official_title: str
    notify_by: str
    bank_lead_days: int

    @property
    def payer_identifier(self) -> str:
        """Give the payer by its canonical importer number or filer code."""
        if self.filer_code is not None:
            return self.filer_code
        return str(ImporterNumber.parse(self.importer_number or ""))


@dataclass(frozen=True, slots=True)
class FiledBy:
    """Who filed a form: a sender for its filers, the payer with its own token, or we from paper.

    ``filer_codes`` are those for whom the sender transmitted on that day, none for the others.
    Of forms from before this was kept nobody knows (``not-kept``).
    """

    how: FiledHow
    sender_id: int | None = None
    filer_codes: tuple[str, ...] = ()

    def acts_for(self, payer: str) -> bool:
        """Tell whether this is the payer itself, or we at its word on paper."""
        return self.how != "sender" or payer in self.filer_codes

    def __str__(self) -> str:
        if self.how != "sender":
            return _FILED_HOW[self.how]
        told = ", ".join(self.filer_codes[:FILERS_TOLD]) or "no filer"
        more = len(self.filer_codes) - FILERS_TOLD
        return f"the sender of {told}" + (f" and {more} more" if more > 0 else "")


ON_PAPER: Final = FiledBy("paper")
BY_THE_PAYER: Final = FiledBy("payer")


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form that waits to be decided."""

    application_number: str
    purpose: Purpose
    received_on: date
    filed_by: FiledBy


@dataclass(frozen=True, slots=True)
class Details:
    """What the newest approved form says of a payer; lead days are banking days."""

    company_name: str
    address: tuple[str, ...]
    contact_name: str
    contact_phone: str
    contact_email: str
    contact_fax: str
    notify_by: str
    bank_lead_days: int
    filed_by: FiledBy


@dataclass(frozen=True, slots=True)
class Enrolment:
    """How a payer's enrolment stands, as the payer and officers may read it.

    ``effective_on`` is the first day on which a payment may be originated, None before the
    zero-dollar entry was accepted. ``details`` are None before the first form was approved.
    """

    payer_identifier: str
    payer_name: str
    state: EnrolmentState
    approved_on: date | None
    prenote_accepted_on: date | None
    effective_on: date | None
    removed_on: date | None
    reason: str
    open_form: OpenForm | None
    details: Details | None

    @property
    def may_be_told_account(self) -> bool:
        """Tell whether the payer is told where to push money: from its approval to its removal."""
        return self.state in ("approved", "active")


def new_application_number() -> str:
    """Give a random number of a form: E and nine letters or digits."""
    return "E" + "".join(secrets.choice(ALPHABET) for _ in range(9))


def is_application_number(text: str) -> bool:
    """Tell whether a text can be the number of a form."""
    return _APPLICATION_NUMBER.fullmatch(text) is not None


def form_faults(form: EnrolmentForm) -> list[Fault]:
    """Give every fault of a form's own values (CBP Form 401)."""
    found = _payer_faults(form)
    name = "1 to 60 printable characters"
    phone = "a telephone number of 7 to 30 digits, spaces and ( ) . / - x"
    checks = (
        ("purpose", form.purpose in PURPOSES, "new or change"),
        ("company_name", _is_line(form.company_name), name),
        ("address", _is_address(form.address), "1 to 5 lines of 1 to 60 printable characters"),
        ("contact_name", _is_line(form.contact_name), name),
        ("contact_phone", bool(PHONE.fullmatch(form.contact_phone)), phone),
        ("contact_email", _is_email(form.contact_email), "an e-mail address"),
        (
            "contact_fax",
            not form.contact_fax or bool(PHONE.fullmatch(form.contact_fax)),
            f"empty or {phone}",
        ),
        ("official_name", _is_line(form.official_name), name),
        ("official_title", _is_line(form.official_title), name),
        ("notify_by", form.notify_by in NOTIFY_BY, "page or e-mail"),
        (
            "bank_lead_days",
            0 <= form.bank_lead_days <= MOST_LEAD_DAYS,
            f"0 to {MOST_LEAD_DAYS} banking days",
        ),
    )
    return found + [
        field_fault(each, getattr(form, each), expected=expected)
        for each, good, expected in checks
        if not good
    ]


def state_fault(purpose: str, state: str | None, *, payer: str) -> Fault | None:
    """Say why a form cannot be taken as a payer's enrolment stands; None when it can.

    ``state`` is None for one that never applied.
    """
    if purpose == "new" and state in ("approved", "active"):
        return Fault(faults.ENROLMENT_EXISTS, {"payer": payer, "state": state})
    if purpose == "change" and state not in ("approved", "active"):
        told = {"payer": payer, "state": state or "not there"}
        return Fault(faults.ENROLMENT_MISSING, told)
    return None


def field_fault(name: str, seen: object, *, expected: str) -> Fault:
    """Give the fault of one member of a form; what was seen is shown short and plain."""
    values = {"field": name, "seen": ascii(seen)[:60], "expected": expected}
    return Fault(faults.ENROLMENT_FIELD_WRONG, values)


def values_of(form: EnrolmentForm) -> dict[str, object]:
    """Give the values of a form as they are kept: all but the payer."""
    kept = (each.name for each in fields(form))
    found: dict[str, object] = {name: getattr(form, name) for name in kept}
    del found["importer_number"], found["filer_code"]
    return found | {"address": list(form.address)}


def _payer_faults(form: EnrolmentForm) -> list[Fault]:
    if (form.filer_code is None) == (form.importer_number is None):
        return [Fault(faults.ENROLMENT_PAYER_UNCLEAR)]
    if form.filer_code is not None and not _parses(FilerCode.parse, form.filer_code):
        return [
            field_fault("filer_code", form.filer_code, expected="three digits or capital letters")
        ]
    number = form.importer_number
    if number is not None and not _parses(ImporterNumber.parse, number):
        expected = "one like 12-345678900, 123-45-6789 or 123456-12345"
        return [field_fault("importer_number", number, expected=expected)]
    return []


def _is_line(text: str) -> bool:
    return 1 <= len(text) <= 60 and text.isprintable() and text == text.strip()


def _is_address(lines: tuple[str, ...]) -> bool:
    return 1 <= len(lines) <= MOST_ADDRESS_LINES and all(_is_line(line) for line in lines)


def _is_email(text: str) -> bool:
    return len(text) <= 200 and _EMAIL.fullmatch(text) is not None


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except IdentifierError:
        return False
    return True
