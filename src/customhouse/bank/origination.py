"""Origination: which debits go into which file, and with which numbers (DEB-09, DEB-12, DEB-13).

``plan`` gives every instruction that is due its place in a file, in one transaction a file. What a
file says is then a function of those rows; writing and releasing it is bank_files' job.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from psycopg.rows import class_row

from customhouse.bank import alarms, profile
from customhouse.bank import origination_store as sql
from customhouse.bank.office import Office
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.lifecycle import DEBIT

NEW_YORK = ZoneInfo("America/New_York")
MINUTES_A_DAY = 24 * 60


class FileIdsUsedUp(Exception):
    """No file id is left for this origin and date."""


@dataclass(frozen=True, slots=True)
class WaitingDebit:
    """A debit that is due: its amount in cents and the attempts made before."""

    instruction_id: str
    amount_cents: int
    attempt: int
    account_token: str


@dataclass(frozen=True, slots=True)
class FileIdentity:
    """What tells a file from every other: origin, creation date, "HHMM" and modifier."""

    origin: str
    created_on: date
    created_time: str
    modifier: str

    @property
    def name(self) -> str:
        """Give the file's name in the exchange folder."""
        dfi = self.origin[:8]
        return f"{dfi}-{self.created_on:%Y%m%d}-{self.created_time}-{self.modifier}.ach"


def fitting(amounts_cents: Sequence[int]) -> int:
    """Count the leading amounts that fit one file by number and by total.

    The rest goes to the next file, so that the same debits are always split in the same way.
    """
    total = 0
    for count, amount in enumerate(amounts_cents[: profile.MOST_ENTRIES_IN_FILE]):
        total += amount
        if total > profile.MOST_CENTS_IN_FILE:
            return count
    return min(len(amounts_cents), profile.MOST_ENTRIES_IN_FILE)


def file_identity(
    origin: str, created_on: date, *, first_time: str, files_before: int
) -> FileIdentity:
    """Give the identity of the next file of a date: 36 modifiers a minute, then the next minute.

    Raises FileIdsUsedUp after the last minute of the day (Nacha: origin, date, time and modifier
    are unique).
    """
    minutes = int(first_time[:2]) * 60 + int(first_time[2:])
    minutes += files_before // len(profile.MODIFIERS)
    if minutes >= MINUTES_A_DAY:
        raise FileIdsUsedUp(f"{files_before} files were made on {created_on}")
    modifier = profile.MODIFIERS[files_before % len(profile.MODIFIERS)]
    return FileIdentity(origin, created_on, f"{minutes // 60:02d}{minutes % 60:02d}", modifier)


def first_sequence(last_sequence: int, count: int) -> int:
    """Give the first of ``count`` trace sequences that ascend without a wrap inside a file."""
    following = last_sequence + 1
    return following if following + count - 1 <= profile.LAST_TRACE_SEQUENCE else 1


def plan(office: Office, business_date: date) -> int:
    """Put every debit that is due by the next banking day into a file; give how many files.

    Only banking days originate. Each file is one transaction: places, traces and file id are
    kept together or not at all, and a debit is in one file at most. When the date's file ids are
    used up, what is left waits for the next day, with an alarm.
    """
    if not FEDERAL_RESERVE.is_business_day(business_date):
        return 0
    planned = 0
    try:
        while _plan_file(office, business_date):
            planned += 1
            office.boundary("planned")
    except FileIdsUsedUp as used_up:
        sentence = f"{used_up}, and no file id is left; the other debits wait for the next day."
        alarm = alarms.Alarm("file-ids-used-up", business_date.isoformat(), sentence)
        alarms.raise_all(office.connection, [alarm], clock=office.clock)
    return planned


def _plan_file(office: Office, business_date: date) -> bool:
    effective_on = FEDERAL_RESERVE.next(business_date)
    with office.connection.transaction():
        held = _hold_waiting(office, effective_on)
        debits = held[: fitting([debit.amount_cents for debit in held])]
        if not debits:
            return False
        office.boundary("chosen")
        identity = _take_identity(office, business_date)
        file_id = _add_file(office, identity, debits=debits, effective_on=effective_on)
        _add_entries(office, file_id, debits)
        office.boundary("entries added")
    return True


def _hold_waiting(office: Office, effective_on: date) -> list[WaitingDebit]:
    values = {"effective_on": effective_on, "most": profile.MOST_ENTRIES_IN_FILE}
    with office.connection.cursor(row_factory=class_row(WaitingDebit)) as cursor:
        return cursor.execute(sql.HOLD_WAITING, values).fetchall()


def _take_identity(office: Office, business_date: date) -> FileIdentity:
    origin = profile.BANK_ROUTING.number
    values = {
        "origin": origin,
        "created_on": business_date,
        "first_time": office.clock.now().astimezone(NEW_YORK).strftime("%H%M"),
    }
    office.connection.execute(sql.BEGIN_SERIES, values)
    row = office.connection.execute(sql.TAKE_FILE_ID, values).fetchone()
    if row is None:
        raise RuntimeError("a file series that was begun is not there")
    first_time, files_used = row
    return file_identity(origin, business_date, first_time=first_time, files_before=files_used - 1)


def _add_file(
    office: Office, identity: FileIdentity, *, debits: Sequence[WaitingDebit], effective_on: date
) -> int:
    values = {
        "name": identity.name,
        "origin": identity.origin,
        "created_on": identity.created_on,
        "created_time": identity.created_time,
        "file_id_modifier": identity.modifier,
        "effective_on": effective_on,
        "entries": len(debits),
        "debit_cents": sum(debit.amount_cents for debit in debits),
        "planned_at": office.clock.now(),
    }
    row = office.connection.execute(sql.ADD_FILE, values).fetchone()
    if row is None:
        raise RuntimeError("a file that was added is not there")
    return int(row[0])


def _add_entries(office: Office, file_id: int, debits: Sequence[WaitingDebit]) -> None:
    DEBIT.require("received", "in_file")
    first = _take_traces(office, len(debits))
    odfi = profile.BANK_ROUTING.dfi
    values = {
        "file_id": file_id,
        "positions": list(range(1, len(debits) + 1)),
        "instruction_ids": [debit.instruction_id for debit in debits],
        "attempts": [debit.attempt + 1 for debit in debits],
        "account_tokens": [debit.account_token for debit in debits],
        "trace_numbers": [f"{odfi}{first + place:07d}" for place in range(len(debits))],
    }
    office.connection.execute(sql.ADD_ENTRIES, values)
    marked = office.connection.execute(sql.MARK_IN_FILE, values).rowcount
    if marked != len(debits):
        raise RuntimeError(f"{marked} of {len(debits)} held debits went into file {file_id}")


def _take_traces(office: Office, count: int) -> int:
    odfi = profile.BANK_ROUTING.dfi
    office.connection.execute(sql.BEGIN_TRACES, {"odfi": odfi})
    row = office.connection.execute(sql.HOLD_TRACES, {"odfi": odfi}).fetchone()
    if row is None:
        raise RuntimeError("a trace sequence that was begun is not there")
    first = first_sequence(int(row[0]), count)
    office.connection.execute(sql.KEEP_TRACES, {"odfi": odfi, "last_sequence": first + count - 1})
    return first
