"""Balances of the ledger: sums over its transfers, as known now, by effective date.

A balance is positive on the account's normal side (accounts.py). Voided transfers count nowhere;
pending ones count as pending until another transfer posts or voids them. Nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import kwargs_row

from customhouse.ledger import balances_store as sql
from customhouse.ledger.accounts import AccountCode


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """One line of a trial balance: the posted sums of both sides and those in flight, in cents."""

    account: AccountCode
    debit_cents: int
    credit_cents: int
    pending_debit_cents: int
    pending_credit_cents: int

    @property
    def balance_cents(self) -> int:
        """Give the posted balance, positive on the account's normal side."""
        return self.account.balance_cents(
            debit_cents=self.debit_cents, credit_cents=self.credit_cents
        )

    @property
    def pending_cents(self) -> int:
        """Give the balance in flight, positive on the account's normal side."""
        return self.account.balance_cents(
            debit_cents=self.pending_debit_cents, credit_cents=self.pending_credit_cents
        )


def balance(
    connection: Connection,
    account: AccountCode,
    *,
    payer_id: int | None = None,
    as_of: date | None = None,
) -> int:
    """Give an account's posted balance in cents: of one payer or of all, up to a date or in all.

    ``as_of`` looks at the dates on which transfers are effective, that day included, not at when
    they were recorded.
    """
    statement = sql.SIDES_OF_ACCOUNT if payer_id is None else sql.SIDES_OF_PAYERS_ACCOUNT
    return _balance(connection, statement, account=account, payer_id=payer_id, as_of=as_of)


def pending(
    connection: Connection,
    account: AccountCode,
    *,
    payer_id: int | None = None,
    as_of: date | None = None,
) -> int:
    """Give what is in flight on an account in cents, neither posted nor voided yet."""
    statement = sql.PENDING_SIDES_OF_ACCOUNT
    return _balance(connection, statement, account=account, payer_id=payer_id, as_of=as_of)


def trial_balance(connection: Connection, as_of: date | None = None) -> list[AccountBalance]:
    """Give every account of the chart in its order; the sides' sums over all of them are equal."""
    values = {"as_of": as_of or date.max}
    with connection.cursor(row_factory=kwargs_row(_account_balance)) as cursor:
        return cursor.execute(sql.TRIAL_BALANCE, values).fetchall()


def _account_balance(account: str, **cents: int) -> AccountBalance:
    return AccountBalance(account=AccountCode(account), **cents)


def _balance(
    connection: Connection,
    statement: str,
    *,
    account: AccountCode,
    payer_id: int | None,
    as_of: date | None,
) -> int:
    values = {"account": account.value, "payer_id": payer_id, "as_of": as_of or date.max}
    row = connection.execute(statement, values).fetchone()
    if row is None:
        raise LookupError("a sum gave no row")
    return account.balance_cents(debit_cents=row[0], credit_cents=row[1])
