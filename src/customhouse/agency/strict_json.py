"""JSON as this house accepts it: bounded, without duplicates, without numbers that are inexact.

Amounts and dates are texts, so that a number with a point or an exponent is refused outright. The
meaning of a document is its reader's to judge.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn


class UnreadableJson(ValueError):
    """A document is not acceptable JSON; the message says why, without repeating its content."""


def read_json(raw: bytes) -> Any:
    """Read a document; raise UnreadableJson for anything that is not strictly and plainly JSON."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raise UnreadableJson("it begins with a byte order mark; save it as plain UTF-8")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableJson(f"byte {error.start + 1} is not UTF-8") from None
    try:
        return json.loads(
            text,
            object_pairs_hook=_without_duplicates,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
            parse_int=_whole_number,
        )
    except RecursionError:
        raise UnreadableJson("it is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UnreadableJson(f"it is not JSON at {where}: {error.msg}") from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise UnreadableJson(f"the key {twice[:40]!a} occurs twice in one object")
    return found


def _refuse_number(text: str) -> NoReturn:
    raise UnreadableJson(
        f'the number {text[:20]} is not whole; write amounts as texts like "1046.08"'
    )


def _whole_number(text: str) -> int:
    if len(text) > 18:
        raise UnreadableJson(f"the number {text[:20]} is too long")
    return int(text)
