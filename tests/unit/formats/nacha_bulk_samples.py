"""Files for the columnar path: entries as columns and as values, and every kind of damage.

All parties, routing and account numbers are made up.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pytest
from hypothesis import strategies as st

from customhouse.formats import nacha_bulk, nacha_bulk_rows, nacha_bulk_write, nacha_lines
from customhouse.formats.nacha_bulk_columns import EntryColumns
from customhouse.formats.nacha_codes import routing_check_digit
from customhouse.formats.nacha_records import BatchHeader, Entry, FileHeader
from tests.unit.formats.nacha_mistakes import Edit, again, drop, put, swap, whole
from tests.unit.formats.nacha_samples import DEBITS, HEADER, Batches, Sample, entry, paid

BANKS = ("01020304", "12345678", "21000002", "32999999", "61000052", "72123456", "80000001")
CODES = {225: (27, 37, 28, 38, 47), 220: (22, 32, 23, 42, 52), 200: (22, 27, 32, 37, 28)}
NAMES = ("EXAMPLE BROKERS", "A", "N" * 16, "O-K & CO.", "~!")
ACCOUNTS = ("70918273645500991", "4455667788", "1", "AB.9/C", "12345678", "123456789012345")
IDENTIFICATIONS = ("3927327001", "", "I" * 15, "A B  C")
TEXTS = ("RMR*ST*1**1.00\\", "X" * 80, " LEADS WITH A BLANK", "-")


@contextmanager
def small_pieces() -> Iterator[None]:
    """Have every border between pieces within files of a few records."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nacha_bulk, "SHORTEST_RUN", 3)
        patch.setattr(nacha_bulk, "PARTS", 2)
        patch.setattr(nacha_bulk, "MOST_ONE_BY_ONE", 5)
        patch.setattr(nacha_bulk_rows, "ROWS_IN_CHUNK", 17)
        patch.setattr(nacha_bulk_write, "ENTRIES_AT_ONCE", 6)
        patch.setattr(nacha_lines, "CHUNK", 1_024)
        yield


def random_entry(source: random.Random, number: int, codes: tuple[int, ...]) -> Entry:
    """Give a good entry, with an addendum or without."""
    code, bank = source.choice(codes), source.choice(BANKS)
    cents = 0 if code % 10 in {3, 8} else source.choice((1, 104_608, 9_999_999, 123_456_789))
    make = paid if source.random() < 0.5 else entry
    made = make(code, cents, number, *([source.choice(TEXTS)] if make is paid else []))
    return replace(
        made,
        receiving_dfi=bank,
        check_digit=routing_check_digit(bank),
        account_number=source.choice(ACCOUNTS),
        identification_number=source.choice(IDENTIFICATIONS),
        receiving_name=source.choice(NAMES),
        discretionary_data=source.choice(("", "S", "AK")),
    )


def random_batch(source: random.Random, position: int, number: int) -> tuple[BatchHeader, int]:
    """Give the header of a batch and the trace sequence after which its entries begin."""
    sec_code = "CTX" if source.random() < 0.1 else "CCD"
    day = source.choice((date(2026, 11, 24), date(2026, 11, 23), date(2026, 12, 30)))
    service_class = source.choice(tuple(CODES))
    head = replace(
        DEBITS,
        service_class_code=service_class,
        sec_code=sec_code,
        batch_number=position,
        effective_entry_date=day,
        entry_description=source.choice(("CUSTOMSDTY", "REVERSAL")),
    )
    # Now and then a batch begins below the one before it, or repeats its trace numbers.
    return head, source.choice((number, number, number, number + 500, max(0, number - 5), 0))


def random_file(seed: int) -> Sample:
    """Give a good file; some have warnings."""
    source = random.Random(seed)
    batches: Batches = []
    number = source.choice((0, 90))
    for position in range(1, source.randint(1, 3) + 1):
        head, number = random_batch(source, position, number)
        few = [source.choice(CODES[head.service_class_code])]
        codes = tuple(few) if source.random() < 0.5 else CODES[head.service_class_code]
        shape, has_gaps = source.choice(("pairs", "alone", "mixed")), source.random() < 0.3
        body: list[Entry] = []
        for _ in range(source.randint(1, 30)):
            number += source.randint(1, 3) if has_gaps else 1
            made = random_entry(source, number, codes)
            while shape != "mixed" and bool(made.addenda) != (shape == "pairs"):
                made = random_entry(source, number, codes)
            body.append(made)
        batches.append((head, body))
    return Sample(HEADER, batches)


