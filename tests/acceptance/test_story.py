"""The whole story as a person runs it, and afterwards a search for the account numbers in it.

One run of ``customhouse story``: its own checks must all hold, and then every file it left, and a
dump of the agency's database, is searched for the account numbers of the world.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from customhouse.rehearsal.house_processes import House
from customhouse.rehearsal.receiving_banks import changed_account
from customhouse.rehearsal.world_data import account_numbers
from tests.dumps import dump

COMMAND = Path(sys.executable).with_name("customhouse")
STORY_SECONDS = 600
CHECKED = {
    "All ten business days were played",
    "An authorization with the old total was refused",
    "The total of the answer was accepted",
    "Another importer's payer unit was refused",
    "The right payer unit was accepted",
    "Exactly one of two authorizations won",
    "The returned statement was open again",
    "Another filer's statement was refused",
    "The moved entry came on its new day",
    "An authorization was taken back on its day",
    "A batch without its trailer was rejected whole",
    "An emptied statement was cancelled",
    "Treasury: agency, bank and operator agree to the cent",
    "In transit: agency, bank and operator agree to the cent",
    "customhouse ledger check is clean",
    "Every bank file passes customhouse ach check",
    "Every bank file passes the operator's own checks",
    "Every debit's addendum names its statement and amount",
    "Every authorization has its final statement",
    "The returned debit was paid by a new attempt",
    "The filer was told of the notification of change",
    "The exact payment was final on the day after it",
    "B76 was told: $100.00 is missing",
    "Of too much the due amount was applied",
    "D31 was told: $25.10 of your payment",
    "The short payment was final once the rest had come",
    "What an officer applied was final on the day after it",
    "The importer's padded payment was read and final",
    "The misspelled third of three was applied and final",
    "An importer's statement of payment type 5 was paid by credit",
    "D31 was told: A second TXP stands",
    "What came in two segments was applied and final",
    "Pretend Furniture Co joined by the form that its broker filed",
    "B76 was told: is paid by a debit",
    "What was applied with a rule was final",
    "What waits at the desk is what was foretold",
    "What is owed back to payers is what was foretold",
    "Reversals, astray and strangers' money went back to the payers' banks",
    "Every statement that payers pushed money for is final",
    "customhouse treasury day 2026-11-30 finds no difference",
    "Pretend Furniture Co was told by e-mail",
}


@dataclass(frozen=True)
class Told:
    """A story that was told: how it ended, what it said and what it left behind."""

    code: int
    output: str
    data: Path


def tell(data: Path) -> Told:
    """Run the story as a person would, without a terminal."""
    done = subprocess.run(
        [COMMAND, "story", "--data", data],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=STORY_SECONDS,
        check=False,
    )
    return Told(done.returncode, done.stdout.decode(), data)


def secrets() -> list[bytes]:
    """Give each account number of the world, and those a bank told as new, as bytes."""
    numbers = account_numbers()
    return [number.encode() for number in (*numbers, *map(changed_account, numbers))]


def spellings() -> Iterator[bytes]:
    """Give each secret as a text holds it, and in hexadecimal, as a dump shows bytes."""
    for secret in secrets():
        yield secret
        yield secret.hex().encode()


def files_with_secrets(folder: Path) -> list[str]:
    """Name every file below a folder that holds a secret, other than the bank's ACH files."""
    wanted = list(spellings())
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [
        str(path.relative_to(folder))
        for path in files
        if path.suffix != ".ach" and any(each in path.read_bytes() for each in wanted)
    ]


def agency_dump(data: Path) -> bytes:
    """Start the agency's database once more and dump all of it."""
    house = House.on_free_ports(data)
    try:
        house.start_databases()
        return dump(house.settings, "agency")
    finally:
        house.stop()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give an empty folder outside pytest's own, which closes its folders to the servers."""
    with tempfile.TemporaryDirectory(prefix="customhouse-") as made:
        yield Path(made)


@pytest.mark.timeout(STORY_SECONDS + 60)
@pytest.mark.requirement(
    "DEB-01", "DEB-03", "DEB-04", "DEB-06", "DEB-07", "DEB-08", "DEB-09", "DEB-12", "DEB-13"
)
@pytest.mark.requirement("CRD-03", "CRD-05", "CRD-06", "CRD-08", "CRD-09", "CRD-11", "CRD-12")
@pytest.mark.requirement("SEC-02", "SEC-04", "SEC-05", "SEC-06", "SEC-07")
def test_the_story_holds_and_tells_no_account_number(folder: Path) -> None:
    told = tell(folder / "world")
    assert told.code == 0, told.output
    held = [line.strip() for line in told.output.splitlines() if line.startswith("  ok  ")]
    assert not [each for each in CHECKED if not any(each in line for line in held)]
    assert "  NO  " not in told.output

    assert not [each for each in spellings() if each in told.output.encode()]
    assert files_with_secrets(told.data) == []
    dumped = agency_dump(told.data)
    assert b"entry_summary" in dumped
    assert not [each for each in spellings() if each in dumped]

    released = sorted((told.data / "exchange" / "archive" / "outbound").glob("*.ach"))
    written = b"".join(path.read_bytes() for path in released)
    assert all(number.encode() in written for number in account_numbers())
