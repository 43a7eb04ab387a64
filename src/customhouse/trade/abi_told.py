"""Messages of the agency in a line an item: what was accepted, what was refused and why.

Reads answers (PZ, SQ, MQ), statements (PF) and rejections. Judges nothing and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from customhouse.formats.abi_batch import AnswerBatch, AnswerBlock, EnvelopeCondition
from customhouse.formats.abi_messages import (
    Condition,
    parse_authorization_answers,
    parse_update_answers,
)
from customhouse.formats.abi_reroute import parse_reroute_answers
from customhouse.formats.abi_statement import from_block
from customhouse.money import format_dollars
from customhouse.trade.counted import counted


@dataclass(frozen=True, slots=True)
class ToldItem:
    """One item of a message in a line; ``is_refusal`` when the agency did not do it."""

    line: str
    is_refusal: bool = False


def told_of(message: AnswerBatch) -> list[ToldItem]:
    """Tell a message in order; a rejected batch is told by its conditions."""
    if message.rejected:
        return [ToldItem(_condition(each), is_refusal=True) for each in message.conditions]
    tell = {"PZ": _authorizations, "SQ": _updates, "MQ": _reroutes, "PF": _statement}.get(
        message.application
    )
    if tell is None:
        return [ToldItem(f"{message.application}: not explained here")]
    return [item for block in message.blocks for item in tell(block)]


def _authorizations(block: AnswerBlock) -> Iterator[ToldItem]:
    for answer in parse_authorization_answers(block.records):
        outcome = "accepted" if answer.accepted else "refused"
        amount = format_dollars(int(answer.amount_text)) if answer.amount_text.isdigit() else ""
        yield ToldItem(
            f"statement {answer.statement_number} {amount}: {outcome}{_why(answer.conditions)}",
            is_refusal=not answer.accepted,
        )


def _updates(block: AnswerBlock) -> Iterator[ToldItem]:
    for answer in parse_update_answers(block.records):
        request = answer.request
        entry = f"entry {request.filer_code}-{request.entry_number8}"
        if not answer.accepted:
            yield ToldItem(f"{entry}: refused{_why((answer.condition,))}", is_refusal=True)
            continue
        left = answer.left
        after = (
            f"; statement {left.number} is now {format_dollars(left.total_cents)}" if left else ""
        )
        yield ToldItem(f"{entry}: accepted{after}")


def _reroutes(block: AnswerBlock) -> Iterator[ToldItem]:
    for answer in parse_reroute_answers(block.records):
        if not answer.accepted:
            yield ToldItem(f"copies: refused{_why(answer.conditions)}", is_refusal=True)
            continue
        found = counted(answer.statements, "statement")
        yield ToldItem(f"copies of {found}: in your outbox")


def _statement(block: AnswerBlock) -> Iterator[ToldItem]:
    statement = from_block(block)
    totals = statement.paid or statement.preliminary
    kind = "final" if statement.paid else "preliminary"
    entries = counted(len(statement.lines), "entry", plural="entries")
    removed = f", {len(statement.removed)} taken off" if statement.removed else ""
    yield ToldItem(
        f"statement {statement.number} {kind}: {entries}{removed},"
        f" total {format_dollars(totals.amount_cents)}, adds up"
    )


def _why(conditions: Iterable[Condition]) -> str:
    told = "; ".join(f"{each.code} {each.narrative}" for each in conditions)
    return f" ({told})" if told else ""


def _condition(condition: EnvelopeCondition) -> str:
    told = f"{condition.code} {condition.narrative}"
    if not condition.record:
        return told
    column = f", column {condition.position}" if condition.position else ""
    return f"{told} (record {condition.record}{column})"
