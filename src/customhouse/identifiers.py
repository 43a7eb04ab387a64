"""The field's identifiers: filer codes, entry, importer, payer unit, statement, routing numbers.

Each is a frozen value that can only be built well formed; ``parse`` reads one from text and says
what was seen and what was expected. Whether an identifier is on file is not known here.
Sources: 19 CFR 142.3a and 24.5, CATAIR appendix E, CATAIR daily statement chapter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Self

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE_36: Final = "0123456789" + _LETTERS
# A to I and J to R count 1 to 9, S to Z count 2 to 9 (CATAIR appendix E).
_VALUES: Final = (
    {digit: int(digit) for digit in "0123456789"}
    | {letter: index % 9 + 1 for index, letter in enumerate(_LETTERS[:18])}
    | {letter: index + 2 for index, letter in enumerate(_LETTERS[18:])}
)
_FILER_CODE: Final = re.compile(r"[0-9A-Z]{3}")
_SEVEN_DIGITS: Final = re.compile(r"[0-9]{7}")
_EIGHT_DIGITS: Final = re.compile(r"[0-9]{8}")
_ENTRY_NUMBER: Final = re.compile(r"(.{3})(?:-(.{7})-(.)|  (.{8})|(.{8}))", re.DOTALL)
_IRS: Final = re.compile(r"([0-9]{2}-[0-9]{7})([0-9A-Z]{2})?")
_SSN: Final = re.compile(r"[0-9]{3}-[0-9]{2}-[0-9]{4}")
_ASSIGNED: Final = re.compile(r"[0-9]{6}-[0-9]{5}")
_PAYER_UNIT: Final = re.compile(r"(?!0{6})[0-9]{6}")
_DISTRICT: Final = re.compile(r"[0-9]{2}")
_SEQUENCE: Final = re.compile(r"(?!000)[0-9A-Z]{3}")
_STATEMENT: Final = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{3})([0-9A-Z]{3})")
_ROUTING: Final = re.compile(r"[0-9]{9}")
_ROUTING_PREFIXES: Final = frozenset([*range(0, 13), *range(21, 33), *range(61, 73), 80])

_MARKS: Final = re.compile("[ -]")

LAST_STATEMENT_SEQUENCE: Final = 46_655


class IdentifierError(ValueError):
    """An identifier is not well formed; the message says what was seen and what was expected."""


def bare_number(text: str) -> str:
    """Give a document number, as people write it, as it is kept: capitals, no blanks or hyphens.

    Whether it is the number of a statement or a bill is not judged here.
    """
    return _MARKS.sub("", text).upper()


def fiscal_year(day: date) -> int:
    """Give the federal fiscal year of a date, named by the year in which its September falls."""
    return day.year + (day.month >= 10)


def check_digit(filer_code: str, seven: str, *, offset: int = 0) -> int:
    """Give the check digit of an entry number (CATAIR appendix E).

    ``offset`` is 1 to 9 for a filer that has used up its ten million numbers. Raise
    IdentifierError when the code or the seven digits are not well formed.
    """
    FilerCode(filer_code)
    if not _SEVEN_DIGITS.fullmatch(seven):
        raise _error("entry number before its check digit", seven, "seven digits")
    values = [_VALUES[character] for character in filer_code + seven]
    doubled = sum((2 * value) // 10 + (2 * value) % 10 for value in values[1::2])
    return (10 - (sum(values[0::2]) + doubled) % 10 + offset) % 10


@dataclass(frozen=True, slots=True, order=True)
class FilerCode:
    """Three characters, digits and capital letters, not 000."""

    code: str

    def __post_init__(self) -> None:
        if not _FILER_CODE.fullmatch(self.code) or self.code == "000":
            raise _error("filer code", self.code, "three digits or capital letters, not 000")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a filer code; raise IdentifierError."""
        return cls(text)

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, slots=True, order=True)
class EntryNumber:
    """A filer code and eight digits, the last of them the check digit (19 CFR 142.3a).

    Building one directly checks its form only, for numbers of records that are already on file;
    ``parse`` and ``from_parts`` hold the check digit to the rule as well.
    """

    filer_code: str
    digits: str

    def __post_init__(self) -> None:
        FilerCode(self.filer_code)
        if not _EIGHT_DIGITS.fullmatch(self.digits):
            raise _error("entry number", self.digits, "eight digits, the last its check digit")

    @classmethod
    def from_parts(cls, filer_code: str, eight: str, *, offset: int = 0) -> Self:
        """Build one from its filer code and eight digits; raise IdentifierError.

        ``offset`` is the filer's own when it may use another check digit, else 0.
        """
        number = cls(filer_code, eight)
        expected = check_digit(filer_code, eight[:7], offset=offset)
        if int(number.check) != expected:
            raise IdentifierError(
                f"entry number {number} ends in check digit {number.check}; the rule gives"
                f" {expected} for {filer_code}-{eight[:7]}"
            )
        return number

    @classmethod
    def parse(cls, text: str, *, offset: int = 0) -> Self:
        """Read ``B76-0324527-8``, ``B7603245278`` or ``B76  03245278``; raise IdentifierError."""
        match = _ENTRY_NUMBER.fullmatch(text)
        if match is None:
            raise _error("entry number", text, "a form like B76-0324527-8")
        filer_code, seven, check, spaced, plain = match.groups()
        return cls.from_parts(filer_code, spaced or plain or f"{seven}{check}", offset=offset)

    @property
    def check(self) -> str:
        """Give the check digit as it is written."""
        return self.digits[7]

    def __str__(self) -> str:
        return f"{self.filer_code}-{self.digits[:7]}-{self.check}"


