"""Writes ACH files of CCD entries from columns: byte for byte what nacha_file writes, but faster.

A stretch of entries is laid out column by column and written when it is proven good; any other
stretch goes entry by entry through nacha_file, which writes it or says why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from customhouse.formats import nacha_rendering as rendering
from customhouse.formats.nacha_bulk_columns import EntryColumns
from customhouse.formats.nacha_bulk_layout import Sheet, lay_out
from customhouse.formats.nacha_bulk_proof import Records, proven
from customhouse.formats.nacha_codes import CCD
from customhouse.formats.nacha_file import FileTotals, FileWriter
from customhouse.formats.nacha_layouts import RECORD_LENGTH
from customhouse.formats.nacha_records import BatchHeader, Entry, FileHeader

# Entries laid out at once; these and what is computed of them fit the cache of one core.
ENTRIES_AT_ONCE: Final = 6_144

ColumnBatches = Iterable[tuple[BatchHeader, Iterable[EntryColumns]]]


def write_bulk(
    stream: BinaryIO, header: FileHeader, *, batches: ColumnBatches, newline: str = "\n"
) -> FileTotals:
    """Write one file as nacha_file.write_file does, the entries of each batch given in columns.

    The trace number of an entry is the batch's ODFI and its ``trace_sequence``. ``newline`` is
    "\\n", "\\r\\n" or "". Raise WriteRefused where write_file would, for the same reason.
    """
    writer = FileWriter(stream, newline)
    runs = _RunWriter(writer, newline)
    with writer.refusing_misfits():
        writer.line(rendering.render_file_header(header))
        for batch_header, chunks in batches:
            writer.begin_batch(batch_header)
            for columns in _pieces(chunks):
                _write_columns(columns, batch_header, writer=writer, runs=runs)
            writer.end_batch()
        return writer.finish()


def _pieces(chunks: Iterable[EntryColumns]) -> Iterator[EntryColumns]:
    for columns in chunks:
        for begin in range(0, len(columns), ENTRIES_AT_ONCE):
            yield columns[begin : begin + ENTRIES_AT_ONCE]


def _write_columns(
    columns: EntryColumns, header: BatchHeader, *, writer: FileWriter, runs: _RunWriter
) -> None:
    """Write the first and the last entry singly and, where it can be proven, the rest at once."""
    odfi, done = header.odfi_identification, 1
    first = columns.entry(0, odfi)
    writer.entry(first)
    between = columns[1:-1]
    if len(between) and header.sec_code == CCD and runs.write(between, first):
        done += len(between)
    for position in range(done, len(columns)):
        writer.entry(columns.entry(position, odfi))


class _RunWriter:
    """Writes entries at once, as copies of one entry with other values in their fields."""

    def __init__(self, writer: FileWriter, newline: str) -> None:
        self._writer = writer
        self._newline = newline
        self._sheet = Sheet()

    def write(self, columns: EntryColumns, model: Entry) -> bool:
        """Write entries like ``model``; False, and nothing written, when they are not proven."""
        batch, line_end = self._writer.batch_for_run, len(self._newline)
        if batch is None:
            return False
        grid = self._sheet.rows(self._records(model), len(columns))
        if not lay_out(columns, grid, line_end=line_end):
            return False
        addendum = RECORD_LENGTH + line_end
        entries = grid[:, :RECORD_LENGTH]
        addenda = grid[:, addendum : addendum + RECORD_LENGTH]
        run = proven(Records(entries, addenda if model.addenda else addenda[:0]), batch)
        return run is not None and self._writer.run(run, grid.data)

    def _records(self, entry: Entry) -> bytes:
        lines = [rendering.render_entry(entry, is_ctx=False)]
        lines += map(rendering.render_addenda, entry.addenda)
        return "".join(line + self._newline for line in lines).encode("ascii")
