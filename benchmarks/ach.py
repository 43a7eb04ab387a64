"""Times the writing and the checking of ACH files of CCD+ debits, by columns and entry by entry.

Each figure is the median of several runs, once by the clock on the wall and once by the time that
the processor spent on the process, which other work on the machine disturbs less. Beside it stand
the best run and what copying or reading the same bytes takes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import rows

# The block count of a file has six digits: with addenda, five million entries are just too many.
FULLEST_FILE = 4_999_981
BULK_ENTRIES = (1_000_000, FULLEST_FILE)
PLAIN_ENTRIES = 200_000
BULK_RUNS = 7
PLAIN_RUNS = 3
# Entries a second at least, and MB at most.
TARGETS: dict[str, tuple[float | None, int | None]] = {
    "check_bulk": (2_000_000, 128),
    "write_bulk": (1_500_000, 128),
    "check_plain": (80_000, 64),
    "write_plain": (None, None),
}


@dataclass(frozen=True)
class Measured:
    """The seconds of each run and the most memory that the process had."""

    walls: list[float]
    processors: list[float]
    mb: int


def measure(job: str, path: Path, *, count: int, runs: int) -> Measured:
    """Do one job in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.ach_once", job, str(path), str(count), str(runs)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)  # noqa: S603
    return Measured(**json.loads(done.stdout))


def both(job: str, path: Path, *, count: int, runs: int) -> tuple[Measured, Measured]:
    """Measure one job and what bounds it."""
    bound = "copy" if job.startswith("write") else "read"
    found = measure(job, path, count=count, runs=runs)
    return found, measure(bound, path, count=count, runs=runs)


def tell(job: str, count: int, *, found: Measured, limit: Measured) -> None:
    """Print one job and what bounds it."""
    verb, way = job.split("_")
    bound = "copy" if verb == "write" else "read"
    for clock, times, bound_times in (
        ("wall", found.walls, limit.walls),
        ("processor", found.processors, limit.processors),
    ):
        what = f"{verb} {way} of {count} entries by {clock} time"
        print(f"{what}: {count / median(times):.0f} entries/s at {found.mb} MB")
        print(
            f"    best of {len(times)} runs {count / min(times):.0f} a second;"
            f" to {bound} the same bytes {count / median(bound_times):.0f}",
            flush=True,
        )


def row(job: str, count: int, *, found: Measured, limit: Measured) -> rows.Row:
    """Hold one job against its target."""
    target, most_mb = TARGETS[job]
    verb, way = job.split("_")
    words = "by columns" if way == "bulk" else "entry by entry"
    return rows.Row(
        what=f"ACH: {verb} {count:,} CCD+ entries {words}",
        measured=count / median(found.walls),
        processor=count / median(found.processors),
        unit="entries/s",
        target=target,
        limit=count / median(limit.walls),
        limit_is="copying the bytes" if verb == "write" else "reading the bytes",
        mb=found.mb,
        most_mb=most_mb,
    )


def jobs() -> Iterator[tuple[str, int, int]]:
    """Give each job with its number of entries and of runs."""
    counts = rows.numbers() or ([BULK_ENTRIES[0]] if rows.is_quick() else list(BULK_ENTRIES))
    runs = 3 if rows.is_quick() else BULK_RUNS
    for way, count, each in (
        *(("bulk", count, runs) for count in counts),
        ("plain", PLAIN_ENTRIES, PLAIN_RUNS),
    ):
        yield f"write_{way}", count, each
        yield f"check_{way}", count, each


def main() -> None:
    """Measure both ways; arguments: the numbers of entries for the columnar one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "debits.ach"
        for job, count, runs in jobs():
            found, limit = both(job, path, count=count, runs=runs)
            if "--rows" in sys.argv:
                rows.tell([row(job, count, found=found, limit=limit)])
            else:
                tell(job, count, found=found, limit=limit)


if __name__ == "__main__":
    main()
