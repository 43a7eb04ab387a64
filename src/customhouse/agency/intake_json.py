"""Reads entry summaries from JSON: a list of objects, amounts as texts, flags as true or false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from customhouse.agency import entry_faults as faults
from customhouse.agency.entry_fields import FIELDS_BY_NAME, EntryField, nearest_name
from customhouse.agency.entry_summaries import EntrySummaryDraft, wrong_field
from customhouse.agency.strict_json import UnreadableJson, read_json
from customhouse.faults import Fault, Refused

LARGEST_BYTES: Final = 16 * 1024 * 1024
_CHARGES: Final = "charges"


def read_entries(raw: bytes) -> Iterator[EntrySummaryDraft]:
    """Give the drafts of a document in order; raise Refused (intake-file-unreadable)."""
    items = read_items(raw)
    return (draft_of(item, position=f"item {number}") for number, item in enumerate(items, 1))


def read_items(raw: bytes) -> list[object]:
    """Give the items of a document as JSON values; raise Refused (intake-file-unreadable)."""
    if len(raw) > LARGEST_BYTES:
        reason = f"it has more than {LARGEST_BYTES} bytes"
        raise _refusal(reason, hint="Load it in several parts, or as CSV.")
    if not raw.strip():
        raise _refusal("the file is empty", hint="Give a list of entry summaries.")
    try:
        items = read_json(raw)
    except UnreadableJson as error:
        raise _refusal(str(error), hint="Correct the document and load it again.") from None
    if not isinstance(items, list):
        raise _refusal("it is not a JSON list", hint="Give a list of entry summaries.")
    return items


def draft_of(item: object, *, position: str) -> EntrySummaryDraft:
    """Give the draft of one entry summary as JSON values; wrong types become its faults."""
    if not isinstance(item, dict):
        fault = wrong_field("item", _shown(item), expected="a JSON object", example="[{...}]")
        return EntrySummaryDraft(position, {}, faults=(fault,))
    fields, found = _fields(item)
    charges, wrong = _charges(item.get(_CHARGES, {}))
    return EntrySummaryDraft(position, fields, charges, tuple(found + wrong))


def _fields(item: Mapping[str, object]) -> tuple[dict[str, str], list[Fault]]:
    """Give the fields whose type is right as texts, and a fault for each other one."""
    fields, found = {}, []
    for name, value in item.items():
        known = FIELDS_BY_NAME.get(name)
        if known is not None and _has_its_type(known, value):
            fields[name] = _as_text(value)
        elif known is not None:
            expected = f"{known.expected}, as {'a flag' if known.is_flag else 'a text'}"
            example = "true or false" if known.is_flag else f'"{known.example}"'
            found.append(wrong_field(name, _shown(value), expected=expected, example=example))
        elif name != _CHARGES:
            found.append(_unknown_field(name))
    return fields, found


def _unknown_field(name: str) -> Fault:
    known = [*FIELDS_BY_NAME, _CHARGES]
    nearest = nearest_name(name, known)
    values = {
        "field": ascii(name)[:40],
        "expected": ", ".join(known),
        "nearest": f" to {nearest}" if nearest else "",
    }
    return Fault(faults.ENTRY_FIELD_UNKNOWN, values)


def _has_its_type(known: EntryField, value: object) -> bool:
    if value is None:
        return known.default is not None
    return isinstance(value, bool if known.is_flag else str)


def _as_text(value: object) -> str:
    """Spell a value as CSV spells it."""
    if isinstance(value, bool):
        return "Y" if value else "N"
    return "" if value is None else str(value)


def _charges(value: object) -> tuple[dict[str, str], list[Fault]]:
    if not isinstance(value, dict):
        expected = "an object of amounts by accounting class code"
        example = '{"001": "1046.08"}'
        return {}, [wrong_field(_CHARGES, _shown(value), expected=expected, example=example)]
    found = [
        wrong_field(f"charge {code[:3]!a}", _shown(amount), expected="a text", example='"1046.08"')
        for code, amount in value.items()
        if not isinstance(amount, str)
    ]
    return {code: amount for code, amount in value.items() if isinstance(amount, str)}, found


def _shown(value: object) -> str:
    """Spell a value of a wrong type; of one that holds others only its type."""
    return str(value) if isinstance(value, str | int | None) else type(value).__name__


def _refusal(reason: str, *, hint: str) -> Refused:
    return Refused(Fault(faults.INTAKE_FILE_UNREADABLE, {"reason": reason, "hint": hint}))
