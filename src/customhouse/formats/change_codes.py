"""Change codes C01 to C14 and C61 to C69, and the parts of the corrected data they announce.

Reads what a notification says; whether a change is applied is for people and the vault. Corrected
data may be an account number and never shows in a representation or an exception.
Source: Nacha Operating Rules, appendix 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from customhouse.formats.nacha_codes import (
    ROUTING_PREFIXES,
    TRANSACTION_CODES,
    routing_check_digit,
)

CORRECTED_WIDTH: Final = 29


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the corrected data: columns count from 1 inside its 29 characters."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ChangeCode:
    """One change code; ``parts`` is empty where nothing is corrected.

    A code with ``withdrawn_on`` is read but must be decided by a person.
    """

    code: str
    meaning: str
    parts: tuple[Part, ...] = ()
    withdrawn_on: date | None = None

    @property
    def layout(self) -> str:
        """Spell the columns of the parts, for example "1-9 routing number"."""
        spelled = (f"{one.start}-{one.end} {one.name.replace('_', ' ')}" for one in self.parts)
        return ", ".join(spelled) or "nothing"


_ROUTING, _CODE = Part("routing_number", 1, 9), "transaction_code"
_ACCOUNT = Part("account_number", 1, 17)

CHANGE_CODES: Final = {
    one.code: one
    for one in (
        ChangeCode("C01", "The account number has changed.", (_ACCOUNT,)),
        ChangeCode("C02", "The routing number has changed.", (_ROUTING,)),
        ChangeCode(
            "C03",
            "Routing and account number have changed.",
            (_ROUTING, Part("account_number", 13, 29)),
        ),
        ChangeCode(
            "C04",
            "The receiver's name has changed.",
            (Part("receiving_name", 1, 22),),
            withdrawn_on=date(2015, 3, 20),
        ),
        ChangeCode("C05", "The kind of account has changed.", (Part(_CODE, 1, 2),)),
        ChangeCode(
            "C06",
            "Account number and kind of account have changed.",
            (_ACCOUNT, Part(_CODE, 21, 22)),
        ),
        ChangeCode(
            "C07",
            "Routing number, account number and kind of account have changed.",
            (_ROUTING, Part("account_number", 10, 26), Part(_CODE, 27, 28)),
        ),
        ChangeCode(
            "C08",
            "The foreign bank's identification has changed; international entries only.",
            (Part("foreign_bank", 1, 29),),
        ),
        ChangeCode(
            "C09",
            "The identification number has changed.",
            (Part("identification_number", 1, 22),),
        ),
        ChangeCode("C13", "The addenda are badly formed; the entry itself was processed."),
        ChangeCode("C14", "The entry should be an international one.", (Part("sec_code", 1, 3),)),
    )
}

REFUSED_CODES: Final = {
    "C61": "The notification went to the wrong bank.",
    "C62": "The original trace number is wrong.",
    "C63": "The company identification is wrong.",
    "C64": "The identification number is wrong.",
    "C65": "The corrected data is badly formed.",
    "C66": "The discretionary data is wrong.",
    "C67": "The routing number is not that of the original entry.",
    "C68": "The account number is not that of the original entry.",
    "C69": "The transaction code is wrong.",
}


class CorrectedDataError(ValueError):
    """The corrected data has not the form of its change code; says which part, not what."""


@dataclass(frozen=True, slots=True)
class CorrectedData:
    """What a notification corrects; a part that the change code does not announce is empty."""

    routing_number: str = ""
    account_number: str = field(default="", repr=False)
    transaction_code: int | None = None
    receiving_name: str = ""
    identification_number: str = ""
    foreign_bank: str = ""
    sec_code: str = ""


def read_corrected_data(change_code: str, text: str) -> CorrectedData:
    """Read the corrected data of a notification by its columns, else by its blanks.

    Some writers put the second part of C03 and C06 at the right end instead of in its columns,
    which dividing at blanks makes good. Raise CorrectedDataError when neither reading has
    the right form, or the code is not assigned.
    """
    known = CHANGE_CODES.get(change_code)
    if known is None:
        raise CorrectedDataError("the change code is not assigned")
    padded = text.ljust(CORRECTED_WIDTH)
    by_column = [padded[part.start - 1 : part.end].strip() for part in known.parts]
    gaps = _between_parts(known.parts, padded)
    words = text.split()
    try:
        if gaps.strip():
            raise CorrectedDataError("there is data between the columns")
        return _checked(known, by_column)
    except CorrectedDataError:
        if len(known.parts) < 2 or len(words) != len(known.parts):
            raise
        return _checked(known, words)


def _between_parts(parts: tuple[Part, ...], text: str) -> str:
    """Give what stands in no part's columns; nothing counts where no part is announced."""
    if not parts:
        return ""
    covered = {column for part in parts for column in range(part.start - 1, part.end)}
    return "".join(text[at] for at in range(len(text)) if at not in covered)


def _checked(known: ChangeCode, values: list[str]) -> CorrectedData:
    parts: dict[str, str] = {}
    for part, value in zip(known.parts, values, strict=True):
        if not value:
            raise CorrectedDataError(f"the {part.name.replace('_', ' ')} is blank")
        parts[part.name] = value
    routing = parts.get("routing_number")
    if routing is not None and not _is_routing_number(routing):
        raise CorrectedDataError("the routing number is not one")
    if " " in parts.get("account_number", ""):
        raise CorrectedDataError("the account number holds a blank")
    if len(parts.get("account_number", "")) > _ACCOUNT.end:
        raise CorrectedDataError("the account number has more than 17 characters")
    if parts.get("sec_code", "IAT") != "IAT":
        raise CorrectedDataError("the entry class is not IAT")
    code = parts.pop(_CODE, None)
    # The one part that is a number was taken out: all that is left is text.
    corrected = CorrectedData(**parts)  # type: ignore[arg-type]
    if code is None:
        return corrected
    return replace(corrected, transaction_code=_transaction_code(code))


def _transaction_code(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) in TRANSACTION_CODES):
        raise CorrectedDataError("the transaction code is not one of Nacha's")
    return int(text)


def _is_routing_number(text: str) -> bool:
    if len(text) != 9 or not (text.isascii() and text.isdigit()):
        return False
    return (
        text[:2] in ROUTING_PREFIXES
        and text[:8] != "00000000"
        and routing_check_digit(text[:8]) == text[8]
    )
