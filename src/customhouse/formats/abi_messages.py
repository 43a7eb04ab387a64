"""The two conversations about a statement: payment authorization (RM, PZ) and update (SU, SQ).

Requests keep the text that was sent, because a wrong value is answered for its item only; the
rules that judge values are the agency's. Codes and narratives come from the caller, except the
two of acceptance and the final 998, which belong to the wire. Layouts in abi_records.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from customhouse.formats.abi_dates import format_mmddyy, parse_mmddyy
from customhouse.formats.abi_envelope import AnswerError, NumberedRecord
from customhouse.formats.abi_records import LAYOUTS

_PT = LAYOUTS["RM_PT"]
_E0 = LAYOUTS["PZ_E0"]
_E1 = LAYOUTS["PZ_E1"]
_H = LAYOUTS["SU_H"]
_H1 = LAYOUTS["SQ_H1"]
_H2 = LAYOUTS["SQ_H2"]
_H3 = LAYOUTS["SQ_H3"]
_TEN_DIGITS = re.compile(r"[0-9]{10}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of an answer: three characters, at most 40 of narrative, F fatal or empty."""

    code: str
    narrative: str
    severity: str = "F"


AUTHORIZATION_ACCEPTED = Condition("D00", "PAYMENT AUTHORIZATION ACCEPTED", "")
AUTHORIZATION_NEGATED = Condition("D40", "PAYMENT AUTHORIZATION NEGATED", "")
AUTHORIZATION_REJECTED = Condition("998", "TRANSACTION DATA REJECTED")
UPDATE_ACCEPTED = Condition("P12", "DATA ACCEPTED", "")


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """One PT: pay this statement from this payer unit; the values as they were sent.

    ``amount_text`` is ten digits of cents when it is right; ``negation`` is Y or empty;
    ``record_number`` the record's place in its batch.
    """

    payer_unit_number: str
    payment_type: str
    filer_code: str
    statement_number: str
    amount_text: str
    negation: str = ""
    record_number: int = 0

    @property
    def amount_cents(self) -> int | None:
        """Give the amount in cents, or None when its text is not ten digits."""
        return int(self.amount_text) if _TEN_DIGITS.fullmatch(self.amount_text) else None


@dataclass(frozen=True, slots=True)
class AuthorizationAnswer:
    """What the agency says to one PT: the group of one E0 and its E1s."""

    occurrence: int
    filer_code: str
    statement_number: str
    payer_unit_number: str
    payment_type: str
    amount_text: str
    conditions: tuple[Condition, ...]
    accepted: bool
    disposition: Condition


@dataclass(frozen=True, slots=True)
class UpdateRequest:
    """One H: move an entry to another print date, or off statements with payment type 1.

    ``print_date`` is None when none was sent or when what was sent is no date; in that case
    ``print_date_text`` holds it.
    """

    port_of_entry: str
    filer_code: str
    entry_number8: str
    payment_type: str
    print_date: date | None = None
    client_branch: str = ""
    periodic_month: str = ""
    print_date_text: str = ""
    record_number: int = 0

    @property
    def date_columns(self) -> str:
        """Give the six columns of the print date as they are on the wire."""
        return format_mmddyy(self.print_date) if self.print_date else self.print_date_text


@dataclass(frozen=True, slots=True)
class LeftStatement:
    """The statement an entry left, and that statement's new total in cents."""

    number: str
    total_cents: int


@dataclass(frozen=True, slots=True)
class UpdateAnswer:
    """What the agency says to one H: its H1, H2 and, when an entry left a statement, H3."""

    request: UpdateRequest
    broker_reference: str
    condition: Condition
    left: LeftStatement | None = None

    @property
    def accepted(self) -> bool:
        """Tell whether the update was done."""
        return self.condition.severity != "F"


def parse_authorization(record: NumberedRecord) -> AuthorizationRequest:
    """Read one PT; leading spaces of the text fields are dropped, digits stay as they came."""
    values, _ = _PT.parse(record.line)
    return AuthorizationRequest(
        values["payer_unit_number"],
        values["payment_type_code"],
        values["filer_code"].lstrip(),
        values["statement_number"].lstrip(),
        values["payment_amount"],
        values["negation_identifier"].lstrip(),
        record.number,
    )


def render_authorization(request: AuthorizationRequest) -> str:
    """Write one PT; raise LayoutError when a value does not fit its field."""
    return _PT.render(
        {
            "payer_unit_number": request.payer_unit_number,
            "payment_type_code": request.payment_type,
            "filer_code": request.filer_code,
            "statement_number": request.statement_number,
            "payment_amount": request.amount_text,
            "negation_identifier": request.negation,
        }
    )


def render_authorization_answer(
    occurrence: int,
    request: AuthorizationRequest,
    *,
    conditions: Sequence[Condition] = (),
    accepted: bool,
) -> list[str]:
    """Write the answer to the n-th PT of a block: E0, an E1 for each condition, the final E1.

    The reference holds the statement number in columns 26-35, the payer unit in 37-42, the
    payment type in 44-45 and the amount in 47-56; where the last three stand is ours.
    """
    reference = (
        f"{request.statement_number:10} {request.payer_unit_number:6}"
        f" {request.payment_type:2} {request.amount_text:10}"
    )
    start = _E0.render(
        {"reference_data_type": "STMT", "occurrence": occurrence, "reference_data": reference}
    )
    taken = AUTHORIZATION_NEGATED if request.negation else AUTHORIZATION_ACCEPTED
    final = taken if accepted else AUTHORIZATION_REJECTED
    return [
        start,
        *(_condition_line(request, condition, "") for condition in conditions),
        _condition_line(request, final, "A" if accepted else "R"),
    ]


