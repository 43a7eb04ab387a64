"""Explaining and judging ABI text offline: nothing is missed and no password is shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.faults import Refused
from customhouse.formats.abi_batch import Batch, Rejection, read_answer
from customhouse.formats.abi_records import LAYOUTS
from customhouse.trade.abi_explained import explain, is_from_filer, judge_batch, judge_message
from customhouse.trade.abi_told import told_of

REQUEST = (
    "A3901B76SECRET112326     RM",
    "B  3901B76RM",
    "PT12345602B76 39273270010000104608",
    "Y  3901B76RM",
    "Z3901B76      112326",
)
REFUSAL = (
    "A3901B76      112326     PZ",
    "B  3901B76PZ",
    "E0 STMT   000001 REF ID: 3927327001 123456 02 0000104608",
    "E1 FD04   AMT 104608 NOT STMT TOTAL 104600        B76  3927327001",
    "E1RF998   TRANSACTION DATA REJECTED               B76  3927327001",
    "Y  3901B76PZ00003",
    "Z3901B76      112326",
)
UPDATED = (
    "A3901B76      112326     SQ",
    "B  3901B76SQ",
    "H13901B76  032452783112426REF000001",
    "H2 B76  03245278P12   DATA ACCEPTED",
    "H33901B76  03245278392732700100000000000",
    "Y  3901B76SQ00003",
    "Z3901B76      112326",
)


def _text(lines: tuple[str, ...]) -> str:
    return "".join(f"{line:80}\n" for line in lines)


def _bytes(lines: tuple[str, ...]) -> bytes:
    return _text(lines).encode()


def test_every_field_is_named_and_money_is_spelled() -> None:
    records = list(explain(_bytes(REQUEST)))
    assert [record.title for record in records][2] == "PT payment authorization (RM)"
    told = {field.name: field for field in records[2].fields}
    assert told["statement number"].value == "3927327001"
    assert (told["payment amount"].start, told["payment amount"].remark) == (25, "$1,046.08")
    assert not any(record.faults for record in records)


@pytest.mark.parametrize("text", [_bytes(REQUEST), _bytes(REQUEST)[:60], _bytes(REQUEST).lower()])
def test_a_password_is_never_shown(text: bytes) -> None:
    shown = repr(list(explain(text)))
    assert "SECRET" not in shown.upper()


@pytest.mark.parametrize("lines", [REFUSAL, UPDATED])
def test_messages_of_the_agency_are_explained_by_their_own_layouts(lines: tuple[str, ...]) -> None:
    assert not is_from_filer(_bytes(lines))
    records = list(explain(_bytes(lines)))
    assert [record.faults for record in records] == [()] * 7
    assert "(SQ)" in records[2].title or "(PZ)" in records[2].title


def test_a_right_batch_passes_without_anything_known_of_its_sender() -> None:
    assert isinstance(judge_batch(_bytes(REQUEST)), Batch)


def test_a_record_without_line_ends_is_cut_by_counting() -> None:
    raw = _bytes(REQUEST).replace(b"\n", b"")
    assert isinstance(judge_batch(raw), Batch)
    assert len(list(explain(raw))) == 5


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (_bytes(REQUEST[:-1]), "X06"),
        (_bytes(REQUEST).replace(b"PT", b"P\x07"), "X40"),
        (_bytes(REQUEST).replace(b"Y  3901", b"Y  3902"), "X32"),
        (_bytes(REQUEST)[:-10], "X42"),
        (b"", "X01"),
    ],
)
def test_a_wrong_envelope_is_found_offline(changed: bytes, code: str) -> None:
    judged = judge_batch(changed)
    assert isinstance(judged, Rejection)
    assert code in [fault.code for fault in judged.faults]


def test_a_rejection_is_a_message_of_the_agency_and_told_by_its_conditions() -> None:
    judged = judge_batch(_bytes(REQUEST).replace(b"PT", b"P\x07"))
    assert isinstance(judged, Rejection)
    assert not is_from_filer(judged.answer.encode())
    told = told_of(judge_message(judged.answer))
    assert [item.is_refusal for item in told] == [True] * len(told)
    assert told[0].line == "X40 NON-STANDARD DATA FOUND (record 3, column 2)"
    assert told[-1].line == "999 BATCH REJECTED"
    assert not any(record.faults for record in explain(judged.answer.encode()))


def test_answers_are_told_item_by_item() -> None:
    (refused,) = told_of(read_answer(_text(REFUSAL)))
    assert refused.is_refusal
    assert refused.line == (
        "statement 3927327001 $1,046.08: refused (D04 AMT 104608 NOT STMT TOTAL 104600)"
    )
    (updated,) = told_of(read_answer(_text(UPDATED)))
    assert not updated.is_refusal
    assert updated.line == "entry B76-03245278: accepted; statement 3927327001 is now $0.00"


def test_a_message_that_breaks_off_is_refused() -> None:
    for lines in (REFUSAL[:-1], REFUSAL[:3] + REFUSAL[-2:], UPDATED[:4] + UPDATED[-2:]):
        with pytest.raises(Refused):
            judge_message(_text(lines))


@given(st.binary(max_size=400))
def test_any_bytes_are_judged_and_explained_without_failing(raw: bytes) -> None:
    judged = judge_batch(raw)
    assert isinstance(judged, Rejection)
    for record in explain(raw):
        assert record.number >= 1


def test_lower_case_letters_have_no_fault_because_they_are_read_as_capitals() -> None:
    assert not any(record.faults for record in explain(_bytes(REQUEST).lower()))


def test_no_description_of_a_field_speaks_of_its_sources() -> None:
    words = re.compile(r"\brev \d|inferred|the source|ESAR|in practice|eManifest|NOTE|\bours\b")
    told = [
        f"{name}.{field.name}"
        for name, layout in LAYOUTS.items()
        for field in layout.fields
        if words.search(field.description)
    ]
    assert told == []
