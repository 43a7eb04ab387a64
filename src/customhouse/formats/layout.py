"""A record is data: named fields with columns and a kind, one parser and one renderer for all.

Serves the 80-column records of CATAIR and the 94-column records of Nacha alike. It knows columns
and characters only; what a value means, and which record may follow which, is for others.
No value ever appears in a fault or an exception, because some fields hold account numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property


class Kind(StrEnum):
    """The character class of a field: CATAIR's record layout key, then Nacha's two.

    ``-N`` is ours, for the few amounts that may carry a minus sign next to their digits. TEXT
    leaves out CATAIR's cent sign, which has no place in ASCII.
    """

    SPACES = "S"
    LETTERS = "A"
    DIGITS = "N"
    DIGITS_OR_SPACES = "N|S"
    SPACED_DIGITS = "(S)N"
    SIGNED_DIGITS = "-N"
    LETTERS_AND_DIGITS = "AN"
    DATE = "D"
    DATE_OR_SPACES = "D|S"
    TEXT = "X"
    NACHA_TEXT = "alphanumeric"
    NACHA_NUMBER = "numeric"


class Reason(StrEnum):
    """Why a field, or the record as a whole, does not fit its layout."""

    LENGTH = "the record does not have the length of its layout"
    CONSTANT = "the field does not hold its constant"
    FILLER = "there is data in a filler"
    CHARACTERS = "a character is not allowed in this field"
    MISSING = "a mandatory field is blank"


_CHARACTERS = {
    Kind.SPACES: " ",
    Kind.LETTERS: "A-Z ",
    Kind.DIGITS: "0-9",
    Kind.DIGITS_OR_SPACES: "0-9",
    Kind.SPACED_DIGITS: "0-9 ",
    Kind.SIGNED_DIGITS: "0-9 -",
    Kind.LETTERS_AND_DIGITS: "A-Z0-9 ",
    Kind.DATE: "0-9",
    Kind.DATE_OR_SPACES: "0-9",
    Kind.TEXT: " -`{-~",
    Kind.NACHA_TEXT: " -~",
    Kind.NACHA_NUMBER: "0-9",
}
# What fills a right-justified field on its left; the other kinds are left-justified.
_FILL = {
    Kind.DIGITS: "0",
    Kind.DIGITS_OR_SPACES: "0",
    Kind.DATE: "0",
    Kind.DATE_OR_SPACES: "0",
    Kind.NACHA_NUMBER: "0",
    Kind.SPACED_DIGITS: " ",
    Kind.SIGNED_DIGITS: " ",
}
_RIGHT_JUSTIFIED_BY_SPACES = {Kind.SPACED_DIGITS, Kind.SIGNED_DIGITS}
_MAY_BE_BLANK = {Kind.SPACES, Kind.DIGITS_OR_SPACES, Kind.DATE_OR_SPACES}


class LayoutError(ValueError):
    """Values do not fit their record; says the record, the field and why, never the value."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field: columns ``start`` to ``end`` count from 1 and are inclusive.

    ``designation`` is "M" where the field must not be blank; anything else may be blank. A field
    with a ``constant`` always holds that text; a field of kind "S" is filler. Neither of the two
    appears among the values of a record.
    """

    name: str
    start: int
    end: int
    kind: str
    designation: str
    description: str = ""
    constant: str = ""

    @property
    def width(self) -> int:
        """Give the number of columns."""
        return self.end - self.start + 1

    @property
    def is_value(self) -> bool:
        """Tell whether the field carries a value: it is neither filler nor a constant."""
        return not self.constant and self.kind != Kind.SPACES

    @property
    def pattern(self) -> str:
        """Give the regular expression of the field's whole width."""
        width = self.width
        if self.constant:
            return re.escape(self.constant)
        if self.kind == Kind.SPACES:
            return f" {{{width}}}"
        characters = f"[{_CHARACTERS[Kind(self.kind)]}]{{{width}}}"
        if self.kind in _RIGHT_JUSTIFIED_BY_SPACES:
            choices = [f" {{{left}}}[0-9]{{{width - left}}}" for left in range(width)]
            if self.kind == Kind.SIGNED_DIGITS:
                choices += [f" {{{n}}}-[0-9]{{{width - n - 1}}}" for n in range(width - 1)]
            characters = f"(?:{'|'.join(choices)})"
        if self.designation == "M" and self.kind not in _MAY_BE_BLANK:
            return f"(?! {{{width}}}){characters}"
        if " " in _CHARACTERS[Kind(self.kind)] and self.kind not in _RIGHT_JUSTIFIED_BY_SPACES:
            return characters
        return f"(?:{characters}| {{{width}}})"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field of a record that does not fit; ``column`` is the first offending column."""

    record: str
    field: str
    start: int
    end: int
    column: int
    reason: Reason

    @property
    def sentence(self) -> str:
        """Say where the fault is and what it is, without the value."""
        return f"{self.record} columns {self.start}-{self.end} ({self.field}): {self.reason.value}"


@dataclass(frozen=True)
class Layout:
    """A kind of record: ``fields`` tile columns 1 to ``width`` without gap or overlap.

    The good path of ``parse`` and ``render`` is one regular expression over the whole record;
    only a record that does not match is looked at field by field.
    """

    name: str
    title: str
    width: int
    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        column = 1
        for one in self.fields:
            if one.start != column or one.end < one.start:
                raise LayoutError(f"{self.name}.{one.name} does not start at column {column}")
            if one.constant and len(one.constant) != one.width:
                raise LayoutError(f"{self.name}.{one.name} has a constant of another width")
            column = one.end + 1
        if column != self.width + 1:
            raise LayoutError(f"{self.name} ends at column {column - 1}, not {self.width}")
        if len(set(self.value_names)) != len(self.value_names):
            raise LayoutError(f"{self.name} has two fields of one name")

    @cached_property
    def value_names(self) -> tuple[str, ...]:
        """Give the names of the fields that carry values, in column order."""
        return tuple(one.name for one in self._values)

    def parse(self, line: str) -> tuple[dict[str, str], list[FieldFault]]:
        """Cut a record into its values, without trailing spaces, and list every field fault.

        The faulty fields' values are there too, as they stand. A record of another length gives
        no values and one fault of reason LENGTH.
        """
        match = self._pattern.fullmatch(line)
        if match is not None:
            return dict(zip(self.value_names, map(str.rstrip, match.groups()), strict=True)), []
        if len(line) != self.width:
            column = min(len(line), self.width) + 1
            fault = FieldFault(self.name, "record", 1, self.width, column, Reason.LENGTH)
            return {}, [fault]
        values = {f.name: line[f.start - 1 : f.end].rstrip() for f in self._values}
        return values, list(self._faults_of(line, self.fields))

    def render(self, values: Mapping[str, str | int]) -> str:
        """Write a record; a field left out is blank; raise LayoutError when a value does not fit.

        Numbers are right-justified and zero-filled (space-filled where they may be signed), text
        is left-justified and space-filled. An int is whole units of the field: cents, where the
        field is an amount.
        """
        texts = []
        for name, width, fill in self._plan:
            value = values.get(name, "")
            text = value if value.__class__ is str else str(value)
            texts.append(text.rjust(width, fill) if fill and text else text.ljust(width))
        line = self._template % tuple(texts)
        if self._pattern.fullmatch(line) is None or not values.keys() <= self._name_set:
            raise LayoutError(self._complaint(values, texts))
        return line

    def frame_fault(self, line: str) -> FieldFault | None:
        """Find the first constant or filler that is not as it must be; values are not looked at.

        ``line`` must have the layout's width.
        """
        if self._frame.fullmatch(line) is not None:
            return None
        frame = (one for one in self.fields if not one.is_value)
        return next(self._faults_of(line, frame))

    def echo(self, values: Mapping[str, str | int]) -> str:
        """Write a record that repeats what somebody sent: text stands as it came.

        Only the widths are held to; a character or a blank that the field does not allow is
        repeated all the same. Raise LayoutError when a value is too wide or has no field.
        """
        texts = [str(values.get(name, "")).ljust(width) for name, width, _ in self._plan]
        line = self._template % tuple(texts)
        if len(line) != self.width or not values.keys() <= self._name_set:
            raise LayoutError(self._complaint(values, texts))
        return line

    @cached_property
    def _name_set(self) -> frozenset[str]:
        return frozenset(self.value_names)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = (f"({one.pattern})" if one.is_value else one.pattern for one in self.fields)
        return re.compile("".join(parts))

    @cached_property
    def _frame(self) -> re.Pattern[str]:
        parts = (f".{{{one.width}}}" if one.is_value else one.pattern for one in self.fields)
        return re.compile("".join(parts), re.DOTALL)

    @cached_property
    def _values(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.is_value)

    @cached_property
    def _plan(self) -> tuple[tuple[str, int, str], ...]:
        return tuple((one.name, one.width, _FILL.get(Kind(one.kind), "")) for one in self._values)

    @cached_property
    def _template(self) -> str:
        parts = (
            "%s" if one.is_value else one.constant.replace("%", "%%").ljust(one.width)
            for one in self.fields
        )
        return "".join(parts)

    def _faults_of(self, line: str, fields: Iterable[Field]) -> Iterator[FieldFault]:
        for one in fields:
            text = line[one.start - 1 : one.end]
            if not _compiled(one.pattern).fullmatch(text):
                reason, offset = _diagnosis(one, text)
                start, end = one.start, one.end
                yield FieldFault(self.name, one.name, start, end, start + offset, reason)

    def _complaint(self, values: Mapping[str, str | int], texts: list[str]) -> str:
        unknown = sorted(values.keys() - self._name_set)
        if unknown:
            return f"{self.name} has no field {unknown[0]}"
        for one, text in zip(self._values, texts, strict=True):
            if len(text) != one.width:
                return f"{self.name}.{one.name} holds {one.width} columns, got {len(text)}"
            if not _compiled(one.pattern).fullmatch(text):
                reason, _ = _diagnosis(one, text)
                return f"{self.name}.{one.name}: {reason.value}"
        raise AssertionError(f"{self.name} does not match although each of its fields does")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _diagnosis(one: Field, text: str) -> tuple[Reason, int]:
    """Say what is wrong with a field's text, and at which offset from the field's start."""
    if one.constant:
        pairs = zip(text, one.constant, strict=True)
        return Reason.CONSTANT, next(n for n, (seen, due) in enumerate(pairs) if seen != due)
    if one.kind != Kind.SPACES and not text.strip(" "):
        return Reason.MISSING, 0
    allowed = _compiled(f"[{_CHARACTERS[Kind(one.kind)]}]*").match(text)
    offset = allowed.end() if allowed else 0
    reason = Reason.FILLER if one.kind == Kind.SPACES else Reason.CHARACTERS
    return reason, offset if offset < one.width else 0
