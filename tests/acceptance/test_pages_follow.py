"""The filer's pages over time, in a real browser: notices, receipts, the day, and finding one."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.acceptance import harbor_pages
from tests.acceptance.harbor_pages import OTHER_CLERK
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, press, shoot
from tests.integration.agency.harbor import entry_number

pytestmark = pytest.mark.browser

ENTRY = entry_number("B76", 324_527)
STALE = "unpaid and open again"
PRINTED_MANY = 30


@pytest.fixture(scope="module")
def busy(site: Site) -> Site:
    """Give the site with more statements of the other broker than one page holds."""
    harbor_pages.print_many(site.settings, PRINTED_MANY)
    return site


def find(page: Page, text: str) -> None:
    """Look a number up by the form."""
    page.get_by_label("Statement, entry or importer number").fill(text)
    press(page, page.get_by_role("button", name="Find"))


def numbers_on(page: Page) -> list[str]:
    """Give the statement numbers in the list."""
    return page.get_by_role("rowheader").get_by_role("link").all_inner_texts()


@pytest.mark.requirement("DEB-04", "DEB-10")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_a_notice_is_red_only_while_its_statement_is_open(
    site: Site, device: str, width: int
) -> None:
    page = site.signed_in(width=width)
    open_now = page.get_by_role("region", name="Notices")
    still = open_now.get_by_role("listitem").filter(has_text=site.numbers.returned)
    expect(still).to_contain_text("on Mon 30 Nov 2026")
    expect(still).to_contain_text("Put the whole amount in the account, then authorize again.")
    expect(open_now.get_by_role("listitem").filter(has_text=site.numbers.refused)).to_have_count(1)
    expect(open_now).not_to_contain_text(site.numbers.paid_again)
    solved = page.get_by_role("listitem").filter(has_text=site.numbers.paid_again)
    expect(solved).to_be_hidden()
    page.get_by_text("Earlier notices").click()
    expect(solved).to_be_visible()
    expect(solved).to_contain_text("Authorized again on Tue 1 Dec 2026")
    assert "alarm" not in (solved.get_attribute("class") or "")
    assert STALE not in page.content()
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"home-{device}")


@pytest.mark.requirement("DEB-08", "DEB-10")
def test_a_statement_paid_again_tells_its_whole_story(site: Site) -> None:
    """Both receipts are listed; the total is paid only once the second debit has settled."""
    pages = {device: site.signed_in(width=width) for device, width in WIDTHS.items()}
    for device, page in pages.items():
        page.goto(f"/statements/{site.numbers.paid_again}")
        rows = page.get_by_role("table", name="Each attempt").get_by_role("row")
        expect(rows.nth(1)).to_contain_text("Returned Mon 30 Nov 2026")
        expect(rows.nth(1)).to_contain_text("Final statement of Wed 25 Nov 2026")
        expect(rows.nth(2)).to_contain_text("Final statement of Wed 2 Dec 2026")
        expect(page.get_by_role("main")).to_contain_text("Total authorized")
        expect(page.get_by_role("main")).not_to_contain_text("Total paid")
        expect(page.get_by_role("main")).to_contain_text("the debit is expected on")
        shoot(page, f"paid-again-unsettled-{device}")
    harbor_pages.settle_again(site.settings, site.numbers.paid_again)
    for device, page in pages.items():
        page.reload()
        expect(page.get_by_role("main")).to_contain_text("Total paid")
        expect(page.get_by_role("region", name="Notices")).to_contain_text(
            "Authorized again on Tue 1 Dec 2026, settled on Wed 2 Dec 2026."
        )
        expect(page.locator(".alarm")).to_have_count(0)
        assert STALE not in page.content()
        assert not page.evaluate(SIDEWAYS)
        shoot(page, f"paid-again-{device}")


def test_pages_show_the_business_date_and_whether_it_is_open(site: Site) -> None:
    page = site.signed_in()
    for path in ("/", f"/statements/{site.numbers.open}", "/nothing-here"):
        page.goto(path)
        banner = page.get_by_role("banner")
        expect(banner).to_contain_text("Business date Wed 2 Dec 2026, open")
    stranger = site.page()
    stranger.goto("/sign-in")
    expect(stranger.get_by_role("banner")).not_to_contain_text("Business date")


@pytest.mark.parametrize(
    "spelled",
    [
        f"B76-{ENTRY[:7]}-{ENTRY[7]}",
        f"B76{ENTRY[:7]} {ENTRY[7]}",
        f"b76  {ENTRY}",
        ENTRY,
        f"{ENTRY[:7]}-{ENTRY[7]}",
    ],
)
def test_a_statement_is_found_by_an_entry_however_it_is_spelled(site: Site, spelled: str) -> None:
    page = site.signed_in()
    find(page, spelled)
    assert numbers_on(page) == [site.numbers.paid_again]


def test_statements_are_found_by_number_importer_date_and_state(site: Site) -> None:
    page = site.signed_in()
    find(page, site.numbers.final)
    assert numbers_on(page) == [site.numbers.final]
    find(page, "98-7654321")
    assert numbers_on(page) == [site.numbers.open]
    press(page, page.get_by_role("link", name="Clear"))
    press(page, page.get_by_role("link", name="To pay again"))
    assert set(numbers_on(page)) == {site.numbers.returned, site.numbers.refused}
    find(page, site.numbers.refused)
    assert "state=reopened" in page.url
    assert numbers_on(page) == [site.numbers.refused]
    page.goto("/?from=2026-11-24&to=2026-11-24")
    assert len(numbers_on(page)) == 7
    page.goto("/?from=2026-11-25")
    expect(page.get_by_role("status")).to_contain_text("No statement found")


@pytest.mark.requirement("SEC-05")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_a_search_without_a_result_says_so(site: Site, device: str, width: int) -> None:
    """What is another filer's is as unfindable as what does not exist."""
    page = site.signed_in(width=width)
    for text in (site.numbers.foreign, "C08-0000009-9", "%_'\"<b>", "\N{FULLWIDTH DIGIT ONE}999"):
        find(page, text)
        assert numbers_on(page) == []
    find(page, site.numbers.foreign)
    expect(page.get_by_role("status")).to_contain_text(f"matches “{site.numbers.foreign}”")
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"nothing-found-{device}")


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "to=2026-02-31", "from=2026-12-02&to=2026-12-01", f"q={'9' * 4000}", "q=--"],
)
def test_a_search_that_cannot_be_read_is_told_beside_the_form(site: Site, query: str) -> None:
    page = site.signed_in()
    page.goto(f"/?{query}")
    expect(page.get_by_role("alert")).to_be_visible()
    assert numbers_on(page) == []


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=999999999", "page=x", "state=none"])
def test_an_address_that_makes_no_sense_shows_the_list(site: Site, query: str) -> None:
    page = site.signed_in()
    page.goto(f"/?{query}&q=%00")
    page.goto(f"/?{query}")
    assert site.numbers.open in numbers_on(page)


@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_a_long_list_comes_in_pages_and_its_counts_are_of_all(
    busy: Site, device: str, width: int
) -> None:
    page = busy.signed_in(OTHER_CLERK, width=width)
    everything = page.get_by_role("navigation", name="Statements by state")
    page.goto("/?state=preliminary")
    expect(everything).to_contain_text(f"All {PRINTED_MANY + 1}")
    first = numbers_on(page)
    assert len(first) == 25
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height < 4_000, f"{height} pixels to scroll"
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"many-{device}")
    press(page, page.get_by_role("link", name="Earlier statements"))
    second = numbers_on(page)
    assert "state=preliminary" in page.url
    assert len(second) == PRINTED_MANY + 1 - len(first)
    assert not set(first) & set(second)
