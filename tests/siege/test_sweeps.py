"""Death at every boundary of every stage of the agency's days, then the same work again.

Each strike is on a world of its own, which goes on to the end of Wednesday morning and must then
have the rows of the world that nobody disturbed. A seeded few of the strikes are run by `make
test`, all of them with SIEGE=all (`make soak`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from customhouse.faults import Refused
from customhouse.settings import Settings
from tests.conftest import MakeSettings
from tests.siege.fuses import DIED, Fuse, in_child, killer_of_sessions
from tests.siege.rows import Rows, rows_of
from tests.siege.voyage import Stage, Voyage

STAGES = ("morning", "authorize", "credits", "refuse", "remove", "load", "evening", "next")
EVERYTHING = os.environ.get("SIEGE") == "all"
SEED = int(os.environ.get("SIEGE_SEED", "1126"))
SAMPLE = 1
PRINTED = ("statement", "statement_entry", "authorization_attempt", "transfer", "abi_outbox")
# Steps of few rows, which are one transaction and tell only what their last run did.
LAST_RUN_ONLY = (
    "hear of prenotes",
    "move what a closing moves",
    "look again at waiting payments",
    "tell the bank of stopped payer units",
    "send payers their mail",
    "send the mail of the day",
)

pytestmark = pytest.mark.timeout(3600 if EVERYTHING else 120)

# Strikes a stage at a boundary; tells whether the stage came to its end all the same.
Strike = Callable[[Stage, Voyage, int], bool]


@dataclass(frozen=True)
class Calm:
    """A voyage that nobody disturbed: its rows, its answers and its boundaries by stage."""

    agency: Rows
    bank: Rows
    told: dict[str, str]
    boundaries: dict[str, int]


@pytest.fixture(scope="module")
def calm(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calm]:
    """Sail once, counting."""
    with make_settings(tmp_path_factory.mktemp("calm")) as settings:
        voyage, counted = Voyage.begin(settings), {}
        for stage in voyage.stages():
            fuse = Fuse()
            stage.burning(voyage, fuse)
            counted[stage.name] = fuse.passed
        assert voyage.harbor.violations() == []
        agency, bank = rows_of(settings, "agency"), rows_of(settings, "bank")
        yield Calm(agency, bank, voyage.told, counted)


def _chosen(calm: Calm, stage: str) -> list[int]:
    every = range(1, calm.boundaries[stage] + 1)
    if EVERYTHING:
        return list(every)
    return sorted(random.Random(f"{SEED}/{stage}").sample(every, SAMPLE))


def _die(stage: Stage, voyage: Voyage, boundary: int) -> bool:
    status = in_child(lambda: stage.burning(voyage, Fuse(boundary)))
    assert status == DIED, "the process has to reach the boundary"
    return False


def _lose_session(stage: Stage, voyage: Voyage, boundary: int) -> bool:
    fuse = Fuse(boundary, strike=killer_of_sessions(voyage.settings, "agency"))
    ended = False
    with suppress(psycopg.OperationalError, Refused):
        stage.burning(voyage, fuse)
        ended = True
    assert fuse.passed >= boundary
    return ended


def _sail(settings: Settings, strike: Strike, *, at: str, boundary: int) -> Voyage:
    voyage = Voyage.begin(settings)
    for stage in voyage.stages():
        ended = stage.name == at and strike(stage, voyage, boundary)
        # A load that ended is over: started again, it would be a new one with another report.
        if not (ended and stage.name == "load"):
            stage.undisturbed(voyage)
    return voyage


def _sweep(
    calm: Calm, make_settings: MakeSettings, folder: Path, *, stage: str, strike: Strike
) -> None:
    for boundary in _chosen(calm, stage):
        with make_settings(folder / f"{stage}-{boundary}") as settings:
            voyage = _sail(settings, strike, at=stage, boundary=boundary)
            where = f"{stage}, boundary {boundary} of {calm.boundaries[stage]}"
            assert voyage.harbor.violations() == [], where
            if strike is _lose_session and stage == "morning":
                # The run went on with the next filer, so that the numbers may have changed hands.
                totals = [len(rows_of(settings, "agency")[name]) for name in PRINTED]
                assert totals == [len(calm.agency[name]) for name in PRINTED], where
                continue
            if stage == "load" and boundary == calm.boundaries["load"]:
                # Struck when all was told and the load had ended: started again, it is a new one.
                del voyage.told["load"]
            assert voyage.told.items() <= calm.told.items(), where
            found = rows_of(settings, "agency")
            found["day_step"] = _told(found, calm, blurred=strike is _lose_session)
            assert found == calm.agency, where
            assert rows_of(settings, "bank") == calm.bank, where


def _told(found: Rows, calm: Calm, *, blurred: bool) -> list[tuple[object, ...]]:
    """Give the steps as they were told, less what a step without checkpoints says of its last run.

    ``blurred``: a step that lived on without one of its sessions has told of that.
    """
    told = {(step[0], step[1]): step for step in calm.agency["day_step"]}
    return [
        told.get((step[0], step[1]), step) if blurred or step[1] in LAST_RUN_ONLY else step
        for step in found["day_step"]
    ]


@pytest.mark.parametrize("stage", STAGES)
def test_death_at_a_boundary_changes_no_row_of_the_end(
    calm: Calm, make_settings: MakeSettings, tmp_path: Path, stage: str
) -> None:
    """B1, B3, B11: the process dies; its locks vanish; the same command then ends alike."""
    _sweep(calm, make_settings, tmp_path, stage=stage, strike=_die)


@pytest.mark.parametrize("stage", STAGES)
def test_a_session_killed_at_a_boundary_changes_no_row_of_the_end(
    calm: Calm, make_settings: MakeSettings, tmp_path: Path, stage: str
) -> None:
    """B5: the server ends the session before a statement or commit; what was begun vanishes."""
    _sweep(calm, make_settings, tmp_path, stage=stage, strike=_lose_session)
