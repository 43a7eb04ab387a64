"""Checkpoints: a step of a day works in chunks, each one transaction with one row kept here.

A step that was killed is simply run again: it finds what is left by the business rows themselves,
and its figures, the sum over its chunks, are those of a run that nobody disturbed. Nothing is
decided here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from customhouse.agency import checkpoints_store as sql
from customhouse.clock import Clock


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk of a step on a business date; ``key`` is the natural key of what it does."""

    business_date: date
    step: str
    key: str


def record(
    connection: Connection, chunk: Chunk, *, figures: Mapping[str, int], clock: Clock
) -> None:
    """Keep a chunk in its own transaction, with its figures by name.

    A second chunk of the same key raises psycopg's UniqueViolation: nothing is done twice.
    """
    values = {
        "business_date": chunk.business_date,
        "step": chunk.step,
        "chunk": chunk.key,
        "figures": json.dumps(dict(figures)),
        "finished_at": clock.now(),
    }
    connection.execute(sql.RECORD, values)


def figures(connection: Connection, business_date: date, step: str) -> Counter[str]:
    """Add up the figures of a step's chunks on a day; a name that none has counts 0."""
    values = {"business_date": business_date, "step": step}
    return Counter(dict(connection.execute(sql.FIGURES, values).fetchall()))
