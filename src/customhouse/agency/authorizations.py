"""Rules of payment authorization (RM): who may pay which statement, with which unit, how much.

Pure: every fact is loaded before and every decision is recorded after. Each request gets all its
faults (DEB-07), and what an earlier request of the same batch achieved counts for the later ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from customhouse import faults
from customhouse.agency import representments
from customhouse.agency.authorization_facts import (
    Acceptance,
    AuthorizationOutcome,
    Facts,
    StatementFacts,
)
from customhouse.agency.negations import judge_negation
from customhouse.agency.parties import UsableUnit
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.faults import Fault
from customhouse.formats.abi_messages import AuthorizationRequest
from customhouse.identifiers import IdentifierError, StatementNumber
from customhouse.money import format_dollars

DAILY_STATEMENT_TYPE = "02"
_AMOUNT = re.compile(r"[0-9]{10}", re.ASCII)
_PAYER_UNIT = re.compile(r"(?!0{6})[0-9]{6}", re.ASCII)
# A statement of this type holds the entries of one importer number whatever their suffixes.
_ANY_SUFFIX_TYPE = "5"
_LENGTH_WITHOUT_SUFFIX = 10

DEBIT_DATE_NOT_POSSIBLE = faults.declare(
    "debit-date-not-possible",
    sentence=(
        "Statement {statement_number} cannot be debited on {debit_on}: it must be a banking day"
        " from {earliest} to {latest}."
    ),
    next_step="Choose a banking day from {earliest} to {latest}, or leave the day to the agency.",
)


def judge(requests: Iterable[AuthorizationRequest], facts: Facts) -> list[AuthorizationOutcome]:
    """Judge requests in input order (DEB-04, DEB-06, DEB-07, SEC-05, SEC-06, SEC-07)."""
    standing = dict(facts.statements)
    outcomes = []
    for request in requests:
        outcome = _judge_one(request, facts, standing)
        if outcome.acceptance is not None:
            accepted = outcome.acceptance
            standing[request.statement_number] = _authorized(accepted, facts.business_date)
        elif outcome.negation is not None:
            standing[request.statement_number] = _reopened(outcome.negation.statement)
        outcomes.append(outcome)
    return outcomes


def _authorized(accepted: Acceptance, business_date: date) -> StatementFacts:
    return replace(
        accepted.statement,
        state="authorized",
        attempts=accepted.attempt,
        live_payer_unit=accepted.payer_unit_number,
        live_amount_cents=accepted.amount_cents,
        live_batch_id=None,
        live_accepted_on=business_date,
        live_left=False,
        # What an earlier delivery negated was another attempt than this one.
        negated_batch_id=None,
    )


def _reopened(statement: StatementFacts) -> StatementFacts:
    return replace(
        statement,
        state="preliminary",
        live_payer_unit=None,
        live_amount_cents=None,
        live_batch_id=None,
        live_accepted_on=None,
        negated_batch_id=None,
    )


def _judge_one(
    request: AuthorizationRequest, facts: Facts, standing: Mapping[str, StatementFacts]
) -> AuthorizationOutcome:
    found = form_faults(request, facts.filer_code)
    statement = standing.get(request.statement_number)
    if request.filer_code != facts.filer_code:
        return AuthorizationOutcome(request, tuple(found))
    negates = request.negation == "Y"
    if not negates:
        found += _unit_faults(request, facts, statement)
    if statement is None:
        if _is_statement_number(request.statement_number):
            found.append(Fault(faults.STATEMENT_UNKNOWN, _statement_values(request)))
        return AuthorizationOutcome(request, tuple(found))
    if negates:
        return judge_negation(request, facts, statement=statement, found=found)
    if not found and _is_accepted_before(request, statement, facts):
        return AuthorizationOutcome(request, ())
    debit_on = facts.debit_dates.get(statement.statement_number)
    found += _statement_faults(request, statement)
    found += representments.judge(
        facts.short_returns,
        statement.statement_number,
        unit=request.payer_unit_number,
        on=facts.business_date,
    )
    found += _debit_date_faults(debit_on, statement, earliest=facts.debit_on)
    if found:
        return AuthorizationOutcome(request, tuple(found))
    acceptance = Acceptance(
        statement=statement,
        attempt=statement.attempts + 1,
        payer_unit_number=request.payer_unit_number,
        amount_cents=int(request.amount_text),
        debit_on=debit_on or facts.debit_on,
        debit_on_chosen=debit_on is not None,
    )
    return AuthorizationOutcome(request, (), acceptance)


def _debit_date_faults(
    debit_on: date | None, statement: StatementFacts, *, earliest: date
) -> list[Fault]:
    """Judge the day on which the payer wants to be debited (DEB-15).

    From the first possible day, a banking day, up to the due date; where that has come already,
    the first possible day only.
    """
    if debit_on is None:
        return []
    latest = max(earliest, statement.due_on or earliest)
    if earliest <= debit_on <= latest and FEDERAL_RESERVE.is_business_day(debit_on):
        return []
    values = {
        "statement_number": statement.statement_number,
        "debit_on": debit_on.isoformat(),
        "earliest": earliest.isoformat(),
        "latest": latest.isoformat(),
    }
    return [Fault(DEBIT_DATE_NOT_POSSIBLE, values)]


def form_faults(request: AuthorizationRequest, block_filer_code: str) -> list[Fault]:
    """Judge what a request says by itself: every fault for which it is refused, come what may.

    Needs nothing that is on file, so that a sender can judge it offline by the same rules.
    """
    found = []
    if request.filer_code != block_filer_code:
        values = {"filer_code": request.filer_code, "block_filer_code": block_filer_code}
        found.append(Fault(faults.FILER_NOT_STATEMENT_FILER, values))
    if request.payment_type != DAILY_STATEMENT_TYPE:
        values = {"payment_type": request.payment_type or "blank"}
        found.append(Fault(faults.AUTHORIZATION_TYPE_UNKNOWN, values))
    if request.negation not in ("", "Y"):
        found.append(Fault(faults.NEGATION_UNKNOWN, {"negation": request.negation}))
    if not _AMOUNT.fullmatch(request.amount_text):
        found.append(Fault(faults.AMOUNT_UNREADABLE, {"amount_text": request.amount_text}))
    if not _PAYER_UNIT.fullmatch(request.payer_unit_number):
        values = {"payer_unit_number": request.payer_unit_number or "blank"}
        found.append(Fault(faults.PAYER_UNIT_UNREADABLE, values))
    # Of another filer's statement nothing is said, its number included.
    is_of_block = request.filer_code == block_filer_code
    if is_of_block and not _is_statement_number(request.statement_number):
        found.append(Fault(faults.STATEMENT_NUMBER_UNREADABLE, _statement_values(request)))
    return found


def _is_statement_number(text: str) -> bool:
    try:
        StatementNumber.parse(text)
    except IdentifierError:
        return False
    return True


def _statement_values(request: AuthorizationRequest) -> dict[str, str]:
    number = request.statement_number or "blank"
    return {"statement_number": number, "filer_code": request.filer_code}


def _unit_faults(
    request: AuthorizationRequest, facts: Facts, statement: StatementFacts | None
) -> list[Fault]:
    number = request.payer_unit_number
    if not _PAYER_UNIT.fullmatch(number):
        return []
    unit = facts.units.get(number)
    values: dict[str, object] = {
        "payer_unit_number": number,
        "statement_number": request.statement_number or "blank",
    }
    if unit is None or not _may_use(unit, facts.filer_code):
        # Unknown and not designated are one fault: nobody learns which units exist.
        return [Fault(faults.PAYER_UNIT_UNKNOWN, values)]
    found = []
    if unit.effective_on > facts.business_date:
        values["effective_on"] = unit.effective_on.isoformat()
        found.append(Fault(faults.PAYER_UNIT_NOT_EFFECTIVE, values))
    elif unit.unverified:
        values["effective_on"] = "the day on which its account is verified"
        found.append(Fault(faults.PAYER_UNIT_NOT_EFFECTIVE, values))
    if unit.suspended_on is not None:
        values["suspended_on"] = unit.suspended_on.isoformat()
        found.append(Fault(faults.PAYER_UNIT_SUSPENDED, values))
    importers = facts.importers.get(request.statement_number, {})
    if unit.owner_importer_number is not None:
        owner = _compared(unit.owner_importer_number, statement)
        others = sum(n for number, n in importers.items() if _compared(number, statement) != owner)
        if others:
            values["other_count"] = others
            found.append(Fault(faults.PAYER_UNIT_OTHER_IMPORTER, values))
    return found


def _may_use(unit: UsableUnit, filer_code: str) -> bool:
    return unit.owner_filer_code == filer_code or unit.designated


def _compared(importer_number: str, statement: StatementFacts | None) -> str:
    """Give as much of an importer number as tells importers apart on a statement (SEC-06)."""
    if statement is None or statement.payment_type != _ANY_SUFFIX_TYPE:
        return importer_number
    has_suffix = importer_number[2] == "-"
    return importer_number[:_LENGTH_WITHOUT_SUFFIX] if has_suffix else importer_number


def _is_accepted_before(
    request: AuthorizationRequest, statement: StatementFacts, facts: Facts
) -> bool:
    return (
        statement.live_batch_id in facts.earlier_batches
        and statement.live_payer_unit == request.payer_unit_number
        and statement.live_amount_cents == int(request.amount_text)
    )


def _statement_faults(request: AuthorizationRequest, statement: StatementFacts) -> list[Fault]:
    values: dict[str, object] = {"statement_number": statement.statement_number}
    if statement.state == "cancelled":
        return [Fault(faults.STATEMENT_CANCELLED, values)]
    found = []
    if statement.paid_by_credit:
        found.append(Fault(faults.STATEMENT_PAID_BY_CREDIT, values))
    elif statement.state != "preliminary":
        found.append(Fault(faults.STATEMENT_ALREADY_AUTHORIZED, values))
    if _AMOUNT.fullmatch(request.amount_text):
        amount_cents = int(request.amount_text)
        if amount_cents != statement.total_cents:
            found.append(_amount_fault(amount_cents, statement))
    return found


def _amount_fault(amount_cents: int, statement: StatementFacts) -> Fault:
    values = {
        "statement_number": statement.statement_number,
        "amount": format_dollars(amount_cents),
        "total": format_dollars(statement.total_cents),
        "amount_cents": f"{amount_cents:010}",
        "total_cents": f"{statement.total_cents:010}",
    }
    return Fault(faults.AMOUNT_NOT_EQUAL, values)
