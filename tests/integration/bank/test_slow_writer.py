"""A sender that writes under the final name, slowly: nothing is read by half (failure C20)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from customhouse.bank import inbound
from customhouse.bank.delivery import QUIET_SECONDS, is_cut_off
from customhouse.bank.exchange import Exchange
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, Branch, instruction
from tests.integration.bank.operator_files import (
    acknowledgement,
    outbound,
    returns,
    sent,
    settlement,
)

FILES = "select name, outcome from inbound_file order by name"


@pytest.fixture
def whole(branch: Branch, exchange: Exchange) -> dict[str, bytes]:
    """Send three debits; give what the operator will say of them, by name."""
    branch.open_units(1)
    branch.instruct(*[instruction(number) for number in (1, 2, 3)])
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    debits = sent(path)
    back = returns([(debits[0], "R01")], created_on=FRIDAY, settled_on=FRIDAY)
    return {
        "a.ack.json": acknowledgement(path),
        "a.settlement.csv": settlement(debits, WEDNESDAY),
        "a.ret.ach": back,
    }


def intake(branch: Branch) -> inbound.TakenIn:
    with branch.office() as office:
        return inbound.take_in(office)


def pieces(content: bytes, count: int = 5) -> Iterator[bytes]:
    size = -(-len(content) // count)
    return (content[at : at + size] for at in range(0, len(content), size))


def settled_once(branch: Branch) -> bool:
    return branch.rows("select state, count(*) from debit group by 1 order by 1") == [
        ("returned", 1),
        ("settled", 2),
    ]


def test_a_file_that_somebody_has_open_is_left_until_it_is_closed(
    branch: Branch, exchange: Exchange, whole: dict[str, bytes]
) -> None:
    for name, content in whole.items():
        with (exchange.inbound / name).open("wb") as slow:
            for piece in pieces(content):
                slow.write(piece)
                slow.flush()
                found = intake(branch)
                assert (found.taken, found.quarantined, found.unfinished) == (0, 0, 0)
        assert intake(branch).taken == 1
    assert branch.rows(FILES) == [(name, "taken") for name in sorted(whole)]
    assert settled_once(branch)


@pytest.mark.parametrize("name", ["a.ack.json", "a.ret.ach"])
def test_a_file_that_is_written_bit_by_bit_is_read_when_it_has_its_end(
    branch: Branch, exchange: Exchange, whole: dict[str, bytes], name: str
) -> None:
    """Between two pieces nobody has it open; only its missing end tells."""
    parts = list(pieces(whole[name]))
    for number, piece in enumerate(parts, 1):
        with (exchange.inbound / name).open("ab") as slow:
            slow.write(piece)
        found = intake(branch)
        is_last = number == len(parts)
        assert (found.taken, found.quarantined) == (int(is_last), 0)
        assert found.unfinished == int(not is_last)
    assert branch.rows(FILES) == [(name, "taken")]
    assert len(list(exchange.archive("inbound").iterdir())) == 1
    assert list(exchange.quarantine.iterdir()) == []


def test_a_report_whose_lines_come_bit_by_bit_settles_each_item_once(
    branch: Branch, exchange: Exchange, whole: dict[str, bytes]
) -> None:
    """Nothing says how many lines a report has; what comes later is a report of its own."""
    path = exchange.inbound / "a.settlement.csv"
    lines = whole[path.name].splitlines(keepends=True)
    for number in range(2, len(lines) + 1):
        path.write_bytes(b"".join(lines[:number]))
        assert intake(branch).taken == 1
    assert branch.rows("select state, count(*) from debit group by 1") == [("settled", 3)]
    kinds = [event.kind for event in branch.events()]
    assert kinds == ["in_file"] * 3 + ["settled"] * 3


def test_a_file_that_changes_while_it_is_read_is_left(
    branch: Branch, exchange: Exchange, whole: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = exchange.inbound / "a.ret.ach"
    path.write_bytes(whole[path.name])
    copied = os.fsync

    def meanwhile(descriptor: int) -> None:
        copied(descriptor)
        if path.stat().st_size == len(whole[path.name]):
            with path.open("ab") as writer:
                writer.write(b"more")

    with monkeypatch.context() as slow:
        slow.setattr(os, "fsync", meanwhile)
        found = intake(branch)
    assert (found.taken, found.quarantined, found.unfinished) == (0, 0, 0)
    assert list(exchange.archive("inbound").iterdir()) == []
    path.write_bytes(whole[path.name])
    assert intake(branch).taken == 1


def test_a_file_without_its_end_that_nobody_writes_any_more_is_refused(
    branch: Branch, exchange: Exchange, whole: dict[str, bytes]
) -> None:
    path = exchange.inbound / "a.ret.ach"
    path.write_bytes(whole[path.name][:400])
    assert intake(branch).unfinished == 1
    long_ago = path.stat().st_mtime - QUIET_SECONDS
    os.utime(path, (long_ago, long_ago))
    assert intake(branch).quarantined == 1
    assert branch.rows(FILES) == [("a.ret.ach", "quarantined")]
    assert not path.exists()


def test_the_end_of_each_kind_of_file_is_known(tmp_path: Path, whole: dict[str, bytes]) -> None:
    for name, content in whole.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert not is_cut_off(path)
        for size in range(len(content) - 1):
            path.write_bytes(content[:size])
            at_line = name.endswith(".csv") and content[:size].endswith(b"\n")
            assert is_cut_off(path) is not at_line, (name, size)
    path = tmp_path / "a.ret.ach"
    for newline in (b"\r\n", b""):
        content = whole[path.name].replace(b"\n", newline)
        path.write_bytes(content)
        assert not is_cut_off(path)
        path.write_bytes(content[:-94])
        assert is_cut_off(path)
