"""What a person is told when a database, or a place for files, fails a command under way.

Only failures that somebody can do something about are known here; their own texts, which may quote
values, are never repeated. Anything else stays unexpected.
"""

from __future__ import annotations

import psycopg
from psycopg.errors import UndefinedColumn, UndefinedTable

from customhouse.faults import Fault, Refused, declare

DATABASE_NOT_MIGRATED = declare(
    "database-not-migrated",
    sentence="The database lacks a table or a column that this release needs.",
    next_step="Bring it up to date with: customhouse database migrate",
    http_status=503,
)
DATABASE_BROKE_OFF = declare(
    "database-broke-off",
    sentence="The database broke the work off: it stopped, or somebody else held what was needed.",
    next_step="Look with: customhouse database status. Then do it again; nothing is done twice.",
    http_status=503,
    exit_code=75,
)
PLACE_UNUSABLE = declare(
    "place-unusable",
    sentence="{place} cannot be used: {reason}.",
    next_step="See that it is what it should be, may be written and has room; then do it again.",
    http_status=503,
)


def refusal_of(error: Exception) -> Refused | None:
    """Give what to tell of a failure, or None when it is none of the known ones."""
    if isinstance(error, UndefinedTable | UndefinedColumn):
        return Refused(Fault(DATABASE_NOT_MIGRATED))
    if isinstance(error, psycopg.OperationalError):
        return Refused(Fault(DATABASE_BROKE_OFF))
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        values = {"place": error.filename, "reason": error.strerror.lower()}
        return Refused(Fault(PLACE_UNUSABLE, values))
    return None
