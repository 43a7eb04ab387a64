"""Deliveries of the operator without an end, or of very many lines, taken in little memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from benchmarks.rows import peak_mb

from customhouse.bank import inbound
from customhouse.bank.delivery import QUIET_SECONDS
from customhouse.bank.exchange import Exchange
from customhouse.settings import Settings
from tests.integration.bank.branch import TUESDAY, branch_of
from tests.siege.fuses import in_child

EVERYTHING = os.environ.get("SIEGE") == "all"
LINE_BYTES = 500_000_000 if EVERYTHING else 30_000_000
LINES = 1_000_000 if EVERYTHING else 40_000
# Less than the bytes of the delivery itself: nobody may read it whole.
MOST_MB_MORE = 190 if EVERYTHING else 25
PIECE = b"6" * 1_000_000

pytestmark = pytest.mark.timeout(1800 if EVERYTHING else 120)


def one_line() -> Iterator[bytes]:
    """Give one line without an end."""
    return (PIECE for _ in range(LINE_BYTES // len(PIECE)))


def bad_records() -> Iterator[bytes]:
    """Give very many records of 94 characters, none of them good."""
    return (b"6" * 94 + b"\n" for _ in range(LINES))


def report(*, repeated: bool) -> Iterator[bytes]:
    """Give a settlement report of very many items; the last may be there before."""
    yield b"trace_number,amount_cents,settlement_date\n"
    for number in range(1, LINES + 1):
        place = 1 if repeated and number == LINES else number
        yield b"12345678%07d,104608,2026-11-25\n" % place


DELIVERIES: dict[str, tuple[str, Callable[[], Iterator[bytes]], str]] = {
    "one line": ("a.ret.ach", one_line, "quarantined"),
    "bad records": ("a.ret.ach", bad_records, "quarantined"),
    "a line of a report": ("a.settlement.csv", one_line, "quarantined"),
    "an item twice": ("a.settlement.csv", lambda: report(repeated=True), "quarantined"),
    "very many items": ("a.settlement.csv", lambda: report(repeated=False), "taken"),
    "an object": ("a.ack.json", one_line, "quarantined"),
}


def _place(path: Path, pieces: Iterator[bytes]) -> None:
    with path.open("wb") as stream:
        stream.writelines(pieces)
    long_ago = path.stat().st_mtime - QUIET_SECONDS
    os.utime(path, (long_ago, long_ago))


@pytest.mark.parametrize("delivery", DELIVERIES)
def test_a_huge_delivery_is_judged_whole_in_little_memory(
    settings: Settings, delivery: str
) -> None:
    """F3: what cannot be good is refused at a limit; what is good costs a few bytes an item."""
    name, make, outcome = DELIVERIES[delivery]
    branch = branch_of(settings)
    branch.run(TUESDAY)
    _place(Exchange(settings.exchange_directory).inbound / name, make())

    def take_in() -> None:
        # A forked process begins with what the tests before it have in memory.
        before = peak_mb()
        with branch.office() as office:
            inbound.take_in(office)
        assert peak_mb() - before < MOST_MB_MORE, f"{before} MB became {peak_mb()} MB"

    assert in_child(take_in) == 0
    assert branch.rows("select outcome from inbound_file") == [(outcome,)]
    kept = LINES if outcome == "taken" else 0
    assert branch.rows("select count(*) from inbound_item") == [(kept,)]
