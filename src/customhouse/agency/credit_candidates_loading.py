"""Loads what may be meant by a payment that was not matched, in a bounded number of statements.

Looks up the numbers near those that were read, what is open for the amount, and what is open of the
payers who are likely. What speaks for each is judged in credit_candidates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_candidates, credit_documents, credit_pools
from customhouse.agency import credit_candidates_store as sql
from customhouse.agency.credit_candidates import Candidate, OnFile, Subject
from customhouse.identifiers import without_suffix

# In so many statements an entry is looked for that the amount is short of.
MOST_LOOKED_THROUGH: Final = 50


@dataclass(frozen=True, slots=True)
class _Row:
    """A document's row; cents."""

    kind: str
    number: str
    filer_code: str
    statement_number: str
    state: str
    total_cents: int
    due_on: date | None
    payer_party_id: int
    payer_name: str
    importer_number: str | None


def earlier_payers(connection: Connection, company_identification: str) -> dict[int, int]:
    """Count the applied payments of an originator by payer; at most five payers."""
    values = {"company": company_identification}
    return dict(connection.execute(sql.EARLIER_PAYERS, values).fetchall())


def load(
    connection: Connection,
    subject: Subject,
    *,
    company_identification: str,
    likely: Sequence[int],
) -> list[Candidate]:
    """Give the candidates of a part; ``likely`` are the parties that may have sent it."""
    numbers = credit_candidates.numbers_to_look_up(subject)
    values = {"company": company_identification, "cents": subject.amount_cents}
    numbers += [number for (number,) in connection.execute(sql.EARLIER_STATEMENTS, values)]
    entries = _statements_of_entries(connection, subject)
    numbers += [number for _, number in entries]
    named = _rows(connection, sql.BY_NUMBER, {"numbers": numbers})
    named += _rows(connection, sql.BY_AMOUNT, {"cents": subject.amount_cents})
    rows = _once(named + _open_of(connection, likely))
    sole = _sole_importers(connection, _once(named))
    found = [
        replace(each, entry_named=entries.get((each.filer_code, each.number), ""))
        for each in _on_file(connection, rows, sole)
    ]
    return credit_candidates.candidates(subject, _short_of_entries(connection, subject, found))


def _statements_of_entries(connection: Connection, subject: Subject) -> dict[tuple[str, str], str]:
    """Give the statements whose entries the payment names, each with the entry's number."""
    entries = credit_candidates.entries_to_look_up(subject)
    values = {
        "filer_codes": [entry[:3] for entry in entries],
        "entry_numbers": [entry[3:] for entry in entries],
    }
    return {
        (filer_code, number): _spelled(filer_code, entry)
        for filer_code, number, entry in connection.execute(sql.OF_ENTRIES, values)
    }


def _short_of_entries(
    connection: Connection, subject: Subject, documents: Sequence[OnFile]
) -> list[OnFile]:
    """Say of statements on which more is due whether one entry of theirs is what is missing.

    Looked through are those of likely payers of which the least is missing.
    """
    over = [
        each
        for each in documents
        if each.kind == "statement" and each.due_cents > subject.amount_cents
    ]
    over.sort(key=lambda each: (each.due_cents, each.number))
    some = over[:MOST_LOOKED_THROUGH]
    values = {
        "filer_codes": [each.filer_code for each in some],
        "numbers": [each.number for each in some],
        "cents": [each.due_cents - subject.amount_cents for each in some],
    }
    short = {
        (filer_code, number): _spelled(filer_code, entry)
        for filer_code, number, entry in connection.execute(sql.ENTRIES_OF_CENTS, values)
    }
    return [
        replace(each, entry_short=short.get((each.filer_code, each.number), ""))
        for each in documents
    ]


def _spelled(filer_code: str, eight: str) -> str:
    return f"{filer_code}-{eight[:7]}-{eight[7:]}"


def _open_of(connection: Connection, parties: Sequence[int]) -> list[_Row]:
    if not parties:
        return []
    found = connection.execute(sql.IDENTIFIERS, {"parties": list(parties)}).fetchall()
    filers = [identifier for identifier, kind in found if kind == "filer"]
    numbers = [identifier for identifier, kind in found if kind == "importer"]
    rows = _rows(connection, sql.OF_FILERS, {"filer_codes": filers}) if filers else []
    if numbers:
        # A statement of type 5 has the importer number without its suffix.
        spelled = sorted({*numbers, *(without_suffix(number) for number in numbers)})
        rows += _rows(connection, sql.OF_IMPORTERS, {"importers": spelled})
    return rows


def _sole_importers(connection: Connection, rows: Sequence[_Row]) -> dict[tuple[str, str], str]:
    """Give the one importer of statements, without suffix, where there is one."""
    wanted = [("statement", row.statement_number) for row in rows]
    documents = credit_documents.load(connection, wanted)
    return {
        (each.filer_code, each.statement_number): each.sole_importer
        for each in documents.values()
        if each.sole_importer is not None
    }


def _on_file(
    connection: Connection, rows: Sequence[_Row], sole: Mapping[tuple[str, str], str]
) -> list[OnFile]:
    keys = {(row.filer_code, row.statement_number) for row in rows}
    missing = credit_pools.missing(connection, keys) if keys else {}
    importers = {
        (row.filer_code, row.statement_number): without_suffix(row.importer_number)
        for row in rows
        if row.importer_number is not None
    } | dict(sole)
    of_filer: dict[str, int] = dict(
        connection.execute(
            sql.PARTIES_OF_FILERS, {"filer_codes": sorted({row.filer_code for row in rows})}
        ).fetchall()
    )
    of_importer: dict[str, list[int]] = {}
    bases = {"bases": sorted(set(importers.values()))}
    for base, party in connection.execute(sql.PARTIES_OF_IMPORTERS, bases):
        of_importer.setdefault(base, []).append(party)
    found = []
    for row in rows:
        key = (row.filer_code, row.statement_number)
        due = missing.get(key, row.total_cents) if row.state == "preliminary" else 0
        parties = [of_filer[row.filer_code]] if row.filer_code in of_filer else []
        parties += of_importer.get(importers.get(key, ""), [])
        found.append(
            OnFile(
                kind=row.kind,
                number=row.number,
                filer_code=row.filer_code,
                statement_number=row.statement_number,
                state=row.state,
                total_cents=row.total_cents,
                due_cents=max(due, 0),
                due_on=row.due_on,
                payer_party_id=row.payer_party_id,
                payer_name=row.payer_name,
                payable_by=tuple(parties),
            )
        )
    return found


def _once(rows: Iterable[_Row]) -> list[_Row]:
    return list({(row.kind, row.number): row for row in rows}.values())


def _rows(connection: Connection, statement: Any, values: dict[str, object]) -> list[_Row]:
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        return cursor.execute(statement, values).fetchall()
