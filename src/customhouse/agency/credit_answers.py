"""What payers see of their own money that waits, and what they say about it (CRD-04).

An answer goes to the exception desk as a proposal with evidence; it moves no money. Money that
nobody is known for may be claimed by amount, day and trace number: the claim is kept whether there
is such money or not, and the payer is not told which. Amounts in cents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_answers_store as sql
from customhouse.agency import credit_part_ends
from customhouse.agency.credit_desk_faults import ANSWER_LATE, ANSWER_WRONG, ANSWERS_TOO_MANY
from customhouse.agency.credit_part_ids import credit_id_of, lineage, unknown_part
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused
from customhouse.identifiers import bare_number
from customhouse.money import MAX_ENTRY_CENTS

Kind = Literal["documents", "refund", "text"]
MOST_LISTED: Final = 500
MOST_DOCUMENTS: Final = 20
MOST_ANSWERS: Final = 20
MOST_CLAIMS: Final = 100
LONGEST_TEXT: Final = 500
LARGEST_BYTES: Final = 16_384
_DOCUMENT: Final = re.compile(r"[0-9A-Z]{10,11}")
_TRACE: Final = re.compile(r"[0-9]{15}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a payer says: which documents its money pays, that it is to go back, or a text."""

    kind: Kind
    documents: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Money that a payer says is its own, named exactly: cents, day of collection, trace number."""

    trace_number: str
    amount_cents: int
    collected_on: date
    documents: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A part that waits, as its payer sees it; cents."""

    part_id: str
    credit_id: str
    amount_cents: int
    collected_on: date
    since_on: date
    reason: str
    detail: str
    payer_identifier: str
    document_number: str
    statement_number: str | None
    trace_number: str
    company_name: str


@dataclass(frozen=True, slots=True)
class Question:
    """What an officer asked about a part, and whether its payer has answered since."""

    text: str
    asked_on: date
    answered: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A part that waits, with what was asked about it and what the payer answered."""

    part: OwnPart
    questions: tuple[Question, ...]
    answers: tuple[tuple[Answer, date], ...]


def waiting(connection: Connection, party_id: int) -> list[Waiting]:
    """Give what waits of a payer's own money, the oldest first; at most 500 parts."""
    with connection.cursor(row_factory=class_row(OwnPart)) as cursor:
        values = {"party": party_id, "most": MOST_LISTED}
        parts = cursor.execute(sql.WAITING, values).fetchall()
    asked = {"party": party_id, "credit_ids": sorted({part.credit_id for part in parts})}
    questions: dict[str, list[tuple[int, str, date]]] = {}
    for part_id, *question in connection.execute(sql.QUESTIONS, asked):
        questions.setdefault(part_id, []).append(tuple(question))
    answers: dict[str, list[tuple[int, Answer, date]]] = {}
    for part_id, after_act, kind, documents, text, on in connection.execute(sql.ANSWERS, asked):
        given = Answer(kind, tuple(documents), text)
        answers.setdefault(part_id, []).append((after_act, given, on))
    found = []
    for part in parts:
        names = lineage(part.part_id)
        said = [each for name in names for each in answers.get(name, ())]
        last = max((after_act for after_act, _, _ in said), default=0)
        told = [
            Question(text, on, answered=act_id <= last)
            for name in names
            for act_id, text, on in questions.get(name, ())
        ]
        found.append(Waiting(part, tuple(told), tuple((given, on) for _, given, on in said)))
    return found


def answer(
    connection: Connection,
    party_id: int,
    part_id: str,
    *,
    given: Answer,
    given_on: date,
    clock: Clock,
) -> bool:
    """Keep what a payer says about a part of its own; false when its last answer was the same.

    The part waits, or is owed back though its statement is due again.
    Raises Refused: credit-part-unknown (also where it is another payer's), credit-answer-late,
    credit-answers-too-many.
    """
    credit_id = credit_id_of(part_id)
    values: dict[str, Any] = {"party": party_id, "credit_id": credit_id, "part_id": part_id}
    row = connection.execute(sql.OWN_PART, values).fetchone()
    if row is None:
        raise Refused(unknown_part(part_id))
    closed_on, is_open = row
    if not is_open:
        became = credit_part_ends.words(connection, party_id, part_id)
        decided = {"part_id": part_id, "closed_on": closed_on, "became": became}
        raise Refused(Fault(ANSWER_LATE, decided))
    values |= {
        "part_ids": lineage(part_id),
        "kind": given.kind,
        "documents": list(given.documents),
        "text": given.text,
        "given_on": given_on,
        "given_at": clock.now(),
    }
    connection.execute(sql.TAKE_TURN, values)
    if connection.execute(sql.ADD_ANSWER, values).fetchone() is None:
        return False
    ((count,),) = connection.execute(sql.COUNT_ANSWERS, values).fetchall()
    _require_few(count, "answers about this payment", most=MOST_ANSWERS)
    return True


