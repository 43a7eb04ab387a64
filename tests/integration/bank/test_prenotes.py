"""Prenotes at the bank: sent at binding, matured after three banking days, or answered (C19)."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.bank import gateway, prenotes, profile, unanswered, vault
from customhouse.bank.exchange import Exchange
from customhouse.bank.prenotes import matures_on
from customhouse.faults import Refused
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
TUESDAY = date(2026, 11, 3)
# Three banking days after a settlement on Tuesday.
FRIDAY = date(2026, 11, 6)
NEXT_MONDAY = date(2026, 11, 9)


def _bind(branch: Branch, *numbers: int, account_type: str = "checking") -> list[PrenoteNews]:
    news = []
    with branch.office() as office:
        for number in numbers:
            given = details(number, account_type=account_type)
            token = vault.capture(office.connection, office.keys, details=given, clock=office.clock)
            binding = PayerUnitBinding(f"{number:06d}", token)
            news.append(
                gateway.bind_payer_unit(
                    office.connection, binding, clock=office.clock, prenote="required"
                )
            )
    return news


def _news(branch: Branch, after: int = 0) -> list[PrenoteNews]:
    with branch.office() as office:
        return gateway.list_prenotes(office.connection, after, most=100)


def _states(branch: Branch) -> dict[str, str]:
    return {each.payer_unit_number: each.state for each in _news(branch)}


def test_a_bound_account_gets_a_zero_dollar_entry_of_the_prenote_codes(
    branch: Branch, exchange: Exchange
) -> None:
    (pending,) = _bind(branch, 1)
    assert (pending.state, pending.matures_on) == ("pending", None)
    _bind(branch, 2, account_type="savings")
    branch.run(MONDAY)
    (path,) = outbound(exchange)
    entries = [each.entry for each in sent(path)]
    assert [each.transaction_code for each in entries] == [28, 38]
    assert [(each.amount_cents, each.addenda) for each in entries] == [(0, ()), (0, ())]
    text = path.read_text()
    assert "000001" not in {text[i + 39 : i + 54].strip() for i in range(0, len(text), 95)}
    assert {each.matures_on for each in _news(branch)} == {FRIDAY}


def test_prenotes_without_a_file_id_wait_for_the_next_day(
    branch: Branch, exchange: Exchange
) -> None:
    """C11: the day goes on with an alarm."""
    _bind(branch, 1)
    with branch.office() as office:
        office.connection.execute(
            "insert into file_series (origin, created_on, first_time, files_used)"
            " values (%s, %s, '2359', 36)",
            [profile.BANK_ROUTING.number, MONDAY],
        )
    branch.run(MONDAY)
    assert outbound(exchange) == []
    assert branch.rows("select kind from alarm") == [("file-ids-used-up",)]
    branch.run(TUESDAY)
    assert len(outbound(exchange)) == 1


def test_a_prenote_matures_on_its_day_when_the_operator_took_its_file(
    branch: Branch, exchange: Exchange
) -> None:
    _bind(branch, 1)
    branch.run(MONDAY)
    branch.run(FRIDAY)
    assert _states(branch) == {"000001": "pending"}, "nobody has taken the file"
    (path,) = outbound(exchange)
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
    branch.run(NEXT_MONDAY)
    assert _states(branch) == {"000001": "matured"}
    assert branch.instruct(instruction(1, unit=1)) == ["received"]


def test_prenotes_that_are_sent_again_mature_later(branch: Branch, exchange: Exchange) -> None:
    """C13, C19: what the operator lost has tried nobody's account yet."""
    _bind(branch, 1)
    branch.run(MONDAY)
    (path,) = outbound(exchange)
    path.unlink()
    branch.run(FRIDAY)
    with branch.office() as office:
        assert unanswered.resend(office, path.name) == "resent"
    # Out on Friday, settled on Monday, with Veterans Day between.
    assert {each.matures_on for each in _news(branch, after=2)} == {date(2026, 11, 13)}
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
    branch.run(NEXT_MONDAY)
    assert _states(branch) == {"000001": "pending"}
    branch.run(date(2026, 11, 12))
    assert _states(branch) == {"000001": "matured"}


def test_a_debit_before_maturity_is_refused_and_told(branch: Branch, exchange: Exchange) -> None:
    _bind(branch, 1)
    branch.run(MONDAY)
    assert branch.instruct(instruction(1, unit=1)) == ["refused"]
    assert branch.instruct(instruction(1, unit=1)) == ["refused"], "the same answer again"
    (event,) = branch.events()
    assert (event.kind, event.code) == ("refused", "prenote-not-matured")


