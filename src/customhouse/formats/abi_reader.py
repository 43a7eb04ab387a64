"""Reading an incoming batch: the order of its records, and every fault of its envelope.

All that can be judged with the sender's profile alone is judged here, and all faults are listed,
but one broken thing gives one fault: what only follows from it is left out. One fault anywhere
rejects the whole batch. What the transactions say is not looked at beyond their fillers.
Source: CATAIR ABI Batch and Block Control, June 2023.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from customhouse.formats import abi_checks
from customhouse.formats.abi_dates import parse_mmddyy
from customhouse.formats.abi_envelope import (
    Batch,
    Block,
    BlockReference,
    EnvelopeFault,
    NumberedRecord,
    Rejection,
    SenderProfile,
)
from customhouse.formats.abi_records import LAYOUTS
from customhouse.formats.abi_rejection import render_rejection
from customhouse.formats.abi_split import SplitBatch, split_records
from customhouse.formats.layout import Layout

MOST_FAULTS = 1_000
"""A rejection lists at most so many faults."""
MOST_ITEMS_IN_BLOCK = 9_999
"""A block holds at most so many transactions (ACH Debit Authorization rev 5; ours for SU)."""

# These codes of the A-record say that nothing else is known about the sender.
_UNKNOWN_SENDER = {"X07", "X08", "X09"}
# Where a header has one of these, a trailer that differs from it may well be the right one.
_BATCH_IDENTITY = {"X07", "X08", "X09", "X10"}
_BLOCK_IDENTITY = {"X15", "X16", "X17", "X18", "X19"}


def read_batch(raw: bytes, profile: SenderProfile) -> Batch | Rejection:
    """Read a batch and judge its envelope: the batch when all is right, else every fault.

    Any bytes are answered, none raise. Letters are read as capital letters; between records there
    may be nothing, CR, LF or CRLF.
    """
    reader = _Reader(split_records(raw, most_faults=MOST_FAULTS), profile)
    reader.read()
    if not reader.faults:
        return reader.batch()
    faults = _ordered(reader.faults, misaligned=reader.split.misaligned)
    return Rejection(faults, render_rejection(_echo(reader.split, faults, profile), faults))


@dataclass(slots=True)
class _OpenBlock:
    """The block being read; ``values`` is None where its B-record could not be made out."""

    reference: BlockReference | None
    values: dict[str, str] | None
    is_doubtful: bool = False
    items: list[NumberedRecord] = field(default_factory=list)


class _Reader:
    """Walks through the records of one batch once and collects blocks and faults."""

    def __init__(self, split: SplitBatch, profile: SenderProfile) -> None:
        self.split = split
        self.profile = profile
        self.faults: list[EnvelopeFault] = []
        self._byte_faults = {fault.record: fault for fault in split.faults}
        self._blocks: list[Block] = []
        self._open: _OpenBlock | None = None
        self._block_count = 0
        self._closed = False
        self._known_sender = False
        self._is_doubtful = False
        self._application = ""
        self._item_layout: Layout | None = None

    def read(self) -> None:
        """Walk through the records."""
        lines = self.split.lines
        if not lines or lines[0][0] != "A":
            if self._is_readable(1):
                self._fault("X01", 1)
            return
        self._header(lines[0])
        controls: dict[str, Callable[[int, str], None]] = {
            "A": self._second_header,
            "B": self._block_header,
            "Y": self._block_trailer,
            "Z": self._batch_trailer,
        }
        for number, line in enumerate(lines[1:], 2):
            if len(self.faults) >= MOST_FAULTS:
                return
            if self._closed:
                if self._is_readable(number):
                    self._fault("X35", number)
                return
            control = controls.get(line[0])
            if control is None:
                self._item(number, line)
            else:
                control(number, line)
        if not self._closed:
            self._missing_trailers(len(lines) + 1)

    def batch(self) -> Batch:
        """Give the batch; there must be no faults."""
        header, _ = LAYOUTS["A_in"].parse(self.split.lines[0])
        del header["password"]
        return Batch(
            header,
            self._application,
            header["transmission_date"],
            header["user_data"],
            tuple(self._blocks),
        )

    def _fault(self, code: str, record: int, position: int = 0, *, item: int = 0) -> None:
        if len(self.faults) < MOST_FAULTS:
            block = self._open.reference if self._open else None
            self.faults.append(EnvelopeFault(code, record, position, block, item))

    def _is_readable(self, record: int, *, item: int = 0) -> bool:
        """Tell whether a record has the right bytes and length; report it when it has not."""
        fault = self._byte_faults.get(record)
        if fault is None:
            return True
        self._fault(fault.code, record, fault.position, item=item)
        return False

    def _found(self, found: Iterable[tuple[str, int]], record: int) -> list[str]:
        codes = []
        for code, position in found:
            self._fault(code, record, position)
            codes.append(code)
        return codes

    def _header(self, line: str) -> None:
        if not self._is_readable(1):
            return
        codes = self._found(abi_checks.header_faults(line, self.profile), 1)
        self._known_sender = _UNKNOWN_SENDER.isdisjoint(codes)
        self._is_doubtful = not _BATCH_IDENTITY.isdisjoint(codes)
        self._application = line[25:27].strip()
        self._item_layout = abi_checks.ITEM_LAYOUTS.get(self._application)

    def _second_header(self, number: int, _line: str) -> None:
        self._is_readable(number)
        self._fault("X35", number)
        # What follows belongs to nobody; that it has no B- and Y-record is not its own fault.
        self._open = _OpenBlock(None, None)

    def _block_header(self, number: int, line: str) -> None:
        if self._open and self._open.reference:
            self._fault("X05", number)
        self._block_count += 1
        self._open = _OpenBlock(self._reference(number, line), None)
        if not self._is_readable(number):
            return
        values, _ = LAYOUTS["B_in"].parse(line)
        self._open.values = values
        codes = self._found(abi_checks.block_faults(line, self._application), number)
        if self._known_sender:
            codes += self._found(abi_checks.authority_faults(values, self.profile), number)
        self._open.is_doubtful = not _BLOCK_IDENTITY.isdisjoint(codes)

    def _reference(self, number: int, line: str) -> BlockReference:
        """Name a block for the answer, which must not repeat a password that slipped into it."""
        if number in self._byte_faults:
            line = line[:12]
        password = self.split.lines[0][8:14].strip()
        if len(password) > 3:
            line = line.replace(password, " " * len(password))
        return BlockReference(self._block_count, line)

    def _item(self, number: int, line: str) -> None:
        if self._open is None:
            self._fault("X03", number)
            self._open = _OpenBlock(None, None)
        items = self._open.items
        items.append(NumberedRecord(number, line))
        if len(items) == MOST_ITEMS_IN_BLOCK + 1:
            self._fault("X36", number, item=len(items))
        if self._is_readable(number, item=len(items)) and self._item_layout is not None:
            for code, position in abi_checks.item_faults(line, self._item_layout):
                self._fault(code, number, position, item=len(items))

    def _block_trailer(self, number: int, line: str) -> None:
        block = self._open
        readable = self._is_readable(number)
        if block is None:
            self._fault("X03", number)
            return
        is_answered = self._application in abi_checks.ANSWERS_EMPTY_BLOCKS
        if block.reference and not block.items and not is_answered:
            self._fault("X04", number)
        if block.values is not None and readable:
            found = abi_checks.block_trailer_faults(line, block.values)
            self._found((f for f in found if f[0] != "X32" or not block.is_doubtful), number)
            self._blocks.append(_block_of(block.values, block.items))
        self._open = None

    def _batch_trailer(self, number: int, line: str) -> None:
        self._unclosed_block(number)
        self._open = None
        self._closed = True
        if self._is_readable(number) and 1 not in self._byte_faults:
            found = abi_checks.batch_trailer_faults(line, self.split.lines[0])
            self._found((f for f in found if f[0] != "X14" or not self._is_doubtful), number)

    def _unclosed_block(self, number: int) -> None:
        if self._open is None and self._block_count == 0 and not self.faults_of("X03"):
            self._fault("X03", number)
        if self._open and self._open.reference:
            self._fault("X05", number)

    def faults_of(self, code: str) -> list[EnvelopeFault]:
        """Give the faults of one code found so far."""
        return [fault for fault in self.faults if fault.code == code]

    def _missing_trailers(self, number: int) -> None:
        """Report what is missing at the end, unless the last record was cut in its middle."""
        if not self.split.ends_early:
            self._unclosed_block(number)
            self._open = None
            self._fault("X06", number)


def _block_of(values: dict[str, str], items: list[NumberedRecord]) -> Block:
    return Block(
        values["processing_district_port"],
        values["processing_filer_code"],
        values["processing_office_code"],
        values["user_data"],
        values,
        tuple(items),
    )


def _ordered(faults: Iterable[EnvelopeFault], *, misaligned: bool) -> tuple[EnvelopeFault, ...]:
    """Put faults in the order of records; where columns slipped keep the first and the last cut."""
    ordered = sorted(faults, key=lambda fault: fault.record)
    if misaligned:
        cut = [fault for fault in ordered if fault.code == "X42"]
        ordered = [fault for fault in ordered if fault.code != "X42"][:1] + cut
    return tuple(ordered[:MOST_FAULTS])


def _echo(
    split: SplitBatch, faults: Iterable[EnvelopeFault], profile: SenderProfile
) -> dict[str, str]:
    """Give what the answer's A-record repeats; of a header out of shape, nothing.

    Its columns may have slipped, and then the password would stand where the date belongs.
    """
    sender = {
        "site_code": profile.site_code,
        "id_code": profile.id_code,
        "office_code": profile.office_code,
    }
    misshapen = any(fault.record == 1 and fault.is_located for fault in faults)
    if misshapen or not split.lines or split.lines[0][0] != "A":
        return sender
    values, _ = LAYOUTS["A_in"].parse(split.lines[0])
    if any(values[name] != sender[name] for name in sender):
        return sender
    try:
        parse_mmddyy(values["transmission_date"])
    except ValueError:
        values["transmission_date"] = ""
    if values["password"] and values["password"] in values["user_data"]:
        values["user_data"] = ""
    return sender | {name: values[name] for name in ("transmission_date", "user_data")}
