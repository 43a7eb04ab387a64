"""Death at every boundary of sending payers' mail, then the same run again: none is sent twice."""

from __future__ import annotations

import time
from collections import Counter

from customhouse.agency.mail_sending import send_waiting
from tests.integration.agency.harbor import Harbor
from tests.integration.agency.mail_server import MailHouse
from tests.integration.agency.test_mail import enrolled, house, post_to, send, states
from tests.siege.fuses import DIED, Fuse, fused, in_child

__all__ = ["enrolled", "house"]
PATIENCE_SECONDS = 20.0


def _send_burning(harbor: Harbor, house: MailHouse, fuse: Fuse) -> None:
    connect = fused(harbor.settings, "agency", fuse)
    send_waiting(connect, post_to(house.url), harbor.clock)


def _wait_again(harbor: Harbor, house: MailHouse) -> None:
    """Let every mail wait as in the beginning."""
    harbor.rows(
        "update payer_mail set state = 'waiting', detail = '', finished_at = null returning 1"
    )
    house.taken.clear()


def _finish(harbor: Harbor, house: MailHouse) -> None:
    """Send until nothing waits; the turn of the dead is over when the server has noticed."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while {state for _, state, _ in states(harbor)} & {"waiting", "sending"}:
        assert time.monotonic() < deadline
        send(harbor, post_to(house.url))


def test_death_at_any_boundary_sends_no_mail_twice(enrolled: Harbor, house: MailHouse) -> None:
    """B1, B11: what the server may have taken is uncertain, and all else is sent once."""
    calm = Fuse()
    _send_burning(enrolled, house, calm)
    assert Counter(state for _, state, _ in states(enrolled)) == {"sent": 2}
    assert calm.passed >= 8
    seen = set()
    for boundary in range(1, calm.passed + 1):
        _wait_again(enrolled, house)
        struck = Fuse(boundary)
        assert in_child(lambda fuse=struck: _send_burning(enrolled, house, fuse)) == DIED
        _finish(enrolled, house)
        taken = Counter(each.recipient for each in house.taken)
        ended = {address: state for address, state, _ in states(enrolled)}
        seen |= set(ended.values())
        assert set(taken.values()) <= {1}, boundary
        assert {address for address, state in ended.items() if state == "sent"} <= set(taken)
        assert Counter(ended.values())["uncertain"] <= 1, boundary
        assert set(ended.values()) <= {"sent", "uncertain"}, boundary
    assert seen == {"sent", "uncertain"}
