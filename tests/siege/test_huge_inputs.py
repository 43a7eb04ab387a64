"""Inputs without end, sent through pipes and sockets to processes that have little memory."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
from collections.abc import Iterable
from itertools import chain, repeat
from pathlib import Path

import pytest

from tests.acceptance.servers import COMMAND, Served

MOST_MEMORY = 256 * 1024 * 1024
EVERYTHING = os.environ.get("SIEGE") == "all"
# Two thousand million bytes in the long run, enough to burst any process here in the short one.
STREAM_BYTES = 2_000_000_000 if EVERYTHING else 500_000_000
LINE_BYTES = 500_000_000
PIECE = b"9" * 1_000_000
HEADER = (
    b"filer_code,entry_number,importer_number,port_of_entry,processing_port,entry_type,"
    b"entry_date,payment_type,print_date,charge_001\n"
)
ROW = b"B76,00000018,12-3456789,3901,3901,01,2026-11-23,2,2026-11-25,1.00\n"
GOLDEN = Path(__file__).parents[1] / "golden"
COUNT_DRAFTS = """
import sys
from customhouse.agency.intake_csv import read_csv
good = bad = 0
for draft in read_csv(sys.stdin.buffer):
    bad += bool(draft.faults)
    good += not draft.faults
print(good, bad)
"""

pytestmark = pytest.mark.timeout(600)


def _little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))


def _fed(command: list[str | Path], pieces: Iterable[bytes]) -> subprocess.CompletedProcess[bytes]:
    """Run a command in little memory with pieces at its standard input, as long as it reads."""
    environment = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    child = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_little_memory,
    )
    assert child.stdin is not None
    try:
        for piece in pieces:
            child.stdin.write(piece)
    except BrokenPipeError:
        pass  # It has seen enough and refused.
    output, errors = child.communicate(timeout=300)
    return subprocess.CompletedProcess(command, child.returncode, output, errors)


def test_a_csv_of_a_million_lines_and_a_line_of_500_mb_are_read_in_little_memory() -> None:
    """F3: lines beyond the limit and beyond the file's are items with a fault; memory is flat."""
    rows = (ROW * 10_000 for _ in range(101))
    counted = _fed([sys.executable, "-c", COUNT_DRAFTS], chain([HEADER], rows))
    assert (counted.returncode, counted.stdout.split()) == (0, [b"1000000", b"1"]), counted.stderr
    line = chain([HEADER + ROW], repeat(PIECE, LINE_BYTES // len(PIECE)))
    counted = _fed([sys.executable, "-c", COUNT_DRAFTS], line)
    assert (counted.returncode, counted.stdout.split()) == (0, [b"1", b"1"]), counted.stderr


BEGINNINGS = {"abi": GOLDEN / "abi" / "authorization.txt", "ach": GOLDEN / "ach" / "ccd_debits.ach"}


@pytest.mark.parametrize("kind", BEGINNINGS)
@pytest.mark.parametrize("line", [PIECE, b"6" * 93 + b"\n", b"6" * 95 + b"\n"])
def test_a_stream_that_begins_well_and_never_ends_is_refused_in_little_memory(
    kind: str, line: bytes
) -> None:
    """F3: a good file's beginning, then a line of 500 MB or a million bad ones: one refusal."""
    beginning = BEGINNINGS[kind].read_bytes()
    endless = line == PIECE
    more = repeat(PIECE, STREAM_BYTES // len(PIECE)) if endless else repeat(line * 10_000, 100)
    told = _fed([COMMAND, kind, "check", "-"], chain([beginning], more))
    assert told.returncode not in (0, -9, -11), told
    assert b"Traceback" not in told.stderr
    assert b"MemoryError" not in told.stderr
    assert len(told.stdout) < 1_000_000


def test_a_body_without_end_is_refused_at_the_limit(agency_server: Served) -> None:
    """F3: chunks without a declared length end in 413, and the process stays small."""
    host, port = agency_server.url.removeprefix("http://").split(":")
    head = (
        "POST /abi/batches HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/plain\r\n"
        "Authorization: Bearer none\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = f"{len(PIECE):x}\r\n".encode() + PIECE + b"\r\n"
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(head.encode())
        sent = 0
        try:
            while sent < STREAM_BYTES:
                connection.sendall(chunk)
                sent += len(PIECE)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert sent < 100_000_000, "the connection has to end long before the body does"
    assert _largest_kilobytes(agency_server.pid) < MOST_MEMORY // 1024


def _largest_kilobytes(pid: int) -> int:
    """Give the most memory that a process or one of its children ever held."""
    found = 0
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for each in (pid, *children):
        for line in Path(f"/proc/{each}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                found = max(found, int(line.split()[1]))
    return found
