"""What reports mean for debits, in any order (failures C1, C3, C8, C14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

import customhouse.bank
from customhouse.bank.matching_rules import Answer, Match, Standing, judge, judge_all, judge_answer
from customhouse.lifecycle import DEBIT

SETTLED_ON = date(2026, 11, 25)
RETURNED_ON = date(2026, 11, 27)

SETTLED = Match(
    item_id=1,
    kind="settled",
    trace_number="123456780000001",
    code="",
    dated_on=SETTLED_ON,
    amount_cents=104_608,
    instruction_id="B76-3927327001-1",
    state="in_file",
    debit_cents=104_608,
    attempt=1,
    entry_attempt=1,
    settled_on=None,
    returned_on=None,
    return_code=None,
    file_name="12345678-20261124-0900-A.ach",
    file_effective_on=SETTLED_ON,
)
RETURNED = replace(SETTLED, item_id=2, kind="returned", code="R01", dated_on=RETURNED_ON)
CHANGED = replace(SETTLED, item_id=3, kind="changed", code="C01", amount_cents=0)
ANSWER = Answer(
    sha256="a" * 64,
    file_name="12345678-20261124-0900-A.ach",
    file_sha256="b" * 64,
    accepted=True,
    reason="",
    answer_entries=2,
    answer_debit_cents=300,
    answer_credit_cents=0,
    file_id=1,
    recorded_sha256="b" * 64,
    entries=2,
    debit_cents=300,
    effective_on=SETTLED_ON,
    state="released",
)


def test_every_order_of_the_same_reports_ends_in_the_same_standing() -> None:
    ends = set()
    for order in permutations([SETTLED, RETURNED, CHANGED]):
        judged = judge_all(order)
        assert {outcome for _, outcome in judged.outcomes} == {"applied"}
        assert not judged.alarms
        ends.add(judged.standings[SETTLED.instruction_id])
    assert ends == {Standing("returned", SETTLED_ON, RETURNED_ON, "R01")}


def test_a_settlement_after_the_return_is_kept_but_not_told() -> None:
    told = [event.kind for event in judge_all([RETURNED, SETTLED]).events]
    assert told == ["returned"]
    told = [event.kind for event in judge_all([SETTLED, RETURNED]).events]
    assert told == ["settled", "returned"]


def test_events_carry_the_debits_amount_and_the_day_that_counts() -> None:
    settled, returned, changed = judge_all([SETTLED, RETURNED, CHANGED]).events
    assert (settled.effective_on, settled.code) == (SETTLED_ON, "")
    assert (returned.effective_on, returned.code) == (RETURNED_ON, "R01")
    assert (changed.code, changed.amount_cents) == ("C01", 104_608)
    assert len({settled.event_id, returned.event_id, changed.event_id}) == 3


@pytest.mark.parametrize(
    "match",
    [
        replace(SETTLED, amount_cents=104_607),
        replace(RETURNED, amount_cents=104_609),
        replace(SETTLED, state="settled", settled_on=date(2026, 11, 24)),
        replace(RETURNED, state="returned", returned_on=RETURNED_ON, return_code="R02"),
        replace(SETTLED, state="received"),
        replace(RETURNED, attempt=2),
        replace(RETURNED, code="R61"),
        replace(RETURNED, code="R73", state="settled", settled_on=SETTLED_ON),
        replace(SETTLED, dated_on=date(2027, 1, 1)),
        replace(RETURNED, dated_on=date(2028, 1, 1)),
        replace(CHANGED, attempt=2),
    ],
)
def test_what_contradicts_the_books_moves_nothing_and_is_told_to_nobody(match: Match) -> None:
    judgement = judge(match)
    assert judgement.outcome == "mismatched"
    assert judgement.standing is None
    assert judgement.event is None
    (alarm,) = judge_all([match]).alarms
    assert match.trace_number in alarm.sentence


def test_two_returns_of_one_debit_in_one_file_return_it_once() -> None:
    second = replace(RETURNED, item_id=9, code="R02")
    judged = judge_all([RETURNED, second])
    assert [outcome for _, outcome in judged.outcomes] == ["applied", "mismatched"]
    assert judged.standings[RETURNED.instruction_id].return_code == "R01"


@pytest.mark.parametrize(
    ("changes", "states", "consequence"),
    [
        ({}, ["in_file", "in_file"], "acknowledge"),
        ({}, ["settled", "in_file"], "acknowledge"),
        ({"state": "acknowledged"}, ["acknowledged"] * 2, "nothing"),
        ({"state": "rejected"}, ["received"] * 2, "mismatched"),
        ({"file_sha256": "c" * 64}, ["in_file"] * 2, "mismatched"),
        ({"answer_entries": 1}, ["in_file"] * 2, "mismatched"),
        ({"answer_debit_cents": 299}, ["in_file"] * 2, "mismatched"),
        ({"answer_credit_cents": 1}, ["in_file"] * 2, "mismatched"),
        ({"accepted": False}, ["in_file"] * 2, "reject"),
        ({"accepted": False}, ["settled", "in_file"], "mismatched"),
        ({"accepted": False, "state": "acknowledged"}, ["acknowledged"] * 2, "mismatched"),
        ({"accepted": False, "state": "rejected"}, ["received"] * 2, "nothing"),
    ],
)
def test_what_an_acknowledgement_leads_to(
    changes: dict[str, object], states: list[str], consequence: str
) -> None:
    assert judge_answer(replace(ANSWER, **changes), states) == consequence


def test_the_database_knows_the_same_states_as_the_lifecycle() -> None:
    schema = (Path(customhouse.bank.__file__).parent / "schema" / "0001_bank.sql").read_text()
    listed = schema.split("state text not null check (\n    state in (")[1].split(")")[0]
    assert {state.strip(" '\n") for state in listed.split(",")} == DEBIT.states
