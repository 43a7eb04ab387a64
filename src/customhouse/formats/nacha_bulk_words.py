"""Reads and writes digits of many ACH records at a time, eight characters in one machine word.

A column of eight characters is one little-endian word for each record, its first character in the
lowest byte; every operation then works on all eight. No rule of ACH files is judged here. The
characters must be printable ASCII, so that no byte carries over into the next one.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Words = NDArray[np.uint64]

ZEROS: Final = int.from_bytes(b"0" * 8, "little")
_BLANKS: Final = np.uint64(int.from_bytes(b" " * 8, "little"))
_HYPHENS: Final = np.uint64(int.from_bytes(b"-" * 8, "little"))
_HIGH_HALVES: Final = int.from_bytes(b"\xf0" * 8, "little")
_SIXES: Final = int.from_bytes(b"\x06" * 8, "little")
_SEVEN_BITS: Final = int.from_bytes(b"\x7f" * 8, "little")
_HIGH_BITS: Final = int.from_bytes(b"\x80" * 8, "little")
_EVEN_BYTES: Final = 0x00FF00FF00FF00FF
_EVERY_FOURTH: Final = 0x000000FF000000FF
# To split numbers of eight, four and two digits in halves: what to multiply by and to shift by to
# divide, the bits to keep of that, what was divided by, and by how much the lower halves move up.
_SPLITS: Final = (
    (109_951_163, 40, 0x3FFF, 10_000, 32),
    (10_486, 20, 0x0000007F0000007F, 100, 16),
    (103, 10, 0x000F000F000F000F, 10, 8),
)
# Multiplied by four pairs of digits, these add 100 and 10,000 times each pair to the next ones.
_HUNDREDS: Final = 0x000F424000000064
_TEN_THOUSANDS: Final = 0x0000271000000001
# The weights 3 7 1 3 7 1 3 7 of a routing number, of its odd and of its even digits, last first.
_ODD_WEIGHTS: Final = 3 << 48 | 1 << 32 | 7 << 16 | 3
_EVEN_WEIGHTS: Final = 7 << 48 | 3 << 32 | 1 << 16 | 7
_TENTH: Final = 0xCCCD


def word_of(text: bytes) -> int:
    """Give the word, or half a word, that these characters are."""
    return int.from_bytes(text, "little")


def words_at(rows: Bytes, column: int) -> Words:
    """Give eight characters of each row, from a column that counts from 1."""
    field = rows[:, column - 1 : column + 7].view("<u8")
    return np.ascontiguousarray(field[:, 0])


def halves_at(rows: Bytes, column: int) -> NDArray[np.uint32]:
    """Give four characters of each row, from a column that counts from 1."""
    return np.ascontiguousarray(rows[:, column - 1 : column + 3].view("<u4")[:, 0])


def pairs_at(rows: Bytes, column: int) -> NDArray[np.uint16]:
    """Give two characters of each row, from a column that counts from 1."""
    return np.ascontiguousarray(rows[:, column - 1 : column + 1].view("<u2")[:, 0])


def bytes_at(rows: Bytes, column: int) -> Bytes:
    """Give one character of each row, at a column that counts from 1."""
    return np.ascontiguousarray(rows[:, column - 1])


def are_digits(words: Words) -> bool:
    """Tell whether all characters of all words are digits."""
    # Only for 0 to 9 is the high half 3 both of the character and of the sixth after it.
    both = words + _SIXES
    both &= words
    both &= _HIGH_HALVES
    return bool((both == ZEROS).all())


def numbers_in(words: Words) -> Words:
    """Give the numbers that words of eight digits spell."""
    pairs = words - ZEROS
    tens = pairs * 10
    pairs >>= 8
    pairs += tens
    upper = pairs >> 16
    upper &= _EVERY_FOURTH
    upper *= _TEN_THOUSANDS
    pairs &= _EVERY_FOURTH
    pairs *= _HUNDREDS
    pairs += upper
    pairs >>= 32
    return pairs


def spelled(numbers: Words) -> Words:
    """Give the words of eight digits that spell numbers below 100,000,000."""
    words = numbers.copy()
    # Two groups of four digits, then four of two, then eight digits; the first in the lowest byte.
    for times, shift, mask, unit, width in _SPLITS:
        upper = words * times
        upper >>= shift
        upper &= mask
        lower = upper * unit
        np.subtract(words, lower, out=words)
        words <<= width
        words += upper
    words += ZEROS
    return words


def fit_check_digits(words: Words, digits: Bytes) -> bool:
    """Tell whether each routing number of eight digits has its check digit; source: appendix 3."""
    values = words - ZEROS
    sums = values & _EVEN_BYTES
    sums *= _ODD_WEIGHTS
    values >>= 8
    values &= _EVEN_BYTES
    values *= _EVEN_WEIGHTS
    sums += values
    # The uppermost sixteen bits hold the sum of the products, 288 at most.
    sums >>= 48
    ninth = digits - ord("0")
    total = sums.astype(np.uint32)
    total += ninth
    tenths = total * _TENTH
    tenths >>= 19
    tenths *= 10
    return bool((tenths == total).all()) and bool((ninth <= 9).all())


def not_blank(words: Words) -> Words:
    """Set the highest bit of each byte that is not a blank; the other bits mean nothing."""
    marked = words ^ _BLANKS
    marked += _SEVEN_BITS
    return marked


def resume_after_blank(marked: Words) -> bool:
    """Tell whether a character that is no blank follows a blank, by what ``not_blank`` gave."""
    after = marked >> 8
    after &= ~marked
    after &= _HIGH_BITS
    return bool(after.any())


def have_hyphen(words: Words) -> bool:
    """Tell whether any character is a hyphen."""
    marked = words ^ _HYPHENS
    marked += _SEVEN_BITS
    marked &= _HIGH_BITS
    return bool((marked != _HIGH_BITS).any())
