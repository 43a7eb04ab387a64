"""Requests around the cut-off: each is judged on one business date, which is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from customhouse.agency import abi_door
from customhouse.clock import FixedClock
from tests.integration.agency.harbor import (
    BROKER,
    BROKER_UNIT,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    dispositions,
)

MILLISECOND = timedelta(milliseconds=1)
TOO_LATE = ["D14", "998"]


def _send(harbor: Harbor, text: str, at: datetime, *, key: str) -> str:
    return abi_door.take_batch(
        harbor.connect,
        sender=harbor.senders[BROKER],
        raw=text.encode(),
        idempotency_key=key,
        clock=FixedClock(at),
        policy=harbor.policy,
    ).answer


@pytest.mark.requirement("DEB-04")
def test_a_request_at_the_cut_off_belongs_to_one_date(harbor: Harbor) -> None:
    """E7: a millisecond before is accepted; at and after it, refused until the next day opens."""
    for serial in range(3):
        harbor.entry(serial, charges={"001": 1_000 + serial})
        harbor.print_one_statement(serial)
    statements = harbor.rows("select statement_number, total_cents from statement order by 1")
    batches = [
        harbor.batch("RM", [f"PT{BROKER_UNIT}02B76 {number}{cents:010}"])
        for number, cents in statements
    ]
    cut_off = harbor.policy.cut_off_on(TUESDAY)
    moments = (cut_off - MILLISECOND, cut_off, cut_off + MILLISECOND)
    told = [
        dispositions(_send(harbor, text, at, key=f"first-{number}"))
        for number, (text, at) in enumerate(zip(batches, moments, strict=True))
    ]
    assert told == [["D00"], TOO_LATE, TOO_LATE]
    assert harbor.rows("select accepted_on, debit_on from authorization_attempt") == [
        (TUESDAY, harbor.policy.expected_debit_on(TUESDAY))
    ]
    # The same keys on the next day: what was answered stays, what was not judged is judged.
    harbor.open(WEDNESDAY)
    morning = harbor.policy.cut_off_on(WEDNESDAY) - timedelta(hours=8)
    again = [
        dispositions(_send(harbor, text, morning, key=f"first-{number}"))
        for number, text in enumerate(batches)
    ]
    assert again == [["D00"], ["D00"], ["D00"]]
    dates = harbor.rows(
        "select accepted_on, count(*) from authorization_attempt group by 1 order by 1"
    )
    assert dates == [(TUESDAY, 1), (WEDNESDAY, 2)]
    assert harbor.violations() == []