def parse_authorization_answers(records: Iterable[str]) -> tuple[AuthorizationAnswer, ...]:
    """Read the records of a PZ block; raise AnswerError when they are not E0 and E1 groups."""
    answers = []
    group: list[dict[str, str]] = []
    for line in records:
        layout = _E1 if group else _E0
        values, faults = layout.parse(line)
        if faults:
            raise AnswerError(f"{line[:2]!a} is not the expected {layout.name}: {faults[0].reason}")
        group.append(values)
        if len(group) > 1 and values["disposition_type"]:
            answers.append(_authorization_answer(group))
            group = []
    if group:
        raise AnswerError("the last authorization of the block has no disposition")
    return tuple(answers)


def parse_update(record: NumberedRecord) -> UpdateRequest:
    """Read one H; leading spaces of the text fields are dropped, digits stay as they came."""
    values, _ = _H.parse(record.line)
    return _update_request(values, record.number)


def render_update(request: UpdateRequest) -> str:
    """Write one H; raise LayoutError when a value does not fit its field."""
    return _H.render(_update_columns(request))


def render_update_answer(
    request: UpdateRequest,
    condition: Condition,
    *,
    broker_reference: str = "",
    left: LeftStatement | None = None,
) -> list[str]:
    """Write the answer to one H: the request repeated, its condition, the statement it left."""
    lines = [
        _H1.echo(_update_columns(request) | {"broker_reference": broker_reference}),
        _H2.echo(
            {
                "severity": condition.severity,
                "entry_filer_code": request.filer_code,
                "entry_number": request.entry_number8,
                "condition_code": condition.code,
                "narrative": condition.narrative,
            }
        ),
    ]
    if left is not None:
        lines.append(
            _H3.render(
                {
                    "district_port_of_entry": request.port_of_entry,
                    "entry_filer_code": request.filer_code,
                    "entry_number": request.entry_number8,
                    "daily_statement_number": left.number,
                    "statement_amount_due": left.total_cents,
                }
            )
        )
    return lines


def parse_update_answers(records: Iterable[str]) -> tuple[UpdateAnswer, ...]:
    """Read the records of an SQ block; raise AnswerError when they are not H1, H2, H3 groups."""
    answers: list[UpdateAnswer] = []
    pending: list[str] = []
    for line in [*records, "H1"]:
        if line[:2] == "H1" and pending:
            answers.append(_update_answer(pending))
            pending = []
        pending.append(line)
    return tuple(answers)


def _condition_line(request: AuthorizationRequest, condition: Condition, disposition: str) -> str:
    return _E1.render(
        {
            "disposition_type": disposition,
            "severity": condition.severity,
            "condition_code": condition.code,
            "narrative": condition.narrative,
            "filer_code": request.filer_code,
            "statement_number": request.statement_number,
        }
    )


def _authorization_answer(group: Sequence[dict[str, str]]) -> AuthorizationAnswer:
    start, *lines = group
    conditions = [Condition(v["condition_code"], v["narrative"], v["severity"]) for v in lines]
    reference = start["reference_data"].ljust(31)
    return AuthorizationAnswer(
        int(start["occurrence"]),
        lines[-1]["filer_code"],
        reference[0:10].rstrip(),
        reference[11:17].rstrip(),
        reference[18:20].rstrip(),
        reference[21:31].rstrip(),
        tuple(conditions[:-1]),
        lines[-1]["disposition_type"] == "A",
        conditions[-1],
    )


def _update_request(values: dict[str, str], record_number: int) -> UpdateRequest:
    text = values["preliminary_print_date"]
    try:
        print_date = parse_mmddyy(text)
    except ValueError:
        print_date = None
    return UpdateRequest(
        values["district_port_of_entry"],
        values["entry_filer_code"].lstrip(),
        values["entry_number"].lstrip(),
        values["payment_type_indicator"],
        print_date,
        values["client_branch"].lstrip(),
        values["periodic_statement_month"],
        "" if print_date else text,
        record_number,
    )


def _update_columns(request: UpdateRequest) -> dict[str, str | int]:
    return {
        "district_port_of_entry": request.port_of_entry,
        "entry_filer_code": request.filer_code,
        "entry_number": request.entry_number8,
        "payment_type_indicator": request.payment_type,
        "preliminary_print_date": request.date_columns,
        "client_branch": request.client_branch,
        "periodic_statement_month": request.periodic_month,
    }


def _update_answer(lines: Sequence[str]) -> UpdateAnswer:
    if [line[:2] for line in lines] not in (["H1", "H2"], ["H1", "H2", "H3"]):
        raise AnswerError("a group of the answer is not H1, H2 and perhaps H3")
    echo, _ = _H1.parse(lines[0])
    condition, _ = _H2.parse(lines[1])
    left = _left_statement(lines[2]) if len(lines) == 3 else None
    if not echo or not condition:
        raise AnswerError("a record of the answer does not have 80 columns")
    return UpdateAnswer(
        _update_request(echo, 0),
        echo["broker_reference"],
        Condition(condition["condition_code"], condition["narrative"], condition["severity"]),
        left,
    )


def _left_statement(line: str) -> LeftStatement:
    values, faults = _H3.parse(line)
    if faults or not values["statement_amount_due"]:
        raise AnswerError("the H3 of the answer is not well formed")
    return LeftStatement(values["daily_statement_number"], int(values["statement_amount_due"]))
