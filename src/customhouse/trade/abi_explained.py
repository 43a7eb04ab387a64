"""ABI text for people: names each record and field, and judges a batch without knowing its sender.

Works on a filer's batches and on the agency's messages alike, offline. Passwords are masked before
anything else is done with the bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from customhouse.faults import Fault, Refused
from customhouse.formats.abi_batch import (
    AnswerBatch,
    AnswerError,
    Batch,
    Rejection,
    SenderProfile,
    mask_password,
    read_answer,
    read_batch,
)
from customhouse.formats.abi_messages import (
    parse_authorization_answers,
    parse_update_answers,
)
from customhouse.formats.abi_records import LAYOUTS, RECORD_WIDTH
from customhouse.formats.abi_reroute import parse_reroute_answers
from customhouse.formats.layout import Field, FieldFault, Layout, Reason
from customhouse.money import format_dollars
from customhouse.trade.client_abi import STATEMENT_UNREADABLE, check_totals, statements_in

FILER_APPLICATIONS = frozenset({"RM", "SU", "MO"})
AGENCY_APPLICATIONS = frozenset({"PZ", "SQ", "MQ", "PF"})
_INPUT = {"A": "A_in", "B": "B_in", "Y": "Y_in", "Z": "Z_in"}
_OUTPUT = {"A": "A_out", "B": "B_out", "Y": "Y_out", "Z": "Z_out"}
_REJECTION = {"A": "A_out", "B": "B_ace", "Y": "Y_ace", "Z": "Z_ace", "X0": "X0", "X1": "X1"}
_ITEMS = {
    "RM": {"PT": "RM_PT"},
    "SU": {"H": "SU_H"},
    "MO": {"QR": "MO_QR"},
    "MQ": {"QR": "MO_QR", "QC": "MQ_QC"},
    "PZ": {"E0": "PZ_E0", "E1": "PZ_E1"},
    "SQ": {"H1": "SQ_H1", "H2": "SQ_H2", "H3": "SQ_H3"},
    "PF": {name[-2:]: name for name in LAYOUTS if name.startswith("DS_")},
}
_MONEY_WORDS = frozenset({"amount", "duty", "tax", "interest"})


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """One field of a record: its columns, its name in words, its value and a remark."""

    start: int
    end: int
    name: str
    value: str
    remark: str


@dataclass(frozen=True, slots=True)
class ExplainedRecord:
    """One record: its number in the text from 1, its title, its fields and what is wrong with it.

    ``faults`` say where and what, never the value.
    """

    number: int
    title: str
    fields: tuple[ExplainedField, ...]
    faults: tuple[str, ...]


def is_from_filer(raw: bytes) -> bool:
    """Tell whether a text is a filer's batch; anything that is none of the agency's counts as one.

    The agency's messages have no password, and its application codes are others.
    """
    lines = _lines(raw)
    application = lines[0][25:27] if lines else ""
    # The block header of a rejection is blank but for its first and its last column.
    is_rejection = not application.strip() and len(lines) > 1 and lines[1].split() == ["B", "B"]
    return not is_rejection and application not in AGENCY_APPLICATIONS


def judge_batch(raw: bytes) -> Batch | Rejection:
    """Judge a filer's batch as any agency would that knows its sender, ports and password."""
    lines = _lines(raw.upper())
    header = lines[0].ljust(RECORD_WIDTH) if lines else " " * RECORD_WIDTH
    ports: dict[str, set[str]] = {}
    for line in lines:
        if line.startswith("B"):
            ports.setdefault(line[7:10].strip(), set()).add(line[3:7].strip())
    profile = SenderProfile(
        site_code=header[1:5].strip(),
        id_code=header[5:8].strip(),
        office_code=header[37:39].strip(),
        password_matches=lambda password: bool(password),
        filer_ports={filer: frozenset(found) for filer, found in ports.items()},
        applications=FILER_APPLICATIONS,
    )
    return read_batch(raw, profile)


def judge_message(text: str) -> AnswerBatch:
    """Judge a message of the agency: its envelope, its records, a statement's arithmetic.

    Raises Refused (statement-unreadable, statement-total-wrong).
    """
    try:
        message = read_answer(text)
        for block in message.blocks:
            if message.application == "PZ":
                parse_authorization_answers(block.records)
            elif message.application == "SQ":
                parse_update_answers(block.records)
            elif message.application == "MQ":
                parse_reroute_answers(block.records)
    except AnswerError as error:
        raise Refused(Fault(STATEMENT_UNREADABLE, {"reason": str(error)})) from None
    if message.application == "PF":
        for statement in statements_in(text):
            check_totals(statement)
    return message


def explain(raw: bytes) -> Iterator[ExplainedRecord]:
    """Explain every record of a text in order, its password masked."""
    masked = mask_password(raw) if is_from_filer(raw) else raw
    lines = _lines(masked)
    application = lines[0][25:27].strip().upper() if lines else ""
    for number, line in enumerate(lines, 1):
        layout = _layout_of(line, application)
        if layout is None:
            yield ExplainedRecord(number, "a record that is not known here", (), ())
        else:
            yield _explained(number, line, layout)


def _explained(number: int, line: str, layout: Layout) -> ExplainedRecord:
    # Lower-case letters are read as capitals; a free text is shown as it came.
    _, faults = layout.parse(line.upper())
    values, _ = layout.parse(line)
    fields = tuple(
        ExplainedField(
            one.start,
            one.end,
            one.name.replace("_", " "),
            values[one.name].strip(),
            _remark(one, values[one.name].strip()),
        )
        for one in layout.fields
        if one.is_value and values.get(one.name, "").strip()
    )
    # A masked password has characters that no password may have; that is no fault of the batch.
    told = tuple(_told(each, line) for each in faults if each.field != "password")
    return ExplainedRecord(number, layout.title, fields, told)


def _told(fault: FieldFault, line: str) -> str:
    """Say where in the record a fault is and what it is; never the value."""
    if fault.reason == Reason.LENGTH:
        return f"the record has {len(line)} columns, not {RECORD_WIDTH}"
    where = f"columns {fault.start}-{fault.end}" if fault.end > fault.start else ""
    where = where or f"column {fault.start}"
    if fault.reason in {Reason.FILLER, Reason.CONSTANT}:
        return f"{where}: {fault.reason.value}"
    return f"{where}, {fault.field.replace('_', ' ')}: {fault.reason.value}"


def _remark(one: Field, value: str) -> str:
    words = set(one.name.rstrip("0123456789").split("_"))
    if value.isascii() and value.isdigit() and words & _MONEY_WORDS and one.width > 7:
        return format_dollars(int(value))
    return one.description


def _layout_of(line: str, application: str) -> Layout | None:
    kind = line[:2].upper()
    if application in FILER_APPLICATIONS:
        controls = _INPUT
    else:
        controls = _OUTPUT if application else _REJECTION
    items = _ITEMS.get(application, {})
    name = items.get(kind) or items.get(kind[:1]) or controls.get(kind) or controls.get(kind[:1])
    return LAYOUTS[name] if name else None


def _lines(raw: bytes) -> list[str]:
    text = raw.decode("ascii", "replace").replace("\r", "\n")
    lines = [line for line in text.split("\n") if line]
    if len(lines) == 1:
        whole = lines[0]
        lines = [whole[n : n + RECORD_WIDTH] for n in range(0, len(whole), RECORD_WIDTH)]
    return lines
