"""The forms of what the operator delivers besides ACH files: acknowledgement, settlement report.

Ours, as docs/reference/exchange.md has them. A file is read whole or refused whole; a fault names
a line and never repeats its content. Matching items with debits is another module's job.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, BinaryIO, Final, Literal

import numpy as np

from customhouse.bank.strict_json import JsonFault, read_flat_object, require_members
from customhouse.money import MAX_ENTRY_CENTS, MAX_TOTAL_CENTS

ItemKind = Literal["settled", "returned", "changed", "contested", "dishonored"]

LARGEST_ACKNOWLEDGEMENT_BYTES: Final = 64 * 1024
LONGEST_REASON: Final = 200
SETTLEMENT_HEADING: Final = b"trace_number,amount_cents,settlement_date"
LONGEST_SETTLEMENT_LINE: Final = 64
TRACE_DIGITS: Final = 15
FAULTS_KEPT: Final = 100

_ACKNOWLEDGEMENT_MEMBERS: Final[dict[str, type]] = {
    "file": str,
    "sha256": str,
    "accepted": bool,
    "reason": str,
    "entries": int,
    "debit_cents": int,
    "credit_cents": int,
}
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}", re.ASCII)
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SETTLEMENT_LINE: Final = re.compile(
    rb"([0-9]{15}),(0|[1-9][0-9]{0,9}),([0-9]{4}-[0-9]{2}-[0-9]{2})"
)


@dataclass(frozen=True, slots=True)
class FormFault:
    """What is wrong with a delivered file: a stable rule, the line (0: the whole file), a hint."""

    rule: str
    line: int
    message: str
    hint: str

    def to_json(self) -> dict[str, object]:
        """Give the fault for the side file of the quarantine."""
        return {
            "rule": self.rule,
            "line": self.line,
            "message": self.message,
            "hint": self.hint,
        }


class FormRefused(Exception):
    """A delivered file is refused as a whole; carries what was found, the first hundred faults."""

    def __init__(self, faults: Iterable[FormFault]) -> None:
        super().__init__("a delivered file is refused")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the operator answers to one outbound file; amounts in cents."""

    file_name: str
    file_sha256: str
    accepted: bool
    reason: str
    entries: int
    debit_cents: int
    credit_cents: int


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """One reported item, before it is matched: the trace is that of our debit, cents.

    ``code`` is empty for a settlement. ``corrected_data`` belongs to a notification of change and
    never shows. ``own_trace`` is the trace number that the returning bank gave its own entry;
    ``questionable`` that it suspects fraud.
    """

    kind: ItemKind
    trace_number: str
    code: str
    dated_on: date
    amount_cents: int
    corrected_data: str = ""
    own_trace: str = ""
    questionable: bool = False

    def __repr__(self) -> str:
        return f"ReportedItem({self.kind}, {self.trace_number}, {self.code or '-'})"


def read_acknowledgement(stream: BinaryIO) -> Acknowledgement:
    """Read an acknowledgement; raise FormRefused."""
    raw = stream.read(LARGEST_ACKNOWLEDGEMENT_BYTES + 1)
    try:
        if len(raw) > LARGEST_ACKNOWLEDGEMENT_BYTES:
            raise JsonFault(f"it has more than {LARGEST_ACKNOWLEDGEMENT_BYTES:,} bytes")
        values: dict[str, Any] = dict(read_flat_object(raw))
        require_members(values, _ACKNOWLEDGEMENT_MEMBERS)
        _require_acknowledgement_values(values)
    except JsonFault as fault:
        message = f"the acknowledgement is unreadable: {fault}"
        hint = "send one JSON object as docs/reference/exchange.md has it"
        raise FormRefused([FormFault("acknowledgement-form", 0, message, hint)]) from None
    return Acknowledgement(
        file_name=values["file"],
        file_sha256=values["sha256"],
        accepted=values["accepted"],
        reason=values["reason"],
        entries=values["entries"],
        debit_cents=values["debit_cents"],
        credit_cents=values["credit_cents"],
    )


