"""Rules of payment authorization, judged without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency.authorizations import Facts, StatementFacts, judge
from customhouse.agency.parties import UsableUnit
from customhouse.formats.abi_messages import AuthorizationRequest

TODAY = date(2026, 11, 24)
NUMBER = "3927328001"
X, Y = "12-345678900", "98-765432100"

STATEMENT = StatementFacts(
    filer_code="B76",
    statement_number=NUMBER,
    payer_party_id=1,
    state="preliminary",
    total_cents=104_608,
    attempts=0,
    billed=False,
    live_payer_unit=None,
    live_amount_cents=None,
    live_batch_id=None,
)
LIVE = replace(
    STATEMENT,
    state="authorized",
    attempts=1,
    live_payer_unit="100001",
    live_amount_cents=104_608,
    live_batch_id=7,
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
        ({"negation": "Y"}, ["D13"]),
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
