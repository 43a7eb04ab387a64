"""Whatever a file holds, its readers give drafts or precise faults, and never give up midway."""

from __future__ import annotations

import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency.entry_fields import FIELDS_BY_NAME
from customhouse.agency.entry_summaries import read_draft
from customhouse.agency.intake_csv import LONGEST_LINE, read_csv
from customhouse.agency.intake_json import read_entries
from customhouse.agency.party_document import read_document
from customhouse.faults import Refused

HEADER = (
    b"filer_code,entry_number,importer_number,port_of_entry,processing_port,entry_type,"
    b"entry_date,payment_type,print_date,charge_001,charge_499\n"
)
ROW = b"B76,03245278,12-3456789,3901,3901,01,2026-11-12,2,2026-11-24,1046.08,\n"
ITEM = {
    "filer_code": "B76",
    "entry_number": "03245278",
    "importer_number": "12-3456789",
    "port_of_entry": "3901",
    "processing_port": "3901",
    "entry_type": "01",
    "entry_date": "2026-11-12",
    "payment_type": "2",
    "print_date": "2026-11-24",
    "payable": True,
    "charges": {"001": "1046.08"},
}


def csv_drafts(raw: bytes) -> list:
    return list(read_csv(io.BytesIO(raw)))


def json_drafts(document: object) -> list:
    return list(read_entries(json.dumps(document).encode()))


def test_csv_and_json_say_the_same() -> None:
    (by_csv,) = csv_drafts(HEADER + ROW)
    (by_json,) = json_drafts([ITEM])
    assert read_draft(by_csv).entry == read_draft(by_json).entry is not None
    assert (by_csv.position, by_json.position) == ("line 2", "item 1")


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_lines_may_end_in_any_usual_way(end: bytes) -> None:
    (draft,) = csv_drafts(HEADER + ROW.rstrip(b"\n") + end)
    assert draft.faults == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"B76,03245278\n", "it has 2 cells, its header 11"),
        (b"\n", "it has 0 cells"),
        (ROW.replace(b"3901", b"39\x0001"), "NUL"),
        (ROW.replace(b"3901", b"39\xff01"), "byte 27 is not UTF-8"),
        (b'"B76,' + ROW, "quotes"),
        (ROW.replace(b"3901", b"39\r01"), "line breaks"),
        (b"x" * (3 * LONGEST_LINE) + b"\n", "longer than 65536 bytes"),
    ],
)
def test_a_bad_line_is_an_item_and_the_next_is_read(line: bytes, reason: str) -> None:
    bad, good = csv_drafts(HEADER + line + ROW)
    reading = read_draft(bad)
    assert reading.entry is None
    assert [fault.code for fault in reading.faults] == ["intake-line-unreadable"]
    assert reason in reading.faults[0].sentence
    assert (good.position, good.faults) == ("line 3", ())


