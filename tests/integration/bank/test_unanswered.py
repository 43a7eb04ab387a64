"""An acknowledgement that never comes: alarm, the same file again, one effect (failure C13)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from customhouse.bank import profile, unanswered, vault
from customhouse.bank.exchange import Exchange, digest
from customhouse.clock import FixedClock
from customhouse.faults import Refused
from customhouse.rehearsal.operator import Operator
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, Branch, instruction
from tests.integration.bank.operator_files import acknowledgement, deliver, outbound

OPEN = "select kind, reference from alarm where cleared_at is null"


@pytest.fixture
def operator(branch: Branch, exchange: Exchange) -> Operator:
    """Give an operator of the rehearsal at the bank's exchange folder, with books of its own."""
    return Operator(exchange.root, branch.settings.data_directory / "operator")


@pytest.fixture
def name(branch: Branch, exchange: Exchange) -> str:
    """Send a file of three debits; give its name."""
    branch.open_units(1, 2)
    branch.instruct(instruction(1), instruction(2, unit=2), instruction(3))
    branch.run(TUESDAY)
    return outbound(exchange)[0].name


def resend(branch: Branch, name: str) -> str:
    with branch.office() as office:
        return unanswered.resend(office, name)


def refusal(branch: Branch, name: str) -> str:
    with pytest.raises(Refused) as refused:
        resend(branch, name)
    return refused.value.faults[0].code


def test_a_lost_answer_is_asked_for_with_the_same_file_and_every_debit_goes_out_once(
    branch: Branch, exchange: Exchange, operator: Operator, name: str
) -> None:
    first = (exchange.outbound / name).read_bytes()
    assert operator.run(TUESDAY).accepted == [name]
    for lost in exchange.inbound.glob("*.ack.json"):
        lost.unlink()
    branch.run(WEDNESDAY)
    assert branch.rows(OPEN) == [("answer-missing", name)]
    assert resend(branch, name) == "resent"
    assert (exchange.outbound / name).read_bytes() == first
    report = operator.run(WEDNESDAY)
    assert (report.again, report.accepted) == ([name], [])
    branch.intake()
    assert branch.rows(OPEN) == []
    assert len(operator.books.entries) == 3
    branch.run(FRIDAY)
    operator.run(FRIDAY)
    branch.intake()
    assert set(branch.states().values()) == {"settled"}
    assert branch.rows("select name, state from bank_file") == [(name, "acknowledged")]
    assert branch.rows("select count(*), count(distinct resent_by) from file_resend") == [(1, 1)]


def test_a_file_that_nobody_took_is_left_where_it_is(branch: Branch, name: str) -> None:
    assert resend(branch, name) == "lies there"
    assert branch.rows("select count(*) from file_resend") == [(0,)]


def test_without_the_archived_copy_the_file_is_written_again_the_same_under_other_keys(
    branch: Branch, exchange: Exchange, name: str
) -> None:
    """Bytes are a function of rows: no key, nonce or version shows in them (G7, O1)."""
    sent = (exchange.outbound / name).read_bytes()
    for copy in (exchange.outbound / name, exchange.archive("outbound") / name):
        copy.unlink()
    with branch.office() as office:
        rotated = vault.open_keys(branch.settings, office.connection).with_new_version()
        assert vault.rewrap(office.connection, rotated) == 2
        vault.retire_key(branch.settings, office.connection, 1, clock=office.clock)
    assert resend(branch, name) == "resent"
    assert (exchange.outbound / name).read_bytes() == sent
    assert (exchange.archive("outbound") / name).read_bytes() == sent


def test_an_archived_copy_with_other_bytes_is_not_sent(
    branch: Branch, exchange: Exchange, name: str
) -> None:
    sent = digest(exchange.outbound / name)
    (exchange.outbound / name).unlink()
    archived = exchange.archive("outbound") / name
    archived.write_bytes(archived.read_bytes().replace(b"0000104608", b"0000104609", 1))
    assert resend(branch, name) == "resent"
    assert digest(exchange.outbound / name) == digest(archived) == sent


def test_other_bytes_than_those_that_were_sealed_are_not_sent_again(
    branch: Branch, exchange: Exchange, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for copy in (exchange.outbound / name, exchange.archive("outbound") / name):
        copy.unlink()
    monkeypatch.setattr(profile, "COMPANY_NAME", "ANOTHER NAME")
    assert refusal(branch, name) == "bank-file-held-back"
    assert list(exchange.outbound.iterdir()) == []


def test_only_a_file_without_an_answer_is_sent_again(
    branch: Branch, exchange: Exchange, name: str
) -> None:
    assert refusal(branch, "12345678-20261124-0900-Z.ach") == "bank-file-unknown"
    deliver(exchange, "a.ack.json", acknowledgement(exchange.outbound / name))
    branch.intake()
    assert refusal(branch, name) == "bank-file-answered"


def test_the_alarm_comes_when_the_time_is_over_and_not_before(branch: Branch, name: str) -> None:
    ((released_at,),) = branch.rows("select released_at from bank_file")
    over = FixedClock(released_at + profile.ANSWER_WITHIN)  # type: ignore[operator]
    early = FixedClock(over.instant - timedelta(microseconds=1))
    with branch.office() as office:
        assert unanswered.look(replace(office, clock=early)) == 0
        assert unanswered.look(replace(office, clock=over)) == 1
        assert unanswered.look(replace(office, clock=over)) == 0
    assert branch.rows(OPEN) == [("answer-missing", name)]


def test_a_file_sent_again_has_its_time_once_more(
    branch: Branch, exchange: Exchange, name: str
) -> None:
    ((released_at,),) = branch.rows("select released_at from bank_file")
    again = FixedClock(released_at + timedelta(hours=11))  # type: ignore[operator]
    (exchange.outbound / name).unlink()
    with branch.office() as office:
        unanswered.resend(replace(office, clock=again), name)
        over = FixedClock(again.instant + profile.ANSWER_WITHIN)
        early = FixedClock(over.instant - timedelta(microseconds=1))
        assert unanswered.look(replace(office, clock=early)) == 0
        assert unanswered.look(replace(office, clock=over)) == 1
