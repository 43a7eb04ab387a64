"""No room for bank files: nothing half written, an alarm, and all is well afterwards (B6)."""

from __future__ import annotations

import multiprocessing
import resource

from customhouse.bank.exchange import Exchange
from customhouse.formats.nacha_check import check_file
from customhouse.settings import Settings
from tests.integration.bank.branch import TUESDAY, Branch, branch_of, instruction
from tests.integration.bank.operator_files import outbound, sent

OPEN = "select kind from alarm where cleared_at is null"


def _run_with_room_for(settings: Settings, size: int) -> None:
    """Run the day in a process whose files may only have so many bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    branch_of(settings).run(TUESDAY)


def test_a_file_that_does_not_fit_is_held_back_and_goes_out_when_there_is_room(
    branch: Branch, exchange: Exchange
) -> None:
    branch.open_units(1)
    branch.instruct(*[instruction(number) for number in range(1, 9)])
    process = multiprocessing.get_context("spawn").Process(
        target=_run_with_room_for, args=(branch.settings, 1_000)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 0
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
