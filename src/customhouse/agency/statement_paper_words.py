"""What a statement's paper says about itself, in words: the same on the page, the PDF and the text.

Spells dates and states for people; amounts and sums come from the paper as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from customhouse.agency.statement_paper import (
    ESTIMATE,
    PaperCharge,
    PaperCredit,
    PaperEntry,
    PaperTotal,
    StatementPaper,
)
from customhouse.money import format_dollars

PAYMENT_TYPES = {
    "2": "2, a filer's daily statement",
    "3": "3, an importer's daily statement",
    "5": "5, an importer's daily statement, all suffixes",
}
ESTIMATED_DEBIT = "Estimated debit date"
REHEARSAL = "Rehearsal: the companies, the money and the dates are made up."


def long_date(day: date) -> str:
    """Spell a date for a person: Tue 24 Nov 2026."""
    return f"{day:%a} {day.day} {day:%b %Y}"


def facts_of(paper: StatementPaper) -> Iterator[tuple[str, str]]:
    """Give what stands at the head of a paper, each fact with its label."""
    head = paper.head
    yield "Statement", head.number
    yield "Filer", f"{head.filer_code} {head.filer_name}"
    yield "Processing port", head.port
    importer = f"{head.importer_number} {head.importer_name or ''}".rstrip()
    yield "Importer", importer if head.importer_number else "Per entry"
    if head.client_branch:
        yield "Client branch", head.client_branch
    yield "Payment type", PAYMENT_TYPES.get(head.payment_type, head.payment_type)
    yield "Print date", long_date(head.print_date)
    yield "Due date", long_date(head.due_on) if head.due_on else "Not stated"
    if head.final_on:
        yield "Final statement of", long_date(head.final_on)
    yield "Payment", paper.payment_words
    if head.paid_on:
        yield "Paid on", f"{long_date(head.paid_on)}, the collection date that completed it"
    elif head.state == "preliminary" and head.waiting_cents:
        arrived = format_dollars(head.waiting_cents)
        yield "By ACH Credit", f"{arrived} arrived and waits for the rest; nothing is applied yet"
        yield "Balance due", format_dollars(head.missing_cents)
    yield from _payment_facts(paper)


def _payment_facts(paper: StatementPaper) -> Iterator[tuple[str, str]]:
    payment = paper.payment
    if payment is None:
        return
    yield "Authorization accepted", long_date(payment.accepted_on)
    yield "Payer unit", payment.payer_unit_number
    if paper.estimated_debit_on:
        yield ESTIMATED_DEBIT, long_date(paper.estimated_debit_on)
    if payment.settled_on:
        yield "Debit settled", long_date(payment.settled_on)
    if payment.returned_on:
        yield "Debit returned", f"{long_date(payment.returned_on)}, code {payment.return_code}"


def advice_of(paper: StatementPaper) -> tuple[str, ...]:
    """Give what a payer should know and do about the money (DEB-10), each a sentence."""
    estimate = ESTIMATE if paper.estimated_debit_on else ""
    return tuple(sentence for sentence in (estimate, paper.advice) if sentence)


def entry_facts(entry: PaperEntry) -> str:
    """Give what stands beside an entry number: importer, port and type of entry, references."""
    line = entry.line
    parts = [line.importer_number, f"port {line.port_of_entry}", f"type {line.entry_type}"]
    if line.broker_reference:
        parts.append(f"ref {line.broker_reference}")
    if line.consolidated:
        parts.append("consolidated")
    return "  ".join(part for part in parts if part)


def charge_words(charge: PaperCharge) -> str:
    """Name a charge with its class, and say why it is not due where it is not."""
    named = f"{charge.name} {charge.class_code}".rstrip()
    return named if charge.is_due else f"{named} (not due: {charge.remark})"


def total_words(total: PaperTotal) -> str:
    """Name a class in total, and say of the deferred tax that it is in no sum."""
    named = f"{total.name} {total.class_code}".rstrip()
    return named if total.is_due else f"{named}, not due"


def credit_words(credit: PaperCredit) -> str:
    """Name a payment by its trace number; tell its amount where not all of it was applied."""
    named = f"Trace {credit.trace_number}"
    if credit.applied_cents == credit.amount_cents:
        return named
    return f"{named}, of {format_dollars(credit.amount_cents)}"


def removal_words(entry: PaperEntry) -> str:
    """Say when an entry was taken off and by whom; empty while it is on the statement."""
    if entry.removed_on is None:
        return ""
    return f"{long_date(entry.removed_on)}, by {entry.removed_by} ({entry.removed_source})"


def counts_of(paper: StatementPaper) -> str:
    """Say how many entries there are: those that produce revenue and those that do not."""
    entries = "entry" if len(paper.entries) == 1 else "entries"
    return (
        f"{len(paper.entries):,} {entries}: {paper.revenue_entries:,} revenue producing,"
        f" {paper.non_revenue_entries:,} not; {len(paper.taken_off):,} taken off"
    )
