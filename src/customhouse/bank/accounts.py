"""A bank account as somebody gives it to the bank: its parts, their rules, and silence about them.

Objects of this module hold account numbers in memory and never show them; keeping them is the
vault's job.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from customhouse.bank import faults
from customhouse.faults import Fault, Refused
from customhouse.identifiers import IdentifierError, RoutingNumber

AccountType = Literal["checking", "savings"]

_ACCOUNT_NUMBER: Final = re.compile(r"[0-9A-Z]{1,17}", re.ASCII)
# The receiving company name of a CCD entry has 22 positions; printable ASCII only.
_HOLDER_NAME: Final = re.compile(r"[!-~](?:[ -~]{0,20}[!-~])?")


@dataclass(frozen=True, slots=True, repr=False)
class AccountDetails:
    """Routing number, account number, type and holder of one account; its repr shows nothing."""

    routing_number: RoutingNumber
    account_number: str
    account_type: AccountType
    holder_name: str

    def __repr__(self) -> str:
        return "AccountDetails(redacted)"

    def __reduce__(self) -> str:
        raise TypeError("account details are not pickled")

    @classmethod
    def read(
        cls, *, routing_number: str, account_number: str, account_type: str, holder_name: str
    ) -> AccountDetails:
        """Check the four values as text; raise Refused with every fault, none naming a value."""
        found: list[Fault] = []
        routing = _routing(routing_number, found)
        if not _ACCOUNT_NUMBER.fullmatch(account_number) or not account_number.strip("0"):
            found.append(Fault(faults.ACCOUNT_NUMBER_WRONG))
        if account_type not in ("checking", "savings"):
            found.append(Fault(faults.ACCOUNT_TYPE_UNKNOWN))
        if not _HOLDER_NAME.fullmatch(holder_name):
            found.append(Fault(faults.HOLDER_NAME_WRONG))
        if found or routing is None:
            raise Refused(*found)
        return cls(routing, account_number, cast(AccountType, account_type), holder_name.upper())

    @property
    def identity(self) -> bytes:
        """Give what makes two accounts the same: routing number and account number."""
        return f"{self.routing_number.number}|{self.account_number}".encode()

    def to_bytes(self) -> bytes:
        """Give all four values as bytes, to be sealed at once."""
        values = (
            self.routing_number.number,
            self.account_number,
            self.account_type,
            self.holder_name,
        )
        return json.dumps(values).encode()

    @classmethod
    def from_bytes(cls, plain: bytes) -> AccountDetails:
        """Read what ``to_bytes`` gave."""
        routing, account, account_type, holder = json.loads(plain)
        return cls(RoutingNumber(routing), account, account_type, holder)


def _routing(text: str, found: list[Fault]) -> RoutingNumber | None:
    try:
        return RoutingNumber.parse(text)
    except IdentifierError as error:
        found.append(Fault(faults.ROUTING_NUMBER_WRONG, {"reason": str(error)}))
        return None