@dataclass(frozen=True, slots=True, order=True)
class ImporterNumber:
    """An importer's number in its one canonical spelling (19 CFR 24.5).

    An IRS number is canonical with its two-character suffix, 00 where none was given, so that two
    spellings of one importer are equal. The others are a social security number and a number that
    the agency assigned.
    """

    canonical: str

    def __post_init__(self) -> None:
        irs = _IRS.fullmatch(self.canonical)
        if irs is not None and irs[2] is not None:
            _require_suffix(self.canonical, irs[2])
        elif not (_SSN.fullmatch(self.canonical) or _ASSIGNED.fullmatch(self.canonical)):
            raise _error(
                "importer number", self.canonical, "12-345678900, 123-45-6789 or 123456-12345"
            )
        if not self.canonical.replace("-", "").strip("0"):
            raise _error("importer number", self.canonical, "a number that is not all zero")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read any of the three forms, with trailing spaces and with or without the suffix."""
        trimmed = text.rstrip(" ") if len(text) <= 12 else text
        irs = _IRS.fullmatch(trimmed)
        if irs is not None and irs[2] is None:
            return cls(f"{trimmed}00")
        return cls(trimmed)

    @property
    def wire(self) -> str:
        """Give the twelve characters of a record, left-justified."""
        return self.canonical.ljust(12)

    def __str__(self) -> str:
        return self.canonical


def without_suffix(canonical: str) -> str:
    """Give a canonical importer number without its suffix: ``12-3456789``; others as they are."""
    irs = _IRS.fullmatch(canonical)
    return canonical if irs is None or irs[2] is None else canonical[: -len(irs[2])]


@dataclass(frozen=True, slots=True, order=True)
class PayerUnitNumber:
    """Six digits, not all zero, that stand for one bank account at the processor bank."""

    number: str

    def __post_init__(self) -> None:
        if not _PAYER_UNIT.fullmatch(self.number):
            raise _error("payer unit number", self.number, "six digits, not all zero")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a payer unit number; raise IdentifierError."""
        return cls(text)

    def __str__(self) -> str:
        return self.number


