"""What a TXP segment says, what was unusual about it and what is wrong with it.

Values only: they are read in txp_reader and written in txp.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from customhouse.formats.txp_identifiers import NOTE_DOCUMENT_MARKS, NOTE_PAYER_HYPHENS
from customhouse.formats.txp_profile import DocumentKind

WIDTH: Final = 80
SEGMENT: Final = "TXP"

NOTE_LEADING_BLANKS: Final = "Blanks stand before the segment."
NOTE_LOWER_CASE: Final = "The segment is in lower case."
NOTE_TERMINATOR: Final = "The terminator is missing at the end."
NOTE_OTHER_TERMINATOR: Final = "The segment ends with another terminator than the agreed one."
NOTE_TEXT_BEHIND: Final = "Text stands behind the terminator; it was not read."
NOTE_BLANKS: Final = "Blanks stand inside an element."
NOTE_EMPTY_ELEMENTS: Final = "Empty elements stand at the end."
NOTE_LONG_DATE: Final = "The date has eight digits instead of six."
NOTE_SHORT_DATE: Final = "The date has six digits instead of eight."
NOTE_ZEROS: Final = "Zeros stand before the amount."
NOTES: Final = (
    NOTE_LEADING_BLANKS,
    NOTE_LOWER_CASE,
    NOTE_TERMINATOR,
    NOTE_OTHER_TERMINATOR,
    NOTE_TEXT_BEHIND,
    NOTE_BLANKS,
    NOTE_EMPTY_ELEMENTS,
    NOTE_PAYER_HYPHENS,
    NOTE_DOCUMENT_MARKS,
    NOTE_LONG_DATE,
    NOTE_SHORT_DATE,
    NOTE_ZEROS,
)
# Each with what is meant, for the reference; a reading's own sentence says what was seen.
FAULT_CODES: Final = {
    "segment-missing": "The addendum does not begin with TXP.",
    "too-long": "The addendum has more than 80 characters.",
    "not-printable": "A character is not printable ASCII.",
    "separator-missing": "No separator follows TXP.",
    "two-segments": "A second TXP stands in the addendum.",
    "terminator-missing": "The text fills all 80 characters without a terminator: it may be cut.",
    "too-many-elements": "An element stands where the profile has none.",
    "element-missing": "An element of the profile is empty or not there.",
    "amount-malformed": "The amount is not cents in digits alone.",
    "amount-too-large": "The amount has more than ten digits.",
    "amount-zero": "The amount is zero, or that of a prenote is not.",
    "payer-malformed": "The payer identifier is no importer number and no filer code.",
    "type-unknown": "The payment type code is none of the profile's.",
    "document-malformed": "The document number does not have the form of its kind.",
    "date-impossible": "The date is not a day of the calendar.",
}


@dataclass(frozen=True, slots=True)
class TxpFault:
    """Why a segment says nothing certain: a code of FAULT_CODES and a sentence of what was seen."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TxpReading:
    """What a segment says: empty or None where that could not be read; cents.

    ``payer_identifier`` is a filer code or an importer number with its hyphens. Where they were
    left out and may stand in two ways it is digits alone, and ``other_payers`` are those two.
    ``document_number`` has no hyphens and no blanks.
    With a fault the amount is given only where it is certain; it is zero for a prenote alone.
    ``elements`` are the texts as they stood, trimmed, from TXP01 on.
    """

    payer_identifier: str
    type_code: str
    document_kind: DocumentKind | None
    document_number: str
    dated_on: date | None
    amount_cents: int | None
    fault: TxpFault | None
    notes: tuple[str, ...]
    elements: tuple[str, ...]
    other_payers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TxpPayment:
    """A payment to be written: an amount in cents for one document, dated on its settlement."""

    payer_identifier: str
    document_kind: DocumentKind
    document_number: str
    dated_on: date
    amount_cents: int
