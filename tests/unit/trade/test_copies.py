"""Asking for copies of statements offline: written, looked over, explained and told."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.faults import Refused
from customhouse.formats.abi_batch import Batch, read_answer
from customhouse.formats.layout import LayoutError
from customhouse.trade.abi_explained import explain, is_from_filer, judge_batch, judge_message
from customhouse.trade.abi_told import told_of
from customhouse.trade.abi_values import value_faults
from customhouse.trade.client_abi import CopyRequest, Sender, copies_batch

SENDER = Sender("3901", "B76", "SECRET")
TUESDAY = date(2026, 11, 24)
ACCEPTED = (
    "A3901B76      112526     MQ",
    "B  3901B76MQ",
    "QR112426YN 3927328001A",
    "QCA MSA   TOTAL NUMBER OF STATEMENTS REROUTED     00003",
    "Y  3901B76MQ00002",
    "Z3901B76      112526",
)
REFUSED = (
    "A3901B76      112526     MQ",
    "B  3901B76MQ",
    "QCRFMS1   INPUT REROUTE REQUEST MISSING",
    "Y  3901B76MQ00001",
    "Z3901B76      112526",
)


def text(*lines: str) -> str:
    """Give lines as a batch of 80 columns."""
    return "".join(f"{line:80}\n" for line in lines)


def wrong(*records: str) -> list[str]:
    """Give what is wrong with one block of requests."""
    lines = ("A3901B76SECRET112526     MO", "B  3901B76MO", *records, "Y  3901B76MO")
    judged = judge_batch(text(*lines, "Z3901B76      112526").encode())
    assert isinstance(judged, Batch), judged
    return [found.line for found in value_faults(judged)]


def test_each_request_has_a_block_of_its_own() -> None:
    batch = copies_batch(
        SENDER,
        [
            CopyRequest("3901", "B76", TUESDAY),
            CopyRequest("3901", "B76", TUESDAY, final=False, statement_number="3927328001"),
            CopyRequest("3902", "B76", TUESDAY, every_filer=True),
        ],
        transmitted_on=TUESDAY,
    )
    judged = judge_batch(batch.encode())
    assert isinstance(judged, Batch)
    assert [block.records[0].line.rstrip() for block in judged.blocks] == [
        "QR112426YY",
        "QR112426YN 3927328001",
        "QR112426YY           A",
    ]
    assert list(value_faults(judged)) == []


def test_a_value_that_does_not_fit_its_field_is_not_cut() -> None:
    with pytest.raises(LayoutError):
        copies_batch(SENDER, [CopyRequest("3901", "B76", TUESDAY, statement_number="1" * 11)])


@pytest.mark.parametrize(
    ("records", "begins"),
    [
        ((), ["record 0: MS1 "]),
        (("QR112426YY", "QR112426YY"), ["record 3: MS0 "]),
        (("QR023026?N",), ["record 3: MS3 ", "record 3: MS7 "]),
        (("QR112426YY 12345",), ["record 3: MSB "]),
    ],
)
def test_what_the_agency_would_surely_refuse_is_found_offline(
    records: tuple[str, ...], begins: list[str]
) -> None:
    assert [line[: len("record 3: MS1 ")] for line in wrong(*records)] == begins


def test_request_and_answer_are_explained_field_by_field() -> None:
    records = list(explain(text(*ACCEPTED).encode()))
    assert not is_from_filer(text(*ACCEPTED).encode())
    assert [record.title for record in records][2:4] == [
        "QR request for copies of statements (MO, MQ)",
        "QC condition of a request for copies (MQ)",
    ]
    told = {field.name: field.value for field in records[3].fields}
    assert told["statements rerouted"] == "00003"
    assert not any(record.faults for record in records)


def test_the_answer_is_told_in_a_line() -> None:
    (item,) = told_of(read_answer(text(*ACCEPTED)))
    assert (item.line, item.is_refusal) == ("copies of 3 statements: in your outbox", False)
    (item,) = told_of(judge_message(text(*REFUSED)))
    assert item.line == "copies: refused (MS1 INPUT REROUTE REQUEST MISSING)"
    assert item.is_refusal


def test_an_answer_without_a_condition_is_refused() -> None:
    lines = [line for line in ACCEPTED if not line.startswith("QC")]
    with pytest.raises(Refused):
        judge_message(text(*lines).replace("MQ00002", "MQ00001"))
