"""What a filer reads on its page of payments that it pushed itself, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from customhouse.agency import business_day, credit_answers
from customhouse.agency.credit_answers import Answer
from customhouse.clock import RehearsalClock
from customhouse.database import connect
from tests.acceptance import credit_pages
from tests.acceptance.credit_pages import Pushed
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, shoot
from tests.integration.agency.cashier import Cashier, txp
from tests.integration.agency.harbor import BROKER, Harbor

pytestmark = pytest.mark.browser
ANSWERED_CENTS = 88_800


@pytest.fixture(scope="module")
def pushed(site: Site) -> Pushed:
    """Push payments for statements of the site, and two that name none."""
    found = credit_pages.push_for(site.settings, site.numbers)
    with connect(site.settings, "agency") as connection:
        today = business_day.latest(connection)
    assert today is not None
    cashier = Cashier(Harbor(site.settings, today=today.business_date))
    with connect(site.settings, "agency") as connection:
        taken = connection.execute("select max(sequence) from incoming_credit").fetchone()
    assert taken is not None
    cashier.told = [cashier.credit(1) for _ in range(taken[0])]
    # The second is answered by a test, whichever of the tests comes first.
    for cents in (77_700, ANSWERED_CENTS):
        cashier.push(cents, txp(BROKER, "3999001999", cents))
    return found


@pytest.mark.requirement("CRD-04", "CRD-06", "NOT-02")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_the_first_page_tells_what_waits(
    site: Site, pushed: Pushed, device: str, width: int
) -> None:
    """A balance due and money that matched nothing are on top in red; the rest is news."""
    page = site.signed_in(width=width)
    page.goto("/")
    open_ones = page.locator(".panel.alarm")
    balance = open_ones.filter(has_text=f"due on statement {pushed.waiting}")
    expect(balance).to_have_count(1)
    expect(balance).to_contain_text("is missing")
    unmatched = open_ones.filter(has_text="$777.00")
    expect(unmatched).to_have_count(1)
    expect(unmatched).to_contain_text("It waits for your answer.")
    expect(page.locator(".panel.alarm").filter(has_text=pushed.final)).to_have_count(0)
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"payer-notices-{device}")


@pytest.mark.requirement("CRD-04")
def test_what_was_answered_is_no_longer_red(site: Site, pushed: Pushed) -> None:
    """It waits on, for an officer and not for the payer; it stands among the earlier notices."""
    with connect(site.settings, "agency") as connection:
        today = business_day.latest(connection)
        assert today is not None
        query = (
            "select payer_party_id, part_id from credit_part"
            " where state = 'unapplied' and amount_cents = %s"
        )
        ((party, part_id),) = connection.execute(query, [ANSWERED_CENTS]).fetchall()
        credit_answers.answer(
            connection,
            party,
            part_id,
            given=Answer("refund"),
            given_on=today.business_date,
            clock=RehearsalClock(today.business_date),
        )
    page = site.signed_in()
    page.goto("/")
    page.get_by_text("Earlier notices").click()
    told = page.locator(".panel").filter(has_text="$888.00")
    expect(told).to_contain_text("You have answered; an officer decides.")
    expect(page.locator(".panel.alarm").filter(has_text="$888.00")).to_have_count(0)


@pytest.mark.requirement("CRD-06")
def test_a_balance_that_was_paid_is_told_as_past(site: Site, pushed: Pushed) -> None:
    page = site.signed_in()
    page.goto(f"/statements/{pushed.final}")
    told = page.locator(".panel.quiet").filter(has_text="is missing")
    expect(told).to_have_count(1)


def test_another_filer_reads_nothing_of_it(site: Site, pushed: Pushed) -> None:
    page = site.signed_in("clerk@coast.example")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("main")).not_to_contain_text("$777.00")
    expect(page.get_by_role("main")).not_to_contain_text("$888.00")
    expect(page.get_by_role("main")).not_to_contain_text(pushed.waiting)
