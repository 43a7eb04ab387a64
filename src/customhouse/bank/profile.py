"""What identifies the processor bank in its files, in one place. All of it is fictitious.

A real bank has its own routing number, operator and notation; change them here and nowhere else.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from customhouse.identifiers import RoutingNumber
from customhouse.money import MAX_TOTAL_CENTS, format_cents

# Both pass the check digit and belong to no bank.
BANK_ROUTING: Final = RoutingNumber("123456780")
OPERATOR_ROUTING: Final = RoutingNumber("010203046")
BANK_NAME: Final = "EXAMPLE PROCESSOR BANK"
OPERATOR_NAME: Final = "EXAMPLE ACH OPERATOR"

# The customs notation on the payer's bank statement (DEB-12); the wording is ours.
COMPANY_NAME: Final = "US CUSTOMS DUTY"
COMPANY_IDENTIFICATION: Final = "9CUSTOMS01"
ENTRY_DESCRIPTION: Final = "CUSTOMSDTY"
# 1: a depository institution that has agreed to follow the Nacha rules.
ORIGINATOR_STATUS: Final = "1"

DEBITS_ONLY: Final = 225
DEBIT_CHECKING: Final = 27
DEBIT_SAVINGS: Final = 37

# Nacha: 999,999 entries and addenda in a batch. A debit is one entry with one addendum, and a
# file has one batch, so that a refused file never takes another batch with it.
MOST_ENTRIES_IN_FILE: Final = 499_999
MOST_CENTS_IN_FILE: Final = MAX_TOTAL_CENTS
LAST_TRACE_SEQUENCE: Final = 9_999_999

# How long an operator may be silent about a file before a person has to ask (failure C13). Ours;
# an operator's service agreement says its own.
ANSWER_WITHIN: Final = timedelta(hours=12)

MODIFIERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def addendum_text(statement_number: str, amount_cents: int) -> str:
    """Spell the addendum of a debit: ``RMR*ST*3927327001**1046.08\\`` (DEB-12).

    It follows the plain remittance convention with a qualifier of ours, ST for statement; it is
    no TXP, which is for payments that the payer pushes.
    """
    return f"RMR*ST*{statement_number}**{format_cents(amount_cents).replace(',', '')}\\"
