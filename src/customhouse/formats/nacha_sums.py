"""Counts, hash and totals of a batch or of a file, as control records hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HASH_MODULUS: Final = 10**10


@dataclass(slots=True)
class Sums:
    """Running sums: ``entry_hash`` keeps the last ten digits, amounts are cents."""

    entries_and_addenda: int = 0
    entry_hash: int = 0
    debit_cents: int = 0
    credit_cents: int = 0

    def add(self, other: Sums) -> None:
        """Add the sums of one batch to those of its file."""
        self.entries_and_addenda += other.entries_and_addenda
        self.entry_hash = (self.entry_hash + other.entry_hash) % HASH_MODULUS
        self.debit_cents += other.debit_cents
        self.credit_cents += other.credit_cents
