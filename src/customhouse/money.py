"""Amounts of money: whole cents in ``int``, how they are spelled and how they are read.

This module does no arithmetic and rounds nothing; an amount that is not a whole number of cents
cannot be expressed.
"""

from __future__ import annotations

import re
from typing import Final

# An ACH entry holds ten digits of cents, a batch or file total twelve (Nacha record layouts).
MAX_ENTRY_CENTS: Final = 9_999_999_999
MAX_TOTAL_CENTS: Final = 999_999_999_999

_DOLLARS: Final = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]{2}))?", re.ASCII)
_LONGEST: Final = len("9999999999.99")


def format_cents(cents: int) -> str:
    """Spell cents as dollars with separators: 104608 is ``1,046.08``, -300 is ``-3.00``."""
    sign = "-" if cents < 0 else ""
    dollars, rest = divmod(abs(cents), 100)
    return f"{sign}{dollars:,}.{rest:02d}"


def format_dollars(cents: int) -> str:
    """Spell cents as dollars with the currency sign: ``$1,046.08``, negative ``-$3.00``."""
    sign = "-" if cents < 0 else ""
    return f"{sign}${format_cents(abs(cents))}"


def parse_dollars(text: str) -> int:
    """Read dollars, ``1046.08`` or ``1046``, as cents; raise ValueError for any other spelling.

    Signs, separators, exponents, spaces, leading zeros, other than two decimals and digits
    outside ASCII are refused, and so is more than the largest total of a bank file.
    """
    match = _DOLLARS.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError(
            f"the amount {text[:20]!a} is not dollars and cents like 1046.08:"
            " digits, at most ten, and after a point two more; no sign, comma, space or exponent"
        )
    cents = int(match[1]) * 100 + int(match[2] or "0")
    if cents > MAX_TOTAL_CENTS:
        raise ValueError(
            f"the amount {format_dollars(cents)} is more than {format_dollars(MAX_TOTAL_CENTS)}"
        )
    return cents
