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
from dataclasses import dataclass
from pathlib import Path
from statistics import median

# The block count of a file has six digits: with addenda, five million entries are just too many.
FULLEST_FILE = 4_999_981
BULK_ENTRIES = (1_000_000, FULLEST_FILE)
PLAIN_ENTRIES = 200_000
BULK_RUNS = 7
PLAIN_RUNS = 3


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


def tell(job: str, path: Path, *, count: int, runs: int) -> None:
    """Measure one job and what bounds it, and print both."""
    found = measure(job, path, count=count, runs=runs)
    verb, way = job.split("_")
    bound = "copy" if verb == "write" else "read"
    limit = measure(bound, path, count=count, runs=runs)
    for clock, times, bound_times in (
        ("wall", found.walls, limit.walls),
        ("processor", found.processors, limit.processors),
    ):
        what = f"{verb} {way} of {count} entries by {clock} time"
        print(f"{what}: {count / median(times):.0f} entries/s at {found.mb} MB")
        print(
            f"    best of {runs} runs {count / min(times):.0f} a second;"
            f" to {bound} the same bytes {count / median(bound_times):.0f}",
            flush=True,
        )


def main() -> None:
    """Measure both ways; arguments: the numbers of entries for the columnar one."""
    counts = [int(each) for each in sys.argv[1:]] or list(BULK_ENTRIES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "debits.ach"
        for way, each_count, runs in (
            *(("bulk", count, BULK_RUNS) for count in counts),
            ("plain", PLAIN_ENTRIES, PLAIN_RUNS),
        ):
            tell(f"write_{way}", path, count=each_count, runs=runs)
            tell(f"check_{way}", path, count=each_count, runs=runs)


if __name__ == "__main__":
    main()
