"""Notifications of change under control: two persons or a rule, versions, refusals, secrecy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.bank import changes, directory, gateway
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.exchange import Exchange
from customhouse.bank.resolutions import open_alarms
from customhouse.faults import Refused
from customhouse.formats.nacha_records import RefusedAddenda98
from customhouse.identifiers import RoutingNumber
from customhouse.rails import PayerUnitBinding
from customhouse.rehearsal.world import PARTICIPANTS
from tests.integration.bank.answers import answered, answers
from tests.integration.bank.branch import (
    CANARY,
    FRIDAY,
    TUESDAY,
    WEDNESDAY,
    Branch,
    details,
    instruction,
)
from tests.integration.bank.operator_files import acknowledgement, deliver, outbound, returns, sent

NEW_NUMBER = "55443322110"
NEXT = date(2026, 11, 30)


def notify(branch: Branch, exchange: Exchange, code: str, corrected: str) -> int:
    """Send a debit, let its bank notify a change; give the change's number."""
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    (debit,) = sent(path)
    deliver(exchange, "a.ack.json", acknowledgement(path))
    told = returns([], [(debit, code, corrected)], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "a.ret.ach", told)
    branch.run(WEDNESDAY)
    with branch.office() as office:
        (one,) = changes.changes(office.connection)
    return one.item_id


def state(branch: Branch) -> tuple[object, ...]:
    (row,) = branch.rows("select state, remark from account_change")
    return row


def account_in_next_file(branch: Branch, exchange: Exchange) -> tuple[int, str]:
    """Instruct another debit, run the bank's next day and read the account that is debited."""
    branch.instruct(instruction(2, debit_on=NEXT))
    branch.run(FRIDAY)
    files = [path for path in outbound(exchange) if not path.name.endswith(".ret.ach")]
    (debit,) = sent(files[-1])
    return debit.entry.transaction_code, debit.entry.account_number


def test_two_persons_apply_a_change_and_the_unit_stays(branch: Branch, exchange: Exchange) -> None:
    """C9: a new version behind the same unit; the file that is out is untouched."""
    item = notify(branch, exchange, "C01", NEW_NUMBER)
    with branch.office() as office:
        changes.approve(office, item, by="Ada Officer", reason="confirmed by the payer")
        for same in ("Ada Officer", " ada  officer"):
            with pytest.raises(Refused, match="same person"):
                changes.apply(office, item, by=same, on=WEDNESDAY)
        changes.apply(office, item, by="Ben Officer", on=WEDNESDAY)
        with pytest.raises(Refused, match="is applied"):
            changes.apply(office, item, by="Cleo", on=WEDNESDAY)
    versions = branch.rows("select payer_unit_number, version, cause from account_version")
    assert versions == [("000001", 1, "bound"), ("000001", 2, "notification")]
    (first,) = sent(outbound(exchange)[0])
    assert first.entry.account_number == f"{CANARY}001"
    assert account_in_next_file(branch, exchange) == (27, NEW_NUMBER)
    assert branch.rows("select superseded_at is not null from account order by 1") == [
        (False,),
        (True,),
    ]


def test_a_rule_applies_a_change_of_the_kind_of_account_alone(
    branch: Branch, exchange: Exchange
) -> None:
    """C9: C05 by a rule that somebody set with a reason; the account number stays."""
    with branch.office() as office:
        changes.set_rule(office, "C05", by="Ada Officer", reason="number and bank unchanged")
        for code in ("C01", "C03", "C99"):
            with pytest.raises(Refused, match="cannot be applied by a rule"):
                changes.set_rule(office, code, by="Ada", reason="no")
    notify(branch, exchange, "C05", "37")
    assert state(branch) == ("applied", "")
    assert account_in_next_file(branch, exchange) == (37, f"{CANARY}001")


def test_a_newer_change_of_the_customer_wins(branch: Branch, exchange: Exchange) -> None:
    """C10: whatever the state of the notification, it is queued for review."""
    item = notify(branch, exchange, "C01", NEW_NUMBER)
    with branch.office() as office:
        changes.approve(office, item, by="Ada", reason="confirmed")
        changes.enter(office, "000001", details=details(7), by="portal")
        with pytest.raises(Refused, match="is queued"):
            changes.apply(office, item, by="Ben", on=WEDNESDAY)
    assert state(branch) == ("queued", changes.NEWER)
    assert account_in_next_file(branch, exchange) == (27, f"{CANARY}007")
    with branch.office() as office:
        changes.note(office, item, by="Ben", reason="the payer gave another", on=FRIDAY)
    assert state(branch)[0] == "noted"


def test_a_notification_about_a_replaced_account_is_queued(
    branch: Branch, exchange: Exchange
) -> None:
    """C10: the portal was faster than the notification."""
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    with branch.office() as office:
        changes.enter(office, "000001", details=details(7), by="portal")
    (debit,) = sent(outbound(exchange)[0])
    told = returns([], [(debit, "C01", NEW_NUMBER)], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "a.ret.ach", told)
    branch.run(WEDNESDAY)
    assert state(branch) == ("queued", changes.NEWER)


