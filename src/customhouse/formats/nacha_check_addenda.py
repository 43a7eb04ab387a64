"""Judges addenda records of an ACH file: payment information, returns, notifications of change.

Each function adds what it finds to the report and looks no further once the addendum turned
out not to be the entry's own.
"""

from __future__ import annotations

import re
from typing import Final

from customhouse.formats import nacha_rules_batch as batch_rules
from customhouse.formats import nacha_rules_entry as rules
from customhouse.formats.change_codes import (
    CHANGE_CODES,
    REFUSED_CODES,
    CorrectedDataError,
    read_corrected_data,
)
from customhouse.formats.nacha_check_state import BatchState, EntryState, FileState, Report
from customhouse.formats.nacha_codes import CTX
from customhouse.formats.nacha_layouts import (
    ADDENDA_05,
    ADDENDA_98,
    ADDENDA_98_REFUSED,
    ADDENDA_99,
    ADDENDA_99_CONTESTED,
    ADDENDA_99_DISHONORED,
    Cell,
    cell,
)
from customhouse.formats.nacha_reading import read_date
from customhouse.formats.nacha_rules import Rule
from customhouse.formats.return_codes import DISHONORED_CODES, RETURN_CODES, ReturnCode, Stage

MOST_ADDENDA: Final = 9_999
_EXPECTED_TYPE: Final = {"forward": "05", "return": "99", "notification": "98"}
_TYPE_COLUMNS: Final = "2-3"
_TEXT: Final = cell(ADDENDA_05, "text")
_SEQUENCE: Final = cell(ADDENDA_05, "sequence")
_ENTRY_SEQUENCE: Final = cell(ADDENDA_05, "entry_sequence")
_CODE: Final = cell(ADDENDA_99, "return_code")
_ORIGINAL_TRACE: Final = cell(ADDENDA_99, "original_trace")
_ORIGINAL_DFI: Final = cell(ADDENDA_99, "original_dfi")
_DATE: Final = cell(ADDENDA_99, "date_of_death")
_TRACE: Final = cell(ADDENDA_99, "trace")
_CORRECTED: Final = cell(ADDENDA_98, "corrected_data")
_CHANGE_RECEIVED: Final = cell(ADDENDA_98_REFUSED, "change_code")
_SEQUENCE_RECEIVED: Final = cell(ADDENDA_98_REFUSED, "trace_sequence")
_INFORMATION: Final = cell(ADDENDA_99_DISHONORED, "information")
_ORIGINAL_DAY: Final = cell(ADDENDA_99_CONTESTED, "original_settlement_day")
_RETURN_TRACE: Final = cell(ADDENDA_99_DISHONORED, "return_trace")
_RETURN_DAY: Final = cell(ADDENDA_99_DISHONORED, "return_settlement_day")
_RETURN_REASON: Final = cell(ADDENDA_99_DISHONORED, "return_reason")
_DISHONORED_TRACE: Final = cell(ADDENDA_99_CONTESTED, "dishonored_trace")
_DISHONORED_DAY: Final = cell(ADDENDA_99_CONTESTED, "dishonored_settlement_day")
_DISHONORED_REASON: Final = cell(ADDENDA_99_CONTESTED, "dishonored_reason")
_RESERVED_98: Final = (cell(ADDENDA_98, "reserved_22"), cell(ADDENDA_98, "reserved_65"))
_RESERVED_REFUSED: Final = (_RESERVED_98[0], cell(ADDENDA_98_REFUSED, "reserved_75"))
_RESERVED_DISHONORED: Final = (_RESERVED_98[0], cell(ADDENDA_99_DISHONORED, "reserved_36"))
_RESERVED_CONTESTED: Final = (cell(ADDENDA_99_CONTESTED, "reserved_79"),)
_FIELD_ERRORS: Final = re.compile(r"0[1-7](\*0[1-7])* *")


def check_addenda(
    text: str, entry: EntryState, *, batch: BatchState, file: FileState, report: Report
) -> None:
    """Judge record 7, the ``entry.addenda``-th of its entry, which is counted already."""
    if entry.quiet or not entry.is_judged:
        return
    entry.quiet = True
    expected = _EXPECTED_TYPE[entry.kind]
    most = MOST_ADDENDA if batch.sec_code == CTX and entry.kind == "forward" else 1
    if not entry.has_indicator:
        report.add(rules.ADDENDA_UNANNOUNCED, "79", line=entry.line)
    elif text[1:3] != expected:
        report.add(rules.ADDENDA_TYPE, _TYPE_COLUMNS, expected=expected)
        if batch.direction_conflict and batch.direction_conflict.line == entry.line:
            # The transaction code is wrong in one digit, which the addendum shows already.
            batch.direction_conflict = None
    elif not _is_of_entry(text, entry, batch, report):
        batch.doubt()
        file.lines_unsure = True
        # The trace number that the addendum contradicts does not count for the order.
        batch.last_trace = entry.previous_trace
    elif entry.addenda > most:
        report.add(rules.ADDENDA_TOO_MANY, most=f"{most:,}")
        batch.count_unsure = file.lines_unsure = True
    elif expected == "05" and not _is_next(text, entry, report):
        batch.count_unsure = file.lines_unsure = True
    else:
        entry.quiet = False
        _check_content(text, entry, batch, file, report)


