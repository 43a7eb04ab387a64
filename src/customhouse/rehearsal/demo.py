"""The demo from beginning to end: build the world, play the story, check it, tell the figures.

``run`` gives the stage and whether all of it held; serving on afterwards, and how a terminal's
Ctrl-C is taken, belong to the command.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

from customhouse.rehearsal import story, story_checks
from customhouse.rehearsal.house_processes import House
from customhouse.rehearsal.narrator import Narrator
from customhouse.rehearsal.stage import Stage
from customhouse.rehearsal.world import SignIn, build
from customhouse.rehearsal.world_data import DAY_BEFORE, FILERS, IMPORTERS
from customhouse.rehearsal.world_entries import ENTRIES_EACH_DAY

NOT_HELD = 7
# A day on which much of what was pushed had settled.
PUSHED_ON = "2026-11-24"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether all of the story held, and in how many seconds it was told."""

    held: bool
    seconds: float

    @property
    def exit_code(self) -> int:
        """Give the exit code of a command that told the story."""
        return 0 if self.held else NOT_HELD


def run(house: House, narrator: Narrator, *, each_day: int = ENTRIES_EACH_DAY) -> Outcome:
    """Build, play and check; the house goes on running. Raises what building raises."""
    started = time.monotonic()
    narrator.title(
        "Customhouse: ten business days of duty payments",
        f"{len(FILERS)} brokers and {len(IMPORTERS)} importers, all of them invented.",
        "Agency, processor bank and ACH operator are three parties with books of their own.",
    )
    narrator.day(DAY_BEFORE, "before the first day")
    stage = build(house, narrator, each_day=each_day)
    try:
        story.play(stage)
    finally:
        stage.hang_up()
    outcome = Outcome(_conclude(stage), time.monotonic() - started)
    words = "All of it held" if outcome.held else "NOT all of it held, see the lines marked NO"
    narrator.note(f"{words}; told in {outcome.seconds:.0f} seconds.")
    return outcome


def _conclude(stage: Stage) -> bool:
    """Tell figures and checks; true when every check held."""
    narrator = stage.narrator
    found = story_checks.money(stage)
    rows = story_checks.checks(stage, found)
    narrator.figures("The ten days in figures", story_checks.figures(stage, found))
    narrator.checks("What was checked", rows)
    return all(good for _, good, _ in rows)


def tell_files(house: House, narrator: Narrator) -> None:
    """Name the folders in which everything was left."""
    data = house.data
    narrator.note(
        f"Files are in {_from_here(data)}:",
        "  abi/FILER/DAY/         every ABI batch as it was sent and answered",
        "  exchange/archive/      the ACH files of bank and operator, byte for byte",
        "  operator/books.json    the operator's own books",
        "  operator/payer-banks/  the payers' banks' books: what was pushed, what came back",
        "  world/                 the parties, forms and entry summaries that were loaded",
        "  mail/                  what payers were told by e-mail",
        "  logs/                  what the servers logged",
    )


def tell_pushing(narrator: Narrator) -> None:
    """Tell by which commands to look at money that arrives by itself, and to push some."""
    narrator.note(
        "Money that payers push, from that terminal:",
        "  customhouse desk list                     what waits for an officer, and why",
        "  customhouse desk show PART                its addendum, and who it may be from",
        f"  customhouse treasury day {PUSHED_ON}       the account at the bank and the ledger",
        "  customhouse bank credits list --waiting   what the bank has not told yet",
        "  customhouse rehearse push --help          push money yourself, rightly or wrongly",
    )


def tell_pages(house: House, narrator: Narrator, *, sign_ins: list[SignIn]) -> None:
    """Tell where to click, and with which names and passwords of this run."""
    lines = [f"  {each.username:12} {each.password:14} {each.filer_name}" for each in sign_ins]
    taken = [
        f"Port {usual} is taken by another program, so the {side} listens on {port}."
        for side, usual, port in house.moved_ports
    ]
    narrator.note(
        *taken,
        f"Each filer's statements: {house.settings.agency_url}",
        "  sign-in      password",
        *lines,
    )
    # A path on a line of its own, as short as it can be, is copied whole from a narrow terminal.
    narrator.note(
        "To take part from another terminal, in this folder:",
        *(
            f"  {line}"
            for line in terminal_lines(house.write_settings(), Path(sys.executable).parent)
        ),
    )


def terminal_lines(settings_file: Path, commands: Path) -> list[str]:
    """Give what another terminal needs in this folder: where the commands are, and the world."""
    near = _from_here(commands)
    folder = near if near.is_absolute() else Path("$PWD") / near
    return [f'export PATH="{folder}:$PATH"', f". {_from_here(settings_file)}"]


def _from_here(path: Path) -> Path:
    """Give a path as it is reached from the working directory, when it lies below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
