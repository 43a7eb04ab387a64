"""Suspended payer units at the bank: what is not in a file yet goes into none."""

from __future__ import annotations

import pytest

from customhouse.bank import unit_standings
from customhouse.bank.exchange import Exchange
from customhouse.faults import Refused
from customhouse.rails import PayerUnitStanding
from tests.integration.bank.branch import FRIDAY, TUESDAY, Branch, instruction
from tests.integration.bank.operator_files import outbound, sent


def tell(branch: Branch, sequence: int, *, suspended: bool, unit: str = "000001") -> None:
    with branch.office() as office:
        standing = PayerUnitStanding(unit, sequence, suspended, "R02")
        unit_standings.take_standing(office.connection, standing, clock=office.clock)


def test_a_waiting_debit_of_a_suspended_unit_is_refused_at_file_build(
    branch: Branch, exchange: Exchange
) -> None:
    """A9: held at file build, reported to the agency, and the other unit's debit goes out."""
    branch.open_units(1, 2)
    branch.instruct(instruction(1), instruction(2, unit=2), instruction(3, debit_on=FRIDAY))
    tell(branch, 2, suspended=True)
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    assert [debit.statement_number for debit in sent(path)] == ["3927327002"]
    assert branch.states() == {
        "3927327001": "refused",
        "3927327002": "in_file",
        "3927327003": "received",
    }
    (refused,) = [each for each in branch.events() if each.kind == "refused"]
    assert (refused.instruction_id, refused.code) == ("B76-3927327001-1", "unit-held-back")
    branch.run(TUESDAY)
    assert len([each for each in branch.events() if each.kind == "refused"]) == 1


def test_a_suspension_lifted_in_time_stops_nothing(branch: Branch, exchange: Exchange) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1))
    tell(branch, 2, suspended=True)
    tell(branch, 3, suspended=False)
    tell(branch, 2, suspended=True)
    branch.run(TUESDAY)
    assert branch.states() == {"3927327001": "in_file"}


def test_the_bank_knows_only_its_own_units(branch: Branch) -> None:
    with pytest.raises(Refused, match="bound to no account"):
        tell(branch, 2, suspended=True, unit="000009")