def _is_of_entry(text: str, entry: EntryState, batch: BatchState, report: Report) -> bool:
    if entry.kind == "forward":
        if text[_ENTRY_SEQUENCE.slice] == entry.trace[-7:].decode("ascii"):
            return True
        rule, where = rules.ADDENDA_ENTRY_SEQUENCE, _ENTRY_SEQUENCE
    else:
        trace = entry.trace.decode("ascii")
        skip = 8 if batch.prefix_conflict else 0
        if text[_TRACE.slice][skip:] == trace[skip:]:
            return True
        rule, where = rules.ADDENDA_TRACE, _TRACE
    sequence = text[where.slice][-7:]
    if sequence != batch.adrift:
        report.add(rule, where.columns, entry_line=entry.line)
    batch.adrift = sequence
    return False


def _is_next(text: str, entry: EntryState, report: Report) -> bool:
    if text[_SEQUENCE.slice] == f"{entry.addenda:04d}":
        return True
    report.add(rules.ADDENDA_SEQUENCE, _SEQUENCE.columns, expected=entry.addenda)
    return False


def _check_content(
    text: str, entry: EntryState, batch: BatchState, file: FileState, report: Report
) -> None:
    if entry.kind == "forward":
        if not text[_TEXT.slice].strip(" "):
            report.add(rules.ADDENDA_BLANK, _TEXT.columns)
        return
    _check_number(text, _ORIGINAL_TRACE, rules.ORIGINAL_TRACE, report)
    _check_number(text, _ORIGINAL_DFI, rules.ORIGINAL_DFI, report)
    if entry.kind == "notification":
        _check_notification(text, entry, file, report)
    else:
        _check_return(text, entry, batch, file, report)


def _check_number(text: str, where: Cell, rule: Rule, report: Report) -> bool:
    """Judge a number that must be there: all digits, not all zero."""
    seen = text[where.slice]
    if seen.isdigit() and seen.strip("0"):
        return True
    report.add(rule, where.columns)
    return False


def _check_day(text: str, where: Cell, rule: Rule, report: Report) -> bool:
    seen = text[where.slice]
    if seen.isdigit() and 1 <= int(seen) <= 366:
        return True
    report.add(rule, where.columns)
    return False


def _check_reserved(text: str, cells: tuple[Cell, ...], report: Report) -> None:
    for where in cells:
        if text[where.slice].strip(" "):
            report.add(rules.RESERVED, where.columns)


def _check_notification(text: str, entry: EntryState, file: FileState, report: Report) -> None:
    code = text[_CODE.slice]
    if code in REFUSED_CODES:
        _check_reserved(text, _RESERVED_REFUSED, report)
        if text[_CHANGE_RECEIVED.slice] not in CHANGE_CODES:
            report.add(rules.CHANGE_CODE_RECEIVED, _CHANGE_RECEIVED.columns)
        if not text[_SEQUENCE_RECEIVED.slice].isdigit():
            report.add(rules.TRACE_SEQUENCE_RECEIVED, _SEQUENCE_RECEIVED.columns)
        return
    known = CHANGE_CODES.get(code)
    if known is None:
        is_lower = code.upper() in CHANGE_CODES or code.upper() in REFUSED_CODES
        report.add(rules.CHANGE_CODE_CASE if is_lower else rules.CHANGE_CODE, _CODE.columns)
        entry.quiet = True
        return
    _check_reserved(text, _RESERVED_98, report)
    _check_corrected_data(text[_CORRECTED.slice], code, report)
    gone = known.withdrawn_on
    if gone and (file.created is None or file.created >= gone):
        report.add(rules.CHANGE_CODE_WITHDRAWN, _CODE.columns, code=code, withdrawn_on=gone)


