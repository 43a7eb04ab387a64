"""Everything that the page about joining tells a reader to do, done."""

from __future__ import annotations

import os
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from customhouse.rehearsal.world import PARTICIPANTS
from tests.acceptance.servers import COMMAND, Served, environment
from tests.acceptance.wharf import Wharf

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "join-ach-debit.md"
BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PARTIES = {
    "filers": [{"filer_code": "D31", "name": "Sample Gateway Customs", "ports": ["1001"]}],
    "importers": [{"importer_number": "262002-00031", "name": "Storybook Ceramics"}],
}


def script() -> str:
    """Give the page as one script that saves its document and stops at the first surprise."""
    return "".join(
        f"cat > application.json <<'DOCUMENT'\n{block}DOCUMENT\n" if language == "json" else block
        for language, block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    )


@pytest.mark.requirement("DEB-17", "SEC-08")
def test_the_page_can_be_followed(bank_server: Served, tmp_path: Path) -> None:
    wharf = Wharf(bank_server.settings, tmp_path)
    wharf.load_parties(PARTIES)
    said = wharf.command("bank", "directory", "load", str(PARTICIPANTS))
    assert "8 banks in the directory" in said
    assert "EXAMPLE NATIONAL BANK" in wharf.command("bank", "directory", "show", "091900009")
    assert "replaced by 091900009" in wharf.command("bank", "directory", "show", "091900119")
    said = wharf.command("bank", "directory", "show", "021000021", code=7)
    assert said.startswith("participant-unknown: ")
    # The rehearsal has opened no day, so the machine's date counts.
    path = os.pathsep.join([str(COMMAND.parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script()],
        env=environment(bank_server.settings) | {"PATH": path, "WANTED": _wanted()},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert "importer Storybook Ceramics, contact Pat Example" in told
    assert "is approved" in told
    assert re.search(r"^payer unit +\d{6}$", told, re.MULTILINE)


def _wanted() -> str:
    """Give a day two weeks ahead of the machine's date."""
    return (datetime.now(UTC).date() + timedelta(days=14)).isoformat()


@pytest.mark.requirement("SEC-08")
def test_an_account_at_a_bank_outside_the_directory_is_refused(
    bank_server: Served, tmp_path: Path
) -> None:
    wharf = Wharf(bank_server.settings, tmp_path)
    wharf.command("bank", "directory", "load", str(PARTICIPANTS))
    given = (
        '{"routing_number": "%s", "account_number": "900100299",'
        ' "account_type": "checking", "holder_name": "EXAMPLE"}'
    )
    for routing, code in (("021000021", "routing-not-in"), ("091900119", "routing-superseded")):
        said = wharf.command("bank", "accounts", "add", given=given % routing, code=7)
        assert said.startswith(code)
        assert routing not in said
        assert "900100299" not in said
