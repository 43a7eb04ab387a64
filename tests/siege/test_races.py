"""Real processes at one thing at the same moment: payments, undoings, one key, one day.

Five rounds with every test, two hundred with SIEGE=all (make soak).
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from customhouse.agency import day
from customhouse.clock import RehearsalClock
from customhouse.faults import Refused
from tests.integration.agency.harbor import BROKER_UNIT, MONDAY, TUESDAY, Harbor, dispositions
from tests.siege.fuses import Fuse
from tests.siege.voyage import Rails, bind_units

EVERYTHING = os.environ.get("SIEGE") == "all"
ROUNDS = 200 if EVERYTHING else 5
PROCESSES = 4

pytestmark = pytest.mark.timeout(3600 if EVERYTHING else 120)


def _at_once(work: Callable[[int, int], Any], rounds: int) -> list[list[Any]]:
    """Let each of four processes do each round at the same moment; give results by round."""
    context = multiprocessing.get_context("fork")
    barrier, found = context.Barrier(PROCESSES), context.Queue()

    def run(process: int) -> None:
        for number in range(rounds):
            barrier.wait(timeout=60)
            found.put((number, work(process, number)))

    processes = [context.Process(target=run, args=(process,)) for process in range(PROCESSES)]
    for process in processes:
        process.start()
    results: list[list[Any]] = [[] for _ in range(rounds)]
    for _ in range(PROCESSES * rounds):
        number, result = found.get(timeout=90)
        results[number].append(result)
    for process in processes:
        process.join(timeout=30)
        assert process.exitcode == 0
    return results


def _tagged(batch: str, tag: str) -> str:
    """Make a batch another one than its twins by its user data."""
    return f"{batch[:59]}{tag:21}{batch[80:]}"


def _statements(harbor: Harbor) -> list[tuple[str, int]]:
    for serial in range(ROUNDS):
        harbor.entry(serial, charges={"001": 100 + serial})
        harbor.print_one_statement(serial)
    return harbor.rows("select statement_number, total_cents from statement order by 1")


def _batch(harbor: Harbor, statement: tuple[str, int], *, sign: str = "") -> str:
    number, cents = statement
    return harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}{sign}"])


def test_one_key_sent_by_many_is_one_payment(harbor: Harbor) -> None:
    """A13: every sender of a key gets the one answer, or is told that it is in progress."""
    statements = _statements(harbor)

    def send(_process: int, number: int) -> str:
        try:
            return harbor.send(_batch(harbor, statements[number]), key=f"one-{number}").answer
        except Refused as refused:
            return refused.faults[0].code

    for answers in _at_once(send, ROUNDS):
        texts = set(answers) - {"in-progress"}
        assert len(texts) == 1
        assert dispositions(texts.pop()) == ["D00"]
    assert harbor.rows("select count(*) from authorization_attempt") == [(ROUNDS,)]
    assert harbor.violations() == []


def test_payments_of_one_statement_by_many_are_one(harbor: Harbor) -> None:
    """A3: four batches of their own for one statement: one accepted, three plainly refused."""
    statements = _statements(harbor)

    def send(process: int, number: int) -> tuple[str, ...]:
        text = _tagged(_batch(harbor, statements[number]), f"P{process}")
        return tuple(dispositions(harbor.send(text).answer))

    for answers in _at_once(send, ROUNDS):
        assert Counter(answers) == {("D00",): 1, ("D03", "998"): PROCESSES - 1}
    assert harbor.violations() == []


def test_a_payment_is_undone_once(harbor: Harbor) -> None:
    """A10: four processes undo one payment: one does, and what it undid can be paid again."""
    statements = _statements(harbor)
    for statement in statements:
        assert dispositions(harbor.send(_batch(harbor, statement)).answer) == ["D00"]

    def undo(process: int, number: int) -> tuple[str, ...]:
        text = _tagged(_batch(harbor, statements[number], sign="Y"), f"N{process}")
        return tuple(dispositions(harbor.send(text).answer))

    for answers in _at_once(undo, ROUNDS):
        assert Counter(answers)[("D40",)] == 1, answers
        assert all(answer == ("D40",) or answer[-1] == "998" for answer in answers)
    assert harbor.violations() == []
    again = [_tagged(_batch(harbor, statement), "again") for statement in statements]
    assert {tuple(dispositions(harbor.send(text).answer)) for text in again} == {("D00",)}
    assert harbor.violations() == []


def test_two_schedulers_run_one_day(harbor: Harbor) -> None:
    """B12: four runs of one morning at once: one does it, the others are told to wait."""
    bind_units(harbor.settings)
    harbor.entry(1, charges={"001": 500})
    _run_day(harbor, MONDAY, "evening")

    def morning(_process: int, _number: int) -> str:
        try:
            _run_day(harbor, TUESDAY, "morning")
        except Refused as refused:
            return refused.faults[0].code
        return "done"

    for outcomes in _at_once(morning, min(ROUNDS, 20)):
        assert set(outcomes) <= {"done", "day-running"}
        assert "done" in outcomes
    assert harbor.rows("select count(*) from statement") == [(1,)]
    assert harbor.rows("select count(*) from abi_outbox") == [(1,)]
    assert harbor.violations() == []


def _run_day(harbor: Harbor, business_date: Any, part: day.Part) -> None:
    clock = RehearsalClock(business_date)
    link: Any = Rails(harbor.settings, clock, Fuse())
    agency = day.Agency(harbor.connect, link, harbor.policy, clock)
    day.run(agency, business_date, part=part, report=lambda *_: None)
