"""What is to be paid without hurry stands quietly on the filer's page, in a real browser."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from tests.acceptance import credit_pages, harbor_pages
from tests.acceptance.harbor_pages import OTHER_CLERK
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, press, shoot
from tests.integration.agency.harbor import Harbor

pytestmark = pytest.mark.browser

LATER = date(2026, 12, 14)
SHOWN = 5


@pytest.fixture(scope="module")
def open_site(site: Site) -> Site:
    """Give the site with one statement due later, one half of which was pushed, and many more."""
    pushed = credit_pages.push_for(site.settings, site.numbers)
    harbor = Harbor(site.settings, today=credit_pages.DEC_3)
    harbor.rows(
        "update statement set due_on = %s where statement_number = %s returning 1",
        LATER,
        pushed.waiting,
    )
    harbor_pages.print_many(site.settings, SHOWN)
    return site


@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_open_statements_are_named_before_they_are_urgent(
    open_site: Site, device: str, width: int
) -> None:
    page = open_site.signed_in(width=width)
    todo = page.get_by_role("region", name="To do")
    first = todo.get_by_role("listitem").nth(0)
    expect(first).to_contain_text("$5,000.01 due Mon 14 Dec 2026; $3,000.01 of it missing")
    expect(todo.get_by_role("listitem").filter(has_text=open_site.numbers.open)).to_contain_text(
        "no due date stated"
    )
    expect(todo.locator(".alarm")).to_have_count(0)
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"to-do-{device}")
    press(page, first.get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Waits for the rest")


def test_of_many_the_first_are_named_and_the_rest_is_found(open_site: Site) -> None:
    page = open_site.signed_in(OTHER_CLERK)
    todo = page.get_by_role("region", name="To do")
    expect(todo.get_by_role("listitem")).to_have_count(SHOWN)
    expect(todo).not_to_contain_text(open_site.numbers.open)
    press(page, todo.get_by_role("link", name="To authorize"))
    expect(page.get_by_role("rowheader")).to_have_count(SHOWN + 1)


def test_the_page_of_an_application_is_found_without_its_address(open_site: Site) -> None:
    """Who applied to join has no sign-in: the way in is on the page that asks for one."""
    page = open_site.page()
    page.goto("/sign-in")
    link = page.get_by_role("main").get_by_role("link", name="See how your application stands")
    press(page, link)
    expect(page).to_have_url(f"{open_site.url}/joining")
    expect(page.get_by_label("Application number")).to_be_visible()
    page = open_site.signed_in()
    press(page, page.get_by_role("contentinfo").get_by_role("link", name="Applications to join"))
    expect(page).to_have_url(f"{open_site.url}/joining")
