"""Outbound files: written from rows, checked, sealed by digest, and released (failures B2, C5).

Any step may be repeated after a crash: the same rows give the same bytes under the same name, and
bytes that differ from the recorded digest are never released. Choosing debits is origination's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import BinaryIO

from psycopg.rows import class_row

from customhouse.bank import alarms, events, profile, vault
from customhouse.bank import origination_store as sql
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.exchange import digest, open_staging, sync
from customhouse.bank.keys import KeysUnavailable
from customhouse.bank.office import Office
from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_file import FileTotals, WriteRefused, write_file
from customhouse.formats.nacha_records import Addenda05, BatchHeader, Entry, FileHeader

ENTRIES_AT_ONCE = 1000
FAULTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file that is planned or sealed; amounts in cents."""

    file_id: int
    name: str
    origin: str
    created_on: date
    created_time: str
    file_id_modifier: str
    effective_on: date
    entries: int
    debit_cents: int
    state: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class PlannedEntry:
    """One entry of a file, before its account is opened."""

    position: int
    account_token: str
    trace_number: str
    statement_number: str
    amount_cents: int


class NotReleased(Exception):
    """A file was held back; the reason names no account."""


def release_all(office: Office) -> int:
    """Bring every planned or sealed file out, in order; give how many.

    A file that does not pass stays where it is, with an alarm, and does not keep the others.
    """
    with office.connection.cursor(row_factory=class_row(BankFile)) as cursor:
        files = cursor.execute(sql.UNRELEASED).fetchall()
    released = 0
    for file in files:
        try:
            _release(office, file)
        except NotReleased as held_back:
            alarm = alarms.Alarm("file-held-back", file.name, str(held_back))
            alarms.raise_all(office.connection, [alarm], clock=office.clock)
        else:
            alarms.clear(
                office.connection, kind="file-held-back", reference=file.name, clock=office.clock
            )
            released += 1
    return released


def _release(office: Office, file: BankFile) -> None:
    exchange = office.exchange
    if file.sha256 is None or not exchange.is_published(file.name, file.sha256):
        sha256 = _write_staged(office, file)
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


def _write_staged(office: Office, file: BankFile) -> str:
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
        staged.unlink()
        raise
    return sha256


def _write_or_hold_back(office: Office, file: BankFile, *, stream: BinaryIO) -> FileTotals:
    try:
        return write(office, file, stream=stream)
    except WriteRefused as refusal:
        raise NotReleased(f"it cannot be written: {refusal}") from None
    except KeysUnavailable as unavailable:
        raise NotReleased(f"the vault does not open: {unavailable}") from None


def write(office: Office, file: BankFile, *, stream: BinaryIO) -> FileTotals:
    """Write a file's bytes: a function of its rows and the sealed accounts, nothing else."""
    header = FileHeader(
        immediate_destination=profile.OPERATOR_ROUTING.number,
        immediate_origin=file.origin,
        creation_date=file.created_on,
        creation_time=file.created_time,
        file_id_modifier=file.file_id_modifier,
        destination_name=profile.OPERATOR_NAME,
        origin_name=profile.BANK_NAME,
    )
    batch = BatchHeader(
        service_class_code=profile.DEBITS_ONLY,
        company_name=profile.COMPANY_NAME,
        company_discretionary_data="",
        company_identification=profile.COMPANY_IDENTIFICATION,
        sec_code="CCD",
        entry_description=profile.ENTRY_DESCRIPTION,
        descriptive_date="",
        effective_entry_date=file.effective_on,
        settlement_day=None,
        originator_status_code=profile.ORIGINATOR_STATUS,
        odfi_identification=file.origin[:8],
        batch_number=1,
    )
    return write_file(stream, header, batches=[(batch, _entries(office, file))])


def _entries(office: Office, file: BankFile) -> Iterator[Entry]:
    """Give a file's entries in order, opening a piece of the accounts at a time."""
    behind = 0
    while True:
        values = {"file_id": file.file_id, "behind": behind, "most": ENTRIES_AT_ONCE}
        with office.connection.cursor(row_factory=class_row(PlannedEntry)) as cursor:
            planned = cursor.execute(sql.ENTRIES, values).fetchall()
        if not planned:
            return
        accounts = vault.open_accounts(
            office.connection,
            office.keys,
            tokens=[each.account_token for each in planned],
            purpose=f"write {file.name}",
            clock=office.clock,
        )
        yield from (entry_of(each, accounts[each.account_token]) for each in planned)
        behind = planned[-1].position


def entry_of(planned: PlannedEntry, account: AccountDetails) -> Entry:
    """Make the CCD entry of one debit with its one addendum (DEB-12, DEB-13)."""
    text = profile.addendum_text(planned.statement_number, planned.amount_cents)
    savings = account.account_type == "savings"
    return Entry(
        transaction_code=profile.DEBIT_SAVINGS if savings else profile.DEBIT_CHECKING,
        receiving_dfi=account.routing_number.dfi,
        check_digit=account.routing_number.check_digit,
        account_number=account.account_number,
        amount_cents=planned.amount_cents,
        identification_number=planned.statement_number,
        receiving_name=account.holder_name,
        discretionary_data="",
        trace_number=planned.trace_number,
        addenda=(Addenda05.of(planned.trace_number, text),),
    )


def _require_good(stream: BinaryIO) -> None:
    """Check our own file with every rule for others' files (failure C5)."""
    broken = (fault for fault in check_file(stream) if fault.severity != "warning")
    faults = list(islice(broken, FAULTS_SHOWN))
    if faults:
        found = "; ".join(f"{fault.rule} in line {fault.line}" for fault in faults)
        raise NotReleased(f"the file breaks rules of its format: {found}")


def _require_totals(file: BankFile, totals: FileTotals) -> None:
    written = (totals.entries_and_addenda, totals.debit_cents, totals.credit_cents)
    if written != (2 * file.entries, file.debit_cents, 0):
        raise NotReleased("the file does not add up to what was planned")


def _seal(office: Office, file: BankFile, sha256: str) -> None:
    values = {"file_id": file.file_id, "sha256": sha256, "sealed_at": office.clock.now()}
    office.connection.execute(sql.SEAL, values)


def _mark_released(office: Office, file: BankFile) -> None:
    values = {"file_id": file.file_id, "released_at": office.clock.now()}
    with office.connection.transaction():
        if office.connection.execute(sql.RELEASE, values).rowcount == 0:
            return
        entries = office.connection.execute(sql.RELEASED_ENTRIES, values).fetchall()
        told = [
            events.NewEvent(
                event_id=f"{instruction_id}:{attempt}:in_file",
                kind="in_file",
                instruction_id=instruction_id,
                amount_cents=amount_cents,
                effective_on=file.effective_on,
                trace_number=trace_number,
                detail=file.name,
            )
            for instruction_id, attempt, amount_cents, trace_number in entries
        ]
        events.record(office.connection, told, clock=office.clock)
