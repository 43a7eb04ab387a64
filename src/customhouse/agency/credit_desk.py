"""The exception desk's work list, and one part of a payment with all that is known of it (CRD-04).

Queries only: nothing here decides or moves anything. Amounts in cents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_candidates_loading as loading
from customhouse.agency import credit_desk_store as sql
from customhouse.agency import credit_payers
from customhouse.agency.credit_candidates import Candidate, Subject
from customhouse.agency.credit_desk_faults import FILTER_WRONG, PAYER_UNKNOWN
from customhouse.agency.credit_part_ids import credit_id_of, lineage, unknown_part
from customhouse.faults import Fault, Refused
from customhouse.formats import txp
from customhouse.formats.txp import TxpProfile, TxpReading
from customhouse.money import MAX_ENTRY_CENTS, format_dollars

MOST_LISTED: Final = 1_000
OLDEST_DAYS: Final = 36_500
# Of an entry that cannot be told apart so many addenda are looked through.
ADDENDA_READ: Final = 5
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
    """What of the work list is wanted; None and 0 hold to nothing."""

    reason: str | None = None
    older_than_days: int | None = None
    min_cents: int = 0
    payer_identifier: str | None = None
    most: int = MOST_LISTED


@dataclass(frozen=True, slots=True)
class Line:
    """A part that waits: cents, since which business date, whose it is and what was read.

    ``answers`` counts what its payer said about it.
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


@dataclass(frozen=True, slots=True)
class Total:
    """What waits for one reason: how many parts, cents, and since when the oldest does."""

    reason: str
    parts: int
    cents: int
    oldest_on: date


@dataclass(frozen=True, slots=True)
class WorkList:
    """The lines, bounded, and the totals of all that the filters mean."""

    business_date: date
    lines: tuple[Line, ...]
    totals: tuple[Total, ...]

    def age_of(self, line: Line) -> int:
        """Give for how many days a part waits."""
        return (self.business_date - line.since_on).days


@dataclass(frozen=True, slots=True)
class DeskPart:
    """A part's row with its entry as it came; cents."""

    payer_party_id: int
    part_id: str
    company_identification: str
    credit_id: str
    position: int
    paying_party_id: int | None
    amount_cents: int
    collected_on: date
    state: str
    reason: str
    detail: str
    payer_identifier: str
    type_code: str
    document_number: str
    notes: list[str]
    filer_code: str | None
    statement_number: str | None
    matched_by: str
    applied_cents: int
    refundable_cents: int
    since_on: date
    closed_on: date | None
    owner_name: str
    owner_kind: str
    sender_name: str | None
    entry_cents: int
    sec_code: str
    trace_number: str
    company_name: str
    entry_description: str
    identification_number: str
    addenda: list[str]
    received_on: date

    @property
    def sender_party_id(self) -> int | None:
        """Give who is asked and to whom it goes back, None while nobody is known."""
        if self.paying_party_id is not None:
            return self.paying_party_id
        return None if self.owner_kind == "agency" else self.payer_party_id


@dataclass(frozen=True, slots=True)
class Act:
    """A decision as it was kept."""

    act_id: int
    part_id: str
    action: str
    request: dict[str, Any]
    outcome: dict[str, Any]
    reason: str
    officer: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class Said:
    """What a payer answered, or claimed; ``evidence`` compares its documents with the money."""

    payer_party_id: int
    payer_name: str
    kind: str
    documents: tuple[str, ...]
    text: str
    given_on: date
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One part with its raw addenda, what they read as, its history and its candidates."""

    part: DeskPart
    readings: tuple[tuple[int, str, TxpReading], ...]
    acts: tuple[Act, ...]
    said: tuple[Said, ...]
    candidates: tuple[Candidate, ...]


def work_list(connection: Connection, filters: Filters, *, business_date: date) -> WorkList:
    """Give what waits, the oldest first and then the largest, with totals by reason.

    Raises Refused: desk-filter-wrong, desk-payer-unknown.
    """
    values = _values(connection, filters, business_date)
    with connection.cursor(row_factory=class_row(Line)) as cursor:
        lines = cursor.execute(sql.LISTING, values).fetchall()
    with connection.cursor(row_factory=class_row(Total)) as cursor:
        totals = cursor.execute(sql.TOTALS, values).fetchall()
    return WorkList(business_date, tuple(lines), tuple(totals))


def show(connection: Connection, part_id: str, *, profile: TxpProfile) -> Shown:
    """Give a part with all that is known of it; raises Refused (credit-part-unknown)."""
    part = part_of(connection, part_id)
    readings = tuple(_readings(part, profile))
    with connection.cursor(row_factory=class_row(Act)) as cursor:
        values = {"credit_id": part.credit_id, "part_ids": lineage(part_id)}
        acts = cursor.execute(sql.ACTS, values).fetchall()
    said = _said(connection, part)
    found = _candidates(connection, part, readings, said) if part.state == "unapplied" else []
    return Shown(part, readings, tuple(acts), tuple(said), tuple(found))


def part_of(connection: Connection, part_id: str) -> DeskPart:
    """Give one part's row; raises Refused (credit-part-unknown)."""
    values = {"credit_id": credit_id_of(part_id), "part_id": part_id}
    with connection.cursor(row_factory=class_row(DeskPart)) as cursor:
        found = cursor.execute(sql.PART, values).fetchone()
    if found is None:
        raise Refused(unknown_part(part_id))
    return found


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
        "most": filters.most,
    }


