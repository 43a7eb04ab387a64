"""Everything that the page about joining ACH Credit tells a reader to do, done."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from customhouse.settings import COLLECTION_ACCOUNT
from tests.acceptance.servers import COMMAND, Served, environment
from tests.acceptance.wharf import MONDAY, Wharf

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "join-ach-credit.md"
BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PARTIES = {
    "filers": [{"filer_code": "D31", "name": "Sample Gateway Customs", "ports": ["1001"]}],
    "importers": [{"importer_number": "262002-00031", "name": "Storybook Ceramics"}],
    "senders": [{"site_code": "1001", "id_code": "D31", "filer_codes": ["D31"]}],
}


def script() -> str:
    """Give the page as one script that saves its form and stops at the first surprise."""
    return "".join(
        f"cat > form.json <<'DOCUMENT'\n{block}DOCUMENT\n" if language == "json" else block
        for language, block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    )


@pytest.mark.requirement("CRD-12", "CRD-13")
def test_the_page_can_be_followed(
    agency_server: Served, bank_server: Served, tmp_path: Path
) -> None:
    wharf = Wharf(agency_server.settings, tmp_path)
    wharf.load_parties(PARTIES, kept="senders.json")
    wharf.morning(MONDAY)
    (sender,) = json.loads((tmp_path / "senders.json").read_text())
    (tmp_path / "broker.token").write_text(sender["token"])
    path = os.pathsep.join([str(COMMAND.parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script()],
        env=environment(agency_server.settings)
        | {"PATH": path, "CUSTOMHOUSE_AGENCY_URL": agency_server.settings.agency_url},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    told = done.stdout + done.stderr
    assert done.returncode == 0, told
    assert f"account number  {COLLECTION_ACCOUNT}" in told
    assert "prenote 90000" in told
    assert "262002-00031 tries the way to the agency with no money" in told
    assert "Nothing is to be paid." in told
    assert "enrolment-approved" in told
    assert "enrolment       removed" in told
    assert "Every mail was sent or waits to be." in told
