"""A crash between any two steps, and the run after it (failures B1, B2, C1, C2).

The sweep runs a day once to learn its boundaries, then once for each of them with a crash there.
Whatever the crash, the run after it ends with the same files, the same traces and the same events.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from customhouse.bank.exchange import Exchange, digest
from customhouse.settings import Settings
from tests.conftest import MakeSettings
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, branch_of, instruction
from tests.integration.bank.operator_files import (
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)

Ending = tuple[object, ...]
DAY_BOUNDARIES = [
    "chosen",
    "entries added",
    "planned",
    "staged",
    "sealed",
    "archived",
    "published",
    "released",
]


class Crash(BaseException):
    """Stands for the end of the process: nothing in the code may catch it."""


def prepared(settings: Settings) -> Exchange:
    """Give a bank with three debits that are due."""
    branch = branch_of(settings)
    branch.open_units(1, 2)
    branch.instruct(instruction(1), instruction(2, unit=2), instruction(3))
    return Exchange(settings.exchange_directory)


def ending_of(settings: Settings) -> Ending:
    """Give all that must be the same whether there was a crash or not."""
    branch = branch_of(settings)
    exchange = Exchange(settings.exchange_directory)
    files = tuple((path.name, digest(path)) for path in outbound(exchange))
    traces = tuple(debit.trace_number for path in outbound(exchange) for debit in sent(path))
    archived = tuple(sorted(path.name for path in exchange.archive("outbound").iterdir()))
    events = tuple((event.event_id, event.trace_number) for event in branch.events())
    return (files, traces, archived, events, tuple(branch.states().items()))


def crash_at(wanted: str) -> Callable[[str], None]:
    def boundary(name: str) -> None:
        if name == wanted:
            raise Crash(name)

    return boundary


def end_process_at(wanted: str) -> Callable[[str], None]:
    def boundary(name: str) -> None:
        if name == wanted:
            os._exit(9)

    return boundary


@pytest.fixture(scope="module")
def undisturbed(make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory) -> Ending:
    """Give the ending of a day without a crash, having seen every boundary that is swept."""
    seen: list[str] = []
    with make_settings(tmp_path_factory.mktemp("undisturbed")) as settings:
        prepared(settings)
        branch_of(settings).run(TUESDAY, seen.append)
        branch_of(settings).run(TUESDAY)
        assert [name for name in seen if name in DAY_BOUNDARIES] == DAY_BOUNDARIES
        return ending_of(settings)


@pytest.mark.parametrize("boundary", DAY_BOUNDARIES)
def test_a_crash_anywhere_in_the_day_changes_nothing_in_the_end(
    settings: Settings, undisturbed: Ending, boundary: str
) -> None:
    prepared(settings)
    with pytest.raises(Crash):
        branch_of(settings).run(TUESDAY, crash_at(boundary))
    branch_of(settings).run(TUESDAY)
    assert ending_of(settings) == undisturbed


@pytest.mark.parametrize("boundary", ["entries added", "sealed", "published"])
def test_a_process_that_is_gone_leaves_nothing_half_done(
    settings: Settings, undisturbed: Ending, boundary: str
) -> None:
    prepared(settings)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_run_and_die, args=(settings, boundary))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    branch_of(settings).run(TUESDAY)
    assert ending_of(settings) == undisturbed


def _run_and_die(settings: Settings, boundary: str) -> None:
    branch_of(settings).run(TUESDAY, end_process_at(boundary))


def test_a_file_that_the_operator_took_before_the_crash_is_written_again_the_same(
    settings: Settings, undisturbed: Ending
) -> None:
    """The operator knows the second one by its identity and its bytes as a duplicate (C1)."""
    exchange = prepared(settings)
    with pytest.raises(Crash):
        branch_of(settings).run(TUESDAY, crash_at("published"))
    (path,) = outbound(exchange)
    taken = path.read_bytes()
    path.unlink()
    branch_of(settings).run(TUESDAY)
    assert path.read_bytes() == taken
    assert ending_of(settings) == undisturbed


def _deliver_everything(exchange: Exchange) -> None:
    (path,) = outbound(exchange)
    first, second, third = sent(path)
    deliver(exchange, "a.ack.json", acknowledgement(path))
    deliver(exchange, "a.settlement.csv", settlement([first, second, third], WEDNESDAY))
    back = returns(
        [(first, "R01")], [(second, "C01", "778899")], created_on=FRIDAY, settled_on=FRIDAY
    )
    deliver(exchange, "a.ret.ach", back)


@pytest.fixture(scope="module")
def taken_in(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Ending, int]:
    """Give the ending of an intake without a crash, and how many boundaries it has."""
    seen: list[str] = []
    with make_settings(tmp_path_factory.mktemp("taken_in")) as settings:
        exchange = prepared(settings)
        branch_of(settings).run(TUESDAY)
        _deliver_everything(exchange)
        branch_of(settings).run(WEDNESDAY, seen.append)
        return ending_of(settings), len(seen)


def test_a_crash_anywhere_in_the_intake_changes_nothing_in_the_end(
    make_settings: MakeSettings,
    tmp_path_factory: pytest.TempPathFactory,
    taken_in: tuple[Ending, int],
) -> None:
    ending, boundaries = taken_in
    assert boundaries >= 12
    for wanted in range(boundaries):
        with make_settings(tmp_path_factory.mktemp("crash")) as settings:
            exchange = prepared(settings)
            branch_of(settings).run(TUESDAY)
            _deliver_everything(exchange)
            with pytest.raises(Crash):
                branch_of(settings).run(WEDNESDAY, _crash_at_number(wanted))
            branch_of(settings).run(WEDNESDAY)
            assert ending_of(settings) == ending
            assert list(exchange.inbound.iterdir()) == []


def _crash_at_number(wanted: int) -> Callable[[str], None]:
    passed: list[str] = []

    def boundary(name: str) -> None:
        passed.append(name)
        if len(passed) == wanted + 1:
            raise Crash(name)

    return boundary


def test_an_abandoned_temporary_file_is_replaced(settings: Settings, undisturbed: Ending) -> None:
    exchange = prepared(settings)
    exchange.prepare()
    leftover: Path = exchange.outbound / ".12345678-20261124-0900-A.ach.part"
    leftover.write_bytes(b"half a file")
    branch_of(settings).run(TUESDAY)
    assert ending_of(settings) == undisturbed
    assert not leftover.exists()
