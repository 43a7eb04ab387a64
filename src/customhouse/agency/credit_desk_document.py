"""The exception desk as JSON and CSV: the work list, a part, what a decision came to, the rules.

One spelling for commands and API. Amounts are whole cents, dates YYYY-MM-DD.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any, Final

from customhouse.agency.credit_candidates import Candidate
from customhouse.agency.credit_desk import Act, Said, Shown
from customhouse.agency.credit_desk_cases import Outcome
from customhouse.agency.credit_desk_lessons import RuleLine
from customhouse.agency.credit_reopened import OwedBack
from customhouse.agency.credit_work_list import Line, WorkList
from customhouse.formats.csv_cells import safe_cell
from customhouse.formats.txp import TxpReading

COLUMNS: Final = (
    "part_id",
    "reason",
    "age_days",
    "since_on",
    "collected_on",
    "amount_cents",
    "owner",
    "sender",
    "originator",
    "company_identification",
    "trace_number",
    "payer_identifier",
    "type_code",
    "document_number",
    "statement_number",
    "answers",
    "claims",
    "detail",
)


def spelled_list(found: WorkList) -> dict[str, Any]:
    """Give the work list: lines, totals by reason and age, and where it goes on, else null."""
    return {
        "business_date": found.business_date.isoformat(),
        "totals": [
            {
                "reason": each.reason,
                "parts": each.parts,
                "cents": each.cents,
                "oldest_on": each.oldest_on.isoformat(),
                "ages": each.ages,
            }
            for each in found.totals
        ],
        "next_after": found.after,
        "parts": [spelled_line(found, line) for line in found.lines],
    }


def spelled_line(found: WorkList, line: Line) -> dict[str, Any]:
    """Give one line of the list, by the names of COLUMNS."""
    return {
        "part_id": line.part_id,
        "reason": line.reason,
        "age_days": found.age_of(line),
        "since_on": line.since_on.isoformat(),
        "collected_on": line.collected_on.isoformat(),
        "amount_cents": line.amount_cents,
        "owner": line.owner_name,
        "sender": line.sender_name,
        "originator": line.company_name,
        "company_identification": line.company_identification,
        "trace_number": line.trace_number,
        "payer_identifier": line.payer_identifier,
        "type_code": line.type_code,
        "document_number": line.document_number,
        "statement_number": line.statement_number,
        "answers": line.answers,
        "claims": line.claims,
        "detail": line.detail,
    }


def csv_lines(pages: Iterable[WorkList]) -> Iterator[str]:
    """Give a list's pages as lines of CSV, the names of the columns first; formulas stay texts."""
    yield _row(COLUMNS)
    for found in pages:
        for line in found.lines:
            values = spelled_line(found, line)
            yield _row([safe_cell(values[name]) for name in COLUMNS])


def spelled_shown(found: Shown) -> dict[str, Any]:
    """Give a part with everything that is known of it."""
    part = found.part
    return {
        "part_id": part.part_id,
        "state": part.state,
        "reason": part.reason,
        "detail": part.detail,
        "amount_cents": part.amount_cents,
        "applied_cents": part.applied_cents,
        "refundable_cents": part.refundable_cents,
        "collected_on": part.collected_on.isoformat(),
        "since_on": part.since_on.isoformat(),
        "closed_on": None if part.closed_on is None else part.closed_on.isoformat(),
        "owner": part.owner_name,
        "sender": part.sender_name,
        "statement_number": part.statement_number,
        "matched_by": part.matched_by,
        "notes": part.notes,
        "entry": {
            "credit_id": part.credit_id,
            "amount_cents": part.entry_cents,
            "sec_code": part.sec_code,
            "trace_number": part.trace_number,
            "originator": part.company_name,
            "company_identification": part.company_identification,
            "entry_description": part.entry_description,
            "identification_number": part.identification_number,
            "addenda": len(part.addenda),
            "received_on": part.received_on.isoformat(),
        },
        "addenda": [_spelled_reading(*each) for each in found.readings],
        "history": [_spelled_act(act) for act in found.acts],
        "answers": [_spelled_said(each) for each in found.said],
        "candidates": [_spelled_candidate(each) for each in found.candidates],
    }


def spelled_owed_back(part: OwedBack) -> dict[str, Any]:
    """Give a part that is owed back though its statement is due again."""
    return {
        "part_id": part.part_id,
        "amount_cents": part.amount_cents,
        "collected_on": part.collected_on.isoformat(),
        "claimed_on": part.claimed_on.isoformat(),
        "statement_number": part.statement_number,
        "bill_number": part.bill_number,
        "due_cents": part.due_cents,
    }


def spelled_outcome(outcome: Outcome) -> dict[str, Any]:
    """Give what a decision came to."""
    return {
        "part_id": outcome.part_id,
        "action": outcome.action,
        "tried": outcome.tried,
        "done_before": outcome.again,
        "came_to": list(outcome.lines),
        "parts": list(outcome.parts),
    }


def spelled_rule(rule: RuleLine) -> dict[str, Any]:
    """Give a rule, with who made it and who ended it."""
    return {
        "rule_id": rule.rule_id,
        "payer_identifier": rule.payer_identifier,
        "payer": rule.payer_name,
        "company_identification": rule.company_identification,
        "flaw": rule.flaw,
        "means": rule.words,
        "learned_from": rule.learned_from,
        "reason": rule.reason,
        "starts_on": rule.starts_on.isoformat(),
        "made_by": rule.made_by,
        "ends_on": None if rule.ends_on is None else rule.ends_on.isoformat(),
        "ended_by": rule.ended_by,
        "ending_reason": rule.ending_reason,
    }


def _spelled_reading(place: int, raw: str, reading: TxpReading) -> dict[str, Any]:
    fault = reading.fault
    return {
        "position": place,
        "raw": raw,
        "elements": list(reading.elements),
        "payer_identifier": reading.payer_identifier,
        "type_code": reading.type_code,
        "document_number": reading.document_number,
        "amount_cents": reading.amount_cents,
        "fault": None if fault is None else {"code": fault.code, "sentence": fault.sentence},
        "notes": list(reading.notes),
    }


def _spelled_act(act: Act) -> dict[str, Any]:
    return {
        "part_id": act.part_id,
        "action": act.action,
        "reason": act.reason,
        "officer": act.officer,
        "decided_on": act.decided_on.isoformat(),
        "came_to": act.outcome["lines"],
    }


def _spelled_said(said: Said) -> dict[str, Any]:
    return {
        "payer": said.payer_name,
        "kind": said.kind,
        "documents": list(said.documents),
        "text": said.text,
        "given_on": said.given_on.isoformat(),
        "evidence": list(said.evidence),
    }


def _spelled_candidate(candidate: Candidate) -> dict[str, Any]:
    document = candidate.document
    return {
        "kind": document.kind,
        "number": document.number,
        "state": document.state,
        "due_cents": document.due_cents,
        "due_on": None if document.due_on is None else document.due_on.isoformat(),
        "payer": document.payer_name,
        "weight": candidate.weight,
        "evidence": [piece.sentence for piece in candidate.evidence],
        "advice": candidate.advice,
    }


def _row(cells: object) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)  # type: ignore[arg-type]
    return text.getvalue()
