"""Cuts a stream of bytes into the records of an ACH file, in bounded memory whatever comes.

Records end with LF, with CR LF, or run on without line ends. No rule is judged here, but what is
needed to judge them is kept: which line ends were seen and where they changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from customhouse.formats.nacha_layouts import RECORD_LENGTH

CHUNK: Final = 1 << 16
# Longer lines are cut here: enough to see that a record is too long, and no more is kept.
LONGEST_KEPT: Final = 1_024


class Lines:
    """The records of a stream; read ``line_end`` and ``mixed_at`` after or while iterating."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.line_end: bytes | None = None
        self.mixed_at = 0

    def groups(self) -> Iterator[list[bytes]]:
        """Give the records, without line ends, in lists of some hundreds.

        An over-long line comes cut at ``LONGEST_KEPT``. Faults of reading are OSError.
        """
        head = self.begin()
        if head:
            yield from self.resume(head)

    def begin(self) -> bytes:
        """Read the first bytes of the stream, tell ``line_end`` by them, and give them."""
        head = self._head()
        first_end = head.find(b"\n")
        if first_end < 0 or _runs_on(first_end):
            self.line_end = b""
        else:
            self.line_end = b"\r\n" if head[:first_end].endswith(b"\r") else b"\n"
        return head

    def resume(self, held: bytes = b"", *, after: int = 0) -> Iterator[list[bytes]]:
        """Give the records of ``held`` and of the rest, which follow ``after`` others."""
        return self._lines(held, after) if self.line_end else self._fixed(held)

    def __iter__(self) -> Iterator[bytes]:
        for group in self.groups():
            yield from group

    def _head(self) -> bytes:
        """Read until the kind of line end can be told."""
        head = b""
        while len(head) < 4 * RECORD_LENGTH:
            piece = self._stream.read(CHUNK)
            if not piece:
                break
            head += piece
        return head

    def _fixed(self, held: bytes) -> Iterator[list[bytes]]:
        while True:
            whole = len(held) - len(held) % RECORD_LENGTH
            yield [held[at : at + RECORD_LENGTH] for at in range(0, whole, RECORD_LENGTH)]
            piece = self._stream.read(CHUNK)
            held = held[whole:] + piece
            if not piece:
                break
        # A single line end after the last record is how editors leave such a file.
        if held not in {b"", b"\n", b"\r\n"}:
            yield [held]

    def _lines(self, held: bytes, number: int) -> Iterator[list[bytes]]:
        while True:
            *lines, held = held.split(b"\n")
            if lines:
                yield self._without_ends(lines, number)
                number += len(lines)
            if len(held) > LONGEST_KEPT:
                # The rest of a line this long is skipped; its beginning stands for it.
                held = held[:LONGEST_KEPT] + self._skip_line()
                continue
            piece = self._stream.read(CHUNK)
            if not piece:
                break
            held += piece
        if held:
            yield [held.removesuffix(b"\r") if self.line_end == b"\r\n" else held]

    def _skip_line(self) -> bytes:
        """Read on to the end of the line; give that end and what follows, or nothing at all."""
        while piece := self._stream.read(CHUNK):
            at = piece.find(b"\n")
            if at >= 0:
                return (self.line_end or b"\n") + piece[at + 1 :]
        return b""

    def _without_ends(self, lines: list[bytes], before: int) -> list[bytes]:
        """Take CR off the ends; note the first line whose end is not like the first line's."""
        with_return = [line.endswith(b"\r") for line in lines]
        wanted = self.line_end == b"\r\n"
        if not self.mixed_at and (not wanted) in with_return:
            self.mixed_at = before + with_return.index(not wanted) + 1
        if True in with_return:
            return [line[:-1] if line.endswith(b"\r") else line for line in lines]
        return lines


def _runs_on(first_end: int) -> bool:
    """Tell records that run on, with a line end after some of them, from one line too long."""
    return first_end >= 2 * RECORD_LENGTH and first_end % RECORD_LENGTH in {0, 1}
