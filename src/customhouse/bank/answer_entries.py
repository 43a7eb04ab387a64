"""What the bank's answers to receiving banks say, entry by entry (Nacha appendices 4 and 5).

Writes the bytes of one file from its rows and the sealed accounts; deciding and releasing are other
modules' jobs. A dishonored return keeps the entry as it was originated, with the code of a return;
a refused notification repeats what was received.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from psycopg.rows import class_row

from customhouse.bank import answer_files_store as sql
from customhouse.bank import changes, entry_returns, profile, vault
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.office import Office
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.formats.nacha_file import FileTotals, write_file
from customhouse.formats.nacha_records import (
    Addenda,
    BatchHeader,
    DishonoredAddenda99,
    Entry,
    FileHeader,
    RefusedAddenda98,
)

# Nacha, Transaction Code: returns and notifications about debits, by kind of account.
RETURNED_CHECKING: Final = 26
RETURNED_SAVINGS: Final = 36


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of answers that is planned or sealed; cents."""

    file_id: int
    name: str
    purpose: str
    origin: str
    created_on: date
    created_time: str
    file_id_modifier: str
    entries: int
    debit_cents: int
    credit_cents: int
    state: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class _Dishonored:
    position: int
    trace: str
    code: str
    amount_cents: int
    return_trace: str
    return_settled_on: date
    return_code: str
    information: str
    account_token: str
    original_trace: str
    statement_number: str


@dataclass(frozen=True, slots=True)
class _Refused:
    position: int
    trace: str
    code: str
    item_id: int
    change_code: str
    own_trace: str
    original_trace: str
    account_token: str
    statement_number: str


def write(office: Office, file: AnswerFile, *, stream: BinaryIO) -> FileTotals:
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
    if file.purpose == "returned-entries":
        batches = entry_returns.batches(office, file.file_id, origin=file.origin)
    else:
        batches = [_own_batch(office, file)]
    return write_file(stream, header, batches=batches)


def _own_batch(office: Office, file: AnswerFile) -> tuple[BatchHeader, list[Entry]]:
    """Give the one batch of answers about debits that this bank originated."""
    entries = _dishonored(office, file) if file.purpose == "dishonored" else _refused(office, file)
    batch = BatchHeader(
        service_class_code=profile.DEBITS_ONLY,
        company_name=profile.COMPANY_NAME,
        company_discretionary_data="",
        company_identification=profile.COMPANY_IDENTIFICATION,
        sec_code="CCD" if file.purpose == "dishonored" else "COR",
        entry_description=profile.ENTRY_DESCRIPTION,
        descriptive_date="",
        effective_entry_date=FEDERAL_RESERVE.next(file.created_on),
        settlement_day=None,
        originator_status_code=profile.ORIGINATOR_STATUS,
        odfi_identification=file.origin[:8],
        batch_number=1,
    )
    return batch, entries


def _dishonored(office: Office, file: AnswerFile) -> list[Entry]:
    with office.connection.cursor(row_factory=class_row(_Dishonored)) as cursor:
        rows = cursor.execute(sql.DISHONORED_ENTRIES, {"file_id": file.file_id}).fetchall()
    accounts = _accounts(office, file, [row.account_token for row in rows])
    return [
        _entry(
            row,
            accounts[row.account_token],
            amount_cents=row.amount_cents,
            addenda=DishonoredAddenda99(
                return_code=row.code,
                original_trace=row.original_trace,
                original_dfi=accounts[row.account_token].routing_number.dfi,
                return_trace=row.return_trace,
                return_settlement_day=row.return_settled_on.timetuple().tm_yday,
                return_reason=row.return_code[1:],
                information=row.information,
                trace=row.trace,
            ),
        )
        for row in rows
    ]


def _refused(office: Office, file: AnswerFile) -> list[Entry]:
    with office.connection.cursor(row_factory=class_row(_Refused)) as cursor:
        rows = cursor.execute(sql.REFUSED_ENTRIES, {"file_id": file.file_id}).fetchall()
    accounts = _accounts(office, file, [row.account_token for row in rows])
    return [
        _entry(
            row,
            accounts[row.account_token],
            amount_cents=0,
            addenda=RefusedAddenda98(
                refused_code=row.code,
                original_trace=row.original_trace,
                original_dfi=accounts[row.account_token].routing_number.dfi,
                corrected_data=changes.correction(office, row.item_id),
                change_code=row.change_code,
                trace_sequence=row.own_trace[-7:],
                trace=row.trace,
            ),
        )
        for row in rows
    ]


def _accounts(office: Office, file: AnswerFile, tokens: Sequence[str]) -> dict[str, AccountDetails]:
    return vault.open_accounts(
        office.connection,
        office.keys,
        tokens=tokens,
        purpose=f"write {file.name}",
        clock=office.clock,
    )


def _entry(
    row: _Dishonored | _Refused,
    account: AccountDetails,
    *,
    amount_cents: int,
    addenda: Addenda,
) -> Entry:
    savings = account.account_type == "savings"
    return Entry(
        transaction_code=RETURNED_SAVINGS if savings else RETURNED_CHECKING,
        receiving_dfi=account.routing_number.dfi,
        check_digit=account.routing_number.check_digit,
        account_number=account.account_number,
        amount_cents=amount_cents,
        identification_number=row.statement_number,
        receiving_name=account.holder_name,
        discretionary_data="",
        trace_number=row.trace,
        addenda=(addenda,),
    )
