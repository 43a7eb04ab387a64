"""How often a debit that came back for want of money may be tried again (R01, R09).

Nacha Operating Rules 2.12.4: at most two times, within 180 days. Each try is a new authorization of
the payer here, so the limit is kept where one is judged. Another payer unit starts anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from customhouse.agency import representments_store as sql
from customhouse.faults import Fault, declare
from customhouse.formats.return_consequences import MOST_REPRESENTMENTS, REPRESENTMENT_DAYS

SHORT_CODES = ("R01", "R09")

REPRESENTED_TOO_OFTEN = declare(
    "represented-too-often",
    sentence=(
        "Debits of statement {statement_number} with payer unit {payer_unit_number} came back for"
        " want of money {returns} times since {first_on}."
    ),
    next_step="Pay with another payer unit: the network allows two more tries within 180 days.",
    http_status=409,
    abi=("D31", "RETURNED TOO OFTEN, USE OTHER UNIT"),
)


@dataclass(frozen=True, slots=True)
class ShortReturns:
    """How often debits of one statement and unit came back for want of money, since when."""

    returns: int
    first_on: date


ByUnit = Mapping[tuple[str, str], ShortReturns]


def load(connection: Connection, filer_code: str, *, numbers: Sequence[str]) -> ByUnit:
    """Give the short returns of statements, by statement and payer unit."""
    if not numbers:
        return {}
    values = {"filer_code": filer_code, "numbers": list(numbers), "codes": list(SHORT_CODES)}
    return {
        (number, unit): ShortReturns(returns, first_on)
        for number, unit, returns, first_on in connection.execute(sql.SHORT_RETURNS, values)
    }


def judge(known: ByUnit, number: str, *, unit: str, on: date) -> list[Fault]:
    """Judge another try of a statement with a unit on a day."""
    short = known.get((number, unit))
    if short is None:
        return []
    if short.returns <= MOST_REPRESENTMENTS and on <= short.first_on + REPRESENTMENT_DAYS:
        return []
    values = {
        "statement_number": number,
        "payer_unit_number": unit,
        "returns": short.returns,
        "first_on": short.first_on.isoformat(),
    }
    return [Fault(REPRESENTED_TOO_OFTEN, values)]
