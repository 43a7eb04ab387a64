"""Outbound files: written from rows, checked, sealed by digest, and released (failures B2, C5).

Any step may be repeated after a crash: the same rows give the same bytes under the same name, and
bytes that differ from the recorded digest are never released. Choosing debits is origination's.
"""

from __future__ import annotations

from itertools import islice
from typing import BinaryIO

from psycopg.rows import class_row

from customhouse.bank import alarms, events
from customhouse.bank import origination_store as sql
from customhouse.bank.bank_file_bytes import BankFile, write
from customhouse.bank.exchange import digest, open_staging, sync
from customhouse.bank.keys import KeysUnavailable
from customhouse.bank.office import Office
from customhouse.formats.nacha_bulk import check_bulk
from customhouse.formats.nacha_file import FileTotals, WriteRefused

# Entries whose events are one transaction.
ENTRIES_AT_ONCE = 10_000
FAULTS_SHOWN = 5


class NotReleased(Exception):
    """A file was held back; the reason names no account."""


def release_all(office: Office) -> int:
    """Bring every planned or sealed file out, in order; give how many.

    A file that does not pass, or that cannot be kept for want of room, stays where it is, with an
    alarm, and does not keep the others.
    """
    with office.connection.cursor(row_factory=class_row(BankFile)) as cursor:
        files = cursor.execute(sql.UNRELEASED).fetchall()
    released = 0
    for file in files:
        try:
            _release(office, file)
        except NotReleased as held_back:
            _raise_alarm(office, file, reason=str(held_back))
        except OSError as failure:
            # No room or no right in the exchange folder (failure B6): what is half done goes.
            office.exchange.discard(file.name)
            _raise_alarm(office, file, reason=f"the exchange folder fails: {failure.strerror}")
        else:
            alarms.clear(
                office.connection, kind="file-held-back", reference=file.name, clock=office.clock
            )
            released += 1
    return released


def _raise_alarm(office: Office, file: BankFile, *, reason: str) -> None:
    alarm = alarms.Alarm("file-held-back", file.name, reason)
    alarms.raise_all(office.connection, [alarm], clock=office.clock)


def _release(office: Office, file: BankFile) -> None:
    exchange = office.exchange
    if file.sha256 is None or not exchange.is_published(file.name, file.sha256):
        sha256 = write_staged(office, file)
        office.boundary("staged")
        if file.sha256 is None:
            _seal(office, file, sha256)
            office.boundary("sealed")
        exchange.archive_outbound(file.name)
        office.boundary("archived")
        exchange.publish(file.name)
        office.boundary("published")
    _mark_released(office, file)
    office.boundary("released")


def write_staged(office: Office, file: BankFile) -> str:
    """Write, sync and check a file under its temporary name; give its SHA-256.

    Raises NotReleased, leaving no temporary file, when it is faulty or not what was sealed.
    """
    staged = office.exchange.staged(file.name)
    try:
        with open_staging(staged) as stream:
            totals = _write_or_hold_back(office, file, stream=stream)
            sync(stream)
            stream.seek(0)
            _require_good(stream)
        _require_totals(file, totals)
        sha256 = digest(staged)
        if file.sha256 not in (None, sha256):
            raise NotReleased("its bytes are not those that were sealed; nothing was sent")
    except NotReleased:
        office.exchange.discard(file.name)
        raise
    return sha256


def _write_or_hold_back(office: Office, file: BankFile, *, stream: BinaryIO) -> FileTotals:
    try:
        return write(office, file, stream=stream)
    except WriteRefused as refusal:
        raise NotReleased(f"it cannot be written: {refusal}") from None
    except KeysUnavailable as unavailable:
        raise NotReleased(f"the vault does not open: {unavailable}") from None


def _require_good(stream: BinaryIO) -> None:
    """Check our own file with every rule for others' files (failure C5)."""
    broken = (fault for fault in check_bulk(stream) if fault.severity != "warning")
    faults = list(islice(broken, FAULTS_SHOWN))
    if faults:
        found = "; ".join(f"{fault.rule} in line {fault.line}" for fault in faults)
        raise NotReleased(f"the file breaks rules of its format: {found}")


def _require_totals(file: BankFile, totals: FileTotals) -> None:
    written = (totals.entries_and_addenda, totals.debit_cents, totals.credit_cents)
    if written != (file.records, file.debit_cents, 0):
        raise NotReleased("the file does not add up to what was planned")


def _seal(office: Office, file: BankFile, sha256: str) -> None:
    values = {"file_id": file.file_id, "sha256": sha256, "sealed_at": office.clock.now()}
    office.connection.execute(sql.SEAL, values)


def _mark_released(office: Office, file: BankFile) -> None:
    """Tell the agency of the entries, a piece a transaction, and only then of the file itself."""
    values: dict[str, object] = {
        "file_id": file.file_id,
        "name": file.name,
        "effective_on": file.effective_on,
    }
    for behind in range(0, file.entries, ENTRIES_AT_ONCE):
        with office.connection.transaction():
            told = {**values, "behind": behind, "until": behind + ENTRIES_AT_ONCE}
            events.record_by(office.connection, sql.TELL_IN_FILE, values=told, clock=office.clock)
        office.boundary("told")
    released = {"file_id": file.file_id, "released_at": office.clock.now()}
    office.connection.execute(sql.RELEASE, released)
