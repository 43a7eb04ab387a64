"""Write the files that come back: returns (addenda 99) and notifications of change (addenda 98).

Rendered column by column from the rules, apart from the project's formats, so that what the bank
reads was not written by the bank's own code. Account numbers pass through here as they stood in the
original entry; nothing is logged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from customhouse.rehearsal.ach_checks import HASH_SPAN, check_digit_of
from customhouse.rehearsal.ach_reading import FILLER, RECORDS_IN_BLOCK, WIDTH, EntryItem, Record

# Nacha Operating Rules, Transaction Code: the last digit of a return or of a notification of
# change, for a debit and for a credit.
RETURNED_DEBIT, RETURNED_CREDIT = "6", "1"


@dataclass(frozen=True, slots=True)
class Comeback:
    """One entry that comes back, with the batch it was in: a return, or a notification of change.

    ``code`` is R01 and so on, or C01 and so on; ``corrected_data`` is for a change only.
    ``contest`` are the columns 36 to 79 of a contested return, R71 to R77.
    """

    batch_header: Record = field(repr=False)
    entry: EntryItem = field(repr=False)
    code: str
    settles_on: date
    corrected_data: str = field(default="", repr=False)
    contest: str = ""

    @property
    def is_change(self) -> bool:
        """Tell a notification of change from a return."""
        return self.code.startswith("C")

    @property
    def receiving_bank(self) -> str:
        """Give the eight digits of the bank that sends it back."""
        return self.entry.record["receiving_dfi"]


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends the file to whom, when, and its modifier; both ends are ten characters."""

    destination: str
    origin: str
    created_on: date
    created_at: str
    modifier: str


@dataclass(slots=True)
class Sums:
    """What a control record tells of the records before it."""

    count: int = 0
    hashed: int = 0
    debit: int = 0
    credit: int = 0

    def add(self, other: Sums) -> None:
        """Count what another record counted."""
        self.count += other.count
        self.hashed += other.hashed
        self.debit += other.debit
        self.credit += other.credit


def render_comebacks(
    envelope: Envelope, comebacks: Sequence[Comeback], *, first_trace: int
) -> bytes:
    """Render one file: a batch for each original batch and returning bank, filled to whole blocks.

    Trace numbers are the returning bank's, numbered from ``first_trace`` on.
    """
    lines = [file_header(envelope)]
    totals = Sums()
    sequence = first_trace
    groups = _grouped(comebacks)
    for number, group in enumerate(groups, start=1):
        batch_lines, sums = _batch(group, number, sequence)
        lines.extend(batch_lines)
        totals.add(sums)
        sequence += len(group)
    return whole_file(lines, totals, batches=len(groups))


def whole_file(lines: Sequence[str], totals: Sums, *, batches: int) -> bytes:
    """Close a file: control record, filling to whole blocks, and every record's width looked at."""
    blocks = -(-(len(lines) + 1) // RECORDS_IN_BLOCK)
    closed = [*lines, _file_control(batches, blocks, totals)]
    closed.extend([FILLER] * (blocks * RECORDS_IN_BLOCK - len(closed)))
    wrong = [line for line in closed if len(line) != WIDTH]
    if wrong:
        raise AssertionError(f"{len(wrong)} records are not {WIDTH} characters wide")
    return "".join(line + "\n" for line in closed).encode("ascii")


def _grouped(comebacks: Iterable[Comeback]) -> list[list[Comeback]]:
    """Keep entries of one original batch and one returning bank together, in order of arrival."""
    groups: dict[tuple[str, str, bool, bool], list[Comeback]] = {}
    for comeback in comebacks:
        key = (
            comeback.batch_header.text,
            comeback.receiving_bank,
            comeback.is_change,
            bool(comeback.contest),
        )
        groups.setdefault(key, []).append(comeback)
    return list(groups.values())


def _batch(group: list[Comeback], number: int, sequence: int) -> tuple[list[str], Sums]:
    """Render one batch and what its control record counts."""
    first = group[0]
    lines = [_batch_header(first, number)]
    sums = Sums()
    for offset, comeback in enumerate(group):
        trace = f"{comeback.receiving_bank}{sequence + offset:07d}"
        lines.append(_entry(comeback, trace))
        lines.append(_addendum(comeback, trace))
        _count(sums, comeback)
    sums.hashed %= HASH_SPAN
    lines.append(_batch_control(first, number, sums))
    return lines, sums


def _count(sums: Sums, comeback: Comeback) -> None:
    sums.count += 2
    sums.hashed += int(comeback.batch_header["odfi"])
    amount = 0 if comeback.is_change else comeback.entry.amount_cents
    if comeback.entry.is_debit:
        sums.debit += amount
    else:
        sums.credit += amount


def file_header(envelope: Envelope) -> str:
    """Write the record with which a file begins."""
    return (
        "101"
        + f"{envelope.destination:>10}{envelope.origin:>10}"
        + f"{envelope.created_on:%y%m%d}{envelope.created_at:4}{envelope.modifier}"
        + "094101"
        + f"{'PROCESSOR BANK':23}{'REHEARSAL OPERATOR':23}{'':8}"
    )


def _batch_header(comeback: Comeback, number: int) -> str:
    """Keep the originator's words; write the class, the settlement day and the returning bank."""
    original = comeback.batch_header.text
    sec_code = "COR" if comeback.is_change else comeback.batch_header["sec_code"]
    return (
        original[:50]
        + sec_code
        + original[53:75]
        + f"{comeback.settles_on:%j}"
        + "1"
        + comeback.receiving_bank
        + f"{number:07d}"
    )


def _entry(comeback: Comeback, trace: str) -> str:
    """Turn the entry round: it goes to the bank that sent it, with the code of a return."""
    original = comeback.entry.record
    back_to = comeback.batch_header["odfi"]
    side = RETURNED_DEBIT if comeback.entry.is_debit else RETURNED_CREDIT
    amount = 0 if comeback.is_change else comeback.entry.amount_cents
    return (
        "6"
        + original["transaction_code"][0]
        + side
        + back_to
        + check_digit_of(back_to)
        + original["account"]
        + f"{amount:010d}"
        + original.text[39:78]
        + "1"
        + trace
    )


def _addendum(comeback: Comeback, trace: str) -> str:
    original_trace = comeback.entry.trace
    bank = comeback.receiving_bank
    if comeback.is_change:
        return (
            f"798{comeback.code}{original_trace}{'':6}{bank}"
            f"{comeback.corrected_data:29}{'':15}{trace}"
        )
    if comeback.contest:
        returned_on = f"{comeback.settles_on:%y%m%d}"
        return f"799{comeback.code}{original_trace}{returned_on}{bank}{comeback.contest:44}{trace}"
    return f"799{comeback.code}{original_trace}{'':6}{bank}{'':44}{trace}"


def _batch_control(comeback: Comeback, number: int, sums: Sums) -> str:
    header = comeback.batch_header
    return (
        f"8{header['service_class']}{sums.count:06d}{sums.hashed:010d}"
        f"{sums.debit:012d}{sums.credit:012d}{header['company_identification']}"
        f"{'':19}{'':6}{comeback.receiving_bank}{number:07d}"
    )


def _file_control(batches: int, blocks: int, sums: Sums) -> str:
    return (
        f"9{batches:06d}{blocks:06d}{sums.count:08d}{sums.hashed % HASH_SPAN:010d}"
        f"{sums.debit:012d}{sums.credit:012d}{'':39}"
    )
