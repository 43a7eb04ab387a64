"""Tells an ACH file to a person: header, batches, entries with their codes in words, totals.

Lines of text only, in the order of the file and in constant memory. Account numbers are never
shown: not in an entry, not in corrected data, not where another text repeats one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import singledispatch
from typing import Final

from customhouse.formats.change_codes import (
    CHANGE_CODES,
    REFUSED_CODES,
    CorrectedDataError,
    read_corrected_data,
)
from customhouse.formats.nacha_codes import ENTRY_CLASSES, SERVICE_CLASSES, TRANSACTION_CODES
from customhouse.formats.nacha_records import (
    Addenda,
    Addenda05,
    Addenda98,
    BatchControl,
    BatchHeader,
    Entry,
    FileControl,
    FileHeader,
    Item,
    RefusedAddenda98,
)
from customhouse.formats.return_codes import RETURN_CODES
from customhouse.money import format_dollars

MASK: Final = "••••"
# A shorter account number would be found by chance within dates, amounts and trace numbers.
SHORTEST_HIDDEN: Final = 4


def outline(items: Iterable[Item]) -> Iterator[str]:
    """Give the lines that tell of a file's records."""
    for item in items:
        yield from _lines(item)


@singledispatch
def _lines(item: Item) -> Iterator[str]:
    raise TypeError(f"{type(item).__name__} is no record of an ACH file")


@_lines.register
def _(item: FileHeader) -> Iterator[str]:
    time = f" {item.creation_time[:2]}:{item.creation_time[2:]}" if item.creation_time else ""
    yield f"File {item.file_id_modifier} of {item.creation_date}{time}"
    yield f"  from {item.immediate_origin} {item.origin_name}".rstrip()
    yield f"  to   {item.immediate_destination} {item.destination_name}".rstrip()


@_lines.register
def _(item: BatchHeader) -> Iterator[str]:
    class_name = ENTRY_CLASSES.get(item.sec_code, "unknown")
    service = SERVICE_CLASSES.get(item.service_class_code, "unknown")
    settles = "" if item.settlement_day is None else f", settles on day {item.settlement_day:03d}"
    yield ""
    yield f"Batch {item.batch_number}: {item.sec_code} ({class_name}), {service}"
    yield f"  {item.company_name} ({item.company_identification}): {item.entry_description}"
    yield f"  effective {item.effective_entry_date or 'blank'}{settles}"
    yield f"  bank {item.odfi_identification}"


@_lines.register
def _(item: Entry) -> Iterator[str]:
    known = TRANSACTION_CODES.get(item.transaction_code)
    phrase = known.phrase if known else "unknown"
    name = _hidden(item.receiving_name, item)
    yield (
        f"  {item.trace_number}  {item.transaction_code} {phrase}"
        f"  {format_dollars(item.amount_cents)}"
    )
    identification = _hidden(item.identification_number, item)
    yield f"    {name} at {item.receiving_dfi}{item.check_digit}, account {MASK}"
    if identification:
        yield f"    identification {identification}"
    for addenda in item.addenda:
        yield f"    {_hidden(_addenda_line(addenda), item)}"


@_lines.register
def _(item: BatchControl) -> Iterator[str]:
    yield (
        f"  {item.entries_and_addenda:,} entries and addenda,"
        f" debits {format_dollars(item.debit_cents)},"
        f" credits {format_dollars(item.credit_cents)}, hash {item.entry_hash:010d}"
    )


@_lines.register
def _(item: FileControl) -> Iterator[str]:
    yield ""
    blocks = f"{item.blocks:,} {'block' if item.blocks == 1 else 'blocks'}"
    yield (
        f"{item.batches:,} {'batch' if item.batches == 1 else 'batches'}, {blocks},"
        f" {item.entries_and_addenda:,} entries and addenda"
    )
    yield (
        f"debits {format_dollars(item.debit_cents)},"
        f" credits {format_dollars(item.credit_cents)}, hash {item.entry_hash:010d}"
    )


def _addenda_line(addenda: Addenda) -> str:
    if isinstance(addenda, Addenda05):
        return f"addendum {addenda.sequence}: {addenda.text}"
    if isinstance(addenda, RefusedAddenda98):
        meaning = REFUSED_CODES.get(addenda.refused_code, "unknown")
        return f"refused {addenda.refused_code} {meaning} ({addenda.change_code})"
    if isinstance(addenda, Addenda98):
        return _change_line(addenda)
    reason = RETURN_CODES.get(addenda.return_code)
    meaning = reason.meaning if reason else "unknown"
    return f"{addenda.return_code} {meaning} Original trace {addenda.original_trace}"


def _change_line(addenda: Addenda98) -> str:
    known = CHANGE_CODES.get(addenda.change_code)
    told = f"{addenda.change_code} {known.meaning if known else 'unknown'}"
    return f"{told} Original trace {addenda.original_trace}; {_corrected(addenda)}"


def _corrected(addenda: Addenda98) -> str:
    """Name the parts that are corrected, with their values where these are no bank data."""
    try:
        corrected = read_corrected_data(addenda.change_code, addenda.corrected_data)
    except CorrectedDataError:
        return "corrected data cannot be read"
    parts = []
    if corrected.routing_number:
        parts.append(f"routing number {corrected.routing_number}")
    if corrected.account_number:
        parts.append(f"account {MASK}")
    if corrected.transaction_code is not None:
        parts.append(f"transaction code {corrected.transaction_code}")
    return ", ".join(parts) or "nothing of the account"


def _hidden(text: str, entry: Entry) -> str:
    """Take the entry's account number out of another text."""
    account = entry.account_number.strip()
    return text.replace(account, MASK) if len(account) >= SHORTEST_HIDDEN else text
