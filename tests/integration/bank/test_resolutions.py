"""What a person decides about a report that contradicts the books: kept with name and reason."""

from __future__ import annotations

import pytest

from customhouse.bank import resolutions
from customhouse.bank.exchange import Exchange
from customhouse.faults import Refused
from tests.integration.bank.branch import TUESDAY, WEDNESDAY, Branch, instruction
from tests.integration.bank.operator_files import (
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)


def test_a_refusal_after_the_settlement_is_resolved_by_a_person(
    branch: Branch, exchange: Exchange
) -> None:
    """C14: the books stand, nothing goes out again, and who decided is kept."""
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    deliver(exchange, "a.settlement.csv", settlement(sent(path), WEDNESDAY))
    branch.intake()
    deliver(exchange, "b.ack.json", acknowledgement(path, reason="CLOSED"))
    branch.intake()
    with branch.office() as office:
        (alarm,) = resolutions.open_alarms(office.connection)
        assert alarm.kind == "acknowledgement-mismatched"
        words = {"by": "Ada Officer", "reason": "the operator withdrew its refusal"}
        resolutions.resolve(office.connection, alarm.alarm_id, clock=office.clock, **words)
        with pytest.raises(Refused, match="No open alarm"):
            resolutions.resolve(office.connection, alarm.alarm_id, clock=office.clock, **words)
        assert resolutions.open_alarms(office.connection) == []
    assert branch.rows("select resolved_by, reason from alarm_resolution") == [
        ("Ada Officer", "the operator withdrew its refusal")
    ]
    assert branch.states() == {"3927327001": "settled"}


def test_a_dispute_is_not_resolved_as_an_alarm(branch: Branch, exchange: Exchange) -> None:
    branch.open_units(1)
    branch.instruct(instruction(1))
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    debits = sent(path)
    deliver(exchange, "a.settlement.csv", settlement(debits, WEDNESDAY))
    back = returns([(debits[0], "R31")], created_on=WEDNESDAY, settled_on=WEDNESDAY)
    deliver(exchange, "b.ret.ach", back)
    branch.intake()
    with branch.office() as office:
        (alarm,) = resolutions.open_alarms(office.connection)
        with pytest.raises(Refused, match="decided"):
            resolutions.resolve(
                office.connection, alarm.alarm_id, by="Ada", reason="x", clock=office.clock
            )
        with pytest.raises(Refused, match="--reason must be"):
            resolutions.resolve(
                office.connection, alarm.alarm_id, by="Ada", reason=" ", clock=office.clock
            )
