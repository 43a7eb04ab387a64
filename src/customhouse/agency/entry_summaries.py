"""Rules of entry summaries at intake: from what was written to an entry, or to all its faults.

Pure: what must be looked up (filers, ports, importers, the business date) comes in as facts. How
a file is read and how an entry is stored are other modules' work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from customhouse import faults as shared
from customhouse.agency import entry_faults as faults
from customhouse.agency import update_faults
from customhouse.agency.entry_fields import (
    CHARGE_CLASS,
    ENTRY_FIELDS,
    MOST_CHARGES,
    PAYMENT_TYPES,
    PERIODIC_TYPES,
    WITHDRAWAL_TYPES,
)
from customhouse.agency.statements import (
    ANTIDUMPING_CLASS,
    COUNTERVAILING_CLASS,
    DUTY_CLASSES,
    INTEREST_CLASS,
    NOT_FEES,
    TAX_CLASSES,
)
from customhouse.faults import Fault
from customhouse.formats.abi_statement_values import MOST_FEES
from customhouse.identifiers import EntryNumber, IdentifierError, check_digit
from customhouse.money import MAX_ENTRY_CENTS, format_dollars, parse_dollars

# The interest of a statement line has eight digits of cents (Q2 record).
MOST_INTEREST_CENTS: Final = 99_999_999
_AMOUNT: Final = "dollars and cents like 1046.08"
_MOST_DOLLARS: Final = f"{MAX_ENTRY_CENTS // 100}.{MAX_ENTRY_CENTS % 100}"
_AMOUNT_EXAMPLE: Final = (
    f"1046.08 or 1046, without sign, separator, space or leading zero, at most {_MOST_DOLLARS}"
)
# Well spelled, though it may be more than any record holds.
_WHATEVER_AMOUNT: Final = re.compile(r"[1-9][0-9]{0,30}(\.[0-9]{2})?")
_SIZE_FLAGS: Final = ("deferred_tax", "antidumping_paid", "countervailing_paid")


@dataclass(frozen=True, slots=True)
class EntrySummaryDraft:
    """An entry summary as it was written: texts by field name and by accounting class code.

    ``position`` says where it stood (``line 3``); ``faults`` are those of reading it there.
    """

    position: str
    fields: Mapping[str, str]
    charges: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class EntrySummary:
    """An entry summary that is well formed; ``charges`` in cents by class code, none of them 0."""

    filer_code: str
    entry_number: str
    importer_number: str
    port_of_entry: str
    processing_port: str
    entry_type: str
    entry_date: date
    payment_type: str
    print_date: date | None
    deferred_tax: bool
    payable: bool
    antidumping_paid: bool
    countervailing_paid: bool
    consolidated: bool
    broker_reference: str
    team_number: str
    client_branch: str
    warehouse_entry: str
    charges: tuple[tuple[str, int], ...]

    @property
    def key(self) -> tuple[str, str]:
        """Give what identifies it: filer code and eight digits."""
        return self.filer_code, self.entry_number

    @property
    def spelled(self) -> str:
        """Give its number for people: ``B76-0324527-8``."""
        return f"{self.filer_code}-{self.entry_number[:7]}-{self.entry_number[7]}"


@dataclass(frozen=True, slots=True)
class EntryReading:
    """A draft as far as it could be read: ``entry`` when all of it could, else its faults.

    ``values`` holds the fields that could be read, by name, so that they are judged whatever is
    wrong with the others.
    """

    values: Mapping[str, Any]
    faults: tuple[Fault, ...]
    entry: EntrySummary | None = None


def read_draft(draft: EntrySummaryDraft) -> EntryReading:
    """Read every field and charge of a draft, and give all their faults at once."""
    found = list(draft.faults)
    if found and not draft.fields:
        # The item could not be read at all: what it lacks is no news.
        return EntryReading({}, draft.faults)
    values = _read_fields(draft, found)
    charges = _read_charges(draft, found)
    found += _number_faults(values) + _charge_faults(draft, values, charges)
    found += _payment_faults(values) + _warehouse_faults(values)
    if found:
        return EntryReading(values, tuple(found))
    return EntryReading(values, (), EntrySummary(**values, charges=charges))


def wrong_field(name: str, seen: str, *, expected: str, example: str) -> Fault:
    """Give the fault of a field whose value is not as expected; the value is escaped and cut."""
    values = {"field": name, "seen": ascii(seen)[:60], "expected": expected, "example": example}
    return Fault(faults.ENTRY_FIELD_WRONG, values)


def _read_fields(draft: EntrySummaryDraft, found: list[Fault]) -> dict[str, Any]:
    """Read every field that can be read, and add a fault to ``found`` for each other one."""
    blamed = {fault.values.get("field") for fault in draft.faults}
    values = {}
    for each in ENTRY_FIELDS:
        text = draft.fields.get(each.name, "") or each.default
        if text is None:
            if each.name not in blamed:
                missing = {"field": each.name, "expected": each.expected}
                found.append(Fault(faults.ENTRY_FIELD_MISSING, missing))
            continue
        if each.name in blamed:
            # Its default would be judged in the place of what was written.
            continue
        try:
            values[each.name] = each.read(text)
        except ValueError:
            found.append(wrong_field(each.name, text, expected=each.expected, example=each.example))
    return values


def _read_charges(draft: EntrySummaryDraft, found: list[Fault]) -> tuple[tuple[str, int], ...]:
    """Read every charge that can be read, without those of zero; add a fault for each other."""
    if len(draft.charges) > MOST_CHARGES:
        values = {"seen": f"{len(draft.charges)} charges", "expected": MOST_CHARGES}
        found.append(Fault(faults.ENTRY_TOO_MANY_CHARGES, values))
        return ()
    charges = []
    for class_code, text in sorted(draft.charges.items()):
        if not CHARGE_CLASS.fullmatch(class_code):
            expected = "three digits or capital letters"
            found.append(
                wrong_field("accounting class code", class_code, expected=expected, example="499")
            )
            continue
        try:
            cents = parse_dollars(text)
        except ValueError:
            found.append(_amount_fault(class_code, text))
            continue
        wrong = _too_large(f"charge {class_code}", cents, most=_most_cents(class_code))
        found += wrong
        if cents and not wrong:
            charges.append((class_code, cents))
    return tuple(charges)


def _most_cents(class_code: str) -> int:
    return MOST_INTEREST_CENTS if class_code == INTEREST_CLASS else MAX_ENTRY_CENTS


def _amount_fault(class_code: str, text: str) -> Fault:
    """Tell an amount that is only too large from one that is spelled wrong."""
    name = f"charge {class_code}"
    if not _WHATEVER_AMOUNT.fullmatch(text):
        return wrong_field(name, text, expected=_AMOUNT, example=_AMOUNT_EXAMPLE)
    dollars, _, cents = text.partition(".")
    values = {"field": name, "seen": f"${int(dollars):,}.{cents or '00'}"}
    values["expected"] = format_dollars(_most_cents(class_code))
    return Fault(faults.ENTRY_AMOUNT_TOO_LARGE, values)


def _number_faults(values: dict[str, Any]) -> list[Fault]:
    """Hold an entry number to its filer and its check digit, and bring it to eight digits."""
    written: str | None = values.pop("entry_number", None)
    if written is None:
        return []
    eight = written.replace("-", "")[-8:]
    spelled_filer = written[:3] if len(written) > 8 else None
    filer_code = values.get("filer_code", spelled_filer)
    if filer_code is None:
        return []
    if spelled_filer not in (None, filer_code):
        expected = f"a number of filer {filer_code}"
        example = f"{filer_code}-0324527-{check_digit(filer_code, '0324527')}"
        return [wrong_field("entry_number", written, expected=expected, example=example)]
    try:
        EntryNumber.from_parts(filer_code, eight)
    except IdentifierError as error:
        blamed = {"entry_number": written, "reason": str(error)}
        return [Fault(shared.ENTRY_NUMBER_UNREADABLE, blamed)]
    values["entry_number"] = eight
    return []


def _charge_faults(
    draft: EntrySummaryDraft, values: Mapping[str, Any], charges: tuple[tuple[str, int], ...]
) -> list[Fault]:
    """Judge the charges of an entry together."""
    found = []
    if not draft.charges and values.get("payable") and not _charges_are_blamed(draft):
        found.append(Fault(faults.ENTRY_WITHOUT_CHARGE))
    fees = sum(1 for class_code, _ in charges if class_code not in NOT_FEES)
    if fees > MOST_FEES:
        # A statement line has room for this many (QA records).
        seen = {"seen": f"{fees} fees", "expected": MOST_FEES}
        found.append(Fault(faults.ENTRY_TOO_MANY_CHARGES, seen))
    if sum(cents for _, cents in charges) > MAX_ENTRY_CENTS:
        found += _size_faults(charges, values)
    return found


def _charges_are_blamed(draft: EntrySummaryDraft) -> bool:
    return any(str(fault.values.get("field")).startswith("charge") for fault in draft.faults)


def _size_faults(charges: tuple[tuple[str, int], ...], values: Mapping[str, Any]) -> list[Fault]:
    """Hold the sums of an entry to what the fields of its statement line hold (Q1, Q2)."""
    sums = {
        "total duty": sum(cents for code, cents in charges if code in DUTY_CLASSES),
        "total tax": sum(cents for code, cents in charges if code in TAX_CLASSES),
    }
    if all(name in values for name in _SIZE_FLAGS):
        left_out = set[str]()
        if values["deferred_tax"]:
            left_out |= TAX_CLASSES
        if not values["antidumping_paid"]:
            left_out.add(ANTIDUMPING_CLASS)
        if not values["countervailing_paid"]:
            left_out.add(COUNTERVAILING_CLASS)
        sums["amount due"] = sum(cents for code, cents in charges if code not in left_out)
    return [
        fault
        for name, cents in sums.items()
        for fault in _too_large(name, cents, most=MAX_ENTRY_CENTS)
    ]


def _too_large(name: str, cents: int, *, most: int) -> list[Fault]:
    if cents <= most:
        return []
    values = {"field": name, "seen": format_dollars(cents), "expected": format_dollars(most)}
    return [Fault(faults.ENTRY_AMOUNT_TOO_LARGE, values)]


def _payment_faults(values: Mapping[str, Any]) -> list[Fault]:
    """Hold the dates to the payment type and to each other, as far as they could be read."""
    if "payment_type" not in values:
        return []
    payment_type = values["payment_type"]
    if payment_type in PERIODIC_TYPES:
        known = {"payment_type": payment_type, "known": ", ".join(PAYMENT_TYPES)}
        return [Fault(update_faults.PERIODIC_NOT_OFFERED, known)]
    if "print_date" not in values:
        return []
    print_date = values["print_date"]
    if payment_type == "1":
        return [] if print_date is None else [Fault(shared.PRINT_DATE_NOT_ALLOWED)]
    if print_date is None:
        return [Fault(shared.PRINT_DATE_MISSING, {"payment_type": payment_type})]
    entry_date = values.get("entry_date")
    if entry_date is not None and entry_date > print_date:
        blamed = {"entry_date": entry_date, "print_date": print_date}
        return [Fault(update_faults.ENTRY_DATE_AFTER_PRINT_DATE, blamed)]
    return []


def _warehouse_faults(values: Mapping[str, Any]) -> list[Fault]:
    entry_type = values.get("entry_type")
    if not values.get("warehouse_entry") or entry_type is None or entry_type in WITHDRAWAL_TYPES:
        return []
    blamed = {"entry_type": entry_type, "expected": ", ".join(WITHDRAWAL_TYPES)}
    return [Fault(faults.WAREHOUSE_ENTRY_NOT_ALLOWED, blamed)]
