"""What crosses between the agency and the processor bank, and nothing else.

The agency pushes instructions; the bank answers each at once and later reports events, which the
agency polls by cursor. Payer units are bound to account tokens the same way. No account number
and no content of a statement ever crosses here. Transport and storage are not this module's job.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, Literal, get_args

PAYER_UNITS_PATH = "/rails/payer-units"
INSTRUCTIONS_PATH = "/rails/instructions"
INSTRUCTION_BATCHES_PATH = "/rails/instruction-batches"
# A batch holds at most so many instructions.
MOST_INSTRUCTIONS = 1_000
EVENTS_PATH = "/rails/events"
PRENOTES_PATH = "/rails/prenotes"
STANDINGS_PATH = "/rails/payer-unit-standings"
CREDITS_PATH = "/rails/credits"
# A page of credits ends behind so many credits or so many addenda, whichever comes first.
MOST_CREDITS = 1_000
MOST_ADDENDA_IN_PAGE = 10_000
TREASURY_DAYS_PATH = "/rails/treasury-days"
# The agency refuses a credit with POST, and hears with GET of those that have gone back.
CREDIT_RETURNS_PATH = "/rails/credit-returns"

EventKind = Literal[
    "refused",
    "in_file",
    "acknowledged",
    "settled",
    "returned",
    "change_notified",
    "return_disputed",
    "dispute_won",
    "dispute_lost",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)


@dataclass(frozen=True, slots=True)
class PayerUnitBinding:
    """Binds one payer unit number to one account token (SEC-03)."""

    payer_unit_number: str
    account_token: str


@dataclass(frozen=True, slots=True)
class PayerUnitStanding:
    """Whether a payer unit is suspended (A9); of two pieces of news the higher sequence holds.

    ``reason_code`` is the return reason that stopped it, or empty.
    """

    payer_unit_number: str
    sequence: int
    suspended: bool
    reason_code: str


# Waived: the bank asks for no prenote. Pending: no live debit yet. Failed: none ever.
PrenoteState = Literal["waived", "pending", "matured", "failed"]
PRENOTE_STATES: tuple[PrenoteState, ...] = ("waived", "pending", "matured", "failed")


@dataclass(frozen=True, slots=True)
class PrenoteNews:
    """How the prenote to the account of a payer unit stands; the higher sequence holds (C19).

    ``matures_on`` is the first day for a live debit, None before the prenote is in a file.
    ``code`` is the return reason (R03) or change code (C01) of a failed one, otherwise empty.
    """

    sequence: int
    payer_unit_number: str
    state: PrenoteState
    matures_on: date | None
    code: str


@dataclass(frozen=True, slots=True)
class DebitInstruction:
    """One debit to originate: the amount in cents, the unit that pays and the statement's number.

    ``debit_on`` is the day on which the agency wants the debit to settle; the bank moves it to a
    banking day (DEB-10, DEB-11). ``instruction_id`` is the same at every delivery.
    """

    instruction_id: str
    payer_unit_number: str
    statement_number: str
    amount_cents: int
    accepted_on: date
    debit_on: date


@dataclass(frozen=True, slots=True)
class BankEvent:
    """Something that happened to an instruction at the bank, told once.

    ``sequence`` is the bank's cursor; ``event_id`` is the natural key of the happening.
    ``effective_on`` is the settlement date of a settlement or a return, the day on which a dispute
    ended, the effective entry date for the others. ``code`` is a return reason (R01), a change
    code (C01) or a refusal's fault.
    """

    sequence: int
    event_id: str
    kind: EventKind
    instruction_id: str
    amount_cents: int
    effective_on: date | None
    trace_number: str
    code: str
    detail: str


# Payment: money. Prenote: a zero-dollar entry. Debit refused: somebody tried to take money from the
# agency's account, a reversal mostly, and the bank has returned it; no money moved.
CreditKind = Literal["payment", "prenote", "debit_refused"]
CREDIT_KINDS: tuple[CreditKind, ...] = ("payment", "prenote", "debit_refused")

# What the addenda of an entry lack that the bank could see without reading them: none came though
# the entry announces one; some came though it announces none; their number is not the announced
# one; they are not numbered from 1 on; one of them names another entry's trace number.
AddendaFault = Literal["", "missing", "unannounced", "miscounted", "misnumbered", "other-entry"]
ADDENDA_FAULTS: tuple[AddendaFault, ...] = get_args(AddendaFault)


@dataclass(frozen=True, slots=True)
class IncomingCredit:
    """An entry that others sent to the agency's account, told once its settlement date has come.

    ``sequence`` is the bank's cursor; ``credit_id`` the same at every delivery. Amounts in cents;
    ``collected_on`` is the settlement date (CRD-07). ``addenda`` are the payment related
    information of each addendum, all 80 characters as they came: the bank does not read them.
    ``code`` is the return code with which a debit was refused, otherwise empty. ``addenda_fault``
    says what is wrong with the addenda as records; mostly nothing.
    """

    sequence: int
    credit_id: str
    kind: CreditKind
    amount_cents: int
    collected_on: date
    sec_code: str
    originating_dfi: str
    trace_number: str
    company_name: str
    company_identification: str
    entry_description: str
    identification_number: str
    code: str
    addenda: tuple[str, ...]
    addenda_fault: AddendaFault = ""


@dataclass(frozen=True, slots=True)
class CreditRefusal:
    """The agency refuses an entry that it took: all of its cents go back to who sent it (R23).

    ``refused_on`` is the business date of the decision.
    """

    credit_id: str
    amount_cents: int
    refused_on: date


@dataclass(frozen=True, slots=True)
class ReturnedCredit:
    """A refused credit whose return, of that trace number, has settled; amount in cents.

    The higher sequence is the later news.
    """

    sequence: int
    credit_id: str
    amount_cents: int
    settled_on: date
    trace_number: str


# Credit received: somebody pushed money. Credit returned: the agency refused it and it went back.
# Debit settled: a statement's debit was collected. Debit returned: that money went back. Return
# disputed: it went back and the bank contests that. Dispute won: it came again. A lost dispute
# moves nothing: its return did.
TreasuryKind = Literal[
    "credit_received",
    "credit_returned",
    "debit_settled",
    "debit_returned",
    "return_disputed",
    "dispute_won",
]
TREASURY_KINDS: tuple[TreasuryKind, ...] = get_args(TreasuryKind)
# Seen from the agency's account: a credit came in, a debit went out.
Direction = Literal["credit", "debit"]
DIRECTIONS: tuple[Direction, ...] = get_args(Direction)
# A page of a treasury day ends behind so many lines.
MOST_TREASURY_LINES = 5_000


@dataclass(frozen=True, slots=True)
class TreasuryLine:
    """One movement on the agency's account at the bank: the amount in cents and its direction.

    ``line_id`` is its natural key and the order of the list. ``reference`` is the credit_id of a
    credit that came or went back, the instruction_id of everything that a debit brought;
    ``statement_number`` is the debit's statement, empty for a credit. ``settled_on`` is the day on
    which the money moved.
    """

    line_id: str
    kind: TreasuryKind
    amount_cents: int
    direction: Direction
    reference: str
    statement_number: str
    trace_number: str
    company_name: str
    settled_on: date


def to_json(message: Any) -> dict[str, Any]:
    """Give any message of this module as JSON values: dates as ISO 8601 text, integers of cents."""
    # Every message is flat; asdict would copy each value deeply, at ten times the cost.
    names, values_of, dates = _members(message.__class__)
    values = dict(zip(names, values_of(message), strict=True))
    for name in dates:
        if values[name] is not None:
            values[name] = values[name].isoformat()
    return values


@cache
def _members(kind: Any) -> tuple[Sequence[str], Callable[[Any], Sequence[Any]], Sequence[str]]:
    """Give the names of a message's members, what gets all their values, and which are dates."""
    names = tuple(each.name for each in fields(kind))
    dates = [each.name for each in fields(kind) if each.type in ("date", "date | None")]
    return names, attrgetter(*names), dates