def _check_corrected_data(corrected: str, code: str, report: Report) -> None:
    if not CHANGE_CODES[code].parts:
        return
    if not corrected.strip(" "):
        report.add(rules.CORRECTED_DATA, _CORRECTED.columns)
        return
    try:
        read_corrected_data(code, corrected)
    except CorrectedDataError:
        report.add(rules.CORRECTED_DATA_FORM, _CORRECTED.columns, code=code)


def _check_return(
    text: str, entry: EntryState, batch: BatchState, file: FileState, report: Report
) -> None:
    code = text[_CODE.slice]
    known = RETURN_CODES.get(code)
    if known is None:
        is_lower = code.upper() in RETURN_CODES
        report.add(rules.RETURN_CODE_CASE if is_lower else rules.RETURN_CODE, _CODE.columns)
        entry.quiet = True
        return
    checks = {
        Stage.RETURN: _check_first_return,
        Stage.DISHONORED: _check_dishonored,
        Stage.CONTESTED: _check_contested,
    }
    if not checks[known.stage](text, code, report):
        entry.quiet = True
        return
    if batch.stage not in {None, known.stage}:
        if not batch.is_mixed:
            report.add(batch_rules.MIXED_RETURNS, _CODE.columns, batch_line=batch.line)
            batch.is_mixed = True
        return
    batch.stage = known.stage
    _warn_of_code(known, entry, batch, file, report)


def _check_first_return(text: str, code: str, report: Report) -> bool:
    seen, where = text[_DATE.slice], _DATE.columns
    has_death = code in {"R14", "R15"}
    if not seen.strip(" 0"):
        if has_death:
            report.add(rules.DATE_OF_DEATH_MISSING, where, code=code)
        elif seen not in {"      ", "000000"}:
            report.add(rules.DATE_OF_DEATH, where)
        return True
    if not has_death or not _is_date(seen):
        report.add(rules.DATE_OF_DEATH, where)
    return True


def _check_dishonored(text: str, code: str, report: Report) -> bool:
    """Judge the form of a dishonored return; a first wrong field means that it is no such form."""
    _check_reserved(text, _RESERVED_DISHONORED, report)
    if code == "R69" and not _FIELD_ERRORS.fullmatch(text[_INFORMATION.slice]):
        report.add(rules.FIELD_ERRORS, _INFORMATION.columns)
    return _check_returned(text, report)


def _check_returned(text: str, report: Report) -> bool:
    if not _check_number(text, _RETURN_TRACE, rules.RETURN_TRACE, report):
        return False
    if not _check_day(text, _RETURN_DAY, rules.RETURN_SETTLEMENT_DAY, report):
        return False
    if f"R{text[_RETURN_REASON.slice]}" not in RETURN_CODES:
        report.add(rules.RETURN_REASON, _RETURN_REASON.columns)
    return True


def _check_contested(text: str, code: str, report: Report) -> bool:
    if not _check_returned(text, report):
        return False
    _check_reserved(text, _RESERVED_CONTESTED, report)
    # Only R73 rests on the dates of the first return; other reasons may leave them blank.
    seen, day = text[_DATE.slice], text[_ORIGINAL_DAY.slice]
    if (code == "R73" or seen.strip(" ")) and not _is_date(seen):
        report.add(rules.DATE_RETURNED, _DATE.columns)
    if code == "R73" or day.strip(" "):
        _check_day(text, _ORIGINAL_DAY, rules.ORIGINAL_SETTLEMENT_DAY, report)
    _check_number(text, _DISHONORED_TRACE, rules.DISHONORED_TRACE, report)
    _check_day(text, _DISHONORED_DAY, rules.DISHONORED_SETTLEMENT_DAY, report)
    if f"R{text[_DISHONORED_REASON.slice]}" not in DISHONORED_CODES:
        report.add(rules.DISHONORED_REASON, _DISHONORED_REASON.columns)
    return True


def _is_date(text: str) -> bool:
    try:
        read_date(text)
    except ValueError:
        return False
    return True


def _warn_of_code(
    known: ReturnCode, entry: EntryState, batch: BatchState, file: FileState, report: Report
) -> None:
    where, code = _CODE.columns, known.code
    direction = entry.code.direction if entry.code else ""
    if not (known.debits if direction == "debit" else known.credits):
        report.add(
            rules.RETURN_CODE_SIDE,
            where,
            code=code,
            applies_to=known.applies_to,
            direction=direction,
        )
    if known.entry_classes and batch.sec_code not in known.entry_classes:
        report.add(rules.RETURN_CODE_CLASS, where, code=code, sec_code=batch.sec_code)
    begins = known.effective_on
    if begins and file.created and file.created < begins:
        report.add(rules.RETURN_CODE_EARLY, where, code=code, effective_on=begins)
