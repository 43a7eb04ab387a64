"""Everything that the page about getting a statement tells a reader to do, done."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from customhouse.agency import registration
from customhouse.agency.statement_csv import COLUMNS
from customhouse.formats.abi_batch import read_answer
from customhouse.formats.abi_statement import from_block
from tests.acceptance.harbor_pages import DEC_2
from tests.acceptance.servers import COMMAND, environment
from tests.acceptance.site import Site
from tests.integration.agency.harbor import BROKER, Harbor

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "how-to" / "get-a-statement.md").read_text(encoding="utf-8")
SHAPES = (DOCS / "reference" / "statement-shapes.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
FOR_EXAMPLE = "3927328001"


def script(number: str, password: str) -> str:
    """Give the page as one script that stops at the first surprise; it names a statement of ours.

    The addresses that it sets are those of the reader: the script runs with the test's.
    """
    parts = ["set -euo pipefail\n"]
    for language, block in BLOCK.findall(PAGE):
        known = block.replace(FOR_EXAMPLE, number).replace("SECRET", password)
        kept = re.sub(r"^export .*\n", "", known, flags=re.MULTILINE)
        is_python = language == "python"
        parts.append(f"{sys.executable} - <<'PROGRAM'\n{kept}PROGRAM\n" if is_python else kept)
    return "".join(parts)


@pytest.mark.requirement("DEB-02")
def test_the_page_can_be_followed(site: Site, tmp_path: Path) -> None:
    harbor = Harbor(site.settings, today=DEC_2)
    with harbor.connect() as connection:
        credential = registration.renew_credential(connection, "3901", id_code=BROKER)
    assert credential is not None
    variables = environment(site.settings)
    variables["CUSTOMHOUSE_ABI_TOKEN"] = credential.token
    variables["PATH"] = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script(site.numbers.final, credential.password)],
        env=variables,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert f"FINAL DAILY STATEMENT {site.numbers.final}" in said
    assert "copies of 4 statements: in your outbox" in said
    pdf = PdfReader(io.BytesIO((tmp_path / "statement.pdf").read_bytes()))
    assert site.numbers.final in pdf.pages[0].extract_text()
    assert (tmp_path / "statement.csv").read_bytes() == (tmp_path / "by-program.csv").read_bytes()
    kept = json.loads((tmp_path / "statement.json").read_text())
    assert kept["statement_number"] == site.numbers.final
    _copies_are_what_was_sent(harbor, tmp_path / "inbox")


def _copies_are_what_was_sent(harbor: Harbor, inbox: Path) -> None:
    """Hold the copies that were received against the finals as they were first sent."""
    query = "select content from abi_outbox where reason like %s and created_on = '2026-11-25'"
    sent = [
        from_block(block)
        for (content,) in harbor.rows(query, "final%")
        for block in read_answer(content).blocks
    ]
    assert len(sent) == 4
    newest = max(inbox.glob("*-PF*"))
    assert [from_block(each) for each in read_answer(newest.read_text()).blocks] == sent


def test_the_reference_names_every_column_of_the_csv() -> None:
    table = SHAPES.split("## CSV")[1].split("## JSON")[0]
    assert dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)) == COLUMNS
