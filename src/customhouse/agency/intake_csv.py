"""Reads entry summaries from CSV, a line at a time: bounded memory whatever the file holds.

A line that cannot be read is an item with a fault; only a wrong header refuses the whole file. No
field of an entry holds a line break, so a record is a line and a quoted line break is a fault.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

from customhouse.agency import entry_faults as faults
from customhouse.agency.entry_fields import (
    CHARGE_CLASS,
    FIELDS_BY_NAME,
    MOST_CHARGES,
    nearest_name,
)
from customhouse.agency.entry_summaries import EntrySummaryDraft
from customhouse.faults import Fault, Refused

LONGEST_LINE: Final = 64 * 1024
MOST_LINES: Final = 1_000_000
_CHARGE: Final = "charge_"
_NUL: Final = "is NUL"
_NOT_UTF8: Final = "is not UTF-8"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
# What a file begins with that is no text in UTF-8, and so no CSV of ours.
_OTHER_FORMATS: Final = {
    b"PK\x03\x04": ("this is an Excel workbook (.xlsx)", "Save it as CSV in UTF-8."),
    b"\xd0\xcf\x11\xe0": ("this is an old Excel workbook (.xls)", "Save it as CSV in UTF-8."),
    b"\xff\xfe": ("this is text in UTF-16", "Save it as CSV in UTF-8."),
    b"\xfe\xff": ("this is text in UTF-16", "Save it as CSV in UTF-8."),
    b"\x1f\x8b": ("this is a compressed file (gzip)", "Unpack it and load the CSV in it."),
    b"%PDF": ("this is a PDF", "Load the CSV that it was made of."),
    b"<": ("this is XML or HTML", "Save it as CSV in UTF-8."),
    b"[": ("this is JSON", "Say --format json, or give it a name ending in .json."),
    b"{": ("this is JSON", "Say --format json, or give it a name ending in .json."),
}
_NO_TEXT: Final = "Load a CSV file; a spreadsheet saves one as CSV in UTF-8."
_NAME_THE_COLUMNS: Final = "Begin it with a line that names the columns."
_OTHER_PARTINGS: Final = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where the cells of a line belong: to fields by name, to charges by class code."""

    count: int
    fields: tuple[tuple[int, str], ...]
    charges: tuple[tuple[int, str], ...]


def read_csv(stream: BinaryIO) -> Iterator[EntrySummaryDraft]:
    """Give the drafts of a file in order; raise Refused (intake-file-unreadable) for its header.

    The first line names the columns: the fields, and ``charge_`` with an accounting class code
    for each class. An empty cell is no value. One byte order mark before the header, as Excel
    writes it, is passed over.
    """
    lines = _lines(stream)
    beginning = next(lines, None)
    if beginning is None:
        raise Refused(_file_fault("the file is empty", hint=_NAME_THE_COLUMNS))
    columns = _columns(_header(beginning[1]))
    for number, line in lines:
        if number > MOST_LINES + 1:
            reason = f"the file has more than {MOST_LINES} lines"
            yield _unreadable(number, reason, hint="Load the rest as another file.")
            return
        yield _draft(number, line, columns=columns)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Give each line with its number, without its end; None for one that is too long."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            _skip(stream)
            yield number, None
            continue
        yield number, line.removesuffix(b"\n").removesuffix(b"\r")


def _skip(stream: BinaryIO) -> None:
    while piece := stream.readline(LONGEST_LINE):
        if piece.endswith(b"\n"):
            return


def _header(line: bytes | None) -> list[str]:
    """Give the names of the columns; raise Refused."""
    if line is not None:
        line = line.removeprefix(_BYTE_ORDER_MARK)
        _require_csv(line)
    cells, reason = _cells(line)
    if reason is not None:
        is_no_text = reason.endswith((_NUL, _NOT_UTF8))
        raise Refused(_file_fault(reason, hint=_NO_TEXT) if is_no_text else _file_fault(reason))
    if len(cells) > len(FIELDS_BY_NAME) + MOST_CHARGES:
        raise Refused(_file_fault(f"its header names more than {MOST_CHARGES} charges"))
    found = [
        _file_fault(f"its header names {ascii(cell)[:40]} twice")
        for cell in dict.fromkeys(cells)
        if cells.count(cell) > 1
    ]
    found += _unknown_columns(cells)
    missing = [
        name for name, each in FIELDS_BY_NAME.items() if each.default is None and name not in cells
    ]
    if missing:
        hint = "Add the column, or correct the name that stands for it."
        found.append(_file_fault(f"its header does not name {', '.join(missing)}", hint=hint))
    if found:
        raise Refused(*found)
    return cells


