"""What became of money that does not wait any more, said to its payer (CRD-04).

Queries only. A part that was shared out or moved is told by what of it is still the payer's; what
was found to be somebody else's is told as not the payer's, and whose it is, is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_part_ends_store as sql
from customhouse.agency.credit_part_ids import credit_id_of
from customhouse.money import format_dollars

MOST_TOLD = 10
_WHERE = {
    "unapplied": "waits",
    "returning": "goes back through the bank that it came from",
    "returned": "went back through the bank that it came from",
}


@dataclass(frozen=True, slots=True)
class PartEnd:
    """Where money of a payer stands now; cents."""

    part_id: str
    state: str
    amount_cents: int
    applied_cents: int
    refundable_cents: int
    statement_number: str | None


def words(connection: Connection, party_id: int, part_id: str) -> str:
    """Say where the money of a part stands that was a payer's, in one sentence without its end."""
    values = {
        "party": party_id,
        "credit_id": credit_id_of(part_id),
        "part_id": part_id,
        "most": MOST_TOLD,
    }
    with connection.cursor(row_factory=class_row(PartEnd)) as cursor:
        found = cursor.execute(sql.ENDS, values).fetchall()
    if not found:
        return "an officer found that it is not yours"
    return "; ".join(_end_words(each, part_id) for each in found)


def _end_words(end: PartEnd, part_id: str) -> str:
    name = "" if end.part_id == part_id else f"{end.part_id}: "
    if end.state in _WHERE:
        return f"{name}{format_dollars(end.amount_cents)} {_WHERE[end.state]}"
    said = []
    if end.applied_cents:
        said.append(f"{format_dollars(end.applied_cents)} pays statement {end.statement_number}")
    if end.refundable_cents:
        said.append(f"{format_dollars(end.refundable_cents)} is owed back to you")
    return f"{name}{' and '.join(said)}"
