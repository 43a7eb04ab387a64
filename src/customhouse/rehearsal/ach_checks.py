"""What the simulated operator checks before it takes a file, by the Nacha Operating Rules.

Two kinds of finding: one refuses the whole file, the other returns a single entry with the code an
operator would use (R13, R19, R25, R26, R27, R28). Dates that need a calendar are the operator's own
business, not this module's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from customhouse.rehearsal.ach_reading import (
    RECORDS_IN_BLOCK,
    AchFile,
    BatchItem,
    EntryItem,
    Record,
    read_date,
)

HASH_SPAN = 10**10
KNOWN_SEC_CODES = frozenset({"CCD", "CTX"})
# Nacha Operating Rules, Transaction Code: the debit and credit codes of demand, savings, ledger and
# loan accounts.
REMITTANCE_ONLY_CODES = frozenset({"24", "29", "34", "39", "44", "49", "54"})
PRENOTE_CODES = frozenset({"23", "28", "33", "38", "43", "48", "53"})
EMPTY_CODES = REMITTANCE_ONLY_CODES | PRENOTE_CODES
LIVE_CODES = frozenset({"22", "27", "32", "37", "42", "47", "52", "55"})
FORWARD_CODES = LIVE_CODES | EMPTY_CODES
SIDES_ALLOWED = {"200": {True, False}, "220": {False}, "225": {True}}
# The first two digits that are assigned: Federal Reserve districts, thrifts, electronic, cheques.
ASSIGNED_PREFIXES = frozenset([*range(0, 13), *range(21, 33), *range(61, 73), 80])

# What is wrong with a forward entry only: in a file of answers it is as it should be.
NOT_FORWARD_CLASS = "the entry class is not one this operator takes (CCD, CTX)"
NOT_FORWARD_CODE = "the transaction code is not one of a forward entry"
OF_FORWARD_ENTRIES = frozenset({NOT_FORWARD_CLASS, NOT_FORWARD_CODE})


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule: the line, what is wrong, and for an entry the code it is returned with."""

    line: int
    sentence: str
    return_code: str = ""

    @property
    def refuses_file(self) -> bool:
        """Tell whether the whole file falls with it."""
        return not self.return_code


def check_file(file: AchFile) -> list[Finding]:
    """Give every finding about a file, those that refuse it first."""
    findings = [
        *_header_findings(file.header),
        *(finding for batch in file.batches for finding in _batch_findings(batch)),
        *_number_findings(file.batches),
        *_control_findings(file),
        *(finding for batch in file.batches for finding in _entry_findings(batch)),
    ]
    return sorted(findings, key=lambda finding: (not finding.refuses_file, finding.line))


def routing_number_is_valid(nine_digits: str) -> bool:
    """Tell whether weights 3, 7, 1 give a multiple of ten and the first two digits are assigned."""
    if not (len(nine_digits) == 9 and nine_digits.isascii() and nine_digits.isdigit()):
        return False
    weighed = sum(
        int(digit) * weight for digit, weight in zip(nine_digits, (3, 7, 1) * 3, strict=True)
    )
    return weighed % 10 == 0 and int(nine_digits[:2]) in ASSIGNED_PREFIXES and int(nine_digits) > 0


def check_digit_of(eight_digits: str) -> str:
    """Give the ninth digit that makes eight digits a routing number."""
    weights = (3, 7, 1, 3, 7, 1, 3, 7)
    weighed = sum(int(digit) * weight for digit, weight in zip(eight_digits, weights, strict=True))
    return str(-weighed % 10)


def _header_findings(header: Record) -> Iterator[Finding]:
    constants = {
        "priority": "01",
        "record_size": "094",
        "blocking_factor": "10",
        "format_code": "1",
    }
    for name, wanted in constants.items():
        if header[name] != wanted:
            yield Finding(header.line, f"{name} is not {wanted}")
    if read_date(header["creation_date"]) is None:
        yield Finding(header.line, "the creation date is no date")
    if not _is_time_or_blank(header["creation_time"]):
        yield Finding(header.line, "the creation time is no time of day")
    modifier = header["modifier"]
    if not (
        modifier.isascii() and (modifier.isdigit() or (modifier.isalpha() and modifier.isupper()))
    ):
        yield Finding(header.line, "the file id modifier is not A to Z or 0 to 9")


def _is_time_or_blank(text: str) -> bool:
    if text == "    ":
        return True
    return text.isascii() and text.isdigit() and int(text[:2]) < 24 and int(text[2:]) < 60


def _batch_findings(batch: BatchItem) -> Iterator[Finding]:
    header, control = batch.header, batch.control
    yield from _batch_header_findings(header)
    for name in ("service_class", "company_identification", "odfi", "batch_number"):
        if header[name] != control[name]:
            yield Finding(control.line, f"{name} differs between batch header and control")
    if control["reserved"].strip():
        yield Finding(control.line, "columns 74 to 79 are reserved and must be blank")
    if not batch.entries:
        yield Finding(control.line, "a batch without entries")
    yield from _total_findings(control, _totals([batch]))
    yield from _trace_findings(batch)
    allowed_sides = SIDES_ALLOWED.get(header["service_class"], {True, False})
    for entry in batch.entries:
        yield from _fatal_entry_findings(entry, allowed_sides)


def _batch_header_findings(header: Record) -> Iterator[Finding]:
    if header["service_class"] not in SIDES_ALLOWED:
        yield Finding(header.line, "the service class code is not 200, 220 or 225")
    for name in ("company_name", "company_identification", "description"):
        if not header[name].strip(" 0"):
            yield Finding(header.line, f"{name} is blank")
    if header["sec_code"] not in KNOWN_SEC_CODES:
        yield Finding(header.line, NOT_FORWARD_CLASS)
    if header["settlement_day"].strip():
        yield Finding(header.line, "the settlement day is the operator's to write")
    if header["originator_status"] not in "12":
        yield Finding(header.line, "the originator status code is not 1 or 2")
    odfi = header["odfi"]
    if not (odfi.isdigit() and routing_number_is_valid(odfi + check_digit_of(odfi))):
        yield Finding(header.line, "the originating bank's number is no routing number")


