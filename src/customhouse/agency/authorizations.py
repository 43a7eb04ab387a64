"""Rules of payment authorization (RM): who may pay which statement, with which unit, how much.

Pure: every fact is loaded before and every decision is recorded after. Each request gets all its
faults (DEB-07), and what an earlier request of the same batch achieved counts for the later ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from customhouse import faults
from customhouse.agency.parties import UsableUnit
from customhouse.faults import Fault
from customhouse.formats.abi_messages import AuthorizationRequest
from customhouse.identifiers import IdentifierError, StatementNumber
from customhouse.money import format_dollars

DAILY_STATEMENT_TYPE = "02"
_AMOUNT = re.compile(r"[0-9]{10}", re.ASCII)
_PAYER_UNIT = re.compile(r"(?!0{6})[0-9]{6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StatementFacts:
    """A statement as its row was when it was locked; totals in cents.

    ``billed`` is true when an earlier attempt was settled and then returned: its revenue stands
    and the statement is owed as a receivable. The ``live_…`` values are those of its live attempt.
    """

    filer_code: str
    statement_number: str
    payer_party_id: int
    state: str
    total_cents: int
    attempts: int
    billed: bool
    live_payer_unit: str | None
    live_amount_cents: int | None
    live_batch_id: int | None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An authorization that was accepted: attempt number and cents, for one statement."""

    statement: StatementFacts
    attempt: int
    payer_unit_number: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class AuthorizationOutcome:
    """What became of one request: no faults means accepted; ``acceptance`` is what is new."""

    request: AuthorizationRequest
    faults: tuple[Fault, ...]
    acceptance: Acceptance | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether the request is answered with an acceptance."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules need to know about one block of requests.

    ``importers`` counts the live entries of each statement by importer number.
    ``earlier_batches`` are the batches whose bytes were the same as this one's.
    """

    filer_code: str
    business_date: date
    statements: Mapping[str, StatementFacts]
    importers: Mapping[str, Mapping[str, int]]
    units: Mapping[str, UsableUnit]
    earlier_batches: frozenset[int] = field(default_factory=frozenset)


def judge(requests: Iterable[AuthorizationRequest], facts: Facts) -> list[AuthorizationOutcome]:
    """Judge requests in input order (DEB-04, DEB-06, DEB-07, SEC-05, SEC-06, SEC-07)."""
    taken: dict[str, Acceptance] = {}
    outcomes = []
    for request in requests:
        outcome = _judge_one(request, facts, taken)
        if outcome.acceptance is not None:
            taken[request.statement_number] = outcome.acceptance
        outcomes.append(outcome)
    return outcomes


def _judge_one(
    request: AuthorizationRequest, facts: Facts, taken: Mapping[str, Acceptance]
) -> AuthorizationOutcome:
    found = form_faults(request, facts.filer_code)
    statement = facts.statements.get(request.statement_number)
    if request.filer_code != facts.filer_code:
        return AuthorizationOutcome(request, tuple(found))
    found += _unit_faults(request, facts)
    if statement is None:
        if _is_statement_number(request.statement_number):
            found.append(Fault(faults.STATEMENT_UNKNOWN, _statement_values(request)))
        return AuthorizationOutcome(request, tuple(found))
    if not found and _is_accepted_before(request, statement, facts, taken):
        return AuthorizationOutcome(request, ())
    found += _statement_faults(request, statement, taken)
    if found:
        return AuthorizationOutcome(request, tuple(found))
    acceptance = Acceptance(
        statement=statement,
        attempt=statement.attempts + 1,
        payer_unit_number=request.payer_unit_number,
        amount_cents=int(request.amount_text),
    )
    return AuthorizationOutcome(request, (), acceptance)


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
    if request.negation.strip():
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


def _unit_faults(request: AuthorizationRequest, facts: Facts) -> list[Fault]:
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
    importers = facts.importers.get(request.statement_number, {})
    if unit.owner_importer_number is not None:
        others = sum(n for number, n in importers.items() if number != unit.owner_importer_number)
        if others:
            values["other_count"] = others
            found.append(Fault(faults.PAYER_UNIT_OTHER_IMPORTER, values))
    return found


def _may_use(unit: UsableUnit, filer_code: str) -> bool:
    return unit.owner_filer_code == filer_code or unit.designated


def _is_accepted_before(
    request: AuthorizationRequest,
    statement: StatementFacts,
    facts: Facts,
    taken: Mapping[str, Acceptance],
) -> bool:
    return (
        statement.statement_number not in taken
        and statement.live_batch_id in facts.earlier_batches
        and statement.live_payer_unit == request.payer_unit_number
        and statement.live_amount_cents == int(request.amount_text)
    )


def _statement_faults(
    request: AuthorizationRequest, statement: StatementFacts, taken: Mapping[str, Acceptance]
) -> list[Fault]:
    values: dict[str, object] = {"statement_number": statement.statement_number}
    if statement.state == "cancelled":
        return [Fault(faults.STATEMENT_CANCELLED, values)]
    found = []
    if statement.state != "preliminary" or statement.statement_number in taken:
        found.append(Fault(faults.STATEMENT_ALREADY_AUTHORIZED, values))
    amount_is_readable = _AMOUNT.fullmatch(request.amount_text)
    if amount_is_readable and int(request.amount_text) != statement.total_cents:
        found.append(_amount_fault(int(request.amount_text), statement))
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