def binding_from_json(values: dict[str, Any]) -> PayerUnitBinding:
    """Read a binding; raise ValueError or KeyError when a value is missing or of another type."""
    return PayerUnitBinding(
        payer_unit_number=_text(values, "payer_unit_number"),
        account_token=_text(values, "account_token"),
    )


def standing_from_json(values: dict[str, Any]) -> PayerUnitStanding:
    """Read a payer unit's standing; raise ValueError or KeyError when a value does not fit."""
    suspended = values["suspended"]
    if not isinstance(suspended, bool):
        raise ValueError("suspended must be true or false")
    return PayerUnitStanding(
        payer_unit_number=_text(values, "payer_unit_number"),
        sequence=_cents(values, "sequence"),
        suspended=suspended,
        reason_code=_text(values, "reason_code"),
    )


def prenote_from_json(values: dict[str, Any]) -> PrenoteNews:
    """Read news of a prenote; raise ValueError or KeyError when a value does not fit."""
    state = _text(values, "state")
    if state not in PRENOTE_STATES:
        raise ValueError(f"prenote state {state!r} is not one of {', '.join(PRENOTE_STATES)}")
    matures_on = values["matures_on"]
    return PrenoteNews(
        sequence=_cents(values, "sequence"),
        payer_unit_number=_text(values, "payer_unit_number"),
        state=state,
        matures_on=None if matures_on is None else date.fromisoformat(matures_on),
        code=_text(values, "code"),
    )


