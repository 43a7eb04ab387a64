"""Read an ACH file with the operator's own eyes: records cut from columns, nothing else.

Written from the rules and not from the project's formats, so that one side cannot repeat the other
side's mistake. This module takes a file apart; whether it is right is for ach_checks to say. A file
is held in memory: a rehearsal's files are small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

WIDTH = 94
RECORDS_IN_BLOCK = 10
FILLER = "9" * WIDTH

# First and last column of each field, counted from 1, as the record layouts print them.
FILE_HEADER = {
    "priority": (2, 3),
    "destination": (4, 13),
    "origin": (14, 23),
    "creation_date": (24, 29),
    "creation_time": (30, 33),
    "modifier": (34, 34),
    "record_size": (35, 37),
    "blocking_factor": (38, 39),
    "format_code": (40, 40),
}
BATCH_HEADER = {
    "service_class": (2, 4),
    "company_name": (5, 20),
    "company_identification": (41, 50),
    "sec_code": (51, 53),
    "description": (54, 63),
    "effective_date": (70, 75),
    "settlement_day": (76, 78),
    "originator_status": (79, 79),
    "odfi": (80, 87),
    "batch_number": (88, 94),
}
ENTRY = {
    "transaction_code": (2, 3),
    "receiving_dfi": (4, 11),
    "check_digit": (12, 12),
    "account": (13, 29),
    "amount": (30, 39),
    "identification": (40, 54),
    "name": (55, 76),
    "addenda_count": (55, 58),
    "indicator": (79, 79),
    "trace": (80, 94),
}
ADDENDA = {
    "kind": (2, 3),
    "text": (4, 83),
    "sequence": (84, 87),
    "entry_sequence": (88, 94),
}
BATCH_CONTROL = {
    "service_class": (2, 4),
    "entry_count": (5, 10),
    "entry_hash": (11, 20),
    "debit_total": (21, 32),
    "credit_total": (33, 44),
    "company_identification": (45, 54),
    "reserved": (74, 79),
    "odfi": (80, 87),
    "batch_number": (88, 94),
}
FILE_CONTROL = {
    "batch_count": (2, 7),
    "block_count": (8, 13),
    "entry_count": (14, 21),
    "entry_hash": (22, 31),
    "debit_total": (32, 43),
    "credit_total": (44, 55),
    "reserved": (56, 94),
}


class Unreadable(Exception):
    """The bytes are no sequence of ACH records; says where and why, never a record's contents."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its line in the file, counted from 1, and the columns that belong to its type."""

    line: int
    columns: dict[str, tuple[int, int]] = field(repr=False)
    text: str = field(repr=False)

    def __getitem__(self, name: str) -> str:
        """Give the characters of one field as they stand, blanks included."""
        first, last = self.columns[name]
        return self.text[first - 1 : last]

    def number(self, name: str) -> int | None:
        """Give a numeric field, or None when it holds anything but ASCII digits."""
        text = self[name]
        return int(text) if text.isascii() and text.isdigit() else None


@dataclass(frozen=True, slots=True)
class EntryItem:
    """An entry (record 6) with the addenda (records 7) that follow it."""

    record: Record
    addenda: tuple[Record, ...]

    @property
    def trace(self) -> str:
        """Give the trace number, 15 characters."""
        return self.record["trace"]

    @property
    def amount_cents(self) -> int:
        """Give the amount in cents; 0 when the field is unreadable, which a check reports."""
        return self.record.number("amount") or 0

    @property
    def is_debit(self) -> bool:
        """Tell whether the code takes money from the receiver: its last digit is 5 to 9."""
        return self.record["transaction_code"][1:] in "56789"

    @property
    def remittance(self) -> str:
        """Give the texts of the addenda in one, without trailing blanks."""
        return "".join(addendum["text"] for addendum in self.addenda).rstrip()