position = st.integers(1, 60)
characters = st.text("0123456789 -XACD~\r\n\x00\x1f\x7f\xe9", min_size=1, max_size=9)
lines_damage: st.SearchStrategy[Edit] = st.one_of(
    st.builds(put, position, st.integers(1, 96), characters),
    st.builds(put, position, st.just(1), st.sampled_from("156789")),
    st.builds(drop, position),
    st.builds(again, position),
    st.builds(swap, position),
    st.builds(whole, position, st.sampled_from([b"", b"9" * 94, b"6", b"7" * 1_500, b"5" * 94])),
    st.just(lambda lines: lines[: len(lines) // 2]),
    st.just(lambda lines: lines[:-3]),
    st.just(lambda lines: lines[1:3] + lines),
    st.just(lambda lines: lines + lines),
)


@st.composite
def bytes_damage(draw: st.DrawFn) -> tuple[int, int, bytes]:
    """Draw where to cut a file, how many bytes to leave out there and what to put in."""
    return draw(st.integers(0, 9_000)), draw(st.integers(0, 3)), draw(st.binary(max_size=2))


def cut(raw: bytes, damage: tuple[int, int, bytes]) -> bytes:
    """Leave bytes out of a file and put others in."""
    at, size, new = damage
    return raw[:at] + new + raw[at + size :]


@dataclass(frozen=True)
class Column:
    """One value to be put into a column of entries: its name, the position and the value."""

    name: str
    position: int
    value: int | bytes


NUMBERS = {
    "transaction_code": (0, 5, 22, 25, 26, 27, 28, 29, 37, 55, 99, 100, 127, -1),
    "routing_number": (
        0,
        9,
        91900009,
        91900008,
        999999999,
        10**9,
        -1,
        139999999,
        1010203046,
        2**40,
    ),
    "amount_cents": (0, 1, 9_999_999_999, 10**10, 10**12, -1, 2**62, 100_000_001, 10**10 + 1),
    "trace_sequence": (0, 1, 7, 9_999_999, 10_000_009, 10_000_017, -1, 2**33),
}
BYTES = {
    "account_number": (b"", b" 1", b"1 2", b"1-2", b"1" * 17, b"1" * 18, b"\xe9", b"1\x002", b"1 "),
    "identification_number": (b"", b" X", b"I" * 15, b"I" * 16, b"A B", b"\x7f", b"A\x00B"),
    "receiving_name": (b"", b" X", b"N" * 22, b"N" * 23, b"N\n", b"A\x00B", b"\xc3\x89"),
    "discretionary_data": (b"", b" ", b"AK", b"AKX", b"\t"),
    "addenda_text": (b"", b" ", b" X", b"T" * 80, b"T" * 81, b"\x80", b"A\x00B"),
}
hostile: st.SearchStrategy[Column] = st.one_of(
    *(
        st.builds(Column, st.just(name), st.integers(0, 40), st.sampled_from(values))
        for name, values in (*NUMBERS.items(), *BYTES.items())
    )
)


def random_columns(seed: int, count: int, after: int) -> EntryColumns:
    """Give debits with trace sequences after a number; two in three have addenda."""
    source = random.Random(seed)
    picks = [source.choice(BANKS) for _ in range(count)]
    step = source.choice((1, 1, 2))
    with_texts, with_extra = source.random() < 0.7, source.random() < 0.5

    def texts(choices: tuple[str, ...], size: int) -> np.ndarray[tuple[int], np.dtype[np.bytes_]]:
        return np.array([source.choice(choices).encode() for _ in range(count)], f"S{size}")

    return EntryColumns(
        transaction_code=np.array([source.choice((27, 37)) for _ in picks], np.int64),
        routing_number=np.array([int(b + routing_check_digit(b)) for b in picks], np.int64),
        account_number=texts(ACCOUNTS, 24),
        amount_cents=np.array([source.randint(1, 9_999_999) for _ in picks], np.int64),
        identification_number=texts(IDENTIFICATIONS, source.choice((15, 16))),
        receiving_name=texts(NAMES, 24),
        trace_sequence=np.arange(after + 1, after + 1 + step * count, step, np.int64)[:count],
        addenda_text=texts(TEXTS, source.choice((80, 84))) if with_texts else None,
        discretionary_data=texts(("", "AK"), 4) if with_extra else None,
    )


def with_value(columns: EntryColumns, change: Column) -> EntryColumns:
    """Give the columns with one value changed, where they have that column and position."""
    column = getattr(columns, change.name)
    if column is None or change.position >= len(columns):
        return columns
    changed = column.copy()
    changed[change.position] = change.value
    return replace(columns, **{change.name: changed})


def header_of(seed: int) -> FileHeader:
    """Give a header, for some seeds one that is not good."""
    return replace(HEADER, file_id_modifier="a") if seed % 20 == 0 else HEADER
