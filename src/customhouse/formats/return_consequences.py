"""What each return reason leads to here, as one dated table: who must act, and what stops.

Data for both sides: the bank raises its alarms by it, the agency suspends payer units and tells
filers by it. It decides about corporate debits (CCD); nothing is done here.
Sources: Nacha Operating Rules, appendix 4 part 4.2 (reasons), article 2 (re-presentment,
reversals), and the amendments named by their dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# Nacha Operating Rules 2.12.4: an entry returned R01 or R09 may be sent again at most two times,
# within 180 days of the first one's settlement. Here that takes a new authorization of the payer.
MOST_REPRESENTMENTS: Final = 2
REPRESENTMENT_DAYS: Final = timedelta(days=180)
QUESTIONABLE: Final = "QUESTIONABLE"


class Act(StrEnum):
    """Who must act on a return before the statement can be paid."""

    PAYER = "the payer"
    PAYER_AND_BANK = "the payer with its bank"
    PROCESSOR_BANK = "the processor bank"
    OPERATIONS = "the agency's operators"
    FRAUD_DESK = "the fraud desk"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a return reason leads to from a day on.

    ``may_represent``: the same debit may be authorized again with the same account. ``suspends``:
    the payer unit is suspended. ``is_our_error``: the entry was wrong, so the bank is alarmed.
    """

    act: Act
    step: str
    may_represent: bool = False
    suspends: bool = False
    is_our_error: bool = False
    source: str = "Nacha appendix 4"


@dataclass(frozen=True, slots=True)
class DatedConsequence:
    """A consequence and the first day on which it holds; None from the beginning."""

    code: str
    consequence: Consequence
    from_on: date | None = field(default=None)


_SHORT = Consequence(
    Act.PAYER,
    "Cover the account, then authorize the statement again.",
    may_represent=True,
    source="Nacha 2.12.4",
)
_OTHER_ACCOUNT = Consequence(
    Act.PAYER, "Give the processor bank another account or confirm this one.", suspends=True
)
_CONSENT = Consequence(
    Act.PAYER,
    "Agree with the debit again in writing; only then is the unit opened.",
    suspends=True,
    source="Nacha 2.3 and appendix 4",
)
_STOPPED = Consequence(
    Act.PAYER,
    "Lift the stop at the payer's bank; the new authorization is the new consent.",
    may_represent=True,
)
_FILTER = Consequence(
    Act.PAYER_AND_BANK,
    "Let the payer's bank admit the agency's company identification.",
    suspends=True,
)
_FROZEN = Consequence(
    Act.OPERATIONS, "Ask the payer why its account is frozen before anything else.", suspends=True
)
_FROZEN_OR_SANCTIONED = Consequence(
    Act.OPERATIONS,
    "Ask the payer why its account is frozen; it may be for sanctions.",
    suspends=True,
    source="Nacha appendix 4 before 2028-03-17",
)
_OURS = Consequence(
    Act.PROCESSOR_BANK,
    "Find the fault in our own file; the payer did nothing wrong.",
    is_our_error=True,
    source="Nacha appendix 2 (operator's checks)",
)
_NETWORK = Consequence(
    Act.PAYER, "The payer's bank cannot take the debit; pay in another way.", suspends=True
)
_AGREED = Consequence(
    Act.PROCESSOR_BANK, "Tell whether this return was asked for or agreed to; else dishonor it."
)
_FIELD = Consequence(
    Act.PROCESSOR_BANK, "Ask the payer's bank which field it cannot process.", is_our_error=True
)
_FRAUD = Consequence(
    Act.FRAUD_DESK,
    "Ask the payer, over a known contact, whether it authorized the debit.",
    suspends=True,
    source="Nacha amendment 2024-10-01",
)
_CONSUMER = Consequence(
    Act.PAYER,
    "The bank takes the account for a consumer's: give a business account.",
    suspends=True,
)
_NOT_AS_AUTHORIZED = Consequence(
    Act.OPERATIONS,
    "Compare amount and date with the authorization; correct and authorize again.",
    source="Nacha amendment 2020-04-01",
)
_TRUNCATION = Consequence(Act.PAYER, "Ask the receiving bank.", source="Nacha before 2020-04-01")
_NOT_OURS = Consequence(
    Act.OPERATIONS,
    "This reason is for another kind of entry: ask the receiving bank.",
    source="Nacha appendix 4 (other entry classes)",
)
_SANCTIONS = Consequence(
    Act.OPERATIONS,
    "The return complies with sanctions: do not send the debit again.",
    suspends=True,
    source="Nacha amendment 2028-03-17",
)
_INTERNATIONAL = Consequence(
    Act.OPERATIONS,
    "The account is reached through a foreign bank: ask for one in the United States.",
    suspends=True,
    source="Nacha appendix 4, definition of IAT 2026-09-18",
)
_DISPUTE = Consequence(
    Act.PROCESSOR_BANK, "A step in the dispute about an earlier return.", source="Nacha 2.12.5"
)

_ROWS: Final[tuple[tuple[str, Consequence], ...]] = (
    ("R01 R09", _SHORT),
    ("R02 R03 R04 R12 R14 R15 R20", _OTHER_ACCOUNT),
    ("R05", _CONSUMER),
    ("R06 R31", _AGREED),
    ("R07 R10 R29", _CONSENT),
    ("R08", _STOPPED),
    ("R13 R32 R34", _NETWORK),
    ("R16", _FROZEN_OR_SANCTIONED),
    ("R17", _FIELD),
    ("R18 R19 R24 R25 R26 R27 R28", _OURS),
    ("R21", _FILTER),
    ("R11", _TRUNCATION),
    ("R22 R23 R30 R33 R35 R36 R37 R38 R39 R40 R41 R42 R43 R44 R45 R46 R47", _NOT_OURS),
    ("R50 R51 R52 R53 R80 R81 R82 R83 R84", _NOT_OURS),
    ("R85", _INTERNATIONAL),
    ("R61 R62 R67 R68 R69 R70 R71 R72 R73 R74 R75 R76 R77", _DISPUTE),
)
_LATER: Final = (
    DatedConsequence("R11", _NOT_AS_AUTHORIZED, date(2020, 4, 1)),
    DatedConsequence("R16", _FROZEN, date(2028, 3, 17)),
    DatedConsequence("R90", _SANCTIONS, date(2028, 3, 17)),
)
# In the order in which they began, so that the last one that fits holds.
CONSEQUENCES: Final[tuple[DatedConsequence, ...]] = (
    *(DatedConsequence(code, what) for codes, what in _ROWS for code in codes.split()),
    *_LATER,
)
# From this day on a bank may mark a return R17 as a suspicion of fraud.
QUESTIONABLE_FROM: Final = date(2024, 10, 1)


def consequence_of(code: str, on: date, *, questionable: bool = False) -> Consequence:
    """Give what a return reason leads to on a day; one that nobody assigned is for operators.

    ``questionable``: the returning bank wrote QUESTIONABLE, which with R17 is a suspicion of fraud.
    """
    if code == "R17" and questionable and on >= QUESTIONABLE_FROM:
        return _FRAUD
    found = [
        each.consequence
        for each in CONSEQUENCES
        if each.code == code and (each.from_on is None or each.from_on <= on)
    ]
    return found[-1] if found else _NOT_OURS