def instruction_from_json(values: dict[str, Any]) -> DebitInstruction:
    """Read an instruction; raise ValueError or KeyError when a value does not fit."""
    return DebitInstruction(
        instruction_id=_text(values, "instruction_id"),
        payer_unit_number=_text(values, "payer_unit_number"),
        statement_number=_text(values, "statement_number"),
        amount_cents=_cents(values, "amount_cents"),
        accepted_on=date.fromisoformat(_text(values, "accepted_on")),
        debit_on=date.fromisoformat(_text(values, "debit_on")),
    )


def event_from_json(values: dict[str, Any]) -> BankEvent:
    """Read an event; raise ValueError or KeyError when a value does not fit."""
    kind = _text(values, "kind")
    if kind not in EVENT_KINDS:
        raise ValueError(f"event kind {kind!r} is not one of {', '.join(EVENT_KINDS)}")
    effective_on = values["effective_on"]
    return BankEvent(
        sequence=_cents(values, "sequence"),
        event_id=_text(values, "event_id"),
        kind=kind,
        instruction_id=_text(values, "instruction_id"),
        amount_cents=_cents(values, "amount_cents"),
        effective_on=None if effective_on is None else date.fromisoformat(effective_on),
        trace_number=_text(values, "trace_number"),
        code=_text(values, "code"),
        detail=_text(values, "detail"),
    )


def credit_from_json(values: dict[str, Any]) -> IncomingCredit:
    """Read an incoming credit; raise ValueError or KeyError when a value does not fit."""
    kind = _text(values, "kind")
    if kind not in CREDIT_KINDS:
        raise ValueError(f"credit kind {kind!r} is not one of {', '.join(CREDIT_KINDS)}")
    addenda = values["addenda"]
    if not isinstance(addenda, list) or not all(isinstance(each, str) for each in addenda):
        raise ValueError("addenda must be a list of texts")
    fault = values.get("addenda_fault", "")
    if fault not in ADDENDA_FAULTS:
        raise ValueError(f"addenda_fault {fault!r} is not one of {', '.join(ADDENDA_FAULTS)}")
    return IncomingCredit(
        sequence=_cents(values, "sequence"),
        credit_id=_text(values, "credit_id"),
        kind=kind,
        amount_cents=_cents(values, "amount_cents"),
        collected_on=date.fromisoformat(_text(values, "collected_on")),
        sec_code=_text(values, "sec_code"),
        originating_dfi=_text(values, "originating_dfi"),
        trace_number=_text(values, "trace_number"),
        company_name=_text(values, "company_name"),
        company_identification=_text(values, "company_identification"),
        entry_description=_text(values, "entry_description"),
        identification_number=_text(values, "identification_number"),
        code=_text(values, "code"),
        addenda=tuple(addenda),
        addenda_fault=fault,
    )


def refusal_from_json(values: dict[str, Any]) -> CreditRefusal:
    """Read the refusal of a credit; raise ValueError or KeyError when a value does not fit."""
    return CreditRefusal(
        credit_id=_text(values, "credit_id"),
        amount_cents=_cents(values, "amount_cents"),
        refused_on=date.fromisoformat(_text(values, "refused_on")),
    )


def returned_from_json(values: dict[str, Any]) -> ReturnedCredit:
    """Read news of a credit that went back; raise ValueError or KeyError where it does not fit."""
    return ReturnedCredit(
        sequence=_cents(values, "sequence"),
        credit_id=_text(values, "credit_id"),
        amount_cents=_cents(values, "amount_cents"),
        settled_on=date.fromisoformat(_text(values, "settled_on")),
        trace_number=_text(values, "trace_number"),
    )


def treasury_line_from_json(values: dict[str, Any]) -> TreasuryLine:
    """Read a line of a treasury day; raise ValueError or KeyError when a value does not fit."""
    kind = _text(values, "kind")
    if kind not in TREASURY_KINDS:
        raise ValueError(f"treasury line kind {kind!r} is not one of {', '.join(TREASURY_KINDS)}")
    direction = _text(values, "direction")
    if direction not in DIRECTIONS:
        raise ValueError(f"direction {direction!r} is not one of {', '.join(DIRECTIONS)}")
    return TreasuryLine(
        line_id=_text(values, "line_id"),
        kind=kind,
        amount_cents=_cents(values, "amount_cents"),
        direction=direction,
        reference=_text(values, "reference"),
        statement_number=_text(values, "statement_number"),
        trace_number=_text(values, "trace_number"),
        company_name=_text(values, "company_name"),
        settled_on=date.fromisoformat(_text(values, "settled_on")),
    )


def _text(values: dict[str, Any], name: str) -> str:
    value = values[name]
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text, not {type(value).__name__}")
    return value


def _cents(values: dict[str, Any], name: str) -> int:
    value = values[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{name} must be a whole number of at least 0")
    return value
