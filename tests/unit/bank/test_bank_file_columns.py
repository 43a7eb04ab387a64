"""What a row and an opened account make of an entry."""

from __future__ import annotations

import pytest

from customhouse.bank.accounts import AccountDetails
from customhouse.bank.bank_file_columns import PlannedEntry, columns_of

CANARY = "90817263544"
PLANNED = PlannedEntry("acct_one", "123456780000007", "3927327001", 104_608)


def account(account_type: str) -> AccountDetails:
    return AccountDetails.read(
        routing_number="111111118",
        account_number=CANARY,
        account_type=account_type,
        holder_name="Example Importer",
    )


def test_an_entry_is_what_row_and_account_say() -> None:
    columns = columns_of([PLANNED], {"acct_one": account("checking")})
    entry = columns.entry(0, "12345678")
    assert (entry.transaction_code, entry.amount_cents) == (27, 104_608)
    assert (entry.receiving_dfi, entry.check_digit) == ("11111111", "8")
    assert (entry.account_number, entry.receiving_name) == (CANARY, "EXAMPLE IMPORTER")
    assert (entry.trace_number, entry.identification_number) == ("123456780000007", "3927327001")
    assert entry.remittance_text == "RMR*ST*3927327001**1046.08\\"


def test_a_savings_account_has_its_own_transaction_code() -> None:
    columns = columns_of([PLANNED], {"acct_one": account("savings")})
    assert columns.entry(0, "12345678").transaction_code == 37


def test_an_account_that_was_not_opened_is_missed_by_its_token() -> None:
    with pytest.raises(KeyError, match="acct_one"):
        columns_of([PLANNED], {})


def test_columns_do_not_show_the_account_number() -> None:
    columns = columns_of([PLANNED], {"acct_one": account("checking")})
    assert CANARY not in repr(columns)
