"""The columnar path keeps its memory however long the file is, each job in its own process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.tree import ROOT

MOST_MB = 128
FEW, MANY = 30_000, 300_000
# A tenth of the bigger file; what grows with the file would be more.
SLACK_MB = 6


def peak_mb(job: str, path: Path, count: int) -> int:
    """Do one job of the benchmark and give the most memory that it had."""
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
    # The benchmark holds 50,000 entries as columns, which the smaller file does not need.
    assert peaks["write_bulk", MANY] - peaks["write_bulk", FEW] < 4 * SLACK_MB
    assert peaks["check_bulk", MANY] - peaks["check_bulk", FEW] < SLACK_MB
