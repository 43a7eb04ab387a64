"""Writes or checks one ACH file, several times over, and prints the times and the peak of memory.

Runs in a process of its own, so that the memory is that of this one job. benchmarks.ach calls it.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from customhouse.formats.nacha_records import Addenda05, BatchHeader, Entry, FileHeader

HEADER = FileHeader("091900009", "1234567890", date(2026, 11, 16), "1400", "A")
BATCH = BatchHeader(
    service_class_code=225,
    company_name="EXAMPLE CUSTOMS",
    company_discretionary_data="",
    company_identification="1234567890",
    sec_code="CCD",
    entry_description="DUTY",
    descriptive_date="",
    effective_entry_date=date(2026, 11, 17),
    settlement_day=None,
    originator_status_code="1",
    odfi_identification="09190000",
    batch_number=1,
)
# A batch counts 999,999 records at most, an entry and its addendum being two of them.
BATCH_ENTRIES = 400_000
CHUNK_ENTRIES = 50_000
ROUTING = 91_900_009


def batches(count: int, fill: Callable[[int, int], Iterator[object]]) -> Iterator[tuple]:
    """Give the batches that so many entries need, each with what ``fill`` makes of its range."""
    for number, first in enumerate(range(0, count, BATCH_ENTRIES), 1):
        last = min(first + BATCH_ENTRIES, count)
        yield replace(BATCH, batch_number=number), fill(first, last)


def amount_cents(number: int) -> int:
    """Give an amount for an entry, small enough for the totals of a file of millions."""
    return 100 + number % 100_000


def values(first: int, last: int) -> Iterator[Entry]:
    """Give debits with an addendum each as values."""
    for number in range(first + 1, last + 1):
        trace, position = f"09190000{number:07d}", (number - 1) % CHUNK_ENTRIES
        yield Entry(
            transaction_code=27,
            receiving_dfi="09190000",
            check_digit="9",
            account_number=f"{position:09d}",
            amount_cents=amount_cents(number),
            identification_number=f"{position:010d}",
            receiving_name="EXAMPLE PAYER",
            discretionary_data="",
            trace_number=trace,
            addenda=(Addenda05.of(trace, f"STATEMENT {position:010d}"),),
        )


def columns(first: int, last: int) -> Iterator[object]:
    """Give the same debits as columns, 50,000 at a time; their texts are made once."""
    import numpy as np

    from customhouse.formats.nacha_bulk_columns import EntryColumns

    size = min(CHUNK_ENTRIES, last - first)
    numbers = [f"{position:010d}".encode() for position in range(size)]
    texts = {
        "account_number": np.array([each[1:] for each in numbers], "S17"),
        "identification_number": np.array(numbers, "S15"),
        "receiving_name": np.full(size, b"EXAMPLE PAYER", "S22"),
        "addenda_text": np.array([b"STATEMENT " + each for each in numbers], "S80"),
    }
    codes, routing = np.full(size, 27, np.int64), np.full(size, ROUTING, np.int64)
    for start in range(first, last, CHUNK_ENTRIES):
        sequence = np.arange(start + 1, min(start + CHUNK_ENTRIES, last) + 1)
        yield EntryColumns(
            transaction_code=codes[: len(sequence)],
            routing_number=routing[: len(sequence)],
            amount_cents=100 + sequence % 100_000,
            trace_sequence=sequence,
            **{name: each[: len(sequence)] for name, each in texts.items()},
        )


def write_bulk(path: Path, count: int) -> None:
    """Write a file from columns."""
    from customhouse.formats.nacha_bulk_write import write_bulk

    with path.open("wb") as stream:
        write_bulk(stream, HEADER, batches=batches(count, columns))


def write_plain(path: Path, count: int) -> None:
    """Write a file entry by entry."""
    from customhouse.formats.nacha_file import write_file

    with path.open("wb") as stream:
        write_file(stream, HEADER, batches=batches(count, values))


def check_bulk(path: Path, count: int) -> None:
    """Check a file by columns."""
    from customhouse.formats.nacha_bulk import check_bulk

    with path.open("rb") as stream:
        refuse(when=any(check_bulk(stream)))


def check_plain(path: Path, count: int) -> None:
    """Check a file record by record."""
    from customhouse.formats.nacha_check import check_file

    with path.open("rb") as stream:
        refuse(when=any(check_file(stream)))


def copy(path: Path, count: int) -> None:
    """Read a file and write the same bytes to another one: what no writer can do without."""
    other = path.with_suffix(".copy")
    with path.open("rb", buffering=0) as source, other.open("wb", buffering=0) as target:
        while piece := source.read(1 << 20):
            target.write(piece)
    refuse(when=other.stat().st_size != path.stat().st_size)


def read(path: Path, count: int) -> None:
    """Only read a file: what no checker can do without."""
    with path.open("rb", buffering=0) as source:
        while source.read(1 << 20):
            pass


JOBS = {each.__name__: each for each in (write_bulk, write_plain, check_bulk, check_plain)}
JOBS |= {"copy": copy, "read": read}


def peak_mb() -> int:
    """Give the most memory this process has had, without what its parent had before it."""
    status = Path("/proc/self/status")
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if status.exists():
        peak = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        kib = int(peak.split()[1])
    return -(-kib * 1024 // 10**6)


def refuse(*, when: bool) -> None:
    """End when a job did not do what it was timed for."""
    if when:
        raise SystemExit("the file is not as it should be")


def main() -> None:
    """Do one job on one file several times; arguments: job, file, entries, runs."""
    job, path, count, runs = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    walls, processors = [], []
    for _ in range(runs):
        if job in {"copy", "write_bulk", "write_plain"}:
            # Writing over an old file would time its removal as well.
            path.with_suffix(".copy").unlink(missing_ok=True)
            if job != "copy":
                path.unlink(missing_ok=True)
        wall, processor = time.perf_counter(), time.process_time()
        JOBS[job](path, count)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    path.with_suffix(".copy").unlink(missing_ok=True)
    print(json.dumps({"walls": walls, "processors": processors, "mb": peak_mb()}))


if __name__ == "__main__":
    main()
