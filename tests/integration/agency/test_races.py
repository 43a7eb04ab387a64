"""Two processes at one statement: exactly one wins, whatever the interleaving."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Barrier

import pytest

from customhouse import rails
from customhouse.agency import bank_events
from customhouse.agency.print_run import print_statements
from tests.integration.agency.harbor import BROKER_UNIT, TUESDAY, Harbor, dispositions

ROUNDS = 12
PROCESSES = 4


def _send(harbor: Harbor, texts: list[str], barrier: Barrier, found: multiprocessing.Queue) -> None:
    for text in texts:
        barrier.wait(timeout=60)
        found.put((text, dispositions(harbor.send(text).answer)))


def _run(harbor: Harbor, scripts: list[list[str]]) -> list[tuple[str, list[str]]]:
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(scripts))
    found = context.Queue()
    processes = [
        context.Process(target=_send, args=(harbor, texts, barrier, found)) for texts in scripts
    ]
    for process in processes:
        process.start()
    answers = [found.get(timeout=90) for texts in scripts for _ in texts]
    for process in processes:
        process.join(timeout=30)
        assert process.exitcode == 0
    return answers


def _tagged(batch: str, tag: str) -> str:
    """Make a batch another one than its twins by its user data."""
    return f"{batch[:59]}{tag:21}{batch[80:]}"


@pytest.mark.requirement("DEB-04")
def test_one_of_many_authorizations_wins(harbor: Harbor) -> None:
    """A3: four processes authorize each of twelve statements at once; one is accepted each time."""
    for serial in range(ROUNDS):
        harbor.entry(serial, charges={"001": 100 + serial}, payment_type="2")
        harbor.print_one_statement(serial)
    statements = harbor.rows("select statement_number, total_cents from statement order by 1")
    scripts = [
        [
            _tagged(
                harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"]), f"P{process}"
            )
            for number, cents in statements
        ]
        for process in range(PROCESSES)
    ]
    answers = _run(harbor, scripts)
    codes = [tuple(code) for _, code in answers]
    assert codes.count(("D00",)) == ROUNDS
    assert codes.count(("D03", "998")) == ROUNDS * (PROCESSES - 1)
    assert len(harbor.rows("select 1 from transfer")) == ROUNDS
    assert harbor.violations() == []


@pytest.mark.requirement("DEB-03")
def test_authorization_and_deletion_exclude_each_other(harbor: Harbor) -> None:
    """A5: either the deletion came first and the old total is refused, or it is refused itself."""
    pairs = []
    for serial in range(ROUNDS):
        gone = harbor.entry(2 * serial, charges={"001": 500})
        harbor.entry(2 * serial + 1, charges={"001": 700})
        harbor.print_one_statement(serial)
        pairs.append(gone)
    statements = dict(harbor.rows("select entry_number, statement_number from statement_entry"))
    pay = [
        harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {statements[gone]}{1200:010}"]) for gone in pairs
    ]
    remove = [harbor.batch("SU", [f"H3901B76  {gone}1"]) for gone in pairs]
    answers = dict(_run(harbor, [pay, remove]))
    for payment, removal in zip(pay, remove, strict=True):
        outcome = (answers[payment], answers[removal])
        assert outcome in ((["D00"], ["P02"]), (["D04", "998"], ["P12"])), outcome
    assert harbor.violations() == []


def _print(harbor: Harbor, barrier: Barrier, found: multiprocessing.Queue) -> None:
    barrier.wait(timeout=60)
    found.put(print_statements(harbor.connect, TUESDAY, harbor.clock).statements)


def _take(harbor: Harbor, barrier: Barrier, found: multiprocessing.Queue) -> None:
    ((number,),) = harbor.rows("select statement_number from statement")
    event = rails.BankEvent(
        1, "e1", "settled", f"B76-{number}-1", 500, TUESDAY, "091000010000001", "", ""
    )
    bodies = {"e1": json.dumps(rails.to_json(event))}
    barrier.wait(timeout=60)
    with harbor.connect() as connection:
        found.put(bank_events.apply(connection, [event], bodies=bodies, clock=harbor.clock).settled)


def _at_once(work: Callable[..., None], harbor: Harbor) -> list[int]:
    context = multiprocessing.get_context("fork")
    barrier, found = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=work, args=(harbor, barrier, found)) for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    results = [found.get(timeout=60) for _ in processes]
    for process in processes:
        process.join(timeout=30)
        assert process.exitcode == 0
    return sorted(results)


def test_steps_of_a_day_may_run_twice_at_once(harbor: Harbor) -> None:
    """B12: four print runs print once between them; four polls take an event once."""
    harbor.entry(1, charges={"001": 500})
    harbor.open(TUESDAY)
    assert _at_once(_print, harbor) == [0, 0, 0, 1]
    ((number,),) = harbor.rows("select statement_number from statement")
    assert dispositions(harbor.authorize(number, 500)) == ["D00"]
    assert _at_once(_take, harbor) == [0, 0, 0, 1]
    assert harbor.violations() == []
