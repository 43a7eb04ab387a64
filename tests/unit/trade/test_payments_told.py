"""How an order is spelled, and how the agency's answers to it are told, without an agency."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from customhouse.faults import Refused
from customhouse.trade.cli_statements import app
from customhouse.trade.client_payments import (
    MOST_STATEMENTS,
    PaymentOrder,
    content_key,
    stands_as_ordered,
)
from customhouse.trade.payments_told import order_lines, statement_line

NUMBER = "3927328001"
BODY = {"filer_code": "B76", "payer_unit_number": "100001"}
ALREADY = {"code": "statement-already-authorized", "detail": "It is.", "next_step": "Wait."}
STANDING = {
    "attempt": 1,
    "payer_unit_number": "100001",
    "amount_cents": 104_608,
    "accepted_on": "2026-11-24",
    "expected_debit_on": "2026-11-27",
}


def outcome(**values: Any) -> dict[str, Any]:
    """Give a refused outcome of a statement that stands as it was ordered."""
    return {
        "statement_number": NUMBER,
        "amount_cents": 104_608,
        "outcome": "refused",
        "attempt": None,
        "expected_debit_on": None,
        "debit_on_chosen": False,
        "faults": [ALREADY],
        "standing": STANDING,
        "difference": None,
        **values,
    }


def lines(*outcomes: dict[str, Any], **values: Any) -> str:
    """Tell an answer with these outcomes."""
    answer = {"outcomes": outcomes, "left_out": [], "has_more": False, "advice": "Hold.", **values}
    return "\n".join(order_lines(BODY, [answer], tried=False))


@pytest.mark.parametrize(
    ("asked", "seen", "stands"),
    [
        ({}, {}, True),
        ({"debit_on": "2026-11-27"}, {}, True),
        ({"debit_on": "2026-11-30"}, {}, False),
        ({"payer_unit_number": "100002"}, {}, False),
        ({}, {"amount_cents": 104_609}, False),
        ({}, {"faults": [ALREADY, {**ALREADY, "code": "amount-not-equal"}]}, False),
        ({}, {"standing": None}, False),
    ],
)
def test_only_what_stands_as_it_was_ordered_counts_as_done(
    *, asked: dict[str, Any], seen: dict[str, Any], stands: bool
) -> None:
    assert stands_as_ordered(BODY | asked, outcome(**seen)) is stands


def test_what_stands_is_told_without_its_fault() -> None:
    told = lines(outcome())
    assert "authorized before" in told
    assert "It is." not in told
    assert "0 authorized, $0.00; 1 authorized before, $1,046.08; 0 refused" in told


def test_a_preview_does_not_count_what_was_authorized_before() -> None:
    new = outcome(outcome="accepted", standing=None, faults=[], amount_cents=500)
    refused = outcome(standing=None, amount_cents=700)
    outcomes = [outcome(), new, refused]
    answer = {"outcomes": outcomes, "left_out": [], "has_more": False, "advice": "Hold."}
    told = "\n".join(order_lines(BODY, [answer], tried=True))
    assert "1 would be authorized, $5.00; 1 authorized before, $1,046.08; 1 refused" in told


def test_a_difference_names_its_entries_and_what_nothing_explains() -> None:
    entry = {
        "kind": "not-listed",
        "entry_number": "03245278",
        "asked_cents": None,
        "books_cents": 500,
        "removed_on": None,
        "removed_source": None,
    }
    difference = {
        "difference_cents": -600,
        "unexplained_cents": -100,
        "is_only_choice": False,
        "entries": [entry],
    }
    told = lines(outcome(standing=None, difference=difference), left_out=["3927328009"])
    assert "the amount is $6.00 less than the total" in told
    assert "entry 03245278 is on the statement, not in your list: $5.00" in told
    assert "nothing found explains -$1.00 of it" in told
    assert "would explain it as well" in told
    assert "3927328009 is left out" in told


def test_an_order_is_cut_into_requests_of_the_allowed_size() -> None:
    amounts = {f"39273{number:05}": number for number in range(MOST_STATEMENTS + 1)}
    order = PaymentOrder("B76", "100001", amounts, debit_on=date(2026, 11, 27))
    first, second = order.bodies()
    assert (len(first["statements"]), len(second["statements"])) == (MOST_STATEMENTS, 1)
    assert content_key(first) != content_key(second)
    assert content_key(first) == content_key(dict(reversed(first.items())))
    (every,) = PaymentOrder("B76", "100001", None, until=date(2026, 12, 1)).bodies()
    assert (every["all_due"], every["until"]) == (True, "2026-12-01")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], "nothing-ordered"),
        (["--all-due", f"{NUMBER}=1.00"], "nothing-ordered"),
        ([NUMBER], "order-item-unreadable"),
        ([f"{NUMBER}=1e3"], "order-item-unreadable"),
        ([f"{NUMBER}=1.00", f"{NUMBER}=1.00"], "order-item-unreadable"),
        (["--file", "nowhere.csv"], "file-unreadable"),
    ],
)
def test_an_order_that_cannot_be_read_is_not_sent(words: list[str], code: str) -> None:
    """A6: an amount is dollars with two decimals, nothing else."""
    done = CliRunner().invoke(app, ["authorize", "--unit", "100001", *words])
    assert isinstance(done.exception, Refused)
    assert [fault.code for fault in done.exception.faults] == [code]


def test_a_file_names_the_line_that_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "pay.csv"
    path.write_text(f"statement_number,amount\n{NUMBER},\n")
    done = CliRunner().invoke(app, ["preview", "--unit", "100001", "--file", str(path)])
    assert isinstance(done.exception, Refused)
    assert "line 2" in done.exception.faults[0].sentence


@pytest.mark.parametrize(
    "amount", ["1317,16", "1,317.16", "13,17.16", "$1317.16", "+1317.16", "1e3"]
)
def test_no_amount_is_guessed(amount: str) -> None:
    """F10: a comma may be a decimal sign elsewhere; only dollars and cents with a point count."""
    order = ["authorize", "--unit", "100001", f"3927328001={amount}"]
    done = CliRunner().invoke(app, order)
    assert isinstance(done.exception, Refused)
    assert [each.code for each in done.exception.faults] == ["order-item-unreadable"]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({}, ""),
        ({"state": "authorized", "debit_on": "2026-11-27"}, "debit expected 2026-11-27"),
        ({"state": "paid", "paid_on": "2026-11-25"}, "paid by ACH Credit 2026-11-25"),
        ({"state": "final", "paid_on": "2026-11-25"}, "paid by ACH Credit 2026-11-25"),
        ({"waiting_cents": 4_000}, "$40.00 arrived by ACH Credit, $60.00 missing"),
        ({"state": "cancelled", "waiting_cents": 4_000, "total_cents": 0}, ""),
    ],
)
def test_a_line_of_the_list_tells_where_the_payment_stands(
    values: dict[str, object], told: str
) -> None:
    statement = {
        "statement_number": "3927328001",
        "state": "preliminary",
        "due_on": None,
        "debit_on": None,
        "paid_on": None,
        "total_cents": 10_000,
        "waiting_cents": 0,
        **values,
    }
    total = "$0.00" if values.get("total_cents") == 0 else "$100.00"
    assert statement_line(statement).split() == [
        *("3927328001", statement["state"], total),
        *told.split(),
    ]
