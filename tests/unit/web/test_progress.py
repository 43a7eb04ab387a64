"""Where a statement stands, in words: by debit, by ACH Credit, or waiting for the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from customhouse.agency.statement_views import StatementSummary
from customhouse.web.agency_site.progress import progress_of, total_words

DAY, LATER = date(2026, 11, 24), date(2026, 11, 27)
OPEN = StatementSummary(
    filer_code="B76",
    number="3927328001",
    state="preliminary",
    payment_type="2",
    importer_number=None,
    print_date=DAY,
    due_on=None,
    processing_port="3901",
    client_branch="",
    total_cents=500_000,
    preliminary_cents=500_000,
    attempts=0,
    attempt_state=None,
    accepted_on=None,
    debit_on=None,
    settled_on=None,
    return_code=None,
    final_on=None,
    paid_on=None,
    paid_known_on=None,
    waiting_cents=0,
)
RETURNED = {"attempts": 1, "attempt_state": "returned", "return_code": "R01", "accepted_on": DAY}


@pytest.mark.parametrize("tried", [{}, RETURNED, {"attempts": 1, "attempt_state": "refused"}])
@pytest.mark.parametrize(("state", "badge"), [("paid", "Paid"), ("final", "Final")])
def test_what_ach_credit_paid_is_done_whatever_was_tried_before(
    tried: dict[str, object], state: str, badge: str
) -> None:
    final_on = LATER if state == "final" else None
    paid = {"state": state, "paid_on": DAY, "paid_known_on": LATER, "final_on": final_on}
    summary = replace(OPEN, **(paid | tried))
    progress = progress_of(summary)
    assert (progress.badge, progress.tone) == (badge, "done")
    assert "complete on Tue 24 Nov 2026" in progress.meaning
    assert "Hold the funds" not in progress.next_step
    assert total_words(summary) == "Total paid"
    known = "first business day after Fri 27 Nov 2026" in progress.next_step
    assert known == (state == "paid"), "an officer may have applied it later than it was collected"


def test_too_little_says_what_is_missing_and_what_a_debit_would_do() -> None:
    progress = progress_of(replace(OPEN, waiting_cents=199_999))
    assert progress.badge == "Waits for the rest"
    assert "$1,999.99 has arrived by ACH Credit and $3,000.01 is missing" in progress.meaning
    assert "Push the missing $3,000.01" in progress.next_step
    assert "the $1,999.99 that arrived then goes back" in progress.next_step


def test_a_returned_debit_stays_red_while_too_little_waits() -> None:
    progress = progress_of(replace(OPEN, waiting_cents=1, **RETURNED))
    assert (progress.badge, progress.tone) == ("Returned", "alarm")
    assert "$0.01 has arrived by ACH Credit and waits." in progress.next_step


def test_enough_that_is_not_applied_yet_asks_for_nothing_more() -> None:
    """An entry was taken off since: the day's run applies what is enough by now."""
    progress = progress_of(replace(OPEN, waiting_cents=500_001))
    assert "which is enough" in progress.next_step
    assert "missing" not in progress.next_step


def test_nothing_is_said_of_ach_credit_where_nothing_was_pushed() -> None:
    authorized = {"state": "authorized", "attempt_state": "with_bank", "accepted_on": DAY}
    for summary in (OPEN, replace(OPEN, **authorized), replace(OPEN, **RETURNED)):
        progress = progress_of(summary)
        assert "ACH Credit" not in progress.meaning + progress.next_step
