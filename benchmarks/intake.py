"""Times the intake of entry summaries with three charges each: reading a CSV file, taking it in.

The chunks of the file go through the reader and the command of the agency, a transaction each, in
one process, on an embedded server with fsync on. The file is loaded a second time, when every
entry is on file already. Give the number of entry summaries (150,000 by default).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from datetime import date
from itertools import islice
from pathlib import Path

from customhouse import database
from customhouse.agency import business_day, registration
from customhouse.agency.entry_intake import CHUNK, IntakeFile, take_entries
from customhouse.agency.intake_csv import read_csv
from customhouse.agency.parties import Filer, Importer
from customhouse.clock import RehearsalClock
from customhouse.identifiers import check_digit
from customhouse.settings import Settings

MONDAY = date(2026, 11, 23)
FILERS = [f"{letter}{number:02}" for letter in "ABCDE" for number in range(20)]
IMPORTERS = [f"10-{number:07}00" for number in range(1, 501)]
HEADER = (
    "filer_code,entry_number,importer_number,port_of_entry,processing_port,entry_type,entry_date,"
    "payment_type,print_date,broker_reference,team_number,charge_001,charge_499,charge_501\n"
)


def write_file(path: Path, count: int, ports: int = 99) -> None:
    """Write a CSV file of that many entries at so many ports, in no order of their numbers."""
    with path.open("w", encoding="ascii") as stream:
        stream.write(HEADER)
        for number in range(count):
            filer = FILERS[number % len(FILERS)]
            seven = f"{number * 7_919 % 9_999_991:07}"
            digits = f"{seven}{check_digit(filer, seven)}"
            importer = IMPORTERS[number % len(IMPORTERS)]
            port = f"39{1 + number // len(FILERS) % ports:02}"
            stream.write(
                f"{filer},{digits},{importer},3901,{port},01,2026-11-12,2,"
                f"2026-11-24,REF {number % 10_000},718,{number % 9_000}.08,33.58,12.50\n"
            )


def prepare(settings: Settings) -> None:
    """Register filers and importers and open Monday."""
    ports = tuple(f"39{number:02}" for number in range(1, 100))
    with database.connect(settings, "agency") as connection:
        filers = [Filer(code, f"Fictitious Filer {code}", ports) for code in FILERS]
        registration.register_filers(connection, filers)
        importers = [Importer(number, f"Fictitious Importer {number}") for number in IMPORTERS]
        registration.register_importers(connection, importers)
        business_day.open_day(connection, MONDAY, RehearsalClock(MONDAY))


def load(settings: Settings, path: Path) -> Counter[str]:
    """Read a file and take it in, a chunk a transaction; count the outcomes."""
    told: Counter[str] = Counter()
    file = IntakeFile()
    with path.open("rb") as stream, database.connect(settings, "agency") as connection:
        drafts = read_csv(stream)
        while chunk := list(islice(drafts, CHUNK)):
            with connection.transaction():
                outcomes = take_entries(connection, chunk, clock=RehearsalClock(MONDAY), file=file)
            told.update(outcome.status for outcome in outcomes)
    return told


def timed(settings: Settings, path: Path) -> None:
    """Load the file once and print the outcomes, the seconds and how many of them were ours."""
    began, cpu = time.monotonic(), time.process_time()
    told = load(settings, path)
    seconds, own = time.monotonic() - began, time.process_time() - cpu
    said = ", ".join(f"{count:,} {status}" for status, count in sorted(told.items()))
    rate = told.total() / seconds
    print(f"{said}: {seconds:.2f} s ({own:.2f} s of it ours), {rate:,.0f} a second")


def main() -> None:
    """Measure on servers of its own, which are stopped and removed at the end."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150_000
    with tempfile.TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory))
        path = Path(directory) / "entries.csv"
        write_file(path, count)
        database.start_servers(settings)
        try:
            database.migrate(settings, "agency", clock=RehearsalClock(MONDAY))
            prepare(settings)
            timed(settings, path)
            timed(settings, path)
        finally:
            database.stop_servers(settings)


if __name__ == "__main__":
    main()
