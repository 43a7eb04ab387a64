"""Keeps every authorization that was refused for its payer unit, and tells the officer of misuse.

A filer that names units it may not use, or uses one for another importer's entries, may have made
a mistake once; three times in a business date an officer looks (SEC-06, failure A8). What is kept
is never changed. Deciding who may use a unit is not done here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse import faults
from customhouse.agency import payer_unit_refusals_store as sql
from customhouse.agency.authorization_facts import AuthorizationOutcome
from customhouse.agency.authorize import BatchContext
from customhouse.identifiers import IdentifierError, StatementNumber

FRAUD_ALERT_AT: Final = 3
_MISUSES: Final = frozenset({faults.PAYER_UNIT_UNKNOWN.code, faults.PAYER_UNIT_OTHER_IMPORTER.code})


@dataclass(frozen=True, slots=True)
class FraudAlert:
    """A filer that was refused payer units three times or more in one business date."""

    filer_code: str
    business_date: date
    refusals: int
    payer_unit_numbers: list[str]
    first_at: datetime
    last_at: datetime


def keep_refusals(
    connection: Connection,
    filer_code: str,
    *,
    outcomes: Sequence[AuthorizationOutcome],
    context: BatchContext,
) -> int:
    """Keep the refused uses among a batch's outcomes, in one statement; give how many there are."""
    rows = [row for outcome in outcomes for row in _misuses(outcome)]
    if not rows:
        return 0
    values = {
        "filer_code": filer_code,
        "business_date": context.business_date,
        "refused_at": context.clock.now(),
        "sender_id": context.sender_id,
        "batch_id": context.batch_id,
        "request_id": context.request_id,
        "units": [unit for unit, _, _ in rows],
        "statements": [statement for _, statement, _ in rows],
        "codes": [code for _, _, code in rows],
    }
    return connection.execute(sql.INSERT_REFUSALS, values).rowcount


def fraud_alerts(connection: Connection, *, since: date) -> list[FraudAlert]:
    """Give the filers that an officer must look at, by business date from a day on (A8)."""
    values = {"since": since, "at_least": FRAUD_ALERT_AT}
    with connection.cursor(row_factory=class_row(FraudAlert)) as cursor:
        return cursor.execute(sql.FRAUD_ALERTS, values).fetchall()


def _misuses(outcome: AuthorizationOutcome) -> Iterator[tuple[str, str, str]]:
    """Give unit, statement and code of each fault that is a misuse; one request has at most one."""
    for fault in outcome.faults:
        if fault.code in _MISUSES:
            asked = outcome.request
            # Whatever else was typed into the place of the number is nobody's to keep.
            number = asked.statement_number if _is_number(asked.statement_number) else ""
            yield asked.payer_unit_number, number, fault.code


def _is_number(text: str) -> bool:
    try:
        StatementNumber.parse(text)
    except IdentifierError:
        return False
    return True
