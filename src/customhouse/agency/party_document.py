"""Reads the document of parties: JSON sections of filers, importers, units, senders and so on.

Reading only: what an item means is the commands' to judge. An item whose fields have the wrong
names or types becomes a refused outcome of its own; the others are not touched by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from customhouse.agency import party_faults as faults
from customhouse.agency.parties import Designation, Filer, Importer, PayerUnit
from customhouse.agency.party_outcomes import PartyOutcome
from customhouse.agency.party_rules import (
    CAP_EXPECTED,
    NewSender,
    UserFiler,
    field_fault,
    item_fault,
    shown,
)
from customhouse.agency.strict_json import UnreadableJson, read_json
from customhouse.faults import Fault, Refused
from customhouse.identifiers import IdentifierError, ImporterNumber

LARGEST_BYTES: Final = 16 * 1024 * 1024


@dataclass(slots=True)
class PartyDocument:
    """The items of a document by section, and the outcomes of those that could not be read."""

    filers: list[Filer] = field(default_factory=list)
    importers: list[Importer] = field(default_factory=list)
    payer_units: list[PayerUnit] = field(default_factory=list)
    designations: list[Designation] = field(default_factory=list)
    senders: list[NewSender] = field(default_factory=list)
    users: list[UserFiler] = field(default_factory=list)
    unreadable: list[PartyOutcome] = field(default_factory=list)


def read_document(raw: bytes) -> PartyDocument:
    """Read a document; raise Refused (document-unreadable) when it is not one at all."""
    if len(raw) > LARGEST_BYTES:
        raise _refusal(f"it has more than {LARGEST_BYTES} bytes", "Load it in several parts.")
    try:
        sections = read_json(raw)
    except UnreadableJson as error:
        raise _refusal(str(error), "Correct the document and load it again.") from None
    hint = f"Give an object with lists under any of {', '.join(_SECTIONS)}."
    if not isinstance(sections, dict):
        raise _refusal("it is not a JSON object", hint)
    document = PartyDocument()
    for name, items in sections.items():
        if name not in _SECTIONS:
            raise _refusal(f"it has a section {shown(name)}", hint)
        if not isinstance(items, list):
            raise _refusal(f"its section {name} is not a list", hint)
        for number, values in enumerate(items, 1):
            _read_item(document, name, values=values, number=number)
    return document


def _refusal(reason: str, hint: str) -> Refused:
    return Refused(Fault(faults.DOCUMENT_UNREADABLE, {"reason": reason, "hint": hint}))


def _read_item(document: PartyDocument, section: str, *, values: object, number: int) -> None:
    shape, build = _SECTIONS[section]
    item = f"{section} item {number}"
    read, found = _read_fields(item, shape, values)
    if found:
        outcome = PartyOutcome(section, f"item {number}", "refused", tuple(found))
        document.unreadable.append(outcome)
        return
    getattr(document, section).extend(build(read))


def _read_fields(
    item: str, shape: Mapping[str, _Field], values: object
) -> tuple[dict[str, Any], list[Fault]]:
    if not isinstance(values, dict):
        return {}, [field_fault(item, "value", seen=values, expected="a JSON object")]
    found = [
        item_fault(faults.PARTY_FIELD_UNKNOWN, item, field=shown(name), expected=", ".join(shape))
        for name in values
        if name not in shape
    ]
    read = {}
    for name, reader in shape.items():
        if name not in values and reader.required:
            found.append(
                item_fault(faults.PARTY_FIELD_MISSING, item, field=name, expected=reader.expected)
            )
            continue
        try:
            read[name] = reader.read(values[name]) if name in values else reader.absent
        except ValueError:
            seen = "..." if name == "account_token" else values[name]
            found.append(field_fault(item, name, seen=seen, expected=reader.expected))
    return read, found


@dataclass(frozen=True, slots=True)
class _Field:
    """How one field is read: its reader raises ValueError; ``absent`` stands for none given."""

    read: Callable[[Any], object]
    expected: str
    required: bool = True
    absent: object = None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError
    return tuple(_text(each) for each in value)


def _day(value: object) -> date:
    text = _text(value)
    if len(text) != 10:
        raise ValueError
    return date.fromisoformat(text)


def _cents(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError
    return value


def _importer_number(value: object) -> str:
    """Read an importer number into its canonical spelling; leave a wrong one to the rules."""
    text = _text(value)
    try:
        return str(ImporterNumber.parse(text))
    except IdentifierError:
        return text


_A_TEXT: Final = "a text"
_TEXT: Final = _Field(_text, _A_TEXT)
_TEXTS: Final = _Field(_texts, "a list of texts")
_DAY: Final = _Field(_day, "a date like 2026-11-24")
_IMPORTER: Final = _Field(_importer_number, _A_TEXT)
_LAST_DAY: Final = _Field(_day, "a date like 2026-11-24", required=False)

_Build = Callable[[dict[str, Any]], list[Any]]
_SECTIONS: Final[Mapping[str, tuple[Mapping[str, _Field], _Build]]] = {
    "filers": (
        {
            "filer_code": _TEXT,
            "name": _TEXT,
            "ports": _TEXTS,
            "client_branch_ports": _Field(_texts, "a list of texts", required=False, absent=()),
        },
        lambda values: [Filer(**values)],
    ),
    "importers": (
        {"importer_number": _IMPORTER, "name": _TEXT},
        lambda values: [Importer(**values)],
    ),
    "payer_units": (
        {
            "payer_unit_number": _Field(_text, _A_TEXT, required=False),
            "owner_filer_code": _Field(_text, _A_TEXT, required=False),
            "owner_importer_number": _Field(_importer_number, _A_TEXT, required=False),
            "account_token": _TEXT,
            "effective_on": _DAY,
            "daily_cap_cents": _Field(_cents, f"whole cents, {CAP_EXPECTED}", required=False),
        },
        lambda values: [PayerUnit(**values)],
    ),
    "designations": (
        {
            "payer_unit_number": _TEXT,
            "filer_code": _TEXT,
            "starts_on": _DAY,
            "ends_on": _LAST_DAY,
        },
        lambda values: [Designation(**values)],
    ),
    "senders": (
        {
            "site_code": _TEXT,
            "id_code": _TEXT,
            "office_code": _Field(_text, _A_TEXT, required=False, absent=""),
            "filer_codes": _TEXTS,
            "receives_statements_of": _Field(_texts, "a list of texts", required=False, absent=()),
        },
        lambda values: [NewSender(**values)],
    ),
    "users": (
        {"username": _TEXT, "filer_codes": _TEXTS},
        lambda values: [UserFiler(values["username"], code) for code in values["filer_codes"]],
    ),
}
