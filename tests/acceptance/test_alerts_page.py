"""What is urgent stands on top of the filer's page, in a real browser."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.acceptance.harbor_pages import DEC_1, OTHER_CLERK
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, press, shoot
from tests.integration.agency.harbor import BROKER_UNIT, Harbor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def urgent(site: Site) -> Site:
    """Give the site with an overdue statement and a unit whose cap the day goes beyond."""
    harbor = Harbor(site.settings)
    harbor.rows(
        "update statement set due_on = %s where statement_number = %s returning 1",
        DEC_1,
        site.numbers.open,
    )
    harbor.rows(
        "update payer_unit set daily_cap_cents = 700000 where payer_unit_number = %s returning 1",
        BROKER_UNIT,
    )
    ((last,),) = harbor.rows("select max(business_date) from business_day")
    assert last > date(2026, 12, 1)
    return site


@pytest.mark.requirement("DEB-10")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_what_is_urgent_is_told_first(urgent: Site, device: str, width: int) -> None:
    page = urgent.signed_in(width=width)
    alerts = page.get_by_role("region", name="To do now")
    overdue = alerts.get_by_role("listitem").filter(has_text=urgent.numbers.open)
    expect(overdue).to_contain_text("Overdue.")
    expect(overdue).to_contain_text("was due on Tue 1 Dec 2026 and is not paid.")
    beyond = alerts.get_by_role("listitem").filter(has_text=BROKER_UNIT)
    expect(beyond).to_contain_text("go beyond its declared daily cap of $7,000.00")
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"alerts-{device}")
    press(page, overdue.get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(urgent.numbers.open)


def test_another_filer_sees_none_of_it(urgent: Site) -> None:
    page = urgent.signed_in(OTHER_CLERK)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("region", name="To do now")).to_have_count(0)
