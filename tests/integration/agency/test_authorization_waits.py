"""An authorization that waited for a statement sees everything that was done behind its lock."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from customhouse import rails
from customhouse.agency import bank_events
from tests.integration.agency.harbor import Harbor, dispositions
from tests.integration.agency.test_print_races import wait_until_somebody_waits
from tests.integration.agency.test_returns import SETTLED_ON, apply, event

RETURNED_ON = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("code", "answer"), [("R02", ["D30", "998"]), ("R01", ["D00"])], ids=["stopped", "open"]
)
def test_the_standing_of_a_unit_is_read_behind_the_lock(
    harbor: Harbor, code: str, answer: list[str]
) -> None:
    """The return that opens a statement again stops its unit for whoever waited for it."""
    harbor.entry(1, charges={"001": 100_000})
    harbor.print()
    ((number,),) = harbor.rows("select statement_number from statement")
    assert dispositions(harbor.authorize(number, 100_000)) == ["D00"]
    with harbor.connect() as connection:
        connection.execute("update authorization_attempt set state = 'with_bank'")
    apply(harbor, event(1, "settled", number, on=SETTLED_ON))
    returned = event(2, "returned", number, on=RETURNED_ON, code=code)
    bodies = {returned.event_id: json.dumps(rails.to_json(returned))}
    with ThreadPoolExecutor() as pool:
        with harbor.connect() as connection:
            bank_events.apply(connection, [returned], bodies=bodies, clock=harbor.clock)
            waiting = pool.submit(harbor.authorize, number, 100_000)
            wait_until_somebody_waits(harbor)
        assert dispositions(waiting.result()) == answer
    assert harbor.violations() == []
