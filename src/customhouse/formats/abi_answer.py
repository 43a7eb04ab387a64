"""Reading what the agency sends: answers (PZ, SQ), notices (PF) and rejections of a batch.

For clients. The text is the agency's own, so anything unexpected is one AnswerError; a condition
code that is not known is data and no error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from customhouse.formats.abi_conditions import BATCH_REJECTED
from customhouse.formats.abi_dates import parse_mmddyy
from customhouse.formats.abi_envelope import (
    AnswerBatch,
    AnswerBlock,
    AnswerError,
    EnvelopeCondition,
    StatementHeading,
)
from customhouse.formats.abi_records import LAYOUTS, RECORD_WIDTH

_ENDS = ("site_code", "id_code", "transmission_date", "office_code")
_BLOCK_ENDS = (
    "processing_district_port",
    "processing_filer_code",
    "application_identifier",
    "processing_office_code",
)


def read_answer(text: str) -> AnswerBatch:
    """Read one batch of the agency; raise AnswerError when it is not well formed.

    Records may be separated by line ends or follow each other directly. Counts and trailers are
    checked, so that a batch cut short is never taken for a whole one.
    """
    lines = _lines(text)
    if len(lines) < 4:
        raise AnswerError(f"an answer has at least 4 records; this text has {len(lines)}")
    header, faults = LAYOUTS["A_out"].parse(lines[0])
    application = header["application_identifier"]
    # A rejection repeats the sender as it was sent, be it blank or misspelled.
    if LAYOUTS["A_out"].frame_fault(lines[0]) or (application and faults):
        raise AnswerError("the first record is not an A-record of the agency")
    if application:
        trailer = _values("Z_out", lines, len(lines) - 1)
        if any(trailer[name] != header[name] for name in _ENDS):
            raise AnswerError("the Z-record does not match the A-record")
    return AnswerBatch(
        header["site_code"],
        header["id_code"],
        header["office_code"],
        header["transmission_date"],
        header["user_data"],
        application,
        _blocks(lines, application) if application else (),
        () if application else _rejection(lines),
    )


def _lines(text: str) -> list[str]:
    lines = [line for line in text.replace("\r", "\n").split("\n") if line]
    if len(lines) == 1:
        whole = lines[0]
        lines = [whole[n : n + RECORD_WIDTH] for n in range(0, len(whole), RECORD_WIDTH)]
    for number, line in enumerate(lines, 1):
        if len(line) != RECORD_WIDTH:
            raise AnswerError(f"record {number} has {len(line)} columns instead of {RECORD_WIDTH}")
    return lines


def _values(name: str, lines: Sequence[str], index: int) -> dict[str, str]:
    values, faults = LAYOUTS[name].parse(lines[index])
    if faults:
        raise AnswerError(f"record {index + 1}: {faults[0].sentence}")
    return values


def _blocks(lines: Sequence[str], application: str) -> tuple[AnswerBlock, ...]:
    blocks = []
    start = 1
    last = len(lines) - 1
    while start < last:
        header = _values("B_out", lines, start)
        end = next((n for n in range(start + 1, last) if lines[n][0] == "Y"), 0)
        if not end:
            raise AnswerError(f"the block that starts at record {start + 1} has no Y-record")
        trailer = _values("Y_out", lines, end)
        if any(trailer[name] != header[name] for name in _BLOCK_ENDS):
            raise AnswerError(f"record {end + 1}: the Y-record does not match its B-record")
        if header["application_identifier"] != application:
            raise AnswerError(f"record {start + 1} is of another application than its batch")
        records = tuple(lines[start + 1 : end])
        if int(trailer["record_count"]) != len(records):
            raise AnswerError(f"record {end + 1} counts other than the {len(records)} records seen")
        blocks.append(_block(header, records))
        start = end + 1
    return tuple(blocks)


def _block(header: Mapping[str, str], records: tuple[str, ...]) -> AnswerBlock:
    return AnswerBlock(
        header["processing_district_port"],
        header["processing_filer_code"],
        header["processing_office_code"],
        header["user_data"],
        records,
        _heading(header) if header["statement_number"] else None,
    )


def _heading(header: Mapping[str, str]) -> StatementHeading:
    try:
        print_date = parse_mmddyy(header["preliminary_print_date"])
    except ValueError as error:
        raise AnswerError(str(error)) from None
    return StatementHeading(
        header["statement_status"],
        header["statement_number"],
        print_date,
        header["payment_type_code"],
        header["importer_of_record_number"],
        header["client_branch"],
    )


def _rejection(lines: Sequence[str]) -> tuple[EnvelopeCondition, ...]:
    _values("B_ace", lines, 1)
    trailer = _values("Y_ace", lines, len(lines) - 2)
    _values("Z_ace", lines, len(lines) - 1)
    if int(trailer["record_count"]) != len(lines) - 4:
        raise AnswerError("the rejection does not hold the number of records it counts")
    conditions = []
    references: dict[str, str] = {}
    for index in range(2, len(lines) - 2):
        if lines[index].startswith("X0"):
            values = _values("X0", lines, index)
            references[values["reference_data_type"]] = values["reference_data"]
            continue
        values = _values("X1", lines, index)
        conditions.append(_condition(values, references))
        references = {}
    if not conditions or conditions[-1].code != BATCH_REJECTED:
        raise AnswerError("the rejection does not end in condition 999")
    return tuple(conditions)


def _condition(values: Mapping[str, str], references: Mapping[str, str]) -> EnvelopeCondition:
    place = references.get("TRNACT", "0000000 00").split()
    if len(place) != 2 or not all(part.isascii() and part.isdigit() for part in place):
        raise AnswerError("an X0 TRNACT does not give a record number and a position")
    block = references.get("BLOCK", "").ljust(8)
    return EnvelopeCondition(
        values["condition_code"],
        values["narrative"],
        int(place[0]),
        int(place[1]),
        block[0:4].rstrip(),
        block[5:8].rstrip(),
    )
