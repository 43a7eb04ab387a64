"""Judges one entry detail record of an ACH file, and at its end whether its addenda came.

Each function adds what it finds to the report; the order of records is judged in nacha_check.
"""

from __future__ import annotations

from typing import Final

from customhouse.formats import nacha_rules_batch as batch_rules
from customhouse.formats import nacha_rules_entry as rules
from customhouse.formats import nacha_rules_file as file_rules
from customhouse.formats.nacha_check_state import (
    BatchState,
    Conflict,
    EntryKind,
    EntryState,
    Report,
)
from customhouse.formats.nacha_codes import (
    ADVICE_TRANSACTION_CODES,
    COR,
    CREDITS_ONLY,
    CTX,
    DEBITS_ONLY,
    LOAN_REVERSAL,
    ROUTING_PREFIXES,
    TRANSACTION_CODES,
    TransactionCode,
    routing_check_digit,
)
from customhouse.formats.nacha_layouts import BATCH_HEADER, CTX_ENTRY, ENTRY, cell
from customhouse.formats.nacha_sums import HASH_MODULUS
from customhouse.money import format_dollars

_CODE: Final = cell(ENTRY, "transaction_code")
_DFI: Final = cell(ENTRY, "receiving_dfi")
_CHECK: Final = cell(ENTRY, "check_digit")
_ACCOUNT: Final = cell(ENTRY, "account_number")
_AMOUNT: Final = cell(ENTRY, "amount_cents")
_IDENTIFICATION: Final = cell(ENTRY, "identification_number")
_NAME: Final = cell(ENTRY, "receiving_name")
_INDICATOR: Final = cell(ENTRY, "addenda_indicator")
_TRACE: Final = cell(ENTRY, "trace_number")
_CTX_COUNT: Final = cell(CTX_ENTRY, "addenda_count")
_CTX_NAME: Final = cell(CTX_ENTRY, "receiving_name")
_CTX_RESERVED: Final = cell(CTX_ENTRY, "reserved_75")
_DESCRIPTION: Final = cell(BATCH_HEADER, "entry_description")
_ONLY_DIRECTION: Final = {CREDITS_ONLY: "credit", DEBITS_ONLY: "debit"}


def check_entry(text: str, batch: BatchState) -> EntryState:
    """Judge record 6 field by field and count it; give the state for its addenda."""
    report = batch.file.report
    code = _code(text, batch, report)
    was_mixed = batch.is_mixed
    kind = _kind(code, batch, report)
    if code is not None and batch.is_mixed == was_mixed:
        _check_direction(code, batch, report)
    entry = EntryState(
        line=report.line,
        batch=batch,
        code=code,
        kind=kind,
        trace=text[_TRACE.slice].encode("ascii"),
        has_indicator=text[_INDICATOR.slice] == "1",
        announced=None,
        is_judged=code is not None and batch.sec_code != "",
    )
    _check_routing(text, batch, report)
    _check_amount(text, entry)
    _check_trace(text, entry)
    if entry.is_judged:
        _check_texts(text, entry)
    return entry


def end_entry(entry: EntryState) -> None:
    """Judge, when the next record has come, whether the entry has the addenda it needs."""
    if entry.quiet or not entry.is_judged or entry.code is None:
        return
    batch, report = entry.batch, entry.batch.file.report
    line, where, lost = entry.line, _INDICATOR.columns, False
    sequence = entry.trace[-7:].decode("ascii")
    if entry.has_indicator and not entry.addenda:
        lost = sequence == batch.adrift or report.add(rules.ADDENDA_MISSING, where, line=line)
    elif not entry.addenda and entry.kind != "forward":
        report.add(rules.RETURN_ADDENDA, where, line=line, purpose=entry.kind)
    elif not entry.addenda and entry.code.purpose == "zero-dollar":
        report.add(rules.ZERO_DOLLAR_ADDENDA, where, line=line)
    elif entry.kind == "forward" and entry.announced not in {None, entry.addenda}:
        seen, columns = entry.announced, _CTX_COUNT.columns
        rule = rules.CTX_COUNT
        lost = report.add(rule, columns, line=line, seen=seen, expected=entry.addenda)
    elif batch.kind is None:
        batch.kind = entry.kind
    if lost:
        # If the record was lost on the way, the counts differ for the same reason.
        batch.count_unsure = batch.file.lines_unsure = True
        batch.adrift = sequence


def _code(text: str, batch: BatchState, report: Report) -> TransactionCode | None:
    seen = text[_CODE.slice]
    code = TRANSACTION_CODES.get(int(seen)) if seen.isdigit() else None
    if code is None:
        batch.totals_unsure = True
        if not (seen.isdigit() and int(seen) in ADVICE_TRANSACTION_CODES):
            report.add(file_rules.TRANSACTION_CODE, _CODE.columns)
            return None
    if code is None or (batch.sec_code == COR and code.purpose != "return"):
        rule = batch_rules.TRANSACTION_CODE_CLASS
        report.add(rule, _CODE.columns, seen=seen, sec_code=batch.sec_code or "this")
        return None
    description = batch.header[_DESCRIPTION.slice].strip(" ")
    if code.code == LOAN_REVERSAL and description != "REVERSAL":
        report.add(rules.LOAN_REVERSAL, _CODE.columns)
    return code


def _check_direction(code: TransactionCode, batch: BatchState, report: Report) -> None:
    """Note an entry in the wrong direction; the control tells whether the header is at fault."""
    if _ONLY_DIRECTION.get(batch.service_class, code.direction) == code.direction:
        return
    batch.totals_unsure = True
    if batch.direction_conflict:
        batch.direction_conflict.count += 1
        return
    values: dict[str, object] = {
        "direction": code.direction,
        "service_class": batch.service_class,
    }
    batch.direction_conflict = Conflict(report.line, 1, values)


