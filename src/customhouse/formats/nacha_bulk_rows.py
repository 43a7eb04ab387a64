"""Reads an ACH file as rows of equal width, many at a time, for as long as its lines allow that.

Where a line is longer or shorter, or ends otherwise than the first one, reading by rows is over,
and the rest comes record by record, cut exactly as nacha_lines cuts it. No rule is judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

import numpy as np
from numpy.typing import NDArray

from customhouse.formats.nacha_bulk_words import Bytes
from customhouse.formats.nacha_layouts import RECORD_LENGTH
from customhouse.formats.nacha_lines import Lines

# A chunk and what is computed of it fit the cache of one processor core.
ROWS_IN_CHUNK: Final = 12_288
_FIRST_PRINTABLE: Final = ord(" ")
_LAST_PRINTABLE: Final = ord("~")


@dataclass(frozen=True, slots=True)
class Rows:
    """Whole records with their line ends: ``grid`` has one row for each.

    ``unprintable`` are the positions of rows with a character that no record may hold.
    """

    grid: Bytes
    unprintable: NDArray[np.intp]

    def record(self, position: int) -> bytes:
        """Give one record without its line end."""
        return self.grid[position, :RECORD_LENGTH].tobytes()


class RowReader:
    """Rows of a stream in chunks, and after them whatever is left, as groups of records."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lines = Lines(stream)
        self._held = self._lines.begin()
        self._end = self._lines.line_end or b""
        self._rows = 0

    @property
    def runs_on(self) -> bool:
        """Tell whether the records have no line ends."""
        return self._end == b""

    def chunks(self) -> Iterator[Rows]:
        """Give whole rows, until one is not whole or the stream ends."""
        width = RECORD_LENGTH + len(self._end)
        size = ROWS_IN_CHUNK * width
        is_aligned = True
        while is_aligned:
            piece = self._stream.read(max(size - len(self._held), width))
            buffer = self._held + piece if self._held else piece
            grid = np.frombuffer(buffer, np.uint8, len(buffer) // width * width)
            rows = self._aligned(grid.reshape(-1, width))
            is_aligned = bool(piece) and len(rows.grid) * width == len(grid)
            self._held = buffer[len(rows.grid) * width :]
            self._rows += len(rows.grid)
            if len(rows.grid):
                yield rows

    def rest(self) -> tuple[Lines, Iterator[list[bytes]]]:
        """Give what the chunks have left over, in the groups in which Lines alone would give it."""
        offset = self._rows * (RECORD_LENGTH + len(self._end))
        lines = Lines(cast(BinaryIO, _Replay(self._held, offset, stream=self._stream)))
        lines.line_end = self._end
        self._held = b""
        return lines, lines.resume(after=self._rows)

    def _aligned(self, grid: Bytes) -> Rows:
        """Give the rows before the first one that is not a whole line by itself."""
        ends = np.frombuffer(self._end, np.uint8)
        is_ended = (grid[:, RECORD_LENGTH:] == ends).all(axis=1) if len(ends) else None
        if is_ended is not None and not is_ended.all():
            grid = grid[: int(is_ended.argmin())]
        flat = grid.reshape(-1)
        low = np.count_nonzero(flat < _FIRST_PRINTABLE)
        if low == len(ends) * len(grid) and (not len(flat) or flat.max() <= _LAST_PRINTABLE):
            return Rows(grid, np.empty(0, np.intp))
        return self._with_unprintable(grid)

    def _with_unprintable(self, grid: Bytes) -> Rows:
        inner = grid[:, :RECORD_LENGTH]
        if self._end:
            broken = ((inner == ord("\n")) | (inner == ord("\r"))).any(axis=1)
            if broken.any():
                inner = inner[: int(broken.argmax())]
        outside = (inner < _FIRST_PRINTABLE) | (inner > _LAST_PRINTABLE)
        return Rows(grid[: len(inner)], np.flatnonzero(outside.any(axis=1)))


class _Replay:
    """A stream that gives held bytes once more and then the rest of another stream.

    ``offset`` is where the held bytes stand in the file: each read ends at a multiple of its size,
    as it does when the file is read from its beginning.
    """

    def __init__(self, held: bytes, offset: int, *, stream: BinaryIO) -> None:
        self._held = memoryview(held)
        self._offset = offset
        self._stream = stream

    def read(self, size: int) -> bytes:
        """Give up to ``size`` bytes; none at the end."""
        wanted = size - self._offset % size
        piece = bytes(self._held[:wanted])
        self._held = self._held[wanted:]
        if len(piece) < wanted:
            piece += self._stream.read(wanted - len(piece))
        self._offset += len(piece)
        return piece
