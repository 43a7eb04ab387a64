"""Everything that the tutorial tells a reader to type, typed, from the filing of two entries on.

Dates that it promises must hold in the end: the debit settles on the day that the page expected.
The world is the demo's with few entries, brought to the date at which the tutorial takes over. The
sections before that show what the demo left behind, which test_story judges.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from customhouse.database import connect
from customhouse.rehearsal.house_processes import House
from customhouse.rehearsal.narrator import Narrator
from customhouse.rehearsal.world import build

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-payment.md"
TAKES_OVER_AT = "## 3."
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
REFUSED = "  # refused\n"
PROMISED = (
    "1 statement with 2 entries, $1,317.16 due",
    "statement 3927336001 preliminary: 2 entries, total $1,317.16, adds up",
    "refused (D04 AMT 0000131700 NOT STMT TOTAL 0000131716)",
    "D00   PAYMENT AUTHORIZATION ACCEPTED",
    "send final statements            1 final statement",
    "statement 3927336001 final: 2 entries, total $1,317.16, adds up",
    "hand debits to the bank          1 debit handed to the bank",
    "settled 1 debit, $1,317.16",
    "1 event: 1 settled, 0 returned",
    "Agency, morning of Monday 7 December 2026",
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


def script() -> str:
    """Give the tutorial's commands as one script that stops at the first surprise."""
    taught = PAGE.read_text(encoding="utf-8").partition(TAKES_OVER_AT)[2]
    lines = "".join(BLOCK.findall(taught)).splitlines(keepends=True)
    return "".join(
        f"{line.removesuffix(REFUSED)} && exit 9 || true\n" if line.endswith(REFUSED) else line
        for line in lines
    )


@pytest.mark.timeout(300)
@pytest.mark.requirement("DEB-04", "DEB-06", "DEB-07", "DEB-08", "SEC-07")
def test_the_tutorial_can_be_followed_to_its_end(house: House) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script()],
        cwd=house.data.parents[1],
        env={**house.environment, "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert not [each for each in PROMISED if each not in done.stdout], done.stdout
    with connect(house.settings, "agency") as connection:
        days = connection.execute("select debit_on from authorization_attempt").fetchall()
        settled = connection.execute(
            "select effective_on from transfer where kind = 2 order by 1"
        ).fetchall()
    assert days == settled == [(date(2026, 12, 4),)]
