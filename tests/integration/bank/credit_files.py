"""Files of entries that payers' banks originated, as an operator delivers them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from customhouse.bank import profile
from customhouse.formats.nacha_file import read_items, write_file
from customhouse.formats.nacha_records import Addenda05, BatchHeader, Entry, FileHeader, Item
from customhouse.settings import COLLECTION_ACCOUNT

MONDAY = date(2026, 11, 23)
PAYERS_BANK = "11111111"
# The account of somebody else, to which nothing of ours belongs.
STRANGER = "90817263544777"


@dataclass(frozen=True)
class Push:
    """One entry to push; amount in cents, by default money for the agency."""

    amount_cents: int = 104_608
    texts: Sequence[str] = ("TXP*B76*90001*261123*S*0000104608*3927327001\\",)
    code: int = 22
    account: str = COLLECTION_ACCOUNT
    identification: str = "REF 1"
    sequence: int = 0


def entry(push: Push, sequence: int, *, odfi: str = PAYERS_BANK) -> Entry:
    """Give the entry of a push with a trace number of the payer's bank."""
    trace = f"{odfi}{push.sequence or sequence:07d}"
    routing = profile.BANK_ROUTING
    return Entry(
        transaction_code=push.code,
        receiving_dfi=routing.dfi,
        check_digit=routing.check_digit,
        account_number=push.account,
        amount_cents=push.amount_cents,
        identification_number=push.identification,
        receiving_name="EXAMPLE CUSTOMS",
        discretionary_data="",
        trace_number=trace,
        addenda=tuple(
            Addenda05.of(trace, text, sequence=place) for place, text in enumerate(push.texts, 1)
        ),
    )


def batch(
    settled_on: date,
    *,
    sec_code: str = "CCD",
    description: str = "CUSTOMSPAY",
    number: int = 1,
    odfi: str = PAYERS_BANK,
) -> BatchHeader:
    """Give the header of a payer's batch, with the settlement day that the operator wrote."""
    return BatchHeader(
        service_class_code=200,
        company_name="EXAMPLE IMPORTER",
        company_discretionary_data="",
        company_identification="1123456789",
        sec_code=sec_code,
        entry_description=description,
        descriptive_date="",
        effective_entry_date=settled_on,
        settlement_day=settled_on.timetuple().tm_yday,
        originator_status_code="1",
        odfi_identification=odfi,
        batch_number=number,
    )


def header(created_on: date = MONDAY, *, modifier: str = "A") -> FileHeader:
    """Give the file header of a delivery from the operator to the bank."""
    return FileHeader(
        immediate_destination=profile.BANK_ROUTING.number,
        immediate_origin=profile.OPERATOR_ROUTING.number,
        creation_date=created_on,
        creation_time="1800",
        file_id_modifier=modifier,
        destination_name=profile.BANK_NAME,
        origin_name=profile.OPERATOR_NAME,
    )


def written(
    batches: Iterable[tuple[BatchHeader, Iterable[Entry]]], *, head: FileHeader | None = None
) -> bytes:
    """Write a file of batches."""
    stream = io.BytesIO()
    write_file(stream, head or header(), batches=list(batches))
    return stream.getvalue()


def pushed(
    *pushes: Push,
    settled_on: date,
    sec_code: str = "CCD",
    description: str = "CUSTOMSPAY",
    modifier: str = "A",
) -> bytes:
    """Write a file of one batch with these pushes."""
    of_batch = batch(settled_on, sec_code=sec_code, description=description)
    entries = [entry(push, place) for place, push in enumerate(pushes, 1)]
    return written([(of_batch, entries)], head=header(modifier=modifier))


def without_settlement_day(content: bytes) -> bytes:
    """Blank the settlement day of each batch header."""
    lines = content.split(b"\n")
    return b"\n".join(
        line[:75] + b"   " + line[78:] if line.startswith(b"5") else line for line in lines
    )


def items(path: Path) -> list[Item]:
    """Read a file that the bank wrote."""
    with path.open("rb") as stream:
        return list(read_items(stream))
