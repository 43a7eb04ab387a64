"""Rules of registering parties: what makes an item well formed. Pure; looks nothing up."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from customhouse.agency import party_faults as faults
from customhouse.agency.parties import Designation, Filer, Importer, PayerUnit
from customhouse.faults import Fault, FaultKind
from customhouse.identifiers import FilerCode, IdentifierError, ImporterNumber, PayerUnitNumber

LONGEST_NAME = 60
LARGEST_CAP_CENTS = 999_999_999_999
CAP_EXPECTED = f"0 (no cap) to {LARGEST_CAP_CENTS:,}"


@dataclass(frozen=True, slots=True)
class NewSender:
    """A sender to register: its codes, its filers, and those whose statements it receives."""

    site_code: str
    id_code: str
    office_code: str
    filer_codes: tuple[str, ...]
    receives_statements_of: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Give the codes as they are spelled for people: ``3901-XYZ`` or ``3901-XYZ-01``."""
        return "-".join(code for code in (self.site_code, self.id_code, self.office_code) if code)


@dataclass(frozen=True, slots=True)
class UserFiler:
    """Lets a person's sign-in see a filer."""

    username: str
    filer_code: str

    @property
    def key(self) -> str:
        """Give the two names as they are spelled for people."""
        return f"{self.username} for {self.filer_code}"


def shown(seen: object) -> str:
    """Spell a value that was seen, escaped and cut, for a sentence."""
    return ascii(seen)[:60]


def field_fault(item: str, field: str, *, seen: object, expected: str) -> Fault:
    """Give the fault of one field that is not as expected."""
    values = {"item": item, "field": field, "seen": shown(seen), "expected": expected}
    return Fault(faults.PARTY_FIELD_WRONG, values)


def item_fault(kind: FaultKind, item: str, /, **values: object) -> Fault:
    """Give a fault of a whole item."""
    return Fault(kind, {"item": item, **values})


def filer_faults(filer: Filer) -> list[Fault]:
    """Give all faults of a filer's own fields."""
    item = f"filer {shown(filer.filer_code)}"
    found = _hold(item, "filer_code", seen=[filer.filer_code])
    found += _hold(item, "name", seen=[filer.name])
    found += _hold(item, "ports", seen=filer.ports)
    for port in filer.client_branch_ports:
        if port not in filer.ports:
            expected = "one of its ports"
            found.append(field_fault(item, "client_branch_ports", seen=port, expected=expected))
    if not filer.ports:
        found.append(field_fault(item, "ports", seen=[], expected="a list of at least one port"))
    return found


def importer_faults(importer: Importer) -> list[Fault]:
    """Give all faults of an importer's own fields; its number must be canonical."""
    item = f"importer {shown(importer.importer_number)}"
    found = _hold(item, "importer_number", seen=[importer.importer_number])
    return found + _hold(item, "name", seen=[importer.name])


def sender_faults(sender: NewSender) -> list[Fault]:
    """Give all faults of a sender's own fields."""
    item = f"sender {shown(sender.key)}"
    found = _hold(item, "site_code", seen=[sender.site_code])
    found += _hold(item, "id_code", seen=[sender.id_code])
    found += _hold(item, "office_code", seen=[sender.office_code])
    found += _hold(item, "filer_codes", seen=sender.filer_codes)
    if not sender.filer_codes:
        found.append(field_fault(item, "filer_codes", seen=[], expected="at least one filer code"))
    for code in sender.receives_statements_of:
        if code not in sender.filer_codes:
            expected = "one of its filer_codes"
            found.append(field_fault(item, "receives_statements_of", seen=code, expected=expected))
    return found


def user_faults(user: UserFiler) -> list[Fault]:
    """Give all faults of a user's own fields."""
    item = f"user {shown(user.username)}"
    found = _hold(item, "username", seen=[user.username])
    return found + _hold(item, "filer_codes", seen=[user.filer_code])


