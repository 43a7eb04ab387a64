"""Late, double and contested returns at the bank, through the files of the exchange folder."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date

import pytest

from customhouse.bank import disputes
from customhouse.bank.exchange import Exchange
from customhouse.bank.resolutions import open_alarms
from customhouse.faults import Refused
from customhouse.formats.nacha_records import DishonoredAddenda99
from tests.integration.bank.answers import answered, answers, contested
from tests.integration.bank.branch import CANARY, TUESDAY, WEDNESDAY, Branch, instruction
from tests.integration.bank.operator_files import (
    Sent,
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)

LATE = date(2026, 12, 7)
DISHONORED_ON = date(2026, 12, 8)
CONTESTED_ON = date(2026, 12, 10)
AFTER = date(2026, 12, 14)


def settle_one(branch: Branch, exchange: Exchange) -> Sent:
    """Send one debit and settle it on Wednesday."""
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    (debit,) = sent(path)
    deliver(exchange, "a.ack.json", acknowledgement(path))
    deliver(exchange, "a.settlement.csv", settlement([debit], WEDNESDAY))
    branch.intake()
    return debit


def return_late(branch: Branch, exchange: Exchange, debit: Sent, *, code: str = "R29") -> None:
    """Deliver a return that settles on 7 December, and run the bank's next day."""
    branch.run(LATE)
    back = returns([(debit, code)], created_on=LATE, settled_on=LATE)
    deliver(exchange, "late.ret.ach", back)
    branch.run(DISHONORED_ON)


def acknowledge(exchange: Exchange) -> None:
    """Let the operator take the one file of answers."""
    (path,) = answers(exchange)
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))


def states(branch: Branch) -> list[tuple[object, ...]]:
    return branch.rows("select dishonor_code, carried_by, state from dispute order by dispute_id")


def kinds(branch: Branch) -> list[str]:
    return [each.kind for each in branch.events()]


def alarms(branch: Branch) -> list[str]:
    with branch.office() as office:
        return [each.kind for each in open_alarms(office.connection)]


def test_a_late_return_is_dishonored_and_stands_when_nobody_contests(
    branch: Branch, exchange: Exchange
) -> None:
    """C7: R68 within five banking days; uncontested, the debit stays settled."""
    debit = settle_one(branch, exchange)
    return_late(branch, exchange, debit)
    assert branch.states() == {"3927327001": "settled"}
    assert states(branch) == [("R68", "agency", "dishonored")]
    (path,) = answers(exchange)
    ((entry, addenda),) = answered(path)
    assert isinstance(addenda, DishonoredAddenda99)
    assert (entry.transaction_code, entry.amount_cents) == (26, debit.amount_cents)
    assert entry.account_number == f"{CANARY}001"
    assert (addenda.return_code, addenda.return_reason) == ("R68", "29")
    assert addenda.original_trace == debit.trace_number
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
    branch.run(AFTER)
    assert states(branch) == [("R68", "agency", "won")]
    assert kinds(branch) == ["in_file", "acknowledged", "settled", "return_disputed", "dispute_won"]
    assert alarms(branch) == []
    branch.run(AFTER)
    assert len(answers(exchange)) == 1


def test_what_the_operator_never_took_is_not_won(branch: Branch, exchange: Exchange) -> None:
    """C7, C13: without the operator's answer nobody was asked, and no silence means consent."""
    debit = settle_one(branch, exchange)
    return_late(branch, exchange, debit)
    branch.run(AFTER)
    assert states(branch) == [("R68", "agency", "dishonored")]
    assert kinds(branch)[-1] == "return_disputed"
    assert alarms(branch) == ["answer-missing"]
    acknowledge(exchange)
    branch.run(date(2026, 12, 15))
    assert states(branch) == [("R68", "agency", "won")]
    assert alarms(branch) == []


def test_a_contested_return_waits_for_a_person(branch: Branch, exchange: Exchange) -> None:
    """C7: contested in time, it is its own state; accepted, the debit has come back."""
    debit = settle_one(branch, exchange)
    return_late(branch, exchange, debit)
    (path,) = answers(exchange)
    insists = contested(path, debit, code="R73", on=CONTESTED_ON)
    branch.run(CONTESTED_ON)
    deliver(exchange, "contested.ret.ach", insists)
    branch.run(AFTER)
    assert states(branch) == [("R68", "agency", "contested")]
    assert alarms(branch) == ["return-contested"]
    with branch.office() as office:
        disputes.accept(office, 1, on=AFTER, by="Ada Officer", reason="it was in time")
        with pytest.raises(Refused, match="is lost"):
            disputes.win(office, 1, on=AFTER, by="Ada Officer", reason="again")
    assert branch.states() == {"3927327001": "returned"}
    assert kinds(branch)[-2:] == ["return_disputed", "dispute_lost"]
    assert alarms(branch) == []


def test_a_contest_that_came_too_late_does_not_count(branch: Branch, exchange: Exchange) -> None:
    """C7: two banking days after the dishonored return settled, its time has run out."""
    debit = settle_one(branch, exchange)
    return_late(branch, exchange, debit)
    (path,) = answers(exchange)
    too_late = contested(path, debit, code="R73", on=AFTER)
    acknowledge(exchange)
    branch.run(date(2026, 12, 11))
    deliver(exchange, "c.ret.ach", too_late)
    branch.run(AFTER)
    assert states(branch) == [("R68", "agency", "won")]
    assert alarms(branch) == ["item-mismatched"]


