"""What the commands of the exception desk print: the list, a part, what a decision came to.

What strangers sent is shown in printable ASCII only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from customhouse.money import format_dollars

if TYPE_CHECKING:
    from customhouse.agency.credit_desk import Shown
    from customhouse.agency.credit_desk_cases import Outcome
    from customhouse.agency.credit_reopened import OwedBack
    from customhouse.agency.credit_work_list import Total, WorkList
    from customhouse.formats.txp import TxpReading


def list_words(found: WorkList) -> Iterator[str]:
    """Say what waits: the totals by reason and age, then a line for each part."""
    in_all = found.in_all()
    if in_all is not None:
        yield _total_words("in all", in_all)
    for total in found.totals:
        yield _total_words(total.reason, total)
    for line in found.lines:
        age = found.age_of(line)
        days = "1 day" if age == 1 else f"{age} days"
        who = line.sender_name or (
            "nobody known" if line.owner_kind == "agency" else line.owner_name
        )
        read = " ".join(
            plain(text) for text in (line.payer_identifier, line.document_number) if text
        )
        yield (
            f"{line.part_id}  {format_dollars(line.amount_cents):>16}  {days:>8}"
            f"  {line.reason}  {who}; from {plain(line.company_name)}; read: {read or 'nothing'}"
            f"{'; answered' if line.answers else ''}{'; claimed' if line.claims else ''}"
        )
    if not found.totals:
        yield "Nothing waits."
    if found.after is not None:
        yield f"There is more: the same command with --after {found.after}"


def _total_words(name: str, total: Total) -> str:
    ages = ", ".join(f"{days} days {count:,}" for days, count in total.ages.items() if count)
    return (
        f"total {name}: {total.parts:,} of {format_dollars(total.cents)}, the oldest since"
        f" {total.oldest_on} ({ages})"
    )


def shown_words(found: Shown) -> Iterator[str]:
    """Say everything that is known of a part."""
    part = found.part
    yield f"part        {part.part_id}, {part.state}"
    yield f"amount      {format_dollars(part.amount_cents)}, collected on {part.collected_on}"
    yield f"owner       {part.owner_name}"
    yield f"sent by     {part.sender_name or 'nobody is known'}"
    yield (
        f"entry       {part.sec_code} {format_dollars(part.entry_cents)} from"
        f" {plain(part.company_name)} ({plain(part.company_identification)}),"
        f" trace {part.trace_number}"
    )
    for name, text in (("described", part.entry_description), ("id", part.identification_number)):
        if text.strip():
            yield f"{name:11} {plain(text)}"
    if part.state == "unapplied":
        yield f"waits       since {part.since_on}: {part.reason}. {plain(part.detail)}".rstrip()
    if part.statement_number is not None:
        yield f"for         statement {part.statement_number} {plain(part.matched_by)}".rstrip()
    for place, raw, reading in found.readings:
        yield from _reading_words(place, raw, reading)
    for act in found.acts:
        yield f"decided     {act.decided_on} {act.officer}: {act.action}, {plain(act.reason)}"
        yield from (f"            {line}" for line in act.outcome["lines"])
    claimants = list(dict.fromkeys(s.payer_name for s in found.said if s.kind == "claim"))
    if len(claimants) > 1:
        yield f"claims      {len(claimants)} payers claim this money: {' and '.join(claimants)}"
    for said in found.said:
        what = ", ".join(said.documents) or ("refund it" if said.kind == "refund" else "")
        words = " ".join(each for each in (what, plain(said.text)) if each)
        how = "claimed" if said.kind == "claim" else "answered"
        yield f"{how:11} {said.given_on} {said.payer_name}: {words}"
        yield from (f"            {plain(line)}" for line in said.evidence)
    for candidate in found.candidates:
        document = candidate.document
        yield (
            f"candidate   {document.kind} {document.number}, {document.state},"
            f" {format_dollars(document.due_cents)} due, {document.payer_name}"
        )
        yield from (f"            {piece.sentence}" for piece in candidate.evidence)
        yield f"            {candidate.advice}"


def owed_back_words(found: Sequence[OwedBack]) -> Iterator[str]:
    """Say what is owed back though its statement is due again, a line for each part."""
    for each in found:
        yield (
            f"{each.part_id}  {format_dollars(each.amount_cents):>16}  since {each.claimed_on}"
            f"  statement {each.statement_number}, {format_dollars(each.due_cents)} due again"
        )
    if not found:
        yield "Nothing is owed back for a statement that is due again."


def outcome_words(outcome: Outcome) -> Iterator[str]:
    """Say what a decision came to, or would."""
    if outcome.tried:
        yield "Only tried; nothing was done. It would come to:"
    elif outcome.again:
        yield "This was decided before; it came to:"
    yield from outcome.lines


def _reading_words(place: int, raw: str, reading: TxpReading) -> Iterator[str]:
    yield f"addendum {place}  |{plain(raw)}|"
    elements = ", ".join(
        f"{number:02d} {plain(text)}" for number, text in enumerate(reading.elements, 1) if text
    )
    yield f"elements    {elements or 'none'}"
    if reading.fault is not None:
        yield f"fault       {reading.fault.code}: {reading.fault.sentence}"
    yield from (f"note        {note}" for note in reading.notes)


def plain(text: str) -> str:
    """Give a text of strangers as printable ASCII."""
    return ascii(text)[1:-1].replace("\\\\", "\\").replace("\\'", "'")