@pytest.mark.parametrize("code", ["R02", "R03", "R04", "R13", "R20"])
def test_a_returned_prenote_makes_the_account_unusable(
    branch: Branch, exchange: Exchange, code: str
) -> None:
    """C19: the account is unusable before any live dollar."""
    _bind(branch, 1, 2)
    branch.run(MONDAY)
    (path,) = outbound(exchange)
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
    back = [(sent(path)[0], code)]
    content = _prenote_returns(back)
    deliver(exchange, "back.ret.ach", content)
    branch.run(NEXT_MONDAY)
    failed, matured = sorted(_news(branch), key=lambda each: each.payer_unit_number)
    assert (failed.state, failed.code) == ("failed", code)
    assert matured.state == "matured"
    answers = branch.instruct(instruction(1, unit=1), instruction(2, unit=2))
    assert answers == ["refused", "received"]
    assert [each.code for each in branch.events()] == ["prenote-failed"]
    assert branch.rows("select count(*) from alarm where cleared_at is null") == [(0,)]


def test_a_notification_of_change_answers_a_prenote_too(branch: Branch, exchange: Exchange) -> None:
    """C19: the account that was given is not the account that is."""
    _bind(branch, 1)
    branch.run(MONDAY)
    (path,) = outbound(exchange)
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
    told = [(sent(path)[0], "C01", f"{CANARY}999")]
    deliver(exchange, "noc.ret.ach", returns([], told, created_on=TUESDAY, settled_on=TUESDAY))
    branch.run(NEXT_MONDAY)
    assert _states(branch) == {"000001": "failed"}


def test_a_late_return_stops_what_waits(branch: Branch, exchange: Exchange) -> None:
    """C19: a return after maturity is late, and stops every debit that is in no file yet."""
    _bind(branch, 1)
    branch.run(MONDAY)
    (path,) = outbound(exchange)
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
    branch.run(NEXT_MONDAY)
    later = instruction(1, unit=1, debit_on=date(2026, 12, 1))
    assert branch.instruct(later) == ["received"]
    deliver(exchange, "back.ret.ach", _prenote_returns([(sent(path)[0], "R03")]))
    branch.run(date(2026, 11, 30))
    assert branch.states() == {"3927327001": "refused"}
    assert [each.code for each in branch.events()] == ["prenote-failed"]
    assert len(outbound(exchange)) == 1, "no live debit went out"


def test_a_refused_file_of_prenotes_goes_out_again(branch: Branch, exchange: Exchange) -> None:
    _bind(branch, 1)
    branch.run(MONDAY)
    (path,) = outbound(exchange)
    deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path, reason="not today"))
    branch.run(TUESDAY)
    branch.run(date(2026, 11, 4))
    assert len(outbound(exchange)) == 2
    assert _states(branch) == {"000001": "pending"}


def test_news_come_once_in_order_and_a_bad_cursor_is_refused(
    branch: Branch, exchange: Exchange
) -> None:
    _bind(branch, 1, 2)
    first = _news(branch)
    assert [each.sequence for each in first] == [1, 2]
    assert _news(branch, after=2) == []
    _bind(branch, 1)
    assert _news(branch, after=2) == [], "the same binding again asks for nothing"
    branch.run(MONDAY)
    assert [each.sequence for each in _news(branch, after=2)] == [3, 4]
    with branch.office() as office, pytest.raises(Refused):
        gateway.list_prenotes(office.connection, -1, most=1)


def test_where_prenotes_are_waived_none_is_sent(branch: Branch, exchange: Exchange) -> None:
    branch.open_units(1)
    branch.run(MONDAY)
    assert outbound(exchange) == []
    with branch.office() as office:
        assert prenotes.news_of(office.connection, "000001").state == "waived"
    assert branch.instruct(instruction(1, unit=1)) == ["received"]


def test_the_wait_was_six_days_before_it_was_three() -> None:
    """Nacha Operating Rules: shortened from six to three banking days on 19 September 2014."""
    assert matures_on(date(2014, 9, 18)) == date(2014, 9, 26)
    assert matures_on(date(2014, 9, 19)) == date(2014, 9, 24)
    # Thanksgiving, Thursday, is none of the three.
    assert matures_on(date(2026, 11, 24)) == date(2026, 11, 30)


def _prenote_returns(reasons: list) -> bytes:
    return returns(reasons, created_on=TUESDAY, settled_on=TUESDAY)
