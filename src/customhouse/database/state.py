"""How the databases are: whether each answers, and which migrations it lacks.

Looks only; it neither starts nor migrates anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from customhouse.database import migrations
from customhouse.database.connections import connect
from customhouse.faults import Refused
from customhouse.settings import SIDES, Settings, Side


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """One side's database: does it answer, and the names of the migrations that it lacks."""

    side: Side
    embedded: bool
    answers: bool
    lacks: tuple[str, ...]

    @property
    def ready(self) -> bool:
        """Tell whether this release can work on the database."""
        return self.answers and not self.lacks

    @property
    def told(self) -> str:
        """Say the state in a few words."""
        where = "embedded" if self.embedded else "by URL"
        if not self.answers:
            return f"{where}, does not answer"
        if self.lacks:
            return f"{where}, answers, lacks {', '.join(self.lacks)}"
        return f"{where}, answers, schema up to date"


def state(settings: Settings) -> list[DatabaseState]:
    """Give the state of each side's database, as its application sees it."""
    return [_state_of(settings, side) for side in SIDES]


def _state_of(settings: Settings, side: Side) -> DatabaseState:
    embedded = settings.database_url(side) is None
    names = [migration.name for migration in migrations.migrations_of(side)]
    try:
        with connect(settings, side) as connection:
            applied = set(migrations.applied(connection))
    except Refused:
        return DatabaseState(side, embedded, answers=False, lacks=tuple(names))
    lacks = tuple(name for name in names if name not in applied)
    return DatabaseState(side, embedded, answers=True, lacks=lacks)