def _trace_findings(batch: BatchItem) -> Iterator[Finding]:
    previous = ""
    for entry in batch.entries:
        trace = entry.trace
        if not (trace.isascii() and trace.isdigit()):
            yield Finding(entry.record.line, "the trace number is not fifteen digits")
        elif trace[:8] != batch.header["odfi"]:
            yield Finding(
                entry.record.line, "the trace number does not start with the batch's bank"
            )
        elif trace <= previous:
            yield Finding(entry.record.line, "the trace numbers do not ascend")
        previous = trace


def _fatal_entry_findings(entry: EntryItem, allowed_sides: set[bool]) -> Iterator[Finding]:
    record = entry.record
    if record["transaction_code"] not in FORWARD_CODES:
        yield Finding(record.line, NOT_FORWARD_CODE)
    elif entry.is_debit not in allowed_sides:
        yield Finding(record.line, "the transaction code is not allowed by the service class")
    if record.number("amount") is None:
        yield Finding(record.line, "the amount is not ten digits")


def _number_findings(batches: tuple[BatchItem, ...]) -> Iterator[Finding]:
    previous = 0
    for batch in batches:
        number = batch.header.number("batch_number")
        if number is None or number <= previous:
            yield Finding(batch.header.line, "the batch numbers do not ascend")
        previous = number or previous


@dataclass(frozen=True, slots=True)
class _Totals:
    """Counted from the records: records 6 and 7, hash, and both sides in cents."""

    entry_count: int
    entry_hash: int
    debit_total: int
    credit_total: int


def _totals(batches: list[BatchItem]) -> _Totals:
    entries = [entry for batch in batches for entry in batch.entries]
    return _Totals(
        entry_count=sum(1 + len(entry.addenda) for entry in entries),
        entry_hash=sum(entry.record.number("receiving_dfi") or 0 for entry in entries) % HASH_SPAN,
        debit_total=sum(entry.amount_cents for entry in entries if entry.is_debit),
        credit_total=sum(entry.amount_cents for entry in entries if not entry.is_debit),
    )


def _total_findings(control: Record, counted: _Totals) -> Iterator[Finding]:
    for name in ("entry_count", "entry_hash", "debit_total", "credit_total"):
        written = control.number(name)
        if written != getattr(counted, name):
            shown = "no number" if written is None else written
            yield Finding(control.line, f"{name} says {shown}, counted {getattr(counted, name)}")


def _control_findings(file: AchFile) -> Iterator[Finding]:
    control = file.control
    if control.number("batch_count") != len(file.batches):
        yield Finding(control.line, f"batch_count is wrong, counted {len(file.batches)}")
    blocks = file.record_count // RECORDS_IN_BLOCK
    if control.number("block_count") != blocks:
        yield Finding(control.line, f"block_count is wrong, counted {blocks}")
    if file.record_count - control.line >= RECORDS_IN_BLOCK:
        yield Finding(control.line, "more filling than the last block needs")
    if control["reserved"].strip():
        yield Finding(control.line, "columns 56 to 94 are reserved and must be blank")
    yield from _total_findings(control, _totals(list(file.batches)))


def _entry_findings(batch: BatchItem) -> Iterator[Finding]:
    for entry in batch.entries:
        yield from _single_entry_findings(entry, batch.header["sec_code"])


def _single_entry_findings(entry: EntryItem, sec_code: str) -> Iterator[Finding]:
    record = entry.record
    routing = record["receiving_dfi"] + record["check_digit"]
    if not (routing.isascii() and routing.isdigit() and int(routing[:2]) in ASSIGNED_PREFIXES):
        yield Finding(record.line, "the receiving bank's number is no routing number", "R13")
    elif not routing_number_is_valid(routing):
        yield Finding(record.line, "the check digit is wrong", "R28")
    code = record["transaction_code"]
    if (entry.amount_cents == 0) != (code in EMPTY_CODES):
        yield Finding(record.line, "the amount does not go with the transaction code", "R19")
    if not record["account"].strip(" 0"):
        yield Finding(record.line, "the account is blank", "R26")
    sentence = _addenda_fault(entry, sec_code)
    if sentence:
        yield Finding(record.line, sentence, "R25")
    if any(addendum["entry_sequence"] != entry.trace[8:] for addendum in entry.addenda):
        yield Finding(record.line, "an addendum belongs to another trace number", "R27")


def _addenda_fault(entry: EntryItem, sec_code: str) -> str:
    """Say what is wrong with an entry's addenda; empty when nothing is."""
    record, addenda = entry.record, entry.addenda
    if record["indicator"] != ("1" if addenda else "0"):
        return "the addenda indicator does not tell the truth"
    if any(addendum["kind"] != "05" for addendum in addenda):
        return "an addendum that is not of type 05"
    if [addendum.number("sequence") for addendum in addenda] != list(range(1, len(addenda) + 1)):
        return "the addenda sequence has a gap"
    if sec_code == "CCD" and len(addenda) > 1:
        return "more than one addendum on a CCD entry"
    if sec_code == "CTX" and record.number("addenda_count") != len(addenda):
        return "the number of addenda on a CTX entry is wrong"
    if record["transaction_code"] in REMITTANCE_ONLY_CODES and not addenda:
        return "a zero-dollar entry without its addendum"
    return ""
