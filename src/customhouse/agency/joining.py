"""Rules of joining ACH Debit as CBP Form 400 asks for it: pure (DEB-17).

An application names a payer that is registered, a contact, an account token of the bank's, a day
and, for an importer, the filers that may use the unit. Nothing is looked up or stored here.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from customhouse.agency import joining_faults as faults
from customhouse.business_days import Calendar
from customhouse.faults import Fault
from customhouse.identifiers import FilerCode, IdentifierError, ImporterNumber
from customhouse.lifecycle import Lifecycle

# The old form wanted at least two business days; more than a year ahead is a slip.
BUSINESS_DAYS_AHEAD: Final = 2
MOST_DAYS_AHEAD: Final = 366
# 7 to 10 business days is what applicants are told.
USUAL_DAYS: Final = (7, 10)
MOST_FILERS: Final = 100
# Without I, O, 0 and 1, which are mistaken for each other when they are typed.
ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

JoiningState = Literal["received", "approved", "refused", "withdrawn"]

JOINING: Final = Lifecycle(
    name="application to join ACH Debit",
    initial="received",
    transitions={
        "received": frozenset({"approved", "refused", "withdrawn"}),
        "approved": frozenset(),
        "refused": frozenset(),
        "withdrawn": frozenset(),
    },
)

_TOKEN: Final = re.compile(r"acct_[a-z2-7]{26}", re.ASCII)
_EMAIL: Final = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+", re.ASCII)
PHONE: Final = re.compile(r"[+0-9][0-9 ()./x-]{5,28}[0-9]", re.ASCII)
_NUMBER: Final = re.compile(r"J[A-HJ-NP-Z2-9]{9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Application:
    """What somebody applies for; exactly one of the payers is set.

    ``requested_on`` is the day from which the unit is wanted, ``filer_codes`` who may use it.
    """

    filer_code: str | None
    importer_number: str | None
    contact_name: str
    contact_email: str
    contact_phone: str
    account_token: str = field(repr=False)
    requested_on: date = date.min
    filer_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JoiningTicket:
    """What the contact is told once: the application's number and the secret to ask with."""

    application_number: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class JoiningStatus:
    """How an application stands, as its contact may read it.

    The payer unit number and its first day are there once it is approved; ``effective_on`` is the
    day that is expected while the account is still tried, None while none can be named.
    ``account_news`` says how the trial of the account stands.
    """

    application_number: str
    state: JoiningState
    payer_name: str
    received_on: date
    usual_from: date
    usual_until: date
    requested_on: date
    decided_on: date | None
    reason: str
    payer_unit_number: str | None
    effective_on: date | None
    account_news: str


def new_ticket() -> JoiningTicket:
    """Give a random application number and a random secret of 20 characters (100 bits)."""
    number = "J" + "".join(secrets.choice(ALPHABET) for _ in range(9))
    letters = "".join(secrets.choice(ALPHABET) for _ in range(20))
    return JoiningTicket(number, "-".join(letters[at : at + 5] for at in range(0, 20, 5)))


def secret_sha256(secret: str) -> bytes:
    """Give the 32 bytes under which a secret is kept; hyphens, spaces and small letters count not.

    The secret is long and random, so that a plain hash suffices.
    """
    plain = re.sub(r"[\s-]", "", secret).upper()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()


def is_application_number(text: str) -> bool:
    """Tell whether a text has the form of an application number."""
    return _NUMBER.fullmatch(text) is not None


def application_faults(application: Application, *, today: date, calendar: Calendar) -> list[Fault]:
    """Give every fault of an application's own values; the account token is never shown."""
    found = _payer_faults(application)
    checks = (
        ("contact_name", _is_name(application.contact_name), "1 to 60 printable characters"),
        ("contact_email", _is_email(application.contact_email), "an e-mail address"),
        (
            "contact_phone",
            PHONE.fullmatch(application.contact_phone),
            "a telephone number of 7 to 30 digits, spaces and ( ) . / - x",
        ),
    )
    found += [
        _field(name, getattr(application, name), expected)
        for name, good, expected in checks
        if not good
    ]
    if not _TOKEN.fullmatch(application.account_token):
        found.append(_field("account_token", "...", "the bank's token"))
    return found + _date_faults(application.requested_on, today=today, calendar=calendar)


