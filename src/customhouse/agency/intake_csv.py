"""Reads entry summaries from CSV, a line at a time: bounded memory whatever the file holds.

A line that cannot be read is an item with a fault; only a wrong header refuses the whole file. No
field of an entry holds a line break, so a record is a line and a quoted line break is a fault.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from customhouse.agency import entry_faults as faults
from customhouse.agency.entry_fields import CHARGE_CLASS, FIELDS_BY_NAME, MOST_CHARGES
from customhouse.agency.entry_summaries import EntrySummaryDraft
from customhouse.faults import Fault, Refused

LONGEST_LINE: Final = 64 * 1024
MOST_LINES: Final = 1_000_000
_CHARGE: Final = "charge_"


def read_csv(stream: BinaryIO) -> Iterator[EntrySummaryDraft]:
    """Give the drafts of a file in order; raise Refused (intake-file-unreadable) for its header.

    The first line names the columns: the fields, and ``charge_`` with an accounting class code
    for each class. An empty cell is no value.
    """
    lines = _lines(stream)
    number, header = next(lines, (1, b""))
    columns = _header(header)
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
    cells, reason = _cells(line)
    found = [] if reason is None else [_file_fault(reason)]
    if line is not None and line.startswith(b"\xef\xbb\xbf"):
        reason = "it begins with a byte order mark"
        raise Refused(_file_fault(reason, hint="Save it as UTF-8 without a byte order mark."))
    seen: set[str] = set()
    for cell in cells:
        shown = ascii(cell)[:40]
        if cell in seen:
            found.append(_file_fault(f"its header names {shown} twice"))
        elif not _is_column(cell):
            found.append(_file_fault(f"its header names {shown}, which is no column"))
        seen.add(cell)
    found += [
        _file_fault(f"its header does not name {name}")
        for name, each in FIELDS_BY_NAME.items()
        if each.default is None and name not in seen
    ]
    if len(cells) > len(FIELDS_BY_NAME) + MOST_CHARGES:
        found = [_file_fault(f"its header names more than {MOST_CHARGES} charges")]
    if found:
        raise Refused(*found)
    return cells


def _is_column(cell: str) -> bool:
    if cell.startswith(_CHARGE):
        return CHARGE_CLASS.fullmatch(cell.removeprefix(_CHARGE)) is not None
    return cell in FIELDS_BY_NAME


def _draft(number: int, line: bytes | None, *, columns: Sequence[str]) -> EntrySummaryDraft:
    cells, reason = _cells(line)
    if reason is not None:
        return _unreadable(number, reason, hint="Correct this line and load it again.")
    if len(cells) != len(columns):
        reason = f"it has {len(cells)} cells, its header {len(columns)}"
        return _unreadable(number, reason, hint="Give one cell for each column, empty or not.")
    named = [(name, cell) for name, cell in zip(columns, cells, strict=True) if cell]
    return EntrySummaryDraft(
        position=f"line {number}",
        fields={name: cell for name, cell in named if not name.startswith(_CHARGE)},
        charges={
            name.removeprefix(_CHARGE): cell for name, cell in named if name.startswith(_CHARGE)
        },
    )


def _cells(line: bytes | None) -> tuple[list[str], str | None]:
    """Give the cells of a line, or the reason why it has none that can be read."""
    if line is None:
        return [], f"it is longer than {LONGEST_LINE} bytes"
    if b"\x00" in line:
        return [], f"byte {line.index(0) + 1} is NUL"
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        return [], f"byte {error.start + 1} is not UTF-8"
    try:
        return next(csv.reader([text], strict=True), []), None
    except csv.Error:
        return [], "its quotes or line breaks are not those of CSV"


def _unreadable(number: int, reason: str, *, hint: str) -> EntrySummaryDraft:
    fault = Fault(faults.INTAKE_LINE_UNREADABLE, {"reason": reason, "hint": hint})
    return EntrySummaryDraft(position=f"line {number}", fields={}, faults=(fault,))


def _file_fault(reason: str, *, hint: str = "Correct the first line of the file.") -> Fault:
    return Fault(faults.INTAKE_FILE_UNREADABLE, {"reason": reason, "hint": hint})
