"""How payers and documents are spelled in a payment's addendum, and what else is understood.

Blanks are taken out, and hyphens put where an importer number has them or taken out of a document
number. Nothing is corrected: a letter in place of a digit stays wrong. Whether somebody has such a
number is not known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from customhouse.formats.txp_profile import DocumentKind
from customhouse.identifiers import (
    EntryNumber,
    FilerCode,
    IdentifierError,
    ImporterNumber,
    StatementNumber,
)

NOTE_PAYER_HYPHENS: Final = "The hyphens of the payer identifier are missing or misplaced."
NOTE_DOCUMENT_MARKS: Final = "The document number is written with blanks or hyphens."
# What StatementNumber takes, in one look: most of what is read is a statement's number.
_STATEMENT: Final = re.compile(
    "[0-9]{4}(?:00[1-9]|0[1-9][0-9]|[12][0-9]{2}|3[0-5][0-9]|36[0-6])(?!000)[0-9A-Z]{3}"
)
_BILL: Final = re.compile("[0-9]{7}[0-9A-Z]{4}")
_SUFFIX_HYPHENED: Final = re.compile("([0-9]{2}-[0-9]{7})-([0-9A-Z]{2})")
_HYPHENS_LEFT_OUT: Final = re.compile("[0-9]{9}([0-9A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why a text is no identifier of the kind that was expected: a sentence with what was seen."""

    sentence: str


def payer_spellings(text: str) -> tuple[str, ...]:
    """Give the payers that a text without blanks may mean, spelled as we keep them.

    A filer code or an importer number with its hyphens means one. Digits alone may be an IRS number
    or a social security number, or an IRS number or one that the agency assigned. None where it
    is no payer's number.
    """
    hyphened = _SUFFIX_HYPHENED.fullmatch(text)
    if hyphened is not None:
        return _spelled(hyphened[1] + hyphened[2])
    if not _HYPHENS_LEFT_OUT.fullmatch(text):
        return _spelled(text)
    irs = f"{text[:2]}-{text[2:]}"
    other = f"{text[:3]}-{text[3:5]}-{text[5:]}" if len(text) == 9 else f"{text[:6]}-{text[6:]}"
    return _spelled(irs) + _spelled(other)


def document_number(text: str, kind: DocumentKind | None) -> tuple[str, str | Unusable | None]:
    """Give the number of a document without blanks and hyphens, and a note where it had any.

    In place of the note stands why it is not the number of its kind; with no kind, or a
    prenote's, any number is taken.
    """
    number = text.replace(" ", "").replace("-", "")
    try:
        if kind == "statement":
            if not _STATEMENT.fullmatch(number):
                StatementNumber.parse(number)
        elif kind == "entry":
            EntryNumber.parse(number)
        elif kind == "bill" and not _BILL.fullmatch(number):
            seen = ascii(number[:24])
            return "", Unusable(f"The bill number {seen} is not seven digits and four characters.")
    except IdentifierError as error:
        return "", Unusable(f"The {error}.")
    return number, None if number == text else NOTE_DOCUMENT_MARKS


def _spelled(text: str) -> tuple[str, ...]:
    for form in (FilerCode, ImporterNumber):
        try:
            return (str(form.parse(text)),)
        except IdentifierError:
            continue
    return ()
