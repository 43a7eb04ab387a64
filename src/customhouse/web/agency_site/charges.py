"""What an entry or a statement costs, charge by charge, as a person reads it.

Shows what the agency computed; a charge that is listed but not due (deferred tax, duty secured by
a bond) says so. No arithmetic of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from customhouse.formats.abi_statement import EntryLine, StatementTotals
from customhouse.formats.accounting_classes import class_name


@dataclass(frozen=True, slots=True)
class Charge:
    """One charge in cents: its name, its accounting class where it has one, and a remark."""

    name: str
    class_code: str
    cents: int
    remark: str = ""


def charges_of(line: EntryLine) -> tuple[Charge, ...]:
    """List the charges of one entry, those of zero left out."""
    deferred = "deferred, not due here" if line.deferred_tax else ""
    listed = (
        Charge(class_name("001"), "001", line.duty_cents),
        Charge("Internal revenue tax", "", line.tax_cents, deferred),
        _special("012", line.antidumping_cents, is_paid=line.antidumping_paid),
        _special("013", line.countervailing_cents, is_paid=line.countervailing_paid),
        *_fees(line.fees),
        Charge(class_name("044"), "044", line.interest_cents),
    )
    return tuple(one for one in listed if one.cents)


def totals_by_class(totals: StatementTotals) -> tuple[Charge, ...]:
    """List the totals of a statement by class, those of zero left out."""
    listed = (
        Charge(class_name("001"), "001", totals.duty_cents),
        Charge("Internal revenue tax", "", totals.tax_cents),
        Charge("Deferred tax", "", totals.deferred_tax_cents, "not due on this statement"),
        Charge(class_name("012"), "012", totals.antidumping_cents),
        Charge(class_name("013"), "013", totals.countervailing_cents),
        *_fees(totals.fees),
        Charge(class_name("044"), "044", totals.interest_cents),
    )
    return tuple(one for one in listed if one.cents)


def _fees(fees: tuple[tuple[str, int], ...]) -> Iterator[Charge]:
    for class_code, cents in fees:
        yield Charge(class_name(class_code), class_code, cents)


def _special(class_code: str, cents: int, *, is_paid: bool) -> Charge:
    remark = "" if is_paid else "secured by a bond, not due here"
    return Charge(class_name(class_code), class_code, cents, remark)
