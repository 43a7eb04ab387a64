"""How payment instructions and explained payment files are told: lines of text for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from customhouse.money import format_dollars
from customhouse.trade.counted import counted

if TYPE_CHECKING:
    from customhouse.trade.client_payment_explained import ExplainedEntry


def instruction_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """Give the lines of an answer: the account once, then each document."""
    payee = answer["payee"]
    yield f"Payer {answer['payer_identifier']}, {answer['business_date']}"
    yield f"Pay to {payee['name']}, routing {payee['routing']}, account {payee['account']}"
    days = counted(answer["lead_days"], "banking day")
    yield f"Counted with {days} of lead time at your bank."
    for document in answer["documents"]:
        yield ""
        yield from _document(document)
    yield ""
    ready = f"{answer['ready']:,} ready ({format_dollars(answer['amount_cents'])})"
    yield f"{ready}, {answer['late']:,} late, {answer['refused']:,} refused"
    if answer["has_more"]:
        yield "More is due than is shown: ask again with --until an earlier day."


def entry_lines(entry: ExplainedEntry) -> Iterator[str]:
    """Give the lines of one entry of a payment file."""
    amount = format_dollars(entry.amount_cents)
    on = "" if entry.settle_on is None else f", to settle on {entry.settle_on}"
    yield f"Entry {entry.trace_number}: {amount}{on}"
    for fault in entry.faults:
        yield f"  !  {fault}"
    for addendum in entry.addenda:
        yield f"  {addendum.words}"
        if addendum.fault:
            yield f"  !  {addendum.fault}"
        for note in addendum.notes:
            yield f"     note: {note}"


def _document(document: Mapping[str, Any]) -> Iterator[str]:
    number = document["document_number"]
    if document["outcome"] == "refused":
        yield f"{number}  refused"
        for fault in document["faults"]:
            yield f"  {fault['code']}: {fault['detail']}"
            yield f"    hint: {fault['next_step']}"
        return
    due = "" if document["due_on"] is None else f", due {document['due_on']}"
    waiting = document["waiting_cents"]
    arrived = f" ({format_dollars(waiting)} has arrived)" if waiting else ""
    yield f"{document['kind']} {number}  {format_dollars(document['amount_cents'])}{arrived}{due}"
    yield f"  {document['advice']}"
    yield f"  Addendum: {document['addendum']}"
