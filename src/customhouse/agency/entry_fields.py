"""The fields of an entry summary as they are written: names, grammars, defaults.

One table for the CSV and the JSON reader, for the rules and for the reference page. Nothing is
corrected on the way: a value has its field's grammar or it is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from customhouse.business_days import FIRST_YEAR, LAST_YEAR
from customhouse.identifiers import EntryNumber, FilerCode, ImporterNumber

# CATAIR AE table 2; drawback (41 to 47) and reconciliation (09) are never on a daily statement.
ENTRY_TYPES: Final = tuple(
    "01 02 03 06 07 08 11 12 21 22 23 31 32 34 38 51 52".split()  # noqa: SIM905 - one table row
)
PAYMENT_TYPES: Final = ("1", "2", "3", "5")
# Periodic statements are refused in their own words, so their types can be read.
PERIODIC_TYPES: Final = ("6", "7", "8")
WITHDRAWAL_TYPES: Final = ("31", "32", "34", "38")
MOST_CHARGES: Final = 60
CHARGE_CLASS: Final = re.compile(r"[0-9A-Z]{3}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Most values of a large file are those of another line as well: ports, dates, types, importers.
_REMEMBERED: Final = 4_096


@dataclass(frozen=True, slots=True)
class EntryField:
    """One field: ``read`` raises ValueError; ``default`` is the text that stands for no value.

    A default of None means that the field must be given. ``is_flag`` marks yes or no: Y and N in
    CSV, true and false in JSON. ``example`` is a text that can be read.
    """

    name: str
    read: Callable[[str], object]
    expected: str
    example: str
    default: str | None = None
    is_flag: bool = False


def _matching(pattern: str) -> Callable[[str], str]:
    grammar = re.compile(pattern)

    def read(text: str) -> str:
        if not grammar.fullmatch(text):
            raise ValueError
        return text

    return read


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    return _matching("|".join(known))


@lru_cache(_REMEMBERED)
def _filer_code(text: str) -> str:
    return str(FilerCode.parse(text))


@lru_cache(_REMEMBERED)
def _importer_number(text: str) -> str:
    return str(ImporterNumber.parse(text))


def _flag(text: str) -> bool:
    if text not in ("Y", "N"):
        raise ValueError
    return text == "Y"


@lru_cache(_REMEMBERED)
def _day(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError
    day = date.fromisoformat(text)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError
    return day


def _day_or_none(text: str) -> date | None:
    return _day(text) if text else None


@lru_cache(_REMEMBERED)
def _entry_or_none(text: str) -> str:
    """Read a whole entry number into its eleven characters; nothing stays nothing."""
    if not text:
        return ""
    number = EntryNumber.parse(text)
    return f"{number.filer_code}{number.digits}"


_A_DAY: Final = f"a real date like 2026-11-24, from {FIRST_YEAR} to {LAST_YEAR}"
_A_FLAG: Final = "Y or N (in JSON true or false)"
_PORT: Final = _matching("[0-9]{4}")

ENTRY_FIELDS: Final = (
    EntryField("filer_code", _filer_code, "three digits or capital letters, not 000", "B76"),
    EntryField(
        "entry_number",
        _matching("[0-9]{8}|[0-9A-Z]{3}-[0-9]{7}-[0-9]"),
        "eight digits, the last its check digit, or the whole number like B76-0324527-8",
        "03245278",
    ),
    EntryField(
        "importer_number",
        _importer_number,
        "12-3456789 with or without its suffix, 123-45-6789 or 123456-12345",
        "12-3456789",
    ),
    EntryField("port_of_entry", _PORT, "four digits", "3901"),
    EntryField("processing_port", _PORT, "four digits", "3901"),
    EntryField("entry_type", _one_of(ENTRY_TYPES), f"one of {', '.join(ENTRY_TYPES)}", "01"),
    EntryField("entry_date", _day, _A_DAY, "2026-11-12"),
    EntryField(
        "payment_type",
        _one_of(PAYMENT_TYPES + PERIODIC_TYPES),
        f"one of {', '.join(PAYMENT_TYPES)}",
        "2",
    ),
    EntryField("print_date", _day_or_none, _A_DAY, "2026-11-24", default=""),
    EntryField("deferred_tax", _flag, _A_FLAG, "N", default="N", is_flag=True),
    EntryField("payable", _flag, _A_FLAG, "Y", default="Y", is_flag=True),
    EntryField("antidumping_paid", _flag, _A_FLAG, "Y", default="Y", is_flag=True),
    EntryField("countervailing_paid", _flag, _A_FLAG, "Y", default="Y", is_flag=True),
    EntryField("consolidated", _flag, _A_FLAG, "N", default="N", is_flag=True),
    EntryField(
        "broker_reference",
        _matching(r"([0-9A-Z]([0-9A-Z ./_-]{0,7}[0-9A-Z])?)?"),
        "at most nine capital letters, digits and . / _ - or spaces between them",
        "REF 4711",
        default="",
    ),
    EntryField(
        "team_number",
        _matching("([0-9A-Z]{3})?"),
        "three digits or capital letters",
        "718",
        default="",
    ),
    EntryField(
        "client_branch",
        _matching("([0-9A-Z]{2})?"),
        "two digits or capital letters",
        "01",
        default="",
    ),
    EntryField(
        "warehouse_entry",
        _entry_or_none,
        "a whole entry number with its filer code",
        "B76-0324527-8",
        default="",
    ),
)
FIELDS_BY_NAME: Final[Mapping[str, EntryField]] = {field.name: field for field in ENTRY_FIELDS}


def nearest_name(seen: str, known: Collection[str]) -> str:
    """Give the known name that is nearest to one that was seen, or nothing."""
    plain = seen[:60].strip().lower().replace(" ", "_")
    return next(iter(get_close_matches(plain, known, n=1, cutoff=0.55)), "")
