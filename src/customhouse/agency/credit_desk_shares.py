"""How a split is written: shares of a part's money, each for a document or to go back.

Pure. ``1000.00=3927327001`` is a share for a document, ``25.10=refund`` one that is owed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from customhouse.agency.credit_desk_faults import (
    SHARE_UNREADABLE,
    SHARES_NOT_WHOLE,
    SHARES_TOO_MANY,
)
from customhouse.faults import Fault, Refused
from customhouse.identifiers import bare_number
from customhouse.money import format_dollars, parse_dollars

REFUND: Final = "refund"
MOST_SHARES: Final = 9


@dataclass(frozen=True, slots=True)
class Share:
    """So many cents of a part, for a document; None where they go back."""

    amount_cents: int
    number: str | None

    def __str__(self) -> str:
        return f"{format_dollars(self.amount_cents)} for {self.number or REFUND}"


def read_share(text: str) -> Share | Fault:
    """Read a share as it is written, the number also with blanks and hyphens; else the fault."""
    amount, _, target = text.partition("=")
    number = None if target.strip().lower() == REFUND else bare_number(target)
    try:
        cents = parse_dollars(amount.strip())
    except ValueError:
        cents = 0
    if cents < 1 or not (number is None or (number.isalnum() and number.isascii())):
        return Fault(SHARE_UNREADABLE, {"share": ascii(text[:60])})
    return Share(cents, number)


def read_shares(texts: Sequence[str]) -> list[Share]:
    """Read all shares of a split; raises Refused with every desk-share-unreadable."""
    read = [read_share(text) for text in texts]
    wrong = [each for each in read if isinstance(each, Fault)]
    if wrong:
        raise Refused(*wrong)
    return [each for each in read if isinstance(each, Share)]


def share_faults(shares: Sequence[Share], *, part_id: str, amount_cents: int) -> list[Fault]:
    """Give every fault of a split of a part's cents."""
    if not 2 <= len(shares) <= MOST_SHARES:
        return [Fault(SHARES_TOO_MANY, {"count": len(shares), "most": MOST_SHARES})]
    total = sum(share.amount_cents for share in shares)
    if total == amount_cents:
        return []
    values = {
        "sum": format_dollars(total),
        "part_id": part_id,
        "amount": format_dollars(amount_cents),
    }
    return [Fault(SHARES_NOT_WHOLE, values)]
