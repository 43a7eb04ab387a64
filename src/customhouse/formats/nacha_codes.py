"""Codes of Nacha records: transaction codes, entry classes, service classes, routing numbers.

Data and small pure functions; where a code may stand, and with what, is for the checker.
Sources: Nacha Operating Rules, appendix 3 (record formats) and appendix 2 (operator edits).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Account = Literal["demand", "savings", "general ledger", "loan"]
Direction = Literal["credit", "debit"]
Purpose = Literal["live", "prenote", "zero-dollar", "return"]

MIXED: Final = 200
CREDITS_ONLY: Final = 220
DEBITS_ONLY: Final = 225
ADVICES: Final = 280
SERVICE_CLASSES: Final = {
    MIXED: "debits and credits mixed",
    CREDITS_ONLY: "credits only",
    DEBITS_ONLY: "debits only",
    ADVICES: "automated accounting advices",
}

CCD: Final = "CCD"
CTX: Final = "CTX"
COR: Final = "COR"
SUPPORTED_ENTRY_CLASSES: Final = frozenset({CCD, CTX, COR})
ENTRY_CLASSES: Final = {
    "ACK": "acknowledgment of a CCD",
    "ADV": "automated accounting advice",
    "ARC": "accounts receivable",
    "ATX": "acknowledgment of a CTX",
    "BOC": "back office conversion",
    "CCD": "corporate credit or debit",
    "CIE": "customer initiated",
    "COR": "notification of change",
    "CTX": "corporate trade exchange",
    "DNE": "death notification",
    "ENR": "automated enrolment",
    "IAT": "international",
    "MTE": "machine transfer",
    "POP": "point of purchase",
    "POS": "point of sale",
    "PPD": "prearranged payment or deposit",
    "RCK": "re-presented check",
    "SHR": "shared network",
    "TEL": "telephone initiated",
    "TRC": "check truncation",
    "TRX": "check truncation exchange",
    "WEB": "internet or mobile initiated",
    "XCK": "destroyed check",
}

RESERVED_DESCRIPTIONS: Final = frozenset(
    {
        "REVERSAL",
        "RECLAIM",
        "RETURN FEE",
        "NONSETTLED",
        "AUTOENROLL",
        "REDEPCHECK",
        "NO CHECK",
    }
)

ROUTING_WEIGHTS: Final = (3, 7, 1, 3, 7, 1, 3, 7)
ROUTING_PREFIXES: Final = frozenset(
    f"{number:02d}" for number in (*range(13), *range(21, 33), *range(61, 73), 80)
)


@dataclass(frozen=True, slots=True)
class TransactionCode:
    """What a transaction code says: the kind of account, the direction and the purpose.

    A "return" is also what a notification of change carries.
    """

    code: int
    account: Account
    direction: Direction
    purpose: Purpose

    @property
    def phrase(self) -> str:
        """Say the code in plain words, for example "debit to a demand account"."""
        if self.purpose == "live":
            return f"{self.direction} to a {self.account} account"
        if self.purpose == "return":
            return f"return or notification of a {self.direction} to a {self.account} account"
        return f"{self.purpose} {self.direction} to a {self.account} account"


def _transaction_codes() -> dict[int, TransactionCode]:
    accounts: tuple[Account, ...] = ("demand", "savings", "general ledger")
    purposes: tuple[Purpose, ...] = ("return", "live", "prenote", "zero-dollar")
    sides: tuple[tuple[int, Direction], ...] = ((1, "credit"), (6, "debit"))
    found = [
        TransactionCode(20 + 10 * tens + first + ones, account, direction, purpose)
        for tens, account in enumerate(accounts)
        for first, direction in sides
        for ones, purpose in enumerate(purposes)
    ]
    found += [
        TransactionCode(51 + ones, "loan", "credit", purpose)
        for ones, purpose in enumerate(purposes)
    ]
    # A loan account is debited only to reverse a credit: 55; 56 returns that reversal.
    found.append(TransactionCode(55, "loan", "debit", "live"))
    found.append(TransactionCode(56, "loan", "debit", "return"))
    return {one.code: one for one in found}


TRANSACTION_CODES: Final = _transaction_codes()
LOAN_REVERSAL: Final = 55
ADVICE_TRANSACTION_CODES: Final = frozenset(range(81, 89))


@lru_cache(maxsize=1 << 14)
def routing_check_digit(dfi: str) -> str:
    """Give the ninth digit of a routing number from its first eight; source: appendix 3.

    Raise ValueError when ``dfi`` is not eight digits.
    """
    if len(dfi) != 8 or not (dfi.isascii() and dfi.isdigit()):
        raise ValueError("a routing number starts with eight digits")
    pairs = zip(dfi, ROUTING_WEIGHTS, strict=True)
    return str(-sum(int(digit) * weight for digit, weight in pairs) % 10)
