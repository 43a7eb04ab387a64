"""Whether who filed a form to join ACH Credit is known to have to do with its payer (CRD-12).

Any broker may file CBP Form 401 for any importer, so this refuses nothing: the officer who decides
is told. A filer has standing with an importer, whatever the suffix, when an entry summary of that
importer is its own, or the importer has designated it for a payer unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from psycopg import Connection

from customhouse.agency import credit_filer_standing_store as sql
from customhouse.agency.credit_enrolments import FiledBy
from customhouse.identifiers import without_suffix

Standing = Literal["own", "entries", "designated", "none", "not-kept"]
Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Which filers have to do with which importers: filer code, importer number without suffix."""

    entries: Pairs
    designations: Pairs


def standing_of(filed_by: FiledBy, payer: str, *, known: Acquaintance) -> Standing:
    """Say how who filed a form stands to its payer; ``payer`` is its canonical identifier."""
    if filed_by.how == "not-kept":
        return "not-kept"
    if filed_by.acts_for(payer):
        return "own"
    asked = {(filer_code, without_suffix(payer)) for filer_code in filed_by.filer_codes}
    if asked & known.entries:
        return "entries"
    return "designated" if asked & known.designations else "none"


def warning_of(standing: Standing | None, filed_by: FiledBy, *, payer: str) -> str:
    """Give what an officer has to know before the form is approved; empty where all is usual."""
    if standing == "none":
        return (
            f"{filed_by} has no standing with {payer}: no entry summary of it and no designation."
            " Ask the payer, on a number that you know."
        )
    if standing == "not-kept":
        return f"Nobody knows who filed for {payer}. Ask the payer, on a number that you know."
    return ""


def load(connection: Connection, asked: Sequence[tuple[FiledBy, str]], *, on: date) -> Acquaintance:
    """Give what is known of those who filed and of their payers, on a business date.

    Reads the entry summaries of the filers once, however many forms there are: no index is kept
    on entry summaries for the few forms that officers decide.
    """
    strangers = [(by, payer) for by, payer in asked if by.filer_codes and not by.acts_for(payer)]
    filer_codes = sorted({code for by, _ in strangers for code in by.filer_codes})
    if not filer_codes:
        return Acquaintance(frozenset(), frozenset())
    # Ten characters hold a number without its suffix; of the other forms they are a beginning.
    beginnings = sorted({payer[:10] for _, payer in strangers})
    values = {"filer_codes": filer_codes, "beginnings": beginnings}
    entries = connection.execute(sql.ENTRIES, values).fetchall()
    designations = connection.execute(sql.DESIGNATIONS_IN_FORCE, values | {"on": on}).fetchall()
    return Acquaintance(_pairs(entries), _pairs(designations))


def _pairs(rows: Sequence[tuple[str, str]]) -> Pairs:
    return frozenset((filer_code, without_suffix(number)) for filer_code, number in rows)
