"""Sends entry summaries of a file to the agency in parts, and tells each outcome where it stood.

Whoever runs it is a client like any other: it knows the agency by its address and a token.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from customhouse.agency.entry_fields import FIELDS_BY_NAME
from customhouse.agency.entry_summaries import EntrySummaryDraft
from customhouse.trade.cli_outcomes import ItemLine
from customhouse.trade.client import AgencyClient, EntryAnswer

# Small enough for a part to be answered in a second or two, large enough to be few.
PART: Final = 5_000
_FLAGS: Final[Mapping[str, bool]] = {"Y": True, "N": False}


def send_drafts(client: AgencyClient, drafts: Iterable[EntrySummaryDraft]) -> Iterator[ItemLine]:
    """Send what was read from CSV; a line that could not be read is told and not sent."""
    remaining = iter(drafts)
    while part := list(islice(remaining, PART)):
        readable = [draft for draft in part if not draft.faults]
        answers = _sent(client, [_values(draft) for draft in readable])
        of_position = dict(zip((draft.position for draft in readable), answers, strict=True))
        for draft in part:
            answer = of_position.get(draft.position)
            if answer is None:
                yield ItemLine(draft.position, "refused", draft.faults)
            else:
                yield _line(draft.position, answer)


def send_items(client: AgencyClient, items: Iterable[Any]) -> Iterator[ItemLine]:
    """Send the items of a JSON list as they are."""
    remaining = iter(enumerate(items, 1))
    while part := list(islice(remaining, PART)):
        answers = _sent(client, [item for _, item in part])
        for (number, _), answer in zip(part, answers, strict=True):
            yield _line(f"item {number}", answer)


def _sent(client: AgencyClient, entries: list[Any]) -> list[EntryAnswer]:
    return client.send_entries(entries, str(uuid.uuid4())) if entries else []


def _values(draft: EntrySummaryDraft) -> dict[str, Any]:
    """Write a draft as JSON: flags as true and false, whatever else was written as it is."""
    fields = {
        name: _FLAGS.get(text, text) if FIELDS_BY_NAME[name].is_flag else text
        for name, text in draft.fields.items()
    }
    return {**fields, "charges": dict(draft.charges)}


def _line(position: str, answer: EntryAnswer) -> ItemLine:
    status = "already there" if answer.status == "unchanged" else answer.status
    return ItemLine(f"{position} {answer.entry_number}".rstrip(), status, answer.faults)
