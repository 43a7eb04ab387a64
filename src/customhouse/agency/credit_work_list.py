"""The exception desk's work list: what waits, by age and amount, and how much in all (CRD-04).

Queries only, bounded: a list ends after 1,000 parts and goes on behind its last one. What is known
of one part is told in credit_desk. Amounts in cents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_payers
from customhouse.agency import credit_work_list_store as sql
from customhouse.agency.credit_desk_faults import FILTER_WRONG, PAYER_UNKNOWN
from customhouse.agency.credit_part_ids import credit_id_of, unknown_part
from customhouse.faults import Fault, Refused
from customhouse.money import MAX_ENTRY_CENTS

MOST_LISTED: Final = 1_000
OLDEST_DAYS: Final = 36_500
# Ages in days, as they are counted in totals.
AGES: Final = ("0-1", "2-7", "8-30", "over 30")
# Why money waits, as docs/explanation/incoming-credits.md explains it.
REASONS: Final = (
    "addendum-missing",
    "addendum-unreadable",
    "document-open",
    "document-unknown",
    "payer-not-enrolled",
    "payer-unknown",
    "return-refused",
    "short",
    "sum-mismatch",
    "type-unknown",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the work list is wanted; None, 0 and false hold to nothing.

    ``answered``: only what its payer answered about, or somebody claims. ``after`` is the part
    behind which the list goes on; the totals count all the same.
    """

    reason: str | None = None
    older_than_days: int | None = None
    min_cents: int = 0
    payer_identifier: str | None = None
    answered: bool = False
    after: str | None = None
    most: int = MOST_LISTED


@dataclass(frozen=True, slots=True)
class Line:
    """A part that waits: cents, since which business date, whose it is and what was read.

    ``answers`` counts what its payer said about it, ``claims`` who claims its entry.
    """

    part_id: str
    reason: str
    detail: str
    amount_cents: int
    collected_on: date
    since_on: date
    payer_party_id: int
    owner_name: str
    owner_kind: str
    sender_name: str | None
    payer_identifier: str
    type_code: str
    document_number: str
    statement_number: str | None
    company_name: str
    company_identification: str
    trace_number: str
    answers: int
    claims: int


@dataclass(frozen=True, slots=True)
class Total:
    """What waits for one reason: how many parts, cents, since when the oldest does, and by age.

    The ages are those of AGES, in days.
    """

    reason: str
    parts: int
    cents: int
    oldest_on: date
    up_to_1: int
    up_to_7: int
    up_to_30: int
    older: int

    @property
    def ages(self) -> dict[str, int]:
        """Give how many parts are of each age, by the names of AGES."""
        counts = (self.up_to_1, self.up_to_7, self.up_to_30, self.older)
        return dict(zip(AGES, counts, strict=True))


@dataclass(frozen=True, slots=True)
class WorkList:
    """The lines, bounded, and the totals of all that the filters mean.

    ``after`` is the part behind which the list goes on, None where it has come to its end.
    """

    business_date: date
    lines: tuple[Line, ...]
    totals: tuple[Total, ...]
    after: str | None = None

    def age_of(self, line: Line) -> int:
        """Give for how many days a part waits."""
        return (self.business_date - line.since_on).days

    def in_all(self) -> Total | None:
        """Give the total over all reasons, None where nothing waits."""
        if not self.totals:
            return None
        return Total(
            reason="",
            parts=sum(each.parts for each in self.totals),
            cents=sum(each.cents for each in self.totals),
            oldest_on=min(each.oldest_on for each in self.totals),
            up_to_1=sum(each.up_to_1 for each in self.totals),
            up_to_7=sum(each.up_to_7 for each in self.totals),
            up_to_30=sum(each.up_to_30 for each in self.totals),
            older=sum(each.older for each in self.totals),
        )


def work_list(connection: Connection, filters: Filters, *, business_date: date) -> WorkList:
    """Give what waits, the oldest first and then the largest, with totals by reason.

    Raises Refused: desk-filter-wrong, desk-payer-unknown, credit-part-unknown.
    """
    values = _values(connection, filters, business_date)
    with connection.cursor(row_factory=class_row(Line)) as cursor:
        lines = cursor.execute(sql.LISTING, values).fetchall()
    with connection.cursor(row_factory=class_row(Total)) as cursor:
        totals = cursor.execute(sql.TOTALS, values).fetchall()
    after = lines[filters.most - 1].part_id if len(lines) > filters.most else None
    return WorkList(business_date, tuple(lines[: filters.most]), tuple(totals), after)


def pages(connection: Connection, filters: Filters, *, business_date: date) -> Iterator[WorkList]:
    """Give the list from page to page up to its end; raises Refused as ``work_list``."""
    found = work_list(connection, filters, business_date=business_date)
    yield found
    while found.after is not None:
        on = replace(filters, after=found.after)
        found = work_list(connection, on, business_date=business_date)
        yield found


def _values(connection: Connection, filters: Filters, business_date: date) -> dict[str, object]:
    reason, days = filters.reason, filters.older_than_days
    if reason is not None and reason not in REASONS:
        _refuse("reason", reason, f"one of {', '.join(REASONS)}")
    if days is not None and not 0 <= days <= OLDEST_DAYS:
        _refuse("number of days", days, f"from 0 to {OLDEST_DAYS:,}")
    if not 0 <= filters.min_cents <= MAX_ENTRY_CENTS:
        _refuse("least amount", filters.min_cents, "cents of one entry")
    if not 1 <= filters.most <= MOST_LISTED:
        _refuse("length of the list", filters.most, f"from 1 to {MOST_LISTED:,}")
    last = _last_of_page(connection, filters.after)
    party = None
    if filters.payer_identifier is not None:
        named = credit_payers.load(connection, [filters.payer_identifier])
        if filters.payer_identifier not in named:
            values = {"payer_identifier": ascii(filters.payer_identifier)[:40]}
            raise Refused(Fault(PAYER_UNKNOWN, values))
        party = named[filters.payer_identifier].payer_party_id
    return {
        "reason": reason,
        "since": None if days is None else business_date - timedelta(days=days),
        "min_cents": filters.min_cents,
        "party": party,
        "answered": filters.answered,
        "business_date": business_date,
        "after_on": None if last is None else last[0],
        "after_cents": None if last is None else last[1],
        "after_part": filters.after,
        "most": filters.most + 1,
    }


def _last_of_page(connection: Connection, part_id: str | None) -> tuple[date, int] | None:
    """Give since when the last part of a page waits, or waited, and its cents."""
    if part_id is None:
        return None
    values = {"credit_id": credit_id_of(part_id), "part_id": part_id}
    found = connection.execute(sql.PLACE, values).fetchone()
    if found is None:
        raise Refused(unknown_part(part_id))
    return found[0], found[1]


def _refuse(name: str, seen: object, expected: str) -> None:
    values = {"name": name, "seen": ascii(seen)[:60], "expected": expected}
    raise Refused(Fault(FILTER_WRONG, values))
