"""The command that takes entry summaries in: good ones are stored, each bad one gets its faults.

One call is one transaction, the caller's; a large file is taken in several calls. The open
business day is held meanwhile, so that no print date passes between its check and its storing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse import faults as shared
from customhouse.agency import business_day, parties
from customhouse.agency import entry_faults as faults
from customhouse.agency import entry_summaries_store as sql
from customhouse.agency.entry_summaries import (
    EntrySummary,
    EntrySummaryDraft,
    IntakeFacts,
    judge,
    read_draft,
)
from customhouse.agency.policy import Policy
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused

CHUNK = 10_000

Status = Literal["accepted", "replaced", "unchanged", "refused"]
_COLUMNS = tuple(each.name for each in fields(EntrySummary) if each.name != "charges")


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of one item: where it stood, its number as far as it was readable, its faults.

    ``unchanged`` means that it was on file already with the same content.
    """

    position: str
    entry_number: str
    status: Status
    faults: tuple[Fault, ...] = ()


@dataclass(slots=True)
class IntakeFile:
    """What a file held so far, so that an entry that stands in it twice is noticed."""

    seen: dict[tuple[str, str], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Stored:
    filer_code: str
    entry_number: str
    importer_number: str
    port_of_entry: str
    processing_port: str
    entry_type: str
    entry_date: date
    payment_type: str
    print_date: date | None
    deferred_tax: bool
    payable: bool
    antidumping_paid: bool
    countervailing_paid: bool
    consolidated: bool
    broker_reference: str
    team_number: str
    statement_number: str | None
    class_codes: list[str]
    amounts_cents: list[int]

    @property
    def entry(self) -> EntrySummary:
        """Give the entry without the statement that it is on."""
        columns = {name: getattr(self, name) for name in _COLUMNS}
        charges = tuple(zip(self.class_codes, self.amounts_cents, strict=True))
        return EntrySummary(**columns, charges=charges)


def take_entries(
    connection: Connection,
    drafts: Sequence[EntrySummaryDraft],
    *,
    clock: Clock,
    policy: Policy | None = None,
    file: IntakeFile | None = None,
) -> list[EntryOutcome]:
    """Store the good ones of a chunk of entries; give one outcome an item, in input order.

    Raises Refused (no-business-day) before the first business day. Pass the same ``file`` with
    each chunk of one file.
    """
    day = business_day.hold(connection)
    if day is None:
        raise Refused(Fault(shared.NO_BUSINESS_DAY))
    read = [read_draft(draft) for draft in drafts]
    entries = [entry for entry, _ in read if entry is not None]
    taken = _Taken(
        file=file or IntakeFile(),
        stored=_stored(connection, entries),
        facts=_facts(connection, entries, day.business_date, policy=policy),
    )
    outcomes = [
        taken.outcome(draft, entry, found=found)
        for draft, (entry, found) in zip(drafts, read, strict=True)
    ]
    late = taken.to_write.keys() - _write(connection, list(taken.to_write.values()), clock)
    return [_unless_late(outcome, late) for outcome in outcomes] if late else outcomes


@dataclass(slots=True)
class _Taken:
    """Decides item by item, and gathers what is to be written."""

    file: IntakeFile
    stored: dict[tuple[str, str], _Stored]
    facts: IntakeFacts
    to_write: dict[tuple[str, str], EntrySummary] = field(default_factory=dict)

    def outcome(
        self, draft: EntrySummaryDraft, entry: EntrySummary | None, *, found: list[Fault]
    ) -> EntryOutcome:
        """Decide one item."""
        if entry is None:
            return EntryOutcome(draft.position, _number_of(draft), "refused", tuple(found))
        before = self.stored.get(entry.key)
        # What is on file already stays, even when its print date has passed meanwhile.
        if before is not None and before.entry == entry and entry.key not in self.to_write:
            self.file.seen[entry.key] = hash(entry)
            return EntryOutcome(draft.position, entry.spelled, "unchanged")
        found = self._faults(entry, before)
        if found:
            return EntryOutcome(draft.position, entry.spelled, "refused", tuple(found))
        if entry.key in self.to_write:
            return EntryOutcome(draft.position, entry.spelled, "unchanged")
        self.file.seen[entry.key] = hash(entry)
        self.to_write[entry.key] = entry
        status: Status = "accepted" if before is None else "replaced"
        return EntryOutcome(draft.position, entry.spelled, status)

    def _faults(self, entry: EntrySummary, before: _Stored | None) -> list[Fault]:
        values = {"entry_number": entry.spelled}
        if self.file.seen.get(entry.key, hash(entry)) != hash(entry):
            return [Fault(faults.ENTRY_REPEATED, values)]
        found = judge(entry, self.facts)
        if before is not None and before.statement_number is not None:
            values["statement_number"] = before.statement_number
            found.insert(0, Fault(faults.ENTRY_ON_STATEMENT, values))
        return found


def _number_of(draft: EntrySummaryDraft) -> str:
    """Name a bad item as far as it can be named, escaped and cut."""
    filer_code = draft.fields.get("filer_code", "")
    entry_number = draft.fields.get("entry_number", "")
    named = entry_number if "-" in entry_number else f"{filer_code}-{entry_number}"
    return ascii(named)[1:-1][:24] if entry_number else ""


def _unless_late(outcome: EntryOutcome, late: set[tuple[str, str]]) -> EntryOutcome:
    """Refuse an entry that came onto a statement between the look at it and its writing."""
    key = outcome.entry_number[:3], outcome.entry_number[3:].replace("-", "")
    if outcome.status == "refused" or key not in late:
        return outcome
    values = {"entry_number": outcome.entry_number, "statement_number": "just printed"}
    fault = Fault(faults.ENTRY_ON_STATEMENT, values)
    return EntryOutcome(outcome.position, outcome.entry_number, "refused", (fault,))


def _facts(
    connection: Connection,
    entries: Sequence[EntrySummary],
    business_date: date,
    *,
    policy: Policy | None,
) -> IntakeFacts:
    filers = parties.filers(connection, {entry.filer_code for entry in entries})
    return IntakeFacts(
        business_date=business_date,
        policy=policy or Policy(),
        filer_ports={code: frozenset(filer.ports) for code, filer in filers.items()},
        importer_numbers=parties.importers(
            connection, {entry.importer_number for entry in entries}
        ).keys(),
    )


def _stored(
    connection: Connection, entries: Sequence[EntrySummary]
) -> dict[tuple[str, str], _Stored]:
    with connection.cursor(row_factory=class_row(_Stored)) as cursor:
        rows = cursor.execute(sql.STORED, _keys([entry.key for entry in entries])).fetchall()
    return {(row.filer_code, row.entry_number): row for row in rows}


def _write(
    connection: Connection, entries: Sequence[EntrySummary], clock: Clock
) -> set[tuple[str, str]]:
    """Write entries with their charges; give the keys of those that were written."""
    ordered = sorted(entries, key=lambda entry: entry.key)
    columns: dict[str, object] = {
        name: [getattr(entry, name) for entry in ordered] for name in _COLUMNS
    }
    rows = connection.execute(sql.WRITE, {**columns, "received_at": clock.now()}).fetchall()
    written = {(filer_code, entry_number) for filer_code, entry_number in rows}
    connection.execute(sql.DELETE_CHARGES, _keys(sorted(written)))
    charges = [
        (entry.key, class_code, cents)
        for entry in ordered
        if entry.key in written
        for class_code, cents in entry.charges
    ]
    values = {
        **_keys([key for key, _, _ in charges]),
        "class_codes": [class_code for _, class_code, _ in charges],
        "amounts_cents": [cents for _, _, cents in charges],
    }
    connection.execute(sql.INSERT_CHARGES, values)
    return written


def _keys(keys: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    return {
        "filer_codes": [filer_code for filer_code, _ in keys],
        "entry_numbers": [entry_number for _, entry_number in keys],
    }
