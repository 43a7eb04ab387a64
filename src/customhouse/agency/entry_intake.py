"""The command that takes entry summaries in: good ones are stored, each bad one gets its faults.

One call is one transaction, the caller's; a large file is taken in several calls. The open
business day is held meanwhile, so that no print date passes between its check and its storing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from psycopg import Connection

from customhouse import faults as shared
from customhouse.agency import business_day, closures, parties, update_faults
from customhouse.agency import entry_faults as faults
from customhouse.agency.due_dates import SINGLE_PAY, stays_on_statement
from customhouse.agency.entry_judgement import IntakeFacts, judge
from customhouse.agency.entry_rows import (
    Key,
    StoredEntry,
    stored_entries,
    warehouse_dates,
    write_entries,
)
from customhouse.agency.entry_summaries import (
    EntryReading,
    EntrySummary,
    EntrySummaryDraft,
    read_draft,
)
from customhouse.agency.policy import Policy
from customhouse.agency.print_dates import PRINT_STEP, PrintDates
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused

CHUNK = 10_000

Status = Literal["accepted", "replaced", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class EntryOutcome:
    """What became of one item: where it stood, its number as far as it was readable, its faults.

    ``unchanged`` means that it was on file already with the same content. ``due_on`` is the last
    day to pay what is on file now, None where it was refused or lies beyond the calendar.
    """

    position: str
    entry_number: str
    status: Status
    faults: tuple[Fault, ...] = ()
    due_on: date | None = None


@dataclass(slots=True)
class IntakeFile:
    """What a file held so far, so that an entry that stands in it twice is noticed."""

    seen: dict[Key, int] = field(default_factory=dict)


def take_entries(
    connection: Connection,
    drafts: Sequence[EntrySummaryDraft],
    *,
    clock: Clock,
    policy: Policy | None = None,
    file: IntakeFile | None = None,
    filer_codes: Collection[str] | None = None,
) -> list[EntryOutcome]:
    """Store the good ones of a chunk of entries; give one outcome an item, in input order.

    Raises Refused (no-business-day) before the first business day. Pass the same ``file`` with
    each chunk of one file. Where ``filer_codes`` is given, every other filer is as good as
    unknown, and nothing is said of its entries.
    """
    day = business_day.hold(connection)
    if day is None:
        raise Refused(Fault(shared.NO_BUSINESS_DAY))
    readings = [read_draft(draft) for draft in drafts]
    keys = [
        reading.entry.key
        for reading in readings
        if reading.entry is not None
        and (filer_codes is None or reading.entry.filer_code in filer_codes)
    ]
    dates = PrintDates(
        day.business_date,
        closures.calendars(connection, policy or Policy(), on=day.business_date),
        printed=PRINT_STEP in business_day.finished_steps(connection, day.business_date),
    )
    taken = _Taken(
        file=file or IntakeFile(),
        stored=stored_entries(connection, keys),
        facts=_facts(connection, readings, dates=dates, filer_codes=filer_codes),
    )
    outcomes = [
        taken.outcome(draft, reading) for draft, reading in zip(drafts, readings, strict=True)
    ]
    written = write_entries(
        connection,
        taken.to_write.values(),
        due_on=taken.facts.due_on,
        received_at=clock.now(),
    )
    late = taken.to_write.keys() - written
    return [_unless_late(outcome, late) for outcome in outcomes] if late else outcomes


@dataclass(slots=True)
class _Taken:
    """Decides item by item, and gathers what is to be written."""

    file: IntakeFile
    stored: dict[Key, StoredEntry]
    facts: IntakeFacts
    to_write: dict[Key, EntrySummary] = field(default_factory=dict)

    def outcome(self, draft: EntrySummaryDraft, reading: EntryReading) -> EntryOutcome:
        """Decide one item."""
        entry = reading.entry
        if entry is None:
            found = [*reading.faults, *judge(reading.values, self.facts)]
            return EntryOutcome(draft.position, _number_of(draft), "refused", tuple(found))
        key, content = entry.key, hash(entry)
        before = self.stored.get(key)
        # What is on file already stays, even when its print date has passed meanwhile.
        if before is not None and before.entry == entry and key not in self.to_write:
            self.file.seen[key] = content
            return self._good(draft, entry, "unchanged")
        found = self._faults(entry, reading, before=before, content=content)
        if found:
            return EntryOutcome(draft.position, entry.spelled, "refused", tuple(found))
        if key in self.to_write:
            return self._good(draft, entry, "unchanged")
        self.file.seen[key] = content
        self.to_write[key] = entry
        status: Status = "accepted" if before is None else "replaced"
        return self._good(draft, entry, status)

    def _good(self, draft: EntrySummaryDraft, entry: EntrySummary, status: Status) -> EntryOutcome:
        due_on = self.facts.due_on(entry)
        return EntryOutcome(draft.position, entry.spelled, status, due_on=due_on)

    def _faults(
        self,
        entry: EntrySummary,
        reading: EntryReading,
        *,
        before: StoredEntry | None,
        content: int,
    ) -> list[Fault]:
        found = judge(reading.values, self.facts)
        if before is not None and before.statement_number is not None:
            on = {"entry_number": entry.spelled, "statement_number": before.statement_number}
            found.insert(0, Fault(faults.ENTRY_ON_STATEMENT, on))
        if before is not None and _leaves_statements(before.entry, entry):
            named = {"entry_number": entry.spelled, "entry_type": entry.entry_type}
            found.append(Fault(update_faults.ENTRY_NOT_FOR_SINGLE_PAY, named))
        if self.file.seen.get(entry.key, content) != content:
            found.insert(0, Fault(faults.ENTRY_REPEATED, {"entry_number": entry.spelled}))
        return found


def _leaves_statements(before: EntrySummary, entry: EntrySummary) -> bool:
    """Tell whether a special class would move from a statement to single pay (24.25(d))."""
    special = stays_on_statement(before.entry_type) and stays_on_statement(entry.entry_type)
    return special and before.payment_type != SINGLE_PAY == entry.payment_type


def _number_of(draft: EntrySummaryDraft) -> str:
    """Name a bad item as far as it can be named, escaped and cut."""
    filer_code = draft.fields.get("filer_code", "")
    entry_number = draft.fields.get("entry_number", "")
    named = entry_number if "-" in entry_number else f"{filer_code}-{entry_number}"
    return ascii(named)[1:-1][:24] if entry_number else ""


def _unless_late(outcome: EntryOutcome, late: set[Key]) -> EntryOutcome:
    """Refuse an entry that came onto a statement between the look at it and its writing."""
    key = outcome.entry_number[:3], outcome.entry_number[3:].replace("-", "")
    if outcome.status == "refused" or key not in late:
        return outcome
    values = {"entry_number": outcome.entry_number, "statement_number": "just printed"}
    fault = Fault(faults.ENTRY_ON_STATEMENT, values)
    return EntryOutcome(outcome.position, outcome.entry_number, "refused", (fault,))


def _facts(
    connection: Connection,
    readings: Sequence[EntryReading],
    *,
    dates: PrintDates,
    filer_codes: Collection[str] | None,
) -> IntakeFacts:
    """Look up every filer and importer that is named by an item, whatever else is wrong with it."""
    named = _named(readings, "filer_code")
    filers = parties.filers(connection, named if filer_codes is None else named & {*filer_codes})
    importers = parties.importers(connection, _named(readings, "importer_number"))
    entries = [
        reading.entry
        for reading in readings
        if reading.entry is not None and reading.entry.filer_code in filers
    ]
    return IntakeFacts(
        dates=dates,
        filer_ports={code: frozenset(filer.ports) for code, filer in filers.items()},
        branch_ports={code: frozenset(each.client_branch_ports) for code, each in filers.items()},
        importer_numbers=importers.keys(),
        warehouse_dates=_warehouse_dates(connection, entries),
    )


def _warehouse_dates(connection: Connection, entries: Sequence[EntrySummary]) -> dict[str, date]:
    """Give the print dates of the warehouse entries that withdrawals of the same filer name.

    One that stands among the items themselves counts as it is written there. ``entries`` are those
    of filers that may be named: of any other's not even a print date is told.
    """
    named = {
        (entry.filer_code, entry.warehouse_entry[3:])
        for entry in entries
        if entry.warehouse_entry[:3] == entry.filer_code
    }
    if not named:
        return {}
    found = warehouse_dates(connection, sorted(named))
    for entry in entries:
        if entry.key in named and entry.entry_type in ("21", "22") and entry.print_date:
            found["".join(entry.key)] = entry.print_date
    return found


def _named(readings: Sequence[EntryReading], field_name: str) -> set[str]:
    return {reading.values[field_name] for reading in readings if field_name in reading.values}
