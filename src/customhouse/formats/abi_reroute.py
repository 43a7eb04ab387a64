"""The conversation about copies of statements: request (MO) and answer (MQ).

The conditions MS0 to MSD are published; where the fields stand, and the record QC of the answer,
are ours (abi_own_records.json). A request keeps the text that was sent; the agency judges it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from customhouse.formats.abi_dates import format_mmddyy, parse_mmddyy
from customhouse.formats.abi_envelope import AnswerError, NumberedRecord
from customhouse.formats.abi_messages import Condition
from customhouse.formats.abi_records import LAYOUTS

REROUTED = Condition("MSA", "TOTAL NUMBER OF STATEMENTS REROUTED", "")
MOST_COUNTED = 99_999

_QR = LAYOUTS["MO_QR"]
_QC = LAYOUTS["MQ_QC"]


@dataclass(frozen=True, slots=True)
class RerouteRequest:
    """One QR: send these statements again; texts as they were sent, without outer spaces.

    ``transmission_date`` is None when none was sent or what was sent is no date; in that case
    ``date_text`` holds it. Flags are Y or N when they are right.
    """

    transmission_date: date | None
    preliminary: str
    final: str
    statement_number: str = ""
    scope: str = ""
    importer_number: str = ""
    client_branch: str = ""
    date_text: str = ""
    record_number: int = 0


@dataclass(frozen=True, slots=True)
class RerouteAnswer:
    """What the agency says to the request of one block; ``request`` is None where it had none."""

    request: RerouteRequest | None
    conditions: tuple[Condition, ...]
    accepted: bool
    statements: int


def parse_reroute(record: NumberedRecord) -> RerouteRequest:
    """Read one QR; spaces around a text are dropped."""
    values, _ = _QR.parse(record.line)
    return _request(values, record.number)


def render_reroute(request: RerouteRequest) -> str:
    """Write one QR; raise LayoutError when a value does not fit its field."""
    return _QR.render(_columns(request))


def render_reroute_answer(
    request: RerouteRequest | None, conditions: Sequence[Condition] = (), *, statements: int = 0
) -> list[str]:
    """Write the answer to a block: its QR repeated, then a QC for each condition, or one of MSA."""
    echo = [] if request is None else [_QR.echo(_columns(request))]
    if conditions:
        return echo + [_condition(condition, "R") for condition in conditions]
    counted = min(statements, MOST_COUNTED)
    return [*echo, _condition(REROUTED, "A", {"statements_rerouted": counted})]


def parse_reroute_answers(records: Iterable[str]) -> tuple[RerouteAnswer, ...]:
    """Read the records of an MQ block; raise AnswerError when they are no QR and its QCs."""
    lines = list(records)
    request = None
    if lines and lines[0][:2] == "QR":
        values, _ = _QR.parse(lines.pop(0))
        if not values:
            raise AnswerError("the QR of the answer does not have 80 columns")
        request = _request(values, 0)
    told = []
    for line in lines:
        values, faults = _QC.parse(line)
        if faults:
            raise AnswerError(f"{line[:2]!a} is not the expected {_QC.name}: {faults[0].reason}")
        told.append(values)
    if not told:
        raise AnswerError("the request of the block has no condition")
    accepted = told[-1]["disposition_type"] == "A"
    conditions = [Condition(v["condition_code"], v["narrative"], v["severity"]) for v in told]
    count = int(told[-1]["statements_rerouted"] or "0")
    return (RerouteAnswer(request, tuple(conditions), accepted, count),)


def _condition(
    condition: Condition, disposition: str, more: dict[str, str | int] | None = None
) -> str:
    return _QC.render(
        {
            "disposition_type": disposition,
            "severity": condition.severity,
            "condition_code": condition.code,
            "narrative": condition.narrative,
            **(more or {}),
        }
    )


def _request(values: dict[str, str], record_number: int) -> RerouteRequest:
    text = values["transmission_date"]
    try:
        sent_on = parse_mmddyy(text)
    except ValueError:
        sent_on = None
    return RerouteRequest(
        sent_on,
        values["preliminary_request"],
        values["final_request"],
        values["statement_number"].strip(),
        values["scope_indicator"],
        values["importer_of_record_number"].strip(),
        values["client_branch"].strip(),
        "" if sent_on else text,
        record_number,
    )


def _columns(request: RerouteRequest) -> dict[str, str | int]:
    sent_on = request.transmission_date
    return {
        "transmission_date": format_mmddyy(sent_on) if sent_on else request.date_text,
        "preliminary_request": request.preliminary,
        "final_request": request.final,
        "statement_number": request.statement_number,
        "scope_indicator": request.scope,
        "importer_of_record_number": request.importer_number,
        "client_branch": request.client_branch,
    }
