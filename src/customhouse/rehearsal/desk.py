"""The agency's officer at the exception desk, as the story plays her: by the product's commands.

A payment is found by its amount, which is different for each one that waits in the demo world.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from customhouse.money import format_cents
from customhouse.rehearsal.house_processes import House
from customhouse.rehearsal.world_credits import OFFICER


@dataclass(frozen=True, slots=True)
class Waiting:
    """A part of a payment that waits: cents, reason, and days and owner since when and whose."""

    part_id: str
    amount_cents: int
    reason: str
    age_days: int
    owner: str


class OfficerAtDesk:
    """Lists what waits and decides about it; every method raises CommandFailed."""

    def __init__(self, house: House) -> None:
        self.house = house

    def waiting(self) -> list[Waiting]:
        """Give what waits, the oldest first."""
        listed = json.loads(self.house.command("desk", "list", "--json"))
        return [
            Waiting(**{name: each[name] for name in Waiting.__dataclass_fields__})
            for each in listed["parts"]
        ]

    def apply(self, cents: int, number: str, *, reason: str, remember: bool = False) -> None:
        """Apply the waiting payment of some cents to a statement."""
        more = ("--remember",) if remember else ()
        self._decide("apply", self._part(cents), number, *more, reason=reason)

    def split(self, cents: int, shares: Mapping[str, int], *, reason: str) -> None:
        """Share the waiting payment of some cents out: cents by statement, or ``refund``."""
        spelled = [f"{_plain(share)}={where}" for where, share in shares.items()]
        self._decide("split", self._part(cents), *spelled, reason=reason)

    def refund(self, cents: int, *, reason: str) -> None:
        """Owe the waiting payment of some cents back."""
        self._decide("refund", self._part(cents), reason=reason)

    def send_back(self, cents: int, *, reason: str) -> None:
        """Refuse the entry of the waiting payment of some cents: the bank sends it back."""
        self._decide("return", self._part(cents), reason=reason)

    def _part(self, cents: int) -> str:
        (part_id,) = (each.part_id for each in self.waiting() if each.amount_cents == cents)
        return part_id

    def _decide(self, act: str, *words: str, reason: str) -> None:
        self.house.command("desk", act, *words, "--reason", reason, "--officer", OFFICER)


def _plain(cents: int) -> str:
    return format_cents(cents).replace(",", "")
