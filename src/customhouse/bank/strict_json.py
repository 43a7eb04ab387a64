"""Reads one flat JSON object and nothing cleverer: no duplicates, no floats, no nesting.

What a member means is for whoever asked. A reason never repeats what was read.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

Values = dict[str, str | int | bool | None]


class JsonFault(ValueError):
    """The bytes are not one flat JSON object; the text says why."""


def read_flat_object(raw: bytes) -> Values:
    """Read an object of text, whole numbers, booleans and nulls; raise JsonFault."""
    try:
        found = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except JsonFault:
        raise
    except RecursionError:
        raise JsonFault("it is nested") from None
    except UnicodeDecodeError:
        raise JsonFault("it is not UTF-8") from None
    except ValueError:
        # JSONDecodeError would quote the document, so its text goes nowhere.
        raise JsonFault("it is not JSON") from None
    if not isinstance(found, dict):
        raise JsonFault("it is not an object")
    return found


def require_members(values: Values, expected: dict[str, type]) -> None:
    """Raise JsonFault unless the members are exactly these, each of its type."""
    if set(values) != set(expected):
        raise JsonFault(f"its members must be {', '.join(expected)}")
    for name, kind in expected.items():
        if type(values[name]) is not kind:
            raise JsonFault(f"{name} must be {_WORDS[kind]}")


_WORDS = {str: "text", int: "a whole number", bool: "true or false"}


def _object(pairs: list[tuple[str, Any]]) -> Values:
    values: Values = {}
    for name, value in pairs:
        if name in values:
            raise JsonFault("a member is there twice")
        if isinstance(value, dict | list):
            raise JsonFault("it is nested")
        values[name] = value
    return values


def _no_float(_text: str) -> NoReturn:
    raise JsonFault("a number is not whole")
