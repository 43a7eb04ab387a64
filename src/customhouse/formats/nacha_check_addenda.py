"""Judges addenda records of an ACH file: payment information, returns, notifications of change.

Each function adds what it finds to the report and looks no further once the addendum turned
out not to be the entry's own.
"""

from __future__ import annotations

import re
from typing import Any, Final

from customhouse.formats import nacha_rules_batch as batch_rules
from customhouse.formats import nacha_rules_entry as rules
from customhouse.formats.change_codes import (
    CHANGE_CODES,
    REFUSED_CODES,
    CorrectedDataError,
    read_corrected_data,
)
from customhouse.formats.nacha_check_state import EntryState
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
_ADDENDA_TYPES: Final = frozenset({"02", "05", "98", "99", *map(str, range(10, 19))})
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


class _Addendum:
    """One addenda record under judgement: its text, its entry, and where faults are told."""

    def __init__(self, text: str, entry: EntryState) -> None:
        self.text = text
        self.entry = entry
        self.batch = entry.batch
        self.created = entry.batch.file.created
        self.report = entry.batch.file.report

    @property
    def code(self) -> str:
        """Give the return or change code."""
        return self.text[_CODE.slice]

    def refuse(self, rule: Rule, where: Cell, **values: Any) -> None:
        """Tell that a field breaks a rule."""
        self.report.add(rule, where.columns, **values)

    def require_number(self, where: Cell, rule: Rule) -> bool:
        """Judge a number that must be there: all digits, not all zero."""
        seen = self.text[where.slice]
        if seen.isdigit() and seen.strip("0"):
            return True
        self.refuse(rule, where)
        return False

    def require_day(self, where: Cell, rule: Rule) -> bool:
        """Judge a day of the year."""
        seen = self.text[where.slice]
        if seen.isdigit() and 1 <= int(seen) <= 366:
            return True
        self.refuse(rule, where)
        return False

    def require_blank(self, cells: tuple[Cell, ...]) -> bool:
        """Judge reserved fields; tell the first that is not blank."""
        for where in cells:
            if self.text[where.slice].strip(" "):
                self.refuse(rules.RESERVED, where)
                return False
        return True


def check_addenda(text: str, entry: EntryState) -> None:
    """Judge record 7, the ``entry.addenda``-th of its entry, which is counted already."""
    if entry.quiet or not entry.is_judged:
        return
    entry.quiet = _is_misfit(text, entry)
    if not entry.quiet:
        _check_content(text, entry)


def _is_misfit(text: str, entry: EntryState) -> bool:
    """Tell whether the addendum does not fit its entry, with a fault that counts.

    After such a fault the other addenda of the entry are not judged.
    """
    batch, file = entry.batch, entry.batch.file
    report = file.report
    expected = _EXPECTED_TYPE[entry.kind]
    most = MOST_ADDENDA if batch.sec_code == CTX and entry.kind == "forward" else 1
    if text[1:3] not in _ADDENDA_TYPES:
        # It is more likely another record whose first character became a 7.
        report.add(rules.ADDENDA_TYPE, _TYPE_COLUMNS, expected=expected)
        batch.doubt()
        file.is_shaken = True
        return True
    if text[1:3] == expected and not _is_of_entry(text, entry):
        batch.doubt()
        # The trace number that the addendum contradicts does not count for the order.
        batch.last_trace = entry.previous_trace
        return True
    if not entry.has_indicator and report.add(rules.ADDENDA_UNANNOUNCED, "79", line=entry.line):
        return True
    if text[1:3] != expected:
        report.add(rules.ADDENDA_TYPE, _TYPE_COLUMNS, expected=expected)
        # The transaction code may be wrong in one digit, which the addendum shows already.
        batch.forget_direction(entry.line)
        return True
    if entry.addenda > most:
        counts = report.add(rules.ADDENDA_TOO_MANY, most=f"{most:,}")
    elif expected == "05" and text[_SEQUENCE.slice] != f"{entry.addenda:04d}":
        rule = rules.ADDENDA_SEQUENCE
        counts = report.add(rule, _SEQUENCE.columns, expected=entry.addenda)
    else:
        return False
    if counts:
        batch.count_unsure = file.lines_unsure = True
    return counts


def _is_of_entry(text: str, entry: EntryState) -> bool:
    """Tell whether the addendum names its entry, or names another one where that is spared."""
    batch = entry.batch
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
    report = batch.file.report
    if sequence != batch.adrift and not report.add(rule, where.columns, entry_line=entry.line):
        return True
    batch.adrift = sequence
    return False


def _check_content(text: str, entry: EntryState) -> None:
    if entry.kind == "forward":
        if not text[_TEXT.slice].strip(" "):
            entry.batch.file.report.add(rules.ADDENDA_BLANK, _TEXT.columns)
        return
    addendum = _Addendum(text, entry)
    addendum.require_number(_ORIGINAL_TRACE, rules.ORIGINAL_TRACE)
    addendum.require_number(_ORIGINAL_DFI, rules.ORIGINAL_DFI)
    if entry.kind == "notification":
        _check_notification(addendum)
    else:
        _check_return(addendum)


