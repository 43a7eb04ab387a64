"""The operator's own checks: a right file passes, each broken rule is found and named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from customhouse.rehearsal.ach_checks import check_digit_of, check_file, routing_number_is_valid
from customhouse.rehearsal.ach_reading import Unreadable, read_file
from tests.unit.rehearsal.outbound_file import FILLER, Debit, as_bytes, outbound_lines

MONDAY = date(2026, 11, 16)
TUESDAY = date(2026, 11, 17)
DEBITS = [Debit("3927320001", 104_608, 1), Debit("3927320002", 2_500_000, 2, code="37")]

Change = Callable[[list[str]], None]


def good() -> list[str]:
    return outbound_lines(DEBITS, created=MONDAY, effective=TUESDAY)


def put(line: int, column: int, text: str) -> Change:
    """Overwrite columns of one record, both counted from 1."""

    def change(lines: list[str]) -> None:
        old = lines[line - 1]
        lines[line - 1] = old[: column - 1] + text + old[column - 1 + len(text) :]

    return change


def test_right_file_has_no_finding() -> None:
    file = read_file(as_bytes(good()))
    assert check_file(file) == []
    assert [entry.amount_cents for entry in file.entries] == [104_608, 2_500_000]
    assert file.batches[0].effective_date == TUESDAY
    assert file.identity == "123456780-261116-0900-A"


def test_records_may_follow_each_other_without_line_ends() -> None:
    raw = as_bytes(good()).replace(b"\n", b"")
    assert check_file(read_file(raw)) == []


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (put(1, 2, "02"), 1, "priority"),
        (put(1, 24, "261131"), 1, "creation date"),
        (put(1, 30, "2460"), 1, "creation time"),
        (put(1, 34, "a"), 1, "modifier"),
        (put(1, 35, "080"), 1, "record_size"),
        (put(2, 2, "201"), 2, "service class"),
        (put(2, 2, "220"), 3, "not allowed by the service class"),
        (put(2, 5, " " * 16), 2, "company_name"),
        (put(2, 51, "PPD"), 2, "entry class"),
        (put(2, 76, "321"), 2, "settlement day"),
        (put(2, 80, "99999999"), 2, "no routing number"),
        (put(2, 88, "0000000"), 2, "batch numbers"),
        (put(3, 2, "25"), 3, "transaction code"),
        (put(3, 30, "00001e4608"), 3, "ten digits"),
        (put(3, 30, "0000104609"), 7, "debit_total says 2604608, counted 2604609"),
        (put(3, 4, "03100002"), 7, "entry_hash"),
        (put(3, 80, "87654321"), 3, "batch's bank"),
        (put(5, 88, "0000001"), 5, "do not ascend"),
        (put(7, 5, "000005"), 7, "entry_count says 5, counted 4"),
        (put(7, 80, "12345679"), 7, "odfi differs"),
        (put(8, 2, "000002"), 8, "batch_count"),
        (put(8, 8, "000002"), 8, "block_count"),
        (put(8, 32, "000000000001"), 8, "debit_total"),
        (put(8, 94, "X"), 8, "reserved"),
    ],
)
def test_broken_rule_refuses_the_file(change: Change, line: int, words: str) -> None:
    lines = good()
    change(lines)
    fatal = [found for found in check_file(read_file(as_bytes(lines))) if found.refuses_file]
    assert any(found.line == line and words in found.sentence for found in fatal), fatal


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (put(3, 12, "9"), "R28"),
        (put(3, 13, " " * 17), "R26"),
        (put(3, 79, "0"), "R25"),
        (put(4, 2, "99"), "R25"),
        (put(4, 84, "0002"), "R25"),
        (put(4, 88, "0000009"), "R27"),
        (put(3, 2, "29"), "R19"),
    ],
)
def test_broken_entry_comes_back_alone(change: Change, code: str) -> None:
    lines = good()
    change(lines)
    findings = check_file(read_file(as_bytes(lines)))
    assert [found.return_code for found in findings] == [code]


def _drop_trailer(lines: list[str]) -> None:
    del lines[7:]


def _second_header(lines: list[str]) -> None:
    lines[9] = lines[0]


def _no_filling(lines: list[str]) -> None:
    del lines[8:]


def _short_line(lines: list[str]) -> None:
    lines[2] = lines[2][:-1]


def _foreign_letter(lines: list[str]) -> None:
    lines[2] = lines[2][:60] + "\t" + lines[2][61:]


@pytest.mark.parametrize(
    "change", [_drop_trailer, _second_header, _no_filling, _short_line, _foreign_letter]
)
def test_unreadable_file_is_refused(change: Change) -> None:
    lines = good()
    change(lines)
    with pytest.raises(Unreadable):
        read_file(as_bytes(lines))


def test_bytes_outside_ascii_are_named_by_their_line() -> None:
    raw = as_bytes(good()).replace(b"EXAMPLE", b"EXAMPL\xc9", 1)
    with pytest.raises(Unreadable, match="line 3"):
        read_file(raw)


def test_more_filling_than_a_block_is_refused() -> None:
    lines = [*good(), *[FILLER] * 10]
    assert any("filling" in found.sentence for found in check_file(read_file(as_bytes(lines))))


def test_routing_numbers() -> None:
    assert routing_number_is_valid("021000021")
    assert check_digit_of("02100002") == "1"
    for wrong in ("021000022", "000000000", "999999992", "02100002", "02100002a"):
        assert not routing_number_is_valid(wrong)
