"""Entry summaries as rows: found by key, written with their charges, a chunk at a time.

Columns go to the database as array texts made here, which costs a fraction of spelling the values
one by one. Nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import args_row

from customhouse.agency import entry_summaries_store as sql
from customhouse.agency.entry_summaries import EntrySummary

Key = tuple[str, str]
COLUMNS: Final = tuple(each.name for each in fields(EntrySummary) if each.name != "charges")
_ROW: Final = attrgetter(*COLUMNS)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry summary on file, and the statement that it is on, if any."""

    entry: EntrySummary
    statement_number: str | None


def stored_entries(connection: Connection, keys: Iterable[Key]) -> dict[Key, StoredEntry]:
    """Give those of the entries that are on file, by key, and hold them until the end."""
    with connection.cursor(row_factory=args_row(_stored)) as cursor:
        rows = cursor.execute(sql.STORED, _keys(keys)).fetchall()
    return {row.entry.key: row for row in rows}


def write_entries(
    connection: Connection,
    entries: Iterable[EntrySummary],
    *,
    due_on: Callable[[EntrySummary], date | None],
    received_at: datetime,
) -> set[Key]:
    """Write entries with their charges, whatever was there; give the keys of those written.

    ``due_on`` tells the last day to pay an entry. One that came onto a statement meanwhile is left
    alone and absent from what is given.
    """
    ordered = sorted(entries, key=lambda entry: entry.key)
    if not ordered:
        return set()
    values: dict[str, object] = {
        name: array_text(column)
        for name, column in zip(COLUMNS, zip(*map(_ROW, ordered), strict=True), strict=True)
    }
    values |= {"due_on": array_text([due_on(entry) for entry in ordered])}
    rows = connection.execute(sql.WRITE, {**values, "received_at": received_at}).fetchall()
    written = {(filer_code, entry_number) for filer_code, entry_number in rows}
    connection.execute(sql.DELETE_CHARGES, _keys(sorted(written)))
    charges = [
        (entry.filer_code, entry.entry_number, class_code, cents)
        for entry in ordered
        if entry.key in written
        for class_code, cents in entry.charges
    ]
    names = ("filer_codes", "entry_numbers", "class_codes", "amounts_cents")
    columns = list(zip(*charges, strict=True)) or [()] * len(names)
    spelled = {name: array_text(column) for name, column in zip(names, columns, strict=True)}
    connection.execute(sql.INSERT_CHARGES, spelled)
    return written


def warehouse_dates(connection: Connection, keys: Iterable[Key]) -> dict[str, date]:
    """Give the print dates of those that are warehouse entries, by their eleven characters."""
    return dict(connection.execute(sql.WAREHOUSE_DATES, _keys(keys)).fetchall())


def array_text(column: Sequence[object]) -> str:
    """Spell a column as the text of an array: ``{"B76","D31"}``; None is NULL.

    For values that need no escaping, as those of a well-formed entry: raises ValueError for a
    quote or a backslash.
    """
    spelled = ["NULL" if value is None else f'"{value}"' for value in column]
    text = f"{{{','.join(spelled)}}}"
    if "\\" in text or text.count('"') != 2 * (len(column) - column.count(None)):
        raise ValueError("a value of this column would have to be escaped")
    return text


def _stored(*row: Any) -> StoredEntry:
    """Give a row of STORED: the columns, the class codes, their amounts, the statement."""
    *columns, class_codes, amounts, statement_number = row
    charges = tuple(zip(class_codes, amounts, strict=True))
    return StoredEntry(EntrySummary(*[*columns, charges]), statement_number)


def _keys(keys: Iterable[Key]) -> dict[str, str]:
    filer_codes, entry_numbers = [], []
    for filer_code, entry_number in keys:
        filer_codes.append(filer_code)
        entry_numbers.append(entry_number)
    return {"filer_codes": array_text(filer_codes), "entry_numbers": array_text(entry_numbers)}
