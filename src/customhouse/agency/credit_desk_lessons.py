"""Makes a rule of what was wrong in a payment that an officer applies (CRD-04).

What can be learned from an addendum is judged in credit_rules_learning; here it is kept, listed and
ended. A name that is somebody's own identifier is never learned for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import credit_payers
from customhouse.agency import credit_rules_store as sql
from customhouse.agency.credit_desk_cases import Case, Desk, Target
from customhouse.agency.credit_desk_faults import (
    NOTHING_TO_LEARN,
    REASON_MISSING,
    RULE_ALIAS_TAKEN,
    RULE_ENDED,
    RULE_UNKNOWN,
)
from customhouse.agency.credit_rules import Flaw, words_of
from customhouse.agency.credit_rules_learning import Lesson, RightAddendum, learn
from customhouse.faults import Fault, Refused
from customhouse.formats import txp

MOST_LISTED = 500
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule as listed, with who made and who ended it; as CreditRule."""

    payer_party_id: int
    rule_id: int
    payer_identifier: str
    payer_name: str
    company_identification: str
    flaw: Flaw
    element: int
    seen: str
    meant: str
    prefix: str
    suffix: str
    learned_from: str
    reason: str
    starts_on: date
    made_by: str
    ends_on: date | None
    ended_by: str | None
    ending_reason: str | None

    @property
    def words(self) -> str:
        """Say what the rule does."""
        return words_of(self)


def remember(case: Case, target: Target) -> list[str]:
    """Learn from a part that is applied; give what was learned in sentences.

    Raises Refused: credit-rule-nothing-general, credit-rule-alias-taken.
    """
    raw = case.raw
    wrong = None if raw is None else txp.read(raw, case.desk.profile)
    lessons: tuple[Lesson, ...] = ()
    if wrong is not None and target.payer.payer_identifier is not None:
        identifier = _right_identifier(case, target, wrong.payer_identifier)
        right = RightAddendum(identifier, target.kind, target.document.number)
        lessons = learn(wrong, right, profile=case.desk.profile)
    if not lessons or target.payer.payer_identifier is None:
        raise Refused(Fault(NOTHING_TO_LEARN, {"part_id": case.part.part_id}))
    case.connection.execute(sql.TAKE_TURN)
    _require_free(case, target, lessons)
    kept = _keep(case, target, right=right, lessons=lessons)
    return [f"Rule {rule_id} is remembered: {words}." for rule_id, words in kept] or [
        "The rule for this is in force already."
    ]


def listing(connection: Connection, *, every: bool) -> list[RuleLine]:
    """Give the rules in force, or all there ever were, newest first; at most 500."""
    values = {"every": every, "most": MOST_LISTED}
    with connection.cursor(row_factory=class_row(RuleLine)) as cursor:
        return cursor.execute(sql.LISTING, values).fetchall()


def end(connection: Connection, rule_id: int, *, reason: str, desk: Desk) -> None:
    """End a rule for what arrives from now on; what it matched stays matched.

    Raises Refused: credit-rule-unknown, credit-rule-ended, desk-reason-wrong.
    """
    if not (0 < len(reason) <= LONGEST_REASON and reason.strip() and reason.isprintable()):
        raise Refused(Fault(REASON_MISSING, {"what": "reason", "length": len(reason)}))
    row = connection.execute(sql.HOLD, {"rule_id": rule_id}).fetchone()
    if row is None:
        raise Refused(Fault(RULE_UNKNOWN, {"rule_id": rule_id}))
    ends_on, ended_by, ending_reason = row
    if ends_on is not None:
        if (ended_by, ending_reason) == (desk.officer.name, reason):
            return
        values = {"rule_id": rule_id, "ends_on": ends_on, "ended_by": ended_by}
        raise Refused(Fault(RULE_ENDED, values))
    values = {
        "rule_id": rule_id,
        "ends_on": desk.today.business_date,
        "ended_by": desk.officer.name,
        "reason": reason,
    }
    connection.execute(sql.END, values)


def _right_identifier(case: Case, target: Target, seen: str) -> str:
    """Give the identifier that should have stood there: what did, where it means this payer."""
    known = credit_payers.load(case.connection, [seen]) if seen else {}
    if seen in known and known[seen].payer_party_id == target.payer.payer_party_id:
        return seen
    return target.payer.payer_identifier or ""


def _require_free(case: Case, target: Target, lessons: Sequence[Lesson]) -> None:
    aliases = [lesson.seen for lesson in lessons if lesson.flaw == "payer-alias"]
    if not aliases:
        return
    for seen in sorted(credit_payers.taken(case.connection, aliases)):
        raise Refused(Fault(RULE_ALIAS_TAKEN, {"seen": seen, "other": "somebody's own number"}))
    values = {
        "company": case.part.company_identification,
        "aliases": aliases,
        "payer": target.payer.payer_party_id,
    }
    other = case.connection.execute(sql.ALIAS_OF_OTHER, values).fetchone()
    if other is not None:
        raise Refused(Fault(RULE_ALIAS_TAKEN, {"seen": aliases[0], "other": other[0]}))


def _keep(
    case: Case, target: Target, *, right: RightAddendum, lessons: Sequence[Lesson]
) -> list[tuple[int, str]]:
    values = {
        "payer": target.payer.payer_party_id,
        "payer_identifier": right.payer_identifier,
        "company": case.part.company_identification,
        "learned_from": case.part.part_id,
        "reason": case.order.reason,
        "starts_on": case.desk.today.business_date,
        "made_by": case.desk.officer.name,
        "made_at": case.desk.today.clock.now(),
        "flaws": [lesson.flaw for lesson in lessons],
        "elements": [lesson.element for lesson in lessons],
        "aliases": [lesson.seen for lesson in lessons],
        "meanings": [lesson.meant for lesson in lessons],
        "prefixes": [lesson.prefix for lesson in lessons],
        "suffixes": [lesson.suffix for lesson in lessons],
    }
    rows = case.connection.execute(sql.ADD, values).fetchall()
    return [(row[0], words_of(Lesson(*row[1:]))) for row in rows]
