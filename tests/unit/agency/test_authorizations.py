"""Rules of payment authorization, judged without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency.authorization_facts import Facts, StatementFacts
from customhouse.agency.authorizations import judge
from customhouse.agency.parties import UsableUnit
from customhouse.formats.abi_messages import AuthorizationRequest

TODAY = date(2026, 11, 24)
EXPECTED = date(2026, 11, 27)
NUMBER = "3927328001"
X, Y = "12-345678900", "98-765432100"

STATEMENT = StatementFacts(
    filer_code="B76",
    statement_number=NUMBER,
    payer_party_id=1,
    payment_type="3",
    state="preliminary",
    total_cents=104_608,
    due_on=date(2026, 12, 4),
    attempts=0,
    billed=False,
)
LIVE = replace(
    STATEMENT,
    state="authorized",
    attempts=1,
    live_payer_unit="100001",
    live_amount_cents=104_608,
    live_batch_id=7,
    live_accepted_on=TODAY,
)
OWN = UsableUnit("100001", "B76", None, date(2026, 1, 1), designated=False)
OF_X = UsableUnit("200001", None, X, date(2026, 1, 1), designated=True)
NOT_DESIGNATED = UsableUnit("300001", None, X, date(2026, 1, 1), designated=False)
LATER = UsableUnit("400001", "B76", None, date(2026, 11, 25), designated=False)

RIGHT = AuthorizationRequest("100001", "02", "B76", NUMBER, "0000104608")


def _facts(statement: StatementFacts = STATEMENT, **values: object) -> Facts:
    facts = Facts(
        filer_code="B76",
        business_date=TODAY,
        debit_on=EXPECTED,
        statements={NUMBER: statement},
        importers={NUMBER: {X: 2}},
        units={unit.payer_unit_number: unit for unit in (OWN, OF_X, NOT_DESIGNATED, LATER)},
    )
    return replace(facts, **values)


def _codes(request: AuthorizationRequest, facts: Facts) -> list[str]:
    (outcome,) = judge([request], facts)
    return [fault.kind.abi_code for fault in outcome.faults]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"payer_unit_number": "200001"}, []),
        ({"payer_unit_number": "300001"}, ["D05"]),
        ({"payer_unit_number": "999999"}, ["D05"]),
        ({"payer_unit_number": "400001"}, ["D07"]),
        ({"payer_unit_number": "000000"}, ["D11"]),
        ({"payer_unit_number": ""}, ["D11"]),
        ({"payment_type": "01"}, ["D09"]),
        ({"payment_type": ""}, ["D09"]),
        ({"filer_code": "C08"}, ["D08"]),
        ({"statement_number": "3927328999"}, ["D01"]),
        ({"statement_number": "39273280"}, ["D12"]),
        ({"negation": "N"}, ["D13"]),
        ({"amount_text": "0000104607"}, ["D04"]),
        ({"amount_text": "0000104609"}, ["D04"]),
        ({"amount_text": "0000000000"}, ["D04"]),
        ({"amount_text": "1E3"}, ["D10"]),
        ({"amount_text": ""}, ["D10"]),
        ({"amount_text": "１２３４５６７８９０"}, ["D10"]),
        ({"amount_text": "+000104608"}, ["D10"]),
        (
            {"amount_text": "1", "payment_type": "9", "payer_unit_number": "x"},
            ["D09", "D10", "D11"],
        ),
        ({"amount_text": "0000000001", "payer_unit_number": "300001"}, ["D05", "D04"]),
    ],
)
def test_each_request_gets_all_its_faults(change: dict[str, str], codes: list[str]) -> None:
    """A6, DEB-07, SEC-05 to SEC-07: every fault of a request and no more."""
    assert _codes(replace(RIGHT, **change), _facts()) == codes


def test_unit_of_an_importer_pays_no_mixed_statement() -> None:
    """SEC-06: one entry of another importer is enough to refuse; the broker's own unit may."""
    facts = _facts(importers={NUMBER: {X: 2, Y: 1}})
    assert _codes(replace(RIGHT, payer_unit_number="200001"), facts) == ["D06"]
    assert _codes(RIGHT, facts) == []


def test_second_request_of_a_batch_sees_the_first() -> None:
    """DEB-04: within one batch the first right request wins, whatever stands before it."""
    wrong = replace(RIGHT, amount_text="0000000001")
    outcomes = judge([wrong, RIGHT, RIGHT], _facts())
    assert [[f.kind.abi_code for f in o.faults] for o in outcomes] == [["D04"], [], ["D03"]]
    assert [o.acceptance is not None for o in outcomes] == [False, True, False]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (LIVE, "D03"),
        (replace(LIVE, state="final"), "D03"),
        (replace(STATEMENT, state="cancelled", total_cents=0), "D02"),
    ],
)
def test_statement_that_is_not_open(statement: StatementFacts, code: str) -> None:
    """A live authorization or a cancelled statement refuses another."""
    assert _codes(RIGHT, _facts(statement)) == [code]


def test_identical_batch_is_accepted_again_without_a_second_acceptance() -> None:
    """The same bytes sent before: accepted, nothing new; another unit is no repetition."""
    facts = _facts(LIVE, earlier_batches=frozenset({7}))
    (outcome,) = judge([RIGHT], facts)
    assert outcome.accepted
    assert outcome.acceptance is None
    assert _codes(replace(RIGHT, payer_unit_number="200001"), facts) == ["D03"]
    assert _codes(RIGHT, _facts(LIVE, earlier_batches=frozenset({6}))) == ["D03"]