def test_an_account_of_another_unit_is_refused(branch: Branch, exchange: Exchange) -> None:
    """SEC-03: a notification cannot put two units on one account."""
    item = notify(branch, exchange, "C01", f"{CANARY}003")
    branch.open_units(3)
    with branch.office() as office:
        changes.approve(office, item, by="Ada", reason="confirmed")
        with pytest.raises(Refused, match="belongs to another payer unit"):
            changes.apply(office, item, by="Ben", on=WEDNESDAY)
    assert state(branch)[0] == "approved"
    assert branch.rows("select count(*) from account_version") == [(0,)]


def test_a_refused_notification_is_answered(branch: Branch, exchange: Exchange) -> None:
    """C9: C61 to C69 in a file of its own, with what was received."""
    item = notify(branch, exchange, "C01", NEW_NUMBER)
    with branch.office() as office:
        with pytest.raises(Refused, match="no code of refusal"):
            changes.refuse(office, item, code="C01", on=WEDNESDAY, words=("Ada", "no"))
        words = ("Ada", "not that of the original")
        changes.refuse(office, item, code="C68", on=WEDNESDAY, words=words)
    branch.run(FRIDAY)
    (path,) = answers(exchange)
    ((entry, addenda),) = answered(path)
    assert isinstance(addenda, RefusedAddenda98)
    assert (addenda.refused_code, addenda.change_code) == ("C68", "C01")
    assert addenda.corrected_data.strip() == NEW_NUMBER
    assert entry.amount_cents == 0
    branch.run(FRIDAY)
    assert len(answers(exchange)) == 1


def test_an_undecided_change_alarms_after_six_banking_days(
    branch: Branch, exchange: Exchange
) -> None:
    item = notify(branch, exchange, "C01", NEW_NUMBER)
    branch.run(date(2026, 12, 4))
    with branch.office() as office:
        assert open_alarms(office.connection) == []
    branch.run(date(2026, 12, 7))
    with branch.office() as office:
        (alarm,) = open_alarms(office.connection)
        assert alarm.kind == "change-overdue"
        assert NEW_NUMBER not in alarm.sentence
        changes.refuse(office, item, code="C68", on=date(2026, 12, 7), words=("Ada", "late"))
    branch.run(date(2026, 12, 8))
    with branch.office() as office:
        assert open_alarms(office.connection) == []


@pytest.mark.parametrize("code", ["C09", "C13"])
def test_what_changes_no_account_is_noted_by_a_person(
    branch: Branch, exchange: Exchange, code: str
) -> None:
    item = notify(branch, exchange, code, "SOMETHING" if code == "C09" else "")
    assert state(branch) == ("queued", changes.NO_ACCOUNT)
    with branch.office() as office:
        with pytest.raises(Refused, match="is queued"):
            changes.approve(office, item, by="Ada", reason="x")
        changes.note(office, item, by="Ada", reason="nothing to change", on=WEDNESDAY)
    assert state(branch)[0] == "noted"


def test_no_account_number_is_kept_in_clear(branch: Branch, exchange: Exchange) -> None:
    """C9, SEC-02: neither the old nor the new number stands in any table."""
    item = notify(branch, exchange, "C01", NEW_NUMBER)
    with branch.office() as office:
        changes.approve(office, item, by="Ada", reason="confirmed")
        changes.apply(office, item, by="Ben", on=WEDNESDAY)
    for rows in (
        branch.rows("select t::text from account_change t"),
        branch.rows("select t::text from account_version t"),
        branch.rows("select t::text from account t"),
        branch.rows("select t::text from event t"),
        branch.rows("select t::text from account_access t"),
    ):
        told = str(rows)
        assert len(told) > 2
        assert NEW_NUMBER not in told
        assert CANARY not in told


def test_a_customer_change_needs_a_unit_of_this_bank(branch: Branch) -> None:
    account: AccountDetails = details(1)
    with branch.office() as office, pytest.raises(Refused, match="No payer unit"):
        changes.enter(office, "999999", details=account, by="portal")


def test_a_unit_is_bound_again_as_it_was_at_first(branch: Branch) -> None:
    """SEC-03: the agency knows the first token only, and repeats it whenever parties are loaded."""
    (token,) = branch.open_units(1)
    with branch.office() as office:
        changes.enter(office, "000001", details=details(7), by="portal")
        again = PayerUnitBinding("000001", token)
        assert gateway.bind_payer_unit(office.connection, again, clock=office.clock)
        other = PayerUnitBinding("000002", token)
        with pytest.raises(Refused, match="other payer unit"):
            gateway.bind_payer_unit(office.connection, other, clock=office.clock)
    assert branch.rows("select payer_unit_number from payer_unit") == [("000001",)]


def test_a_change_to_a_bank_outside_of_the_directory_is_refused(
    branch: Branch, exchange: Exchange
) -> None:
    """SEC-08: nobody's account goes to a bank that takes no entries."""
    item = notify(branch, exchange, "C02", "021000021")
    with branch.office() as office:
        directory.load(
            office.connection, office.keys, content=PARTICIPANTS.read_bytes(), clock=office.clock
        )
        changes.approve(office, item, by="Ada", reason="confirmed")
        with pytest.raises(Refused, match="does not take part"):
            changes.apply(office, item, by="Ben", on=WEDNESDAY)
        unknown = replace(details(7), routing_number=RoutingNumber("021000021"))
        with pytest.raises(Refused, match="does not take part"):
            changes.enter(office, "000001", details=unknown, by="portal")
    assert branch.rows("select count(*) from account_version") == [(0,)]