def is_filer_code(text: str) -> bool:
    """Tell whether a text is spelled as a filer code."""
    return _parses(FilerCode.parse, text)


def is_importer_number(text: str) -> bool:
    """Tell whether a text is spelled as an importer number."""
    return _parses(ImporterNumber, text)


def effective_on(requested_on: date, prenote: str, *, matures_on: date | None) -> date | None:
    """Give the first day of a unit: requested, or the later one on which its account is verified.

    None where no day can be named: before the prenote is in a file, and when it came back.
    """
    if prenote == "waived":
        return requested_on
    if prenote in ("pending", "matured") and matures_on is not None:
        return max(requested_on, matures_on)
    return None


def unit_number_from(free: Collection[str]) -> str | None:
    """Choose one of the free numbers that nobody can guess; None when there is none."""
    return secrets.choice(sorted(free)) if free else None


def random_unit_numbers(count: int) -> list[str]:
    """Give random six-digit numbers to choose from, none of them all zero."""
    return sorted({f"{secrets.randbelow(999_999) + 1:06d}" for _ in range(count)})


def account_news(prenote: str, matures_on: date | None, *, why: str) -> str:
    """Say how the trial of the account stands; ``why`` is why its prenote came back."""
    if prenote == "failed":
        return (
            f"The account cannot be used: its bank sent our test entry back ({why})."
            " Apply again with another account, or with the corrected one."
        )
    if prenote == "matured":
        return "The account was verified with a zero-dollar entry."
    if prenote == "waived":
        return "The account needs no zero-dollar entry."
    until = f" until {matures_on:%d %B %Y}" if matures_on is not None else ""
    return f"The account is being verified with a zero-dollar entry{until}."


def _payer_faults(application: Application) -> list[Fault]:
    filer_code, importer_number = application.filer_code, application.importer_number
    found = []
    if (filer_code is None) == (importer_number is None):
        found.append(Fault(faults.JOINING_PAYER_UNCLEAR))
    if filer_code is not None and not is_filer_code(filer_code):
        found.append(_field("filer_code", filer_code, "three digits or capital letters"))
    if importer_number is not None and not is_importer_number(importer_number):
        found.append(_field("importer_number", importer_number, "one like 12-345678900"))
    if filer_code is not None and application.filer_codes:
        found.append(Fault(faults.JOINING_FILERS_NOT_OF_IMPORTER))
    wrong = [code for code in application.filer_codes if not is_filer_code(code)]
    found += [_field("filer_codes", code, "three digits or capital letters") for code in wrong]
    if len(application.filer_codes) > MOST_FILERS:
        seen = f"{len(application.filer_codes)} filers"
        found.append(_field("filer_codes", seen, f"at most {MOST_FILERS}"))
    return found


def _date_faults(requested_on: date, *, today: date, calendar: Calendar) -> list[Fault]:
    earliest = calendar.add(today, BUSINESS_DAYS_AHEAD)
    if requested_on < earliest:
        values = {"requested_on": requested_on.isoformat(), "earliest": earliest.isoformat()}
        return [Fault(faults.JOINING_DATE_TOO_EARLY, values)]
    if (requested_on - today).days > MOST_DAYS_AHEAD:
        return [_field("requested_on", requested_on.isoformat(), "within a year")]
    return []


def _field(name: str, seen: str, expected: str) -> Fault:
    values = {"field": name, "seen": ascii(seen)[:60], "expected": expected}
    return Fault(faults.JOINING_FIELD_WRONG, values)


def _is_name(text: str) -> bool:
    return 1 <= len(text) <= 60 and text.isprintable() and text == text.strip()


def _is_email(text: str) -> bool:
    return len(text) <= 200 and _EMAIL.fullmatch(text) is not None


def _parses(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except IdentifierError:
        return False
    return True
