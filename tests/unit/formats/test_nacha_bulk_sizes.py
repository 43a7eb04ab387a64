"""With pieces of the size that the program uses: the same faults, in the same bounded memory."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from customhouse.formats.nacha_bulk import check_bulk
from customhouse.formats.nacha_bulk_write import write_bulk
from customhouse.formats.nacha_check import check_file
from tests.docs.tree import ROOT
from tests.unit.formats.nacha_bulk_samples import random_columns
from tests.unit.formats.nacha_samples import DEBITS, HEADER

MOST_MB = 128
FEW, MANY = 30_000, 300_000
# A tenth of the bigger file; what grows with the file would be more.
SLACK_MB = 6
# The benchmark holds so many entries as columns, and the smaller file does not need all of it.
COLUMNS_MB = 20


@pytest.fixture(scope="module")
def big() -> bytes:
    """Give a good file of 20,000 entries, some chunks long."""
    stream = io.BytesIO()
    write_bulk(stream, HEADER, batches=[(DEBITS, [random_columns(3, 20_000, 0)])])
    return stream.getvalue()


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize("seed", range(4))
def test_a_big_file_with_some_damage_gets_the_same_faults(big, newline, seed):
    source = random.Random(seed)
    raw = bytearray(big.replace(b"\n", newline))
    for _ in range(seed):
        raw[source.randrange(len(raw))] = source.choice(b" 0123456789-A\r\n\xff")
    if seed == 3:
        del raw[source.randrange(len(raw))]
    bulk = list(check_bulk(io.BytesIO(raw)))
    assert bulk == list(check_file(io.BytesIO(raw)))
    assert seed or not bulk


def peak_mb(job: str, path: Path, count: int) -> int:
    """Do one job of the benchmark in its own process and give the most memory that it had."""
    command = [sys.executable, "-m", "benchmarks.ach_once", job, str(path), str(count), "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return json.loads(done.stdout)["mb"]


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_writing_and_checking_take_no_more_memory_for_ten_times_the_entries(tmp_path):
    path = tmp_path / "debits.ach"
    peaks = {}
    for count in (FEW, MANY):
        for job in ("write_bulk", "check_bulk"):
            peaks[job, count] = peak_mb(job, path, count)
    assert max(peaks.values()) <= MOST_MB
    assert peaks["write_bulk", MANY] - peaks["write_bulk", FEW] < COLUMNS_MB
    assert peaks["check_bulk", MANY] - peaks["check_bulk", FEW] < SLACK_MB
