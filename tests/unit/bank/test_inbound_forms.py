"""Acknowledgements and settlement reports: read whole or refused whole."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest

from customhouse.bank.inbound_forms import (
    FAULTS_KEPT,
    FormRefused,
    ReportedItem,
    check_settlement,
    read_acknowledgement,
    read_settlement,
)

GOOD = {
    "file": "12345678-20261124-0900-A.ach",
    "sha256": "0" * 64,
    "accepted": True,
    "reason": "",
    "entries": 1,
    "debit_cents": 104_608,
    "credit_cents": 0,
}
HEADING = "trace_number,amount_cents,settlement_date\n"
LINE = "123456780000001,104608,2026-11-25\n"


def refused_rules(content: str) -> list[tuple[str, int]]:
    with pytest.raises(FormRefused) as refused:
        check_settlement(io.BytesIO(content.encode()))
    return [(fault.rule, fault.line) for fault in refused.value.faults]


def test_an_acknowledgement_is_read() -> None:
    read = read_acknowledgement(io.BytesIO(json.dumps(GOOD).encode()))
    assert (read.file_name, read.accepted, read.debit_cents) == (GOOD["file"], True, 104_608)


@pytest.mark.parametrize(
    "changes",
    [
        {"file": "../../etc/passwd"},
        {"file": ""},
        {"sha256": "0" * 63},
        {"sha256": "A" * 64},
        {"accepted": "true"},
        {"accepted": 1},
        {"accepted": False},
        {"reason": "why"},
        {"reason": "x" * 201, "accepted": False},
        {"reason": "\x1b[31m", "accepted": False},
        {"entries": -1},
        {"entries": True},
        {"debit_cents": 1_000_000_000_000},
        {"debit_cents": "104608"},
        {"surplus": 1},
    ],
)
def test_an_acknowledgement_of_another_form_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(FormRefused):
        read_acknowledgement(io.BytesIO(json.dumps({**GOOD, **changes}).encode()))


def test_a_huge_acknowledgement_is_refused_before_it_is_read() -> None:
    stream = io.BytesIO(b" " * 10_000_000)
    with pytest.raises(FormRefused):
        read_acknowledgement(stream)
    assert stream.tell() < 70_000


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_settlement_report_is_read(newline: str) -> None:
    content = (HEADING + LINE).replace("\n", newline).encode()
    assert check_settlement(io.BytesIO(content)) == 1
    (item,) = read_settlement(io.BytesIO(content))
    assert item == ReportedItem("settled", "123456780000001", "", date(2026, 11, 25), 104_608)


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        ("", [("settlement-empty", 0)]),
        (HEADING, [("settlement-empty", 0)]),
        ("trace,amount,date\n" + LINE, [("settlement-heading", 1)]),
        ("\ufeff" + HEADING + LINE, [("settlement-heading", 1)]),
        (HEADING + LINE + LINE, [("settlement-twice", 3)]),
        (HEADING + LINE + "\n", [("settlement-line", 3)]),
        (HEADING + "12345678000001,104608,2026-11-25\n", [("settlement-line", 2)]),
        (HEADING + "123456780000001,1046.08,2026-11-25\n", [("settlement-line", 2)]),
        (HEADING + "123456780000001,1e3,2026-11-25\n", [("settlement-line", 2)]),
        (HEADING + "123456780000001,-5,2026-11-25\n", [("settlement-line", 2)]),
        (HEADING + "123456780000001,０５,2026-11-25\n", [("settlement-line", 2)]),
        (HEADING + "123456780000001,05,2026-11-25\n", [("settlement-line", 2)]),
        (HEADING + "123456780000001,0,2026-11-25\n", [("settlement-amount", 2)]),
        (HEADING + "123456780000001,5,2026-02-31\n", [("settlement-date", 2)]),
        (HEADING + "123456780000001,5,2026-11-25,=HYPERLINK\n", [("settlement-line", 2)]),
    ],
)
def test_a_faulty_settlement_report_is_refused_by_line(
    content: str, rules: list[tuple[str, int]]
) -> None:
    assert refused_rules(content) == rules


def test_a_huge_line_does_not_fill_the_memory_or_the_faults() -> None:
    assert len(refused_rules(HEADING + "1" * 5_000_000)) == FAULTS_KEPT


def test_a_reported_item_does_not_show_corrected_data() -> None:
    item = ReportedItem("changed", "1" * 15, "C01", date(2026, 11, 25), 0, "90817263544")
    assert "90817263544" not in repr(item)
