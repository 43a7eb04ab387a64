"""The entries of a file of prenotes as columns: what the rows and the opened accounts say.

A prenote is a CCD debit of zero dollars, code 28 or 38 by the type of the account, without an
addendum (Nacha Operating Rules, Prenotification). Which of them go out is decided in prenotes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from customhouse.bank import prenotes_store as sql
from customhouse.bank.accounts import AccountDetails, AccountType
from customhouse.formats.nacha_bulk_columns import EntryColumns

ENTRIES: Final = sql.ENTRIES
# The payer unit number is told to nobody but the contact, so that it is not in the entry either.
IDENTIFICATION: Final = "PRENOTE"
_CODES: Final[dict[AccountType, int]] = {"checking": 28, "savings": 38}
_ODFI_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class PlannedPrenote:
    """One prenote of a file, before its account is opened."""

    account_token: str
    trace_number: str


def columns_of(
    planned: Sequence[PlannedPrenote], accounts: Mapping[str, AccountDetails]
) -> EntryColumns:
    """Give a zero-dollar entry for each planned prenote.

    Raises KeyError, which names a token, when an account is missing.
    """
    opened = [accounts[each.account_token] for each in planned]
    sequences = [int(each.trace_number[_ODFI_DIGITS:]) for each in planned]
    return EntryColumns(
        transaction_code=np.array([_CODES[each.account_type] for each in opened], np.int64),
        routing_number=np.array([int(each.routing_number.number) for each in opened], np.int64),
        account_number=np.array([each.account_number.encode() for each in opened], np.bytes_),
        amount_cents=np.zeros(len(opened), np.int64),
        identification_number=np.array([IDENTIFICATION.encode()] * len(opened), np.bytes_),
        receiving_name=np.array([each.holder_name.encode() for each in opened], np.bytes_),
        trace_sequence=np.array(sequences, np.int64),
    )
