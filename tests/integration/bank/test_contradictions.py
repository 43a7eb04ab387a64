"""Reports that contradict each other or the books: no debit goes out twice, no report is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.bank.exchange import Exchange
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, Branch, instruction
from tests.integration.bank.operator_files import (
    Sent,
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)


def send_one(branch: Branch, exchange: Exchange) -> Sent:
    """Instruct one debit and give it as the operator reads it."""
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    (debit,) = sent(outbound(exchange)[-1])
    return debit


def alarms(branch: Branch) -> list[str]:
    return [str(kind) for (kind,) in branch.rows("select kind from alarm where cleared_at is null")]


def test_a_file_refused_for_its_name_is_taken_under_the_right_one(
    branch: Branch, exchange: Exchange
) -> None:
    content = settlement([send_one(branch, exchange)], WEDNESDAY)
    deliver(exchange, "report.csv", content)
    branch.intake()
    assert branch.rows("select outcome from inbound_file") == [("quarantined",)]
    assert alarms(branch) == ["file-quarantined"]
    deliver(exchange, "report.settlement.csv", content)
    branch.intake()
    kept = branch.rows("select name, outcome, faults, deliveries from inbound_file")
    assert kept == [("report.settlement.csv", "taken", 0, 2)]
    assert alarms(branch) == []
    assert set(branch.states().values()) == {"settled"}


def test_a_report_with_a_wrong_amount_is_made_good_by_the_right_one(
    branch: Branch, exchange: Exchange
) -> None:
    debit = send_one(branch, exchange)
    wrong = replace(debit, amount_cents=debit.amount_cents + 1)
    deliver(exchange, "a.settlement.csv", settlement([wrong], WEDNESDAY))
    branch.intake()
    assert set(branch.states().values()) == {"in_file"}
    deliver(exchange, "b.settlement.csv", settlement([debit], WEDNESDAY))
    branch.intake()
    assert set(branch.states().values()) == {"settled"}
    assert alarms(branch) == ["item-mismatched"]


@pytest.mark.parametrize("reason", ["BAD TOTALS", "NOT TODAY", "CLOSED", "UNREADABLE"])
def test_a_file_both_accepted_and_refused_does_not_go_out_again(
    branch: Branch, exchange: Exchange, reason: str
) -> None:
    send_one(branch, exchange)
    (path,) = outbound(exchange)
    deliver(exchange, "a.ack.json", acknowledgement(path, reason=reason))
    deliver(exchange, "b.ack.json", acknowledgement(path))
    branch.run(WEDNESDAY)
    assert outbound(exchange) == [path]
    assert set(branch.states().values()) == {"acknowledged"}
    assert alarms(branch) == ["acknowledgement-mismatched"]


def test_a_file_refused_and_settled_in_one_delivery_does_not_go_out_again(
    branch: Branch, exchange: Exchange
) -> None:
    debit = send_one(branch, exchange)
    (path,) = outbound(exchange)
    deliver(exchange, "a.ack.json", acknowledgement(path, reason="BAD TOTALS"))
    deliver(exchange, "b.settlement.csv", settlement([debit], WEDNESDAY))
    branch.run(WEDNESDAY)
    assert outbound(exchange) == [path]
    assert set(branch.states().values()) == {"settled"}
    assert alarms(branch) == ["acknowledgement-mismatched"]


@pytest.mark.parametrize(
    ("settled_on", "alarm"),
    [
        (date(1999, 1, 4), "item-unmatched"),
        (date(2026, 11, 23), "item-unmatched"),
        (date(2026, 12, 27), "item-mismatched"),
        (date(9999, 12, 31), "item-mismatched"),
    ],
)
def test_a_settlement_on_an_impossible_date_is_never_told(
    branch: Branch, exchange: Exchange, settled_on: date, alarm: str
) -> None:
    debit = send_one(branch, exchange)
    deliver(exchange, "a.settlement.csv", settlement([debit], settled_on))
    branch.intake()
    assert set(branch.states().values()) == {"in_file"}
    assert [event.kind for event in branch.events()] == ["in_file"]
    assert alarms(branch) == [alarm]


def test_a_return_finds_its_own_debit_when_the_trace_is_used_again(
    branch: Branch, exchange: Exchange
) -> None:
    first = send_one(branch, exchange)
    deliver(exchange, "a.settlement.csv", settlement([first], WEDNESDAY))
    branch.run(WEDNESDAY)
    with branch.office() as office:
        office.connection.execute("update trace_sequence set last_sequence = 9999999")
    branch.instruct(
        instruction(2, debit_on=FRIDAY), instruction(3, debit_on=FRIDAY, amount_cents=7)
    )
    branch.run(FRIDAY)
    again = [debit.trace_number for debit in sent(outbound(exchange)[-1])]
    assert again[0] == first.trace_number
    back = returns([(first, "R01")], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "b.ret.ach", back)
    branch.intake()
    assert branch.states() == {
        "3927327001": "returned",
        "3927327002": "in_file",
        "3927327003": "in_file",
    }


def test_a_late_return_prefers_the_debit_of_its_amount(branch: Branch, exchange: Exchange) -> None:
    first = send_one(branch, exchange)
    deliver(exchange, "a.settlement.csv", settlement([first], WEDNESDAY))
    branch.run(WEDNESDAY)
    with branch.office() as office:
        office.connection.execute("update trace_sequence set last_sequence = 9999999")
    branch.instruct(instruction(2, debit_on=FRIDAY, amount_cents=7))
    branch.run(FRIDAY)
    late = date(2026, 12, 14)
    deliver(exchange, "b.ret.ach", returns([(first, "R10")], created_on=late, settled_on=late))
    branch.intake()
    assert branch.states() == {"3927327001": "returned", "3927327002": "in_file"}
