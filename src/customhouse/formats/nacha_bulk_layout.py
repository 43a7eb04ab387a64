"""Lays entries of a CCD batch out as records, column by column, into one piece of memory.

Widths and digits only: whether the records are good is proven afterwards in nacha_bulk_proof.
The columns of every field come from nacha_layouts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from customhouse.formats import nacha_bulk_words as words
from customhouse.formats.layout import Layout
from customhouse.formats.nacha_bulk_columns import EntryColumns, Numbers, Texts
from customhouse.formats.nacha_bulk_words import Bytes
from customhouse.formats.nacha_layouts import ADDENDA_05, ENTRY, RECORD_LENGTH

_BLANK: Final = 32
_EIGHT_DIGITS: Final = 10**8
_DIGITS_OF: Final = {
    "transaction_code": 2,
    "routing_number": 9,
    "amount_cents": 10,
    "trace_sequence": 7,
}
_ONE: Final = ord("1")
_TEXTS: Final = (
    "account_number",
    "identification_number",
    "receiving_name",
    "discretionary_data",
)


class Sheet:
    """Memory for records that is used over and over, as fresh memory would cost more than them."""

    def __init__(self) -> None:
        self._memory = np.empty(0, np.uint8)

    def rows(self, template: bytes, count: int) -> Bytes:
        """Give so many rows that hold the template; those given before are overwritten."""
        size = len(template) * count
        if len(self._memory) < size:
            self._memory = np.empty(size, np.uint8)
        grid = self._memory[:size].reshape(count, len(template))
        grid.view(f"V{len(template)}")[:] = np.void(template)
        return grid


def lay_out(columns: EntryColumns, grid: Bytes, *, line_end: int) -> bool:
    """Put columns into rows that hold an entry of the batch, with its addendum and line ends.

    ``line_end`` is the length of a line end. Give False when a value does not fit its field or a
    character is not printable.
    """
    numbers_fit = all(
        _fits(getattr(columns, name), 10**digits) for name, digits in _DIGITS_OF.items()
    )
    addendum = RECORD_LENGTH + line_end
    if not numbers_fit or not _put_texts(columns, grid, addendum=addendum):
        return False
    _put_numbers(columns, grid, addendum=addendum)
    low = np.count_nonzero(grid.reshape(-1) < _BLANK)
    is_ended = low == len(grid) * line_end * (grid.shape[1] // addendum)
    return is_ended and bool(grid.max() <= ord("~"))


def _fits(numbers: Numbers, limit: int) -> bool:
    return bool(numbers.view(np.uint64).max() < limit)


def _put_texts(columns: EntryColumns, grid: Bytes, *, addendum: int) -> bool:
    placed = [(getattr(columns, name), _start(ENTRY, name), _width(ENTRY, name)) for name in _TEXTS]
    at = addendum + _start(ADDENDA_05, "text")
    placed.append((columns.addenda_text, at, _width(ADDENDA_05, "text")))
    return all(
        _put_text(texts, grid[:, at : at + width])
        for texts, at, width in placed
        if texts is not None
    )


def _put_text(texts: Texts, cells: Bytes) -> bool:
    """Put texts into a field, filled up with blanks; False when one is too long or has a NUL."""
    width = cells.shape[1]
    if texts.dtype.itemsize > width and np.strings.str_len(texts).max() > width:
        return False
    flat = np.ascontiguousarray(texts.astype(f"S{width}", copy=False)).view(np.uint8)
    is_unused = flat == 0
    inside = is_unused[:-1] > is_unused[1:]
    inside[width - 1 :: width] = False
    if inside.any():
        return False
    filled = flat | (is_unused.view(np.uint8) << 5)
    cells.view(f"V{width}")[:, 0] = filled.view(f"V{width}")
    return True


def _put_numbers(columns: EntryColumns, grid: Bytes, *, addendum: int) -> None:
    codes = columns.transaction_code.view(np.uint64)
    _put(words.spelled(codes) >> 48, grid[:, _start(ENTRY, "transaction_code") :], "<u2")
    dfis, check_digits = np.divmod(columns.routing_number.view(np.uint64), 10)
    _put(words.spelled(dfis), grid[:, _start(ENTRY, "receiving_dfi") :], "<u8")
    _put(check_digits + ord("0"), grid[:, _start(ENTRY, "check_digit") :], "u1")
    amounts, at = columns.amount_cents.view(np.uint64), _start(ENTRY, "amount_cents")
    upper = amounts // _EIGHT_DIGITS
    _put(words.spelled(upper) >> 48, grid[:, at:], "<u2")
    _put(words.spelled(amounts - upper * _EIGHT_DIGITS), grid[:, at + 2 :], "<u8")
    # Seven digits are written as eight with the character before them, which is in the template.
    at = _start(ENTRY, "trace_number") + 7
    spelled = words.spelled(columns.trace_sequence.view(np.uint64)) & ~np.uint64(0xFF)
    _put(spelled | int(grid[0, at]), grid[:, at:], "<u8")
    if columns.addenda_text is not None:
        at = addendum + _start(ADDENDA_05, "entry_sequence") - 1
        _put(spelled | _ONE, grid[:, at:], "<u8")


def _put(values: NDArray[np.integer[Any]], cells: Bytes, kind: str) -> None:
    size = np.dtype(kind).itemsize
    cells[:, :size].view(kind)[:, 0] = values.astype(kind, copy=False)


def _start(layout: Layout, name: str) -> int:
    return next(one.start - 1 for one in layout.fields if one.name == name)


def _width(layout: Layout, name: str) -> int:
    return next(one.width for one in layout.fields if one.name == name)