def test_a_second_return_is_dishonored_as_a_duplicate(branch: Branch, exchange: Exchange) -> None:
    """C7: the agency's books have the first one only; the bank carries the second."""
    debit = settle_one(branch, exchange)
    first = returns([(debit, "R01")], created_on=TUESDAY, settled_on=date(2026, 11, 27))
    deliver(exchange, "a.ret.ach", first)
    branch.intake()
    return_late(branch, exchange, debit, code="R01")
    assert states(branch) == [("R67", "bank", "dishonored")]
    assert kinds(branch) == ["in_file", "acknowledged", "settled", "returned"]
    acknowledge(exchange)
    branch.run(AFTER)
    assert states(branch) == [("R67", "bank", "won")]
    assert alarms(branch) == []


def test_a_return_of_another_amount_is_dishonored_for_its_field(
    branch: Branch, exchange: Exchange
) -> None:
    """C8: never posted; R69 names the amount (03)."""
    debit = settle_one(branch, exchange)
    wrong = replace(debit, amount_cents=debit.amount_cents - 1)
    return_late(branch, exchange, wrong, code="R01")
    assert branch.states() == {"3927327001": "settled"}
    (path,) = answers(exchange)
    ((_, addenda),) = answered(path)
    assert isinstance(addenda, DishonoredAddenda99)
    assert (addenda.return_code, addenda.information.strip()) == ("R69", "03")


@pytest.mark.parametrize("agreed", [True, False])
def test_a_return_by_agreement_asks_a_person(
    branch: Branch, exchange: Exchange, *, agreed: bool
) -> None:
    """C7: R31 is permissible where it was agreed to; else it is dishonored as R70."""
    debit = settle_one(branch, exchange)
    return_late(branch, exchange, debit, code="R31")
    assert states(branch) == [("R70", "agency", "asked")]
    assert alarms(branch) == ["return-not-agreed"]
    with branch.office() as office:
        if agreed:
            disputes.accept(office, 1, on=DISHONORED_ON, by="Ada", reason="agreed by telephone")
        else:
            disputes.dishonor(office, 1, by="Ada", reason="nobody asked for it")
    branch.run(date(2026, 12, 9))
    expected = "lost" if agreed else "dishonored"
    assert states(branch) == [("R70", "agency", expected)]
    assert len(answers(exchange)) == (0 if agreed else 1)
    assert alarms(branch) == []


def test_a_refused_file_of_answers_goes_out_again(branch: Branch, exchange: Exchange) -> None:
    debit = settle_one(branch, exchange)
    return_late(branch, exchange, debit)
    (path,) = answers(exchange)
    deliver(
        exchange, "x.ack.json", acknowledgement(path, reason="CLOSED", entries=0, debit_cents=0)
    )
    branch.run(date(2026, 12, 9))
    assert [each.name == path.name for each in answers(exchange)] == [True, False]
    assert states(branch) == [("R68", "agency", "dishonored")]


def test_what_nobody_dishonored_in_time_is_lost(branch: Branch, exchange: Exchange) -> None:
    debit = settle_one(branch, exchange)
    return_late(branch, exchange, debit, code="R06")
    branch.run(date(2026, 12, 15))
    assert states(branch) == [("R70", "agency", "lost")]
    assert branch.states() == {"3927327001": "returned"}


ORDERS = list(itertools.permutations(("settlement", "return", "ack")))


@pytest.mark.parametrize("order", ORDERS, ids=["-".join(order) for order in ORDERS])
@pytest.mark.parametrize("returned_on", [date(2026, 11, 30), date(2026, 12, 2)])
def test_the_order_of_deliveries_does_not_matter(
    branch: Branch, exchange: Exchange, order: tuple[str, ...], returned_on: date
) -> None:
    """C3, C7: in time or late, whatever came first, the end is the same."""
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    (debit,) = sent(path)
    files = {
        "settlement": ("s.settlement.csv", settlement([debit], WEDNESDAY)),
        "return": (
            "r.ret.ach",
            returns([(debit, "R29")], created_on=returned_on, settled_on=returned_on),
        ),
        "ack": ("a.ack.json", acknowledgement(path)),
    }
    for which in order:
        deliver(exchange, *files[which])
        branch.intake()
    late = returned_on == date(2026, 12, 2)
    assert branch.states() == {"3927327001": "settled" if late else "returned"}
    assert states(branch) == ([("R68", "agency", "opened")] if late else [])
    assert alarms(branch) == []


@pytest.mark.parametrize(
    ("code", "kind"), [("R18", "return-our-error"), ("R25", "return-our-error")]
)
def test_a_return_for_our_own_fault_calls_a_person(
    branch: Branch, exchange: Exchange, code: str, kind: str
) -> None:
    debit = settle_one(branch, exchange)
    back = returns([(debit, code)], created_on=TUESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "a.ret.ach", back)
    branch.intake()
    assert alarms(branch) == [kind]
