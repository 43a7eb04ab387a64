"""Versions of a payer unit's account: the unit keeps its number, the account behind it changes.

A new version applies to debits that go into a file from now on; entries already in files keep the
account that they were planned with. Who may change an account is decided by the callers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from customhouse.bank import changes_store as sql
from customhouse.bank import vault
from customhouse.bank.accounts import AccountDetails, AccountType
from customhouse.bank.office import Office
from customhouse.faults import Fault, Refused, declare
from customhouse.formats.change_codes import CorrectedData
from customhouse.identifiers import RoutingNumber

Cause = Literal["notification", "customer"]

CHANGE_ACCOUNT_TAKEN = declare(
    "change-account-taken",
    sentence="The new account of payer unit {payer_unit_number} belongs to another payer unit.",
    next_step="Refuse the change, or ask the payer: one account has one payer unit (SEC-03).",
    http_status=409,
)
CHANGE_WITHOUT_EFFECT = declare(
    "change-without-effect",
    sentence="Payer unit {payer_unit_number} has this account already.",
    next_step="Nothing has to be changed: note or refuse the notification.",
    http_status=409,
)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A new account of a unit: why, by whom, and the notification that caused it, if one did."""

    payer_unit_number: str
    cause: Cause
    by: str
    item_id: int | None = None


def corrected(details: AccountDetails, data: CorrectedData) -> AccountDetails | None:
    """Give an account as a notification corrects it; None when the kind of account is unknown."""
    kind: AccountType = details.account_type
    if data.transaction_code is not None:
        kinds: dict[int, AccountType] = {2: "checking", 3: "savings"}
        found = kinds.get(data.transaction_code // 10)
        if found is None:
            return None
        kind = found
    return replace(
        details,
        routing_number=RoutingNumber(data.routing_number)
        if data.routing_number
        else details.routing_number,
        account_number=data.account_number or details.account_number,
        account_type=kind,
    )


def put(office: Office, version: NewVersion, *, present_token: str, details: AccountDetails) -> str:
    """Put a new account behind a unit whose row the caller holds; give its token.

    Raises Refused (change-account-taken): one account has one payer unit (SEC-03).
    """
    at = office.clock.now()
    unit = {"payer_unit_number": version.payer_unit_number}
    office.connection.execute(sql.BEGIN_VERSIONS, unit)
    office.connection.execute(sql.SUPERSEDE, {"token": present_token, "at": at})
    token = vault.capture(office.connection, office.keys, details=details, clock=office.clock)
    if office.connection.execute(sql.UNIT_OF_ACCOUNT, {"token": token}).fetchone() is not None:
        raise Refused(Fault(CHANGE_ACCOUNT_TAKEN, unit))
    values = unit | {
        "new_token": token,
        "cause": version.cause,
        "item_id": version.item_id,
        "by": version.by,
        "at": at,
    }
    office.connection.execute(sql.BIND_VERSION, values)
    office.connection.execute(sql.ADD_VERSION, values)
    return token
