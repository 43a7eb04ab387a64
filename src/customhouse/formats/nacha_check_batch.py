"""Judges the header and the control of a batch of an ACH file.

What the entries add up to, and where they contradict the header, was noted in the batch's state
while they passed by; each function adds what it finds to the report.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from customhouse.business_days import FEDERAL_RESERVE, OutsideCalendar
from customhouse.formats import nacha_rules_batch as rules
from customhouse.formats.nacha_check_state import BatchState, FileState, Report
from customhouse.formats.nacha_codes import (
    ADVICES,
    CREDITS_ONLY,
    DEBITS_ONLY,
    ENTRY_CLASSES,
    MIXED,
    RESERVED_DESCRIPTIONS,
    ROUTING_PREFIXES,
    SUPPORTED_ENTRY_CLASSES,
)
from customhouse.formats.nacha_layouts import BATCH_CONTROL, BATCH_HEADER, Cell, cell
from customhouse.formats.nacha_reading import read_date
from customhouse.formats.nacha_sums import Sums

_SERVICE_CLASS: Final = cell(BATCH_HEADER, "service_class_code")
_SEC_CODE: Final = cell(BATCH_HEADER, "sec_code")
_DESCRIPTION: Final = cell(BATCH_HEADER, "entry_description")
_EFFECTIVE: Final = cell(BATCH_HEADER, "effective_entry_date")
_SETTLEMENT: Final = cell(BATCH_HEADER, "settlement_day")
_STATUS: Final = cell(BATCH_HEADER, "originator_status_code")
_ODFI: Final = cell(BATCH_HEADER, "odfi_identification")
_NUMBER: Final = cell(BATCH_HEADER, "batch_number")
_NAMED: Final = (
    ("company_name", cell(BATCH_HEADER, "company_name"), rules.COMPANY_NAME),
    (
        "company_identification",
        cell(BATCH_HEADER, "company_identification"),
        rules.COMPANY_IDENTIFICATION,
    ),
    ("entry_description", _DESCRIPTION, rules.ENTRY_DESCRIPTION),
)
_ADV: Final = "ADV"
_OPERATOR: Final = "0"
_RESERVED: Final = cell(BATCH_CONTROL, "reserved_74")
_SIDES: Final = (
    ("debit_cents", cell(BATCH_CONTROL, "debit_cents")),
    ("credit_cents", cell(BATCH_CONTROL, "credit_cents")),
)
_COUNT: Final = cell(BATCH_CONTROL, "entries_and_addenda")
_HASH: Final = cell(BATCH_CONTROL, "entry_hash")
_NUMERIC: Final = (_COUNT, _HASH, *(where for _, where in _SIDES))
_SHARED: Final = (
    ("service_class_code", rules.SERVICE_CLASS_DIFFERS),
    ("company_identification", rules.COMPANY_IDENTIFICATION_DIFFERS),
    ("odfi_identification", rules.ODFI_DIFFERS),
    ("batch_number", rules.NUMBER_DIFFERS),
)
_IDENTITY: Final = tuple(
    (name, cell(BATCH_HEADER, name), cell(BATCH_CONTROL, name), rule) for name, rule in _SHARED
)
# The limit of a same-day entry in cents, from each date on (amendments to the rules).
_SAME_DAY_LIMITS: Final = (
    (date(2022, 3, 18), 100_000_000),
    (date(2020, 3, 20), 10_000_000),
    (date(2016, 9, 23), 2_500_000),
)
_WINDOWS: Final = {CREDITS_ONLY: 2, DEBITS_ONLY: 1, MIXED: 2}


def looks_like_header(text: str) -> bool:
    """Tell a batch header from another record whose first character became a 5."""
    return (
        text[_SEC_CODE.slice] in ENTRY_CLASSES
        and text[_SERVICE_CLASS.slice].isdigit()
        and text[_ODFI.slice].isdigit()
    )


def check_batch_header(text: str, file: FileState) -> BatchState:
    """Judge record 5 and open the batch."""
    report = file.report
    batch = BatchState(line=report.line, header=text, is_known=True, file=file)
    batch.service_class = _service_class(text, batch)
    batch.sec_code = _sec_code(text, report)
    if text[_SEC_CODE.slice] == _ADV:
        batch.is_known = False
        return batch
    _check_names(text, batch)
    _check_effective_date(text, batch)
    settlement = text[_SETTLEMENT.slice]
    if settlement != "   " and not (settlement.isdigit() and 1 <= int(settlement) <= 366):
        report.add(rules.SETTLEMENT_DAY, _SETTLEMENT.columns)
    if text[_STATUS.slice] not in {_OPERATOR, "1", "2"}:
        report.add(rules.ORIGINATOR_STATUS, _STATUS.columns)
    odfi = text[_ODFI.slice]
    if not odfi.isdigit() or odfi[:2] not in ROUTING_PREFIXES or odfi == "00000000":
        report.add(rules.ODFI, _ODFI.columns)
        batch.told.add("odfi_identification")
    if not text[_NUMBER.slice].isdigit():
        report.add(rules.BATCH_NUMBER, _NUMBER.columns)
        batch.told.add("batch_number")
    batch.odfi = odfi.encode("ascii")
    return batch


def check_batch_control(text: str, batch: BatchState) -> bool:
    """Judge record 8 against its batch and add both to the file's sums.

    Give False when this is the control of no such batch, so that the order is lost.
    """
    report = batch.file.report
    differing = [
        (name, there.columns, rule)
        for name, here, there, rule in _IDENTITY
        if batch.header[here.slice] != text[there.slice]
    ]
    if len(differing) > 1:
        tell_conflicts(batch)
        report.add(rules.CONTROL_DIFFERS, batch_line=batch.line)
        return False
    for name, columns, rule in differing:
        if name not in batch.told:
            report.add(rule, columns, batch_line=batch.line)
    wrong = {name for name, _, _ in differing}
    _forget_explained(batch, wrong)
    tell_conflicts(batch)
    if "batch_number" not in wrong:
        _check_number(batch)
    _check_forward(batch)
    if text[_RESERVED.slice].strip(" "):
        report.add(rules.RESERVED, _RESERVED.columns)
    _check_sums(text, batch)
    return True


def tell_conflicts(batch: BatchState) -> None:
    """Tell once where entries contradict the ODFI or the service class of their header."""
    prefix, direction = batch.prefix_conflict, batch.direction_conflict
    report = batch.file.report
    if prefix:
        report.add(rules.TRACE_PREFIX, "80-87", line=prefix.line)
    if direction:
        report.add(rules.SERVICE_CLASS_DIRECTION, "2-3", line=direction.line, **direction.values)
    batch.prefix_conflict = batch.direction_conflict = None


def _forget_explained(batch: BatchState, wrong: set[str]) -> None:
    """Drop a contradiction of all entries when the header was found wrong by its control."""
    prefix, direction = batch.prefix_conflict, batch.direction_conflict
    if prefix and prefix.count == batch.entries and "odfi_identification" in wrong:
        batch.prefix_conflict = None
    if direction and "service_class_code" in wrong:
        batch.direction_conflict = None


def _service_class(text: str, batch: BatchState) -> int:
    seen = text[_SERVICE_CLASS.slice]
    if seen.isdigit() and int(seen) in {MIXED, CREDITS_ONLY, DEBITS_ONLY}:
        return int(seen)
    # Class 280 goes with entry class ADV, which is told by itself.
    if not (seen == str(ADVICES) and text[_SEC_CODE.slice] == _ADV):
        batch.file.report.add(rules.SERVICE_CLASS_CODE, _SERVICE_CLASS.columns)
        batch.told.add("service_class_code")
    return 0


def _sec_code(text: str, report: Report) -> str:
    seen = text[_SEC_CODE.slice]
    if seen in SUPPORTED_ENTRY_CLASSES:
        return seen
    if seen == _ADV:
        report.add(rules.ADVICES, _SEC_CODE.columns)
    elif seen in ENTRY_CLASSES:
        report.add(rules.SEC_CODE_UNSUPPORTED, _SEC_CODE.columns, seen=seen)
    elif seen.upper() in ENTRY_CLASSES:
        report.add(rules.SEC_CODE_CASE, _SEC_CODE.columns)
    else:
        report.add(rules.SEC_CODE, _SEC_CODE.columns)
    return ""


def _check_names(text: str, batch: BatchState) -> None:
    report = batch.file.report
    for name, where, rule in _NAMED:
        if not text[where.slice].strip(" 0"):
            report.add(rule, where.columns)
            batch.told.add(name)
        elif text[where.slice][0] == " ":
            report.add(rules.JUSTIFICATION, where.columns)
    description = text[_DESCRIPTION.slice].strip(" ")
    if description.upper() in RESERVED_DESCRIPTIONS and description != description.upper():
        report.add(rules.DESCRIPTION_CASE, _DESCRIPTION.columns)


def _check_effective_date(text: str, batch: BatchState) -> None:
    file, report = batch.file, batch.file.report
    seen = text[_EFFECTIVE.slice]
    if not seen.strip(" "):
        batch.lacks_effective_date = True
        return
    try:
        batch.effective_on = read_date(seen)
    except ValueError:
        report.add(rules.EFFECTIVE_DATE, _EFFECTIVE.columns)
        return
    if batch.effective_on == file.created:
        limits = (cents for start, cents in _SAME_DAY_LIMITS if batch.effective_on >= start)
        batch.same_day_limit_cents = next(limits, None)


def _check_forward(batch: BatchState) -> None:
    """Judge the status of a forward batch, and warn of a date on which it will not settle."""
    report, where = batch.file.report, _EFFECTIVE.columns
    day, created = batch.effective_on, batch.file.created
    if batch.kind != "forward":
        return
    if batch.header[_STATUS.slice] == _OPERATOR:
        report.add(rules.ORIGINATOR_STATUS, _STATUS.columns, line=batch.line)
    if batch.lacks_effective_date:
        report.add(rules.EFFECTIVE_DATE_BLANK, where, line=batch.line)
    if day is None:
        return
    try:
        if not FEDERAL_RESERVE.is_business_day(day):
            report.add(rules.EFFECTIVE_DATE_CLOSED, where, line=batch.line, seen=day)
        if created is None:
            return
        if day < created:
            report.add(rules.EFFECTIVE_DATE_PAST, where, line=batch.line, seen=day, created=created)
        days = _WINDOWS.get(batch.service_class, 2)
        processed = FEDERAL_RESERVE.on_or_after(created)
        if day > FEDERAL_RESERVE.add(processed, days):
            report.add(
                rules.EFFECTIVE_DATE_FAR,
                where,
                line=batch.line,
                seen=day,
                days=days,
                created=created,
            )
    except OutsideCalendar:
        # Holidays are known for a limited span of years; beyond it nothing can be warned of.
        return


def _check_number(batch: BatchState) -> None:
    file = batch.file
    seen = batch.header[_NUMBER.slice]
    if not seen.isdigit():
        return
    number = int(seen)
    if number <= file.last_batch_number:
        file.report.add(
            rules.NUMBER_ORDER,
            _NUMBER.columns,
            line=batch.line,
            seen=number,
            previous=file.last_batch_number,
        )
    file.last_batch_number = number


def _check_sums(text: str, batch: BatchState) -> None:
    file = batch.file
    bad = [where.columns for where in _NUMERIC if not text[where.slice].isdigit()]
    for columns in bad:
        file.report.add(rules.CONTROL_NUMERIC, columns)
    if bad:
        file.sums_unsure = True
        return
    said = Sums(*(int(text[where.slice]) for where in _NUMERIC))
    file.control.add(said)
    file.computed.add(batch.sums)
    if not batch.entries and not said.entries_and_addenda:
        file.report.add(rules.EMPTY, batch_line=batch.line)
    if not batch.count_unsure and said.entries_and_addenda != batch.sums.entries_and_addenda:
        # A record is lost or too many: the rest would differ for the same reason.
        _tell_difference(("entries_and_addenda", _COUNT), said, batch)
        file.lines_unsure = file.is_shaken = True
        return
    if not batch.hash_unsure and said.entry_hash != batch.sums.entry_hash:
        _tell_difference(("entry_hash", _HASH), said, batch)
    if not batch.totals_unsure:
        _check_totals(said, batch)


def _check_totals(said: Sums, batch: BatchState) -> None:
    debits = said.debit_cents - batch.sums.debit_cents
    credits_ = said.credit_cents - batch.sums.credit_cents
    if debits and debits == -credits_:
        batch.file.report.add(rules.TOTAL_SIDES, "21-44", cents=abs(debits))
        return
    for name, where in _SIDES:
        if getattr(said, name) != getattr(batch.sums, name):
            _tell_difference((name, where), said, batch)


_DIFFERENCES: Final = {
    "entries_and_addenda": rules.ENTRY_COUNT,
    "entry_hash": rules.ENTRY_HASH,
    "debit_cents": rules.DEBIT_TOTAL,
    "credit_cents": rules.CREDIT_TOTAL,
}


def _tell_difference(field: tuple[str, Cell], said: Sums, batch: BatchState) -> None:
    name, where = field
    seen, expected = getattr(said, name), getattr(batch.sums, name)
    batch.file.report.add(_DIFFERENCES[name], where.columns, seen=seen, expected=expected)
