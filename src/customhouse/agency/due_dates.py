"""The last day to pay an entry: ten working days after it, or the entry's own day (DEB-14).

The rules are dated data with their sources; a day comes from a rule and a calendar of working
days. Pure: what is on file, and who is told, is others' work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from customhouse.business_days import Calendar, OutsideCalendar

SINGLE_PAY: Final = "1"
# Quota (02, 07, 12), withdrawals of quota goods (32, 38) and withdrawals under antidumping or
# countervailing duty (34): duty is due with the entry (19 CFR 142.13(b)).
SPECIAL_TYPES: Final = frozenset({"02", "07", "12", "32", "34", "38"})


@dataclass(frozen=True, slots=True)
class DueRule:
    """From a day of entry on: how many working days certain entry types have to be paid.

    ``entry_types`` of None are all that no other rule names. A statement here is always paid by
    ACH; ``days_otherwise`` counts for single pay. 0 is the day of entry itself.
    """

    since: date
    entry_types: frozenset[str] | None
    days_on_statement: int
    days_otherwise: int
    source: str


RULES: Final = (
    DueRule(
        since=date(2000, 1, 1),
        entry_types=SPECIAL_TYPES,
        days_on_statement=10,
        days_otherwise=0,
        source="19 CFR 142.13(b); 24.25(a), (c): up to ten more days on a statement paid by ACH",
    ),
    DueRule(
        since=date(2000, 1, 1),
        entry_types=None,
        days_on_statement=10,
        days_otherwise=10,
        source="19 CFR 142.12(b); 24.25(c)(2), (3)",
    ),
)


def rule_for(entry_type: str, entry_date: date) -> DueRule | None:
    """Give the rule in force for an entry of a type on a day; None before the first one."""
    fitting = [
        rule
        for rule in RULES
        if rule.since <= entry_date and (rule.entry_types is None or entry_type in rule.entry_types)
    ]
    # The rule that names the type goes before the one for all others, a later one before both.
    return max(fitting, key=lambda rule: (rule.entry_types is not None, rule.since), default=None)


def due_on(
    entry_type: str, entry_date: date, *, payment_type: str, calendar: Calendar
) -> date | None:
    """Give the last day to pay an entry; None where the calendar or the rules do not reach.

    ``calendar`` holds the working days of the port that processes the entry.
    """
    rule = rule_for(entry_type, entry_date)
    if rule is None:
        return None
    days = rule.days_otherwise if payment_type == SINGLE_PAY else rule.days_on_statement
    try:
        return calendar.add(entry_date, days)
    except OutsideCalendar:
        return None


def stays_on_statement(entry_type: str) -> bool:
    """Tell whether an entry may not be taken off a statement, nor moved (24.25(c)(2), (d))."""
    return entry_type in SPECIAL_TYPES
