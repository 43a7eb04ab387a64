"""What an ACH operator leaves in the exchange folder, written by its page in the docs."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from customhouse.bank import profile
from customhouse.bank.delivery import QUIET_SECONDS
from customhouse.bank.exchange import Exchange, digest
from customhouse.formats.nacha_file import read_items, write_file
from customhouse.formats.nacha_records import (
    Addenda98,
    Addenda99,
    BatchHeader,
    Entry,
    FileHeader,
)


@dataclass(frozen=True)
class Sent:
    """One debit as the operator read it from an outbound file."""

    trace_number: str
    amount_cents: int
    statement_number: str
    entry: Entry


def outbound(exchange: Exchange) -> list[Path]:
    """Give the outbound files in order of their names."""
    return sorted(path for path in exchange.outbound.iterdir() if path.suffix == ".ach")


def sent(path: Path) -> list[Sent]:
    """Give the debits of an outbound file."""
    with path.open("rb") as stream:
        return [
            Sent(item.trace_number, item.amount_cents, item.identification_number, item)
            for item in read_items(stream)
            if isinstance(item, Entry)
        ]


def deliver(exchange: Exchange, name: str, content: bytes) -> None:
    """Write a file for the bank the way the page asks for: aside, then renamed.

    It was last written to a while ago, so that one without its end is not waited for.
    """
    aside = exchange.inbound / f"{name}.part"
    aside.write_bytes(content)
    written_at = time.time() - 2 * QUIET_SECONDS
    os.utime(aside, (written_at, written_at))
    aside.rename(exchange.inbound / name)


def acknowledgement(path: Path, *, reason: str = "", **changes: object) -> bytes:
    """Acknowledge an outbound file, or refuse it with a reason; ``changes`` overrule."""
    debits = sent(path)
    values = {
        "file": path.name,
        "sha256": digest(path),
        "accepted": not reason,
        "reason": reason,
        "entries": len(debits),
        "debit_cents": sum(debit.amount_cents for debit in debits),
        "credit_cents": 0,
    }
    return json.dumps(values | changes).encode()


def settlement(debits: Iterable[Sent], settled_on: date) -> bytes:
    """Report debits as settled."""
    lines = [f"{debit.trace_number},{debit.amount_cents},{settled_on}" for debit in debits]
    return "\n".join(["trace_number,amount_cents,settlement_date", *lines, ""]).encode()


def returns(
    reasons: Sequence[tuple[Sent, str]],
    changes: Sequence[tuple[Sent, str, str]] = (),
    *,
    created_on: date,
    settled_on: date,
) -> bytes:
    """Send debits back for a reason (Rxx), and notify of changes (Cxx with corrected data)."""
    header = FileHeader(
        immediate_destination=profile.BANK_ROUTING.number,
        immediate_origin=profile.OPERATOR_ROUTING.number,
        creation_date=created_on,
        creation_time="0830",
        file_id_modifier="A",
        destination_name=profile.BANK_NAME,
        origin_name=profile.OPERATOR_NAME,
    )
    batches: list[tuple[BatchHeader, list[Entry]]] = []
    if reasons:
        back = [_returned(sequence, *each) for sequence, each in enumerate(reasons, 1)]
        batches.append((_batch(1, "CCD", settled_on), back))
    if changes:
        start = len(reasons) + 1
        told = [_changed(sequence, *each) for sequence, each in enumerate(changes, start)]
        batches.append((_batch(len(batches) + 1, "COR", settled_on), told))
    stream = io.BytesIO()
    write_file(stream, header, batches=batches)
    return stream.getvalue()


def _batch(number: int, sec_code: str, settled_on: date) -> BatchHeader:
    return BatchHeader(
        service_class_code=225,
        company_name=profile.COMPANY_NAME,
        company_discretionary_data="",
        company_identification=profile.COMPANY_IDENTIFICATION,
        sec_code=sec_code,
        entry_description=profile.ENTRY_DESCRIPTION,
        descriptive_date="",
        effective_entry_date=settled_on,
        settlement_day=settled_on.timetuple().tm_yday,
        originator_status_code="1",
        odfi_identification="11111111",
        batch_number=number,
    )


def _back(debit: Sent, sequence: int, *, amount_cents: int, addenda: object) -> Entry:
    return Entry(
        transaction_code=26,
        receiving_dfi=profile.BANK_ROUTING.dfi,
        check_digit=profile.BANK_ROUTING.check_digit,
        account_number=debit.entry.account_number,
        amount_cents=amount_cents,
        identification_number=debit.statement_number,
        receiving_name=debit.entry.receiving_name,
        discretionary_data="",
        trace_number=f"11111111{sequence:07d}",
        addenda=(addenda,),  # type: ignore[arg-type]
    )


def _returned(sequence: int, debit: Sent, reason: str) -> Entry:
    addenda = Addenda99(
        return_code=reason,
        original_trace=debit.trace_number,
        original_dfi=debit.entry.receiving_dfi,
        date_of_death=None,
        information="",
        trace=f"11111111{sequence:07d}",
    )
    return _back(debit, sequence, amount_cents=debit.amount_cents, addenda=addenda)


def _changed(sequence: int, debit: Sent, code: str, corrected_data: str) -> Entry:
    addenda = Addenda98(
        change_code=code,
        original_trace=debit.trace_number,
        original_dfi=debit.entry.receiving_dfi,
        corrected_data=corrected_data,
        trace=f"11111111{sequence:07d}",
    )
    return _back(debit, sequence, amount_cents=0, addenda=addenda)
