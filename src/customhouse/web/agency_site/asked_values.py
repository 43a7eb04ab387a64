"""Parameters of an address, read strictly: what is not as expected is refused with what was seen.

Which parameters there are, and what they mean, is each door's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.http import HttpRequest

from customhouse.faults import Fault, Refused, declare

QUERY_WRONG = declare(
    "query-wrong",
    sentence="The parameter {name} is {seen}, which is not {expected}.",
    next_step="Correct the parameter {name} of the address.",
)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Value = TypeVar("Value")


def asked(
    request: HttpRequest, name: str, *, read: Callable[[str], Value], expected: str
) -> Value | None:
    """Give a parameter of the address as it is read; None where it is not there.

    ``read`` raises ValueError for what is not as expected; raises Refused (query-wrong) then.
    """
    text = request.GET.get(name)
    if text is None:
        return None
    try:
        return read(text)
    except ValueError:
        values = {"name": name, "seen": ascii(text)[:40], "expected": expected}
        raise Refused(Fault(QUERY_WRONG, values)) from None


def read_day(text: str) -> date:
    """Read a date YYYY-MM-DD, spelled in no other way; raise ValueError."""
    if not _DAY.fullmatch(text):
        raise ValueError
    return date.fromisoformat(text)


def read_truth(text: str) -> bool:
    """Read true or false, spelled so; raise ValueError."""
    if text not in ("true", "false"):
        raise ValueError
    return text == "true"


def read_limit(text: str, most: int) -> int:
    """Read how many of something are wanted, from 1 to ``most``; raise ValueError."""
    if not re.fullmatch("[0-9]{1,4}", text, re.ASCII) or not 1 <= int(text) <= most:
        raise ValueError
    return int(text)
