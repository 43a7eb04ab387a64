"""The final statement: the receipt that goes out when the policy says a statement is paid.

Default: the first business day after the authorization was accepted and handed to the bank; by
policy: after treasury confirmed the funds (DEB-08). Paid by ACH Credit: the first business day
after the payment, or after an officer applied it (CRD-03). A final lists every entry of the
preliminary, names those taken off, and totals what was paid. Some statements of one filer are one
transaction, one message and one checkpoint, so that a run that was killed goes on with the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from customhouse.agency import checkpoints, outbox, parties, printed
from customhouse.agency import finals_store as sql
from customhouse.agency.policy import Policy
from customhouse.clock import Clock
from customhouse.observability import failure_of

log = logging.getLogger("customhouse.failure")

Connect = Callable[[], AbstractContextManager[Connection]]

STEP = "finals"
# What one message and one transaction hold at most; a statement of more lines goes alone.
MOST_STATEMENTS = 500
MOST_LINES = 10_000


@dataclass(frozen=True, slots=True)
class FinalsRun:
    """How many finals went out; ``failed`` names each filer whose finals could not be written."""

    sent: int = 0
    failed: tuple[str, ...] = ()


def send_finals(
    connect: Connect, business_date: date, *, policy: Policy, clock: Clock
) -> FinalsRun:
    """Send the finals due on a business day (none on a second run).

    A filer whose finals cannot be written keeps nobody else's back (failure B10): its statements
    stay authorized for the next run, and the failure is logged and named in the result.
    """
    confirmed = policy.final_statement == "treasury-confirmed"
    query = sql.FILERS_CONFIRMED if confirmed else sql.FILERS_AUTHORIZED
    with connect() as connection:
        filers = connection.execute(query, {"business_date": business_date}).fetchall()
    sent, failed = 0, list[str]()
    for (filer_code,) in filers:
        due = _Due(filer_code, business_date, confirmed)
        try:
            for count in _chunks(connect, due, clock):
                sent += count
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this filer's alone
            data = {"filer": filer_code, **failure_of(error)}
            log.error("a filer's final statements were not sent", extra={"data": data})
            failed.append(f"{filer_code} ({type(error).__name__})")
    return FinalsRun(sent, tuple(failed))


@dataclass(frozen=True, slots=True)
class _Due:
    """Whose finals are due, on which day and under which policy."""

    filer_code: str
    business_date: date
    confirmed: bool


def _chunks(connect: Connect, due: _Due, clock: Clock) -> Iterator[int]:
    """Send a filer's finals chunk by chunk, each in its own transaction; give each one's count."""
    after = ""
    while True:
        with connect() as connection:
            numbers = _send_some(connection, due, after=after, clock=clock)
        if not numbers:
            return
        after = numbers[-1]
        yield len(numbers)


def _send_some(connection: Connection, due: _Due, *, after: str, clock: Clock) -> list[str]:
    """Send the finals of the next chunk behind a statement number; give the numbers in order."""
    query = sql.DUE_CONFIRMED if due.confirmed else sql.DUE_AUTHORIZED
    values: dict[str, object] = {
        "filer_code": due.filer_code,
        "business_date": due.business_date,
        "after": after,
        "limit": MOST_STATEMENTS,
    }
    numbers = within_bounds(connection.execute(query, values).fetchall())
    if not numbers:
        return []
    connection.execute(sql.MARK_FINAL, {**values, "numbers": numbers})
    statements = printed.load(connection, due.filer_code, numbers)
    _tell(connection, due, statements, clock)
    first = statements[0]
    key = f"{due.filer_code}/{first.statement_number}/{first.attempts}"
    chunk = checkpoints.Chunk(due.business_date, STEP, key)
    checkpoints.record(connection, chunk, figures={"sent": len(numbers)}, clock=clock)
    return numbers


def within_bounds(due: Sequence[tuple[str, int]]) -> list[str]:
    """Take statements (number, lines) from the front while their lines fit into one message."""
    numbers, lines = list[str](), 0
    for number, count in due:
        lines += count
        if numbers and lines > MOST_LINES:
            break
        numbers.append(number)
    return numbers


def _tell(
    connection: Connection,
    due: _Due,
    statements: Sequence[printed.PrintedStatement],
    clock: Clock,
) -> None:
    receiver = parties.receiver_of(connection, [due.filer_code]).get(due.filer_code)
    if receiver is None:
        return
    first, day = statements[0], due.business_date.isoformat()
    message = printed.message(
        receiver,
        [printed.image(each, "F") for each in statements],
        prepared_on=due.business_date,
        reason=f"final statements of {day}",
        natural_key=f"F/{due.filer_code}/{day}/{first.statement_number}/{first.attempts}",
    )
    outbox.put_messages(connection, [message], created_on=due.business_date, clock=clock)
