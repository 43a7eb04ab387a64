"""Reads a document of closings and holds each item to its rules. Pure; looks nothing up.

An item that is not as expected becomes its faults and keeps out no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from customhouse.agency.closures import Closure
from customhouse.agency.strict_json import UnreadableJson, read_json
from customhouse.business_days import Calendar, OutsideCalendar
from customhouse.faults import Fault, Refused, declare

LARGEST_BYTES: Final = 1024 * 1024
LONGEST_REASON: Final = 80
_PORT: Final = re.compile("[0-9]{4}", re.ASCII)
_DAY: Final = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

CLOSURES_UNREADABLE = declare(
    "closures-unreadable",
    sentence="The closings cannot be read: {reason}.",
    next_step='Give a JSON list like [{{"closed_on": "2026-12-24", "reason": "Executive order"}}].',
    http_status=400,
)
CLOSURE_FIELD_WRONG = declare(
    "closure-field-wrong",
    sentence="The {field} of a closing is {seen}, which is not {expected}.",
    next_step="Correct it and load the file again; what went in already is not done twice.",
)
CLOSURE_TOO_LATE = declare(
    "closure-too-late",
    sentence="{closed_on} is not later than the business date {business_date}.",
    next_step="Load a closing before its day: statements of the business date are on their way.",
)
CLOSURE_ON_CLOSED_DAY = declare(
    "closure-on-closed-day",
    sentence="{closed_on} is no working day anyway.",
    next_step="Leave it out.",
)


@dataclass(frozen=True, slots=True)
class ClosureReading:
    """One item: the closing it says, or its faults; ``position`` says where it stood."""

    position: str
    closure: Closure | None
    faults: tuple[Fault, ...] = ()


def read_closures(raw: bytes, *, business_date: date, calendar: Calendar) -> list[ClosureReading]:
    """Read every item of a document; raise Refused (closures-unreadable).

    ``calendar`` is the agency's own without any closing.
    """
    if len(raw) > LARGEST_BYTES:
        raise _unreadable(f"there are more than {LARGEST_BYTES} bytes")
    try:
        items = read_json(raw)
    except UnreadableJson as error:
        raise _unreadable(str(error)) from None
    if not isinstance(items, list):
        raise _unreadable("it is not a JSON list")
    return [
        _reading(item, f"item {number}", business_date=business_date, calendar=calendar)
        for number, item in enumerate(items, 1)
    ]


def _unreadable(reason: str) -> Refused:
    return Refused(Fault(CLOSURES_UNREADABLE, {"reason": reason}))


def _reading(
    item: object, position: str, *, business_date: date, calendar: Calendar
) -> ClosureReading:
    if not isinstance(item, dict):
        return ClosureReading(position, None, (_wrong("value", item, "a JSON object"),))
    values, found = _fields({"effective_on": business_date.isoformat(), **item})
    if found:
        return ClosureReading(position, None, tuple(found))
    closure = Closure(**values)
    found = _day_faults(closure, business_date, calendar)
    return ClosureReading(position, None if found else closure, tuple(found))


def _fields(item: Mapping[str, object]) -> tuple[dict[str, Any], list[Fault]]:
    values: dict[str, Any] = {}
    found = [
        _wrong("field name", name, f"one of {', '.join(_READERS)}")
        for name in item
        if name not in _READERS
    ]
    for name, (read, expected, required) in _READERS.items():
        if item.get(name) is None and not required:
            continue
        try:
            values[name] = read(item.get(name))
        except ValueError:
            found.append(_wrong(name, item.get(name, "missing"), expected))
    return values, found


def _day_faults(closure: Closure, business_date: date, calendar: Calendar) -> list[Fault]:
    values = {"closed_on": closure.closed_on, "business_date": business_date}
    withdrawn_on = closure.withdrawn_on
    if withdrawn_on is not None and withdrawn_on < closure.effective_on:
        return [_wrong("withdrawn_on", str(withdrawn_on), "a day from effective_on on")]
    if closure.closed_on <= business_date:
        return [Fault(CLOSURE_TOO_LATE, values)]
    try:
        works = calendar.is_business_day(closure.closed_on)
    except OutsideCalendar:
        return [_wrong("closed_on", str(closure.closed_on), "a day of the calendar")]
    return [] if works else [Fault(CLOSURE_ON_CLOSED_DAY, values)]


def _wrong(field: str, seen: object, expected: str) -> Fault:
    values = {"field": field, "seen": ascii(seen)[:60], "expected": expected}
    return Fault(CLOSURE_FIELD_WRONG, values)


def _text_matching(pattern: re.Pattern[str]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise ValueError
        return value

    return read


def _day(value: object) -> date:
    return date.fromisoformat(_text_matching(_DAY)(value))


def _reason(value: object) -> str:
    fits = isinstance(value, str) and 1 <= len(value) <= LONGEST_REASON
    if not fits or not str(value).isprintable():
        raise ValueError
    return str(value)


_A_DAY: Final = "a date like 2026-12-24"
_READERS: Final[Mapping[str, tuple[Callable[[object], object], str, bool]]] = {
    "closed_on": (_day, _A_DAY, True),
    "reason": (_reason, f"a text of 1 to {LONGEST_REASON} characters", True),
    "port": (_text_matching(_PORT), "four digits", False),
    "effective_on": (_day, _A_DAY, True),
    "withdrawn_on": (_day, _A_DAY, False),
}
