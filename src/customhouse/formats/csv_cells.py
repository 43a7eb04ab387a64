"""Cells of CSV files that people open in a spreadsheet: a text stays a text.

Quoting and line ends are the csv module's; which columns there are is each file's own.
"""

from __future__ import annotations

from datetime import date

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: str | int | date | None) -> str:
    """Keep a spreadsheet from reading a text as a formula (F4); numbers are ours and stay.

    A date is spelled YYYY-MM-DD, nothing as an empty cell.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
