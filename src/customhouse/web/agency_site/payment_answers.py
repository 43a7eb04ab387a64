"""How the JSON API spells payments, statements and alerts: plain values, ready for JSON.

Amounts are whole cents, dates ISO texts. Nothing is decided here.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from customhouse.agency.alerts import Alert
from customhouse.agency.daily_caps import DayLoad
from customhouse.agency.differences import Difference
from customhouse.agency.filer_statements import FilerStatement
from customhouse.agency.pay_statements import HOLD_FUNDS, LiveAttempt, OrderAnswer, OrderOutcome
from customhouse.faults import Fault
from customhouse.web.edge import title_of


def spelled_answer(answer: OrderAnswer, business_date: date) -> dict[str, Any]:
    """Spell what became of an order; a preview's days of debit come with it."""
    accepted = sum(1 for each in answer.outcomes if each.accepted)
    return {
        "business_date": business_date.isoformat(),
        "accepted": accepted,
        "refused": len(answer.outcomes) - accepted,
        "accepted_cents": answer.accepted_cents,
        "outcomes": [_outcome(each) for each in answer.outcomes],
        "left_out": list(answer.left_out),
        "has_more": answer.has_more,
        "advice": HOLD_FUNDS,
    }


def spelled_negations(answer: OrderAnswer, business_date: date) -> dict[str, Any]:
    """Spell what became of an order that undoes authorizations."""
    return {
        "business_date": business_date.isoformat(),
        "undone": sum(1 for each in answer.outcomes if each.accepted),
        "undone_cents": answer.accepted_cents,
        "outcomes": [
            {
                "statement_number": each.ordered.statement_number,
                "amount_cents": each.ordered.amount_cents,
                "outcome": "undone" if each.accepted else "refused",
                "attempt": each.attempt,
                "faults": [spelled_fault(fault) for fault in each.faults],
            }
            for each in answer.outcomes
        ],
    }


def spelled_preview(answer: OrderAnswer, business_date: date) -> dict[str, Any]:
    """Spell what would become of an order, with the sums of each day of debit."""
    return {
        **spelled_answer(answer, business_date),
        "days": [_day_load(each) for each in answer.day_loads],
    }


def spelled_statement(statement: FilerStatement) -> dict[str, Any]:
    """Spell one statement of a list."""
    return {name: _plain(value) for name, value in asdict(statement).items()}


def spelled_alert(alert: Alert) -> dict[str, Any]:
    """Spell one alert."""
    return {name: _plain(value) for name, value in asdict(alert).items()}


def spelled_fault(fault: Fault) -> dict[str, str]:
    """Spell one fault of an item as problem details spell theirs."""
    return {
        "code": fault.code,
        "title": title_of(fault.code),
        "detail": fault.sentence,
        "next_step": fault.next_step,
    }


def _outcome(outcome: OrderOutcome) -> dict[str, Any]:
    ordered = outcome.ordered
    return {
        "statement_number": ordered.statement_number,
        "amount_cents": ordered.amount_cents,
        "outcome": "accepted" if outcome.accepted else "refused",
        "attempt": outcome.attempt,
        "expected_debit_on": _plain(outcome.debit_on),
        "debit_on_chosen": outcome.debit_on_chosen,
        "faults": [spelled_fault(each) for each in outcome.faults],
        "standing": None if outcome.live is None else _standing(outcome.live),
        "difference": None if outcome.difference is None else _difference(outcome.difference),
    }


def _standing(live: LiveAttempt) -> dict[str, Any]:
    """Spell the authorization that stands for a statement already."""
    return {
        "attempt": live.attempt,
        "payer_unit_number": live.payer_unit_number,
        "amount_cents": live.amount_cents,
        "accepted_on": live.accepted_on.isoformat(),
        "expected_debit_on": live.debit_on.isoformat(),
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {
        "asked_cents": difference.asked_cents,
        "total_cents": difference.total_cents,
        "difference_cents": difference.difference_cents,
        "unexplained_cents": difference.unexplained_cents,
        "is_only_choice": difference.is_only_choice,
        "entries": [
            {
                **{name: _plain(value) for name, value in asdict(each).items()},
                "effect_cents": each.effect_cents,
            }
            for each in difference.entries
        ],
    }


def _day_load(load: DayLoad) -> dict[str, Any]:
    return {
        "payer_unit_number": load.payer_unit_number,
        "debit_on": load.debit_on.isoformat(),
        "asked_cents": load.asked_cents,
        "standing_cents": load.told_cents,
        "daily_cap_cents": load.daily_cap_cents,
        "cap": load.level,
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
