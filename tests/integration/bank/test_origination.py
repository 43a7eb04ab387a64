"""From instruction to released file, on a real database and real files."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from customhouse import database
from customhouse.bank import origination, profile
from customhouse.bank.exchange import Exchange, digest
from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_file import read_items
from customhouse.formats.nacha_records import BatchHeader, FileHeader
from tests.integration.bank.branch import (
    FRIDAY,
    TUESDAY,
    WEDNESDAY,
    Branch,
    details,
    instruction,
)
from tests.integration.bank.operator_files import outbound, sent


def faults_in(path: Path) -> list[str]:
    with path.open("rb") as stream:
        return [fault.rule for fault in check_file(stream)]


@pytest.mark.requirement("DEB-12", "DEB-13")
def test_each_instruction_is_one_entry_with_its_statement_in_the_addendum(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1, 2)
    # Two statements of one payer and one of another: three entries, nothing is added together.
    branch.instruct(instruction(1), instruction(2, amount_cents=5), instruction(3, unit=2))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    assert faults_in(path) == []
    entries = [debit.entry for debit in sent(path)]
    assert [entry.amount_cents for entry in entries] == [104_608, 5, 104_608]
    assert [entry.identification_number for entry in entries] == [
        "3927327001",
        "3927327002",
        "3927327003",
    ]
    assert [entry.remittance_text for entry in entries] == [
        "RMR*ST*3927327001**1046.08\\",
        "RMR*ST*3927327002**0.05\\",
        "RMR*ST*3927327003**1046.08\\",
    ]
    assert [entry.account_number for entry in entries] == [
        details(1).account_number,
        details(1).account_number,
        details(2).account_number,
    ]
    assert [entry.trace_number for entry in entries] == [
        "123456780000001",
        "123456780000002",
        "123456780000003",
    ]
    assert {entry.transaction_code for entry in entries} == {27}


@pytest.mark.requirement("DEB-11")
def test_headers_have_the_customs_notation_and_a_banking_day(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(WEDNESDAY)
    (path,) = outbound(exchange)
    with path.open("rb") as stream:
        items = list(read_items(stream))
    header, batch = items[0], items[1]
    assert isinstance(header, FileHeader)
    assert isinstance(batch, BatchHeader)
    assert (header.immediate_destination, header.immediate_origin) == ("010203046", "123456780")
    assert header.creation_date == WEDNESDAY
    assert (batch.company_name, batch.entry_description) == ("US CUSTOMS DUTY", "CUSTOMSDTY")
    assert (batch.service_class_code, batch.sec_code) == (225, "CCD")
    # Thursday is Thanksgiving.
    assert batch.effective_entry_date == FRIDAY


def test_a_debit_waits_for_the_banking_day_before_its_date(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1, debit_on=FRIDAY))
    branch.run(TUESDAY)
    assert outbound(exchange) == []
    branch.run(WEDNESDAY)
    assert len(outbound(exchange)) == 1


@pytest.mark.parametrize("closed", [date(2026, 11, 26), date(2026, 11, 28)])
def test_a_day_on_which_no_bank_is_open_is_never_the_business_date(
    branch: Branch, exchange: Exchange, closed: date
) -> None:
    branch.run(TUESDAY)
    before = {step.business_date for step in branch.run(closed)}
    assert max(before) == max(day for day in (WEDNESDAY, FRIDAY) if day < closed)
    assert branch.run(max(before))[0].business_date == max(before)


def test_a_day_run_again_makes_nothing_again(branch: Branch, exchange: Exchange) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    before = {path: digest(path) for path in outbound(exchange)}
    told = branch.events()
    branch.run(TUESDAY)
    assert {path: digest(path) for path in outbound(exchange)} == before
    assert branch.events() == told
    assert [event.kind for event in told] == ["in_file"]
    assert told[0].effective_on == WEDNESDAY
    assert told[0].trace_number == "123456780000001"


def test_a_later_file_of_the_day_has_its_own_modifier_and_traces(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1)
    for number in (1, 2):
        branch.instruct(instruction(number))
        branch.run(TUESDAY)
    first, second = outbound(exchange)
    assert (first.name[-5], second.name[-5]) == ("A", "B")
    assert [debit.trace_number for debit in sent(second)] == ["123456780000002"]


def test_the_recorded_digest_and_the_archived_copy_are_those_of_the_file(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert branch.rows("select name, state, sha256 from bank_file") == [
        (path.name, "released", sha256)
    ]
    assert (exchange.archive("outbound") / path.name).read_bytes() == path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_debits_that_do_not_fit_one_file_are_split_and_lose_nothing(
    branch: Branch, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile, "MOST_ENTRIES_IN_FILE", 3)
    monkeypatch.setattr(profile, "MOST_CENTS_IN_FILE", 100_000)
    branch.open_units(1)
    branch.instruct(*[instruction(n, amount_cents=10_000 * n) for n in range(1, 8)])
    branch.run(TUESDAY)
    parts = [[debit.amount_cents for debit in sent(path)] for path in outbound(exchange)]
    assert parts == [[10_000, 20_000, 30_000], [40_000, 50_000], [60_000], [70_000]]
    traces = [debit.trace_number for path in outbound(exchange) for debit in sent(path)]
    assert len(set(traces)) == 7


def test_a_faulty_file_is_held_back_with_an_alarm_until_it_is_right(
    branch: Branch, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1))
    with monkeypatch.context() as wrong:
        # A lower-case entry class is not one of Nacha's.
        wrong.setattr(profile, "COMPANY_IDENTIFICATION", "0000000000")
        branch.run(TUESDAY)
    assert list(exchange.outbound.iterdir()) == []
    assert branch.rows("select state, sha256 from bank_file") == [("planned", None)]
    assert branch.rows("select kind from alarm where cleared_at is null") == [("file-held-back",)]
    assert branch.events() == []
    branch.run(TUESDAY)
    assert len(outbound(exchange)) == 1
    assert branch.rows("select kind from alarm where cleared_at is null") == []


def test_other_bytes_than_those_that_were_sealed_are_never_released(
    branch: Branch, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1))

    def crash(name: str) -> None:
        if name == "sealed":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        branch.run(TUESDAY, crash)
    with monkeypatch.context() as changed:
        changed.setattr(profile, "COMPANY_NAME", "ANOTHER NAME")
        branch.run(TUESDAY)
    assert list(exchange.outbound.iterdir()) == []
    branch.run(TUESDAY)
    assert len(outbound(exchange)) == 1


def test_two_originators_at_once_put_each_debit_into_one_file(branch: Branch) -> None:
    """The row lock holds even where the turn of the day is not taken."""
    branch.open_units(1)
    branch.instruct(*[instruction(number) for number in range(1, 41)])
    barrier = threading.Barrier(3)

    def originate() -> None:
        with database.connect(branch.settings, "bank") as connection:
            connection.autocommit = True
            barrier.wait()
            origination.plan(replace(shared, connection=connection), TUESDAY)

    with branch.office() as shared:
        threads = [threading.Thread(target=originate) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert branch.rows("select count(*), count(distinct trace_number) from debit_entry") == [
        (40, 40)
    ]
    assert branch.rows("select count(*) from debit where state = 'in_file'") == [(40,)]


def test_a_day_without_file_ids_ends_with_an_alarm_and_the_next_goes_on(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1))
    with branch.office() as office:
        office.connection.execute(
            "insert into file_series (origin, created_on, first_time, files_used)"
            " values (%s, %s, '2359', 36)",
            [profile.BANK_ROUTING.number, TUESDAY],
        )
    branch.run(TUESDAY)
    assert outbound(exchange) == []
    assert branch.rows("select kind from alarm") == [("file-ids-used-up",)]
    branch.run(WEDNESDAY)
    assert set(branch.states().values()) == {"in_file"}
