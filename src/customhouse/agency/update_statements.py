"""The command that takes the statement updates of one block and records what it decides.

The transaction is the caller's. Statements are locked before entries, both in number order, so
that an update and an authorization of the same statement exclude each other (failure A5).
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import business_day, closures, payer_statements
from customhouse.agency import statement_updates_store as sql
from customhouse.agency.authorize import BatchContext
from customhouse.agency.print_dates import PRINT_STEP, PrintDates
from customhouse.agency.statement_updates import (
    Departure,
    EntryFacts,
    Reschedule,
    UpdateOutcome,
    judge,
)
from customhouse.formats.abi_messages import UpdateRequest

LOCK_ROUNDS = 5


class EntryKeepsMoving(Exception):
    """An entry changed its statement between every look at it and its lock: try again later."""


def update_statements(
    connection: Connection,
    filer_code: str,
    *,
    requests: Sequence[UpdateRequest],
    context: BatchContext,
) -> list[UpdateOutcome]:
    """Judge a block's statement updates and record the accepted ones; outcomes in input order."""
    entries = _lock(connection, filer_code, requests)
    outcomes = judge(
        requests,
        entries,
        filer_code=filer_code,
        dates=PrintDates(
            context.business_date,
            closures.calendars(connection, context.policy, on=context.business_date),
            printed=PRINT_STEP in business_day.finished_steps(connection, context.business_date),
        ),
    )
    _record(connection, filer_code, outcomes=outcomes, context=context)
    return outcomes


def _lock(
    connection: Connection, filer_code: str, requests: Sequence[UpdateRequest]
) -> dict[str, EntryFacts]:
    numbers = sorted({request.entry_number8 for request in requests})
    values = {"filer_code": filer_code, "entries": numbers}
    for _ in range(LOCK_ROUNDS):
        rows = connection.execute(sql.LOCK_STATEMENTS, values).fetchall()
        locked = {number for (number,) in rows}
        connection.execute(sql.LOCK_ENTRIES, values)
        with connection.cursor(row_factory=class_row(EntryFacts)) as cursor:
            facts = {**values, "locked": sorted(locked)}
            entries = cursor.execute(sql.ENTRY_FACTS, facts).fetchall()
        # A print run may have put an entry on a statement after the statements were looked up.
        if all(each.statement_number in locked for each in entries if each.statement_number):
            return {entry.entry_number: entry for entry in entries}
    raise EntryKeepsMoving


def _record(
    connection: Connection,
    filer_code: str,
    *,
    outcomes: Sequence[UpdateOutcome],
    context: BatchContext,
) -> None:
    # The last word on an entry or a statement counts; an earlier one of the batch is overwritten.
    reschedules: dict[str, Reschedule] = {}
    departures: list[Departure] = []
    totals: dict[str, Departure] = {}
    for outcome in outcomes:
        if outcome.reschedule is not None:
            reschedules[outcome.reschedule.entry_number] = outcome.reschedule
        if outcome.departure is not None:
            departures.append(outcome.departure)
            totals[outcome.departure.statement_number] = outcome.departure
    if not reschedules:
        return
    connection.execute(
        sql.RESCHEDULE,
        {
            "filer_code": filer_code,
            "entries": list(reschedules),
            "payment_types": [each.payment_type for each in reschedules.values()],
            "print_dates": [each.print_date for each in reschedules.values()],
            "client_branches": [each.client_branch for each in reschedules.values()],
            "due_dates": [each.due_on for each in reschedules.values()],
        },
    )
    connection.execute(
        sql.REMOVE_LINES,
        {
            "filer_code": filer_code,
            "numbers": [each.statement_number for each in departures],
            "entries": [each.entry_number for each in departures],
            "business_date": context.business_date,
        },
    )
    connection.execute(
        sql.RETOTAL,
        {
            "filer_code": filer_code,
            "numbers": list(totals),
            "totals": [each.total_cents for each in totals.values()],
            "cancelled": [each.entries_left == 0 for each in totals.values()],
        },
    )
    if totals:
        payer_statements.tell(
            connection,
            filer_code,
            numbers=list(totals),
            today=context.business_date,
            clock=context.clock,
        )
