"""What a payment may name: a statement, or the bill of one; and who may pay it by ACH Credit.

A filer may pay any statement that it filed, an importer one on which all entries are its own, under
whatever suffix (CRD-13; as SEC-06 has it for debits). To anybody else a document is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_documents_store as sql

DocumentKind = Literal["statement", "bill"]
# What can be looked up here; deferred tax on entries is not collected yet.
KINDS: Final[dict[str, str]] = {"statement": sql.STATEMENTS, "bill": sql.BILLS}
_LENGTH_WITHOUT_SUFFIX: Final = 10


@dataclass(frozen=True, slots=True)
class Document:
    """A document by its number, and the statement that a payment of it pays.

    ``sole_importer`` is the importer number, without suffix, of all entries on the statement; None
    where they are of several.
    """

    number: str
    filer_code: str
    statement_number: str
    payer_party_id: int
    sole_importer: str | None

    def may_be_paid_by(self, payer_identifier: str) -> bool:
        """Tell whether a payer may pay it: a filer code or an importer number with hyphens."""
        if payer_identifier == self.filer_code:
            return True
        return self.sole_importer == base_of(payer_identifier)


def base_of(importer_number: str) -> str:
    """Give as much of an importer number as names the importer: an EIN loses its suffix."""
    has_suffix = importer_number[2:3] == "-"
    return importer_number[:_LENGTH_WITHOUT_SUFFIX] if has_suffix else importer_number


def load(
    connection: Connection, wanted: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Document]:
    """Give the documents that exist, by kind and number; those of no known kind are absent."""
    numbers: dict[str, set[str]] = {}
    for kind, number in wanted:
        numbers.setdefault(kind, set()).add(number)
    found: dict[tuple[str, str], Document] = {}
    for kind, statement in KINDS.items():
        if kind not in numbers:
            continue
        with connection.cursor(row_factory=class_row(Document)) as cursor:
            rows = cursor.execute(statement, {"numbers": sorted(numbers[kind])})
            found |= {(kind, row.number): row for row in rows}
    return found
