"""Turns one 94-character record into its value, by its layout and nothing else.

For files that were checked before: a record that does not fit raises, it is not explained here.
"""

from __future__ import annotations

from datetime import date

from customhouse.formats import nacha_layouts as layouts
from customhouse.formats.layout import Layout
from customhouse.formats.nacha_records import (
    Addenda,
    Addenda05,
    Addenda98,
    Addenda99,
    BatchControl,
    BatchHeader,
    ContestedAddenda99,
    DishonoredAddenda99,
    Entry,
    FileControl,
    FileHeader,
    RefusedAddenda98,
)
from customhouse.formats.return_codes import CONTESTED_CODES, DISHONORED_CODES

FIRST_YEAR = 2000


class UnreadableRecord(ValueError):
    """A record does not fit its layout; says where and why, never what stands there."""


def read_date(text: str) -> date:
    """Read YYMMDD of the years 2000 to 2099; raise ValueError when there is no such day."""
    if len(text) != 6 or not (text.isascii() and text.isdigit()):
        raise ValueError("a date is six digits, YYMMDD")
    return date(FIRST_YEAR + int(text[:2]), int(text[2:4]), int(text[4:]))


def fields_of(layout: Layout, line: str) -> dict[str, str]:
    """Cut a record into its values; raise UnreadableRecord when it does not fit its layout."""
    values, faults = layout.parse(line)
    if faults:
        raise UnreadableRecord(faults[0].sentence)
    return values


def read_file_header(line: str) -> FileHeader:
    """Read record 1; the blank that leads a routing number is not part of the value."""
    values = fields_of(layouts.FILE_HEADER, line)
    return FileHeader(
        immediate_destination=values["immediate_destination"].lstrip(),
        immediate_origin=values["immediate_origin"].lstrip(),
        creation_date=_date(values["creation_date"]),
        creation_time=values["creation_time"],
        file_id_modifier=values["file_id_modifier"],
        destination_name=values["destination_name"],
        origin_name=values["origin_name"],
        reference_code=values["reference_code"],
    )


def read_batch_header(line: str) -> BatchHeader:
    """Read record 5."""
    values = fields_of(layouts.BATCH_HEADER, line)
    return BatchHeader(
        service_class_code=int(values["service_class_code"]),
        company_name=values["company_name"],
        company_discretionary_data=values["company_discretionary_data"],
        company_identification=values["company_identification"],
        sec_code=values["sec_code"],
        entry_description=values["entry_description"],
        descriptive_date=values["descriptive_date"],
        effective_entry_date=_date_or_none(values["effective_entry_date"]),
        settlement_day=_number_or_none(values["settlement_day"]),
        originator_status_code=values["originator_status_code"],
        odfi_identification=values["odfi_identification"],
        batch_number=int(values["batch_number"]),
    )


def read_entry(line: str, addenda: tuple[Addenda, ...], *, is_ctx: bool) -> Entry:
    """Read record 6 together with the addenda that followed it."""
    values = fields_of(layouts.CTX_ENTRY if is_ctx else layouts.ENTRY, line)
    count = int(values["addenda_count"]) if is_ctx else len(addenda)
    return Entry(
        int(values["transaction_code"]),
        values["receiving_dfi"],
        values["check_digit"],
        values["account_number"],
        int(values["amount_cents"]),
        values["identification_number"],
        values["receiving_name"],
        values["discretionary_data"],
        values["trace_number"],
        addenda,
        None if count == len(addenda) else count,
    )


def read_addenda(line: str) -> Addenda:
    """Read record 7 of type 05, 98 or 99; the code tells which form a 98 or 99 has."""
    if line[1:3] == "05":
        values = fields_of(layouts.ADDENDA_05, line)
        return Addenda05(values["text"], int(values["sequence"]), values["entry_sequence"])
    if line[1:3] == "98":
        return _notification(line)
    code = line[3:6]
    if code in DISHONORED_CODES:
        return _dishonored(line)
    return _contested(line) if code in CONTESTED_CODES else _return(line)


def read_batch_control(line: str) -> BatchControl:
    """Read record 8."""
    values = fields_of(layouts.BATCH_CONTROL, line)
    return BatchControl(
        service_class_code=int(values["service_class_code"]),
        entries_and_addenda=int(values["entries_and_addenda"]),
        entry_hash=int(values["entry_hash"]),
        debit_cents=int(values["debit_cents"]),
        credit_cents=int(values["credit_cents"]),
        company_identification=values["company_identification"],
        message_authentication_code=values["message_authentication_code"],
        odfi_identification=values["odfi_identification"],
        batch_number=int(values["batch_number"]),
    )


def read_file_control(line: str) -> FileControl:
    """Read record 9."""
    values = fields_of(layouts.FILE_CONTROL, line)
    return FileControl(**{name: int(value) for name, value in values.items()})


def _notification(line: str) -> Addenda98 | RefusedAddenda98:
    if line[3:6].startswith("C6"):
        return RefusedAddenda98(**fields_of(layouts.ADDENDA_98_REFUSED, line))
    return Addenda98(**fields_of(layouts.ADDENDA_98, line))


def _return(line: str) -> Addenda99:
    values = fields_of(layouts.ADDENDA_99, line)
    return Addenda99(
        return_code=values["return_code"],
        original_trace=values["original_trace"],
        original_dfi=values["original_dfi"],
        date_of_death=_date_or_none(values["date_of_death"]),
        information=values["information"],
        trace=values["trace"],
    )


def _dishonored(line: str) -> DishonoredAddenda99:
    values = fields_of(layouts.ADDENDA_99_DISHONORED, line)
    return DishonoredAddenda99(
        return_code=values["return_code"],
        original_trace=values["original_trace"],
        original_dfi=values["original_dfi"],
        return_trace=values["return_trace"],
        return_settlement_day=int(values["return_settlement_day"]),
        return_reason=values["return_reason"],
        information=values["information"],
        trace=values["trace"],
    )


def _contested(line: str) -> ContestedAddenda99:
    values = fields_of(layouts.ADDENDA_99_CONTESTED, line)
    return ContestedAddenda99(
        return_code=values["return_code"],
        original_trace=values["original_trace"],
        date_returned=_date_or_none(values["date_returned"]),
        original_dfi=values["original_dfi"],
        original_settlement_day=_number_or_none(values["original_settlement_day"]),
        return_trace=values["return_trace"],
        return_settlement_day=int(values["return_settlement_day"]),
        return_reason=values["return_reason"],
        dishonored_trace=values["dishonored_trace"],
        dishonored_settlement_day=int(values["dishonored_settlement_day"]),
        dishonored_reason=values["dishonored_reason"],
        trace=values["trace"],
    )


def _date(text: str) -> date:
    try:
        return read_date(text)
    except ValueError:
        raise UnreadableRecord("a date is not a day of the calendar") from None


def _date_or_none(text: str) -> date | None:
    # Some banks fill an unused date with zeros where the rules leave it blank.
    return _date(text) if text.strip("0") else None


def _number_or_none(text: str) -> int | None:
    return int(text) if text else None
