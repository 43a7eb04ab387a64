"""A large file of entry summaries, taken in chunk by chunk so that it may be started again.

A chunk is one transaction, in which the outcomes of its items are kept as well. A load that was
killed and is started again on the same business date goes on behind the chunks that were taken and
tells of all items what a load that nobody disturbed would have told. How an item is judged is
``entry_intake``'s.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from psycopg import Connection

from customhouse import faults as shared
from customhouse.agency import business_day
from customhouse.agency import intake_loads_store as sql
from customhouse.agency.entry_intake import EntryOutcome, IntakeFile, take_entries
from customhouse.agency.entry_summaries import EntrySummaryDraft, read_draft
from customhouse.agency.policy import Policy
from customhouse.clock import Clock
from customhouse.faults import CATALOGUE, Fault, Refused


@dataclass(slots=True)
class Load:
    """One load of a file: what it held so far, and the hash by which each chunk is known."""

    file: IntakeFile = field(default_factory=IntakeFile)
    digests: list[bytes] = field(default_factory=list)

    def reach(self, drafts: Sequence[EntrySummaryDraft]) -> bytes:
        """Come to the next chunk; give the hash of the file up to its end."""
        digest = hashlib.sha256(self.digests[-1] if self.digests else b"")
        for draft in drafts:
            read = (draft.position, draft.fields, draft.charges)
            told = [fault.sentence for fault in draft.faults]
            digest.update(json.dumps([*read, told], default=str).encode())
        self.digests.append(digest.digest())
        return self.digests[-1]


def take_chunk(
    connection: Connection,
    drafts: Sequence[EntrySummaryDraft],
    *,
    load: Load,
    clock: Clock,
    policy: Policy | None = None,
) -> list[EntryOutcome]:
    """Take in the chunk that ``load`` has reached, once; give one outcome an item, in order.

    One transaction, the caller's; it may be done again when it lost a race. Raises Refused
    (no-business-day).
    """
    day = business_day.hold(connection)
    if day is None:
        raise Refused(Fault(shared.NO_BUSINESS_DAY))
    known = {"content_sha256": load.digests[-1], "business_date": day.business_date}
    row = connection.execute(sql.OUTCOMES, known).fetchone()
    if row is not None:
        _remember(load.file, drafts, row[0])
        return [_outcome(values) for values in row[0]]
    outcomes = take_entries(connection, drafts, clock=clock, policy=policy, file=load.file)
    told = json.dumps([_values(outcome) for outcome in outcomes], default=str)
    connection.execute(sql.KEEP, {**known, "outcomes": told, "taken_at": clock.now()})
    return outcomes


def finish(connection: Connection, load: Load) -> None:
    """End a load whose outcomes were all told: loaded again, the file is judged anew."""
    day = business_day.latest(connection)
    if day is not None:
        values = {"contents_sha256": load.digests, "business_date": day.business_date}
        connection.execute(sql.FINISH, values)


def _remember(
    file: IntakeFile, drafts: Sequence[EntrySummaryDraft], told: Sequence[dict[str, Any]]
) -> None:
    """Know the items of a chunk that was taken before, in case one comes again in the file."""
    for draft, outcome in zip(drafts, told, strict=True):
        entry = None if outcome["status"] == "refused" else read_draft(draft).entry
        if entry is not None:
            file.seen.setdefault(entry.key, hash(entry))


def _values(outcome: EntryOutcome) -> dict[str, object]:
    return {
        "position": outcome.position,
        "entry_number": outcome.entry_number,
        "status": outcome.status,
        "faults": [[fault.code, dict(fault.values)] for fault in outcome.faults],
        "due_on": outcome.due_on,
    }


def _outcome(values: dict[str, Any]) -> EntryOutcome:
    due_on = values["due_on"]
    return EntryOutcome(
        position=values["position"],
        entry_number=values["entry_number"],
        status=values["status"],
        faults=tuple(Fault(CATALOGUE[code], found) for code, found in values["faults"]),
        due_on=None if due_on is None else date.fromisoformat(due_on),
    )
