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
# Enough to hold an A-record behind some junk; masked as a whole when no header is found in it.
_OPENING = 112
# The password and what follows it: date, filler, application, filler. No other record has that.
_HEADER = re.compile(rb"[^\r\n ][^\r\n]{5}(?=(?:[0-9]{6}| {6}) {5}[0-9A-Z]{2} {10})", re.IGNORECASE)
_LINE_START = re.compile(rb"(?:\A|[\r\n])[^0-9A-Za-z\r\n]{0,16}(?=[AZ])", re.IGNORECASE)


def mask_password(raw: bytes) -> bytes:
    """Give the same bytes with every password position of A- and Z-records as asterisks.

    The length does not change. A malformed A-record is masked
    up to its user data, and an opening without any A-record is masked as a whole.
    """
    masked = bytearray(raw)
    headers = [match.start() - _COLUMNS_BEFORE for match in _HEADER.finditer(raw)]
    for start in headers:
        _mask_password_of(masked, start)
    if not headers or headers[0] > _OPENING - _WIDTH:
        _mask_between(masked, 0, _OPENING)
    known = set(headers)
    for start in _control_records(raw):
        if start not in known and raw[start] in b"Aa":
            _mask_between(masked, start + 1, start + 59)
        elif start not in known:
            _mask_password_of(masked, start)
    return bytes(masked)


def _control_records(raw: bytes) -> Iterator[int]:
    """Give the offsets where an A- or a Z-record starts, by lines or by counting to 80."""
    yield from (match.end() for match in _LINE_START.finditer(raw))
    if not re.search(rb"[\r\n]", raw.strip(b"\r\n")):
        first = len(raw) - len(raw.lstrip(b"\r\n\xef\xbb\xbf"))
        yield from (n for n in range(first, len(raw), _WIDTH) if raw[n] in b"AaZz")


def _mask_password_of(masked: bytearray, start: int) -> None:
    first = start + _COLUMNS_BEFORE
    _mask_between(masked, first, first + _PASSWORD_WIDTH)


def _mask_between(masked: bytearray, start: int, stop: int) -> None:
    """Put asterisks for all that is visible in a stretch; spaces and line ends stay."""
    for offset in range(max(start, 0), min(stop, len(masked))):
        if masked[offset] not in b" \r\n":
            masked[offset] = _MASK
