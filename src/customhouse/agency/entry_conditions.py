"""The published condition of each fault of intake, where CATAIR has one (AE, code and text).

A fault of ours says more than its condition; the condition is what software of the field knows.
Looks nothing up and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from customhouse import faults as shared
from customhouse.agency import entry_faults as faults
from customhouse.agency import update_faults
from customhouse.faults import Fault, FaultKind


@dataclass(frozen=True, slots=True)
class AeCondition:
    """A condition of the AE answer: three characters and the text of the dictionary."""

    code: str
    text: str


NOT_AUTHORIZED: Final = AeCondition("207", "Statement Processing Not Authorized")
_OF_KIND: Final[Mapping[FaultKind, AeCondition]] = {
    shared.PRINT_DATE_NOT_ALLOWED: AeCondition("199", "Prelim Stmt Date Not Allowed"),
    shared.CLIENT_BRANCH_NOT_ARRANGED: AeCondition("201", "Stmt Client Branch Not Allowed"),
    shared.PRINT_DATE_MISSING: AeCondition("202", "Prelim Stmt Date Missing"),
    shared.PRINT_DATE_NOT_BUSINESS_DAY: AeCondition("204", "Prelim Stmt Date is Sat, Sun, or Hol"),
    shared.PRINT_DATE_NOT_FUTURE: AeCondition("205", "Prelim Stmt Date Must be in Future"),
    shared.PRINT_DATE_TOO_FAR: AeCondition("206", "Prelim Stmt Date > 90 Days in Future"),
    update_faults.PERIODIC_NOT_OFFERED: NOT_AUTHORIZED,
    faults.ENTRY_PORT_NOT_OF_FILER: NOT_AUTHORIZED,
    update_faults.PRINT_DATE_PRODUCED: AeCondition("216", "Prelim Stmt for Date Already Produced"),
    update_faults.ENTRY_DATE_AFTER_PRINT_DATE: AeCondition(
        "218", "Estimated Entry Dt Cannot Be > Stmt Dt"
    ),
    update_faults.CLIENT_BRANCH_MISSING: AeCondition("219", "Stmt Client Branch Missing"),
    faults.WITHDRAWAL_BEFORE_WAREHOUSE: AeCondition(
        "321", "WRHSE/WD PRELIM STMT PRINT DT CONFLICT"
    ),
    faults.ENTRY_ON_STATEMENT: AeCondition("B29", "Entry Summary Under CBP Control"),
    update_faults.PRINT_RUN_IN_PROGRESS: AeCondition("B72", "ACTION NOT ALLOWED; STMNT CONFLICT"),
}
# Faults of one kind for many fields: the field says which condition it is.
_OF_FIELD: Final[Mapping[tuple[FaultKind, str], AeCondition]] = {
    (faults.ENTRY_FIELD_WRONG, "payment_type"): AeCondition("197", "Payment Type Code Unknown"),
    (faults.ENTRY_FIELD_MISSING, "payment_type"): AeCondition("263", "Payment Type Code Missing"),
    (faults.ENTRY_FIELD_UNKNOWN, "'periodic_month'"): AeCondition(
        "200", "Periodic Stmt Month Not Allowed"
    ),
    (faults.ENTRY_FIELD_WRONG, "print_date"): AeCondition(
        "203", "Prelim Stmt Date Not a Known Date"
    ),
}


def condition_of(fault: Fault) -> AeCondition | None:
    """Give the published condition of a fault of intake, or None where there is none."""
    found = _OF_KIND.get(fault.kind)
    return found or _OF_FIELD.get((fault.kind, str(fault.values.get("field"))))


def listed() -> list[tuple[AeCondition, str]]:
    """List every condition that intake can answer with the code of its fault, in code order."""
    of_kind = [(condition, kind.code) for kind, condition in _OF_KIND.items()]
    of_field = [(condition, kind.code) for (kind, _), condition in _OF_FIELD.items()]
    return sorted(of_kind + of_field, key=lambda each: (each[0].code, each[1]))
