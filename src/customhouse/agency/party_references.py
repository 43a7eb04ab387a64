"""Parties that other parties name: whoever is named must be registered first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from psycopg import Connection

from customhouse.agency import parties
from customhouse.agency import party_faults as faults
from customhouse.agency.party_outcomes import well_formed
from customhouse.agency.party_rules import item_fault, shown
from customhouse.faults import Fault

Item = TypeVar("Item")


def require_filers(
    connection: Connection,
    items: Sequence[tuple[Item, list[Fault]]],
    *,
    codes: Callable[[Item], Iterable[str]],
) -> list[tuple[Item, list[Fault]]]:
    """Add a fault to each well-formed item for every filer it names that is not registered."""
    named = {code for item in well_formed(items) for code in codes(item)}
    return _require(items, "filer", names=codes, known=parties.filers(connection, named))


def require_importers(
    connection: Connection,
    items: Sequence[tuple[Item, list[Fault]]],
    *,
    numbers: Callable[[Item], Iterable[str]],
) -> list[tuple[Item, list[Fault]]]:
    """Add a fault to each well-formed item for every importer it names that is not registered."""
    named = {number for item in well_formed(items) for number in numbers(item)}
    return _require(items, "importer", names=numbers, known=parties.importers(connection, named))


def _require(
    items: Sequence[tuple[Item, list[Fault]]],
    kind: str,
    *,
    names: Callable[[Item], Iterable[str]],
    known: Iterable[str],
) -> list[tuple[Item, list[Fault]]]:
    on_file = frozenset(known)
    checked = []
    for item, found in items:
        missing = [] if found else [key for key in names(item) if key not in on_file]
        checked.append((item, [*found, *(_missing(item, kind, key) for key in missing)]))
    return checked


def _missing(item: object, kind: str, key: str) -> Fault:
    name = type(item).__name__.removeprefix("New").lower()
    return item_fault(faults.PARTY_NOT_REGISTERED, f"This {name}", kind=kind, key=shown(key))