@pytest.mark.parametrize(
    ("header", "reasons"),
    [
        (b"\xef\xbb\xbf" * 2 + HEADER, ["'\\ufefffiler_code' (did you mean filer_code?)"]),
        (HEADER.replace(b"charge_499", b"charge_001"), ["'charge_001' twice"]),
        (
            HEADER.replace(b"entry_type", b"type"),
            ["'type' (did you mean entry_type?), which", "name entry_type"],
        ),
        (HEADER.replace(b"charge_499", b"charge_49"), ["'charge_49' (did you mean charge_001?)"]),
        (HEADER.replace(b"entry_type,", b""), ["name entry_type"]),
        (b"\x00" + HEADER, ["NUL"]),
    ],
)
def test_a_bad_header_refuses_the_file(header: bytes, reasons: list[str]) -> None:
    with pytest.raises(Refused) as caught:
        csv_drafts(header + ROW)
    for reason in reasons:
        assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf", "its first line is empty"),
        (b"\r\n" + HEADER, "its first line is empty"),
        (HEADER.replace(b",", b";"), "columns are parted by commas, here by semicolons"),
        (HEADER.replace(b",", b"\t"), "columns are parted by commas, here by tabs"),
        (HEADER.replace(b",", b";") + b";x,y", "columns are parted by commas, here by semicolons"),
        (b"PK\x03\x04\x14\x00\x06\x00\n\xff", "this is an Excel workbook (.xlsx)"),
        (b"\x1f\x8b\x08\x00,", "this is a compressed file (gzip)"),
        (b"%PDF-1.7\n", "this is a PDF"),
        (b"<?xml version='1.0'?>", "this is XML or HTML"),
        (HEADER.decode().encode("utf-16"), "this is text in UTF-16"),
        (b'[{"filer_code": "B76"}]', "this is JSON"),
        (b"\xff" + HEADER, "byte 1 is not UTF-8"),
        (b"x" * LONGEST_LINE + HEADER, "longer than 65536 bytes"),
    ],
)
def test_what_is_no_csv_of_ours_is_one_fault(raw: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        csv_drafts(raw)
    (fault,) = caught.value.faults
    assert fault.code == "intake-file-unreadable"
    assert reason in fault.sentence


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n", b"\x00\x01,\n", b"\x7fELF\x02\x00\x01\n"])
def test_who_gives_no_text_at_all_is_told_what_to_give(raw: bytes) -> None:
    """The hint is not to correct a first line that nobody can see."""
    with pytest.raises(Refused) as caught:
        csv_drafts(raw)
    (fault,) = caught.value.faults
    assert fault.next_step == "Load a CSV file; a spreadsheet saves one as CSV in UTF-8."


def test_a_byte_order_mark_of_excel_is_passed_over() -> None:
    marked, plain = csv_drafts(b"\xef\xbb\xbf" + HEADER + ROW), csv_drafts(HEADER + ROW)
    assert marked == plain


def test_a_byte_order_mark_within_a_file_is_no_blank() -> None:
    (draft,) = csv_drafts(HEADER + b"\xef\xbb\xbf" + ROW)
    assert [fault.values["field"] for fault in read_draft(draft).faults] == ["filer_code"]


def test_unknown_columns_are_one_fault_that_lists_those_that_are_known() -> None:
    header = HEADER.replace(b"charge_499", b"zzz,Broker Reference")
    with pytest.raises(Refused) as caught:
        csv_drafts(header)
    (fault,) = caught.value.faults
    assert "'zzz', 'Broker Reference' (did you mean broker_reference?)" in fault.sentence
    assert all(name in fault.next_step for name in (*FIELDS_BY_NAME, "charge_001"))


def test_an_endless_line_takes_no_memory() -> None:
    stream = io.BytesIO(HEADER + b"9" * 20_000_000)
    tracemalloc.start()
    (draft,) = list(read_csv(stream))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert draft.faults
    assert peak < 2_000_000


@given(st.binary(max_size=400))
def test_any_bytes_below_a_header_become_drafts(raw: bytes) -> None:
    for draft in csv_drafts(HEADER + raw):
        reading = read_draft(draft)
        assert (reading.entry is None) is bool(reading.faults)
        assert all(fault.sentence.isascii() for fault in reading.faults)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"\xef\xbb\xbf[]", "byte order mark"),
        (b"\xff", "not UTF-8"),
        (b"[", "line 1, column 2"),
        (b"{}", "not a JSON list"),
        (b'[{"charges": {"001": 1046.08}}]', "not whole"),
        (b'[{"charges": {"001": 1e400}}]', "not whole"),
        (b'[{"payable": NaN}]', "NaN"),
        (b'[{"filer_code": "B76", "filer_code": "D31"}]', "occurs twice"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[1" + b"0" * 5000 + b"]", "too long"),
    ],
)
def test_json_that_is_not_plain_is_refused(raw: bytes, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        list(read_entries(raw))
    assert reason in str(caught.value)
    with pytest.raises(Refused):
        read_document(raw if raw != b"{}" else b"[]")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"payable": "Y"}, "payable"),
        ({"entry_number": 3245278}, "entry_number"),
        ({"filer_code": None}, "filer_code"),
        ({"charges": {"001": 1046}}, "charge '001'"),
        ({"charges": []}, "charges"),
        ({"broker_reference": ["A"]}, "broker_reference"),
        ({"Payable": True}, "'Payable'"),
        ({"print_date": "\ud800"}, "print_date"),
    ],
)
def test_a_value_of_another_type_is_a_fault_of_its_item(change: dict, field: str) -> None:
    bad, good = json_drafts([ITEM | change, ITEM])
    reading = read_draft(bad)
    assert reading.entry is None
    assert [fault.values["field"] for fault in reading.faults] == [field]
    assert read_draft(good).faults == ()


def test_an_item_that_is_no_object_is_one_fault() -> None:
    for item in ("B76", 7, None, ["B76"]):
        (draft,) = json_drafts([item])
        assert [fault.code for fault in read_draft(draft).faults] == ["entry-field-wrong"]


def test_an_absent_print_date_may_be_null() -> None:
    (draft,) = json_drafts([ITEM | {"payment_type": "1", "print_date": None}])
    entry = read_draft(draft).entry
    assert entry is not None
    assert entry.print_date is None


def test_an_empty_json_file_says_so() -> None:
    with pytest.raises(Refused, match="the file is empty"):
        list(read_entries(b" \n"))


def test_an_unknown_field_is_told_what_it_may_have_meant() -> None:
    (draft,) = json_drafts([ITEM | {"entrytype": "01"}])
    (fault,) = draft.faults
    assert fault.next_step.endswith("correct its name to entry_type.")
