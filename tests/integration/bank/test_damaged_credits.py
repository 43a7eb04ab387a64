"""A file of pushed payments that is not whole: refused before anything of it is kept."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from customhouse.bank import inbound
from customhouse.bank.exchange import Exchange
from tests.integration.bank.branch import TUESDAY, Branch
from tests.integration.bank.credit_files import MONDAY, STRANGER, Push, pushed
from tests.integration.bank.operator_files import deliver
from tests.integration.bank.test_credits import told
from tests.integration.bank.test_damaged_deliveries import damaged_returns

GOLDEN = Path(__file__).parents[2] / "golden" / "credits"
KEPT = "select count(*) from incoming_entry"


def changed_at_random(content: bytes, *, seed: int, count: int) -> Iterator[bytes]:
    """Give the file with one character of a place that is summed, counted or a code changed."""
    chance = random.Random(seed)
    lines = content.decode().splitlines()
    for _ in range(count):
        number = chance.randrange(len(lines))
        line = lines[number]
        if set(line) == {"9"}:
            continue
        # What no sum protects may change: names, accounts, codes of one direction, texts, dates.
        column = chance.choice(
            {"6": [0, *range(29, 39)], "7": [0, 1, 2], "8": [*range(44)]}.get(line[0], [0])
        )
        digit = chance.choice("0123456789".replace(line[column], ""))
        other = line[:column] + digit + line[column + 1 :]
        yield "\n".join([*lines[:number], other, *lines[number + 1 :], ""]).encode()


@pytest.mark.parametrize("name", ["ccd_payments", "ctx_payment", "reversal", "other_accounts"])
def test_a_damaged_file_changes_nothing(branch: Branch, exchange: Exchange, name: str) -> None:
    """C4: every line cut, lost or doubled, every sum off, every summed digit changed."""
    good = (GOLDEN / f"{name}.cr.ach").read_bytes()
    branch.run(MONDAY)
    files = [*damaged_returns(good), *changed_at_random(good, seed=4, count=60)]
    spoiled = 0
    with branch.office() as office:
        for number, content in enumerate(files):
            if content == good:
                continue
            spoiled += 1
            deliver(exchange, f"damaged{number:04d}.cr.ach", content)
        found = inbound.take_in(office)
        kept = office.connection.execute(KEPT.encode()).fetchone()
    assert (found.taken, found.quarantined) == (0, spoiled)
    assert kept == (0,)

    deliver(exchange, "good.cr.ach", good)
    branch.intake()
    assert branch.rows(KEPT) == [(good.count(b"\n6"),)]


def test_what_was_refused_is_in_quarantine_with_its_faults_and_without_content(
    branch: Branch, exchange: Exchange
) -> None:
    """A fault names rule and line; the account number in the file is nowhere in it."""
    good = pushed(Push(account=STRANGER), settled_on=TUESDAY)
    deliver(exchange, "one.cr.ach", good.replace(b"0000104608RE", b"0000104609RE"))
    branch.run(MONDAY)
    (side,) = exchange.quarantine.glob("*.faults.json")
    content = side.read_text()
    assert json.loads(content)["faults"]
    assert STRANGER not in content
    assert told(branch) == []


def test_half_a_file_waits_for_its_other_half(branch: Branch, exchange: Exchange) -> None:
    """C20: without its end and still warm it is left where it lies, then read when it is whole."""
    good = pushed(Push(), Push(amount_cents=5), settled_on=TUESDAY)
    path = exchange.inbound / "slow.cr.ach"
    path.write_bytes(good[:300])
    branch.run(TUESDAY)
    assert told(branch) == []
    assert path.exists()
    path.write_bytes(good)
    branch.intake()
    assert [each.amount_cents for each in told(branch)] == [104_608, 5]
    assert branch.rows("select outcome from inbound_file") == [("taken",)]


def test_the_same_file_under_another_name_is_only_counted(
    branch: Branch, exchange: Exchange
) -> None:
    """C2: the same bytes have no second effect, and raise no alarm either."""
    good = pushed(Push(), Push(account=STRANGER), settled_on=TUESDAY)
    for name in ("one.cr.ach", "two.cr.ach", "three.cr.ach"):
        deliver(exchange, name, good)
        branch.run(TUESDAY)
    assert len(told(branch)) == 1
    assert branch.rows("select deliveries from inbound_file") == [(3,)]
    assert branch.rows("select count(*) from entry_return") == [(1,)]
    assert branch.rows("select count(*) from alarm") == [(0,)]
