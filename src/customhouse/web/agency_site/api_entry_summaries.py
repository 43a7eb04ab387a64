"""``POST /api/v1/entry-summaries``: take entry summaries in, each with an outcome of its own.

Reads a list, hands it to the command of intake and renders the outcomes. The sender was proved by
its bearer token; entries of other filers than its own are refused as unknown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router
from psycopg import Connection

from customhouse.agency.api_requests import Answer
from customhouse.agency.business_day import BusinessDay
from customhouse.agency.entry_conditions import condition_of
from customhouse.agency.entry_intake import CHUNK, EntryOutcome, take_entries
from customhouse.agency.intake_json import draft_of
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused, declare
from customhouse.web.agency_site import doors
from customhouse.web.agency_site.json_door import answer_once
from customhouse.web.edge import title_of

STATUSES = ("accepted", "replaced", "unchanged", "refused")

ENTRIES_NOT_LISTED = declare(
    "entries-not-listed",
    sentence="The body is no JSON list of entry summaries.",
    next_step="Send a list of objects, [{{...}}], with at least one entry summary.",
    http_status=400,
)
ENTRIES_TOO_MANY = declare(
    "entries-too-many",
    sentence="The body lists {count} entry summaries, more than {most}.",
    next_step="Send several requests, each with a key of its own.",
    http_status=413,
)

router = Router(tags=["entry summaries"])


@router.post("/entry-summaries", response=None, summary="Send entry summaries")
def send_entry_summaries(request: HttpRequest) -> HttpResponse:
    """Take a list of up to 10,000 entry summaries; each gets its own outcome, in input order.

    Needs an Idempotency-Key. The status is 200 also where items were refused.
    """
    sender = request.auth  # type: ignore[attr-defined]

    def reads(body: Any, clock: Clock) -> Callable[[Connection, int, BusinessDay], Answer]:
        drafts = [
            draft_of(item, position=f"item {number}") for number, item in enumerate(_items(body), 1)
        ]

        def work(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
            del request_id, day
            outcomes = take_entries(
                connection,
                drafts,
                clock=clock,
                policy=doors.policy(),
                filer_codes=sender.filer_codes,
            )
            return Answer(200, json.dumps(spelled(outcomes)))

        return work

    return answer_once(request, reads)


def _items(body: Any) -> list[Any]:
    if not isinstance(body, list) or not body:
        raise Refused(Fault(ENTRIES_NOT_LISTED))
    if len(body) > CHUNK:
        values = {"count": f"{len(body):,}", "most": f"{CHUNK:,}"}
        raise Refused(Fault(ENTRIES_TOO_MANY, values))
    return body


def spelled(outcomes: Sequence[EntryOutcome]) -> dict[str, Any]:
    """Spell the outcomes as JSON values, with their counts."""
    counts = Counter(outcome.status for outcome in outcomes)
    return {
        **{status: counts[status] for status in STATUSES},
        "outcomes": [
            {
                "position": outcome.position,
                "entry_number": outcome.entry_number,
                "status": outcome.status,
                "due_on": outcome.due_on.isoformat() if outcome.due_on else None,
                "faults": [_spelled_fault(fault) for fault in outcome.faults],
            }
            for outcome in outcomes
        ],
    }


def _spelled_fault(fault: Fault) -> dict[str, str | None]:
    condition = condition_of(fault)
    return {
        "code": fault.code,
        "title": title_of(fault.code),
        "detail": fault.sentence,
        "next_step": fault.next_step,
        "ae_code": condition.code if condition else None,
        "ae_text": condition.text if condition else None,
    }
