"""The bank's end of the rails on a real database."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

from customhouse import database
from customhouse.bank import events, gateway, vault
from customhouse.clock import FixedClock
from customhouse.faults import Refused
from customhouse.rails import DebitInstruction, PayerUnitBinding
from tests.integration.bank.branch import TUESDAY, Branch, details, instruction


def refusal(branch: Branch, number: str, token: str) -> str:
    with branch.office() as office, pytest.raises(Refused) as refused:
        gateway.bind_payer_unit(
            office.connection, PayerUnitBinding(number, token), clock=office.clock
        )
    return refused.value.faults[0].code


def test_one_account_a_payer_unit_and_one_payer_unit_an_account(branch: Branch) -> None:
    first, second = branch.open_units(1, 2)
    branch.open_units(1)  # The same pair again is no harm.
    assert refusal(branch, "000003", first) == "account-has-other-unit"
    assert refusal(branch, "000001", second) == "account-has-other-unit"
    assert refusal(branch, "000001", "acct_" + "a" * 26) == "account-token-unknown"
    assert refusal(branch, "000001", "\0") == "account-token-unknown"
    assert refusal(branch, "000001", "acct_\ud800") == "account-token-unknown"
    assert refusal(branch, "12345", first) == "payer-unit-not-six-digits"
    assert branch.rows("select count(*) from payer_unit") == [(2,)]


def test_a_number_that_is_bound_takes_no_second_account(branch: Branch) -> None:
    branch.open_units(1)
    with branch.office() as office:
        free = vault.capture(office.connection, office.keys, details=details(9), clock=office.clock)
    assert refusal(branch, "000001", free) == "unit-has-other-account"


def test_of_two_numbers_for_one_account_at_once_one_wins(branch: Branch, clock: FixedClock) -> None:
    with branch.office() as office:
        token = vault.capture(office.connection, office.keys, details=details(1), clock=clock)
    barrier = threading.Barrier(4)
    outcomes: list[str] = []

    def bind(number: int) -> None:
        with database.connect(branch.settings, "bank") as connection:
            barrier.wait()
            try:
                binding = PayerUnitBinding(f"{number:06d}", token)
                gateway.bind_payer_unit(connection, binding, clock=clock)
                outcomes.append("bound")
            except Refused as refused:
                outcomes.append(refused.faults[0].code)

    threads = [threading.Thread(target=bind, args=[number]) for number in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["account-has-other-unit"] * 3 + ["bound"]


def test_an_instruction_is_kept_once_and_answered_the_same(branch: Branch) -> None:
    branch.open_units(1)
    assert branch.instruct(instruction(1), instruction(2)) == ["received", "received"]
    assert branch.instruct(instruction(2), instruction(1)) == ["received", "received"]
    assert branch.rows("select count(*) from debit") == [(2,)]
    assert branch.events() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_cents": 104_607},
        {"payer_unit_number": "000002"},
        {"statement_number": "3927327999"},
        {"accepted_on": date(2026, 11, 23)},
        {"debit_on": date(2026, 11, 27)},
    ],
)
def test_the_same_id_with_other_content_is_refused(
    branch: Branch, changes: dict[str, object]
) -> None:
    branch.open_units(1, 2)
    branch.instruct(instruction(1))
    assert branch.instruct(replace(instruction(1), **changes)) == ["reused"]
    assert branch.rows("select amount_cents, payer_unit_number from debit") == [(104_608, "000001")]


def test_an_unbound_payer_unit_is_refused_by_an_event_once(branch: Branch) -> None:
    branch.open_units(1)
    for _ in range(2):
        assert branch.instruct(instruction(1), instruction(2, unit=7)) == ["received", "refused"]
    (event,) = branch.events()
    assert (event.kind, event.instruction_id) == ("refused", instruction(2).instruction_id)
    assert (event.code, event.amount_cents) == ("payer-unit-not-bound", 104_608)


def test_a_refused_instruction_stays_refused_when_its_unit_is_bound_later(branch: Branch) -> None:
    branch.instruct(instruction(1))
    branch.open_units(1)
    assert branch.instruct(instruction(1)) == ["refused"]
    branch.run(TUESDAY)
    assert branch.states() == {"3927327001": "refused"}


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_cents": 0},
        {"amount_cents": 10_000_000_000},
        {"instruction_id": ""},
        {"instruction_id": "x" * 101},
        {"instruction_id": "a\nb"},
        {"statement_number": "x"},
        {"payer_unit_number": "0"},
        {"debit_on": date(2026, 11, 23)},
        {"debit_on": date(2999, 1, 1)},
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(
    branch: Branch, changes: dict[str, object]
) -> None:
    """An amount of eleven digits among them: no entry holds it, and none is ever cut (C12)."""
    bad: DebitInstruction = replace(instruction(2), **changes)
    with pytest.raises(Refused):
        branch.instruct(instruction(1), bad)
    assert branch.rows("select count(*) from debit") == [(0,)]


def test_events_have_no_gap_and_none_appears_behind_a_cursor(
    branch: Branch, clock: FixedClock
) -> None:
    """Four writers add events while a reader polls; the reader must see each exactly once."""
    branch.instruct(*[instruction(number, unit=9) for number in range(1, 5)])
    writers = 4
    seen: list[str] = []
    done = threading.Event()

    def write(number: int) -> None:
        with database.connect(branch.settings, "bank") as connection:
            for turn in range(25):
                new = events.NewEvent(
                    event_id=f"{number}:{turn}",
                    kind="in_file",
                    instruction_id=instruction(number).instruction_id,
                    amount_cents=1,
                )
                with connection.transaction():
                    events.record(connection, [new], clock=clock)

    def read() -> None:
        cursor = 0
        with database.connect(branch.settings, "bank") as connection:
            while True:
                last_round = done.is_set()
                page = gateway.list_events(connection, cursor, most=7)
                seen.extend(event.event_id for event in page)
                assert [event.sequence for event in page] == list(
                    range(cursor + 1, cursor + 1 + len(page))
                )
                cursor += len(page)
                if last_round and not page:
                    return

    reader = threading.Thread(target=read)
    threads = [threading.Thread(target=write, args=[number]) for number in range(1, writers + 1)]
    for thread in (reader, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()
    assert len(seen) == len(set(seen)) == 4 + writers * 25


@pytest.mark.parametrize(("after", "most"), [(-1, 10), (2**63, 10), (0, 0), (0, 1001)])
def test_a_cursor_out_of_range_is_refused(branch: Branch, after: int, most: int) -> None:
    with branch.office() as office, pytest.raises(Refused):
        gateway.list_events(office.connection, after, most=most)
