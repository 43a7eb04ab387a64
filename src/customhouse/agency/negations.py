"""Rules of negation: an RM with Y undoes an authorization on the day on which it was accepted.

Pure. The request repeats what it undoes: statement, payer unit and amount. Once the bank has the
payment, or the day is over, it stands.
"""

from __future__ import annotations

from datetime import date

from customhouse import faults
from customhouse.agency.authorization_facts import (
    AuthorizationOutcome,
    Facts,
    Negation,
    StatementFacts,
)
from customhouse.faults import Fault
from customhouse.formats.abi_messages import AuthorizationRequest
from customhouse.money import format_dollars


def judge_negation(
    request: AuthorizationRequest,
    facts: Facts,
    *,
    statement: StatementFacts,
    found: list[Fault],
) -> AuthorizationOutcome:
    """Judge the undoing of an authorization: on the day of its acceptance only (DEB-04).

    ``found`` are the faults of the request's form. What an earlier delivery of the same bytes has
    undone is accepted again, without effect.
    """
    if not found and statement.negated_batch_id in facts.earlier_batches:
        return AuthorizationOutcome(request, ())
    found = found + _negation_faults(request, statement, facts.business_date)
    if found or statement.live_amount_cents is None:
        return AuthorizationOutcome(request, tuple(found))
    negation = Negation(statement, statement.attempts, statement.live_amount_cents)
    return AuthorizationOutcome(request, (), negation=negation)


def _negation_faults(
    request: AuthorizationRequest, statement: StatementFacts, business_date: date
) -> list[Fault]:
    values: dict[str, object] = {"statement_number": statement.statement_number}
    if statement.live_amount_cents is None:
        return [Fault(faults.NOTHING_TO_NEGATE, values)]
    found = []
    if statement.live_accepted_on != business_date:
        dates = {"accepted_on": statement.live_accepted_on, "business_date": business_date}
        found.append(Fault(faults.NEGATION_TOO_LATE, values | dates))
    elif statement.live_left:
        found.append(Fault(faults.NEGATION_WITH_BANK, values))
    amount_cents = request.amount_cents
    if amount_cents is not None and amount_cents != statement.live_amount_cents:
        found.append(_amount_fault(amount_cents, statement))
    if request.payer_unit_number != statement.live_payer_unit:
        unit = {"payer_unit_number": request.payer_unit_number or "blank"}
        found.append(Fault(faults.NEGATION_UNIT_NOT_EQUAL, values | unit))
    return found


def _amount_fault(amount_cents: int, statement: StatementFacts) -> Fault:
    live_cents = statement.live_amount_cents or 0
    values = {
        "statement_number": statement.statement_number,
        "amount": format_dollars(amount_cents),
        "live_amount": format_dollars(live_cents),
        "amount_cents": f"{amount_cents:010}",
        "live_amount_cents": f"{live_cents:010}",
    }
    return Fault(faults.NEGATION_AMOUNT_NOT_EQUAL, values)
