"""How the databases are: whether each answers, and which migrations it lacks.

Looks only; it neither starts nor migrates anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import Connection

from customhouse.database import migrations
from customhouse.database.connections import connect
from customhouse.database.failures import DATABASE_NOT_MIGRATED
from customhouse.faults import Fault, Refused
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


def require_ready(settings: Settings, side: Side, *, tables: Iterable[str] = ()) -> None:
    """Raise Refused where a side's database is not there, does not answer or is not migrated.

    ``tables`` are further ones that must be there, from another history of migrations than ours.
    """
    with connect(settings, side) as connection:
        applied = set(migrations.applied(connection))
        there = [_is_there(connection, table) for table in tables]
    lacks = [each for each in migrations.migrations_of(side) if each.name not in applied]
    if lacks or not all(there):
        raise Refused(Fault(DATABASE_NOT_MIGRATED))


def _is_there(connection: Connection, table: str) -> bool:
    row = connection.execute("select to_regclass(%s) is not null", [table]).fetchone()
    return row == (True,)


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
