"""The bytes of an outbound file: a function of its rows and the sealed accounts, nothing else.

The same rows give the same bytes whenever and however often they are written (invariant G7), also
after the keys of the vault were changed. Whether the bytes may go out is bank_files' decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from psycopg.rows import class_row

from customhouse.bank import origination_store as sql
from customhouse.bank import prenote_files, profile, vault
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.bank_file_columns import PlannedEntry, columns_of
from customhouse.bank.office import Office
from customhouse.bank.prenote_files import PlannedPrenote
from customhouse.formats.nacha_bulk_columns import EntryColumns
from customhouse.formats.nacha_bulk_write import write_bulk
from customhouse.formats.nacha_file import FileTotals
from customhouse.formats.nacha_records import BatchHeader, FileHeader

# Entries whose accounts are in memory at once.
ENTRIES_AT_ONCE = 10_000


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
    purpose: str = "debits"

    @property
    def records(self) -> int:
        """Give how many entries and addenda are in it: a prenote has no addendum."""
        return self.entries if self.purpose == "prenotes" else 2 * self.entries


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
    return write_bulk(stream, header, batches=[(batch, _entries(office, file))])


def _entries(office: Office, file: BankFile) -> Iterator[EntryColumns]:
    """Give a file's entries in order, opening a piece of the accounts at a time."""
    for behind in range(0, file.entries, ENTRIES_AT_ONCE):
        values = {"file_id": file.file_id, "behind": behind, "until": behind + ENTRIES_AT_ONCE}
        if file.purpose == "prenotes":
            yield _prenotes(office, file, values)
        else:
            yield _debits(office, file, values)


def _debits(office: Office, file: BankFile, values: Mapping[str, object]) -> EntryColumns:
    with office.connection.cursor(row_factory=class_row(PlannedEntry)) as cursor:
        planned = cursor.execute(sql.ENTRIES, values).fetchall()
    tokens = [each.account_token for each in planned]
    return columns_of(planned, _opened(office, file, tokens))


def _prenotes(office: Office, file: BankFile, values: Mapping[str, object]) -> EntryColumns:
    with office.connection.cursor(row_factory=class_row(PlannedPrenote)) as cursor:
        planned = cursor.execute(prenote_files.ENTRIES, values).fetchall()
    tokens = [each.account_token for each in planned]
    return prenote_files.columns_of(planned, _opened(office, file, tokens))


def _opened(office: Office, file: BankFile, tokens: list[str]) -> dict[str, AccountDetails]:
    return vault.open_accounts(
        office.connection,
        office.keys,
        tokens=tokens,
        purpose=f"write {file.name}",
        clock=office.clock,
    )
