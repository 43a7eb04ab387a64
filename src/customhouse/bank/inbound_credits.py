"""Reads files of entries that others originated: payments pushed to the agency's account.

Checks first what every ACH file is checked for, then what such a file to this bank must be. The
records of entries are cut by their columns and their addenda are passed on unread. What becomes
of an entry is for credit_rules; nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import BinaryIO, Final

from customhouse.bank import credit_rules, profile
from customhouse.bank.credit_rules import CollectionAccount
from customhouse.bank.inbound_forms import FAULTS_KEPT, FormFault, FormRefused
from customhouse.bank.inbound_returns import LAST_DAY_OF_YEAR, settlement_date
from customhouse.formats.nacha_bulk import check_bulk
from customhouse.formats.nacha_codes import CCD, CTX, TRANSACTION_CODES
from customhouse.formats.nacha_layouts import ADDENDA_05, CTX_ENTRY, ENTRY, cell
from customhouse.formats.nacha_lines import Lines
from customhouse.formats.nacha_reading import read_batch_header, read_file_header
from customhouse.formats.nacha_records import BatchHeader, FileHeader
from customhouse.rails import AddendaFault

SEC_CODES: Final = (CCD, CTX)
_RETURN_CODES: Final = frozenset(
    code for code, known in TRANSACTION_CODES.items() if known.purpose == "return"
)
_CODE: Final = cell(ENTRY, "transaction_code").slice
_DFI: Final = cell(ENTRY, "receiving_dfi").slice
_CHECK_DIGIT: Final = cell(ENTRY, "check_digit").slice
_ACCOUNT: Final = cell(ENTRY, "account_number").slice
_AMOUNT: Final = cell(ENTRY, "amount_cents").slice
_IDENTIFICATION: Final = cell(ENTRY, "identification_number").slice
_TRACE: Final = cell(ENTRY, "trace_number").slice
_INDICATOR: Final = cell(ENTRY, "addenda_indicator").slice
_ANNOUNCED: Final = cell(CTX_ENTRY, "addenda_count").slice
_TEXT: Final = cell(ADDENDA_05, "text").slice
_SEQUENCE: Final = cell(ADDENDA_05, "sequence").slice
_ENTRY_SEQUENCE: Final = cell(ADDENDA_05, "entry_sequence").slice
_PAYMENT_INFORMATION: Final = b"705"


@dataclass(frozen=True, slots=True, eq=False)
class ArrivedBatch:
    """One batch of a file: its place in it, its header and the date on which it settles."""

    position: int
    record: str
    header: BatchHeader
    settled_on: date


@dataclass(frozen=True, slots=True, eq=False)
class ArrivedEntry:
    """One entry as it came; amount in cents.

    ``record`` and ``account_number`` never show. ``addenda`` are the payment related information
    of all addenda end to end, 80 characters each; ``addenda_fault`` is what is wrong with them as
    records.
    """

    batch: ArrivedBatch
    record: str = field(repr=False)
    addenda: str
    addenda_fault: AddendaFault = ""

    @property
    def transaction_code(self) -> int:
        """Give the transaction code."""
        return int(self.record[_CODE])

    @property
    def routing_number(self) -> str:
        """Give the nine digits of the receiving bank."""
        return self.record[_DFI] + self.record[_CHECK_DIGIT]

    @property
    def account_number(self) -> str:
        """Give the account number with the blanks that it came with."""
        return self.record[_ACCOUNT]

    @property
    def amount_cents(self) -> int:
        """Give the amount."""
        return int(self.record[_AMOUNT])

    @property
    def identification_number(self) -> str:
        """Give the payer's own identification."""
        return self.record[_IDENTIFICATION].rstrip()

    @property
    def trace_number(self) -> str:
        """Give the trace number of the payer's bank."""
        return self.record[_TRACE]


def require_own_account(collection: CollectionAccount) -> None:
    """Refuse a file while the settings name a collection account at another bank.

    Otherwise every payment in it would be sent back as one to a stranger. Raises FormRefused.
    """
    ours = profile.BANK_ROUTING.number
    if collection.routing_number != ours:
        message = "the settings name a collection account at another bank"
        hint = f"set CUSTOMHOUSE_COLLECTION_ROUTING to {ours}, then deliver the file again"
        raise FormRefused([FormFault("credits-collection-account", 0, message, hint)])


def check_credits(stream: BinaryIO) -> None:
    """Check a file of such entries as a whole, in constant memory.

    Any fault of the receiver profile but a warning refuses it: an operator rejects files and
    batches and returns entries for these faults (Nacha appendix 2), so that a file which has one
    was damaged on its way. That addenda do not fit their entry is none of them: where counts, hash
    and totals agree, the entry and its money are real. Raises FormRefused with every fault, at most
    the first hundred; none repeats content.
    """
    broken = (fault for fault in check_bulk(stream, "receiver") if fault.severity != "warning")
    found = [
        FormFault(fault.rule, fault.line, fault.message, fault.hint)
        for fault in islice(broken, FAULTS_KEPT)
    ]
    if not found:
        stream.seek(0)
        found = list(islice(_content_faults(stream), FAULTS_KEPT))
    if found:
        raise FormRefused(found)


