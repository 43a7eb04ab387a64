"""Reads one TXP segment of whatever condition: every variant, every fault.

What is plain is read faster in txp; both give the same. It never raises and guesses nothing.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from customhouse.formats.txp_identifiers import (
    NOTE_PAYER_HYPHENS,
    Unusable,
    document_number,
    payer_spellings,
)
from customhouse.formats.txp_profile import (
    LAST_ELEMENT,
    DocumentKind,
    Meaning,
    TxpProfile,
)
from customhouse.formats.txp_values import (
    NOTE_BLANKS,
    NOTE_EMPTY_ELEMENTS,
    NOTE_LEADING_BLANKS,
    NOTE_LONG_DATE,
    NOTE_LOWER_CASE,
    NOTE_OTHER_TERMINATOR,
    NOTE_SHORT_DATE,
    NOTE_TERMINATOR,
    NOTE_TEXT_BEHIND,
    NOTE_ZEROS,
    SEGMENT,
    WIDTH,
    TxpFault,
    TxpReading,
)
from customhouse.money import format_dollars

_LONGEST_SHOWN: Final = 24
_PRINTABLE: Final = re.compile("[ -~]*")
_AMOUNT: Final = re.compile("0*([0-9]{1,10})")
_NAMES: Final[dict[Meaning, str]] = {
    "payer": "payer identifier",
    "type": "payment type code",
    "date": "date",
    "document": "document number",
    "amount": "amount",
    "verification": "verification",
}


class Reader:
    """Reads one segment of any condition: the first fault counts, notes are kept once each."""

    def __init__(self, profile: TxpProfile) -> None:
        self._profile = profile
        self._notes: list[str] = []
        self._fault: TxpFault | None = None
        self._elements: tuple[str, ...] = ()
        self._is_certain = True

    def read(self, text: str) -> TxpReading:
        """Read what can be read of it."""
        body = self._body(text)
        if body is not None:
            self._split(body)
        # The order of these is the order in which faults are told.
        kind = self._kind()
        amount_cents = self._amount(kind)
        payer = self._payer()
        if body is not None and kind is None:
            self._tell_type()
        number = self._document(kind)
        dated_on = self._dated_on()
        return TxpReading(
            payer,
            _bare(self._text("type")),
            kind,
            number,
            dated_on,
            amount_cents if self._is_certain else None,
            self._fault,
            tuple(dict.fromkeys(self._notes)),
            self._elements,
            _others(payer, self._profile),
        )

    def _body(self, text: str) -> str | None:
        """Give what stands between TXP with its separator and the terminator."""
        trimmed = text.strip(" ")
        if text[:1] == " " and trimmed:
            self._notes.append(NOTE_LEADING_BLANKS)
        if trimmed[:3].upper() != SEGMENT or not trimmed[:3].isascii():
            self._tell("segment-missing", f"The addendum begins with {_seen(trimmed)}, not TXP.")
            return None
        if trimmed[3:4] != self._profile.separator:
            mark = self._profile.separator
            self._tell("separator-missing", f"{_seen(trimmed)} has no {mark} behind TXP.")
            return None
        if len(text) > WIDTH and len(trimmed) > WIDTH:
            self._tell("too-long", f"The addendum has {len(text)} characters; 80 is the most.")
        if not _PRINTABLE.fullmatch(trimmed):
            self._tell("not-printable", "The addendum holds a character that is not printable.")
        return self._ended(trimmed)

    def _ended(self, trimmed: str) -> str:
        """Find the terminator and judge what stands behind it."""
        profile = self._profile
        marks = profile.terminator + profile.tolerated_terminators
        end = next((place for place, mark in enumerate(trimmed) if mark in marks), None)
        if end is None:
            if len(trimmed) >= WIDTH:
                sentence = "All 80 characters are used and none is a terminator: it may be cut."
                self._tell("terminator-missing", sentence)
            self._notes.append(NOTE_TERMINATOR)
            end = len(trimmed)
        elif trimmed[end] != profile.terminator:
            self._notes.append(NOTE_OTHER_TERMINATOR)
        if trimmed[:end] != trimmed[:end].upper():
            self._notes.append(NOTE_LOWER_CASE)
        behind = trimmed[end + 1 :]
        if f"{SEGMENT}{profile.separator}" in behind.upper():
            self._tell("two-segments", "A second TXP stands behind the first; one is allowed.")
        elif behind.strip(marks + " "):
            self._notes.append(NOTE_TEXT_BEHIND)
        return trimmed[4:end]

    def _split(self, body: str) -> None:
        raw = body.split(self._profile.separator)
        elements = [element.strip(" ") for element in raw]
        if any(element != whole for element, whole in zip(elements, raw, strict=True)):
            self._notes.append(NOTE_BLANKS)
        last = max((place for place, element in enumerate(elements) if element), default=-1)
        if last < len(elements) - 1:
            self._notes.append(NOTE_EMPTY_ELEMENTS)
        self._elements = tuple(elements[: last + 1])
        if any(element.upper().split(" ")[-1] == SEGMENT for element in self._elements[1:]):
            self._tell("two-segments", "A second TXP stands among the elements; one is allowed.")
        self._refuse_extra()

    def _refuse_extra(self) -> None:
        """Refuse elements without a meaning: the others may have shifted, or be a second amount."""
        known = set(self._profile.places.values())
        for place, element in enumerate(self._elements):
            if element and place not in known:
                sentence = f"TXP{place + 1:02d} is {_seen(element)}; nothing stands there."
                if place >= LAST_ELEMENT:
                    sentence = f"There are {len(self._elements)} elements; 10 is the most."
                self._tell("too-many-elements", sentence)

    def _kind(self) -> DocumentKind | None:
        code = _bare(self._text("type"))
        if code != self._text("type").upper():
            self._notes.append(NOTE_BLANKS)
        return self._profile.kinds.get(code)

    def _tell_type(self) -> None:
        code = self._required("type")
        if code:
            known = ", ".join(self._profile.kinds)
            sentence = f"The payment type code {_seen(code)} is none of {known}."
            self._tell("type-unknown", sentence, is_amount_certain=True)

    def _amount(self, kind: DocumentKind | None) -> int | None:
        text = self._required("amount", is_amount_certain=False)
        match = _AMOUNT.fullmatch(text)
        if match is None:
            if text:
                self._tell_amount(text)
            return None
        amount_cents = int(match[1])
        if len(text) > 1 and text[0] == "0":
            self._notes.append(NOTE_ZEROS)
        if (amount_cents == 0) == (kind == "prenote"):
            return amount_cents
        self._tell(
            "amount-zero",
            f"A prenote carries no money; it says {format_dollars(amount_cents)}."
            if amount_cents
            else "The amount is zero, which pays nothing.",
        )
        return None

    def _tell_amount(self, text: str) -> None:
        if text.isascii() and text.isdigit():
            sentence = f"The amount has {len(text)} digits; ten digits of cents is the most."
            self._tell("amount-too-large", sentence)
            return
        sentence = f"The amount {_seen(text)} is not cents in digits alone, like 104608."
        self._tell("amount-malformed", sentence)

    def _payer(self) -> str:
        text = self._required("payer")
        if not text:
            return ""
        identifier, note = read_payer(text, self._profile)
        if isinstance(note, Unusable):
            self._tell("payer-malformed", note.sentence, is_amount_certain=True)
        elif note is not None:
            self._notes.append(note)
        return identifier

    def _document(self, kind: DocumentKind | None) -> str:
        if kind == "prenote" and not self._text("document"):
            return ""
        text = self._required("document")
        number, note = read_document(text, kind, profile=self._profile)
        if isinstance(note, Unusable) and text:
            self._tell("document-malformed", note.sentence, is_amount_certain=True)
        elif isinstance(note, str):
            self._notes.append(note)
        return number

    def _dated_on(self) -> date | None:
        text = self._required("date")
        dated_on = read_date(text)
        if dated_on is None and text:
            sentence = f"The date {_seen(text)} is no day of the form YYMMDD."
            self._tell("date-impossible", sentence, is_amount_certain=True)
        if dated_on is not None and len(text) != self._profile.date_digits:
            self._notes.append(NOTE_LONG_DATE if len(text) == 8 else NOTE_SHORT_DATE)
        return dated_on

    def _text(self, meaning: Meaning) -> str:
        place = self._profile.places[meaning]
        return self._elements[place] if place < len(self._elements) else ""

    def _required(self, meaning: Meaning, *, is_amount_certain: bool = True) -> str:
        text = self._text(meaning)
        if not text and self._fault is None:
            place = self._profile.places[meaning] + 1
            sentence = f"TXP{place:02d}, the {_NAMES[meaning]}, is missing."
            self._tell("element-missing", sentence, is_amount_certain=is_amount_certain)
        return text

    def _tell(self, code: str, sentence: str, *, is_amount_certain: bool = False) -> None:
        self._is_certain = self._is_certain and is_amount_certain
        if self._fault is None:
            self._fault = TxpFault(code, sentence)


def _bare(text: str) -> str:
    return text.upper().replace(" ", "")


def _seen(text: str) -> str:
    """Show a text of strangers: only so much, and nothing that is not printable ASCII."""
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
    return ascii(shown)


# Payers and days come again and again in what arrives on one day.
@lru_cache(maxsize=65_536)
def _payer_by_rule(text: str) -> tuple[str, str | Unusable | None]:
    bare = _bare(text)
    spellings = payer_spellings(bare)
    if not spellings:
        expected = "no importer number like 12-345678900 and no filer code like B76"
        return "", Unusable(f"The payer identifier {_seen(text)} is {expected}.")
    if len(spellings) > 1:
        # Who is registered decides which of them is meant.
        return bare, NOTE_PAYER_HYPHENS
    # An importer number may come without its suffix, which is no variant to speak of.
    if not spellings[0].startswith(bare):
        return spellings[0], NOTE_PAYER_HYPHENS
    return spellings[0], NOTE_BLANKS if " " in text else None


def _others(payer: str, profile: TxpProfile) -> tuple[str, ...]:
    """Give both numbers that digits without hyphens may be, none where it is clear."""
    spellings = payer_spellings(payer) if payer and "payer" not in profile.patterns else ()
    return spellings if len(spellings) > 1 else ()


def read_payer(text: str, profile: TxpProfile) -> tuple[str, str | Unusable | None]:
    """Give the payer's identifier, with a note or with why there is none."""
    pattern = profile.patterns.get("payer")
    if pattern is None:
        return _payer_by_rule(text)
    if pattern.fullmatch(_bare(text)):
        return _bare(text), NOTE_BLANKS if " " in text else None
    return "", Unusable(f"The payer identifier {_seen(text)} does not have the form agreed.")


def read_document(
    text: str, kind: DocumentKind | None, *, profile: TxpProfile
) -> tuple[str, str | Unusable | None]:
    """Give the number as it is kept, with a note or with why it is not of its kind."""
    pattern = profile.patterns.get(kind or "") or profile.patterns.get("document")
    if pattern is not None and kind is not None:
        if pattern.fullmatch(_bare(text)):
            return _bare(text), NOTE_BLANKS if " " in text else None
        return "", Unusable(f"The document number {_seen(text)} does not have the form agreed.")
    return document_number(text.upper(), kind)


@lru_cache(maxsize=4_096)
def read_date(text: str) -> date | None:
    """Read YYMMDD or CCYYMMDD; None for what is no day."""
    if not (text.isascii() and text.isdigit() and len(text) in (6, 8)):
        return None
    year = int(text[:-4]) + (2000 if len(text) == 6 else 0)
    try:
        return date(year, int(text[-4:-2]), int(text[-2:]))
    except ValueError:
        return None