@dataclass(frozen=True, slots=True)
class BatchItem:
    """A batch: header (record 5), entries and control (record 8)."""

    header: Record
    entries: tuple[EntryItem, ...]
    control: Record

    @property
    def effective_date(self) -> date | None:
        """Give the effective entry date, or None when it is blank or no date."""
        return read_date(self.header["effective_date"])


@dataclass(frozen=True, slots=True)
class AchFile:
    """A whole file: header, batches, control and the number of its records with the filling."""

    header: Record
    batches: tuple[BatchItem, ...]
    control: Record
    record_count: int

    @property
    def entries(self) -> tuple[EntryItem, ...]:
        """Give every entry of every batch, in order."""
        return tuple(entry for batch in self.batches for entry in batch.entries)

    @property
    def identity(self) -> str:
        """Give what an operator knows a file by: origin, creation date, time and modifier."""
        names = ("origin", "creation_date", "creation_time", "modifier")
        return "-".join(self.header[name].strip() for name in names)


def read_date(text: str) -> date | None:
    """Read YYMMDD of this century; None when it names no day."""
    if not (text.isascii() and text.isdigit() and len(text) == 6):
        return None
    try:
        return datetime.strptime(f"20{text}", "%Y%m%d").date()  # noqa: DTZ007 - a day, no instant
    except ValueError:
        return None


def split_records(raw: bytes) -> list[str]:
    """Give the records as text of 94 characters, with or without line ends; raise Unreadable."""
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError as error:
        at = raw[: error.start].count(b"\n") + 1
        raise Unreadable(at, "a byte outside ASCII") from None
    lines = _lines(text)
    for number, line in enumerate(lines, start=1):
        if len(line) != WIDTH:
            raise Unreadable(number, f"{len(line)} characters instead of {WIDTH}")
        if not line.isprintable():
            raise Unreadable(number, "a control character")
    return lines


def _lines(text: str) -> list[str]:
    """Cut at line ends where there are any, otherwise every 94 characters."""
    if "\n" not in text:
        return [text[at : at + WIDTH] for at in range(0, len(text), WIDTH)]
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def read_file(raw: bytes) -> AchFile:
    """Take a file apart; raise Unreadable when records are of wrong width, kind or order."""
    lines = split_records(raw)
    if not lines or len(lines) % RECORDS_IN_BLOCK:
        raise Unreadable(len(lines), "the file is not made of whole blocks of ten records")
    body = list(lines)
    while body and body[-1] == FILLER:
        body.pop()
    reader = _Reader(body)
    return reader.file(record_count=len(lines))


class _Reader:
    """Walks the records once, in the one order that is allowed."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._at = 0

    def file(self, *, record_count: int) -> AchFile:
        header = self._take("1", FILE_HEADER, "a file header")
        batches: list[BatchItem] = []
        while self._next_is("5"):
            batches.append(self._batch())
        control = self._take("9", FILE_CONTROL, "a batch header or the file control")
        if self._at < len(self._lines):
            raise Unreadable(self._at + 1, "something follows the file control")
        return AchFile(header, tuple(batches), control, record_count)

    def _batch(self) -> BatchItem:
        header = self._take("5", BATCH_HEADER, "a batch header")
        entries: list[EntryItem] = []
        while self._next_is("6"):
            entries.append(self._entry())
        control = self._take("8", BATCH_CONTROL, "an entry or the batch control")
        return BatchItem(header, tuple(entries), control)

    def _entry(self) -> EntryItem:
        record = self._take("6", ENTRY, "an entry")
        addenda: list[Record] = []
        while self._next_is("7"):
            addenda.append(self._take("7", ADDENDA, "an addendum"))
        return EntryItem(record, tuple(addenda))

    def _next_is(self, kind: str) -> bool:
        return self._at < len(self._lines) and self._lines[self._at][0] == kind

    def _take(self, kind: str, columns: dict[str, tuple[int, int]], wanted: str) -> Record:
        if not self._next_is(kind):
            raise Unreadable(self._at + 1, f"expected {wanted}")
        self._at += 1
        return Record(self._at, columns, self._lines[self._at - 1])