def payer_unit_faults(unit: PayerUnit) -> list[Fault]:
    """Give all faults of a payer unit's own fields; the account token is never shown."""
    item = unit_name(unit)
    found = _hold(item, "payer_unit_number", seen=_given(unit.payer_unit_number))
    if (unit.owner_filer_code is None) == (unit.owner_importer_number is None):
        found.append(item_fault(faults.PAYER_UNIT_OWNER_UNCLEAR, item))
    found += _hold(item, "owner_filer_code", seen=_given(unit.owner_filer_code))
    found += _hold(item, "owner_importer_number", seen=_given(unit.owner_importer_number))
    if _TOKEN.fullmatch(unit.account_token) is None:
        found.append(field_fault(item, "account_token", seen="...", expected="the bank's token"))
    cap = unit.daily_cap_cents
    if cap is not None and not 0 <= cap <= LARGEST_CAP_CENTS:
        found.append(field_fault(item, "daily_cap_cents", seen=cap, expected=CAP_EXPECTED))
    return found


def designation_faults(designation: Designation) -> list[Fault]:
    """Give all faults of a designation's own fields."""
    item = f"designation {designation_key(designation)}"
    found = _hold(item, "payer_unit_number", seen=[designation.payer_unit_number])
    found += _hold(item, "filer_code", seen=[designation.filer_code])
    if designation.ends_on is not None and designation.ends_on < designation.starts_on:
        seen = designation.ends_on.isoformat()
        expected = f"a day from {designation.starts_on} on"
        found.append(field_fault(item, "ends_on", seen=seen, expected=expected))
    return found


def unit_name(unit: PayerUnit) -> str:
    """Name a payer unit in a sentence, by its number or else by its owner."""
    owner = unit.owner_filer_code or unit.owner_importer_number
    return f"payer unit {shown(unit.payer_unit_number or f'of {owner}')}"


def designation_key(designation: Designation) -> str:
    """Name a designation: unit, filer and first day."""
    unit, filer_code = designation.payer_unit_number, designation.filer_code
    return f"of {unit} to {filer_code} from {designation.starts_on}"


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def well_formed(text: str) -> bool:
        try:
            parse(text)
        except IdentifierError:
            return False
        return True

    return well_formed


def _matches(pattern: str) -> Callable[[str], bool]:
    grammar = re.compile(pattern)
    return lambda text: grammar.fullmatch(text) is not None


def _is_name(text: str) -> bool:
    return 1 <= len(text) <= LONGEST_NAME and text.isprintable() and text == text.strip()


_TOKEN = re.compile(r"[0-9A-Za-z._~:-]{8,200}")
_FILER_CODE = (_parses(FilerCode.parse), "three digits or capital letters, not 000")
_IMPORTER = (_parses(ImporterNumber), "12-345678900, 123-45-6789 or 123456-12345")
_GRAMMARS: dict[str, tuple[Callable[[str], bool], str]] = {
    "filer_code": _FILER_CODE,
    "filer_codes": _FILER_CODE,
    "owner_filer_code": _FILER_CODE,
    "importer_number": _IMPORTER,
    "owner_importer_number": _IMPORTER,
    "payer_unit_number": (_parses(PayerUnitNumber.parse), "six digits, not all zero"),
    "name": (_is_name, f"1 to {LONGEST_NAME} printable characters, no space at either end"),
    "ports": (_matches("[0-9]{4}"), "four digits"),
    "site_code": (_matches("[0-9A-Z]{4}"), "four digits or capital letters"),
    "id_code": (_matches("[0-9A-Z]{3}"), "three digits or capital letters"),
    "office_code": (_matches("([0-9A-Z]{2})?"), "two digits or capital letters, or nothing"),
    "username": (
        _matches("[0-9A-Za-z][0-9A-Za-z._@+-]{0,149}"),
        "a letter or digit, then letters, digits and . _ @ + -",
    ),
}


def _hold(item: str, field: str, *, seen: list[str] | tuple[str, ...]) -> list[Fault]:
    well_formed, expected = _GRAMMARS[field]
    wrong = [text for text in seen if not well_formed(text)]
    return [field_fault(item, field, seen=text, expected=expected) for text in wrong]


def _given(text: str | None) -> list[str]:
    return [] if text is None else [text]
