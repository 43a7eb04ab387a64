"""A daily statement as records Q1 to Q7 (PF), and back again, unchanged.

The heading in the block's B-record and the block itself are written by abi_render. Amounts are
cents; the arithmetic is not checked here, so that a client can check it for itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain

from customhouse.formats.abi_dates import format_mmddyy, parse_mmddyy
from customhouse.formats.abi_envelope import AnswerBlock, AnswerError
from customhouse.formats.abi_records import LAYOUTS
from customhouse.formats.abi_statement_values import (
    MOST_ENTRIES,
    MOST_FEES,
    DailyStatement,
    EntryLine,
    Fees,
    RemovedEntry,
    StatementTotals,
    heading_of,
    totals_of,
)
from customhouse.formats.layout import LayoutError
from customhouse.identifiers import IdentifierError, ImporterNumber, without_suffix

__all__ = [
    "MOST_ENTRIES",
    "DailyStatement",
    "EntryLine",
    "RemovedEntry",
    "StatementTotals",
    "from_block",
    "heading_of",
    "to_records",
    "totals_of",
]

# Payment types whose statements go by the importer number without its suffix.
_WITHOUT_SUFFIX = ("5", "8")
_FEES_IN_RECORD = 5
_REMOVED_IN_RECORD = 4
_FEE_NAMES = tuple((f"fee{slot}_class_code", f"fee{slot}_amount") for slot in range(1, 6))


def to_records(statement: DailyStatement) -> tuple[str, ...]:
    """Write the records between B and Y; raise LayoutError when something does not fit.

    A statement holds 2,000 entries, 2,000 removed ones, and 25 fees for an entry or in total.
    """
    if max(len(statement.lines), len(statement.removed)) > MOST_ENTRIES:
        raise LayoutError(f"statement {statement.number} has more than {MOST_ENTRIES} entries")
    records = list(chain.from_iterable(_line_records(line) for line in statement.lines))
    records += _totals_records(statement, statement.preliminary, _PRELIMINARY)
    if statement.paid is not None:
        records += _totals_records(statement, statement.paid, _PAID)
    records += _removed_records(statement)
    return tuple(records)


def line_records(line: EntryLine) -> tuple[str, ...]:
    """Write the records of one entry line (Q1, Q2 and its QAs); raise LayoutError."""
    return tuple(_line_records(line))


def read_lines(records: Sequence[str]) -> tuple[EntryLine, ...]:
    """Read entry lines from nothing but their records; raise AnswerError when there is more."""
    reader = _Reader(records)
    lines = tuple(_lines(reader))
    if not reader.at_end:
        raise AnswerError(f"record {reader.position + 1} belongs to no entry line")
    return lines


def from_block(block: AnswerBlock) -> DailyStatement:
    """Read the statement a block carries; raise AnswerError when it is not well formed."""
    heading = block.statement
    if heading is None:
        raise AnswerError("the block carries no statement: its B-record has no statement number")
    reader = _Reader(block.records)
    lines = tuple(_lines(reader))
    port, preliminary = _totals(reader, _PRELIMINARY)
    paid = _totals(reader, _PAID)[1] if reader.next_is("DS_Q5") else None
    removed = tuple(_removed(reader))
    if not reader.at_end or (paid is not None) != (heading.status == "F"):
        raise AnswerError(f"record {reader.position + 1} of the statement is out of place")
    return DailyStatement(
        heading.status,
        heading.number,
        heading.print_date,
        heading.payment_type,
        _importer(heading.importer_number, heading.payment_type),
        block.filer_code,
        port,
        lines,
        preliminary,
        paid,
        removed,
        heading.client_branch,
    )


@dataclass(frozen=True, slots=True)
class _TotalsNames:
    """The names by which preliminary totals and totals paid differ on the wire."""

    first: str
    second: str
    fees: str
    amount: str


_PRELIMINARY = _TotalsNames("DS_Q3", "DS_Q4", "DS_QE", "total_amount_due")
_PAID = _TotalsNames("DS_Q5", "DS_Q6", "DS_QJ", "total_amount_paid")


class _Reader:
    """Takes the records of a block one after the other, each by its expected layout."""

    def __init__(self, records: Sequence[str]) -> None:
        self._records = records
        self.position = 0

    @property
    def at_end(self) -> bool:
        return self.position == len(self._records)

    def next_is(self, name: str) -> bool:
        return not self.at_end and self._records[self.position][:2] == name[-2:]

    def take(self, name: str) -> dict[str, str]:
        line = self._records[self.position] if not self.at_end else ""
        values, faults = LAYOUTS[name].parse(line)
        if faults:
            raise AnswerError(f"record {self.position + 1}: {faults[0].sentence}")
        self.position += 1
        return values


def _flag(value: bool) -> str:  # noqa: FBT001 - one flag of the wire
    return "Y" if value else "N"


def _line_records(line: EntryLine) -> Iterator[str]:
    entry = {
        "district_port_of_entry": line.port_of_entry,
        "entry_filer_code": line.filer_code,
        "entry_number": line.entry_number,
    }
    yield LAYOUTS["DS_Q1"].render(
        {
            **entry,
            "importer_of_record_number": line.importer_number,
            "preliminary_print_date": format_mmddyy(line.print_date),
            "estimated_duty": line.duty_cents,
            "estimated_tax": line.tax_cents,
            "deferred_tax_indicator": _flag(line.deferred_tax),
            "broker_reference": line.broker_reference,
            "consolidated_indicator": "C" if line.consolidated else "",
            "entry_type": line.entry_type,
        }
    )
    yield LAYOUTS["DS_Q2"].render(
        {
            **entry,
            "antidumping_duty": line.antidumping_cents,
            "countervailing_duty": line.countervailing_cents,
            "payment_type_indicator": line.payment_type,
            "pay_indicator": _flag(line.payable),
            "countervailing_indicator": _flag(line.countervailing_paid),
            "antidumping_indicator": _flag(line.antidumping_paid),
            "team_number": line.team_number,
            "reconciliation_interest": line.interest_cents,
        }
    )
    yield from _fee_records("DS_QA", line.fees)


def _fee_records(name: str, fees: Fees) -> Iterator[str]:
    if len(fees) > MOST_FEES:
        raise LayoutError(f"{name}: {len(fees)} fees, a group holds {MOST_FEES}")
    for sequence, start in enumerate(range(0, len(fees), _FEES_IN_RECORD), 1):
        values: dict[str, str | int] = {"sequence_number": sequence}
        slots = fees[start : start + _FEES_IN_RECORD]
        for (code_name, amount_name), (class_code, cents) in zip(_FEE_NAMES, slots, strict=False):
            values[code_name] = class_code
            values[amount_name] = cents
        yield LAYOUTS[name].render(values)


def _totals_records(
    statement: DailyStatement, totals: StatementTotals, names: _TotalsNames
) -> Iterator[str]:
    yield LAYOUTS[names.first].render(
        {
            "daily_statement_number": statement.number,
            "statement_print_date": format_mmddyy(statement.print_date),
            "entry_filer_code": statement.filer_code,
            "importer_of_record_number": statement.importer_number or "",
            "total_estimated_duty": totals.duty_cents,
            "total_estimated_tax": totals.tax_cents,
            "total_deferred_tax": totals.deferred_tax_cents,
            "district_port_processing": statement.port,
        }
    )
    yield LAYOUTS[names.second].render(
        {
            "total_antidumping_duty": totals.antidumping_cents,
            "total_countervailing_duty": totals.countervailing_cents,
            names.amount: totals.amount_cents,
            "total_reconciliation_interest": totals.interest_cents,
            "revenue_producing_entries": totals.revenue_entries,
            "non_revenue_producing_entries": totals.non_revenue_entries,
        }
    )
    yield from _fee_records(names.fees, totals.fees)


def _removed_records(statement: DailyStatement) -> Iterator[str]:
    for start in range(0, len(statement.removed), _REMOVED_IN_RECORD):
        values = {"daily_statement_number": statement.number}
        slots = statement.removed[start : start + _REMOVED_IN_RECORD]
        for slot, entry in enumerate(slots, 1):
            values[f"entry_filer_code{slot}"] = entry.filer_code
            values[f"entry_number{slot}"] = entry.entry_number
            values[f"delete_source{slot}"] = entry.source
        yield LAYOUTS["DS_Q7"].render(values)


def _lines(reader: _Reader) -> Iterator[EntryLine]:
    while reader.next_is("DS_Q1"):
        first = reader.take("DS_Q1")
        second = reader.take("DS_Q2")
        names = ("district_port_of_entry", "entry_filer_code", "entry_number")
        if any(first[name] != second[name] for name in names):
            raise AnswerError(f"record {reader.position}: Q2 is of another entry than its Q1")
        yield _line(first, second, _fees(reader, "DS_QA"))


def _line(first: Mapping[str, str], second: Mapping[str, str], fees: Fees) -> EntryLine:
    return EntryLine(
        port_of_entry=first["district_port_of_entry"],
        filer_code=first["entry_filer_code"],
        entry_number=first["entry_number"],
        importer_number=_canonical(first["importer_of_record_number"]),
        print_date=_date(first["preliminary_print_date"]),
        duty_cents=_cents(first["estimated_duty"]),
        tax_cents=_cents(first["estimated_tax"]),
        deferred_tax=first["deferred_tax_indicator"] == "Y",
        broker_reference=first["broker_reference"],
        consolidated=first["consolidated_indicator"] == "C",
        entry_type=first["entry_type"],
        antidumping_cents=_cents(second["antidumping_duty"]),
        countervailing_cents=_cents(second["countervailing_duty"]),
        payment_type=second["payment_type_indicator"],
        payable=second["pay_indicator"] == "Y",
        countervailing_paid=second["countervailing_indicator"] == "Y",
        antidumping_paid=second["antidumping_indicator"] == "Y",
        team_number=second["team_number"],
        interest_cents=_cents(second["reconciliation_interest"]),
        fees=fees,
    )


def _fees(reader: _Reader, name: str) -> Fees:
    fees: list[tuple[str, int]] = []
    while reader.next_is(name):
        values = reader.take(name)
        fees += [
            (values[code_name], _cents(values[amount_name]))
            for code_name, amount_name in _FEE_NAMES
            if values[code_name]
        ]
    return tuple(fees)


def _totals(reader: _Reader, names: _TotalsNames) -> tuple[str, StatementTotals]:
    first = reader.take(names.first)
    second = reader.take(names.second)
    return first["district_port_processing"], StatementTotals(
        duty_cents=_cents(first["total_estimated_duty"]),
        tax_cents=_cents(first["total_estimated_tax"]),
        deferred_tax_cents=_cents(first["total_deferred_tax"]),
        antidumping_cents=_cents(second["total_antidumping_duty"]),
        countervailing_cents=_cents(second["total_countervailing_duty"]),
        amount_cents=_cents(second[names.amount]),
        interest_cents=_cents(second["total_reconciliation_interest"]),
        revenue_entries=int(second["revenue_producing_entries"]),
        non_revenue_entries=int(second["non_revenue_producing_entries"]),
        fees=_fees(reader, names.fees),
    )


def _removed(reader: _Reader) -> Iterator[RemovedEntry]:
    while reader.next_is("DS_Q7"):
        values = reader.take("DS_Q7")
        for slot in range(1, _REMOVED_IN_RECORD + 1):
            entry = RemovedEntry(
                values[f"entry_filer_code{slot}"],
                values[f"entry_number{slot}"],
                values[f"delete_source{slot}"],
            )
            if entry.entry_number:
                yield entry


def _cents(text: str) -> int:
    return int(text or "0")


def _date(text: str) -> date:
    try:
        return parse_mmddyy(text)
    except ValueError as error:
        raise AnswerError(str(error)) from None


def _importer(text: str, payment_type: str) -> str | None:
    """Read a statement's importer; the suffix that no statement of type 5 has is not added."""
    canonical = _canonical(text)
    if payment_type in _WITHOUT_SUFFIX:
        return without_suffix(canonical) or None
    return canonical or None


@lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    if not text:
        return ""
    try:
        return ImporterNumber.parse(text).canonical
    except IdentifierError as error:
        raise AnswerError(str(error)) from None
