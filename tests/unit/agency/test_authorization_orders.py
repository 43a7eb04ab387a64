"""An order as it is read from JSON values, told without a database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from customhouse.agency.authorization_orders import MOST_STATEMENTS, read_order
from customhouse.faults import Refused

ITEM = {"statement_number": "3927328001", "amount_cents": 104_608}
ORDER: dict[str, Any] = {
    "filer_code": "B76",
    "payer_unit_number": "100001",
    "statements": [ITEM],
}
MINE = ("B76",)


def refusals(body: object) -> list[str]:
    """Give the codes for which an order is refused as a whole."""
    with pytest.raises(Refused) as refused:
        read_order(body, MINE)
    return [fault.code for fault in refused.value.faults]


def test_an_order_becomes_requests_as_abi_says_them() -> None:
    order = read_order({**ORDER, "debit_on": "2026-11-27"}, MINE)
    assert order.statements is not None
    request = order.request_of(order.statements[0])
    assert (request.amount_text, request.payment_type, request.negation) == ("0000104608", "02", "")
    assert order.debit_on == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ([], ["order-field-wrong"]),
        ({**ORDER, "filer_code": "C08"}, ["filer-not-of-sender"]),
        ({**ORDER, "filer_code": None}, ["order-field-missing"]),
        ({**ORDER, "payer_unit_number": 100001}, ["order-field-wrong"]),
        ({**ORDER, "payer_unit_number": "1\x00"}, ["order-field-wrong"]),
        ({**ORDER, "debit_on": "20261127"}, ["order-field-wrong"]),
        ({**ORDER, "debit_on": "2026-02-30"}, ["order-field-wrong"]),
        ({**ORDER, "until": "2026-12-01"}, ["order-field-wrong"]),
        ({**ORDER, "statements": []}, ["order-field-wrong"]),
        ({**ORDER, "statements": [ITEM] * (MOST_STATEMENTS + 1)}, ["order-field-wrong"]),
        ({**ORDER, "all_due": True}, ["order-statements-unclear"]),
        ({**ORDER, "all_due": "yes", "colour": 1}, ["order-field-unknown", "order-field-wrong"]),
        ({"filer_code": "B76", "payer_unit_number": "100001"}, ["order-statements-unclear"]),
    ],
)
def test_what_is_wrong_with_the_order_refuses_it_whole(body: object, codes: list[str]) -> None:
    assert refusals(body) == codes


@pytest.mark.parametrize(
    "amount", [1.0, "104608", True, -1, 10_000_000_000, [], {}, "１００", 10**30]
)
def test_an_amount_is_whole_cents_of_ten_digits(amount: object) -> None:
    """A6: anything else refuses its own item."""
    order = read_order({**ORDER, "statements": [{**ITEM, "amount_cents": amount}, ITEM]}, MINE)
    assert order.statements is not None
    assert [[fault.code for fault in each.faults] for each in order.statements] == [
        ["order-field-wrong"],
        [],
    ]


@pytest.mark.parametrize("spelled", ["B76-0324527-8", "B7603245278", "03245278", "B76 03245278"])
def test_entries_are_known_by_their_eight_digits(spelled: str) -> None:
    entries = [{"entry_number": spelled, "amount_cents": 5}]
    order = read_order({**ORDER, "statements": [{**ITEM, "entries": entries}]}, MINE)
    assert order.statements is not None
    assert order.statements[0].entries == {"03245278": 5}


def test_an_entry_is_listed_once() -> None:
    entries = [{"entry_number": "03245278", "amount_cents": 5}] * 2
    order = read_order({**ORDER, "statements": [{**ITEM, "entries": entries}]}, MINE)
    assert order.statements is not None
    assert [fault.code for fault in order.statements[0].faults] == ["order-field-wrong"]


@pytest.mark.parametrize(
    ("first", "second", "codes"),
    [
        ({}, {}, []),
        ({}, {"debit_on": "2026-11-27"}, []),  # the day of the whole order
        ({}, {"debit_on": "2026-11-30"}, ["order-days-differ"]),
        ({"debit_on": "2026-11-30"}, {}, ["order-days-differ"]),
    ],
)
def test_one_statement_has_one_day_of_debit(
    first: dict[str, str], second: dict[str, str], codes: list[str]
) -> None:
    """DEB-15: an item never takes the day of another one that names the same statement."""
    items = [{**ITEM, **first}, {**ITEM, **second}]
    order = read_order({**ORDER, "debit_on": "2026-11-27", "statements": items}, MINE)
    assert order.statements is not None
    assert [[fault.code for fault in each.faults] for each in order.statements] == [[], codes]
