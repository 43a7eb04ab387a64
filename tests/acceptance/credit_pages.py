"""Statements of a served harbor that ACH Credit paid, or for which pushed money waits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customhouse.agency import finals
from customhouse.settings import Settings
from tests.acceptance import harbor_pages
from tests.acceptance.harbor_pages import DEC_2, Statements
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, Harbor

DEC_3 = date(2026, 12, 3)
CENTS = 500_000
RETURNED_CENTS = 99_965_150
BILLED_CENTS = 1_235_200


@dataclass(frozen=True)
class Pushed:
    """The numbers of the statements by what was pushed for them."""

    paid: str
    final: str
    waiting: str
    returned: str
    billed: str


def push_for(settings: Settings, numbers: Statements) -> Pushed:
    """Push payments on 2 December, send finals on the 3rd, push the last one there.

    One statement is paid in two parts, the second one too much, and once more; one is short; a
    returned one and a billed one are paid by a push.
    """
    harbor = Harbor(settings, today=DEC_2)
    final, waiting, paid = (harbor_pages.print_one(harbor, CENTS + n) for n in range(3))
    harbor.rows(
        "update authorization_attempt set state = 'with_bank' where state = 'accepted' returning 1"
    )
    cashier = Cashier(harbor)
    cashier.enroll()
    harbor_pages.settle_and_return(harbor, numbers.authorized, BILLED_CENTS)
    _push(cashier, final, 200_000)
    _push(cashier, final, 550_000)
    _push(cashier, final, CENTS)
    _push(cashier, waiting, 200_000)
    _push(cashier, numbers.returned, RETURNED_CENTS)
    _push(cashier, numbers.authorized, BILLED_CENTS)
    harbor.open(DEC_3)
    finals.send_finals(harbor.connect, DEC_3, policy=harbor.policy, clock=harbor.clock)
    _push(cashier, paid, CENTS + 2)
    return Pushed(paid, final, waiting, numbers.returned, numbers.authorized)


def _push(cashier: Cashier, number: str, cents: int) -> None:
    """Push some cents for a statement, as its filer's bank would."""
    cashier.push(cents, txp(BROKER, number, cents))