def claim(
    connection: Connection, party_id: int, given: Claim, *, given_on: date, clock: Clock
) -> bool:
    """Keep a payer's claim of money that nobody is known for; false when it was made before.

    Raises Refused (credit-answers-too-many).
    """
    values: dict[str, Any] = {
        "party": party_id,
        "trace_number": given.trace_number,
        "cents": given.amount_cents,
        "collected_on": given.collected_on,
        "documents": list(given.documents),
        "text": given.text,
        "given_on": given_on,
        "given_at": clock.now(),
    }
    if connection.execute(sql.ADD_CLAIM, values).fetchone() is None:
        return False
    ((count,),) = connection.execute(sql.COUNT_CLAIMS, values).fetchall()
    _require_few(count, "claims today", most=MOST_CLAIMS)
    return True


def read_answer(body: Any) -> Answer:
    """Read an answer from JSON: kind, and documents or text; raises Refused with every fault."""
    members = _members(body, required={"kind"}, optional={"documents", "text"})
    kind = members["kind"]
    faults = []
    if kind not in ("documents", "refund", "text"):
        faults.append(_wrong("kind", kind, "documents, refund or text"))
    documents = _documents(members, faults)
    text = _text(members, faults)
    if kind == "documents" and not documents and not faults:
        faults.append(_wrong("documents", [], "1 to 20 document numbers"))
    if kind != "documents" and documents:
        faults.append(_wrong("documents", list(documents), f"left out of an answer {kind}"))
    if kind == "text" and not text and not faults:
        faults.append(_wrong("text", "", "a sentence"))
    if faults:
        raise Refused(*faults)
    return Answer(kind, documents, text)


def read_claim(body: Any) -> Claim:
    """Read a claim from JSON; raises Refused with every fault."""
    required = {"trace_number", "amount_cents", "collected_on"}
    members = _members(body, required=required, optional={"documents", "text"})
    faults: list[Fault] = []
    trace, cents = members["trace_number"], members["amount_cents"]
    if not isinstance(trace, str) or not _TRACE.fullmatch(trace):
        faults.append(_wrong("trace_number", trace, "the 15 digits of a trace number"))
    if type(cents) is not int or not 1 <= cents <= MAX_ENTRY_CENTS:
        faults.append(_wrong("amount_cents", cents, "the whole cents of one entry"))
    collected_on = _day(members["collected_on"])
    if collected_on is None:
        faults.append(_wrong("collected_on", members["collected_on"], "a date like 2026-11-24"))
    documents, text = _documents(members, faults), _text(members, faults)
    if faults or collected_on is None:
        raise Refused(*faults)
    return Claim(trace, cents, collected_on, documents, text)


def spelled_waiting(found: Waiting) -> dict[str, Any]:
    """Give a part that waits as JSON, as its payer sees it."""
    part = found.part
    return {
        "part_id": part.part_id,
        "amount_cents": part.amount_cents,
        "collected_on": part.collected_on.isoformat(),
        "waiting_since": part.since_on.isoformat(),
        "reason": part.reason,
        "detail": part.detail,
        "trace_number": part.trace_number,
        "company_name": part.company_name,
        "payer_identifier": part.payer_identifier,
        "document_number": part.document_number,
        "statement_number": part.statement_number,
        "questions": [
            {
                "text": each.text,
                "asked_on": each.asked_on.isoformat(),
                "answered": each.answered,
            }
            for each in found.questions
        ],
        "answers": [
            {
                "kind": each.kind,
                "documents": list(each.documents),
                "text": each.text,
                "given_on": given_on.isoformat(),
            }
            for each, given_on in found.answers
        ],
    }


def _require_few(count: int, what: str, *, most: int) -> None:
    if count > most:
        raise Refused(Fault(ANSWERS_TOO_MANY, {"count": count - 1, "what": what}))


def _members(body: Any, *, required: set[str], optional: set[str]) -> dict[str, Any]:
    if not isinstance(body, dict) or not required <= set(body) <= required | optional:
        names = ", ".join(sorted(required | optional))
        raise Refused(_wrong("body", body, f"an object of {names}"))
    return body


def _documents(members: dict[str, Any], faults: list[Fault]) -> tuple[str, ...]:
    given = members.get("documents", [])
    sound = isinstance(given, list) and len(given) <= MOST_DOCUMENTS
    bare = [bare_number(each) if isinstance(each, str) else "" for each in given] if sound else []
    if not sound or not all(_DOCUMENT.fullmatch(each) for each in bare):
        expected = f"at most {MOST_DOCUMENTS} numbers of statements or bills"
        faults.append(_wrong("documents", given, expected))
        return ()
    return tuple(dict.fromkeys(bare))


def _text(members: dict[str, Any], faults: list[Fault]) -> str:
    given = members.get("text", "")
    if not isinstance(given, str) or len(given) > LONGEST_TEXT or not given.isprintable():
        expected = f"a text of at most {LONGEST_TEXT} printable characters"
        faults.append(_wrong("text", given, expected))
        return ""
    return given.strip()


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _wrong(member: str, seen: Any, expected: str) -> Fault:
    return Fault(ANSWER_WRONG, {"member": member, "seen": ascii(seen)[:60], "expected": expected})
