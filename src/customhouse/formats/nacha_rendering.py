"""Turns a value into its 94-character record, by its layout and nothing else.

A value that does not fit raises LayoutError, which names the field and never the value.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import date

from customhouse.formats import nacha_layouts as layouts
from customhouse.formats.layout import Layout, LayoutError
from customhouse.formats.nacha_reading import FIRST_YEAR
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


def spell_date(day: date | None) -> str:
    """Spell a day as YYMMDD and None as nothing; raise LayoutError outside 2000 to 2099."""
    if day is None:
        return ""
    if not FIRST_YEAR <= day.year < FIRST_YEAR + 100:
        raise LayoutError("a date outside the years 2000 to 2099 has no six digits")
    return f"{day:%y%m%d}"


def render_file_header(header: FileHeader) -> str:
    """Write record 1; a nine-digit destination or origin gets the blank that leads it."""
    values = _values(header)
    values["immediate_destination"] = header.immediate_destination.rjust(10)
    values["immediate_origin"] = header.immediate_origin.rjust(10)
    values["creation_date"] = spell_date(header.creation_date)
    return layouts.FILE_HEADER.render(values)


def render_batch_header(header: BatchHeader) -> str:
    """Write record 5."""
    values = _values(header)
    values["effective_entry_date"] = spell_date(header.effective_entry_date)
    values["settlement_day"] = "" if header.settlement_day is None else header.settlement_day
    return layouts.BATCH_HEADER.render(values)


def render_entry(entry: Entry, *, is_ctx: bool) -> str:
    """Write record 6 alone, without its addenda."""
    values: dict[str, str | int] = {
        "transaction_code": entry.transaction_code,
        "receiving_dfi": entry.receiving_dfi,
        "check_digit": entry.check_digit,
        "account_number": entry.account_number,
        "amount_cents": entry.amount_cents,
        "identification_number": entry.identification_number,
        "receiving_name": entry.receiving_name,
        "discretionary_data": entry.discretionary_data,
        "addenda_indicator": 1 if entry.addenda else 0,
        "trace_number": entry.trace_number,
    }
    if is_ctx:
        count = entry.addenda_count
        values["addenda_count"] = len(entry.addenda) if count is None else count
        return layouts.CTX_ENTRY.render(values)
    if entry.addenda_count is not None:
        raise LayoutError("only a CTX entry counts its addenda")
    return layouts.ENTRY.render(values)


_ADDENDA_LAYOUTS: dict[type, Layout] = {
    Addenda05: layouts.ADDENDA_05,
    Addenda98: layouts.ADDENDA_98,
    RefusedAddenda98: layouts.ADDENDA_98_REFUSED,
    Addenda99: layouts.ADDENDA_99,
    DishonoredAddenda99: layouts.ADDENDA_99_DISHONORED,
    ContestedAddenda99: layouts.ADDENDA_99_CONTESTED,
}


def render_addenda(addenda: Addenda) -> str:
    """Write record 7."""
    values = _values(addenda)
    for name in ("date_of_death", "date_returned"):
        if name in values:
            values[name] = spell_date(getattr(addenda, name))
    if values.get("original_settlement_day", "") is None:
        values["original_settlement_day"] = ""
    return _ADDENDA_LAYOUTS[type(addenda)].render(values)


def render_batch_control(control: BatchControl) -> str:
    """Write record 8."""
    return layouts.BATCH_CONTROL.render(_values(control))


def render_file_control(control: FileControl) -> str:
    """Write record 9."""
    return layouts.FILE_CONTROL.render(asdict(control))


def _values(record: object) -> dict[str, str | int]:
    return {one.name: getattr(record, one.name) for one in fields(record)}  # type: ignore[arg-type]
