"""The list of a filer's statements: found by number, entry, importer or print date, page by page.

Queries only; every one takes the filer codes that the reader may see. What a reader types is read
leniently, as numbers are spelled on paper; whether such a number is on file is for the search to
say. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import statement_listing_store as sql
from customhouse.agency.statement_views import StatementSummary
from customhouse.identifiers import IdentifierError, ImporterNumber

SHORTEST_PREFIX = 4
STATEMENT_NUMBER_LENGTH = 10
# Where a statement stands in a list; "reopened" is preliminary again after a debit came back.
STANDINGS = ("reopened", "preliminary", "authorized", "paid", "final", "cancelled")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for: a number as it was typed, and a span of print dates, both inclusive."""

    text: str = ""
    printed_from: date | None = None
    printed_to: date | None = None

    @property
    def any_given(self) -> bool:
        """Tell whether anything at all is looked for."""
        return bool(self.text) or self.printed_from is not None or self.printed_to is not None


@dataclass(frozen=True, slots=True)
class _Count:
    standing: str
    statements: int


def standings_of(
    connection: Connection, filer_codes: Sequence[str], criteria: Criteria
) -> dict[str, int]:
    """Count the statements that match by where they stand; a standing without any is absent."""
    values = _values(filer_codes, criteria)
    with connection.cursor(row_factory=class_row(_Count)) as cursor:
        rows = cursor.execute(sql.STANDINGS, values).fetchall()
    return {row.standing: row.statements for row in rows}


def page_of(
    connection: Connection,
    filer_codes: Sequence[str],
    *,
    criteria: Criteria,
    standing: str | None,
    limit: int,
    offset: int,
) -> list[StatementSummary]:
    """List matching statements of one standing or of all, latest print date first."""
    page = {"standing": standing, "limit": limit, "offset": offset}
    values = _values(filer_codes, criteria) | page
    with connection.cursor(row_factory=class_row(StatementSummary)) as cursor:
        return cursor.execute(sql.PAGE, values).fetchall()


def _values(filer_codes: Sequence[str], criteria: Criteria) -> dict[str, object]:
    compact = compacted(criteria.text)
    entry_filer, entry_number = entry_in(compact)
    return {
        "filer_codes": list(filer_codes),
        "searching": bool(criteria.text),
        "number_prefix": number_prefix_in(compact),
        "entry_filer": entry_filer,
        "entry_number": entry_number,
        "importer_numbers": importers_in(compact),
        "printed_from": criteria.printed_from,
        "printed_to": criteria.printed_to,
    }


def compacted(text: str) -> str:
    """Give the letters and digits of a number however it was spelled, letters in capitals."""
    return "".join(each for each in text.upper() if each.isascii() and each.isalnum())


def number_prefix_in(compact: str) -> str | None:
    """Give the beginning of a statement number, four characters or more; else None."""
    fits = SHORTEST_PREFIX <= len(compact) <= STATEMENT_NUMBER_LENGTH
    return compact if fits else None


def entry_in(compact: str) -> tuple[str | None, str | None]:
    """Give the filer code, if it was written, and the eight digits of an entry number.

    The check digit is not tried: what is on file is found, what is not is not.
    """
    filer_code, digits = compact[:-8], compact[-8:]
    if len(filer_code) not in (0, 3) or len(digits) != 8 or not digits.isdigit():
        return None, None
    return filer_code or None, digits


def importers_in(compact: str) -> list[str]:
    """Give every importer number that these characters can spell, in its canonical form.

    What may be an IRS number without suffix is given that way as well: statements of type 5 go by
    it.
    """
    spelled = {
        9: [f"{compact[:2]}-{compact[2:]}", f"{compact[:3]}-{compact[3:5]}-{compact[5:]}"],
        11: [f"{compact[:2]}-{compact[2:]}", f"{compact[:6]}-{compact[6:]}"],
    }
    found = []
    for text in spelled.get(len(compact), []):
        try:
            number = str(ImporterNumber.parse(text))
        except IdentifierError:
            continue
        found += [number] if text == number else [number, text]
    return found
