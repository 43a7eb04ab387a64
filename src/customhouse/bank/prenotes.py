"""Prenotes: an account is tried with a zero-dollar entry before the first live debit (C19).

Binding a payer unit asks for one; the bank's day puts it into a file of its own, lets it mature,
and takes a return or a notification of change as its answer, after which the account is unusable.
The bytes of such a file are prenote_files' job; the wall before live debits is the gateway's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import alarms, held_debits, origination, profile
from customhouse.bank import prenotes_store as sql
from customhouse.bank.office import Office
from customhouse.bank.prenote_faults import PRENOTE_FAILED
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.clock import Clock
from customhouse.formats.return_codes import CONTESTED_CODES, DISHONORED_CODES
from customhouse.lifecycle import Lifecycle
from customhouse.rails import PrenoteNews, PrenoteState

AT_ONCE: Final = 1000
# Nacha Operating Rules, Prenotification, as amended for 19 September 2014: live entries may follow
# on the third banking day after settlement, on the sixth before.
SHORTENED_ON: Final = date(2014, 9, 19)
WAIT_DAYS: Final = 3
WAIT_DAYS_BEFORE: Final = 6

PRENOTE: Final = Lifecycle(
    name="prenote at the processor bank",
    initial="asked",
    transitions={
        "asked": frozenset({"sent"}),
        "sent": frozenset({"asked", "matured", "failed"}),
        # An answer that comes late still shows that the account is not what it was taken for; a
        # new account that the payer gave is tried like the first one.
        "matured": frozenset({"failed", "asked"}),
        "failed": frozenset({"asked"}),
    },
)
_TOLD: Final[Mapping[str, PrenoteState]] = {
    "asked": "pending",
    "sent": "pending",
    "matured": "matured",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class PrenoteRow:
    """A prenote as it stands; ``matures_on`` is None before it is in a file."""

    payer_unit_number: str
    state: str
    matures_on: date | None
    code: str
    sequence: int

    @property
    def news(self) -> PrenoteNews:
        """Give what the agency is told of it."""
        return PrenoteNews(
            self.sequence,
            self.payer_unit_number,
            _TOLD[self.state],
            self.matures_on,
            self.code,
        )


@dataclass(frozen=True, slots=True)
class PrenoteAnswer:
    """A reported item beside the prenote that its trace number names.

    ``replaced`` tells that the payer unit has another account by now than the one it tried.
    """

    item_id: int
    kind: Literal["returned", "changed"]
    code: str
    dated_on: date
    amount_cents: int
    payer_unit_number: str
    state: str
    attempt: int
    entry_attempt: int
    replaced: bool


def matures_on(settled_on: date) -> date:
    """Give the first banking day for a live debit after a prenote that settles on a day.

    Nacha Operating Rules, Prenotification: the third banking day, before 19 September 2014 the
    sixth.
    """
    days = WAIT_DAYS if settled_on >= SHORTENED_ON else WAIT_DAYS_BEFORE
    return FEDERAL_RESERVE.add(settled_on, days)


def contradiction(answer: PrenoteAnswer) -> str:
    """Say why a reported item cannot be the answer to its prenote; empty when it is."""
    if answer.replaced:
        return ""
    if answer.entry_attempt != answer.attempt or answer.state == "asked":
        return "its file was refused and none of it should have been processed"
    if answer.amount_cents:
        return "a prenote has no amount"
    if answer.code in DISHONORED_CODES | CONTESTED_CODES:
        return "it answers a return of the prenote, and there was none"
    return ""


def ask(
    connection: Connection[Any], payer_unit_number: str, *, account_token: str, clock: Clock
) -> None:
    """Ask for a prenote to the account of a unit, once; call it last in a transaction."""
    values = {
        "payer_unit_number": payer_unit_number,
        "account_token": account_token,
        "changed_at": clock.now(),
    }
    _change(connection, sql.ASK, values)


def renew(
    connection: Connection[Any], payer_unit_number: str, *, account_token: str, clock: Clock
) -> None:
    """Ask for a prenote to the new account that a payer gave for its unit, if it ever had one.

    Debits that wait are held until it has matured. Call it last in a transaction.
    """
    values = {
        "payer_unit_number": payer_unit_number,
        "account_token": account_token,
        "changed_at": clock.now(),
    }
    for state in ("matured", "failed", "sent"):
        PRENOTE.require(state, "asked")
    _change(connection, sql.RENEW, values)


def news_of(connection: Connection[Any], payer_unit_number: str) -> PrenoteNews:
    """Give how the prenote of a bound unit stands; ``waived`` where none was asked for."""
    values = {"payer_unit_number": payer_unit_number}
    with connection.cursor(row_factory=class_row(PrenoteRow)) as cursor:
        row = cursor.execute(sql.PRENOTE, values).fetchone()
    return row.news if row is not None else PrenoteNews(0, payer_unit_number, "waived", None, "")


def news_after(connection: Connection[Any], sequence: int, *, most: int) -> list[PrenoteNews]:
    """Give at most ``most`` prenotes that changed behind a sequence, in order."""
    with connection.transaction(), connection.cursor(row_factory=class_row(PrenoteRow)) as cursor:
        rows = cursor.execute(sql.AFTER, {"after": sequence, "most": most}).fetchall()
    return [row.news for row in rows]


def mature(office: Office, business_date: date) -> int:
    """Let prenotes mature that nobody answered by the day before live debits may go out.

    By then every answer that is in time has come: it is due on the second banking day. Gives how
    many.
    """
    PRENOTE.require("sent", "matured")
    ripe_on = FEDERAL_RESERVE.next(business_date)
    values = {"ripe_on": ripe_on, "changed_at": office.clock.now()}
    with office.connection.transaction():
        return _change(office.connection, sql.MATURE, values)


def put_off(office: Office, file_id: int) -> None:
    """Let the prenotes of a file that is delivered once more today mature as if it were new.

    The operator may never have had it, and then no account was tried before today.
    """
    today = office.clock.now().astimezone(origination.NEW_YORK).date()
    values = {
        "file_id": file_id,
        "matures_on": matures_on(FEDERAL_RESERVE.next(today)),
        "changed_at": office.clock.now(),
    }
    with office.connection.transaction():
        _change(office.connection, sql.PUT_OFF, values)


def plan(office: Office, business_date: date) -> int:
    """Put the prenotes that wait into files, on banking days only; give how many files.

    Those of a file that the operator refused wait again and go out in the next one.
    """
    if not FEDERAL_RESERVE.is_business_day(business_date):
        return 0
    PRENOTE.require("sent", "asked")
    with office.connection.transaction():
        _change(office.connection, sql.ASK_AGAIN, {"changed_at": office.clock.now()})
    planned = 0
    try:
        while _plan_file(office, business_date):
            planned += 1
            office.boundary("prenotes planned")
    except origination.FileIdsUsedUp as used_up:
        origination.tell_used_up(office, business_date, used_up=used_up)
    return planned


def _plan_file(office: Office, business_date: date) -> bool:
    PRENOTE.require("asked", "sent")
    connection = office.connection
    with connection.transaction():
        row = connection.execute(sql.ANY_WAITING).fetchone()
        if not (row and row[0]):
            return False
        identity = origination.take_identity(office, business_date)
        last_sequence = origination.hold_traces(office)
        effective_on = FEDERAL_RESERVE.next(business_date)
        values = {
            "name": identity.name,
            "origin": identity.origin,
            "created_on": identity.created_on,
            "created_time": identity.created_time,
            "file_id_modifier": identity.modifier,
            "effective_on": effective_on,
            "matures_on": matures_on(effective_on),
            "planned_at": office.clock.now(),
            "most_entries": profile.MOST_ENTRIES_IN_FILE,
            "odfi": profile.BANK_ROUTING.dfi,
            "last_sequence": last_sequence,
            "highest_sequence": profile.LAST_TRACE_SEQUENCE,
            "last_news": _hold_cursor(connection),
        }
        planned = connection.execute(sql.PLAN_FILE, values).fetchone()
        if planned is None:
            raise RuntimeError("prenotes that waited are gone")
        entries, new_sequence, moved = map(int, planned)
        if moved != entries:
            raise RuntimeError(f"{moved} of {entries} prenotes went into {identity.name}")
        origination.keep_traces(office, new_sequence)
        connection.execute(sql.MOVE_CURSOR, {"changed": moved})
    return True


def match_answers(office: Office) -> int:
    """Take the returns and notifications of change that answer prenotes; give how many.

    The account of an answered prenote is unusable from then on (failure C19).
    """
    taken = 0
    while count := _match_piece(office):
        taken += count
        office.boundary("prenotes answered")
    return taken


def _match_piece(office: Office) -> int:
    with office.connection.transaction():
        with office.connection.cursor(row_factory=class_row(PrenoteAnswer)) as cursor:
            answers = cursor.execute(sql.HOLD_ANSWERS, {"most": AT_ONCE}).fetchall()
        if not answers:
            return 0
        wrong = {each.item_id: why for each in answers if (why := contradiction(each))}
        settled = {
            "item_ids": [each.item_id for each in answers],
            "outcomes": ["mismatched" if each.item_id in wrong else "applied" for each in answers],
            "subjects": [f"prenote:{each.payer_unit_number}" for each in answers],
        }
        office.connection.execute(sql.SETTLE_ITEMS, settled)
        raised = [
            alarms.Alarm(
                "item-mismatched",
                f"item {item_id}",
                f"A reported item about a prenote contradicts the books: {why}.",
            )
            for item_id, why in wrong.items()
        ]
        alarms.raise_all(office.connection, raised, clock=office.clock)
        valid = [each for each in answers if each.item_id not in wrong and not each.replaced]
        _fail(office, valid)
    return len(answers)


def _fail(office: Office, answers: Sequence[PrenoteAnswer]) -> None:
    """The first answer to a prenote says why; another one changes nothing."""
    first: dict[str, PrenoteAnswer] = {}
    for answer in answers:
        if answer.state != "failed":
            PRENOTE.require(answer.state, "failed")
            first.setdefault(answer.payer_unit_number, answer)
    if not first:
        return
    values = {
        "units": list(first),
        "codes": [each.code for each in first.values()],
        "answered_ons": [each.dated_on for each in first.values()],
        "changed_at": office.clock.now(),
    }
    _change(office.connection, sql.FAIL, values)


def refuse_waiting(office: Office) -> int:
    """Refuse the waiting debits of units whose prenote came back; give how many.

    A piece of at most 1,000 is one transaction with its events, so that the agency undoes them.
    """
    refused = 0
    while count := _refuse_piece(office):
        refused += count
        office.boundary("unusable refused")
    return refused


def _refuse_piece(office: Office) -> int:
    with office.connection.transaction():
        rows = office.connection.execute(sql.HOLD_UNUSABLE, {"most": AT_ONCE}).fetchall()
        if not rows:
            return 0
        held_debits.refuse(office, rows, kind=PRENOTE_FAILED)
    return len(rows)


def by_state(connection: Connection[Any]) -> dict[str, int]:
    """Give how many prenotes are in each state."""
    return dict(connection.execute(sql.BY_STATE).fetchall())


def _hold_cursor(connection: Connection[Any]) -> int:
    connection.execute(sql.BEGIN_CURSOR)
    row = connection.execute(sql.HOLD_CURSOR).fetchone()
    if row is None:
        raise RuntimeError("the prenote cursor that was begun is not there")
    return int(row[0])


def _change(connection: Connection[Any], statement: str, values: Mapping[str, object]) -> int:
    """Change prenotes, each under the next sequence; give how many."""
    kept = {**values, "last_sequence": _hold_cursor(connection)}
    changed = connection.execute(statement, kept).rowcount
    connection.execute(sql.MOVE_CURSOR, {"changed": changed})
    return changed
