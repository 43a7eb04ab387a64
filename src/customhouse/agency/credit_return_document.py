"""Entries on their way back, as JSON and in words: one spelling for commands and API.

Amounts are whole cents, dates YYYY-MM-DD. Names of strangers are shown as printable ASCII.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from customhouse.agency.credit_returns import Leaving
from customhouse.money import format_dollars

_WHERE = {"decided": "waits for the evening", "with_bank": "the bank has it"}


def spelled_leaving(leaving: Leaving) -> dict[str, Any]:
    """Give an entry that is on its way back."""
    return {
        "credit_id": leaving.credit_id,
        "state": leaving.state,
        "amount_cents": leaving.amount_cents,
        "collected_on": leaving.collected_on.isoformat(),
        "originator": leaving.company_name,
        "trace_number": leaving.trace_number,
        "decided_on": leaving.decided_on.isoformat(),
        "officer": leaving.officer,
        "reason": leaving.reason,
    }


def returns_words(found: Sequence[Leaving]) -> Iterator[str]:
    """Say what is on its way back, a line for each entry."""
    for each in found:
        yield (
            f"{each.credit_id}  {format_dollars(each.amount_cents):>16}  since {each.decided_on}"
            f"  {_WHERE[each.state]}; from {ascii(each.company_name)[1:-1]}; {each.officer}:"
            f" {ascii(each.reason)[1:-1]}"
        )
    if not found:
        yield "Nothing is on its way back."
