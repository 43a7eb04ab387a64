"""Reads return files: which items came back, and which notifications of change there are.

Checks first what every ACH file is checked for, then what a file of returns to this bank must be.
It matches nothing and keeps nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import BinaryIO, Final

from customhouse.bank import profile
from customhouse.bank.inbound_forms import FAULTS_KEPT, FormFault, FormRefused, ReportedItem
from customhouse.formats.nacha_bulk import check_bulk
from customhouse.formats.nacha_file import read_items
from customhouse.formats.nacha_records import (
    Addenda98,
    Addenda99,
    BatchHeader,
    ContestedAddenda99,
    DishonoredAddenda99,
    Entry,
    FileHeader,
)
from customhouse.formats.return_consequences import QUESTIONABLE

LAST_DAY_OF_YEAR: Final = 366
_CODE: Final = re.compile(r"[RC][0-9]{2}", re.ASCII)
# A dishonored return is another bank's answer to one of this bank's.
_TAKEN: Final = (Addenda98, Addenda99, ContestedAddenda99, DishonoredAddenda99)
_TRACE: Final = re.compile(r"[0-9]{15}", re.ASCII)


def check_returns(stream: BinaryIO) -> int:
    """Check a return file as a whole; give the number of its items.

    Raises FormRefused with every fault, at most the first hundred.
    """
    broken = (fault for fault in check_bulk(stream) if fault.severity != "warning")
    found = [
        FormFault(fault.rule, fault.line, fault.message, fault.hint)
        for fault in islice(broken, FAULTS_KEPT)
    ]
    if found:
        raise FormRefused(found)
    stream.seek(0)
    items = 0
    for each in read_items(stream):
        fault = _content_fault(each)
        if fault is not None:
            raise FormRefused([fault])
        items += isinstance(each, Entry)
    return items


def _content_fault(item: object) -> FormFault | None:
    """Say what in a well-formed file does not belong into a file of returns to this bank."""
    ours = profile.BANK_ROUTING.number
    if isinstance(item, FileHeader) and item.immediate_destination != ours:
        return FormFault("returns-destination", 1, "the file is for another bank", f"send {ours}")
    day = item.settlement_day if isinstance(item, BatchHeader) else None
    if day is not None and not 1 <= day <= LAST_DAY_OF_YEAR:
        hint = "write the day of the year on which the returns settle"
        return FormFault("returns-settlement-day", 0, "a settlement day is no day of a year", hint)
    return _entry_fault(item) if isinstance(item, Entry) else None


def _entry_fault(entry: Entry) -> FormFault | None:
    addenda = entry.addenda[0] if len(entry.addenda) == 1 else None
    if not isinstance(addenda, _TAKEN):
        message = f"entry {entry.trace_number} is neither a return nor a notification of change"
        return FormFault("returns-entry", 0, message, "send other entries in another file")
    code = addenda.change_code if isinstance(addenda, Addenda98) else addenda.return_code
    if not _CODE.fullmatch(code) or not _TRACE.fullmatch(addenda.original_trace):
        message = f"entry {entry.trace_number} has no readable code or original trace number"
        return FormFault("returns-original", 0, message, "copy the trace number of the debit")
    return None


def read_returns(stream: BinaryIO) -> Iterator[ReportedItem]:
    """Give the items of a return file that was checked before, each dated by its batch."""
    created_on = date.min
    dated_on = date.min
    for item in read_items(stream):
        if isinstance(item, FileHeader):
            created_on = item.creation_date
        elif isinstance(item, BatchHeader):
            dated_on = _dated(item, created_on)
        elif isinstance(item, Entry):
            yield _reported(item, dated_on)


def _reported(entry: Entry, dated_on: date) -> ReportedItem:
    addenda = entry.addenda[0]
    if isinstance(addenda, Addenda99):
        # Nacha appendix 4: R17 with this word in the first positions is a suspicion of fraud.
        questionable = addenda.information.strip().upper().startswith(QUESTIONABLE)
        return ReportedItem(
            "returned",
            addenda.original_trace,
            addenda.return_code,
            dated_on,
            entry.amount_cents,
            own_trace=entry.trace_number,
            questionable=questionable,
        )
    if isinstance(addenda, ContestedAddenda99 | DishonoredAddenda99):
        return ReportedItem(
            "contested" if isinstance(addenda, ContestedAddenda99) else "dishonored",
            addenda.original_trace,
            addenda.return_code,
            dated_on,
            entry.amount_cents,
            own_trace=entry.trace_number,
        )
    if isinstance(addenda, Addenda98):
        return ReportedItem(
            "changed",
            addenda.original_trace,
            addenda.change_code,
            dated_on,
            entry.amount_cents,
            addenda.corrected_data,
            own_trace=entry.trace_number,
        )
    raise TypeError("a checked return file holds returns and notifications only")


def _dated(batch: BatchHeader, created_on: date) -> date:
    if batch.settlement_day is None:
        return batch.effective_entry_date or created_on
    return settlement_date(batch.settlement_day, near=created_on)


def settlement_date(day_of_year: int, *, near: date) -> date:
    """Give the date of a day of the year (1 to 366) that is nearest to another date.

    The record has no year (Nacha Operating Rules, Settlement Date: a Julian day), and a file of
    late December may settle in January. Raises ValueError when the day is out
    of range.
    """
    if not 1 <= day_of_year <= LAST_DAY_OF_YEAR:
        raise ValueError(f"{day_of_year} is not a day of a year")
    years = range(near.year - 4, near.year + 5)
    days = [date(year, 1, 1) + timedelta(days=day_of_year - 1) for year in years]
    # Day 366 exists in leap years only; elsewhere it has run over into the next year.
    real = [day for day, year in zip(days, years, strict=True) if day.year == year]
    return min(real or days, key=lambda day: abs((day - near).days))
