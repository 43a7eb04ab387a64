"""Which element of a TXP segment means what: a profile, as data, for each agency that reads them.

The tax payment banking convention leaves the meaning of the elements to the agency, so each has a
mapping of its own. The customs profile is built in; its payment type codes are ours and plainly
fictitious, because the agency's are told to enrolled payers only. Reading and writing segments is
not done here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeVar, get_args

# What an element says. Verification is read past.
Meaning = Literal["payer", "type", "date", "document", "amount", "verification"]
MEANINGS: Final[tuple[Meaning, ...]] = get_args(Meaning)
# What a payment is for. A prenote pays nothing: it shows that the way to the agency is open.
DocumentKind = Literal["statement", "bill", "entry", "prenote"]
DOCUMENT_KINDS: Final[tuple[DocumentKind, ...]] = get_args(DocumentKind)
LAST_ELEMENT: Final = 10
_Name = TypeVar("_Name", bound=str)
_TYPE_CODE: Final = re.compile(r"[0-9A-Z]{1,5}")
_MARKS: Final = frozenset("!\"#$%&'()*+,/:;<=>?@[\\]^_`{|}~")
_NAMES: Final = frozenset(
    (
        "name",
        "elements",
        "type_codes",
        "document_patterns",
        "separator",
        "terminator",
        "tolerated_terminators",
        "date_digits",
    )
)


@dataclass(frozen=True, slots=True)
class TxpElement:
    """One element: its number from 1 to 10, what it says, and a pattern it must match whole.

    The pattern is a regular expression for the text in capitals and without blanks. Empty means
    the built-in rule: our identifiers' for payer and document, digits for date and amount.
    """

    number: int
    meaning: Meaning
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class TxpProfile:
    """The mapping of one agency; raise ValueError when it cannot be one.

    ``type_codes`` says which kind of document each payment type code pays; ``document_patterns``
    replaces the rule for the numbers of a kind. ``date_digits`` is how a date is written: 6 for
    YYMMDD, 8 for CCYYMMDD; both are read. A tolerated terminator is read and never written.
    """

    name: str
    elements: tuple[TxpElement, ...]
    type_codes: tuple[tuple[str, DocumentKind], ...]
    document_patterns: tuple[tuple[DocumentKind, str], ...] = ()
    separator: str = "*"
    terminator: str = "\\"
    tolerated_terminators: str = "~"
    date_digits: int = 6
    places: Mapping[Meaning, int] = field(init=False, repr=False, compare=False)
    kinds: Mapping[str, DocumentKind] = field(init=False, repr=False, compare=False)
    patterns: Mapping[str, re.Pattern[str]] = field(init=False, repr=False, compare=False)
    plain: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        _require_marks(self)
        _require_elements(self.elements)
        _require_type_codes(self.type_codes)
        if self.date_digits not in (6, 8):
            raise ValueError("date_digits is 6 or 8")
        # Looked up for each of many thousand segments, so they are made once.
        places = {element.meaning: element.number - 1 for element in self.elements}
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "kinds", dict(self.type_codes))
        object.__setattr__(self, "patterns", _compiled(self))
        object.__setattr__(self, "plain", _plain(self))

    def type_code(self, kind: DocumentKind) -> str:
        """Give the payment type code of a kind; raise ValueError when this agency has none."""
        for code, paid in self.type_codes:
            if paid == kind:
                return code
        raise ValueError(f"the profile {self.name} has no payment type code for a {kind}")


def profile_from_json(values: Any) -> TxpProfile:
    """Read a profile from the values of its JSON file; raise ValueError that says what is wrong."""
    if not isinstance(values, dict):
        raise ValueError("a profile is an object with name, elements and type_codes")
    unknown = sorted(set(values) - _NAMES)
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not one of {', '.join(sorted(_NAMES))}")
    patterns = _object(values, "document_patterns", default={})
    return TxpProfile(
        name=_text(values, "name"),
        elements=tuple(_element(*item) for item in _object(values, "elements").items()),
        type_codes=tuple(
            (code, _one_of(kind, DOCUMENT_KINDS))
            for code, kind in _object(values, "type_codes").items()
        ),
        document_patterns=tuple(
            (_one_of(kind, DOCUMENT_KINDS), _as_text(pattern, kind))
            for kind, pattern in patterns.items()
        ),
        separator=_text(values, "separator", default="*"),
        terminator=_text(values, "terminator", default="\\"),
        tolerated_terminators=_text(values, "tolerated_terminators", default="~"),
        date_digits=values.get("date_digits", 6),
    )


def _element(number: str, values: Any) -> TxpElement:
    """Read ``"5": "amount"`` or ``"5": {"meaning": "amount", "pattern": "..."}``."""
    if not (number.isascii() and number.isdigit()):
        raise ValueError(f"element {number!r} is not a number from 1 to {LAST_ELEMENT}")
    if isinstance(values, str):
        return TxpElement(int(number), _one_of(values, MEANINGS))
    if not isinstance(values, dict) or not set(values) <= {"meaning", "pattern"}:
        raise ValueError(f"element {number} is a meaning, or an object of meaning and pattern")
    pattern = _text(values, "pattern", default="")
    return TxpElement(int(number), _one_of(_text(values, "meaning"), MEANINGS), pattern)


def _require_marks(profile: TxpProfile) -> None:
    marks = (profile.separator, profile.terminator, *profile.tolerated_terminators)
    if any(len(mark) != 1 or mark not in _MARKS for mark in marks):
        raise ValueError("separator and terminators are single marks such as * and \\")
    if len(set(marks)) != len(marks):
        raise ValueError("separator and terminators are not all different")


def _require_elements(elements: tuple[TxpElement, ...]) -> None:
    if any(not 1 <= element.number <= LAST_ELEMENT for element in elements):
        raise ValueError(f"elements are numbered from 1 to {LAST_ELEMENT}")
    if len({element.number for element in elements}) != len(elements):
        raise ValueError("an element has two meanings")
    meanings = [element.meaning for element in elements]
    for meaning in MEANINGS:
        if meanings.count(meaning) > 1:
            raise ValueError(f"two elements are the {meaning}")
        if meaning not in meanings and meaning != "verification":
            raise ValueError(f"no element is the {meaning}")


def _require_type_codes(type_codes: tuple[tuple[str, DocumentKind], ...]) -> None:
    if not type_codes:
        raise ValueError("type_codes is empty")
    for code, _ in type_codes:
        if not _TYPE_CODE.fullmatch(code):
            raise ValueError(f"type code {code!r} is not one to five capital letters and digits")
    if len({code for code, _ in type_codes}) != len(type_codes):
        raise ValueError("a type code stands there twice")


def _compiled(profile: TxpProfile) -> dict[str, re.Pattern[str]]:
    """Give the patterns that replace built-in rules, by meaning or by kind of document."""
    sources: dict[str, str] = dict(profile.document_patterns)
    sources.update((one.meaning, one.pattern) for one in profile.elements if one.pattern)
    found = {}
    for name, source in sources.items():
        try:
            found[name] = re.compile(source, re.ASCII)
        except re.error as error:
            raise ValueError(f"the pattern of the {name} cannot be used: {error}") from None
    return found


def _plain(profile: TxpProfile) -> re.Pattern[str]:
    """Give a pattern that only a segment without anything unusual matches, group by group."""
    forms: dict[Meaning, str] = {
        "payer": "[0-9A-Z-]+",
        "type": "[0-9A-Z]+",
        "date": f"[0-9]{{{profile.date_digits}}}",
        "document": "[0-9A-Z]+",
        "amount": "[1-9][0-9]{0,9}",
    }
    named = {element.number: element.meaning for element in profile.elements}
    last = max(number for number, meaning in named.items() if meaning in forms)
    groups = []
    for number in range(1, last + 1):
        meaning = named.get(number)
        form = forms.get(meaning) if meaning is not None else None
        groups.append("()" if form is None else f"({form})")
    separator = re.escape(profile.separator)
    body = separator.join(("TXP", *groups))
    return re.compile(f"{body}{re.escape(profile.terminator)} *")


def _object(values: dict[str, Any], name: str, *, default: Any = None) -> dict[str, Any]:
    value = values.get(name, default)
    if not isinstance(value, dict):
        raise ValueError(f"{name} is not an object")
    return value


def _text(values: dict[str, Any], name: str, *, default: str | None = None) -> str:
    return _as_text(values.get(name, default), name)


def _as_text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{name} is not a text")
    return value


def _one_of(value: Any, known: tuple[_Name, ...]) -> _Name:
    for name in known:
        if value == name:
            return name
    raise ValueError(f"{value!r} is not one of {', '.join(known)}")


CUSTOMS_PROFILE: Final = TxpProfile(
    name="customs",
    elements=(
        TxpElement(1, "payer"),
        TxpElement(2, "type"),
        TxpElement(3, "date"),
        TxpElement(4, "document"),
        TxpElement(5, "amount"),
        TxpElement(10, "verification"),
    ),
    type_codes=(
        ("90001", "statement"),
        ("90002", "bill"),
        ("90003", "entry"),
        ("90000", "prenote"),
    ),
)
