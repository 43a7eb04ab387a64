"""Reads what a payer asks for at the instructions' door: documents, lead days, a payment file.

Reading only; all that is wrong with the body is told at once. Whether a document exists, and what
is due on it, is for credit_instruct.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from customhouse.agency.credit_instructions import MOST_LEAD_DAYS, DocumentKind
from customhouse.faults import Fault, Refused, declare
from customhouse.formats.payment_file import FORMS, MODIFIERS, Form, Originator
from customhouse.identifiers import bare_number

MOST_DOCUMENTS: Final = 9_999
_STATEMENT: Final = re.compile("[0-9]{7}[0-9A-Z]{3}")
_BILL: Final = re.compile("[0-9]{7}[0-9A-Z]{4}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_NUMBER: Final = 20
_LONGEST_SHOWN: Final = 40
_ASKED: Final = ("documents", "all_due", "until", "lead_days", "settle_on")
_OF_FILE: Final = (
    "form",
    "bank_routing",
    "bank_name",
    "company_identification",
    "company_name",
    "file_id",
    "late",
)

INSTRUCTION_FIELD_WRONG = declare(
    "instruction-field-wrong",
    sentence="The field {field} is {seen}, which is not {expected}.",
    next_step="Correct {field} and ask again.",
)


@dataclass(frozen=True, slots=True)
class InstructionOrder:
    """What is asked for: documents by number, or all that is due where that is None.

    ``until`` takes, of all that is due, what is due by a day. ``lead_days`` are banking days, None
    for those of the payer's enrolment. ``settle_on`` is the day on which the payer wants to pay,
    None for the last one that is in time.
    """

    documents: tuple[str, ...] | None
    until: date | None = None
    lead_days: int | None = None
    settle_on: date | None = None


@dataclass(frozen=True, slots=True)
class FileOrder:
    """What is asked for as a payment file: of which payments, for which bank, in which form."""

    order: InstructionOrder
    originator: Originator
    form: Form
    file_id_modifier: str
    with_late: bool


def kind_of(number: str) -> DocumentKind | None:
    """Tell statement and bill numbers apart by their form; None for anything else."""
    if _STATEMENT.fullmatch(number):
        return "statement"
    return "bill" if _BILL.fullmatch(number) else None


def read_instruction_order(body: Any) -> InstructionOrder:
    """Read a body of documents, or all_due, and lead_days; raise Refused with all its faults."""
    values = _object(body)
    faults = [*_unknown(values, _ASKED), *_asked_faults(values)]
    if faults:
        raise Refused(*faults)
    return _order(values)


def read_file_order(body: Any) -> FileOrder:
    """Read the same with what a payment file needs beside; raise Refused with all its faults."""
    values = _object(body)
    checks: tuple[tuple[str, bool, Callable[[Any], bool], str], ...] = (
        ("form", False, lambda value: value in FORMS, "CCD or CTX"),
        ("bank_routing", True, _is_text, "your bank's routing number"),
        ("bank_name", False, _is_text, "your bank's name"),
        ("company_identification", True, _is_text, "your company's identification at your bank"),
        ("company_name", True, _is_text, "your company's name"),
        ("file_id", False, lambda value: value in tuple(MODIFIERS), "one of A to Z and 0 to 9"),
        ("late", False, lambda value: isinstance(value, bool), "true or false"),
    )
    faults = [*_unknown(values, _ASKED + _OF_FILE), *_asked_faults(values)]
    for name, is_needed, is_right, expected in checks:
        seen = values.get(name)
        if (seen is None and is_needed) or (seen is not None and not is_right(seen)):
            faults.append(_wrong(name, seen, expected))
    if faults:
        raise Refused(*faults)
    return FileOrder(
        order=_order(values),
        originator=Originator(
            bank_routing=values["bank_routing"],
            company_identification=values["company_identification"],
            company_name=values["company_name"],
            bank_name=values.get("bank_name") or "",
        ),
        form=values.get("form") or "CCD",
        file_id_modifier=values.get("file_id") or "A",
        with_late=bool(values.get("late")),
    )


def _order(values: Mapping[str, Any]) -> InstructionOrder:
    documents, until = values.get("documents"), values.get("until")
    settle_on = values.get("settle_on")
    return InstructionOrder(
        documents=None if documents is None else tuple(bare_number(each) for each in documents),
        until=None if until is None else date.fromisoformat(until),
        lead_days=values.get("lead_days"),
        settle_on=None if settle_on is None else date.fromisoformat(settle_on),
    )


def _asked_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    documents, all_due = values.get("documents"), values.get("all_due")
    if (documents is None) != (all_due is True) or all_due not in (None, True, False):
        seen = "documents and all_due" if documents is not None else "neither documents nor all_due"
        expected = "either a list of documents or all_due as true"
        yield Fault(INSTRUCTION_FIELD_WRONG, {"field": "body", "seen": seen, "expected": expected})
    elif documents is not None:
        yield from _documents_faults(documents)
    until = values.get("until")
    if until is not None and (documents is not None or not _is_day(until)):
        yield _wrong("until", until, "a date like 2026-11-24, beside all_due")
    settle_on = values.get("settle_on")
    if settle_on is not None and not _is_day(settle_on):
        yield _wrong("settle_on", settle_on, "a date like 2026-11-24")
    lead_days = values.get("lead_days")
    if lead_days is not None and not (type(lead_days) is int and 0 <= lead_days <= MOST_LEAD_DAYS):
        yield _wrong("lead_days", lead_days, f"0 to {MOST_LEAD_DAYS} banking days")


def _documents_faults(documents: Any) -> Iterator[Fault]:
    expected = f"a list of 1 to {MOST_DOCUMENTS:,} numbers of statements or bills"
    if not isinstance(documents, list) or not 1 <= len(documents) <= MOST_DOCUMENTS:
        yield _wrong("documents", documents, expected)
        return
    seen: set[str] = set()
    for each in documents:
        if not isinstance(each, str) or len(each) > _LONGEST_NUMBER:
            yield _wrong("documents", each, "the number of a statement or a bill")
        elif bare_number(each) in seen:
            yield _wrong("documents", each, "named once")
        else:
            seen.add(bare_number(each))


def _object(body: Any) -> Mapping[str, Any]:
    if not isinstance(body, dict):
        raise Refused(_wrong("body", body, "an object"))
    return body


def _unknown(values: Mapping[str, Any], known: tuple[str, ...]) -> Iterator[Fault]:
    for name in values:
        if name not in known:
            yield _wrong("body", name, f"one of {', '.join(known)}")


def _wrong(field: str, seen: Any, expected: str) -> Fault:
    shown = "missing" if seen is None else ascii(seen)[:_LONGEST_SHOWN]
    return Fault(INSTRUCTION_FIELD_WRONG, {"field": field, "seen": shown, "expected": expected})


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
