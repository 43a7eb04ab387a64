"""Rules of entry summaries at intake: from what was written to an entry, or to all its faults.

Pure: what must be looked up (filers, ports, importers, the business date) comes in as facts. How
a file is read and how an entry is stored are other modules' work.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from customhouse import faults as shared
from customhouse.agency import entry_faults as faults
from customhouse.agency.entry_fields import CHARGE_CLASS, ENTRY_FIELDS, MOST_CHARGES
from customhouse.agency.policy import Policy
from customhouse.agency.statement_updates import print_date_faults
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
from customhouse.identifiers import EntryNumber, IdentifierError
from customhouse.money import MAX_ENTRY_CENTS, format_dollars, parse_dollars

# The interest of a statement line has eight digits of cents (Q2 record).
MOST_INTEREST_CENTS: Final = 99_999_999
_AMOUNT: Final = "dollars and cents like 1046.08"


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
class IntakeFacts:
    """What the rules need to know: the business date, the policy, who is registered with what."""

    business_date: date
    policy: Policy
    filer_ports: Mapping[str, frozenset[str]]
    importer_numbers: Collection[str]


def read_draft(draft: EntrySummaryDraft) -> tuple[EntrySummary | None, list[Fault]]:
    """Give the entry of a draft and no faults, or None and every fault of its own fields."""
    found = list(draft.faults)
    if found and not draft.fields:
        # The item could not be read at all: what it lacks is no news.
        return None, found
    values = _read_fields(draft, found)
    charges = _read_charges(draft, found)
    if {"filer_code", "entry_number"} <= values.keys():
        found += _number_faults(values["filer_code"], values["entry_number"])
        values["entry_number"] = _eight_digits(values["entry_number"])
    if found:
        return None, found
    entry = EntrySummary(**values, charges=charges)
    found += _size_faults(entry) + _date_faults(entry)
    return (None, found) if found else (entry, [])


def judge(entry: EntrySummary, facts: IntakeFacts) -> list[Fault]:
    """Give every fault of a well-formed entry that shows against what is on file."""
    found = []
    ports = facts.filer_ports.get(entry.filer_code)
    if ports is None:
        found.append(Fault(faults.ENTRY_FILER_UNKNOWN, {"seen": entry.filer_code}))
    elif entry.processing_port not in ports:
        values = {
            "seen": entry.processing_port,
            "filer_code": entry.filer_code,
            "expected": ", ".join(sorted(ports)),
        }
        found.append(Fault(faults.ENTRY_PORT_NOT_OF_FILER, values))
    if entry.importer_number not in facts.importer_numbers:
        found.append(Fault(faults.ENTRY_IMPORTER_UNKNOWN, {"seen": entry.importer_number}))
    if entry.print_date is not None:
        found += print_date_faults(entry.print_date, facts.business_date, policy=facts.policy)
    return found


def wrong_field(name: str, seen: str, *, expected: str) -> Fault:
    """Give the fault of a field whose value is not as expected; the value is escaped and cut."""
    values = {"field": name, "seen": ascii(seen)[:60], "expected": expected}
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
        try:
            values[each.name] = each.read(text)
        except ValueError:
            found.append(wrong_field(each.name, text, expected=each.expected))
    return values


def _read_charges(draft: EntrySummaryDraft, found: list[Fault]) -> tuple[tuple[str, int], ...]:
    if len(draft.charges) > MOST_CHARGES:
        values = {"seen": f"{len(draft.charges)} charges", "expected": MOST_CHARGES}
        found.append(Fault(faults.ENTRY_TOO_MANY_CHARGES, values))
        return ()
    charges = []
    for class_code, text in sorted(draft.charges.items()):
        name = f"charge {class_code}"
        if not CHARGE_CLASS.fullmatch(class_code):
            expected = "three digits or capital letters"
            found.append(wrong_field("accounting class code", class_code, expected=expected))
            continue
        try:
            cents = parse_dollars(text)
        except ValueError:
            found.append(wrong_field(name, text, expected=_AMOUNT))
            continue
        most = MOST_INTEREST_CENTS if class_code == INTEREST_CLASS else MAX_ENTRY_CENTS
        found += _too_large(name, cents, most=most)
        if cents:
            charges.append((class_code, cents))
    fees = sum(1 for class_code, _ in charges if class_code not in NOT_FEES)
    if fees > MOST_FEES:
        # A statement line has room for this many (QA records).
        values = {"seen": f"{fees} fees", "expected": MOST_FEES}
        found.append(Fault(faults.ENTRY_TOO_MANY_CHARGES, values))
    return tuple(charges)


def _number_faults(filer_code: str, entry_number: str) -> list[Fault]:
    """Hold an entry number to its filer and its check digit."""
    if len(entry_number) > 8 and not entry_number.startswith(filer_code):
        expected = f"a number of filer {filer_code}"
        return [wrong_field("entry_number", entry_number, expected=expected)]
    try:
        EntryNumber.from_parts(filer_code, _eight_digits(entry_number))
    except IdentifierError as error:
        values = {"entry_number": entry_number, "reason": str(error)}
        return [Fault(shared.ENTRY_NUMBER_UNREADABLE, values)]
    return []


def _eight_digits(entry_number: str) -> str:
    """Give the digits of either spelling: ``03245278`` of ``B76-0324527-8``."""
    return entry_number.replace("-", "")[-8:]


def _size_faults(entry: EntrySummary) -> list[Fault]:
    """Hold the sums of an entry to what the fields of its statement line hold (Q1, Q2)."""
    left_out = set[str]()
    if entry.deferred_tax:
        left_out |= TAX_CLASSES
    if not entry.antidumping_paid:
        left_out.add(ANTIDUMPING_CLASS)
    if not entry.countervailing_paid:
        left_out.add(COUNTERVAILING_CLASS)
    sums = {
        "total duty": sum(cents for code, cents in entry.charges if code in DUTY_CLASSES),
        "total tax": sum(cents for code, cents in entry.charges if code in TAX_CLASSES),
        "amount due": sum(cents for code, cents in entry.charges if code not in left_out),
    }
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


def _date_faults(entry: EntrySummary) -> list[Fault]:
    if entry.payment_type == "1":
        return [] if entry.print_date is None else [Fault(shared.PRINT_DATE_NOT_ALLOWED)]
    if entry.print_date is None:
        return [Fault(shared.PRINT_DATE_MISSING, {"payment_type": entry.payment_type})]
    if entry.entry_date > entry.print_date:
        values = {"entry_date": entry.entry_date, "print_date": entry.print_date}
        return [Fault(faults.ENTRY_DATE_AFTER_PRINT_DATE, values)]
    return []
