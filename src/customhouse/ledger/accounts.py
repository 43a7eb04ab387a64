"""The chart of accounts.

An account is a code of this chart together with the payer it stands for. Which event posts to
which accounts is told in docs/explanation/ledger.md and guarded in schema/0001_ledger.sql.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

NormalSide = Literal["debit", "credit"]


class AccountCode(StrEnum):
    """A code of the chart, equal to the database's type account_code."""

    TREASURY = "treasury"
    DEBITS_IN_TRANSIT = "debits_in_transit"
    REVENUE = "revenue"
    UNAPPLIED_CREDITS = "unapplied_credits"
    REFUNDS_PAYABLE = "refunds_payable"
    REFUNDS_IN_TRANSIT = "refunds_in_transit"
    BILLS_RECEIVABLE = "bills_receivable"
    INTEREST_EXPENSE = "interest_expense"
    RETURNS_IN_DISPUTE = "returns_in_dispute"

    @property
    def normal_side(self) -> NormalSide:
        """Give the side on which this account usually stands; its balance is positive there."""
        return "debit" if self in DEBIT_ACCOUNTS else "credit"

    def balance_cents(self, *, debit_cents: int, credit_cents: int) -> int:
        """Give the balance of both sides' sums, positive on the account's normal side."""
        difference = debit_cents - credit_cents
        return difference if self.normal_side == "debit" else -difference


# Assets, claims and expenses; the rest is revenue and what we owe.
DEBIT_ACCOUNTS = frozenset(
    {
        AccountCode.TREASURY,
        AccountCode.DEBITS_IN_TRANSIT,
        AccountCode.BILLS_RECEIVABLE,
        AccountCode.INTEREST_EXPENSE,
        AccountCode.RETURNS_IN_DISPUTE,
    }
)
