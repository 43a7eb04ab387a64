"""Masking the password of a batch, so that what is archived never holds it.

Works on bytes that may be anything but a batch: where a header cannot be made out, more is masked
rather than less. It does not judge the batch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

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
    masked[first.start(1) : first.end(1)] = b"*" * _PASSWORD_WIDTH
    headers = {first.start(1) - _COLUMNS_BEFORE}
    headers.update(match.start() - _COLUMNS_BEFORE for match in _HEADER.finditer(raw))
    for start in headers:
        _mask_password_of(masked, start)
    for start in _control_records(raw):
        if start not in headers and raw[start] in b"Aa":
            _mask_between(masked, start + 1, start + 59)
        elif start not in headers:
            _mask_password_of(masked, start)
    password = first[1].strip()
    if len(password) >= _SHORTEST_SEARCHED:
        for at in _occurrences(raw.upper(), password.upper()):
            _mask_between(masked, at, at + len(password))
    return bytes(masked)


def _control_records(raw: bytes) -> Iterator[int]:
    """Give the offsets where an A- or a Z-record starts, by lines or by counting to 80."""
    yield from (match.end() for match in _LINE_START.finditer(raw))
    if not re.search(rb"[\r\n]", raw.strip(b"\r\n")):
        first = len(raw) - len(raw.lstrip(b"\r\n\xef\xbb\xbf"))
        yield from (n for n in range(first, len(raw), _WIDTH) if raw[n] in b"AaZz")


def _occurrences(raw: bytes, password: bytes) -> Iterator[int]:
    at = raw.find(password)
    while at >= 0:
        yield at
        at = raw.find(password, at + 1)


def _mask_password_of(masked: bytearray, start: int) -> None:
    first = start + _COLUMNS_BEFORE
    _mask_between(masked, first, first + _PASSWORD_WIDTH)


def _mask_between(masked: bytearray, start: int, stop: int) -> None:
    """Put asterisks for all that is visible in a stretch; spaces and line ends stay."""
    for offset in range(max(start, 0), min(stop, len(masked))):
        if masked[offset] not in b" \r\n":
            masked[offset] = _MASK
