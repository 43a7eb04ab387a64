"""Lifecycle tables: which state of a thing may follow which.

A lifecycle is data. The database guards the same states with CHECK constraints; a test holds the
two equal. This module does not store anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class ImpossibleTransition(Exception):
    """A state was asked to become one that its lifecycle does not allow: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states of one kind of thing, and for each state those that may follow it."""

    name: str
    initial: str
    transitions: Mapping[str, frozenset[str]]

    @property
    def states(self) -> frozenset[str]:
        """Give every state of this lifecycle."""
        return frozenset(self.transitions)

    def allows(self, before: str, after: str) -> bool:
        """Tell whether ``after`` may follow ``before``."""
        return after in self.transitions[before]

    def require(self, before: str, after: str) -> None:
        """Raise ImpossibleTransition unless ``after`` may follow ``before``."""
        if not self.allows(before, after):
            raise ImpossibleTransition(f"{self.name}: {before} cannot become {after}")


STATEMENT = Lifecycle(
    name="statement",
    initial="preliminary",
    transitions={
        # A returned debit reopens the statement, whether or not its final was already sent.
        "preliminary": frozenset({"authorized", "paid", "cancelled"}),
        "authorized": frozenset({"final", "preliminary"}),
        # Paid by money that the payer pushed, which nobody can take back.
        "paid": frozenset({"final"}),
        "final": frozenset({"preliminary"}),
        "cancelled": frozenset(),
    },
)

AUTHORIZATION = Lifecycle(
    name="authorization",
    initial="accepted",
    transitions={
        "accepted": frozenset({"with_bank", "refused", "negated"}),
        "with_bank": frozenset({"settled", "returned", "refused"}),
        # Negated on its day only where nothing had to be paid: such a one is settled at once.
        "settled": frozenset({"returned", "negated"}),
        "returned": frozenset(),
        "refused": frozenset(),
        "negated": frozenset(),
    },
)

DEBIT = Lifecycle(
    name="debit at the processor bank",
    initial="received",
    transitions={
        "received": frozenset({"in_file", "refused"}),
        "in_file": frozenset({"acknowledged", "received", "settled", "returned"}),
        "acknowledged": frozenset({"settled", "returned"}),
        "settled": frozenset({"returned"}),
        "returned": frozenset(),
        "refused": frozenset(),
    },
)

CREDIT_PART = Lifecycle(
    name="part of an incoming credit",
    initial="unapplied",
    transitions={
        "unapplied": frozenset({"applied", "refundable", "moved", "returning"}),
        # The bank that does not send it back brings it back to the desk.
        "returning": frozenset({"returned", "unapplied"}),
        "returned": frozenset(),
        "applied": frozenset(),
        "refundable": frozenset(),
        "moved": frozenset(),
    },
)
