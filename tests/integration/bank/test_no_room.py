"""No room for bank files: nothing half written, an alarm, and all is well afterwards (B6)."""

from __future__ import annotations

import multiprocessing
import resource
from datetime import date

from customhouse.bank.exchange import Exchange
from customhouse.formats.nacha_check import check_file
from customhouse.settings import Settings
from tests.integration.bank.answers import answers
from tests.integration.bank.branch import TUESDAY, Branch, branch_of, instruction
from tests.integration.bank.operator_files import deliver, outbound, returns, sent
from tests.integration.bank.test_disputes import settle_one

SETTLED_LATE = date(2026, 12, 7)
NEXT = date(2026, 12, 8)
OPEN = "select kind from alarm where cleared_at is null"


def _run_with_room_for(settings: Settings, size: int, day: date) -> None:
    """Run the day in a process whose files may only have so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    branch_of(settings).run(day)


def _run_cramped(branch: Branch, size: int, day: date) -> None:
    process = multiprocessing.get_context("spawn").Process(
        target=_run_with_room_for, args=(branch.settings, size, day)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 0


def test_a_file_that_does_not_fit_is_held_back_and_goes_out_when_there_is_room(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1)
    branch.instruct(*[instruction(number) for number in range(1, 9)])
    _run_cramped(branch, 1_000, TUESDAY)
    assert list(exchange.outbound.iterdir()) == []
    assert list(exchange.archive("outbound").iterdir()) == []
    assert branch.rows(OPEN) == [("file-held-back",)]
    assert branch.rows("select state from bank_file") == [("planned",)]
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    with path.open("rb") as stream:
        assert list(check_file(stream)) == []
    assert len(sent(path)) == 8
    assert branch.rows(OPEN) == []


def test_a_file_of_answers_that_does_not_fit_does_not_end_the_day(
    branch: Branch, exchange: Exchange
) -> None:
    """B6: the dishonored return waits for room, and the day goes on."""
    debit = settle_one(branch, exchange)
    branch.run(SETTLED_LATE)
    late = returns([(debit, "R29")], created_on=SETTLED_LATE, settled_on=SETTLED_LATE)
    deliver(exchange, "late.ret.ach", late)
    branch.intake()
    _run_cramped(branch, 500, NEXT)
    assert answers(exchange) == []
    assert branch.rows(OPEN) == [("answer-file-held-back",)]
    branch.run(NEXT)
    assert len(answers(exchange)) == 1
    assert branch.rows(OPEN) == []