def _content_faults(stream: BinaryIO) -> Iterator[FormFault]:
    """Say what in a well-formed file does not belong into one of entries for this bank."""
    created_on = date.min
    for number, record in enumerate(Lines(stream), 1):
        kind = record[:1]
        fault = None
        if kind == b"6":
            fault = _entry_fault(record, number)
        elif kind == b"7":
            fault = _addenda_fault(record, number)
        elif kind == b"5":
            fault = _batch_fault(read_batch_header(record.decode("ascii")), created_on, line=number)
        elif kind == b"1":
            header = read_file_header(record.decode("ascii"))
            created_on = header.creation_date
            fault = _file_fault(header)
        if fault is not None:
            yield fault


def _file_fault(header: FileHeader) -> FormFault | None:
    ours = profile.BANK_ROUTING.number
    if header.immediate_destination == ours:
        return None
    return FormFault("credits-destination", 1, "the file is for another bank", f"send {ours}")


def _batch_fault(header: BatchHeader, created_on: date, *, line: int) -> FormFault | None:
    if header.sec_code not in SEC_CODES:
        hint = "send payments as CCD or CTX and returns in a file of returns"
        return FormFault("credits-class", line, "the batch is neither CCD nor CTX", hint)
    day = header.settlement_day
    if day is None or not 1 <= day <= LAST_DAY_OF_YEAR:
        message = "the batch has no day of the year on which it settles"
        hint = "the operator writes it into columns 76 to 78"
        return FormFault("credits-settlement-day", line, message, hint)
    settled_on = settlement_date(day, near=created_on)
    if not credit_rules.is_settlement_date(settled_on, created_on=created_on):
        message = "the batch settles on no banking day within 31 days of the file's creation"
        hint = "check columns 76 to 78 and the file creation date"
        return FormFault("credits-settlement-date", line, message, hint)
    return None


def _entry_fault(record: bytes, line: int) -> FormFault | None:
    if int(record[_CODE]) not in _RETURN_CODES:
        return None
    message = "the entry is a return or a notification of change"
    return FormFault("credits-return", line, message, "send it in a file of returns")


def _addenda_fault(record: bytes, line: int) -> FormFault | None:
    if record.startswith(_PAYMENT_INFORMATION):
        return None
    message = "the addendum holds no payment related information (type 05)"
    return FormFault("credits-addenda", line, message, "send other addenda in another file")


def read_credits(stream: BinaryIO) -> Iterator[ArrivedEntry]:
    """Give the entries of a file that was checked before, each with its batch."""
    created_on, batches = date.min, 0
    batch: ArrivedBatch | None = None
    waiting: _Waiting | None = None
    for record in Lines(stream):
        kind = record[:1]
        if kind == b"7" and waiting is not None:
            waiting.take(record)
            continue
        if waiting is not None:
            yield waiting.arrived()
            waiting = None
        if kind == b"6" and batch is not None:
            waiting = _Waiting(batch, record)
        elif kind == b"5":
            batches += 1
            batch = _batch(record.decode("ascii"), batches, created_on=created_on)
        elif kind == b"1":
            created_on = read_file_header(record.decode("ascii")).creation_date
        elif kind == b"9":
            return


@dataclass(slots=True, eq=False)
class _Waiting:
    """An entry whose addenda are still to come, and what is wrong with those that came."""

    batch: ArrivedBatch
    record: bytes = field(repr=False)
    texts: list[bytes] = field(default_factory=list)
    fault: AddendaFault = ""

    def take(self, addendum: bytes) -> None:
        self.texts.append(addendum[_TEXT])
        if addendum[_ENTRY_SEQUENCE] != self.record[_TRACE][-7:]:
            self.fault = "other-entry"
        elif addendum[_SEQUENCE] != b"%04d" % len(self.texts):
            self.fault = self.fault or "misnumbered"

    def arrived(self) -> ArrivedEntry:
        addenda = b"".join(self.texts).decode("ascii")
        return ArrivedEntry(self.batch, self.record.decode("ascii"), addenda, self._fault())

    def _fault(self) -> AddendaFault:
        """Give what is wrong first: whether addenda came, whose they are, in which order, all."""
        announces = self.record[_INDICATOR] == b"1"
        if announces != bool(self.texts):
            return "missing" if announces else "unannounced"
        counts = self.batch.header.sec_code == CTX
        if not self.fault and counts and int(self.record[_ANNOUNCED]) != len(self.texts):
            return "miscounted"
        return self.fault


def _batch(record: str, position: int, *, created_on: date) -> ArrivedBatch:
    header = read_batch_header(record)
    if header.settlement_day is None:
        raise ValueError("a checked batch has a settlement day")
    settled_on = settlement_date(header.settlement_day, near=created_on)
    return ArrivedBatch(position, record, header, settled_on)
