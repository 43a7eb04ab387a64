"""Reads and writes whole ACH files as streams, in constant memory.

Writing refuses whatever a reader would refuse: nothing is cut short, rounded or left to overflow;
splitting a payment run into files and batches is the caller's. Reading is for files that
nacha_check has found good.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final

from customhouse.formats import nacha_reading as reading
from customhouse.formats import nacha_rendering as rendering
from customhouse.formats.layout import LayoutError
from customhouse.formats.nacha_check import Checker
from customhouse.formats.nacha_check_state import BatchState, Run
from customhouse.formats.nacha_codes import CTX
from customhouse.formats.nacha_layouts import BLOCKING_FACTOR, RECORD_LENGTH
from customhouse.formats.nacha_lines import Lines
from customhouse.formats.nacha_records import (
    Addenda,
    BatchControl,
    BatchHeader,
    Entry,
    FileControl,
    FileHeader,
    Item,
)
from customhouse.formats.nacha_sums import HASH_MODULUS, Sums
from customhouse.money import MAX_TOTAL_CENTS

MAX_ENTRIES_IN_BATCH: Final = 999_999
MAX_ENTRIES_IN_FILE: Final = 99_999_999
PADDING: Final = "9" * RECORD_LENGTH


class WriteRefused(ValueError):
    """The file cannot be written as asked; says which batch and entry, never an account."""


@dataclass(frozen=True, slots=True)
class FileTotals:
    """What a written file adds up to; ``entry_hash`` has at most ten digits."""

    batches: int
    entries_and_addenda: int
    entry_hash: int
    debit_cents: int
    credit_cents: int
    blocks: int


def write_file(
    stream: BinaryIO,
    header: FileHeader,
    *,
    batches: Iterable[tuple[BatchHeader, Iterable[Entry]]],
    newline: str = "\n",
) -> FileTotals:
    """Write one file, blocked by ten with records of nines, and give its totals.

    ``newline`` is "\\n", "\\r\\n" or "". Raise WriteRefused when a value does not fit its field,
    a count or a total overflows, or the file would break a rule of the strict profile; what
    was written until then is worthless.
    """
    writer = FileWriter(stream, newline)
    with writer.refusing_misfits():
        writer.line(rendering.render_file_header(header))
        for batch_header, entries in batches:
            writer.begin_batch(batch_header)
            for entry in entries:
                writer.entry(entry)
            writer.end_batch()
        return writer.finish()


def read_items(stream: BinaryIO) -> Iterator[Item]:
    """Give the records of a file good by the strict profile; entries come with their addenda.

    Raise UnreadableRecord, with the line number, when a record does not fit its layout.
    """
    number = 0
    reader = _Reader()
    for number, record in enumerate(Lines(stream), 1):
        try:
            yield from reader.feed(record.decode("ascii"))
        except (reading.UnreadableRecord, UnicodeDecodeError) as fault:
            why = fault if isinstance(fault, reading.UnreadableRecord) else "not ASCII"
            raise reading.UnreadableRecord(f"line {number}: {why}") from None
        if reader.finished:
            return
    if number == 0:
        raise reading.UnreadableRecord("the file is empty")
    raise reading.UnreadableRecord(f"line {number}: the file has no file control record")


class FileWriter:
    """Writes record after record, checks each and keeps the sums; refuses with WriteRefused.

    ``where`` names the record that is being written, for a refusal.
    """

    def __init__(self, stream: BinaryIO, newline: str) -> None:
        if newline not in {"\n", "\r\n", ""}:
            raise WriteRefused("a record ends with LF, with CR LF or with nothing")
        self.where = "file header"
        self._stream = stream
        self._newline = newline.encode()
        self._lines = 0
        self._batches = 0
        self._entries = 0
        self._header: BatchHeader | None = None
        self._batch_sums = Sums()
        self._sums = Sums()
        self._checker = Checker()

    @contextmanager
    def refusing_misfits(self) -> Iterator[None]:
        """Turn a value that does not fit its field into a refusal that says where."""
        try:
            yield
        except LayoutError as fault:
            raise WriteRefused(f"{self.where}: {fault}") from None

    def line(self, text: str) -> None:
        """Write one record."""
        record = text.encode("ascii")
        self._checker.feed(record)
        self._refuse_faults()
        self._stream.write(record + self._newline)
        self._lines += 1

    def begin_batch(self, header: BatchHeader) -> None:
        """Write the header of the next batch."""
        self._batches += 1
        self._entries = 0
        self.where = f"batch {self._batches}"
        self.line(rendering.render_batch_header(header))
        self._header, self._batch_sums = header, Sums()

    def entry(self, entry: Entry) -> None:
        """Write the next entry of the batch with its addenda."""
        self._entries += 1
        self.where = f"batch {self._batches}, entry {self._entries}"
        self.line(rendering.render_entry(entry, is_ctx=self._open_header.sec_code == CTX))
        for addenda in entry.addenda:
            self.line(rendering.render_addenda(addenda))
        sums = self._batch_sums
        sums.entries_and_addenda += 1 + len(entry.addenda)
        sums.entry_hash = (sums.entry_hash + int(entry.receiving_dfi)) % HASH_MODULUS
        if entry.code.direction == "debit":
            sums.debit_cents += entry.amount_cents
        else:
            sums.credit_cents += entry.amount_cents
        self._refuse_if(_overflow(sums, MAX_ENTRIES_IN_BATCH))

    @property
    def batch_for_run(self) -> BatchState | None:
        """Give what a proof of the next entries needs to know; None when they must come singly."""
        return self._checker.batch_for_run()

    def run(self, run: Run, records: memoryview) -> bool:
        """Write entries that are proven good, as they stand in ``records`` with their line ends.

        They follow an entry of the batch. Give False, and write nothing, when they are more than
        the batch may hold.
        """
        sums = replace(self._batch_sums)
        sums.add(run.sums)
        if _overflow(sums, MAX_ENTRIES_IN_BATCH):
            return False
        self._checker.take_run(run)
        self._stream.write(records)
        self._batch_sums = sums
        self._entries += run.entries
        self._lines += run.sums.entries_and_addenda
        return True

    def end_batch(self) -> None:
        """Write the control of the batch."""
        self.where = f"control of batch {self._batches}"
        self._sums.add(self._batch_sums)
        self._refuse_if(_overflow(self._sums, MAX_ENTRIES_IN_FILE))
        control = _control_of(self._open_header, self._batch_sums)
        self.line(rendering.render_batch_control(control))

    def finish(self) -> FileTotals:
        """Write the file control and the filling; give the totals."""
        self.where = "file control"
        self._refuse_if("" if self._batches else "a file without a batch")
        blocks = -(-(self._lines + 1) // BLOCKING_FACTOR)
        control = FileControl(
            self._batches,
            blocks,
            self._sums.entries_and_addenda,
            self._sums.entry_hash,
            self._sums.debit_cents,
            self._sums.credit_cents,
        )
        self.line(rendering.render_file_control(control))
        for _ in range(blocks * BLOCKING_FACTOR - self._lines):
            self.line(PADDING)
        self._checker.finish()
        self._refuse_faults()
        return FileTotals(
            control.batches,
            control.entries_and_addenda,
            control.entry_hash,
            control.debit_cents,
            control.credit_cents,
            blocks,
        )

    @property
    def _open_header(self) -> BatchHeader:
        if self._header is None:
            raise ValueError("no batch is begun")
        return self._header

    def _refuse_faults(self) -> None:
        if self._checker.report.faults:
            for fault in self._checker.take():
                self._refuse_if("" if fault.is_warning else f"{fault.message} ({fault.rule})")

    def _refuse_if(self, why: str) -> None:
        if why:
            raise WriteRefused(f"{self.where}: {why}")


@dataclass(slots=True)
class _Reader:
    """Puts records together: an entry is complete when the record after its addenda comes."""

    finished: bool = False
    _is_ctx: bool = False
    _entry_line: str = ""
    _addenda: list[Addenda] = field(default_factory=list)

    def feed(self, line: str) -> Iterator[Item]:
        kind = line[:1]
        if kind == "7":
            self._addenda.append(reading.read_addenda(line))
            return
        if self._entry_line:
            yield reading.read_entry(self._entry_line, tuple(self._addenda), is_ctx=self._is_ctx)
            self._entry_line = ""
            self._addenda.clear()
        if kind == "6":
            self._entry_line = line
        elif kind == "5":
            header = reading.read_batch_header(line)
            self._is_ctx = header.sec_code == CTX
            yield header
        elif kind == "8":
            yield reading.read_batch_control(line)
        elif kind == "9":
            self.finished = True
            yield reading.read_file_control(line)
        elif kind == "1":
            yield reading.read_file_header(line)
        else:
            raise reading.UnreadableRecord("the record type is none of 1, 5, 6, 7, 8, 9")


def _control_of(header: BatchHeader, sums: Sums) -> BatchControl:
    return BatchControl(
        service_class_code=header.service_class_code,
        entries_and_addenda=sums.entries_and_addenda,
        entry_hash=sums.entry_hash,
        debit_cents=sums.debit_cents,
        credit_cents=sums.credit_cents,
        company_identification=header.company_identification,
        message_authentication_code="",
        odfi_identification=header.odfi_identification,
        batch_number=header.batch_number,
    )


def _overflow(sums: Sums, most_entries: int) -> str:
    """Say which sum does not fit its control record, or nothing."""
    if sums.entries_and_addenda > most_entries:
        return f"more than {most_entries:,} entries and addenda"
    if max(sums.debit_cents, sums.credit_cents) > MAX_TOTAL_CENTS:
        return "a total of more than twelve digits of cents"
    return ""