def _require_acknowledgement_values(values: dict[str, Any]) -> None:
    if not _FILE_NAME.fullmatch(values["file"]):
        raise JsonFault("file is not a file name")
    if not _SHA256.fullmatch(values["sha256"]):
        raise JsonFault("sha256 is not 64 lower-case hexadecimal digits")
    reason = values["reason"]
    if len(reason) > LONGEST_REASON or not reason.isprintable():
        raise JsonFault(f"reason is not printable text of at most {LONGEST_REASON} characters")
    if values["accepted"] is not (reason == ""):
        raise JsonFault("reason must be empty when accepted and say why when not")
    for name in ("entries", "debit_cents", "credit_cents"):
        if not 0 <= values[name] <= MAX_TOTAL_CENTS:
            raise JsonFault(f"{name} is not from 0 to {MAX_TOTAL_CENTS}")


def check_settlement(stream: BinaryIO) -> int:
    """Check a settlement report line by line; give the number of its items.

    Eight bytes an item are kept, to find a trace number that is there twice. Raises FormRefused
    with every fault, at most the first hundred.
    """
    faults: list[FormFault] = []
    traces = array("Q")
    for number, line in _lines(stream):
        fault = _heading_fault(line) if number == 1 else _line_fault(line, number)
        if fault is not None:
            faults.append(fault)
        elif number > 1:
            traces.append(int(line[:TRACE_DIGITS]))
        if len(faults) >= FAULTS_KEPT:
            break
    if not faults and not traces:
        faults.append(FormFault("settlement-empty", 0, "no item is in it", "send no empty report"))
    if not faults:
        faults += islice(_repeated(stream, traces), FAULTS_KEPT)
    if faults:
        raise FormRefused(faults)
    return len(traces)


def _repeated(stream: BinaryIO, traces: array[int]) -> Iterator[FormFault]:
    """Find each line whose trace number is in an earlier one; the file is read again for that."""
    ordered = np.sort(np.frombuffer(traces, np.uint64))
    repeated = set(ordered[1:][ordered[1:] == ordered[:-1]].tolist())
    if not repeated:
        return
    seen: set[int] = set()
    stream.seek(0)
    for number, line in _lines(stream):
        trace = int(line[:TRACE_DIGITS]) if number > 1 else 0
        if trace in seen:
            hint = "report an item once"
            yield FormFault("settlement-twice", number, "the trace number is there before", hint)
        elif trace in repeated:
            seen.add(trace)


def read_settlement(stream: BinaryIO) -> Iterator[ReportedItem]:
    """Give the items of a settlement report that was checked before."""
    for number, line in _lines(stream):
        if number > 1:
            match = _SETTLEMENT_LINE.fullmatch(line)
            if match is None:
                raise ValueError(f"line {number} of a checked settlement report is unreadable")
            trace, amount, settled_on = (part.decode() for part in match.groups())
            yield ReportedItem("settled", trace, "", date.fromisoformat(settled_on), int(amount))


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Give each line with its number and without its end; a huge line comes in bounded pieces."""
    number = 0
    while line := stream.readline(LONGEST_SETTLEMENT_LINE):
        number += 1
        yield number, line.removesuffix(b"\n").removesuffix(b"\r")


def _heading_fault(line: bytes) -> FormFault | None:
    if line == SETTLEMENT_HEADING:
        return None
    heading = SETTLEMENT_HEADING.decode()
    return FormFault("settlement-heading", 1, "the first line is wrong", f"it must be {heading}")


def _line_fault(line: bytes, number: int) -> FormFault | None:
    match = _SETTLEMENT_LINE.fullmatch(line)
    if match is None:
        hint = "15 digits, whole cents, and a date like 2026-11-24, with commas between"
        return FormFault("settlement-line", number, "the line is no settled item", hint)
    _trace, amount, settled_on = match.groups()
    if not 1 <= int(amount) <= MAX_ENTRY_CENTS:
        hint = f"a debit has from 1 to {MAX_ENTRY_CENTS} cents"
        return FormFault("settlement-amount", number, "the amount is out of range", hint)
    try:
        date.fromisoformat(settled_on.decode())
    except ValueError:
        return FormFault("settlement-date", number, "there is no such day", "send a real date")
    return None
