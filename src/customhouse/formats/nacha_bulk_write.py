"""Writes ACH files of CCD entries from columns: byte for byte what nacha_file writes, but faster.

A stretch of entries is laid out column by column and written when it is proven good; any other
stretch goes entry by entry through nacha_file, which writes it or says why not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from customhouse.formats import nacha_rendering as rendering
from customhouse.formats.nacha_bulk_columns import EntryColumns
from customhouse.formats.nacha_bulk_layout import laid_out
from customhouse.formats.nacha_bulk_proof import Records, proven
from customhouse.formats.nacha_codes import CCD
from customhouse.formats.nacha_file import FileTotals, FileWriter
from customhouse.formats.nacha_layouts import RECORD_LENGTH
from customhouse.formats.nacha_records import BatchHeader, FileHeader

# Entries laid out at once; these and what is computed of them fit the cache of one core.
ENTRIES_AT_ONCE: Final = 8_192

ColumnBatches = Iterable[tuple[BatchHeader, Iterable[EntryColumns]]]


def write_bulk(
    stream: BinaryIO, header: FileHeader, *, batches: ColumnBatches, newline: str = "\n"
) -> FileTotals:
    """Write one file as nacha_file.write_file does, the entries of each batch given in columns.

    The trace number of an entry is the batch's ODFI and its ``trace_sequence``. ``newline`` is
    "\\n", "\\r\\n" or "". Raise WriteRefused where write_file would, for the same reason.
    """
    writer = FileWriter(stream, newline)
    with writer.refusing_misfits():
        writer.line(rendering.render_file_header(header))
        for batch_header, chunks in batches:
            writer.begin_batch(batch_header)
            for columns in _pieces(chunks):
                _write_columns(columns, batch_header, writer=writer, newline=newline)
            writer.end_batch()
        return writer.finish()


def _pieces(chunks: Iterable[EntryColumns]) -> Iterator[EntryColumns]:
    for columns in chunks:
        for begin in range(0, len(columns), ENTRIES_AT_ONCE):
            yield columns[begin : begin + ENTRIES_AT_ONCE]


def _write_columns(
    columns: EntryColumns, header: BatchHeader, *, writer: FileWriter, newline: str
) -> None:
    """Write the first and the last entry singly and, where it can be proven, the rest at once."""
    odfi, done = header.odfi_identification, 1
    first = columns.entry(0, odfi)
    writer.entry(first)
    between = columns[1:-1]
    if len(between) and header.sec_code == CCD:
        template = rendering.render_entry(first, is_ctx=False) + newline
        template += "".join(rendering.render_addenda(one) + newline for one in first.addenda)
        if _write_run(between, template.encode("ascii"), writer=writer, newline=newline):
            done += len(between)
    for position in range(done, len(columns)):
        writer.entry(columns.entry(position, odfi))


def _write_run(columns: EntryColumns, template: bytes, *, writer: FileWriter, newline: str) -> bool:
    """Write entries at once; False when that they are good is not proven."""
    batch = writer.batch_for_run
    laid = laid_out(columns, template, line_end=len(newline)) if batch is not None else None
    if batch is None or laid is None:
        return False
    addendum = RECORD_LENGTH + len(newline)
    entries = laid.grid[:, :RECORD_LENGTH]
    addenda = laid.grid[:, addendum : addendum + RECORD_LENGTH]
    has_addenda = columns.addenda_text is not None
    run = proven(Records(entries, addenda if has_addenda else addenda[:0]), batch)
    return run is not None and writer.run(run, laid.raw)
