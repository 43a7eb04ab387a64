"""Masking the password of a batch, so that what is archived never holds it.

Works on bytes that may be anything but a batch: where a header cannot be made out, more is masked
rather than less. It does not judge the batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set

_WIDTH = 80
_MASK = ord("*")
_COLUMNS_BEFORE = 8
_PASSWORD_WIDTH = 6
# A shorter password is masked in its columns only: elsewhere it would be found in other words.
_SHORTEST_SEARCHED = 4
_FIRST_RECORD = re.compile(
    rb"(?:\xef\xbb\xbf)?[\r\n]*A[0-9A-Z ]{7}([^\r\n]{6})(?:[0-9]{6}| {6}) {5}[0-9A-Z]{2} ",
    re.IGNORECASE,
)
# The password and what follows it: date, filler, application, filler. No other record has that.
_HEADER = re.compile(rb"[^\r\n ][^\r\n]{5}(?=(?:[0-9]{6}| {6}) {5}[0-9A-Z]{2} {10})", re.IGNORECASE)
_LINE_START = re.compile(rb"(?:\A|[\r\n])[^0-9A-Za-z\r\n]{0,16}(?=[AZ])", re.IGNORECASE)
# The first offset of something to mask, and the first behind it.
Stretch = tuple[int, int]
_VISIBLE_AS_MASK = bytes(byte if byte in b" \r\n" else _MASK for byte in range(256))


def mask_password(raw: bytes) -> bytes:
    """Give the same bytes with every password as asterisks; the length does not change.

    Masked are the password columns of A- and Z-records, a further A-record that is malformed up
    to its user data, and the password of the first record wherever else it stands. When the first
    record is no well-formed A-record, nobody knows where a password is and all is masked.
    """
    first = _FIRST_RECORD.match(raw)
    if first is None:
        return raw.translate(_VISIBLE_AS_MASK)
    masked = bytearray(raw)
    first_header = first.start(1) - _COLUMNS_BEFORE
    headers = [match.start() - _COLUMNS_BEFORE for match in _HEADER.finditer(raw)]
    known = {first_header, *headers}
    _mask(masked, (_password_of(start) for start in headers))
    _mask(masked, (_stretch_of(raw, start) for start in _control_records(raw, known)))
    password = first[1].strip()
    if len(password) >= _SHORTEST_SEARCHED:
        _mask(masked, _occurrences(raw.upper(), password.upper()))
    masked[first.start(1) : first.end(1)] = b"*" * _PASSWORD_WIDTH
    return bytes(masked)


def _control_records(raw: bytes, known: Set[int]) -> Iterator[int]:
    """Give the offsets where another A- or a Z-record starts, by lines or by counting to 80."""
    starts = (match.end() for match in _LINE_START.finditer(raw))
    yield from (start for start in starts if start not in known)
    if not re.search(rb"[\r\n]", raw.strip(b"\r\n")):
        first = len(raw) - len(raw.lstrip(b"\r\n\xef\xbb\xbf"))
        counted = (n for n in range(first, len(raw), _WIDTH) if raw[n] in b"AaZz")
        yield from (start for start in counted if start not in known)


def _stretch_of(raw: bytes, start: int) -> Stretch:
    """Give what may be a password in a record: of a malformed A-record all up to its user data."""
    return (start + 1, start + 59) if raw[start] in b"Aa" else _password_of(start)


def _password_of(start: int) -> Stretch:
    return start + _COLUMNS_BEFORE, start + _COLUMNS_BEFORE + _PASSWORD_WIDTH


def _occurrences(raw: bytes, password: bytes) -> Iterator[Stretch]:
    at = raw.find(password)
    while at >= 0:
        yield at, at + len(password)
        at = raw.find(password, at + 1)


def _mask(masked: bytearray, stretches: Iterable[Stretch]) -> None:
    """Put asterisks for all that is visible in stretches; spaces and line ends stay.

    Stretches that overlap are masked as one: a million of them may lie in one body.
    """
    first = last = 0
    for start, stop in stretches:
        if not first <= start <= last:
            masked[first:last] = masked[first:last].translate(_VISIBLE_AS_MASK)
            first = start
            last = start
        last = max(last, min(stop, len(masked)))
    masked[first:last] = masked[first:last].translate(_VISIBLE_AS_MASK)
