"""A statement's paper as JSON: amounts are whole cents, dates YYYY-MM-DD, absent things null.

Its JSON Schema is docs/reference/statement.schema.json.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from customhouse.agency.statement_credit_box import box_document
from customhouse.agency.statement_paper import (
    ESTIMATE,
    PaperCharge,
    PaperCredit,
    PaperEntry,
    StatementPaper,
)


def json_of(paper: StatementPaper) -> bytes:
    """Write the paper as one JSON object in UTF-8, ended by a line feed."""
    return json.dumps(document_of(paper), indent=1, ensure_ascii=False).encode() + b"\n"


def document_of(paper: StatementPaper) -> dict[str, Any]:
    """Give the paper as JSON's own values."""
    head = paper.head
    return {
        "statement_number": head.number,
        "status": paper.status,
        "payment_type": head.payment_type,
        "filer": {"filer_code": head.filer_code, "name": head.filer_name},
        "port": head.port,
        "importer": _importer(paper),
        "client_branch": head.client_branch or None,
        "print_date": head.print_date.isoformat(),
        "due_on": _day(head.due_on),
        "final_on": _day(head.final_on),
        "payment": _payment(paper),
        "entries": [_entry(entry) for entry in paper.entries],
        "taken_off": [
            _entry(entry)
            | {"taken_off_on": _day(entry.removed_on), "taken_off_source": entry.removed_source}
            for entry in paper.taken_off
        ],
        "totals": _totals(paper),
        "pay_by_credit": None if paper.credit_box is None else box_document(paper.credit_box),
    }


def _importer(paper: StatementPaper) -> dict[str, str | None] | None:
    head = paper.head
    if head.importer_number is None:
        return None
    return {"importer_number": head.importer_number, "name": head.importer_name}


def _payment(paper: StatementPaper) -> dict[str, object]:
    payment = paper.payment
    told: dict[str, object] = {
        "state": paper.payment_state,
        "advice": paper.advice or None,
        "attempt": None,
        "payer_unit_number": None,
        "accepted_on": None,
        "estimated_debit_on": _day(paper.estimated_debit_on),
        "estimate": ESTIMATE if paper.estimated_debit_on else None,
        "settled_on": None,
        "returned_on": None,
        "return_code": None,
        "paid_on": _day(paper.head.paid_on),
        "waiting_cents": paper.head.waiting_cents,
        "credits": [_credit(each) for each in paper.credits],
    }
    if payment is None:
        return told
    return told | {
        "attempt": payment.attempt,
        "payer_unit_number": payment.payer_unit_number,
        "accepted_on": _day(payment.accepted_on),
        "settled_on": _day(payment.settled_on),
        "returned_on": _day(payment.returned_on),
        "return_code": payment.return_code,
    }


def _credit(credit: PaperCredit) -> dict[str, object]:
    return {
        "part_id": credit.part_id,
        "trace_number": credit.trace_number,
        "collected_on": _day(credit.collected_on),
        "amount_cents": credit.amount_cents,
        "applied_cents": credit.applied_cents,
    }


def _entry(entry: PaperEntry) -> dict[str, Any]:
    line = entry.line
    return {
        "entry_number": entry.number,
        "importer_number": line.importer_number,
        "port_of_entry": line.port_of_entry,
        "entry_type": line.entry_type,
        "broker_reference": line.broker_reference or None,
        "team_number": line.team_number or None,
        "consolidated": line.consolidated,
        "charges": [_charge(charge) for charge in entry.charges],
        "due_cents": entry.due_cents,
    }


def _charge(charge: PaperCharge) -> dict[str, object]:
    return {
        "charge": charge.kind,
        "class_code": charge.class_code or None,
        "class_name": charge.name,
        "amount_cents": charge.cents,
        "is_due": charge.is_due,
        "remark": charge.remark or None,
    }


def _totals(paper: StatementPaper) -> dict[str, object]:
    head = paper.head
    return {
        "by_class": [
            {
                "charge": total.kind,
                "class_code": total.class_code or None,
                "class_name": total.name,
                "is_due": total.is_due,
                "preliminary_cents": total.preliminary_cents,
                "now_cents": total.now_cents,
                "difference_cents": total.difference_cents,
            }
            for total in paper.totals
        ],
        "preliminary_cents": head.preliminary_cents,
        "now_cents": head.total_cents,
        "paid_cents": head.total_cents if paper.is_paid or paper.status == "final" else None,
        "difference_cents": paper.difference_cents,
        "revenue_entries": paper.revenue_entries,
        "non_revenue_entries": paper.non_revenue_entries,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
