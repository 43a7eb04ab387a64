"""The bank's answers as the rehearsed operator reads them: passed on, and one of them contested."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from customhouse.bank.exchange import Exchange
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.receiving_banks import ScriptLine
from tests.integration.bank.branch import TUESDAY, Branch, instruction

DONE = date(2026, 12, 9)


def test_the_operator_passes_dishonored_returns_on_and_brings_a_contest(
    branch: Branch, exchange: Exchange, tmp_path: Path
) -> None:
    """C7: played by an operator with checks of its own, one dispute is won, one contested."""
    branch.open_units(1, 2)
    branch.instruct(instruction(1), instruction(2, unit=2))
    operator = Operator(exchange.root, tmp_path / "operator")
    lines = [ScriptLine.parse("3927327001=R29+4"), ScriptLine.parse("3927327002=R29+4!")]
    operator.script.add(lines)
    day = TUESDAY
    refused: dict[str, str] = {}
    while day <= DONE:
        branch.run(day)
        refused |= operator.run(day).refused
        day = FEDERAL_RESERVE.next(day)
    branch.intake()
    assert refused == {}
    assert branch.rows(
        "select statement_number, dispute.state from dispute join debit using (instruction_id)"
        " order by 1"
    ) == [("3927327001", "won"), ("3927327002", "contested")]
    assert operator.books.treasury_cents == 104_608