def _require_csv(line: bytes) -> None:
    """Raise Refused with one fault when a first line shows that this is no CSV of ours at all."""
    if not line.strip():
        raise Refused(_file_fault("its first line is empty", hint=_NAME_THE_COLUMNS))
    for mark, (reason, hint) in _OTHER_FORMATS.items():
        if line.startswith(mark):
            raise Refused(_file_fault(reason, hint=hint))
    for sign, name in _OTHER_PARTINGS.items():
        if line.count(sign.encode()) > line.count(b","):
            reason = f"columns are parted by commas, here by {name}"
            raise Refused(_file_fault(reason, hint="Save it as CSV with commas."))


def _unknown_columns(cells: Sequence[str]) -> list[Fault]:
    """Give one fault for all columns that are not known, with what each may have meant."""
    unknown = [cell for cell in dict.fromkeys(cells) if not _is_column(cell)]
    if not unknown:
        return []
    known = (*FIELDS_BY_NAME, f"{_CHARGE}001")
    named = [
        f"{ascii(cell)[:40]} (did you mean {nearest}?)" if nearest else ascii(cell)[:40]
        for cell in unknown
        for nearest in [nearest_name(cell, known)]
    ]
    reason = f"its header names {', '.join(named)}, which is no column"
    hint = (
        f"The columns are {', '.join(FIELDS_BY_NAME)} and {_CHARGE} with a class, like {known[-1]}."
    )
    return [_file_fault(reason, hint=hint)]


def _is_column(cell: str) -> bool:
    if cell.startswith(_CHARGE):
        return CHARGE_CLASS.fullmatch(cell.removeprefix(_CHARGE)) is not None
    return cell in FIELDS_BY_NAME


def _columns(names: Sequence[str]) -> _Columns:
    numbered = list(enumerate(names))
    return _Columns(
        len(names),
        tuple(each for each in numbered if not each[1].startswith(_CHARGE)),
        tuple((n, name.removeprefix(_CHARGE)) for n, name in numbered if name.startswith(_CHARGE)),
    )


def _draft(number: int, line: bytes | None, *, columns: _Columns) -> EntrySummaryDraft:
    cells, reason = _cells(line)
    if reason is not None:
        return _unreadable(number, reason, hint="Correct this line and load it again.")
    if len(cells) != columns.count:
        reason = f"it has {len(cells)} cells, its header {columns.count}"
        return _unreadable(number, reason, hint="Give one cell for each column, empty or not.")
    return EntrySummaryDraft(
        f"line {number}",
        {name: cells[n] for n, name in columns.fields if cells[n]},
        {code: cells[n] for n, code in columns.charges if cells[n]},
    )


def _cells(line: bytes | None) -> tuple[list[str], str | None]:
    """Give the cells of a line, or the reason why it has none that can be read."""
    if line is None:
        return [], f"it is longer than {LONGEST_LINE} bytes"
    if b"\x00" in line:
        return [], f"byte {line.index(0) + 1} {_NUL}"
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return [], f"byte {error.start + 1} {_NOT_UTF8}"
    try:
        return next(csv.reader([text], strict=True), []), None
    except csv.Error:
        return [], "its quotes or line breaks are not those of CSV"


def _unreadable(number: int, reason: str, *, hint: str) -> EntrySummaryDraft:
    fault = Fault(faults.INTAKE_LINE_UNREADABLE, {"reason": reason, "hint": hint})
    return EntrySummaryDraft(position=f"line {number}", fields={}, faults=(fault,))


def _file_fault(reason: str, *, hint: str = "Correct the first line of the file.") -> Fault:
    return Fault(faults.INTAKE_FILE_UNREADABLE, {"reason": reason, "hint": hint})
