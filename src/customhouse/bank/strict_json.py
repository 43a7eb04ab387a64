"""Reads one flat JSON object, or a list of them, and nothing cleverer.

No duplicates, no floats, no further nesting. What a member means is for whoever asked. A reason
never repeats what was read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

Values = dict[str, str | int | bool | None]


class JsonFault(ValueError):
    """The bytes are not one flat JSON object; the text says why."""


def read_flat_object(raw: bytes) -> Values:
    """Read an object of text, whole numbers, booleans and nulls; raise JsonFault."""
    found = _loads(raw, _object)
    if not isinstance(found, dict):
        raise JsonFault("it is not an object")
    return found


def read_flat_objects(raw: bytes, member: str, *, most: int) -> list[Values]:
    """Read an object whose one member is a list of flat objects, as many as allowed.

    Raises JsonFault.
    """
    found = _loads(raw, _members)
    if not isinstance(found, dict) or list(found) != [member]:
        raise JsonFault(f"it is not an object with the one member {member}")
    items = found[member]
    if not isinstance(items, list) or not 1 <= len(items) <= most:
        raise JsonFault(f"{member} must be a list of 1 to {most}")
    for item in items:
        if not isinstance(item, dict):
            raise JsonFault(f"an item of {member} is not an object")
        _require_flat(item)
    return items


def _loads(raw: bytes, members: Callable[[list[tuple[str, Any]]], dict[str, Any]]) -> Any:
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=members,
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


def require_members(values: Values, expected: dict[str, type]) -> None:
    """Raise JsonFault unless the members are exactly these, each of its type."""
    if set(values) != set(expected):
        raise JsonFault(f"its members must be {', '.join(expected)}")
    for name, kind in expected.items():
        if type(values[name]) is not kind:
            raise JsonFault(f"{name} must be {_WORDS[kind]}")


_WORDS = {str: "text", int: "a whole number", bool: "true or false"}


def _object(pairs: list[tuple[str, Any]]) -> Values:
    values = _members(pairs)
    _require_flat(values)
    return values


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise JsonFault("a member is there twice")
    return values


def _require_flat(values: dict[str, Any]) -> None:
    if any(isinstance(value, dict | list) for value in values.values()):
        raise JsonFault("it is nested")


def _no_float(_text: str) -> NoReturn:
    raise JsonFault("a number is not whole")
