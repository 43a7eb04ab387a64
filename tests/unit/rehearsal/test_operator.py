"""The simulated operator on a real folder: acknowledges, settles, brings back, starts again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from customhouse.rehearsal.ach_reading import read_file, split_records
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.receiving_banks import BadScript, ScriptLine, changed_account
from tests.unit.rehearsal.outbound_file import Debit, as_bytes, outbound_lines

WEDNESDAY = date(2026, 11, 25)
THANKSGIVING = date(2026, 11, 26)
FRIDAY = date(2026, 11, 27)
MONDAY = date(2026, 11, 30)
NAME = "12345678-20261125-0900-A.ach"
FIRST, SECOND = Debit("3927329001", 104_608, 1), Debit("3927329002", 250_000, 2)


class World:
    """An exchange folder, an operator that is made anew for each day, and what came in."""

    def __init__(self, folder: Path) -> None:
        self.exchange = folder / "exchange"
        self.home = folder / "operator"
        self.outbound = self.exchange / "outbound"
        self.inbound = self.exchange / "inbound"
        self.outbound.mkdir(parents=True)
        self.inbound.mkdir(parents=True)

    @property
    def operator(self) -> Operator:
        """Give an operator that takes up the books as they are on disk."""
        return Operator(self.exchange, self.home)

    def send(self, raw: bytes, name: str = NAME) -> None:
        """Put a file into the folder as the bank does."""
        (self.outbound / name).write_bytes(raw)

    def acknowledgement(self, name: str = NAME) -> dict[str, object]:
        """Read the answer to a file."""
        return json.loads((self.inbound / name.replace(".ach", ".ack.json")).read_bytes())


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Give an empty exchange folder."""
    return World(tmp_path)


def two_debits(effective: date | None = FRIDAY, **more: str) -> bytes:
    return as_bytes(outbound_lines([FIRST, SECOND], created=WEDNESDAY, effective=effective, **more))


def test_accepts_and_settles_on_the_next_banking_day(world: World) -> None:
    world.send(two_debits())
    report = world.operator.run(WEDNESDAY)
    assert report.accepted == [NAME]
    assert world.acknowledgement()["accepted"] is True
    assert world.acknowledgement()["entries"] == 2
    assert world.acknowledgement()["debit_cents"] == 354_608
    assert world.operator.run(THANKSGIVING).closed
    assert not list(world.inbound.glob("*.csv"))
    assert world.operator.run(FRIDAY).settled_cents == 354_608
    assert (world.inbound / "20261127.settlement.csv").read_text() == (
        "trace_number,amount_cents,settlement_date\n"
        "123456780000001,104608,2026-11-27\n"
        "123456780000002,250000,2026-11-27\n"
    )
    assert world.operator.books.treasury_cents == 354_608


@pytest.mark.parametrize("effective", [None, WEDNESDAY, date(2026, 11, 20), THANKSGIVING])
def test_stale_blank_or_closed_date_settles_on_the_next_banking_day(
    world: World, effective: date | None
) -> None:
    world.send(two_debits(effective))
    world.operator.run(WEDNESDAY)
    assert {entry.settles_on for entry in world.operator.books.entries} == {FRIDAY}


def test_date_too_far_ahead_comes_back_as_r18(world: World) -> None:
    world.send(two_debits(MONDAY))
    report = world.operator.run(WEDNESDAY)
    assert [entry.answer for entry in report.returned] == ["R18", "R18"]
    assert world.operator.run(MONDAY).settled_count == 0
    assert world.operator.books.settled_cents == 0


def test_file_that_is_not_there_yet_is_left_alone(world: World) -> None:
    world.send(two_debits(), f".{NAME}")
    world.send(two_debits(), f"{NAME}.part")
    assert world.operator.run(WEDNESDAY).accepted == []
    assert len(list(world.outbound.iterdir())) == 2


def test_same_file_again_gets_its_first_answer_and_no_second_effect(world: World) -> None:
    world.send(two_debits())
    world.operator.run(WEDNESDAY)
    first = world.acknowledgement()
    (world.inbound / NAME.replace(".ach", ".ack.json")).unlink()
    world.send(two_debits())
    assert world.operator.run(FRIDAY).again == [NAME]
    assert world.acknowledgement() == first
    assert len(world.operator.books.entries) == 2


def test_other_bytes_under_a_known_identity_are_refused(world: World) -> None:
    world.send(two_debits())
    world.operator.run(WEDNESDAY)
    other = as_bytes(outbound_lines([FIRST], created=WEDNESDAY, effective=FRIDAY))
    world.send(other)
    assert "already taken" in world.operator.run(WEDNESDAY).refused[NAME]
    assert world.acknowledgement()["accepted"] is False
    assert len(world.operator.books.entries) == 2


