"""Entries of a CCD batch as columns: one array for each field instead of one object an entry.

Values only, checked for their form when a file is written of them. An account number never shows
in the representation of a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from customhouse.formats.nacha_records import Addenda05, Entry

Numbers = NDArray[np.int64]
Texts = NDArray[np.bytes_]


@dataclass(frozen=True, slots=True)
class EntryColumns:
    """Entries that follow one another in a batch; all columns have the same length.

    ``routing_number`` is the whole number of nine digits, ``amount_cents`` whole cents and
    ``trace_sequence`` the last seven digits of the trace number. Texts are arrays of bytes
    (dtype "S") in ASCII. With ``addenda_text`` each entry has one addendum 05, without it none.
    Raise ValueError when a column has another length or is of another kind.
    """

    transaction_code: Numbers
    routing_number: Numbers
    account_number: Texts = field(repr=False)
    amount_cents: Numbers
    identification_number: Texts
    receiving_name: Texts
    trace_sequence: Numbers
    addenda_text: Texts | None = None
    discretionary_data: Texts | None = None

    def __post_init__(self) -> None:
        for one in fields(self):
            column = getattr(self, one.name)
            if column is None:
                continue
            if column.shape != (len(self.trace_sequence),):
                raise ValueError(f"the column {one.name} has another length than the others")
            is_number = "Numbers" in str(one.type)
            if column.dtype.kind != "S" if not is_number else column.dtype != np.int64:
                raise ValueError(f"the column {one.name} is of type {column.dtype}")

    def __len__(self) -> int:
        return len(self.trace_sequence)

    def __getitem__(self, positions: slice) -> EntryColumns:
        """Give a part of the entries, without copying them."""
        texts, extra = self.addenda_text, self.discretionary_data
        return EntryColumns(
            self.transaction_code[positions],
            self.routing_number[positions],
            self.account_number[positions],
            self.amount_cents[positions],
            self.identification_number[positions],
            self.receiving_name[positions],
            self.trace_sequence[positions],
            None if texts is None else texts[positions],
            None if extra is None else extra[positions],
        )

    def entry(self, position: int, odfi_identification: str) -> Entry:
        """Give one entry as a value, in a batch of this originating bank."""
        routing = f"{self.routing_number[position]:09d}"
        trace = f"{odfi_identification}{self.trace_sequence[position]:07d}"
        texts, extra = self.addenda_text, self.discretionary_data
        return Entry(
            transaction_code=int(self.transaction_code[position]),
            receiving_dfi=routing[:-1],
            check_digit=routing[-1:],
            account_number=_text(self.account_number[position]),
            amount_cents=int(self.amount_cents[position]),
            identification_number=_text(self.identification_number[position]),
            receiving_name=_text(self.receiving_name[position]),
            discretionary_data="" if extra is None else _text(extra[position]),
            trace_number=trace,
            addenda=() if texts is None else (Addenda05.of(trace, _text(texts[position])),),
        )


def _text(value: bytes) -> str:
    """Read characters one by one, so that those outside ASCII are refused where they stand."""
    return value.decode("latin-1")
