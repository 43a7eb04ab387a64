"""Everything that the page about paying many statements tells a reader to type, typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from customhouse.settings import Settings
from tests.acceptance.servers import environment, serving, with_free_ports
from tests.acceptance.wharf import BROKER, IMPORTER_Y, MONDAY, OTHER_BROKER, Wharf

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "pay-many-statements.md"
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
REFUSED = "   # refused\n"


@pytest.fixture
def wharf(settings: Settings) -> Iterator[Wharf]:
    """Print two statements on Tuesday, the second with an entry more than it keeps."""
    chosen = replace(with_free_ports(settings), clock="rehearsal")
    with serving(chosen, "bank"), serving(chosen, "agency"):
        wharf = Wharf(chosen, chosen.data_directory)
        wharf.settle_in()
        second = {"port_of_entry": "3902", "processing_port": "3902"}
        rows = [
            wharf.row(1, "1000.00"),
            wharf.row(2, "2000.00", **second),
            wharf.row(3, "1050.00", **second),
        ]
        wharf.load_entries(rows)
        wharf.finish(MONDAY)
        yield wharf


def typed(wharf: Wharf, script: str, *, code: int = 0) -> str:
    """Run a script as a reader in a folder of its own; give all that it said."""
    folder = wharf.folder / "reader"
    folder.mkdir(exist_ok=True)
    (folder / "token.txt").write_text(wharf.credentials[BROKER]["token"])
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**environment(wharf.settings), "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


def blocks(language: str) -> list[str]:
    """Give the page's blocks in a language, in order; what it shows has none."""
    page = PAGE.read_text(encoding="utf-8")
    return [text for name, text in BLOCK.findall(page) if name == language]


def taught(wharf: Wharf) -> list[str]:
    """Give the page's commands block by block, with this house's address."""
    url = wharf.settings.agency_url
    return [
        "".join(
            f"{line.removesuffix(REFUSED)} && exit 9 || true\n" if line.endswith(REFUSED) else line
            for line in block.replace("http://127.0.0.1:8700", url).splitlines(keepends=True)
        )
        for block in blocks("sh")
    ]


@pytest.mark.requirement("DEB-10", "DEB-15", "DEB-16")
def test_the_page_can_be_followed_to_its_end(wharf: Wharf) -> None:
    """The lines that it shows are the lines that come."""
    export, listing, trying, explaining, *rest = taught(wharf)
    before = typed(wharf, export + listing + trying)
    assert "would be accepted" in before
    assert "P12" in wharf.remove(3)
    said = before + typed(wharf, export + explaining)
    assert len(blocks("")) == 2
    for shown in blocks(""):
        assert not [line for line in shown.splitlines() if line not in said], said
    after = typed(wharf, export + "".join(rest))
    assert after.count("authorized before  ") == 2, "the file names what all-due paid"
    listed = typed(wharf, f"{export}customhouse statements list --json")
    assert listed.count('"state": "authorized"') == 2


@pytest.mark.requirement("DEB-16")
def test_an_order_sent_again_does_nothing_twice(wharf: Wharf) -> None:
    """A1: the second run is told that everything stands, and a wrong amount never does."""
    export = taught(wharf)[0]
    pay = f"{export}customhouse statements authorize --unit 100001 3927328001="
    first = typed(wharf, f"{pay}1033.58")
    assert "accepted" in first
    for _ in range(2):
        assert "authorized before" in typed(wharf, f"{pay}1033.58")
    wrong = typed(wharf, f"{pay}1033.59", code=7)
    assert "amount-not-equal" in wrong
    tried = typed(wharf, f"{pay}1033.58 --dry-run")
    assert "authorized before" in tried
    # What was undone since is not taken for done: the same command pays it anew.
    assert wharf.negate(("3927328001", 103358, "100001"))[0].accepted
    anew = typed(wharf, f"{pay}1033.58 --json")
    assert '"attempt": 2' in anew
    assert "authorized before" in typed(wharf, f"{pay}1033.58")
    everything = f"{export}customhouse statements authorize --unit 100001 --all-due"
    assert typed(wharf, everything).count("accepted") == 1
    again = typed(wharf, everything)
    assert again.count("authorized before  ") == 1, "what a lost answer said is told again"


@pytest.mark.requirement("SEC-06")
def test_three_refused_units_in_a_day_are_a_fraud_alert(wharf: Wharf) -> None:
    """A8: a unit of another importer, over ABI and JSON; each is kept, the third is seen."""
    other = wharf.row(
        1, "500.00", filer_code=OTHER_BROKER, importer_number=IMPORTER_Y, print_date="2026-11-25"
    )
    wharf.load_entries([other])
    wharf.command("day", "fraud-alerts")
    export = taught(wharf)[0]
    pay = f"{export}customhouse statements authorize --unit 999999 3927328001=1033.58"
    assert "payer-unit-unknown" in typed(wharf, pay, code=7)
    assert not wharf.authorize(("3927328001", 103358, "999999"))[0].accepted
    wharf.command("day", "fraud-alerts")
    assert not wharf.authorize(("3927328001", 103358, "999999"), tag="AGAIN")[0].accepted
    said = wharf.command("day", "fraud-alerts", code=7)
    assert "filer B76: 3 refused uses of payer units 999999" in said
    alerts = typed(wharf, f"{export}customhouse statements alerts", code=7)
    assert "Payer unit 999999 was refused 3 times today" in alerts
