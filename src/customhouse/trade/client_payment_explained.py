"""Tells what each entry of a payer's own payment file would pay, and what is wrong with it.

Reads by the same rules as the agency, before anything is sent; whether a document exists, and what
is due on it, only the agency knows. Imports only the kernel and formats; shows no account number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from customhouse.formats import txp
from customhouse.formats.nacha_codes import TRANSACTION_CODES
from customhouse.formats.nacha_records import Addenda05, BatchHeader, Entry, Item
from customhouse.formats.txp import TxpProfile, TxpReading
from customhouse.money import format_dollars


@dataclass(frozen=True, slots=True)
class ExplainedAddendum:
    """One addendum: what was read of it, in words, and what is wrong or was put right."""

    text: str
    words: str
    fault: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExplainedEntry:
    """One entry: its cents, its addenda, and what is wrong with the entry as a whole."""

    trace_number: str
    settle_on: date | None
    amount_cents: int
    addenda: tuple[ExplainedAddendum, ...]
    faults: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Tell whether everything in it can be read and adds up."""
        return not self.faults and not any(each.fault for each in self.addenda)


def explain(items: Iterable[Item], *, profile: TxpProfile) -> Iterator[ExplainedEntry]:
    """Explain each entry of a file in order; ``items`` are those of a file that can be read."""
    settle_on: date | None = None
    for item in items:
        if isinstance(item, BatchHeader):
            settle_on = item.effective_entry_date
        elif isinstance(item, Entry):
            yield _entry(item, settle_on, profile=profile)


def _entry(entry: Entry, settle_on: date | None, *, profile: TxpProfile) -> ExplainedEntry:
    texts = [each.text for each in entry.addenda if isinstance(each, Addenda05)]
    readings = [txp.read(text, profile) for text in texts]
    return ExplainedEntry(
        trace_number=entry.trace_number,
        settle_on=settle_on,
        amount_cents=entry.amount_cents,
        addenda=tuple(
            ExplainedAddendum(
                text=text,
                words=_words(reading),
                fault=reading.fault.sentence if reading.fault is not None else "",
                notes=reading.notes,
            )
            for text, reading in zip(texts, readings, strict=True)
        ),
        faults=tuple(_faults(entry, readings)),
    )


def _faults(entry: Entry, readings: list[TxpReading]) -> Iterator[str]:
    code = TRANSACTION_CODES.get(entry.transaction_code)
    if code is None or code.direction != "credit":
        yield f"Its transaction code {entry.transaction_code} is no credit: the bank refuses it."
        return
    if not readings:
        yield "It has no addendum, so that nothing says what it pays."
        return
    stated = [reading.amount_cents for reading in readings if reading.amount_cents is not None]
    if len(stated) == len(readings) and sum(stated) != entry.amount_cents:
        yield (
            f"Its addenda come to {format_dollars(sum(stated))}, the entry to"
            f" {format_dollars(entry.amount_cents)}: all of it would wait for an officer."
        )
    if entry.amount_cents and any(each.document_kind == "prenote" for each in readings):
        yield "It carries money and the payment type of a prenote, which pays nothing."


def _words(reading: TxpReading) -> str:
    """Say what an addendum pays, as far as it can be read."""
    payer = reading.payer_identifier or "an unreadable payer"
    if reading.document_kind == "prenote":
        return f"{payer} tries the way to the agency with no money"
    amount = (
        "an amount that cannot be read"
        if reading.amount_cents is None
        else format_dollars(reading.amount_cents)
    )
    document = f"{reading.document_kind or 'document'} {reading.document_number or '(unreadable)'}"
    return f"{payer} pays {amount} for {document}"
