"""Entries that others originated, at the bank: kept once, told to the agency when they settle.

What becomes of an entry is credit_rules' decision; how it goes back is entry_returns' job. An
account number is never among what is told or shown, and no addendum is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import alarms, credit_rules, entry_returns, faults
from customhouse.bank import credits_store as sql
from customhouse.bank.credit_rules import Disposition
from customhouse.bank.inbound_credits import ArrivedBatch, ArrivedEntry
from customhouse.bank.office import Office
from customhouse.faults import Fault, Refused, declare
from customhouse.rails import (
    MOST_ADDENDA_IN_PAGE,
    MOST_CREDITS,
    AddendaFault,
    CreditKind,
    IncomingCredit,
)

ENTRIES_AT_ONCE: Final = 5_000
# So many characters of addenda go to the database at once, about four times a full CTX entry.
ADDENDA_AT_ONCE: Final = 3_200_000
TOLD_AT_ONCE: Final = 10_000
MOST_LISTED: Final = 10_000
ADDENDUM: Final = 80

CREDIT_UNKNOWN = declare(
    "incoming-entry-unknown",
    sentence="No incoming entry {credit_id} is at the bank.",
    next_step="List them: customhouse bank credits list --date YYYY-MM-DD.",
    http_status=404,
)


@dataclass(frozen=True, slots=True)
class ListedCredit:
    """An incoming entry in a list: cents; no sequence until the agency was told."""

    credit_id: str
    kind: str
    settled_on: date
    amount_cents: int
    company_name: str
    odfi: str
    sec_code: str
    addenda_count: int
    sequence: int | None
    return_code: str


@dataclass(frozen=True, slots=True)
class ShownCredit:
    """One incoming entry with all that may be shown of it; cents.

    ``addenda`` are end to end, 80 characters each. The members about a return are empty or None
    where nothing goes back.
    """

    credit_id: str
    kind: str
    settled_on: date
    amount_cents: int
    transaction_code: int
    trace_number: str
    identification_number: str
    addenda: str
    addenda_fault: AddendaFault
    sequence: int | None
    sec_code: str
    company_name: str
    company_identification: str
    entry_description: str
    odfi: str
    file_name: str
    return_code: str
    return_by: date | None
    return_trace: str | None
    return_file: str | None
    return_state: str | None
    refused_on: date | None
    returned_on: date | None


@dataclass(frozen=True, slots=True)
class _Told:
    sequence: int
    credit_id: str
    kind: CreditKind
    amount_cents: int
    collected_on: date
    sec_code: str
    originating_dfi: str
    trace_number: str
    company_name: str
    company_identification: str
    entry_description: str
    identification_number: str
    code: str
    addenda: str
    addenda_fault: AddendaFault


Key = tuple[date, str, bytes]


def keep(office: Office, sha256: str, *, entries: Iterable[ArrivedEntry]) -> None:
    """Keep the entries of one checked file, inside the transaction that keeps the file.

    Each entry is kept once; what was delivered before has no effect. One alarm tells of all of a
    file that were (C2).
    """
    batch_ids: dict[int, int] = {}
    first: ArrivedEntry | None = None
    count = 0
    for piece in _pieces(entries):
        batch_ids = _add_batches(office, sha256, piece=piece, known=batch_ids)
        repeated = _add_entries(office, piece, batch_ids)
        first = first or next(iter(repeated), None)
        count += len(repeated)
    if first is not None:
        _tell_repeated(office, sha256, first=first, count=count)
    values = {"sha256": sha256, "raised_at": office.clock.now()}
    entry_returns.judge_reversals(office)
    office.connection.execute(sql.RAISE_FOR_DEBITS, values)
    office.connection.execute(sql.RAISE_FOR_UNKNOWN_BANKS, values)


def _pieces(entries: Iterable[ArrivedEntry]) -> Iterator[list[ArrivedEntry]]:
    """Part entries so that neither their number nor their addenda are too many for a statement."""
    piece: list[ArrivedEntry] = []
    characters = 0
    for entry in entries:
        piece.append(entry)
        characters += len(entry.addenda)
        if len(piece) == ENTRIES_AT_ONCE or characters >= ADDENDA_AT_ONCE:
            yield piece
            piece, characters = [], 0
    if piece:
        yield piece


def _add_batches(
    office: Office, sha256: str, *, piece: Sequence[ArrivedEntry], known: dict[int, int]
) -> dict[int, int]:
    """Keep the batches of a piece that are not kept yet; give the ids of all that it needs."""
    needed = {entry.batch.position: entry.batch for entry in piece}
    new = [batch for position, batch in needed.items() if position not in known]
    found = {position: known[position] for position in needed if position in known}
    if new:
        values = {"sha256": sha256, **_batch_columns(new)}
        found |= dict(office.connection.execute(sql.ADD_BATCHES, values).fetchall())
    return found


def _batch_columns(batches: Sequence[ArrivedBatch]) -> dict[str, object]:
    return {
        "positions": [each.position for each in batches],
        "records": [each.record for each in batches],
        "sec_codes": [each.header.sec_code for each in batches],
        "company_names": [each.header.company_name for each in batches],
        "company_identifications": [each.header.company_identification for each in batches],
        "descriptions": [each.header.entry_description for each in batches],
        "odfis": [each.header.odfi_identification for each in batches],
        "settled_ons": [each.settled_on for each in batches],
    }


def _add_entries(
    office: Office, piece: Sequence[ArrivedEntry], batch_ids: dict[int, int]
) -> list[ArrivedEntry]:
    """Keep the entries of a piece that are new; give those that are here already."""
    judged = [_judge(office, entry) for entry in piece]
    keys = [key_of(office, entry) for entry in piece]
    values = {
        "batch_ids": [batch_ids[each.batch.position] for each in piece],
        "base_ids": [
            credit_rules.base_id(each.batch.settled_on, each.trace_number) for each in piece
        ],
        "kinds": [each.kind for each in judged],
        "settled_ons": [settled_on for settled_on, _, _ in keys],
        "trace_numbers": [trace_number for _, trace_number, _ in keys],
        "contents": [content for _, _, content in keys],
        "transaction_codes": [each.transaction_code for each in piece],
        "amounts_cents": [each.amount_cents for each in piece],
        "identification_numbers": [each.identification_number for each in piece],
        "addenda": [each.addenda for each in piece],
        "addenda_faults": [each.addenda_fault for each in piece],
    }
    added: dict[Key, int] = {
        (settled_on, trace_number, content): entry_id
        for settled_on, trace_number, content, entry_id in office.connection.execute(
            sql.ADD_ENTRIES, values
        )
    }
    # Of entries that are there twice the first one is new, as it is in the statement.
    entry_ids = [added.pop(key, None) for key in keys]
    taken = list(zip(piece, judged, entry_ids, strict=True))
    back = [
        entry_returns.Back(entry_id, entry, disposition.return_code)
        for entry, disposition, entry_id in taken
        if disposition.return_code and entry_id is not None
    ]
    entry_returns.add(office, back)
    return [entry for entry, _, entry_id in taken if entry_id is None]


def _judge(office: Office, entry: ArrivedEntry) -> Disposition:
    account = office.collection.match(entry.routing_number, entry.account_number)
    return credit_rules.judge(entry.transaction_code, account)


def key_of(office: Office, entry: ArrivedEntry) -> Key:
    """Give what makes an entry the same wherever it is delivered.

    A payer's bank may count anew in each batch, so that a trace number alone names no entry.
    """
    content = office.keys.fingerprint(_content(entry))
    return (entry.batch.settled_on, entry.trace_number, content)


def _content(entry: ArrivedEntry) -> bytes:
    """Give all that makes an entry the same in another file: its batch may have another number."""
    header = entry.batch.header
    parts = (
        header.sec_code,
        header.company_name,
        header.company_identification,
        header.entry_description,
        entry.record,
        entry.addenda,
    )
    return "\0".join(parts).encode()


def _tell_repeated(office: Office, sha256: str, *, first: ArrivedEntry, count: int) -> None:
    entry_id = credit_rules.base_id(first.batch.settled_on, first.trace_number)
    trace = first.trace_number
    sentence = (
        f"An entry that is here already was delivered again (trace {trace}); it has no second"
        " effect."
    )
    if count > 1:
        sentence = (
            f"{count:,} entries that are here already were delivered again in one file, the first"
            f" with trace {trace}; they have no second effect."
        )
    alarm = alarms.Alarm("entry-repeated", f"{entry_id} in {sha256[:16]}", sentence)
    alarms.raise_all(office.connection, [alarm], clock=office.clock)


def tell_settled(office: Office, business_date: date) -> int:
    """Tell the agency of every entry whose settlement date has come; give how many (CRD-07)."""
    told = 0
    while count := _tell_some(office, business_date):
        told += count
        office.boundary("told credits")
    return told


def _tell_some(office: Office, business_date: date) -> int:
    with office.connection.transaction():
        office.connection.execute(sql.BEGIN_CURSOR)
        row = office.connection.execute(sql.HOLD_CURSOR).fetchone()
        if row is None:
            raise RuntimeError("the credit cursor that was begun is not there")
        values = {"on": business_date, "most": TOLD_AT_ONCE, "last_sequence": row[0]}
        told = office.connection.execute(sql.TELL, values).rowcount
        office.connection.execute(sql.MOVE_CURSOR, {"told": told})
    return told


def after(connection: Connection[Any], sequence: int, *, most: int) -> list[IncomingCredit]:
    """Give a page of what was told behind a sequence, in order; at most ``most`` entries.

    A page ends before its addenda are more than MOST_ADDENDA_IN_PAGE, but has one entry at least.
    Raises Refused (cursor-unreadable).
    """
    if not 0 <= sequence < 2**63 or not 1 <= most <= MOST_CREDITS:
        raise Refused(Fault(faults.CURSOR_UNREADABLE, {"most": MOST_CREDITS}))
    values = {"after": sequence, "most": most, "most_addenda": MOST_ADDENDA_IN_PAGE}
    with connection.transaction(), connection.cursor(row_factory=class_row(_Told)) as cursor:
        rows = cursor.execute(sql.AFTER, values).fetchall()
    return [_message(row) for row in rows]


def _message(row: _Told) -> IncomingCredit:
    return IncomingCredit(
        sequence=row.sequence,
        credit_id=row.credit_id,
        kind=row.kind,
        amount_cents=row.amount_cents,
        collected_on=row.collected_on,
        sec_code=row.sec_code,
        originating_dfi=row.originating_dfi,
        trace_number=row.trace_number,
        company_name=row.company_name,
        company_identification=row.company_identification,
        entry_description=row.entry_description,
        identification_number=row.identification_number,
        code=row.code,
        addenda=tuple(each_addendum(row.addenda)),
        addenda_fault=row.addenda_fault,
    )


def each_addendum(addenda: str) -> list[str]:
    """Part addenda that are end to end; each has its 80 characters."""
    return [addenda[at : at + ADDENDUM] for at in range(0, len(addenda), ADDENDUM)]


def listed(connection: Connection[Any], on: date | None) -> list[ListedCredit]:
    """Give the entries that settle on a date, or with None those that wait for theirs; in order.

    At most MOST_LISTED.
    """
    values = {"on": on, "most": MOST_LISTED}
    with connection.transaction(), connection.cursor(row_factory=class_row(ListedCredit)) as rows:
        return rows.execute(sql.CREDITS, values).fetchall()


def shown(connection: Connection[Any], credit_id: str) -> ShownCredit:
    """Give one entry; raise Refused (incoming-entry-unknown)."""
    with connection.transaction(), connection.cursor(row_factory=class_row(ShownCredit)) as rows:
        found = rows.execute(sql.CREDIT, {"credit_id": credit_id}).fetchone()
    if found is None:
        raise Refused(Fault(CREDIT_UNKNOWN, {"credit_id": credit_id}))
    return found
