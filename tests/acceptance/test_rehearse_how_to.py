"""What docs/how-to/rehearse.md tells a reader to type about pushing money, typed.

The world is the demo's with few entries, brought to the date at which the page takes over: an entry
is filed, its statement printed, and then paid by money that arrives by itself.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from customhouse.rehearsal.house_processes import House
from customhouse.rehearsal.narrator import Narrator
from customhouse.rehearsal.world import build

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "rehearse.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^\| `(?P<line>[^`]+)` \|", re.MULTILINE)
PROMISED = (
    "ordered: B76:3927337001=1079.66",
    "payers push 1 payment, $1,079.66",
    "1 payment with $1,079.66 in all: 1 statement paid",
    "send final statements            1 final statement",
    "settles 2026-12-04, B76:3927337001=1079.66",
    "handed to the payer's bank: pay.ach",
    "1 payment with $1,079.66 in all: 0 statements paid, 0 waiting, 1 owed back",
    "claims-are-payable",
)


@pytest.fixture
def house() -> Iterator[House]:
    """Give the demo's world on Tuesday 1 December 2026, served, below a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="customhouse-") as folder:
        house = House.on_free_ports(Path(folder) / "var" / "demo")
        house.data.mkdir(parents=True)
        try:
            build(house, Narrator(), each_day=1).hang_up()
            house.command("day", "--until", "2026-12-01", "--part", "morning", "--yes")
            house.command("bank", "day", "--until", "2026-11-30", "--yes")
            yield house
        finally:
            house.stop()


def section(heading: str) -> str:
    """Give one section of the page."""
    return PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]


def script() -> str:
    """Give the commands in the order of the page, with the days that its prose tells of."""
    filed, token = BLOCK.findall(section("Be a filer"))
    pushed, own, looked = BLOCK.findall(section("Push money"))
    days = "customhouse rehearse day\n" * 2
    return "".join((filed, days, token, pushed, own, days, looked))


def run(house: House, commands: str) -> subprocess.CompletedProcess[str]:
    """Type commands into a shell that stops at the first surprise."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=house.data.parents[1],
        env={**house.environment, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.mark.timeout(600)
@pytest.mark.requirement("CRD-01", "CRD-03", "CRD-08", "CRD-12")
def test_money_is_pushed_as_the_page_tells(house: House) -> None:
    """C17: the payer's own file pays the same statement again, which is owed back."""
    done = run(house, script())
    assert done.returncode == 0, done.stdout
    missing = [each for each in PROMISED if each not in done.stdout]
    assert not missing, done.stdout


def test_every_line_of_the_table_can_be_ordered(tmp_path: Path) -> None:
    lines = LINE.findall(section("Push money"))
    assert len(lines) >= 18
    (tmp_path / "exchange" / "outbound").mkdir(parents=True)
    command = Path(sys.executable).with_name("customhouse")
    done = subprocess.run(
        [command, "rehearse", "push", *lines],
        env={"CUSTOMHOUSE_DATA": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ordered: ") == len(lines)