@pytest.mark.parametrize("raw", [b"", b"nonsense\n", two_debits()[:-95], two_debits() * 2])
def test_unreadable_file_is_refused_and_nothing_is_booked(world: World, raw: bytes) -> None:
    world.send(raw)
    report = world.operator.run(WEDNESDAY)
    assert list(report.refused) == [NAME]
    assert world.acknowledgement()["accepted"] is False
    assert world.operator.books.entries == []
    assert not list(world.outbound.iterdir())


def test_return_comes_back_within_two_banking_days_and_the_next_attempt_is_paid(
    world: World,
) -> None:
    world.operator.script.add([ScriptLine.parse(f"{FIRST.statement}=R01")])
    world.send(two_debits())
    world.operator.run(WEDNESDAY)
    assert world.operator.run(FRIDAY).returned == []
    report = world.operator.run(MONDAY)
    assert [(e.statement_number, e.answer) for e in report.returned] == [(FIRST.statement, "R01")]
    assert world.operator.books.treasury_cents == SECOND.cents
    again = outbound_lines([Debit(FIRST.statement, FIRST.cents, 3)], created=MONDAY, effective=None)
    world.send(as_bytes(again), "12345678-20261130-0900-A.ach")
    world.operator.run(MONDAY)
    world.operator.run(date(2026, 12, 1))
    assert world.operator.run(date(2026, 12, 2)).returned == []
    assert world.operator.books.treasury_cents == FIRST.cents + SECOND.cents
    assert world.operator.books.settled_cents == 2 * FIRST.cents + SECOND.cents


def test_returned_file_turns_the_entry_round(world: World) -> None:
    world.operator.script.add([ScriptLine(FIRST.statement, "R03", 2)])
    world.send(two_debits())
    world.operator.run(WEDNESDAY)
    for day in (FRIDAY, MONDAY, date(2026, 12, 1)):
        world.operator.run(day)
    lines = split_records((world.inbound / "20261201-A.ret.ach").read_bytes())
    header, batch, entry, addendum = lines[:4]
    assert header[3:23] == " 123456780 010203046"
    assert (batch[50:53], batch[75:78], batch[79:87]) == ("CCD", "335", "02100002")
    assert (entry[1:3], entry[3:12], entry[29:39]) == ("26", "123456780", "0000104608")
    assert entry[39:54].strip() == FIRST.statement
    assert addendum[:6] == "799R03"
    assert addendum[6:21] == "123456780000001"
    assert entry[79:94] == addendum[79:94] == "021000020000001"


def test_notification_of_change_pays_the_debit_and_tells_the_new_number(world: World) -> None:
    world.operator.script.add([ScriptLine(SECOND.statement, "C01", 0)])
    world.send(two_debits())
    world.operator.run(WEDNESDAY)
    report = world.operator.run(FRIDAY)
    assert report.settled_count == 2
    assert [entry.answer for entry in report.changed] == ["C01"]
    lines = split_records((world.inbound / "20261127-A.ret.ach").read_bytes())
    assert lines[1][50:53] == "COR"
    assert lines[2][29:39] == "0000000000"
    assert lines[3][:6] == "798C01"
    assert lines[3][35:64].strip() == changed_account(SECOND.account)


def test_books_hold_no_account_number(world: World) -> None:
    world.operator.script.add([ScriptLine(FIRST.statement, "C01", 0)])
    world.send(two_debits())
    for day in (WEDNESDAY, FRIDAY):
        world.operator.run(day)
    kept = [path for path in world.home.rglob("*") if path.is_file() and path.suffix != ".ach"]
    assert len(kept) == 2
    assert all(FIRST.account not in path.read_text() for path in kept)


def test_day_run_again_after_a_crash_gives_the_same_bytes(world: World) -> None:
    world.operator.script.add([ScriptLine(FIRST.statement, "R01", 0)])
    world.send(two_debits())
    world.operator.run(WEDNESDAY)
    before = (world.home / "books.json").read_bytes()
    world.operator.run(FRIDAY)
    delivered = {path.name: path.read_bytes() for path in world.inbound.iterdir()}
    (world.home / "books.json").write_bytes(before)
    world.operator.run(FRIDAY)
    assert {path.name: path.read_bytes() for path in world.inbound.iterdir()} == delivered


def test_received_copy_is_readable(world: World) -> None:
    world.send(two_debits())
    world.operator.run(WEDNESDAY)
    assert len(read_file((world.home / "received" / NAME).read_bytes()).entries) == 2


@pytest.mark.parametrize(
    "text", ["3927329001=R99", "3927329001", "392732=R01", "3927329001=R01+10"]
)
def test_script_that_cannot_be_followed_is_refused(text: str) -> None:
    with pytest.raises(BadScript):
        ScriptLine.parse(text)
