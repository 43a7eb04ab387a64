"""An entry is sent back while another officer's decision about a part is not committed yet."""

from __future__ import annotations

import threading
import time

from customhouse.agency import credit_desk_acts
from customhouse.faults import Refused
from tests.integration.agency.cashier import txp
from tests.integration.agency.desk_counter import REASON, Counter
from tests.integration.agency.harbor import BROKER, IMPORTER_X, Harbor
from tests.integration.agency.test_credit_returns import send_back, states

WAITING = """
select count(*) from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock'
"""


def test_a_part_that_moves_meanwhile_keeps_its_entry_here(harbor: Harbor) -> None:
    """The share that replaces it cannot be locked unseen; nothing goes back without it."""
    counter = Counter.opened(harbor, joined=(BROKER, IMPORTER_X))
    counter.cashier.push(700, txp(BROKER, "3926301999", 300), txp("99-1234567", "1", 400))
    first, second = counter.waiting()
    ends: list[str] = []

    def back() -> None:
        try:
            send_back(counter, first, officer="Officer Two")
            ends.append("done")
        except Refused as refused:
            ends.append(refused.faults[0].code)

    thread = threading.Thread(target=back)
    with harbor.connect() as connection:
        # Opens the transaction, so that the decision is committed only at the end of the block.
        connection.execute("select 1")
        credit_desk_acts.assign(connection, second, IMPORTER_X, reason=REASON, desk=counter.desk())
        thread.start()
        until = time.monotonic() + 10
        while harbor.rows(WAITING) == [(0,)]:
            assert time.monotonic() < until, "the return never waited for the part"
            time.sleep(0.01)
    thread.join()
    assert ends == ["credit-part-changed"]
    assert [state for state, _ in states(harbor)] == ["unapplied", "moved", "unapplied"]
    assert harbor.rows("select count(*) from credit_return") == [(0,)]
    assert harbor.violations() == []
