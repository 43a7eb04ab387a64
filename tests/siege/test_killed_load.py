"""The command that loads a file of entries, killed in its middle and started again."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from customhouse.agency.entry_intake import CHUNK
from customhouse.settings import Settings
from tests.acceptance.servers import COMMAND, environment
from tests.conftest import MakeSettings
from tests.integration.agency.harbor import BROKER, Harbor, entry_number
from tests.siege.rows import rows_of

ROWS = CHUNK + CHUNK // 2
HEADER = (
    "filer_code,entry_number,importer_number,port_of_entry,processing_port,entry_type,"
    "entry_date,payment_type,print_date,charge_001"
)
TAIL = "12-3456789,3901,3901,01,2026-11-23,2,2026-11-25"


def _file() -> list[str]:
    """Give the lines of a file of two chunks, with a bad item and a repeated one in each."""
    lines = [f"B76,{entry_number(BROKER, serial)},{TAIL},{serial}.00" for serial in range(1, ROWS)]
    for place in (CHUNK // 2, CHUNK + CHUNK // 4):
        lines[place] = f"B76,12345678,{TAIL},1.00"
        lines[place + 1] = lines[7].replace(",8.00", ",9.00")
    return [HEADER, *lines]


def _load(settings: Settings, file: Path) -> tuple[int, str]:
    done = subprocess.run(
        [COMMAND, "entries", "load", "--json", str(file)],
        env=environment(settings),
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout


def _killed_after_a_chunk(settings: Settings, file: Path) -> None:
    """Kill the command as soon as it has told of its first chunk."""
    told = file.with_suffix(".told")
    with told.open("wb") as output:
        child = subprocess.Popen(
            [COMMAND, "entries", "load", "--json", str(file)],
            env=environment(settings),
            stdout=output,
        )
        deadline = time.monotonic() + 60
        while told.stat().st_size == 0 and time.monotonic() < deadline:
            time.sleep(0.005)
        child.kill()
        assert child.wait(10) == -signal.SIGKILL, "it has to be killed before it ends"


@pytest.mark.timeout(300)
def test_a_load_that_was_killed_tells_the_same_when_it_is_started_again(
    make_settings: MakeSettings, tmp_path: Path
) -> None:
    """B1: the same rows and the same report as a load that nobody disturbed; then a new one."""
    file = tmp_path / "entries.csv"
    file.write_text("\n".join(_file()) + "\n")
    with make_settings(tmp_path / "calm") as calm, make_settings(tmp_path / "struck") as struck:
        for settings in (calm, struck):
            Harbor.build(settings)
        undisturbed = _load(calm, file)
        _killed_after_a_chunk(struck, file)
        assert rows_of(struck, "agency")["intake_chunk"], "a chunk has to be taken before"
        assert _load(struck, file) == undisturbed
        assert rows_of(struck, "agency") == rows_of(calm, "agency")
        # A load that was finished is judged anew: everything is there already.
        again = _load(struck, file)[1].splitlines()
        assert sum('"accepted"' in line for line in again) == 0
        assert rows_of(struck, "agency") == rows_of(calm, "agency")
