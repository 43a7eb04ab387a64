"""Credits that the agency refuses after it took them: sent back with R23, told when settled.

The agency asks over the rails, once for an entry. The entry's record, which holds an account
number, is read again from the archived file and sealed; from there on it is an entry that goes back
like any other (entry_returns, answer_files). Why money is refused is the agency's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import alarms, credit_rules, credits, entry_returns, faults
from customhouse.bank import credit_returns_store as sql
from customhouse.bank.credit_rules import REFUSED_BY_RECEIVER
from customhouse.bank.entry_returns import Back
from customhouse.bank.inbound_credits import read_credits
from customhouse.bank.office import Office
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused, declare
from customhouse.rails import CreditRefusal, ReturnedCredit

AT_ONCE: Final = 1_000
MOST_RETURNED: Final = 1_000

CREDIT_NOT_TOLD = declare(
    "credit-return-unknown",
    sentence="The bank has told the agency of no payment {credit_id}.",
    next_step="Refuse a payment by the id under which the bank told it.",
    http_status=404,
)
NOT_THE_AMOUNT = declare(
    "credit-return-other-amount",
    sentence="{credit_id} is {amount_cents} cents, not {asked_cents}.",
    next_step="A bank sends whole entries back: refuse all of it.",
    http_status=409,
)
REFUSED_TOO_LATE = declare(
    "credit-return-too-late",
    sentence="{credit_id} settled on {settled_on}; this bank sends back for 365 days.",
    next_step="Find out whose the money is, and refund it.",
    http_status=409,
)


@dataclass(frozen=True, slots=True)
class _Found:
    entry_id: int
    kind: str
    amount_cents: int
    settled_on: date
    is_told: bool
    is_refused: bool


@dataclass(frozen=True, slots=True)
class _Held:
    """A refused entry: where it stands in its file, and the keyed hash of what it says."""

    entry_id: int
    position: int
    trace_number: str
    content: bytes
    return_by: date


def take(
    connection: Connection[Any], refusal: CreditRefusal, *, told_on: date, clock: Clock
) -> None:
    """Keep that the agency refuses an entry, once; the same again has no effect (CRD-10).

    ``told_on`` is the bank's business date, from which the time to return counts. Raises Refused:
    credit-return-unknown, credit-return-other-amount, credit-return-too-late.
    """
    values: dict[str, object] = {"credit_id": refusal.credit_id}
    with connection.transaction():
        with connection.cursor(row_factory=class_row(_Found)) as cursor:
            found = cursor.execute(sql.FIND, values).fetchone()
        # What has not settled is not the agency's yet, and other entries are no money of its.
        if found is None or found.kind != "payment" or not found.is_told:
            raise Refused(Fault(CREDIT_NOT_TOLD, {"credit_id": refusal.credit_id[:40]}))
        if found.amount_cents != refusal.amount_cents:
            cents, asked = found.amount_cents, refusal.amount_cents
            raise Refused(
                Fault(NOT_THE_AMOUNT, {**values, "amount_cents": cents, "asked_cents": asked})
            )
        if found.is_refused:
            return
        if credit_rules.is_refused_too_late(found.settled_on, told_on=told_on):
            raise Refused(Fault(REFUSED_TOO_LATE, values | {"settled_on": found.settled_on}))
        new = {
            "entry_id": found.entry_id,
            "amount_cents": found.amount_cents,
            "refused_on": refusal.refused_on,
            "return_by": credit_rules.refused_return_by(told_on),
            "taken_at": clock.now(),
        }
        connection.execute(sql.ADD, new)


def seal_refused(office: Office) -> int:
    """Make returns of the entries that were refused; give how many.

    Where the archived file is gone or holds the entry no more, an alarm says so once, and the
    entry stays refused until the file is back.
    """
    made = 0
    for (sha256,) in office.connection.execute(sql.FILES).fetchall():
        path = office.exchange.archived_inbound(sha256)
        while path is not None and (count := _seal_some(office, sha256, path)):
            made += count
            office.boundary("sealed refused credits")
        _tell_missing(office, sha256)
    return made


def _seal_some(office: Office, sha256: str, path: Path) -> int:
    """Seal some entries of a file, in one transaction; give how many of them were found."""
    with office.connection.transaction():
        with office.connection.cursor(row_factory=class_row(_Held)) as cursor:
            held = cursor.execute(sql.HOLD, {"sha256": sha256, "most": AT_ONCE}).fetchall()
        back = _read_again(office, path, held) if held else []
        entry_returns.add(office, back)
    return len(back)


def _read_again(office: Office, path: Path, held: Sequence[_Held]) -> list[Back]:
    """Find entries in their archived file; those that are not there are left out."""
    wanted = {(each.position, each.trace_number, bytes(each.content)): each for each in held}
    traces = {(position, trace_number) for position, trace_number, _ in wanted}
    found = []
    with path.open("rb") as stream:
        for entry in read_credits(stream):
            position = entry.batch.position
            if (position, entry.trace_number) not in traces:
                continue
            *_, content = credits.key_of(office, entry)
            # Of equal entries the first is the one that was kept.
            each = wanted.pop((position, entry.trace_number, content), None)
            if each is not None:
                by = each.return_by
                found.append(Back(each.entry_id, entry, REFUSED_BY_RECEIVER, return_by=by))
    return found


def _tell_missing(office: Office, sha256: str) -> None:
    """Raise an alarm while entries of a file can not be read again; clear it when they could."""
    with office.connection.transaction():
        held = office.connection.execute(sql.HOLD, {"sha256": sha256, "most": 1}).fetchone()
        kind, reference = "refused-credit-unreadable", sha256
        if held is None:
            alarms.clear(office.connection, kind=kind, reference=reference, clock=office.clock)
            return
        sentence = (
            f"The agency refuses an entry with trace {held[2]}, but the archived file that it came"
            f" in ({sha256[:16]}) is not there as it was: it can not be sent back."
        )
        alarm = alarms.Alarm(kind, reference, sentence)
        alarms.raise_all(office.connection, [alarm], clock=office.clock)


def tell_settled(office: Office, business_date: date) -> int:
    """Tell the agency of every return that has settled; give how many.

    A return settles on the banking day behind the one on which its file was made, and is told when
    the operator has taken that file.
    """
    told = 0
    while count := _tell_some(office, business_date):
        told += count
        office.boundary("told returned credits")
    return told


def _tell_some(office: Office, business_date: date) -> int:
    with office.connection.transaction():
        values = {"on": business_date, "most": AT_ONCE}
        rows = office.connection.execute(sql.HOLD_ANSWERED, values).fetchall()
        settled = [(entry_id, FEDERAL_RESERVE.next(made_on)) for entry_id, made_on in rows]
        due = [(entry_id, on) for entry_id, on in settled if on <= business_date]
        row = office.connection.execute(sql.LAST_SEQUENCE).fetchone()
        last = row[0] if row is not None else 0
        # One run of the bank's day is at work at a time, so that sequences appear in order.
        told = {
            "entry_ids": [entry_id for entry_id, _ in due],
            "sequences": [last + place for place in range(1, len(due) + 1)],
            "settled_ons": [on for _, on in due],
        }
        return office.connection.execute(sql.TELL, told).rowcount


def after(connection: Connection[Any], sequence: int, *, most: int) -> list[ReturnedCredit]:
    """Give at most ``most`` returned credits behind a sequence, in order.

    Raises Refused (cursor-unreadable).
    """
    if not 0 <= sequence < 2**63 or not 1 <= most <= MOST_RETURNED:
        raise Refused(Fault(faults.CURSOR_UNREADABLE, {"most": MOST_RETURNED}))
    values = {"after": sequence, "most": most}
    with connection.transaction(), connection.cursor(row_factory=class_row(ReturnedCredit)) as rows:
        return rows.execute(sql.AFTER, values).fetchall()
