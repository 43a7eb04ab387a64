"""The box "Pay by ACH Credit" on the page that a filer prints, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.acceptance import credit_pages
from tests.acceptance.credit_pages import Pushed
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, shoot

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pushed(site: Site) -> Pushed:
    """Push payments for statements of the site, whose filer has joined."""
    return credit_pages.push_for(site.settings, site.numbers)


@pytest.mark.requirement("CRD-01")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_the_printed_page_says_how_to_push_what_is_missing(
    site: Site, pushed: Pushed, device: str, width: int
) -> None:
    """C16: of a statement for which some has arrived it asks for the rest, to the cent."""
    page = site.signed_in(width=width)
    page.goto(f"/statements/{pushed.waiting}/print")
    box = page.get_by_role("region", name="Pay by ACH Credit")
    expect(box).to_contain_text("$3,000.01")
    expect(box).to_contain_text("$2,000.00 of $5,000.01")
    expect(box).to_contain_text(site.settings.collection_account)
    expect(box.get_by_text("TXP*B76*90001*")).to_contain_text(f"*{pushed.waiting}*300001\\")
    expect(box).to_contain_text("Push exactly $3,000.01")
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"credit-box-{device}")
    text = page.request.get(f"/statements/{pushed.waiting}.txt").text()
    assert f"*{pushed.waiting}*300001\\" in text


@pytest.mark.requirement("CRD-11")
def test_a_statement_that_is_paid_has_no_box(site: Site, pushed: Pushed) -> None:
    """C17: nobody is told to pay it a second time."""
    page = site.signed_in()
    page.goto(f"/statements/{pushed.paid}/print")
    expect(page.get_by_role("main")).to_contain_text("Paid by ACH Credit")
    expect(page.get_by_role("region", name="Pay by ACH Credit")).to_have_count(0)
