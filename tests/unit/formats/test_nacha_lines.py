"""The form of a file of bytes: line ends, blocks, overlong lines, and memory that stays bounded."""

from __future__ import annotations

import io
import resource
import tracemalloc
from collections.abc import Iterator

import pytest

from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_check_state import MOST_FAULTS, MOST_WARNINGS_OF_A_RULE
from customhouse.formats.nacha_file import read_items
from customhouse.formats.nacha_lines import CHUNK, Lines
from tests.unit.formats.nacha_samples import SAMPLES, lines_of, written

DEBITS = lines_of("ccd_debits")


class Trickle(io.RawIOBase):
    """A stream that gives its pieces one at a time and keeps none of them."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int = -1) -> bytes:
        """Give the next piece, or nothing at the end."""
        return next(self._pieces, b"")


def rules(raw: bytes) -> list[tuple[str, int]]:
    """Give the rules that a file breaks, with lines."""
    return [(fault.rule, fault.line) for fault in check_file(io.BytesIO(raw))]


@pytest.mark.parametrize("newline", ["\n", "\r\n", ""])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_good_file_is_good_with_any_line_ends_and_in_any_pieces(name, newline):
    raw, _ = written(SAMPLES[name], newline)
    assert rules(raw) == []
    for size in (1, 94, 1000):
        pieces = (raw[at : at + size] for at in range(0, len(raw), size))
        assert list(check_file(Trickle(pieces))) == []
    assert list(read_items(io.BytesIO(raw))) == list(
        read_items(io.BytesIO(written(SAMPLES[name])[0]))
    )


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_file_without_line_ends_may_end_with_one(end):
    assert rules(b"".join(DEBITS) + end) == []


def test_the_last_line_end_may_be_missing():
    assert rules(b"\n".join(DEBITS)) == []
    assert rules(b"\r\n".join(DEBITS)) == []


@pytest.mark.parametrize("odd", range(2, 10))
def test_another_line_end_is_told_once_with_its_line(odd):
    ends = [b"\r\n" if at in {odd, odd + 1} else b"\n" for at in range(1, 11)]
    raw = b"".join(line + end for line, end in zip(DEBITS, ends, strict=True))
    assert rules(raw) == [("ach.file.line-ends", odd)]


@pytest.mark.parametrize("size", [0, 1, 93, 95, 1023, 1024, 5000, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_line_of_another_length_is_one_fault(size):
    lines = [*DEBITS[:4], (DEBITS[4] + b"A" * size)[:size], *DEBITS[5:]]
    assert rules(b"\n".join(lines)) == [("ach.file.record-length", 5)]


def test_a_cut_last_record_without_line_ends_is_one_fault():
    assert rules(b"".join(DEBITS[:9]) + DEBITS[9][:50]) == [("ach.file.padding", 10)]
    assert rules(b"".join(DEBITS[:5]) + DEBITS[5][:50]) == [("ach.file.record-length", 6)]


def test_a_shift_without_line_ends_stops_the_reading():
    raw = b"".join(DEBITS)
    found = rules(raw[:94] + b" " + raw[94:])
    assert found == [("ach.file.record-type", 2)]


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00" * 4000,
        b"PK\x03\x04" + bytes(range(256)) * 9,
        "101 ÄÖÜ".encode("utf-16"),
        b"\n" * 300,
    ],
)
def test_what_is_no_ach_file_is_one_fault(raw):
    assert rules(raw) == [("ach.file.not-ach", 1)]


def test_very_many_faults_end_the_reading():
    lines = [DEBITS[0], DEBITS[1], *[DEBITS[6][:93]] * (MOST_FAULTS + 10)]
    found = rules(b"\n".join(lines))
    assert len(found) == MOST_FAULTS + 1
    assert found[-1] == ("ach.file.too-many-faults", MOST_FAULTS + 2)


def big_file(entries: int, account: bytes = b"4455667788") -> Iterator[bytes]:
    """Give the lines of a good file of plain debits without writing it down anywhere."""
    yield DEBITS[0] + b"\n" + DEBITS[1] + b"\n"
    start, middle = b"627010203046" + account.ljust(17) + b"0000000300", DEBITS[6][39:79]
    for number in range(1, entries + 1):
        yield start + middle + b"12345678%07d\n" % number
    hashed, total = 1_020_304 * entries % 10**10, 300 * entries
    sums = b"%010d%012d%012d" % (hashed, total, 0)
    yield b"8225%06d" % entries + sums + DEBITS[7][44:] + b"\n"
    blocks = -(-(entries + 4) // 10)
    yield (b"9000001%06d%08d" % (blocks, entries) + sums).ljust(94) + b"\n"
    yield (b"9" * 94 + b"\n") * (blocks * 10 - entries - 4)


def test_a_file_of_200_000_entries_takes_no_more_memory_than_a_small_one():
    assert list(check_file(Trickle(big_file(2_000)))) == []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert list(check_file(Trickle(big_file(200_000)))) == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 4_000


@pytest.mark.parametrize("start", [b"", b"\n".join(DEBITS[:2]) + b"\n"])
def test_a_line_of_500_megabytes_is_never_held(start):
    block = b"6" * (1 << 20)
    pieces = filter(None, [start, *[block] * 500, b"\n", *DEBITS[2:]])
    tracemalloc.start()
    found = [fault.rule for fault in check_file(Trickle(pieces))]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[0] in {"ach.file.not-ach", "ach.file.record-length", "ach.file.header-missing"}
    assert peak < 8 << 20


def test_a_warning_is_told_a_hundred_times_and_no_more():
    found = list(check_file(Trickle(big_file(300, account=b"44 55"))))
    assert {fault.rule for fault in found} == {"ach.entry.account-form"}
    assert len(found) == MOST_WARNINGS_OF_A_RULE


def test_short_records_of_a_bank_are_read_as_if_filled():
    raw = b"\n".join(line.rstrip() for line in DEBITS)
    found = list(check_file(io.BytesIO(raw), "bank"))
    assert {fault.rule for fault in found} == {"ach.file.record-short"}
    assert all(fault.is_warning for fault in found)


def test_lines_know_their_ends():
    lines = Lines(io.BytesIO(b"\r\n".join(DEBITS)))
    assert list(lines) == DEBITS
    assert lines.line_end == b"\r\n"
    assert lines.mixed_at == 0


def test_an_unknown_profile_is_refused():
    with pytest.raises(ValueError, match="strict, bank"):
        list(check_file(io.BytesIO(b""), "lenient"))
