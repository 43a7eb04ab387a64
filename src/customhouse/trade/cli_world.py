"""The demo world on the command line: play it and serve its pages, or only tell its story."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from customhouse.faults import Fault, Refused, declare

if TYPE_CHECKING:
    from customhouse.rehearsal.house_processes import House
    from customhouse.rehearsal.narrator import Narrator

app = typer.Typer()

LOOK_SECONDS = 0.5
STORY_FAILED = 7
INTERRUPTED = 130

FOLDER_NOT_A_WORLD = declare(
    "folder-not-a-world",
    sentence="The folder {folder} is not empty and holds no demo world; it is left alone.",
    next_step="Name another folder with --data, or empty this one yourself.",
    exit_code=2,
)
WORLD_IN_USE = declare(
    "world-in-use",
    sentence="Another demo is at work in {folder}.",
    next_step="Stop it with Ctrl-C, or name another folder with --data.",
)
WORLD_MISSING = declare(
    "world-missing",
    sentence="There is no finished demo world in {folder}.",
    next_step="Run the demo once without --keep.",
    exit_code=2,
)
WORLD_OF_ANOTHER_RELEASE = declare(
    "world-of-another-release",
    sentence="The world in {folder} was built by another release. {reason}",
    next_step="Run the demo once without --keep: it builds a new world.",
)
DEMO_BROKE_OFF = declare(
    "demo-broke-off",
    sentence="The demo broke off. {reason}",
    next_step="See the logs in {folder}.",
    exit_code=STORY_FAILED,
)


@app.command()
def demo(
    data: Annotated[
        Path, typer.Option("--data", metavar="FOLDER", help="Where the world lives.")
    ] = Path("var/demo"),
    *,
    keep: Annotated[
        bool, typer.Option("--keep", help="Serve the last demo's world with new passwords.")
    ] = False,
) -> None:
    """Play ten business days of duty payments, then serve the pages until Ctrl-C.

    The folder's earlier world is wiped and built anew. Ports 8700 and 8701, or free ones.
    """
    from customhouse.rehearsal.demo import run, tell_files, tell_pages, tell_pushing
    from customhouse.rehearsal.house_processes import House
    from customhouse.rehearsal.narrator import Narrator
    from customhouse.rehearsal.world import make_sign_ins

    narrator = Narrator()
    house = House.in_directory(data)
    _stop_on_signals()
    code = INTERRUPTED
    try:
        with _told_failures(house):
            if keep:
                _resume(house)
                code = 0
            else:
                _fresh_folder(house)
                code = run(house, narrator).exit_code
            sign_ins = make_sign_ins(house)
        tell_files(house, narrator)
        tell_pages(house, narrator, sign_ins=sign_ins)
        tell_pushing(narrator)
        if keep:
            narrator.note("The passwords are new; those of an earlier run are void.")
        narrator.note("Ctrl-C stops the servers and both databases.")
        _serve_on(house)
    except KeyboardInterrupt:
        narrator.note("Stopping the servers and both databases.")
    finally:
        house.stop()
    raise typer.Exit(code)


@app.command()
def story(
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="FOLDER", help="Keep the files here; else they are deleted."
        ),
    ] = None,
) -> None:
    """Play the same ten days to the end without serving; exit 0 only when all of it held."""
    from customhouse.rehearsal.narrator import Narrator

    _stop_on_signals()
    narrator = Narrator()
    if data is not None:
        raise typer.Exit(_story(data, narrator, kept=True))
    with tempfile.TemporaryDirectory(prefix="customhouse-story-") as temporary:
        code = _story(Path(temporary) / "world", narrator, kept=False)
    raise typer.Exit(code)


def _story(data: Path, narrator: Narrator, *, kept: bool) -> int:
    """Play in a folder and stop everything; give the exit code."""
    from customhouse.rehearsal.demo import run, tell_files
    from customhouse.rehearsal.house_processes import House

    house = House.on_free_ports(data)
    try:
        _fresh_folder(house)
        with _told_failures(house):
            outcome = run(house, narrator)
    except KeyboardInterrupt:
        narrator.note("Interrupted.")
        return INTERRUPTED
    finally:
        house.stop()
    if kept:
        tell_files(house, narrator)
    return outcome.exit_code


@contextmanager
def _told_failures(house: House) -> Iterator[None]:
    """Tell what broke the demo off as a fault, with the place of the logs."""
    from customhouse.rehearsal.house_processes import CommandFailed, ServerDown

    try:
        yield
    except (CommandFailed, ServerDown) as error:
        values = {"reason": str(error), "folder": house.data / "logs"}
        raise Refused(Fault(DEMO_BROKE_OFF, values)) from None


def _fresh_folder(house: House) -> None:
    """Stop what an earlier demo left running in the folder, and wipe it."""
    from customhouse.rehearsal.world import NotOurs, make_folder

    _take_folder(house)
    try:
        make_folder(house)
    except NotOurs:
        raise Refused(Fault(FOLDER_NOT_A_WORLD, {"folder": house.data})) from None


def _take_folder(house: House) -> None:
    """Make sure that no other demo works in the folder, until this process ends."""
    from customhouse.rehearsal.house_processes import InUse

    try:
        house.take_folder()
    except InUse:
        raise Refused(Fault(WORLD_IN_USE, {"folder": house.data})) from None


def _resume(house: House) -> None:
    """Start the databases and servers of a world that was built before."""
    from customhouse.rehearsal.house_processes import CommandFailed
    from customhouse.rehearsal.world import is_world

    if not is_world(house.data):
        raise Refused(Fault(WORLD_MISSING, {"folder": house.data}))
    _take_folder(house)
    try:
        house.start_databases()
    except CommandFailed as error:
        told = [line for line in error.said.splitlines() if line.startswith("migration-")]
        if not told:
            raise
        values = {"folder": house.data, "reason": told[0]}
        raise Refused(Fault(WORLD_OF_ANOTHER_RELEASE, values)) from None
    house.serve()


def _serve_on(house: House) -> None:
    """Wait until somebody stops the demo, or a server ends by itself."""
    while not (side := house.dead_server()):
        time.sleep(LOOK_SECONDS)
    values = {"reason": f"The {side}'s server ended.", "folder": house.data / "logs"}
    raise Refused(Fault(DEMO_BROKE_OFF, values))


def _stop_on_signals() -> None:
    """Take SIGTERM as Ctrl-C, so that everything is stopped either way."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
