"""The final statement: the receipt that goes out when the policy says a statement is paid.

Default: the first business day after the authorization was accepted and handed to the bank; by
policy: after treasury confirmed the funds (DEB-08). A final lists every entry of the preliminary,
names those taken off, and totals what was paid.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from customhouse.agency import outbox, parties, printed
from customhouse.agency import statements_store as sql
from customhouse.agency.policy import Policy
from customhouse.clock import Clock
from customhouse.observability import failure_of

log = logging.getLogger("customhouse.failure")


@dataclass(frozen=True, slots=True)
class FinalsRun:
    """How many finals went out; ``failed`` names each filer whose finals could not be written."""

    sent: int = 0
    failed: tuple[str, ...] = ()


def send_finals(
    connection: Connection, business_date: date, policy: Policy, clock: Clock
) -> FinalsRun:
    """Send the finals due on a business day (none on a second run).

    A filer whose finals cannot be written keeps nobody else's back (failure B10): its statements
    stay authorized for the next run, and the failure is logged and named in the result.
    """
    query = (
        sql.FINALS_DUE_CONFIRMED
        if policy.final_statement == "treasury-confirmed"
        else sql.FINALS_DUE_AUTHORIZED
    )
    due: dict[str, list[str]] = defaultdict(list)
    for filer_code, number in connection.execute(query, {"business_date": business_date}):
        due[filer_code].append(number)
    sent, failed = 0, list[str]()
    for filer_code, numbers in due.items():
        values = {"filer_code": filer_code, "numbers": numbers, "business_date": business_date}
        try:
            with connection.transaction():
                connection.execute(sql.MARK_FINAL, values)
                _tell(connection, filer_code, numbers, business_date, clock)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this filer's alone
            data = {"filer": filer_code, **failure_of(error)}
            log.error("a filer's final statements were not sent", extra={"data": data})
            failed.append(f"{filer_code} ({type(error).__name__})")
        else:
            sent += len(numbers)
    return FinalsRun(sent, tuple(failed))


def _tell(
    connection: Connection,
    filer_code: str,
    numbers: Sequence[str],
    business_date: date,
    clock: Clock,
) -> None:
    receiver = parties.receiver_of(connection, [filer_code]).get(filer_code)
    if receiver is None:
        return
    statements = printed.load(connection, filer_code, numbers)
    first = statements[0]
    day = business_date.isoformat()
    message = printed.message(
        receiver,
        [printed.image(each, "F") for each in statements],
        prepared_on=business_date,
        reason=f"final statements of {day}",
        natural_key=f"F/{filer_code}/{day}/{first.statement_number}/{first.attempts}",
    )
    outbox.put_messages(connection, [message], created_on=business_date, clock=clock)
