"""Tells a filer that a debit came back: a notice in words and the statement as preliminary again.

A notice states what happened on its day and stays true; what to do about it, while there is still
something to do, is said by the page that shows it. The plain meaning of a return reason comes from
the table of return codes. No account data is known here, so none can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from psycopg import Connection

from customhouse import rails
from customhouse.agency import business_day, outbox, parties, printed
from customhouse.agency.bills import DAYS_TO_PAY
from customhouse.agency.outbox import NewNotice
from customhouse.clock import Clock
from customhouse.formats.return_codes import RETURN_CODES, Deadline
from customhouse.money import format_dollars


class AttemptLike(Protocol):
    """What a notice needs of an attempt."""

    @property
    def filer_code(self) -> str:
        """Give the filer's code."""
        ...

    @property
    def statement_number(self) -> str:
        """Give the statement's number."""
        ...

    @property
    def attempt(self) -> int:
        """Give the attempt's number."""
        ...

    @property
    def amount_cents(self) -> int:
        """Give the amount in cents."""
        ...


Happening = tuple[AttemptLike, rails.BankEvent]


def tell(
    connection: Connection,
    happenings: Sequence[Happening],
    *,
    bills: Mapping[tuple[str, str], str],
    clock: Clock,
) -> None:
    """Tell filers of returned and refused debits; their statements are open again (DEB-04).

    ``bills`` are the numbers of the bills that were issued, by filer and statement.
    """
    if not happenings:
        return
    told_on = _today(connection, clock)
    notices = [_reopened_notice(*each, bills=bills, told_on=told_on) for each in happenings]
    outbox.put_notices(connection, notices, created_on=told_on, clock=clock)
    receivers = parties.receiver_of(
        connection, sorted({attempt.filer_code for attempt, _ in happenings})
    )
    messages = []
    for attempt, event in happenings:
        receiver = receivers.get(attempt.filer_code)
        if receiver is None:
            continue
        (statement,) = printed.load(connection, attempt.filer_code, [attempt.statement_number])
        messages.append(
            printed.message(
                receiver,
                [printed.image(statement, "P")],
                prepared_on=told_on,
                reason=f"debit {_spelled(event)} {event.code}: statement"
                f" {attempt.statement_number} was opened again",
                natural_key=f"R/{attempt.filer_code}/{attempt.statement_number}/{attempt.attempt}",
            )
        )
    outbox.put_messages(connection, messages, created_on=told_on, clock=clock)


def tell_changes(connection: Connection, happenings: Sequence[Happening], *, clock: Clock) -> None:
    """Tell filers that the payer's bank notified a change; the corrected data stays at the bank."""
    if not happenings:
        return
    notices = [
        NewNotice(
            filer_code=attempt.filer_code,
            statement_number=attempt.statement_number,
            kind="change-notified",
            text=(
                f"The payer's bank sent a notification of change ({event.code}) for the debit"
                f" of statement {attempt.statement_number}. The payment itself is not affected; the"
                " owner of the payer unit should confirm its account with the processor bank."
            ),
            natural_key=f"{event.event_id}",
        )
        for attempt, event in happenings
    ]
    outbox.put_notices(connection, notices, created_on=_today(connection, clock), clock=clock)


def tell_disputes(connection: Connection, happenings: Sequence[Happening], *, clock: Clock) -> None:
    """Tell filers that a return is disputed, and when that has ended well; the payment stands."""
    texts = {
        "return_disputed": "The payer's bank sent the debit of {amount} for statement {number} back"
        " ({reason}) {why}. The processor bank disputes that return; until it is decided the"
        " statement stays paid.",
        "dispute_won": "The dispute about the return of the debit of {amount} for statement"
        " {number} is over: the statement stays paid.",
    }
    notices = [
        NewNotice(
            filer_code=attempt.filer_code,
            statement_number=attempt.statement_number,
            kind=event.kind.replace("_", "-"),
            text=texts[event.kind].format(
                amount=format_dollars(attempt.amount_cents),
                number=attempt.statement_number,
                reason=_reason(event.code),
                why=_why_disputed(event.code),
            ),
            natural_key=event.event_id,
        )
        for attempt, event in happenings
        if event.kind in texts
    ]
    outbox.put_notices(connection, notices, created_on=_today(connection, clock), clock=clock)


def _spelled(event: rails.BankEvent) -> str:
    return "refused" if event.kind == "refused" else "returned"


def _today(connection: Connection, clock: Clock) -> date:
    day = business_day.latest(connection)
    return day.business_date if day is not None else clock.now().date()


def _reopened_notice(
    attempt: AttemptLike,
    event: rails.BankEvent,
    *,
    bills: Mapping[tuple[str, str], str],
    told_on: date,
) -> NewNotice:
    amount = format_dollars(attempt.amount_cents)
    bill = bills.get((attempt.filer_code, attempt.statement_number))
    owed = ""
    if bill is not None:
        owed = f" Bill {bill} asks for {amount}{_by(told_on + DAYS_TO_PAY)}."
    if event.kind == "dispute_lost":
        kind = "debit-returned"
        happened = (
            f"The dispute about the return of the debit of {amount} for statement"
            f" {attempt.statement_number} ended{_on(event.effective_on)}: the return stands"
            f" ({_reason(event.code)})."
        )
    elif event.kind != "refused":
        kind = "debit-returned"
        happened = (
            f"The payer's bank returned the debit of {amount} for statement"
            f" {attempt.statement_number}{_on(event.effective_on)} ({_reason(event.code)})."
        )
    else:
        kind = "debit-refused"
        happened = (
            f"The processor bank did not take the debit of {amount} for statement"
            f" {attempt.statement_number} ({event.detail or event.code})."
        )
    return NewNotice(
        filer_code=attempt.filer_code,
        statement_number=attempt.statement_number,
        kind=kind,
        text=f"{happened} That opened the statement again.{owed}",
        natural_key=event.event_id,
    )


def _by(day: date) -> str:
    return f" by {day:%a} {day.day} {day:%b %Y}"


def _on(day: date | None) -> str:
    return f" on {day:%a} {day.day} {day:%b %Y}" if day is not None else ""


def _why_disputed(code: str) -> str:
    """Say what is wrong with a return that is disputed: a reason by agreement is never late."""
    known = RETURN_CODES.get(code)
    if known is not None and known.deadline is Deadline.BY_AGREEMENT:
        return "for a reason which needs the processor bank's agreement"
    return "after its time had run out"


def _reason(code: str) -> str:
    known = RETURN_CODES.get(code)
    return f"{code}: {known.meaning.rstrip('.')}" if known is not None else code
