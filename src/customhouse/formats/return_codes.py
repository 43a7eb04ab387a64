"""Return reason codes R01 to R85 and R90: what each means, who sends it and until when.

Data for pages, reports and the checker; no action is taken here. Meanings are in our own words.
Sources: Nacha Operating Rules, appendix 4, and the amendments named by their dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Sender(StrEnum):
    """Who sends a return with this reason."""

    RECEIVING_BANK = "receiving bank"
    ORIGINATING_BANK = "originating bank"
    OPERATOR = "ACH operator"
    FEDERAL_AGENCY = "federal agency"
    GATEWAY = "gateway"


class Deadline(StrEnum):
    """Until when a return with this reason may be sent."""

    TWO_BANKING_DAYS = "second banking day after settlement"
    SIXTY_DAYS = "banking day after the 60th calendar day after settlement"
    AFTER_REFUSAL = "second banking day after the receiver's refusal"
    BY_AGREEMENT = "as the originating bank agrees"
    NEXT_OPERATOR_FILE = "next file of the operator"
    AGENCY_PROCESSING = "when the agency has processed the enrolment"
    FIVE_BANKING_DAYS = "fifth banking day after the return settled"
    TWO_DAYS_AFTER_DISHONOR = "second banking day after the dishonored return settled"
    OWN_TIME_FRAME = "time frame of its own"


class Stage(StrEnum):
    """Which step of the exchange the code belongs to; the steps do not share a batch."""

    RETURN = "return"
    DISHONORED = "dishonored return"
    CONTESTED = "contested dishonored return"


@dataclass(frozen=True, slots=True)
class ReturnCode:
    """One return reason; ``entry_classes`` is empty where any class of entry may have it."""

    code: str
    meaning: str
    sender: Sender
    deadline: Deadline
    debits: bool
    credits: bool
    stage: Stage = Stage.RETURN
    entry_classes: frozenset[str] = frozenset()
    effective_on: date | None = None

    @property
    def applies_to(self) -> str:
        """Say to which entries the code applies: debits, credits or both."""
        sides = (("debits", self.debits), ("credits", self.credits))
        return " and ".join(name for name, applies in sides if applies)


_BANK, _ODFI = Sender.RECEIVING_BANK, Sender.ORIGINATING_BANK
_OPERATOR, _AGENCY, _GATEWAY = Sender.OPERATOR, Sender.FEDERAL_AGENCY, Sender.GATEWAY
_TWO, _SIXTY = Deadline.TWO_BANKING_DAYS, Deadline.SIXTY_DAYS
_NEXT, _ENROLMENT = Deadline.NEXT_OPERATOR_FILE, Deadline.AGENCY_PROCESSING

# Code, meaning, sender, deadline, D for debits and C for credits, entry classes if limited.
_RETURNS: Final = (
    ("R01", "There is not enough money in the account.", _BANK, _TWO, "D", ""),
    ("R02", "The account is closed.", _BANK, _TWO, "DC", ""),
    ("R03", "There is no such account, or it is not that receiver's.", _BANK, _TWO, "DC", ""),
    ("R04", "The account number is not formed like one.", _BANK, _TWO, "DC", ""),
    (
        "R05",
        "A corporate debit hit a consumer's account without authority.",
        _BANK,
        _SIXTY,
        "D",
        "CCD CTX",
    ),
    ("R06", "Returned at the originating bank's request.", _BANK, Deadline.BY_AGREEMENT, "DC", ""),
    (
        "R07",
        "The consumer has revoked the authorization.",
        _BANK,
        _SIXTY,
        "D",
        "PPD TEL WEB POS MTE SHR IAT",
    ),
    ("R08", "The payment was stopped.", _BANK, _TWO, "D", ""),
    ("R09", "The money in the account is not collected yet.", _BANK, _TWO, "D", ""),
    (
        "R10",
        "The consumer does not know the originator or did not authorize it.",
        _BANK,
        _SIXTY,
        "D",
        "PPD TEL WEB POS MTE SHR ARC BOC POP IAT",
    ),
    (
        "R11",
        "The debit is not as the consumer authorized it.",
        _BANK,
        _SIXTY,
        "D",
        "PPD TEL WEB POS MTE SHR ARC BOC POP IAT",
    ),
    ("R12", "The branch that held the account was sold.", _BANK, _TWO, "DC", ""),
    ("R13", "The routing number is not that of a receiving bank.", _OPERATOR, _NEXT, "DC", ""),
    ("R14", "The representative payee has died or cannot act.", _BANK, _TWO, "DC", ""),
    ("R15", "The account holder or beneficiary has died.", _BANK, _TWO, "DC", ""),
    ("R16", "The account is frozen.", _BANK, _TWO, "DC", ""),
    ("R17", "A field cannot be processed, or the entry is questionable.", _BANK, _TWO, "DC", ""),
    ("R18", "The effective entry date is outside the window.", _OPERATOR, _NEXT, "DC", ""),
    ("R19", "The amount field is in error.", _OPERATOR, _NEXT, "DC", ""),
    ("R20", "The account is not one for such transactions.", _BANK, _TWO, "DC", ""),
    ("R21", "The company identification is not admitted.", _BANK, _TWO, "DC", "CCD CTX CIE"),
    ("R22", "The identification number is not valid.", _BANK, _TWO, "C", ""),
    ("R23", "The receiver refused the credit.", _BANK, Deadline.AFTER_REFUSAL, "C", ""),
    ("R24", "The entry is a duplicate.", _BANK, _TWO, "DC", ""),
    ("R25", "The addenda are in error.", _OPERATOR, _NEXT, "DC", ""),
    ("R26", "A mandatory field is in error.", _OPERATOR, _NEXT, "DC", ""),
    ("R27", "A trace number is in error.", _OPERATOR, _NEXT, "DC", ""),
    ("R28", "The check digit of the routing number is wrong.", _OPERATOR, _NEXT, "DC", ""),
    ("R29", "The corporate customer did not authorize the debit.", _BANK, _TWO, "D", "CCD CTX"),
    ("R30", "The bank takes no part in check truncation.", _OPERATOR, _NEXT, "D", "TRC TRX"),
    ("R31", "A late return that was agreed on.", _BANK, Deadline.BY_AGREEMENT, "D", "CCD CTX"),
    ("R32", "The receiving bank cannot settle.", _OPERATOR, _NEXT, "DC", ""),
    ("R33", "An entry for a destroyed check is returned.", _BANK, _SIXTY, "D", "XCK"),
    ("R34", "The receiving bank's participation is limited.", _OPERATOR, _NEXT, "DC", ""),
    ("R35", "A debit is not allowed here.", _OPERATOR, _NEXT, "D", "CIE"),
    (
        "R36",
        "A credit is not allowed here.",
        _OPERATOR,
        _NEXT,
        "C",
        "ARC BOC POP RCK TEL XCK",
    ),
    ("R37", "The paper check was presented too.", _BANK, _SIXTY, "D", "ARC BOC POP"),
    ("R38", "Payment of the paper check was stopped.", _BANK, _SIXTY, "D", "ARC BOC"),
    ("R39", "The paper is not one that may become an entry.", _BANK, _TWO, "D", "ARC BOC POP"),
    ("R40", "The agency refuses the enrolment.", _AGENCY, _ENROLMENT, "DC", "ENR"),
    ("R41", "Enrolment: the transaction code is wrong.", _AGENCY, _ENROLMENT, "DC", "ENR"),
    ("R42", "Enrolment: the routing number is wrong.", _AGENCY, _ENROLMENT, "DC", "ENR"),
    ("R43", "Enrolment: the account number is wrong.", _AGENCY, _ENROLMENT, "DC", "ENR"),
    ("R44", "Enrolment: the identification number is wrong.", _AGENCY, _ENROLMENT, "DC", "ENR"),
    ("R45", "Enrolment: the name is wrong.", _AGENCY, _ENROLMENT, "DC", "ENR"),
    ("R46", "Enrolment: the payee indicator is wrong.", _AGENCY, _ENROLMENT, "DC", "ENR"),
    ("R47", "Enrolment: it was made before.", _AGENCY, _ENROLMENT, "DC", "ENR"),
    ("R50", "State law affects the re-presented check.", _BANK, _TWO, "D", "RCK"),
    ("R51", "The re-presented check is not eligible.", _BANK, _SIXTY, "D", "RCK"),
    ("R52", "Payment of the re-presented check was stopped.", _BANK, _SIXTY, "D", "RCK"),
    ("R53", "The re-presented check was paid on paper too.", _BANK, _SIXTY, "D", "RCK"),
    ("R80", "The international entry is coded wrongly.", _GATEWAY, _TWO, "DC", "IAT"),
    ("R81", "The bank is not in the international programme.", _GATEWAY, _TWO, "DC", "IAT"),
    ("R82", "The foreign bank's identification is not valid.", _GATEWAY, _TWO, "DC", "IAT"),
    ("R83", "The foreign bank cannot settle.", _GATEWAY, _TWO, "DC", "IAT"),
    ("R84", "The gateway did not process the entry.", _GATEWAY, _TWO, "DC", "IAT"),
    ("R85", "An international payment was coded as domestic.", _GATEWAY, _TWO, "DC", ""),
)

_DISHONORED: Final = (
    ("R61", "The return went to the wrong bank."),
    ("R62", "The return of an erroneous or reversing debit enriched the receiver."),
    ("R67", "The return was made before."),
    ("R68", "The return came too late."),
    ("R69", "Fields of the return are wrong."),
    ("R70", "The permissible return was neither agreed nor asked for."),
)

_CONTESTED: Final = (
    ("R71", "The dishonored return went to the wrong bank."),
    ("R72", "The dishonored return came too late."),
    ("R73", "The first return was in time."),
    ("R74", "The return is sent again, corrected."),
    ("R75", "The return was not a duplicate."),
    ("R76", "There are no errors in the return."),
    ("R77", "The claim of R62 is not accepted."),
)

_BEGINNINGS: Final = {
    "R62": date(2015, 3, 20),
    "R77": date(2015, 3, 20),
    "R90": date(2028, 3, 17),
}


def _catalogue() -> dict[str, ReturnCode]:
    found = [
        ReturnCode(
            code,
            meaning,
            sender,
            deadline,
            debits="D" in sides,
            credits="C" in sides,
            entry_classes=frozenset(classes.split()),
        )
        for code, meaning, sender, deadline, sides, classes in _RETURNS
    ]
    found += _both_sides(
        _DISHONORED, _ODFI, deadline=Deadline.FIVE_BANKING_DAYS, stage=Stage.DISHONORED
    )
    found += _both_sides(
        _CONTESTED, _BANK, deadline=Deadline.TWO_DAYS_AFTER_DISHONOR, stage=Stage.CONTESTED
    )
    sanctions = (("R90", "Returned to comply with sanctions."),)
    found += _both_sides(sanctions, _BANK, deadline=Deadline.OWN_TIME_FRAME, stage=Stage.RETURN)
    return {one.code: one for one in sorted(found, key=lambda one: one.code)}


def _both_sides(
    rows: tuple[tuple[str, str], ...], sender: Sender, *, deadline: Deadline, stage: Stage
) -> list[ReturnCode]:
    return [
        ReturnCode(
            code,
            meaning,
            sender,
            deadline,
            debits=True,
            credits=True,
            stage=stage,
            effective_on=_BEGINNINGS.get(code),
        )
        for code, meaning in rows
    ]


RETURN_CODES: Final = _catalogue()
DISHONORED_CODES: Final = frozenset(code for code, _ in _DISHONORED)
CONTESTED_CODES: Final = frozenset(code for code, _ in _CONTESTED)
