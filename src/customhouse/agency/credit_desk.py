"""One part of a payment at the exception desk, with all that is known of it (CRD-04).

Queries only: nothing here decides or moves anything; the list of what waits is credit_work_list.
Amounts in cents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_candidates_loading as loading
from customhouse.agency import credit_desk_store as sql
from customhouse.agency.credit_candidates import Candidate, Subject
from customhouse.agency.credit_part_ids import credit_id_of, lineage, unknown_part
from customhouse.faults import Refused
from customhouse.formats import txp
from customhouse.formats.txp import TxpProfile, TxpReading
from customhouse.money import format_dollars

# Of an entry that cannot be told apart so many addenda are looked through.
ADDENDA_READ: Final = 5


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
