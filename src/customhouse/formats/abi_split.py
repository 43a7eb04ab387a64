"""From the bytes of a batch to its 80-column records, with the faults of bytes and lengths.

Between records there may be nothing, CR, LF or CRLF. What the records mean is not judged here.
"""

from __future__ import annotations

from dataclasses import dataclass

from customhouse.formats.abi_records import RECORD_WIDTH

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PRINTABLE = bytes(range(0x20, 0x7F))
_LINE_ENDS = b"\r\n"
# A byte outside of printable ASCII becomes a question mark, so that columns stay where they are.
_READABLE = bytes(byte if byte in _PRINTABLE + _LINE_ENDS else ord("?") for byte in range(256))


@dataclass(frozen=True, slots=True)
class ByteFault:
    """A record with bytes or a length that no record has: X40 or X42, and the column."""

    code: str
    record: int
    position: int


@dataclass(frozen=True, slots=True)
class SplitBatch:
    """The records of a batch in capital letters; the first is number 1 in ``faults``.

    ``misaligned`` tells that records were cut by counting and the count did not come out, so that
    everything after the first thing that looks wrong may just be shifted. ``ends_early`` tells
    that the last record is short.
    """

    lines: list[str]
    faults: tuple[ByteFault, ...]
    misaligned: bool
    ends_early: bool


def split_records(raw: bytes, *, most_faults: int) -> SplitBatch:
    """Cut the bytes into records; list at most so many faults, one for each bad record."""
    marked = raw.startswith(_BYTE_ORDER_MARK)
    data = raw[len(_BYTE_ORDER_MARK) :] if marked else raw
    faults = [ByteFault("X40", 1, 1)] if marked else []
    pieces = [piece for piece in _lines_of(data) if piece]
    counted = len(pieces) <= 1
    if counted and pieces:
        whole = pieces[0]
        pieces = [whole[n : n + RECORD_WIDTH] for n in range(0, len(whole), RECORD_WIDTH)]
    if data.translate(None, _PRINTABLE + _LINE_ENDS):
        faults += _byte_faults(pieces, most_faults)
    faults += _length_faults(pieces, {fault.record for fault in faults}, most_faults)
    text = b"\n".join(pieces).upper().translate(_READABLE).decode("ascii")
    ends_early = bool(pieces) and len(pieces[-1]) < RECORD_WIDTH
    return SplitBatch(
        text.split("\n") if pieces else [], tuple(faults), counted and ends_early, ends_early
    )


def _lines_of(data: bytes) -> list[bytes]:
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data.split(b"\n")


def _byte_faults(pieces: list[bytes], most: int) -> list[ByteFault]:
    faults: list[ByteFault] = []
    for number, piece in enumerate(pieces, 1):
        if piece.translate(None, _PRINTABLE):
            column = next(n for n, byte in enumerate(piece, 1) if not 0x20 <= byte < 0x7F)
            faults.append(ByteFault("X40", number, column))
            if len(faults) >= most:
                break
    return faults


def _length_faults(pieces: list[bytes], known: set[int], most: int) -> list[ByteFault]:
    """Find lines that are too short, X42, or go on after column 80, X40."""
    faults: list[ByteFault] = []
    for number, piece in enumerate(pieces, 1):
        if len(piece) != RECORD_WIDTH and number not in known:
            short = len(piece) < RECORD_WIDTH
            column = len(piece) + 1 if short else RECORD_WIDTH + 1
            faults.append(ByteFault("X42" if short else "X40", number, column))
            if len(faults) >= most:
                break
    return faults
