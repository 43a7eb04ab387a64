"""What a movement of a treasury day is and what it paid, in words that a treasurer reads.

Pure. The figures stand beside the words in every export, so that nothing has to be read out of
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from customhouse.agency.treasury_days import Movement, Use
from customhouse.money import format_dollars

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "credit_received": "credit received",
        "credit_returned": "credit returned",
        "debit_settled": "debit settled",
        "debit_returned": "debit returned",
        "return_disputed": "return disputed",
        "dispute_won": "dispute won",
    }
)
"""Each kind of movement as people read it."""

NOTHING_KNOWN = "nothing is known of what it paid"
_OF_DEBIT: Mapping[str, str] = MappingProxyType(
    {
        "debit_settled": "collects",
        "debit_returned": "came back from",
        "return_disputed": "came back, disputed, from",
        "dispute_won": "came again, the dispute won, for",
    }
)
_CAME_BACK = ("debit_returned", "return_disputed")
_AGREEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "bank-only": "ONLY AT THE BANK",
        "ledger-only": "ONLY IN THE LEDGER",
        "amount-differs": "ANOTHER AMOUNT IN THE LEDGER",
    }
)


def kind_words(kind: str) -> str:
    """Give a kind as people read it; one that the ledger alone knows stands as it is."""
    return KINDS.get(kind, kind.replace("_", " "))


def use_words(movement: Movement, use: Use) -> str:
    """Say what a movement, or a part of it, paid or waits for."""
    if use.part_id is None:
        doing = _OF_DEBIT.get(movement.kind, "moves")
        code = f", {use.return_code}" if use.return_code and movement.kind in _CAME_BACK else ""
        return f"{doing} {_statement(use)}{code}"
    told = _statement(use) if use.statement_number else _unknown(use)
    if use.applied_cents:
        told += f": applied {format_dollars(use.applied_cents)}"
    if use.refundable_cents:
        sign = ", " if use.applied_cents else ": "
        told += f"{sign}owed back {format_dollars(use.refundable_cents)} ({use.reason})"
    if use.returned_cents:
        told += f": {format_dollars(use.returned_cents)} went back to who sent it (R23)"
    elif use.part_state == "returning":
        told += f": {format_dollars(use.waiting_cents)} is on its way back to who sent it"
    elif use.waiting_cents:
        told += f": {format_dollars(use.waiting_cents)} waits ({use.reason})"
    return told


def movement_words(movement: Movement) -> str:
    """Say what nobody can tell of a movement without uses; otherwise what it paid, in short."""
    if not movement.uses:
        return NOTHING_KNOWN
    first = use_words(movement, movement.uses[0])
    more = len(movement.uses) - 1
    return f"{first}; and {more:,} more" if more else first


def agreement_words(movement: Movement) -> str:
    """Shout where the two sides differ; nothing where they agree."""
    words = _AGREEMENTS.get(movement.agreement, "")
    if movement.agreement == "amount-differs" and movement.ledger_cents is not None:
        words += f": {format_dollars(movement.ledger_cents)}"
    return words


def _statement(use: Use) -> str:
    state = use.statement_state or "not on file"
    if use.final_on is not None:
        state = f"final since {use.final_on}"
    return f"statement {use.statement_number} ({state})"


def _unknown(use: Use) -> str:
    """Name what an addendum says where it belongs to no statement."""
    if use.document_number:
        return f"names document {use.document_number}"
    return "names no document"
