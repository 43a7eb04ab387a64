"""Records what a page of the bank's events leads to beside the ledger: bills, disputes, units.

Called in the transaction that applies the events. What is decided and posted is bank_events' job,
what filers are told return_notices'.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from psycopg import Connection

from customhouse.agency import bills, suspensions
from customhouse.agency import return_records_store as sql
from customhouse.agency.bills import BillCause, BillEnd
from customhouse.agency.return_notices import AttemptLike
from customhouse.agency.suspensions import BY_RULE, NewSuspension
from customhouse.clock import Clock
from customhouse.formats.return_codes import RETURN_CODES
from customhouse.formats.return_consequences import QUESTIONABLE, consequence_of
from customhouse.rails import BankEvent


class PayingAttempt(AttemptLike, Protocol):
    """What is recorded needs besides what a notice needs."""

    @property
    def instruction_id(self) -> str:
        """Give the instruction of the attempt."""
        ...

    @property
    def payer_party_id(self) -> int:
        """Give the payer in the ledger."""
        ...

    @property
    def payer_unit_number(self) -> str:
        """Give the unit that was debited."""
        ...


Happening = tuple[PayingAttempt, BankEvent]


def record(
    connection: Connection,
    *,
    billed: Sequence[Happening],
    settled: Sequence[Happening],
    disputes: Sequence[Happening],
    clock: Clock,
) -> dict[tuple[str, str], str]:
    """Close and issue bills, open and end disputes; give the new bills' numbers.

    Bills are closed first: what settled in this page may also have come back in it.
    """
    ends = [
        BillEnd(each.filer_code, each.statement_number, each.attempt, event.effective_on)
        for each, event in settled
        if event.effective_on is not None
    ]
    bills.close(connection, ends)
    causes = [
        BillCause(
            filer_code=each.filer_code,
            statement_number=each.statement_number,
            attempt=each.attempt,
            payer_party_id=each.payer_party_id,
            amount_cents=each.amount_cents,
            return_code=event.code,
        )
        for each, event in billed
    ]
    _record_disputes(connection, disputes)
    return bills.issue(connection, causes, issued_on=suspensions.today(connection, clock))


def suspend_units(connection: Connection, returned: Sequence[Happening], *, clock: Clock) -> None:
    """Suspend the payer units whose returns say that account or authority is gone (A9)."""
    stopped = []
    for attempt, event in returned:
        if event.kind == "refused" or event.effective_on is None:
            continue
        questionable = event.detail == QUESTIONABLE
        consequence = consequence_of(event.code, event.effective_on, questionable=questionable)
        if consequence.suspends:
            stopped.append(_suspension(attempt, event))
    suspensions.suspend_all(connection, stopped, by=BY_RULE, clock=clock)


def _suspension(attempt: PayingAttempt, event: BankEvent) -> NewSuspension:
    known = RETURN_CODES.get(event.code)
    meaning = known.meaning if known is not None else "The payer's bank returned a debit."
    return NewSuspension(
        payer_unit_number=attempt.payer_unit_number,
        reason=f"{event.code}: {meaning}",
        reason_code=event.code,
        instruction_id=attempt.instruction_id,
    )


def _record_disputes(connection: Connection, disputes: Sequence[Happening]) -> None:
    for statement, kinds in (
        (sql.OPEN_DISPUTES, ("return_disputed",)),
        (sql.END_DISPUTES, ("dispute_won", "dispute_lost")),
    ):
        chosen = [each for each in disputes if each[1].kind in kinds]
        if not chosen:
            continue
        values = {
            "filer_codes": [attempt.filer_code for attempt, _ in chosen],
            "statements": [attempt.statement_number for attempt, _ in chosen],
            "attempts": [attempt.attempt for attempt, _ in chosen],
            "codes": [event.code for _, event in chosen],
            "states": [event.kind.removeprefix("dispute_") for _, event in chosen],
            "dates": [event.effective_on for _, event in chosen],
        }
        connection.execute(statement, values)
