"""Reading the directory of ACH participants: 155 characters a bank, whole or not at all."""

from __future__ import annotations

import io
from datetime import date

import pytest

from customhouse.bank.directory_file import WIDTH, read_directory
from customhouse.faults import Refused
from customhouse.rehearsal.world import PARTICIPANTS
from customhouse.rehearsal.world_data import FILERS, IMPORTERS

LINES = PARTICIPANTS.read_bytes().splitlines()


def _reasons(content: bytes) -> list[str]:
    with pytest.raises(Refused) as refused:
        read_directory(io.BytesIO(content))
    return [fault.sentence for fault in refused.value.faults]


def _with(line: int, at: int, text: str) -> bytes:
    """Give the file with other characters in one line, from a column counted from 1."""
    lines = list(LINES)
    raw = lines[line]
    lines[line] = raw[: at - 1] + text.encode() + raw[at - 1 + len(text) :]
    return b"\n".join(lines) + b"\n"


def test_the_rehearsals_banks_are_read() -> None:
    found = {each.routing_number: each for each in read_directory(io.BytesIO(b"\n".join(LINES)))}
    example = found["091900009"]
    assert (example.customer_name, example.city) == ("EXAMPLE NATIONAL BANK", "MADE-UP FALLS")
    assert example.changed_on == date(2026, 11, 1)
    assert not example.is_superseded
    (former,) = [each for each in found.values() if each.is_superseded]
    assert former.new_routing_number == "091900009"
    owners = [owner.account for owner in (*FILERS, *IMPORTERS)]
    assert {each.routing_number for each in owners if each} <= set(found)


def test_windows_line_ends_are_read() -> None:
    assert len(read_directory(io.BytesIO(b"\r\n".join(LINES)))) == len(LINES)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (_with(0, 9, "9"), "routing number"),
        (_with(0, 10, "X"), "office code"),
        (_with(0, 11, "999999999"), "servicing routing number"),
        (_with(0, 20, "7"), "record type"),
        (_with(0, 20, "2"), "new routing number"),
        (_with(0, 21, "133126"), "no day"),
        (_with(0, 21, "ABCDEF"), "six digits"),
        (_with(0, 36, " " * 36), "names no bank"),
        (_with(0, 40, "\x80"), "instead of"),
        (LINES[0][:-1], f"{WIDTH - 1} characters"),
        (LINES[0] + b"\n" + LINES[0], "earlier line"),
    ],
)
def test_a_wrong_line_refuses_the_file_and_is_named(content: bytes, said: str) -> None:
    reasons = _reasons(content)
    assert any(said in reason for reason in reasons), reasons
    assert "Line" in reasons[0]


def test_an_empty_file_is_no_directory() -> None:
    assert _reasons(b"") == ["The directory has no line in it."]


def test_a_file_of_another_kind_is_refused_in_few_lines() -> None:
    *told, last = _reasons(b"not a bank\n" * 5_000)
    assert told == [
        f"Line {n} of the directory: it has 10 characters instead of 155." for n in range(1, 11)
    ]
    assert last == "Lines of the directory that are wrong beside those: 4,990."
