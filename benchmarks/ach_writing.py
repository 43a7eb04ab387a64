"""Times the writing and reading of an ACH file of CCD debits, and the memory both take."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date

from customhouse.formats.nacha_file import read_items, write_file
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
    effective_entry_date=date(2026, 11, 18),
    settlement_day=None,
    originator_status_code="1",
    odfi_identification="09190000",
    batch_number=1,
)


def entries(count: int) -> Iterator[Entry]:
    """Give that many debits with an addendum each, one at a time."""
    for number in range(1, count + 1):
        trace = f"09190000{number:07d}"
        yield Entry(
            transaction_code=27,
            receiving_dfi="09190000",
            check_digit="9",
            account_number="000000",
            amount_cents=100 + number,
            identification_number=f"{number:010d}",
            receiving_name="EXAMPLE PAYER",
            discretionary_data="",
            trace_number=trace,
            addenda=(Addenda05.of(trace, f"STATEMENT {number:010d}"),),
        )


def main() -> None:
    """Write a file, read it back, and print the speed of both and the peak of memory."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryFile() as stream:
        started = time.monotonic()
        write_file(stream, HEADER, batches=[(BATCH, entries(count))])
        written = time.monotonic()
        stream.seek(0)
        found = sum(1 for item in read_items(stream) if isinstance(item, Entry))
        read = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"wrote {count:,} entries: {count / (written - started):,.0f} a second")
    print(f"read {found:,} entries: {found / (read - written):,.0f} a second")
    print(f"peak memory {peak} MiB")


if __name__ == "__main__":
    main()
