"""Judges the file header, the file control and the blocking of an ACH file.

The order of records is judged in nacha_check; each function adds what it finds to the report.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from customhouse.formats import nacha_rules_file as rules
from customhouse.formats.nacha_check_state import FileState, Report
from customhouse.formats.nacha_codes import ROUTING_PREFIXES, routing_check_digit
from customhouse.formats.nacha_layouts import BLOCKING_FACTOR, FILE_CONTROL, FILE_HEADER, cell
from customhouse.formats.nacha_reading import read_date

_TIME: Final = re.compile(r" {4}|([01][0-9]|2[0-3])[0-5][0-9]")
_MODIFIER: Final = re.compile(r"[A-Z0-9]")
_DATE: Final = cell(FILE_HEADER, "creation_date")
_DESTINATION: Final = cell(FILE_HEADER, "immediate_destination")
_ORIGIN: Final = cell(FILE_HEADER, "immediate_origin")
_TIME_CELL: Final = cell(FILE_HEADER, "creation_time")
_MODIFIER_CELL: Final = cell(FILE_HEADER, "file_id_modifier")
_CONSTANTS: Final = (
    (cell(FILE_HEADER, "priority_code"), "01", rules.PRIORITY_CODE),
    (cell(FILE_HEADER, "record_size"), "094", rules.RECORD_SIZE),
    (cell(FILE_HEADER, "blocking_factor"), "10", rules.BLOCKING_FACTOR),
    (cell(FILE_HEADER, "format_code"), "1", rules.FORMAT_CODE),
)
_BATCHES: Final = cell(FILE_CONTROL, "batches")
_BLOCKS: Final = cell(FILE_CONTROL, "blocks")
_RESERVED: Final = cell(FILE_CONTROL, "reserved_56")
_SUMS: Final = (
    (cell(FILE_CONTROL, "entries_and_addenda"), "entries_and_addenda", rules.ENTRY_COUNT),
    (cell(FILE_CONTROL, "entry_hash"), "entry_hash", rules.ENTRY_HASH),
    (cell(FILE_CONTROL, "debit_cents"), "debit_cents", rules.DEBIT_TOTAL),
    (cell(FILE_CONTROL, "credit_cents"), "credit_cents", rules.CREDIT_TOTAL),
)


def is_routing_number(text: str) -> bool:
    """Tell whether nine digits can be a routing number: prefix and check digit, not zero."""
    return (
        len(text) == 9
        and text.isdigit()
        and text != "000000000"
        and text[:2] in ROUTING_PREFIXES
        and routing_check_digit(text[:8]) == text[8]
    )


def check_file_header(text: str, report: Report) -> date | None:
    """Judge record 1; give the creation date when it is one."""
    for where, expected, rule in _CONSTANTS:
        if text[where.slice] != expected:
            report.add(rule, where.columns)
    destination = text[_DESTINATION.slice]
    if destination[0] != " " or not is_routing_number(destination[1:]):
        report.add(rules.IMMEDIATE_DESTINATION, _DESTINATION.columns)
    origin = text[_ORIGIN.slice]
    if not _is_origin(origin):
        report.add(rules.IMMEDIATE_ORIGIN, _ORIGIN.columns)
    if not _TIME.fullmatch(text[_TIME_CELL.slice]):
        report.add(rules.CREATION_TIME, _TIME_CELL.columns)
    if not _MODIFIER.fullmatch(text[_MODIFIER_CELL.slice]):
        report.add(rules.ID_MODIFIER, _MODIFIER_CELL.columns)
    try:
        return read_date(text[_DATE.slice])
    except ValueError:
        report.add(rules.CREATION_DATE, _DATE.columns)
        return None


def check_file_control(text: str, file: FileState) -> int | None:
    """Judge record 9 but for its block count, which is given back when it can be compared.

    A sum is wrong when it is neither that of the batch controls nor that of the entries: in the
    second case a batch control is wrong, and that was told where it stands.
    """
    report = file.report
    numeric = [_BATCHES, _BLOCKS, *(where for where, _, _ in _SUMS)]
    bad = [where.columns for where in numeric if not text[where.slice].isdigit()]
    if len(bad) > 2:
        # This many at once: it is another record whose first character became a 9.
        report.add(rules.CONTROL_NUMERIC, "2-55")
        return None
    for columns in bad:
        report.add(rules.CONTROL_NUMERIC, columns)
    if text[_RESERVED.slice].strip(" "):
        report.add(rules.RESERVED, _RESERVED.columns)
    if bad or file.sums_unsure:
        return None
    if int(text[_BATCHES.slice]) != file.batches:
        seen = int(text[_BATCHES.slice])
        report.add(rules.BATCH_COUNT, _BATCHES.columns, seen=seen, expected=file.batches)
    for where, name, rule in _SUMS:
        seen, expected = int(text[where.slice]), getattr(file.control, name)
        if seen not in {expected, getattr(file.computed, name)}:
            report.add(rule, where.columns, seen=seen, expected=expected)
    if not file.batches:
        report.add(rules.NO_BATCHES)
    return int(text[_BLOCKS.slice])


def check_blocking(records: int, filling: int, *, blocks: int | None, report: Report) -> None:
    """Judge the end of the file: ``records`` without filling, and the block count if known."""
    expected = -(-records // BLOCKING_FACTOR)
    due = expected * BLOCKING_FACTOR - records
    if filling != due:
        last = records + (due + 1 if filling > due else filling)
        report.add(rules.BLOCKING, line=last, records=records, seen=filling, expected=due)
        # A count that includes the filling as it stands has the same cause.
        if blocks == -(-(records + filling) // BLOCKING_FACTOR):
            return
    if blocks is not None and blocks != expected:
        report.add(rules.BLOCK_COUNT, _BLOCKS.columns, line=records, seen=blocks, expected=expected)


def _is_origin(text: str) -> bool:
    if text[0] == " ":
        return text[1:].isdigit() and text[1:].strip("0") != ""
    return " " not in text.rstrip(" ") and len(text.rstrip(" ")) == len(text)
