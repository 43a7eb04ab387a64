"""Entries of others that this bank sends back: sealed until their file is written, and watched.

The files themselves are answer_files' job, what becomes of an entry is credit_rules'. A returned
entry stays as it was originated, with the code of a return (Nacha appendix 4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final

from psycopg.rows import class_row

from customhouse.bank import credit_rules, profile, vault
from customhouse.bank import entry_returns_store as sql
from customhouse.bank.inbound_credits import ArrivedEntry
from customhouse.bank.keys import KeysUnavailable
from customhouse.bank.office import Office
from customhouse.bank.vault import SealedRecord
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.formats.nacha_codes import CTX, TRANSACTION_CODES, routing_check_digit
from customhouse.formats.nacha_reading import read_batch_header, read_entry
from customhouse.formats.nacha_records import Addenda99, BatchHeader, Entry

# Returns end in 1 for a credit and in 6 for a debit, within the ten of the kind of account.
_RETURN_OF: Final = {"credit": 1, "debit": 6}


@dataclass(frozen=True, slots=True, eq=False)
class Back:
    """An entry that goes back, with the code of the reason.

    ``return_by`` is the banking day by whose opening it has to be there; None: as its settlement
    date says.
    """

    entry_id: int
    entry: ArrivedEntry
    return_code: str
    return_by: date | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    position: int
    trace: str
    code: str
    batch_id: int
    header_record: str
    token: str
    key_version: int
    wrapped_key: bytes
    sealed: bytes


def add(office: Office, back: Sequence[Back]) -> None:
    """Keep entries that go back; their records are sealed, for they hold account numbers.

    Raises KeysUnavailable when the key was destroyed since it was read: the run starts over.
    """
    if not back:
        return
    records = [
        vault.seal_record(
            office.keys,
            vault.new_token("entr"),
            plain=each.entry.record.encode("ascii"),
            context=vault.ENTRY_CONTEXT,
        )
        for each in back
    ]
    entries = [each.entry for each in back]
    debits = [TRANSACTION_CODES[each.transaction_code].direction == "debit" for each in entries]
    moved = list(zip(entries, debits, strict=True))
    values = {
        "entry_ids": [each.entry_id for each in back],
        "tokens": [record.token for record in records],
        "key_versions": [record.key_version for record in records],
        "wrapped_keys": [record.wrapped_key for record in records],
        "sealed": [record.sealed for record in records],
        "return_codes": [each.return_code for each in back],
        "debits_cents": [each.amount_cents if is_debit else 0 for each, is_debit in moved],
        "credits_cents": [0 if is_debit else each.amount_cents for each, is_debit in moved],
        "return_bys": [
            each.return_by or credit_rules.return_by(each.entry.batch.settled_on) for each in back
        ],
    }
    if office.connection.execute(sql.ADD, values).rowcount != len(back):
        raise KeysUnavailable("the key of the vault was destroyed; open the keys anew")


def judge_reversals(office: Office) -> None:
    """Give R17 to reversals that reverse nothing, R29 to the others (Nacha 2.9; CRD-09).

    A credit of the same company and amount that settled within the five banking days before makes
    a reversal a plain debit that nobody authorized. Files come in any order, so that a reversal is
    judged anew with each of them, until its return is in a file or the agency was told of it.
    """
    known = {"reversal": credit_rules.REVERSAL}
    found = office.connection.execute(sql.REVERSAL_DATES, known).fetchall()
    if found:
        days = [day for (day,) in found]
        values = {
            "not_authorized": credit_rules.NOT_AUTHORIZED,
            "improper": credit_rules.IMPROPER_REVERSAL,
            "settled_ons": days,
            "sinces": [credit_rules.reversible_since(day) for day in days],
        }
        office.connection.execute(sql.JUDGE_REVERSALS, {**known, **values})


def batches(office: Office, file_id: int, *, origin: str) -> list[tuple[BatchHeader, list[Entry]]]:
    """Give the batches of a file of returns: each as it came, with what goes back of it.

    Its header stays but for the settlement date, which the operator writes, the originator status,
    the bank and the number (Nacha appendix 4). Raises KeysUnavailable.
    """
    with office.connection.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(sql.ENTRIES, {"file_id": file_id}).fetchall()
    grouped = groupby(rows, key=lambda row: row.batch_id)
    return [
        _batch(office, list(of_batch), number=number, origin=origin)
        for number, (_, of_batch) in enumerate(grouped, 1)
    ]


def _batch(
    office: Office, rows: Sequence[_Row], *, number: int, origin: str
) -> tuple[BatchHeader, list[Entry]]:
    original = read_batch_header(rows[0].header_record)
    header = replace(
        original,
        settlement_day=None,
        originator_status_code=profile.ORIGINATOR_STATUS,
        odfi_identification=origin[:8],
        batch_number=number,
    )
    return header, [_returned(office, row, original) for row in rows]


def _returned(office: Office, row: _Row, header: BatchHeader) -> Entry:
    sealed = SealedRecord(row.token, row.key_version, row.wrapped_key, row.sealed)
    record = vault.open_record(office.keys, sealed, context=vault.ENTRY_CONTEXT).decode("ascii")
    originated = read_entry(record, (), is_ctx=header.sec_code == CTX)
    code = originated.code
    addenda = Addenda99(
        return_code=row.code,
        original_trace=originated.trace_number,
        original_dfi=originated.receiving_dfi,
        date_of_death=None,
        information="",
        trace=row.trace,
    )
    # A CTX entry comes back without its addenda, but with what it said of their number.
    return replace(
        originated,
        transaction_code=code.code // 10 * 10 + _RETURN_OF[code.direction],
        receiving_dfi=header.odfi_identification,
        check_digit=routing_check_digit(header.odfi_identification),
        trace_number=row.trace,
        addenda=(addenda,),
        addenda_count=(originated.addenda_count or 0) if header.sec_code == CTX else None,
    )


def clear(office: Office) -> None:
    """Clear the alarms about the time of returns that the operator has taken."""
    office.connection.execute(sql.CLEAR_DEADLINES, {"cleared_at": office.clock.now()})


def watch(office: Office, business_date: date) -> int:
    """Raise an alarm for each return that is near its time, late or dishonored; give how many.

    The return has to be there by the opening of its last day, so the day before is the last one
    on which it can go out. ``clear`` ends an alarm.
    """
    values = {
        "on": business_date,
        "near": FEDERAL_RESERVE.next(business_date),
        "raised_at": office.clock.now(),
    }
    raised = office.connection.execute(sql.RAISE_FOR_DEADLINES, values).rowcount
    return raised + office.connection.execute(sql.RAISE_FOR_DISHONORED, values).rowcount
