"""Death at every boundary of a bank's days, then the same work again.

Each strike is on a world of its own, which goes on to the end and must then have the rows, the
names and the bytes of the world that nobody disturbed. A seeded few of the strikes are run by
`make test`, all of them with SIEGE=all (`make soak`).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from customhouse.faults import Refused
from tests.conftest import MakeSettings
from tests.siege.bank_days import BankDays, Ending, burning, in_pieces, when_free
from tests.siege.fuses import DIED, Fuse, in_child, killer_of_sessions

STAGES = ("originate", "take in", "resend", "refused", "pushed", "rotate")
EVERYTHING = os.environ.get("SIEGE") == "all"
SEED = int(os.environ.get("SIEGE_SEED", "1126"))
SAMPLE = 1

pytestmark = pytest.mark.timeout(7200 if EVERYTHING else 120)

Strike = Callable[[BankDays, Callable[[], object], int], None]


@dataclass(frozen=True)
class Calm:
    """Days that nobody disturbed: their ending, and how many boundaries each stage has."""

    ending: Ending
    boundaries: dict[str, int]


@pytest.fixture(scope="module")
def calm(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Calm:
    """Live once, counting."""
    with make_settings(tmp_path_factory.mktemp("calm")) as settings, in_pieces():
        days, counted = BankDays.begin(settings), {}
        for name, work in days.stages():
            fuse = Fuse()
            with burning(days.branch.settings, fuse):
                work()
            counted[name] = fuse.passed
        assert tuple(counted) == STAGES
        assert min(counted.values()) >= 8
        return Calm(days.ending(), counted)


def _die(days: BankDays, work: Callable[[], object], boundary: int) -> None:
    def burn() -> None:
        with burning(days.branch.settings, Fuse(boundary)):
            work()

    assert in_child(burn) == DIED, "the process has to reach the boundary"


def _lose_session(days: BankDays, work: Callable[[], object], boundary: int) -> None:
    fuse = Fuse(boundary, strike=killer_of_sessions(days.branch.settings, "bank"))
    with suppress(psycopg.Error, Refused), burning(days.branch.settings, fuse):
        work()
    assert fuse.passed >= boundary


def _sweep(
    calm: Calm, make_settings: MakeSettings, folder: Path, *, stage: str, strike: Strike
) -> None:
    every = range(1, calm.boundaries[stage] + 1)
    chosen = list(every)
    if not EVERYTHING:
        chosen = sorted(random.Random(f"{SEED}/{stage}/{strike.__name__}").sample(every, SAMPLE))
    for boundary in chosen:
        with make_settings(folder / str(boundary)) as settings, in_pieces():
            days = BankDays.begin(settings)
            for name, work in days.stages():
                if name == stage:
                    strike(days, work, boundary)
                when_free(work)
            where = f"{stage}, boundary {boundary} of {calm.boundaries[stage]}"
            assert days.ending() == calm.ending, where


@pytest.mark.parametrize("stage", STAGES)
def test_death_at_a_boundary_changes_nothing_in_the_end(
    calm: Calm, make_settings: MakeSettings, tmp_path: Path, stage: str
) -> None:
    """B1, B2, B11: the process dies; the same command then ends with the same rows and bytes."""
    _sweep(calm, make_settings, tmp_path, stage=stage, strike=_die)


@pytest.mark.parametrize("stage", STAGES)
def test_a_session_killed_at_a_boundary_changes_nothing_in_the_end(
    calm: Calm, make_settings: MakeSettings, tmp_path: Path, stage: str
) -> None:
    """B5: the server ends the session at a boundary; what was begun vanishes whole."""
    _sweep(calm, make_settings, tmp_path, stage=stage, strike=_lose_session)
