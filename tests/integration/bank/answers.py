"""What a receiving bank answers to a dishonored return, and how to read the bank's answers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

from customhouse.bank.exchange import Exchange
from customhouse.formats.nacha_file import read_items, write_file
from customhouse.formats.nacha_records import (
    BatchHeader,
    ContestedAddenda99,
    DishonoredAddenda99,
    Entry,
    FileHeader,
    Item,
    RefusedAddenda98,
)
from tests.integration.bank.operator_files import Sent, returns


def answers(exchange: Exchange) -> list[Path]:
    """Give the outbound files that answer receiving banks."""
    return sorted(exchange.outbound.glob("*.ret.ach"))


def answered(path: Path) -> list[tuple[Entry, DishonoredAddenda99 | RefusedAddenda98]]:
    """Give the entries of such a file, each with its addendum."""
    found = []
    with path.open("rb") as stream:
        for item in read_items(stream):
            if isinstance(item, Entry):
                (addenda,) = item.addenda
                assert isinstance(addenda, DishonoredAddenda99 | RefusedAddenda98)
                found.append((item, addenda))
    return found


def contested(path: Path, debit: Sent, *, code: str, on: date) -> bytes:
    """Contest the one dishonored return of an outbound file."""
    ((_, dishonored),) = answered(path)
    assert isinstance(dishonored, DishonoredAddenda99)
    plain = returns([(debit, "R01")], created_on=on, settled_on=on)
    items: list[Item] = list(read_items(io.BytesIO(plain)))
    header = next(item for item in items if isinstance(item, FileHeader))
    batch = next(item for item in items if isinstance(item, BatchHeader))
    entry = next(item for item in items if isinstance(item, Entry))
    day = on.timetuple().tm_yday
    addenda = ContestedAddenda99(
        return_code=code,
        original_trace=dishonored.original_trace,
        date_returned=on,
        original_dfi=dishonored.original_dfi,
        original_settlement_day=day,
        return_trace=dishonored.return_trace,
        return_settlement_day=dishonored.return_settlement_day,
        return_reason=dishonored.return_reason,
        dishonored_trace=dishonored.trace,
        dishonored_settlement_day=day,
        dishonored_reason=dishonored.return_code[1:],
        trace=entry.trace_number,
    )
    stream = io.BytesIO()
    write_file(stream, header, batches=[(batch, [replace(entry, addenda=(addenda,))])])
    return stream.getvalue()
