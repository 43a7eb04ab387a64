"""One change in a good delivered file: it is refused whole, and nothing of it is kept (C4)."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from customhouse.bank.exchange import Exchange
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, Branch, instruction
from tests.integration.bank.operator_files import (
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)

# First and last column of what a control record counts and adds up, by its record type.
SUMS = {
    "8": ((5, 10), (11, 20), (21, 32), (33, 44)),
    "9": ((2, 7), (8, 13), (14, 21), (22, 31), (32, 43), (44, 55)),
}


@pytest.fixture
def good(branch: Branch, exchange: Exchange) -> dict[str, bytes]:
    """Send six debits; give a good file of each kind about them, by ending."""
    branch.open_units(1)
    branch.instruct(*[instruction(number) for number in range(1, 7)])
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    first, second, third, *rest = sent(path)
    back = returns(
        [(first, "R01"), (second, "R02")],
        [(third, "C01", "778899")],
        created_on=FRIDAY,
        settled_on=FRIDAY,
    )
    return {
        ".ret.ach": back,
        ".settlement.csv": settlement(rest, WEDNESDAY),
        ".ack.json": acknowledgement(path),
    }


def damaged_returns(content: bytes) -> Iterator[bytes]:
    """Give the file with each line cut off, lost or doubled, and with every sum off by one."""
    lines = content.decode().splitlines()
    for number, line in enumerate(lines):
        before, after = lines[:number], lines[number + 1 :]
        yield _joined(before)
        yield _joined(before + after)
        yield _joined([*before, line, line, *after])
        yield _joined([*before, line[:-1], *after])
        yield _joined([*before, f"{line} ", *after])
        yield _joined([*before, f"{line}\r", *after])
        yield _joined([*before, f"{line[:40]}\x00{line[41:]}", *after])
        for first, last in SUMS.get(line[:1], ()) if set(line) != {"9"} else ():
            seen = line[first - 1 : last]
            other = f"{(int(seen) + 1) % 10 ** len(seen):0{len(seen)}d}"
            yield _joined([*before, line[: first - 1] + other + line[last:], *after])
        if line.startswith("6"):
            other = f"{int(line[29:39]) + 1:010d}"
            yield _joined([*before, line[:29] + other + line[39:], *after])


def damaged_settlements(content: bytes) -> Iterator[bytes]:
    """Give the report with each line damaged in its form; a lost line cannot be known."""
    lines = content.decode().splitlines()
    for number, line in enumerate(lines):
        before, after = lines[:number], lines[number + 1 :]
        yield _joined([*before, line[:-1], *after])
        yield _joined([*before, f"{line}0", *after])
        yield _joined([*before, line.replace(",", ";", 1), *after])
        yield _joined([*before, f" {line}", *after])
        yield _joined([*before, line, "", *after])
        yield _joined([*before, line, line, *after])
        if number:
            yield _joined([*before, line.replace("2026-11-25", "2026-11-31"), *after])
            yield _joined([*before, line.replace("104608", "0104608"), *after])
            yield _joined([*before, line.replace("104608", "0"), *after])
    yield _joined(lines[1:])
    yield _joined(lines[:1])


def damaged_acknowledgements(content: bytes) -> Iterator[bytes]:
    """Give the object without each member, with a wrong one, and cut off."""
    values = json.loads(content)
    for name, value in values.items():
        yield json.dumps({other: values[other] for other in values if other != name}).encode()
        yield json.dumps({**values, name: [value]}).encode()
        yield json.dumps({**values, name: None}).encode()
        doubled = json.dumps(values)[:-1] + f', "{name}": {json.dumps(value)}}}'
        yield doubled.encode()
    yield json.dumps({**values, "more": 1}).encode()
    for size in range(0, len(content), 40):
        yield content[:size]


def _joined(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


DAMAGE = {
    ".ret.ach": damaged_returns,
    ".settlement.csv": damaged_settlements,
    ".ack.json": damaged_acknowledgements,
}


@pytest.mark.parametrize("ending", list(DAMAGE))
def test_a_file_with_one_change_is_quarantined_whole(
    branch: Branch, exchange: Exchange, good: dict[str, bytes], ending: str
) -> None:
    content = good[ending]
    damaged = [each for each in DAMAGE[ending](content) if each != content]
    contents = {f"{number:04d}{ending}": each for number, each in enumerate(damaged)}
    assert len(set(damaged)) >= 20
    for name, each in contents.items():
        deliver(exchange, name, each)
    branch.intake()
    outcomes = branch.rows("select outcome, count(*) from inbound_file group by 1")
    assert outcomes == [("quarantined", len(set(damaged)))]
    assert branch.rows("select count(*) from inbound_item") == [(0,)]
    assert branch.rows("select count(*) from inbound_acknowledgement") == [(0,)]
    assert set(branch.states().values()) == {"in_file"}
    assert list(exchange.inbound.iterdir()) == []
    assert branch.rows("select count(*) from alarm where kind = 'file-quarantined'") == [
        (len(set(damaged)),)
    ]
    deliver(exchange, f"good{ending}", content)
    branch.intake()
    assert branch.rows("select name from inbound_file where outcome = 'taken'") == [
        (f"good{ending}",)
    ]
