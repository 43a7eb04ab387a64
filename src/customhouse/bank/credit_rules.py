"""What becomes of an entry that others originated: taken, or sent back, and by when. Pure rules.

DISPOSITIONS is the whole decision, one row a case; docs/reference/exchange.md shows the same table.
What an addendum says is not read here or anywhere at the bank.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from customhouse.business_days import FEDERAL_RESERVE, OutsideCalendar
from customhouse.formats.nacha_codes import TRANSACTION_CODES, Direction, Purpose

EntryKind = Literal["payment", "prenote", "debit_refused", "returned"]
# Whose account the entry names: the agency's, no account here, or none that there could be.
Account = Literal["collection", "unknown", "malformed"]

NOT_AUTHORIZED, IMPROPER_REVERSAL = "R29", "R17"
NO_ACCOUNT, ACCOUNT_MALFORMED = "R03", "R04"
# Credit entry refused by receiver (Nacha appendix 4).
REFUSED_BY_RECEIVER: Final = "R23"
REVERSAL: Final = "REVERSAL"
# Nacha 2.9: an entry may be reversed within five banking days of its settlement.
DAYS_TO_REVERSE: Final = 5
# Nacha 3.8: a return is at the originating bank by the opening of the second banking day.
DAYS_TO_RETURN: Final = 2
# This bank's own rule: later it can not tell any more that the entry is the one that was sent, for
# trace numbers come again.
DAYS_TO_REFUSE: Final = timedelta(days=365)
# The operator delivers an entry some days before its settlement or after; further away, the day of
# the year is a wrong one.
MOST_DAYS_AWAY: Final = timedelta(days=31)
_ACCOUNT: Final = re.compile(r"[0-9A-Z]{4,17}", re.ASCII)


@dataclass(frozen=True, slots=True)
class CollectionAccount:
    """The agency's own account, to which payers push money; its number never shows."""

    routing_number: str
    account_number: str = field(repr=False)

    def match(self, routing_number: str, account_number: str) -> Account:
        """Tell whose account an entry names; blanks in the account number count for nothing."""
        number = account_number.replace(" ", "")
        if not _ACCOUNT.fullmatch(number):
            return "malformed"
        ours = (self.routing_number, self.account_number)
        return "collection" if (routing_number, number) == ours else "unknown"


@dataclass(frozen=True, slots=True)
class Disposition:
    """What becomes of an entry: its kind, and the code with which it goes back, or nothing."""

    kind: EntryKind
    return_code: str
    why: str


_UNKNOWN: Final = Disposition(
    "returned", NO_ACCOUNT, "no such account here (Nacha appendix 4, R03)"
)
_MALFORMED: Final = Disposition(
    "returned", ACCOUNT_MALFORMED, "no account number has this form (Nacha appendix 4, R04)"
)
_PAYMENT: Final = Disposition("payment", "", "money for the agency (CRD-02)")
_PRENOTE: Final = Disposition("prenote", "", "a zero-dollar entry that tries the account (CRD-12)")
_DEBIT: Final = Disposition(
    "debit_refused",
    NOT_AUTHORIZED,
    "the agency authorizes no debit (CRD-09; Nacha appendix 4, R29)",
)
_LIVE: Final[tuple[Purpose, ...]] = ("live",)
_ZERO: Final[tuple[Purpose, ...]] = ("prenote", "zero-dollar")
# By whose account it is, by direction and by purpose; see ``judge`` for a reversal.
DISPOSITIONS: Final[
    tuple[tuple[Account, tuple[Direction, ...], tuple[Purpose, ...], Disposition], ...]
] = (
    ("collection", ("credit",), _LIVE, _PAYMENT),
    ("collection", ("credit",), _ZERO, _PRENOTE),
    ("collection", ("debit",), _LIVE + _ZERO, _DEBIT),
    ("unknown", ("credit", "debit"), _LIVE + _ZERO, _UNKNOWN),
    ("malformed", ("credit", "debit"), _LIVE + _ZERO, _MALFORMED),
)
_CASES: Final = {
    (account, direction, purpose): disposition
    for account, directions, purposes, disposition in DISPOSITIONS
    for direction in directions
    for purpose in purposes
}


def judge(transaction_code: int, account: Account) -> Disposition:
    """Say what becomes of an entry, by its code and by whose account it names.

    A debit that is a reversal gets R17 in the place of R29 where there is no credit that it could
    reverse (``reversible_since``), which only the books can tell. Raises KeyError for a code of
    returns, which a sound file of credits does not hold.
    """
    code = TRANSACTION_CODES[transaction_code]
    return _CASES[account, code.direction, code.purpose]


def reversible_since(settled_on: date) -> date:
    """Give the first settlement date of a credit that a reversal of a day may still reverse."""
    return FEDERAL_RESERVE.add(settled_on, -DAYS_TO_REVERSE)


def return_by(settled_on: date) -> date:
    """Give the banking day by whose opening the return of an entry has to be there (Nacha 3.8)."""
    return FEDERAL_RESERVE.add(settled_on, DAYS_TO_RETURN)


def refused_return_by(told_on: date) -> date:
    """Give the banking day by whose opening a refused credit has to be back at its bank.

    The second one behind the day on which this bank was told of it (Nacha appendix 4, R23).
    """
    return FEDERAL_RESERVE.add(told_on, DAYS_TO_RETURN)


def is_refused_too_late(settled_on: date, *, told_on: date) -> bool:
    """Tell whether a credit that settled on a day can not be sent back any more."""
    return told_on - settled_on > DAYS_TO_REFUSE


def base_id(settled_on: date, trace_number: str) -> str:
    """Give the natural key of an entry: ``C``, yyjjj of its settlement date, its trace number."""
    return f"C{settled_on:%y%j}{trace_number}"


def is_settlement_date(settled_on: date, *, created_on: date) -> bool:
    """Tell whether entries of a file of that creation date can settle on a day."""
    try:
        return_by(settled_on), reversible_since(settled_on)
        is_banking_day = FEDERAL_RESERVE.is_business_day(settled_on)
    except OutsideCalendar:
        return False
    return is_banking_day and abs(settled_on - created_on) <= MOST_DAYS_AWAY
