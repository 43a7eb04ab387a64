"""The entries of an outbound file as columns: what the rows and the opened accounts say (DEB-12).

A function of its two inputs and nothing else. It opens no account and writes no byte.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from customhouse.bank import profile
from customhouse.bank.accounts import AccountDetails, AccountType
from customhouse.formats.nacha_bulk_columns import EntryColumns, Texts

_CODES: Final[dict[AccountType, int]] = {
    "checking": profile.DEBIT_CHECKING,
    "savings": profile.DEBIT_SAVINGS,
}
_ODFI_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One entry of a file, before its account is opened; cents."""

    account_token: str
    trace_number: str
    statement_number: str
    amount_cents: int


def columns_of(
    planned: Sequence[PlannedEntry], accounts: Mapping[str, AccountDetails]
) -> EntryColumns:
    """Give a CCD debit with one addendum for each planned entry, never added up (DEB-13).

    Transaction code 27 or 37 by the type of the account, identification number = statement number,
    addendum ``RMR*ST*<statement number>**<dollars>``. Raises KeyError, which names a token, when an
    account is missing.
    """
    opened = [accounts[each.account_token] for each in planned]
    return EntryColumns(
        transaction_code=_numbers([_CODES[account.account_type] for account in opened]),
        routing_number=_numbers([int(account.routing_number.number) for account in opened]),
        account_number=_texts([account.account_number for account in opened]),
        amount_cents=_numbers([each.amount_cents for each in planned]),
        identification_number=_texts([each.statement_number for each in planned]),
        receiving_name=_texts([account.holder_name for account in opened]),
        trace_sequence=_numbers([int(each.trace_number[_ODFI_DIGITS:]) for each in planned]),
        addenda_text=_texts(
            [profile.addendum_text(each.statement_number, each.amount_cents) for each in planned]
        ),
    )


def _numbers(values: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, np.int64)


def _texts(values: Sequence[str]) -> Texts:
    # Bytes first: a column of Python's own texts would be four bytes a character.
    return np.array([value.encode("ascii") for value in values], np.bytes_)
