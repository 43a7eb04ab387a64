"""A new account that a payer gives for its unit is tried as the first one was (C19, C10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from customhouse.bank import changes, gateway, vault
from customhouse.bank.exchange import Exchange
from customhouse.rails import PayerUnitBinding, PrenoteNews
from tests.integration.bank.branch import CANARY, Branch, details, instruction
from tests.integration.bank.operator_files import (
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
)

MONDAY = date(2026, 11, 2)
NEXT_MONDAY = date(2026, 11, 9)
TUESDAY_AFTER = date(2026, 11, 10)
# Three banking days behind a settlement on Thursday the 12th: Wednesday is Veterans Day.
MATURES = date(2026, 11, 17)


def _tried(branch: Branch, exchange: Exchange) -> None:
    """Let a unit have an account whose prenote has matured, with a debit that waits."""
    with branch.office() as office:
        given = details(1)
        token = vault.capture(office.connection, office.keys, details=given, clock=office.clock)
        binding = PayerUnitBinding("000001", token)
        gateway.bind_payer_unit(office.connection, binding, clock=office.clock, prenote="required")
    branch.run(MONDAY)
    (path,) = outbound(exchange)
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
    branch.run(NEXT_MONDAY)
    assert _news(branch).state == "matured"


def _news(branch: Branch) -> PrenoteNews:
    with branch.office() as office:
        return gateway.list_prenotes(office.connection, 0, most=10)[-1]


def _change(branch: Branch, number: int) -> None:
    with branch.office() as office:
        changes.enter(office, "000001", details=details(number), by="portal")


def test_no_debit_goes_to_a_new_account_before_its_prenote_matured(
    branch: Branch, exchange: Exchange
) -> None:
    _tried(branch, exchange)
    waiting = replace(instruction(1), accepted_on=MONDAY, debit_on=TUESDAY_AFTER)
    assert branch.instruct(waiting) == ["received"]
    _change(branch, 7)
    assert (_news(branch).state, _news(branch).matures_on) == ("pending", None)
    assert branch.instruct(instruction(2, unit=1)) == ["refused"], "nothing new meanwhile"
    branch.run(TUESDAY_AFTER)
    path = outbound(exchange)[-1]
    (only,) = [each.entry for each in sent(path)]
    assert (only.amount_cents, only.account_number) == (0, f"{CANARY}007")
    assert _news(branch).matures_on == MATURES
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
    branch.run(MATURES)
    live = [each.entry for each in sent(outbound(exchange)[-1])]
    assert [(each.amount_cents > 0, each.account_number) for each in live] == [
        (True, f"{CANARY}007")
    ]


def test_a_late_answer_about_the_old_account_stops_nothing(
    branch: Branch, exchange: Exchange
) -> None:
    _tried(branch, exchange)
    (first,) = outbound(exchange)
    _change(branch, 7)
    branch.run(TUESDAY_AFTER)
    second = outbound(exchange)[-1]
    deliver(exchange, f"{second.stem}.ack.json", acknowledgement(second))
    late = returns([(sent(first)[0], "R02")], created_on=TUESDAY_AFTER, settled_on=TUESDAY_AFTER)
    deliver(exchange, "late.ret.ach", late)
    branch.run(date(2026, 11, 12))
    assert _news(branch).state == "pending"
    assert branch.rows("select kind, sentence from alarm where cleared_at is null") == []


def test_a_unit_whose_prenote_came_back_is_mended_by_a_new_account(
    branch: Branch, exchange: Exchange
) -> None:
    _tried(branch, exchange)
    (first,) = outbound(exchange)
    back = returns([(sent(first)[0], "R03")], created_on=NEXT_MONDAY, settled_on=NEXT_MONDAY)
    deliver(exchange, "back.ret.ach", back)
    branch.run(NEXT_MONDAY)
    assert _news(branch).state == "failed"
    _change(branch, 7)
    branch.run(TUESDAY_AFTER)
    assert (_news(branch).state, _news(branch).code) == ("pending", "")


def test_a_unit_that_never_had_a_prenote_gets_none(branch: Branch, exchange: Exchange) -> None:
    """Where prenotes were waived at binding, a change asks for none."""
    with branch.office() as office:
        given = details(1)
        token = vault.capture(office.connection, office.keys, details=given, clock=office.clock)
        binding = PayerUnitBinding("000001", token)
        gateway.bind_payer_unit(office.connection, binding, clock=office.clock)
    _change(branch, 7)
    branch.run(MONDAY)
    assert outbound(exchange) == []
