"""Origination: which debits go into which file, and with which numbers (DEB-09, DEB-12, DEB-13).

``plan`` gives every instruction that is due its place in a file, in one transaction a file. What a
file says is then a function of those rows; writing and releasing it is bank_files' job.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from psycopg import Rollback

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


def plan(office: Office, business_date: date) -> int:
    """Put every debit that is due by the next banking day into a file; give how many files.

    Only banking days originate. Each file is one transaction and one statement over all its
    entries: places, traces and file id are kept together or not at all. A debit is in one file at
    most; the next file is begun where the number of entries or the total would not fit (failure
    C11). When the date's file ids are used up, what is left waits for the next day, with an alarm.
    """
    if not FEDERAL_RESERVE.is_business_day(business_date):
        return 0
    planned = 0
    try:
        while _plan_file(office, business_date):
            planned += 1
            office.boundary("planned")
    except FileIdsUsedUp as used_up:
        tell_used_up(office, business_date, used_up=used_up)
    return planned


def tell_used_up(office: Office, business_date: date, *, used_up: FileIdsUsedUp) -> None:
    """Raise the alarm of a date without another file id: what has none waits for the next day."""
    sentence = f"{used_up}, and no file id is left; what is in no file waits for the next day."
    alarm = alarms.Alarm("file-ids-used-up", business_date.isoformat(), sentence)
    alarms.raise_all(office.connection, [alarm], clock=office.clock)


def _plan_file(office: Office, business_date: date) -> bool:
    effective_on = FEDERAL_RESERVE.next(business_date)
    due = {"effective_on": effective_on}
    with office.connection.transaction() as transaction:
        row = office.connection.execute(sql.ANY_WAITING, due).fetchone()
        if not (row and row[0]):
            return False
        identity = take_identity(office, business_date)
        last_sequence = hold_traces(office)
        office.boundary("chosen")
        planned = _place(office, identity, effective_on=effective_on, last_sequence=last_sequence)
        if planned is None:
            # Somebody else has put them into a file, or holds them: the file id is not used.
            raise Rollback(transaction)
        office.boundary("entries added")
    return planned is not None


def take_identity(office: Office, business_date: date) -> FileIdentity:
    """Take the next file id of a date; its series is held until the transaction ends.

    Raises FileIdsUsedUp.
    """
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


def hold_traces(office: Office) -> int:
    """Hold the trace numbers of this bank until the transaction ends; give the last one used."""
    odfi = {"odfi": profile.BANK_ROUTING.dfi}
    office.connection.execute(sql.BEGIN_TRACES, odfi)
    row = office.connection.execute(sql.HOLD_TRACES, odfi).fetchone()
    if row is None:
        raise RuntimeError("a trace sequence that was begun is not there")
    return int(row[0])


def _place(
    office: Office, identity: FileIdentity, *, effective_on: date, last_sequence: int
) -> int | None:
    """Put the debits that are due into one file; give its id, None when there are none."""
    DEBIT.require("received", "in_file")
    values = {
        "name": identity.name,
        "origin": identity.origin,
        "created_on": identity.created_on,
        "created_time": identity.created_time,
        "file_id_modifier": identity.modifier,
        "effective_on": effective_on,
        "planned_at": office.clock.now(),
        "most_entries": profile.MOST_ENTRIES_IN_FILE,
        "most_cents": profile.MOST_CENTS_IN_FILE,
        "odfi": profile.BANK_ROUTING.dfi,
        "last_sequence": last_sequence,
        "highest_sequence": profile.LAST_TRACE_SEQUENCE,
    }
    row = office.connection.execute(sql.PLAN_FILE, values).fetchone()
    if row is None:
        return None
    file_id, entries, new_sequence, moved = map(int, row)
    if moved != entries:
        raise RuntimeError(f"{moved} of {entries} held debits went into file {file_id}")
    keep_traces(office, new_sequence)
    return file_id


def keep_traces(office: Office, last_sequence: int) -> None:
    """Keep the last trace number that was given out, in the transaction that holds them."""
    kept = {"odfi": profile.BANK_ROUTING.dfi, "last_sequence": last_sequence}
    office.connection.execute(sql.KEEP_TRACES, kept)