def test_next_attempt_counts_on() -> None:
    """After a return the statement is open again and the attempt gets the next number."""
    (outcome,) = judge([RIGHT], _facts(replace(STATEMENT, attempts=1, billed=True)))
    assert outcome.acceptance is not None
    assert outcome.acceptance.attempt == 2


AGAIN = replace(RIGHT, negation="Y")


@pytest.mark.parametrize(
    ("change", "statement", "codes"),
    [
        ({}, LIVE, []),
        ({}, STATEMENT, ["D15"]),
        ({}, replace(LIVE, live_accepted_on=date(2026, 11, 23)), ["D16"]),
        ({}, replace(LIVE, live_left=True), ["D17"]),
        ({"amount_text": "0000104607"}, LIVE, ["D18"]),
        ({"amount_text": "104607"}, LIVE, ["D10"]),
        ({"payer_unit_number": "200001"}, LIVE, ["D19"]),
        ({"payer_unit_number": "300001", "amount_text": "0000000001"}, LIVE, ["D18", "D19"]),
        ({"statement_number": "3927328999"}, LIVE, ["D01"]),
        ({"filer_code": "C08"}, LIVE, ["D08"]),
    ],
)
def test_negation_undoes_what_it_repeats_on_the_same_day(
    change: dict[str, str], statement: StatementFacts, codes: list[str]
) -> None:
    """A10, DEB-04: only the live authorization of today, of this unit and this amount."""
    assert _codes(replace(AGAIN, **change), _facts(statement)) == codes


def test_negation_asks_nothing_of_the_unit_any_more() -> None:
    """A unit that was taken back since can still be spared its debit."""
    live = replace(LIVE, live_payer_unit="300001")
    request = replace(AGAIN, payer_unit_number="300001")
    assert _codes(request, _facts(live)) == []


def test_requests_of_a_batch_see_what_was_negated_before_them() -> None:
    """DEB-04: paid, undone and paid again in one batch is the second attempt."""
    outcomes = judge([RIGHT, AGAIN, AGAIN, RIGHT], _facts())
    assert [[f.kind.abi_code for f in o.faults] for o in outcomes] == [[], [], ["D15"], []]
    assert [o.negation.attempt if o.negation else None for o in outcomes] == [None, 1, None, None]
    assert [o.acceptance.attempt if o.acceptance else None for o in outcomes] == [1, None, None, 2]


def test_negation_delivered_again_is_accepted_without_effect() -> None:
    """The same bytes achieved it before: nothing is done twice, and nobody is refused."""
    undone = replace(STATEMENT, attempts=1, negated_batch_id=9)
    facts = _facts(undone, earlier_batches=frozenset({9}))
    (outcome,) = judge([AGAIN], facts)
    assert outcome.accepted
    assert outcome.negation is None
    assert _codes(AGAIN, _facts(undone)) == ["D15"]


def test_a_batch_that_authorized_and_negated_leaves_nothing_when_it_comes_again() -> None:
    """What the first delivery negated was another attempt; the new one is negated as well."""
    undone = replace(STATEMENT, attempts=1, negated_batch_id=9)
    outcomes = judge([RIGHT, AGAIN], _facts(undone, earlier_batches=frozenset({9})))
    assert [o.acceptance.attempt if o.acceptance else None for o in outcomes] == [2, None]
    assert [o.negation.attempt if o.negation else None for o in outcomes] == [None, 2]


@pytest.mark.parametrize(
    ("asked", "due_on", "possible"),
    [
        (date(2026, 11, 26), date(2026, 12, 4), False),  # Thanksgiving, and too early
        (date(2026, 11, 27), date(2026, 12, 4), True),
        (date(2026, 11, 28), date(2026, 12, 4), False),  # a Saturday
        (date(2026, 12, 4), date(2026, 12, 4), True),
        (date(2026, 12, 7), date(2026, 12, 4), False),
        (date(2026, 11, 27), date(2026, 11, 20), True),  # overdue: the first possible day only
        (date(2026, 11, 30), date(2026, 11, 20), False),
        (date(2026, 11, 27), None, True),
        (date(2026, 11, 30), None, False),
    ],
)
def test_payer_chooses_a_banking_day_up_to_the_due_date(
    asked: date, due_on: date | None, *, possible: bool
) -> None:
    """DEB-15: the exact day on which funds leave, between authorization and due date."""
    facts = _facts(replace(STATEMENT, due_on=due_on), debit_dates={NUMBER: asked})
    (outcome,) = judge([RIGHT], facts)
    assert outcome.accepted is possible
    if outcome.acceptance is not None:
        assert (outcome.acceptance.debit_on, outcome.acceptance.debit_on_chosen) == (asked, True)


def test_without_a_wish_the_debit_is_on_the_expected_day() -> None:
    (outcome,) = judge([RIGHT], _facts())
    assert outcome.acceptance is not None
    assert (outcome.acceptance.debit_on, outcome.acceptance.debit_on_chosen) == (EXPECTED, False)


@pytest.mark.parametrize(("payment_type", "codes"), [("3", ["D06"]), ("5", [])])
def test_suffixes_are_one_importer_on_a_statement_of_type_5(
    payment_type: str, codes: list[str]
) -> None:
    """SEC-06: type 5 groups by importer number without suffix, and so may its unit pay."""
    facts = _facts(
        replace(STATEMENT, payment_type=payment_type),
        importers={NUMBER: {X: 1, "12-345678901": 1}},
    )
    assert _codes(replace(RIGHT, payer_unit_number="200001"), facts) == codes
    other = _facts(
        replace(STATEMENT, payment_type="5"), importers={NUMBER: {X: 1, "12-345678801": 1}}
    )
    assert _codes(replace(RIGHT, payer_unit_number="200001"), other) == ["D06"]