def _refuse(name: str, seen: object, expected: str) -> None:
    values = {"name": name, "seen": ascii(seen)[:60], "expected": expected}
    raise Refused(Fault(FILTER_WRONG, values))


def _readings(part: DeskPart, profile: TxpProfile) -> Iterator[tuple[int, str, TxpReading]]:
    """Read the addendum of the part, or the first ones of an entry that stands together."""
    places = range(1, len(part.addenda) + 1)
    wanted = [part.position] if part.position in places else list(places)[:ADDENDA_READ]
    for place in wanted:
        raw = part.addenda[place - 1]
        yield place, raw, txp.read(raw, profile)


def _said(connection: Connection, part: DeskPart) -> list[Said]:
    values = {"credit_id": part.credit_id, "part_ids": lineage(part.part_id)}
    rows = [
        (payer, name, kind, documents, text, given_on)
        for payer, name, _, kind, documents, text, given_on in connection.execute(
            sql.ANSWERS, values
        )
    ]
    claimed = {
        "trace_number": part.trace_number,
        "cents": part.entry_cents,
        "collected_on": part.collected_on,
    }
    rows += connection.execute(sql.CLAIMS, claimed).fetchall()
    numbers = sorted({number for row in rows for number in row[3]})
    due = {
        number: (state, cents)
        for number, state, cents in connection.execute(sql.DUE, {"numbers": numbers})
    }
    return [
        Said(
            payer_party_id=payer,
            payer_name=name,
            kind=kind,
            documents=tuple(documents),
            text=text,
            given_on=given_on,
            evidence=tuple(_compared(part, documents, due)),
        )
        for payer, name, kind, documents, text, given_on in rows
    ]


def _compared(
    part: DeskPart, documents: Sequence[str], due: dict[str, tuple[str, int]]
) -> Iterator[str]:
    """Compare the documents that a payer named with the money of the part."""
    total = 0
    for number in documents:
        if number not in due:
            yield f"There is no document {number}."
            continue
        state, cents = due[number]
        open_cents = cents if state == "preliminary" else 0
        total += open_cents
        yield f"{number} is {state}; {format_dollars(open_cents)} is due on it."
    if documents:
        difference = part.amount_cents - total
        words = "equal to" if difference == 0 else "more than" if difference > 0 else "less than"
        amount, sum_words = format_dollars(part.amount_cents), format_dollars(total)
        yield f"The money, {amount}, is {words} what is due on all of them, {sum_words}."


def _candidates(
    connection: Connection,
    part: DeskPart,
    readings: Sequence[tuple[int, str, TxpReading]],
    said: Sequence[Said],
) -> list[Candidate]:
    earlier = loading.earlier_payers(connection, part.company_identification)
    subject = Subject(
        amount_cents=part.amount_cents,
        collected_on=part.collected_on,
        document_number=part.document_number,
        elements=tuple(
            element for _, raw, reading in readings for element in reading.elements or (raw,)
        ),
        elsewhere=(part.identification_number, part.entry_description),
        named_party_id=part.sender_party_id,
        earlier=earlier,
        said=tuple(number for each in said if each.kind != "claim" for number in each.documents),
        claimed=_claimed(said),
    )
    likely = {*earlier, *(each.payer_party_id for each in said)}
    if part.sender_party_id is not None:
        likely.add(part.sender_party_id)
    return loading.load(
        connection,
        subject,
        company_identification=part.company_identification,
        likely=sorted(likely),
    )


def _claimed(said: Sequence[Said]) -> dict[str, list[str]]:
    """Give by document who named it in a claim, each once."""
    names: dict[str, list[str]] = {}
    for each in said:
        for number in each.documents if each.kind == "claim" else ():
            if each.payer_name not in names.setdefault(number, []):
                names[number].append(each.payer_name)
    return names
