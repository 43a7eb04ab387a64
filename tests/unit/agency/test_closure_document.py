"""Closings are read strictly, each item with its own faults."""

from __future__ import annotations

import json
from datetime import date

import pytest

from customhouse.agency.closure_document import read_closures
from customhouse.agency.closures import Closure
from customhouse.business_days import FEDERAL_OFFICES
from customhouse.faults import Refused

MONDAY = date(2026, 11, 23)
GOOD = {"closed_on": "2026-12-24", "reason": "Executive order"}


def codes_of(item: object) -> list[str]:
    raw = json.dumps([item]).encode()
    (reading,) = read_closures(raw, business_date=MONDAY, calendar=FEDERAL_OFFICES)
    assert (reading.closure is None) is bool(reading.faults)
    return [fault.code for fault in reading.faults]


def test_what_is_left_out_counts_from_the_open_day_at_all_ports() -> None:
    raw = json.dumps([GOOD, {**GOOD, "port": "3901", "withdrawn_on": "2026-12-01"}]).encode()
    first, second = read_closures(raw, business_date=MONDAY, calendar=FEDERAL_OFFICES)
    assert first.closure == Closure(date(2026, 12, 24), "Executive order", MONDAY)
    assert second.closure == Closure(
        date(2026, 12, 24), "Executive order", MONDAY, "3901", date(2026, 12, 1)
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"closed_on": "2026-11-23"}, "closure-too-late"),
        ({"closed_on": "2026-12-25"}, "closure-on-closed-day"),
        ({"closed_on": "2026-12-26"}, "closure-on-closed-day"),
        ({"closed_on": "2061-01-03"}, "closure-field-wrong"),
        ({"closed_on": "2026-02-30"}, "closure-field-wrong"),
        ({"closed_on": 20261224}, "closure-field-wrong"),
        ({"reason": ""}, "closure-field-wrong"),
        ({"reason": "x" * 81}, "closure-field-wrong"),
        ({"port": "39"}, "closure-field-wrong"),
        ({"until": "2026-12-24"}, "closure-field-wrong"),
        ({"withdrawn_on": "2026-11-20"}, "closure-field-wrong"),
        ({"effective_on": "soon"}, "closure-field-wrong"),
    ],
)
def test_a_wrong_item_says_what_is_wrong(changes: dict[str, object], expected: str) -> None:
    assert codes_of({**GOOD, **changes}) == [expected]


@pytest.mark.parametrize("raw", [b"{}", b"[1.5]", b"\xff", b"[" * 2_000_000])
def test_what_is_no_list_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_closures(raw, business_date=MONDAY, calendar=FEDERAL_OFFICES)
    assert refused.value.faults[0].code == "closures-unreadable"


def test_no_object_is_no_closing() -> None:
    assert codes_of("2026-12-24") == ["closure-field-wrong"]
