"""How long many pushed payments take at the bank.

What is bounded tightly is this process's own time, which a busy machine does not stretch; the
database takes about as long again.
"""

from __future__ import annotations

import json
import time
from itertools import islice

import pytest

from customhouse import rails
from customhouse.bank import credits
from customhouse.bank.exchange import Exchange
from tests.integration.bank.branch import TUESDAY, Branch
from tests.integration.bank.credit_files import MONDAY, Push, batch, entry, pushed, written
from tests.integration.bank.operator_files import deliver

MANY = 100_000


def pages(branch: Branch) -> list[str]:
    """Read everything over the door's query, each page as the door writes it."""
    found: list[str] = []
    after = 0
    with branch.office() as office:
        while page := credits.after(office.connection, after, most=rails.MOST_CREDITS):
            found.append(json.dumps([rails.to_json(each) for each in page]))
            after = page[-1].sequence
    return found


def seconds_of_intake_and_telling(branch: Branch) -> tuple[float, list[str]]:
    """Take in what lies there, tell it and read it; give this process's time and the pages."""
    begun = time.process_time()
    branch.run(TUESDAY)
    found = pages(branch)
    return time.process_time() - begun, found


@pytest.mark.timeout(300)
def test_a_hundred_thousand_payments_go_through(branch: Branch, exchange: Exchange) -> None:
    """100,000 CCD+ credits pass intake and door in about 6 seconds on a quiet machine, all told."""
    entries = (entry(Push(amount_cents=place), place) for place in range(1, MANY + 1))
    content = written([(batch(TUESDAY), list(islice(entries, MANY)))])
    branch.run(MONDAY)
    deliver(exchange, "many.cr.ach", content)

    seconds, found = seconds_of_intake_and_telling(branch)

    told = [each for page in found for each in json.loads(page)]
    assert [each["sequence"] for each in told] == list(range(1, MANY + 1))
    assert sum(each["amount_cents"] for each in told) == MANY * (MANY + 1) // 2
    assert seconds < 10


def test_the_largest_entry_goes_through(branch: Branch, exchange: Exchange) -> None:
    """A CTX of 9,999 addenda is one page, and its addenda come as they were written."""
    texts = [f"TXP*B76*90001*261124*S*{place:010d}*3927327001\\" for place in range(9_999)]
    push = Push(amount_cents=9_999, texts=texts)
    content = pushed(push, Push(texts=["A"] * 2), settled_on=TUESDAY, sec_code="CTX")
    branch.run(MONDAY)
    deliver(exchange, "large.cr.ach", content)

    seconds, found = seconds_of_intake_and_telling(branch)

    (largest,), (small,) = map(json.loads, found)
    assert largest["addenda"] == [text.ljust(80) for text in texts]
    assert small["amount_cents"] == 104_608
    assert seconds < 0.7
