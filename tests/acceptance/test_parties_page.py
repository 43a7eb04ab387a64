"""Everything that the page about registering parties tells a reader to do, done.

The parties and accounts of the demo world are registered first, so that nothing on the page may
clash with them.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
from dataclasses import asdict
from pathlib import Path

import httpx2
import pytest

from customhouse.rehearsal.world_files import owners, parties_document
from tests.acceptance.servers import COMMAND, Served, environment
from tests.acceptance.wharf import Wharf

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "load-parties.md"
BLOCK = re.compile(r"^```(sh|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROMISED = (
    "filer Q42: registered",
    "importer 50-000050100: registered",
    "payer unit 000001: registered",
    "payer unit 450501: registered",
    "sender 4601-MSB: registered",
    "7 items: 7 registered, 0 changed, 0 unchanged, 0 waiting, 0 refused",
    "payer unit 000001: unchanged",
    "7 items: 0 registered, 0 changed, 7 unchanged, 0 waiting, 0 refused",
    "sender 4601-MSB: renewed, credential in renewed.json",
)


@pytest.fixture
def wharf(bank_server: Served, tmp_path: Path) -> Wharf:
    """Give a place to run commands from, with the parties of the demo world registered."""
    wharf = Wharf(bank_server.settings, tmp_path)
    token = wharf.command("bank", "tokens", "add", "--scope", "capture", "--label", "page").strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=bank_server.url, headers=headers, trust_env=False) as bank:
        tokens = {}
        for owner in owners():
            assert owner.account is not None
            details = asdict(owner.account) | {"holder_name": owner.name[:22]}
            tokens[owner.payer_unit] = bank.post("/accounts", json=details).json()["account_token"]
    wharf.load_parties(parties_document(tokens), kept="demo-credentials.json")
    return wharf


def script() -> str:
    """Give the page as one script that saves its document and stops at the first surprise."""
    return "".join(
        f"cat > parties.json <<'DOCUMENT'\n{block}DOCUMENT\n" if language == "json" else block
        for language, block in BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    )


@pytest.mark.requirement("SEC-01", "SEC-03")
def test_the_page_can_be_followed_in_the_demo_world(wharf: Wharf) -> None:
    path = f"{COMMAND.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script()],
        cwd=wharf.folder,
        env={**environment(wharf.settings), "PATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert not [each for each in PROMISED if each not in done.stdout], done.stdout
    assert stat.S_IMODE((wharf.folder / "renewed.json").stat().st_mode) == 0o600