def _kind(code: TransactionCode | None, batch: BatchState, report: Report) -> EntryKind:
    own: EntryKind = "forward"
    if batch.sec_code == COR:
        own = "notification"
    elif code is not None and code.purpose == "return":
        own = "return"
    if code is None or batch.kind in {None, own}:
        return own
    if not batch.is_mixed:
        report.add(batch_rules.MIXED_DIRECTIONS, _CODE.columns, batch_line=batch.line)
        batch.is_mixed = batch.totals_unsure = True
    return batch.kind or own


def _check_routing(text: str, batch: BatchState, report: Report) -> None:
    dfi, check = text[_DFI.slice], text[_CHECK.slice]
    if not dfi.isdigit():
        batch.hash_unsure = True
        report.add(rules.ROUTING_NUMBER, _DFI.columns)
        return
    batch.sums.entry_hash = (batch.sums.entry_hash + int(dfi)) % HASH_MODULUS
    counts = False
    if dfi == "00000000":
        counts = report.add(rules.ROUTING_NUMBER, _DFI.columns)
    elif dfi[:2] not in ROUTING_PREFIXES:
        counts = report.add(rules.ROUTING_PREFIX, _DFI.columns)
    elif routing_check_digit(dfi) != check:
        counts = report.add(rules.CHECK_DIGIT, f"{_DFI.columns[0]}-{_CHECK.columns}")
    # A wrong digit makes the hash differ too, and is told here already.
    batch.hash_unsure = batch.hash_unsure or counts


def _check_amount(text: str, entry: EntryState) -> None:
    batch, report = entry.batch, entry.batch.file.report
    seen, code = text[_AMOUNT.slice], entry.code
    if not seen.isdigit():
        report.add(file_rules.AMOUNT, _AMOUNT.columns)
        batch.totals_unsure = entry.quiet = True
        return
    amount = int(seen)
    if code is None:
        return
    if code.direction == "debit":
        batch.sums.debit_cents += amount
    else:
        batch.sums.credit_cents += amount
    if not entry.is_judged:
        return
    if amount and (entry.kind == "notification" or code.purpose in {"prenote", "zero-dollar"}):
        purpose = "notification of change" if entry.kind == "notification" else code.purpose
        report.add(rules.AMOUNT_NOT_ZERO, _AMOUNT.columns, purpose=purpose)
    elif not amount and entry.kind == "forward" and code.purpose == "live":
        report.add(rules.AMOUNT_ZERO, _AMOUNT.columns)
    else:
        _check_same_day(amount, entry)
        return
    batch.totals_unsure = entry.quiet = True
    batch.forget_direction(entry.line)


def _check_same_day(amount: int, entry: EntryState) -> None:
    limit = entry.batch.same_day_limit_cents
    if limit is not None and amount > limit and entry.kind == "forward":
        spelled = format_dollars(limit)
        entry.batch.file.report.add(rules.SAME_DAY_LIMIT, _AMOUNT.columns, limit=spelled)


def _check_trace(text: str, entry: EntryState) -> None:
    batch, file = entry.batch, entry.batch.file
    report = file.report
    trace, last = entry.trace, batch.last_trace
    if not trace.isdigit():
        report.add(batch_rules.TRACE_NUMERIC, _TRACE.columns)
        entry.quiet = True
        return
    if not trace.startswith(batch.odfi):
        if batch.prefix_conflict:
            batch.prefix_conflict.count += 1
        else:
            batch.prefix_conflict = Conflict(report.line, 1, {})
        return
    entry.previous_trace, batch.last_trace = last, trace
    if trace > last:
        if file.traces.repeats(int(trace)):
            report.add(batch_rules.TRACE_REUSED, _TRACE.columns)
        return
    entry.quiet = True
    if trace == last:
        # A record that is there twice makes counts, hash and totals differ as well.
        report.add(file_rules.TRACE_REPEATED, _TRACE.columns)
        batch.doubt()
    elif last[-7:].decode("ascii") != batch.adrift:
        # Otherwise the entry before it was parted from its addenda: the two changed places.
        report.add(file_rules.TRACE_ORDER, _TRACE.columns)


def _check_texts(text: str, entry: EntryState) -> None:
    batch, report = entry.batch, entry.batch.file.report
    account = text[_ACCOUNT.slice]
    if not account.strip(" "):
        report.add(rules.ACCOUNT_NUMBER, _ACCOUNT.columns)
    elif account[0] == " " or "-" in account or " " in account.strip(" "):
        report.add(rules.ACCOUNT_FORM, _ACCOUNT.columns)
    where = _NAME
    if batch.sec_code == CTX:
        where = _CTX_NAME
        _check_ctx_fields(text, entry)
    name, identification = text[where.slice], text[_IDENTIFICATION.slice]
    if not name.strip(" "):
        report.add(rules.RECEIVING_NAME, where.columns)
    elif name[0] == " ":
        report.add(rules.JUSTIFICATION, where.columns)
    if identification[0] == " " and identification.strip(" "):
        report.add(rules.JUSTIFICATION, _IDENTIFICATION.columns)
    if text[_INDICATOR.slice] not in {"0", "1"}:
        report.add(rules.ADDENDA_INDICATOR, _INDICATOR.columns)
        entry.quiet = True


def _check_ctx_fields(text: str, entry: EntryState) -> None:
    report = entry.batch.file.report
    count = text[_CTX_COUNT.slice]
    if count.isdigit():
        entry.announced = int(count)
    else:
        report.add(rules.CTX_COUNT_NUMERIC, _CTX_COUNT.columns)
    if text[_CTX_RESERVED.slice] != "  ":
        report.add(rules.RESERVED, _CTX_RESERVED.columns)
