"""Brings reported items together with the debits that they are about, and calls for the answers.

Loads what waits with its debits held, lets matching_rules decide, and records the outcome with the
events for the agency, a piece a transaction. What matches nothing keeps waiting, with an alarm.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.rows import class_row

from customhouse.bank import alarms, changes, disputes, events, prenotes
from customhouse.bank import matching_store as sql
from customhouse.bank.inbound_forms import ItemKind
from customhouse.bank.matching_answers import match_answers
from customhouse.bank.matching_rules import Judged, Match, judge_all
from customhouse.bank.office import Office

ITEMS_AT_ONCE = 5000
# A settlement is judged before a return of the same intake, as they happened.
ORDER: tuple[ItemKind, ...] = ("settled", "returned", "changed")


@dataclass(frozen=True, slots=True)
class Matched:
    """How many items and answers found their debits, and how many contradict the books."""

    settled: int
    returned: int
    changed: int
    contested: int
    answered: int
    mismatched: int


def match_waiting(office: Office) -> Matched:
    """Match everything that waits; run again, it finds nothing new.

    A refusal is judged last: whatever else shows that the operator has processed the file keeps
    its debits from going out twice (C1).
    """
    answered, mismatched = match_answers(office, accepted=True)
    prenotes.match_answers(office)
    counts = {}
    for kind in ORDER:
        counts[kind], wrong = _match_kind(office, kind)
        mismatched += wrong
    contested, wrong = disputes.match_contested(office)
    mismatched += wrong
    refusals, wrong = match_answers(office, accepted=False)
    answered, mismatched = answered + refusals, mismatched + wrong
    now = office.clock.now()
    with office.connection.transaction():
        for statement in (sql.RAISE_FOR_UNMATCHED, sql.RAISE_FOR_UNKNOWN_FILE):
            office.connection.execute(statement, {"raised_at": now})
        for statement in (sql.CLEAR_MATCHED, sql.CLEAR_KNOWN_FILE):
            office.connection.execute(statement, {"cleared_at": now})
    return Matched(**counts, contested=contested, answered=answered, mismatched=mismatched)


def _match_kind(office: Office, kind: ItemKind) -> tuple[int, int]:
    """Match the waiting items of one kind; give how many were applied and how many contradict."""
    applied = mismatched = behind = 0
    while True:
        with office.connection.transaction():
            values = {"kind": kind, "behind": behind, "most": ITEMS_AT_ONCE}
            with office.connection.cursor(row_factory=class_row(Match)) as cursor:
                matches = cursor.execute(sql.HOLD_MATCHES, values).fetchall()
            if not matches:
                return applied, mismatched
            judged = judge_all(matches)
            _record(office, judged)
        wrong = sum(outcome == "mismatched" for _, outcome in judged.outcomes)
        applied += len(judged.outcomes) - wrong
        mismatched += wrong
        behind = matches[-1].item_id
        office.boundary(f"matched {kind}")


def _record(office: Office, judged: Judged) -> None:
    outcomes = {
        "item_ids": [match.item_id for match, _ in judged.outcomes],
        "outcomes": [outcome for _, outcome in judged.outcomes],
        "instruction_ids": [match.instruction_id for match, _ in judged.outcomes],
    }
    office.connection.execute(sql.SETTLE_ITEMS, outcomes)
    standings = list(judged.standings.values())
    moved = {
        "instruction_ids": list(judged.standings),
        "states": [standing.state for standing in standings],
        "settled_ons": [standing.settled_on for standing in standings],
        "returned_ons": [standing.returned_on for standing in standings],
        "return_codes": [standing.return_code for standing in standings],
    }
    office.connection.execute(sql.MOVE_DEBITS, moved)
    disputes.open_all(office, judged.disputes)
    changes.keep_all(office, [m for m, outcome in judged.outcomes if _is_change(m, outcome)])
    alarms.raise_all(office.connection, judged.alarms, clock=office.clock)
    events.record(office.connection, judged.events, clock=office.clock)


def _is_change(match: Match, outcome: str) -> bool:
    return match.kind == "changed" and outcome == "applied"