def _check_notification(addendum: _Addendum) -> None:
    code, text = addendum.code, addendum.text
    if code in REFUSED_CODES:
        addendum.require_blank(_RESERVED_REFUSED)
        if text[_CHANGE_RECEIVED.slice] not in CHANGE_CODES:
            addendum.refuse(rules.CHANGE_CODE_RECEIVED, _CHANGE_RECEIVED)
        if not text[_SEQUENCE_RECEIVED.slice].isdigit():
            addendum.refuse(rules.TRACE_SEQUENCE_RECEIVED, _SEQUENCE_RECEIVED)
        return
    known = CHANGE_CODES.get(code)
    if known is None:
        is_lower = code.upper() in CHANGE_CODES or code.upper() in REFUSED_CODES
        addendum.refuse(rules.CHANGE_CODE_CASE if is_lower else rules.CHANGE_CODE, _CODE)
        addendum.entry.quiet = True
        return
    addendum.require_blank(_RESERVED_98)
    _check_corrected_data(addendum)
    gone = known.withdrawn_on
    if gone and (addendum.created is None or addendum.created >= gone):
        addendum.refuse(rules.CHANGE_CODE_WITHDRAWN, _CODE, code=code, withdrawn_on=gone)


def _check_corrected_data(addendum: _Addendum) -> None:
    code, corrected = addendum.code, addendum.text[_CORRECTED.slice]
    if not CHANGE_CODES[code].parts:
        return
    if not corrected.strip(" "):
        addendum.refuse(rules.CORRECTED_DATA, _CORRECTED)
        return
    try:
        read_corrected_data(code, corrected)
    except CorrectedDataError:
        addendum.refuse(rules.CORRECTED_DATA_FORM, _CORRECTED, code=code)


def _check_return(addendum: _Addendum) -> None:
    code, batch = addendum.code, addendum.batch
    known = RETURN_CODES.get(code)
    if known is None:
        is_lower = code.upper() in RETURN_CODES
        addendum.refuse(rules.RETURN_CODE_CASE if is_lower else rules.RETURN_CODE, _CODE)
        addendum.entry.quiet = True
        return
    if not _STAGE_CHECKS[known.stage](addendum):
        addendum.entry.quiet = True
        return
    if batch.stage not in {None, known.stage}:
        if not batch.is_mixed:
            addendum.refuse(batch_rules.MIXED_RETURNS, _CODE, batch_line=batch.line)
            batch.is_mixed = True
        return
    batch.stage = known.stage
    _warn_of_code(known, addendum)


def _check_first_return(addendum: _Addendum) -> bool:
    seen, code = addendum.text[_DATE.slice], addendum.code
    has_death, is_given = code in {"R14", "R15"}, seen not in {"      ", "000000"}
    if is_given and not (has_death and _is_date(seen)):
        addendum.refuse(rules.DATE_OF_DEATH, _DATE)
        return False
    if has_death and not is_given:
        addendum.refuse(rules.DATE_OF_DEATH_MISSING, _DATE, code=code)
    return True


def _check_dishonored(addendum: _Addendum) -> bool:
    """Judge the form of a dishonored return; False when it turns out to be no such form."""
    if not (addendum.require_blank(_RESERVED_DISHONORED) and _check_returned(addendum)):
        return False
    information = addendum.text[_INFORMATION.slice]
    if addendum.code == "R69" and not _FIELD_ERRORS.fullmatch(information):
        addendum.refuse(rules.FIELD_ERRORS, _INFORMATION)
    return True


def _check_returned(addendum: _Addendum) -> bool:
    """Judge what a dishonored and a contested return say of the return."""
    if not addendum.require_number(_RETURN_TRACE, rules.RETURN_TRACE):
        return False
    if not addendum.require_day(_RETURN_DAY, rules.RETURN_SETTLEMENT_DAY):
        return False
    if f"R{addendum.text[_RETURN_REASON.slice]}" not in RETURN_CODES:
        addendum.refuse(rules.RETURN_REASON, _RETURN_REASON)
    return True


def _check_contested(addendum: _Addendum) -> bool:
    """Judge the form of a contested return; False when it turns out to be no such form."""
    if not (_check_returned(addendum) and addendum.require_blank(_RESERVED_CONTESTED)):
        return False
    # Only R73 rests on the dates of the first return; other reasons may leave them blank.
    seen, day = addendum.text[_DATE.slice], addendum.text[_ORIGINAL_DAY.slice]
    needs_dates = addendum.code == "R73"
    if (needs_dates or seen.strip(" ")) and not _is_date(seen):
        addendum.refuse(rules.DATE_RETURNED, _DATE)
    if needs_dates or day.strip(" "):
        addendum.require_day(_ORIGINAL_DAY, rules.ORIGINAL_SETTLEMENT_DAY)
    addendum.require_number(_DISHONORED_TRACE, rules.DISHONORED_TRACE)
    addendum.require_day(_DISHONORED_DAY, rules.DISHONORED_SETTLEMENT_DAY)
    if f"R{addendum.text[_DISHONORED_REASON.slice]}" not in DISHONORED_CODES:
        addendum.refuse(rules.DISHONORED_REASON, _DISHONORED_REASON)
    return True


_STAGE_CHECKS: Final = {
    Stage.RETURN: _check_first_return,
    Stage.DISHONORED: _check_dishonored,
    Stage.CONTESTED: _check_contested,
}


def _is_date(text: str) -> bool:
    try:
        read_date(text)
    except ValueError:
        return False
    return True


def _warn_of_code(known: ReturnCode, addendum: _Addendum) -> None:
    code, sec_code = known.code, addendum.batch.sec_code
    direction = addendum.entry.code.direction if addendum.entry.code else ""
    if not (known.debits if direction == "debit" else known.credits):
        addendum.refuse(
            rules.RETURN_CODE_SIDE,
            _CODE,
            code=code,
            applies_to=known.applies_to,
            direction=direction,
        )
    if known.entry_classes and sec_code not in known.entry_classes:
        addendum.refuse(rules.RETURN_CODE_CLASS, _CODE, code=code, sec_code=sec_code)
    begins, created = known.effective_on, addendum.created
    if begins and created and created < begins:
        addendum.refuse(rules.RETURN_CODE_EARLY, _CODE, code=code, effective_on=begins)