@dataclass(frozen=True, slots=True, order=True)
class StatementNumber:
    """A daily statement's number DDFYJJJXXX: ``3927327001``.

    ``fiscal_year`` has two digits, ``day_of_year`` counts from 1 January, ``sequence`` has three
    characters and starts again each day in each district.
    """

    district: str
    fiscal_year: int
    day_of_year: int
    sequence: str

    def __post_init__(self) -> None:
        well_formed = (
            _DISTRICT.fullmatch(self.district)
            and 0 <= self.fiscal_year <= 99
            and 1 <= self.day_of_year <= 366
            and _SEQUENCE.fullmatch(self.sequence)
        )
        if not well_formed:
            raise _error("statement number", str(self), "ten characters of the form DDFYJJJXXX")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the ten characters; raise IdentifierError."""
        match = _STATEMENT.fullmatch(text)
        if match is None:
            raise _error("statement number", text, "ten characters of the form DDFYJJJXXX")
        return cls(match[1], int(match[2]), int(match[3]), match[4])

    @classmethod
    def compose(cls, district: str, print_date: date, *, n: int) -> Self:
        """Give the number of the n-th statement of a district and day, n from 1 to 46,655.

        Sequences 001 to 999 come first, then those with a letter, in ASCII order from 00A to ZZZ.
        Raise IdentifierError when the day has used up its sequences.
        """
        if not 1 <= n <= LAST_STATEMENT_SEQUENCE:
            raise IdentifierError(
                f"a district has {LAST_STATEMENT_SEQUENCE} statements a day at most; {n} was asked"
            )
        sequence = f"{n:03d}" if n <= 999 else _nth_with_letter(n - 1000, 3)
        year = fiscal_year(print_date) % 100
        return cls(district, year, print_date.timetuple().tm_yday, sequence)

    def __str__(self) -> str:
        return f"{self.district}{self.fiscal_year:02d}{self.day_of_year:03d}{self.sequence}"


@dataclass(frozen=True, slots=True, repr=False)
class RoutingNumber:
    """An ABA routing number: nine digits, a known prefix and the check digit right.

    Whether a bank has it is the ACH participant directory's to know. It is bank data: neither its
    representation nor its errors show the digits.
    """

    number: str

    def __post_init__(self) -> None:
        if not _ROUTING.fullmatch(self.number):
            raise IdentifierError("the routing number is not nine digits")
        if self.number == "000000000":
            raise IdentifierError("the routing number is all zero")
        if int(self.number[:2]) not in _ROUTING_PREFIXES:
            raise IdentifierError(
                "the routing number does not begin with 00 to 12, 21 to 32, 61 to 72 or 80"
            )
        weighted = sum(
            int(digit) * weight for digit, weight in zip(self.number, (3, 7, 1) * 3, strict=True)
        )
        if weighted % 10:
            raise IdentifierError("the routing number's ninth digit is not its check digit")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a routing number; raise IdentifierError."""
        return cls(text)

    @property
    def dfi(self) -> str:
        """Give the eight digits that name the institution in a NACHA record."""
        return self.number[:8]

    @property
    def check_digit(self) -> str:
        """Give the ninth digit."""
        return self.number[8]

    def __repr__(self) -> str:
        return "RoutingNumber(redacted)"

    def __str__(self) -> str:
        return self.number


def _require_suffix(canonical: str, suffix: str) -> None:
    for letter in "IOZ":
        if letter in suffix:
            raise IdentifierError(
                f"importer number {canonical} has the letter {letter} in its suffix;"
                " I, O and Z are not used there (19 CFR 24.5(d))"
            )


def _nth_with_letter(n: int, width: int) -> str:
    """Give the n-th string, from 0, of ``width`` characters of base 36 that holds a letter."""
    any_rest = 36 ** (width - 1)
    lettered_rest = any_rest - 10 ** (width - 1)
    if n < 10 * lettered_rest:
        return _BASE_36[n // lettered_rest] + _nth_with_letter(n % lettered_rest, width - 1)
    first, rest = divmod(n - 10 * lettered_rest, any_rest)
    text = _LETTERS[first]
    for _ in range(width - 1):
        any_rest //= 36
        text += _BASE_36[rest // any_rest]
        rest %= any_rest
    return text


def _error(name: str, seen: str, expected: str) -> IdentifierError:
    hint = "; mind the letter O, which is not the digit 0" if "O" in seen else ""
    return IdentifierError(f"{name} {seen[:24]!a} is not {expected}{hint}")
