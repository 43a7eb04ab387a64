"""The filer's pages in a real browser: who sees what, and that they fit a phone and a desk."""

from __future__ import annotations

import re

import httpx2
import pytest
from playwright.sync_api import expect

from tests.acceptance.harbor_pages import BROKERS_CLERK, OTHER_CLERK, PASSWORD, STRANGER
from tests.acceptance.site import SIDEWAYS, WIDTHS, Site, press, shoot

pytestmark = pytest.mark.browser

FORM_TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")[^"]+')


def test_pages_ask_for_a_sign_in_and_come_back(site: Site) -> None:
    page = site.page()
    page.goto(f"/statements/{site.numbers.open}")
    expect(page).to_have_title("Sign in – Customhouse")
    shoot(page, "sign-in")
    page.get_by_label("User name").fill(BROKERS_CLERK)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, page.get_by_role("button", name="Sign in"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(site.numbers.open)
    press(page, page.get_by_role("button", name="Sign out"))
    page.goto("/")
    expect(page).to_have_title("Sign in – Customhouse")


def test_a_wrong_password_is_told_beside_the_form_and_slowed_down(site: Site) -> None:
    page = site.page()
    page.goto("/sign-in")
    for _ in range(6):
        page.get_by_label("User name").fill("guesser@harbor.example")
        page.get_by_label("Password").fill("wrong")
        press(page, page.get_by_role("button", name="Sign in"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Too many wrong passwords")
    expect(page.get_by_label("Password")).to_have_value("")
    shoot(page, "sign-in-refused")


@pytest.mark.requirement("DEB-10")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_the_list_shows_where_each_statement_stands(site: Site, device: str, width: int) -> None:
    page = site.signed_in(width=width)
    row = {
        name: page.get_by_role("row").filter(has_text=number)
        for name, number in vars(site.numbers).items()
    }
    expect(row["open"]).to_contain_text("To authorize")
    expect(row["open"]).to_contain_text("$12,696.36")
    expect(row["returned"]).to_contain_text("There is not enough money in the account.")
    expect(row["authorized"]).to_contain_text("Debit expected Mon 30 Nov 2026")
    expect(row["authorized"]).to_contain_text("Estimate: the payer's bank decides")
    expect(row["final"]).to_contain_text("Receipt of Wed 25 Nov 2026")
    expect(row["cancelled"]).to_contain_text("Cancelled")
    expect(row["foreign"]).to_have_count(0)
    expect(page.get_by_role("main")).to_contain_text("Hold the funds")
    notices = page.get_by_role("region", name="Notices")
    expect(notices).to_contain_text(site.numbers.returned)
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"list-{device}")


@pytest.mark.requirement("DEB-03")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_a_statement_shows_its_entries_charges_and_what_was_taken_off(
    site: Site, device: str, width: int
) -> None:
    page = site.signed_in(width=width)
    page.goto(f"/statements/{site.numbers.open}")
    live = page.get_by_role("table").first
    expect(live).to_contain_text("Merchandise processing fee")
    expect(live).to_contain_text("secured by a bond, not due here")
    expect(live).to_contain_text("None: free of duty")
    taken_off = page.get_by_role("table", name="taken off")
    expect(taken_off.locator("del").first).to_be_visible()
    expect(taken_off).to_contain_text("Wed 25 Nov 2026")
    expect(taken_off).to_contain_text("By the filer, over ABI")
    expect(page.get_by_text("Total as printed")).to_be_visible()
    assert not page.evaluate(SIDEWAYS)
    shoot(page, f"open-{device}")


@pytest.mark.requirement("DEB-08", "DEB-10")
@pytest.mark.parametrize(("device", "width"), WIDTHS.items())
def test_each_state_says_what_it_means_and_what_to_do(site: Site, device: str, width: int) -> None:
    page = site.signed_in(width=width)
    told = {
        "returned": "Put the whole amount in the account, then authorize again.",
        "authorized": "Hold the funds in the account from now on",
        "final": "It is the receipt for this payment.",
        "cancelled": "Nothing is left to pay on it.",
    }
    for name, sentence in told.items():
        page.goto(f"/statements/{getattr(site.numbers, name)}")
        expect(page.get_by_role("main")).to_contain_text(sentence)
        assert not page.evaluate(SIDEWAYS), name
        shoot(page, f"{name}-{device}")


@pytest.mark.requirement("SEC-05")
def test_another_filers_statement_is_the_same_page_as_none(site: Site) -> None:
    """H1: 404 in both cases, and not one byte that tells them apart but the form's own token."""
    page = site.signed_in()
    seen = []
    for number in (site.numbers.foreign, "3927329ZZZ"):
        response = page.goto(f"/statements/{number}")
        assert response is not None
        assert response.status == 404
        seen.append(FORM_TOKEN.sub("", page.content()))
    assert seen[0] == seen[1]
    expect(page.get_by_role("banner")).to_contain_text(BROKERS_CLERK)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    expect(page.get_by_text("Rehearsal: the companies")).to_be_visible()
    shoot(page, "not-found")
    other = site.signed_in(OTHER_CLERK)
    other.goto(f"/statements/{site.numbers.foreign}")
    expect(other.get_by_role("heading", level=1)).to_contain_text(site.numbers.foreign)


@pytest.mark.parametrize("path", ["%00", "3927329%00", "%EF%BC%91", "9" * 8_000])
def test_a_number_that_is_none_is_not_found(site: Site, path: str) -> None:
    response = site.signed_in().request.get(f"{site.url}/statements/{path}")
    assert response.status == 404


def test_somebody_without_a_filer_is_told_what_to_do(site: Site) -> None:
    page = site.signed_in(STRANGER)
    expect(page.get_by_role("main")).to_contain_text("No filer code is bound to your sign-in")
    shoot(page, "no-filer")


def test_pages_can_be_read_without_seeing_them(site: Site) -> None:
    """Landmarks, one first heading, a skip link, named tables, labelled fields."""
    page = site.signed_in()
    for path in ("/", f"/statements/{site.numbers.open}"):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.get_by_role("banner")).to_have_count(1)
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.get_by_role("contentinfo")).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert page.locator("table").count() == page.locator("table > caption").count()
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        expect(focused).to_have_text("Skip to the content")
        page.keyboard.press("Enter")
        expect(page.locator(":focus")).to_have_id("content")


def test_nothing_on_a_page_breaks_its_own_policy(site: Site) -> None:
    """The content security policy allows no inline style or script; the pages need none."""
    page = site.page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto("/sign-in")
    colour = page.locator("header.site").evaluate("each => getComputedStyle(each).backgroundColor")
    assert colour == "rgb(13, 59, 102)", "the style sheet is in effect"
    assert complaints == []


def test_a_form_without_its_token_or_from_elsewhere_changes_nothing(site: Site) -> None:
    """H4: neither a bare POST nor one with another origin gets past the form's check."""
    with httpx2.Client(base_url=site.url, trust_env=False) as http:
        assert http.post("/sign-in", data={"username": "x", "password": "y"}).status_code == 403
        token = http.get("/sign-in").cookies["customhouse_csrf"]
        sent = {"csrfmiddlewaretoken": token, "username": BROKERS_CLERK, "password": PASSWORD}
        foreign = http.post("/sign-in", data=sent, headers={"Origin": "http://evil.example"})
        assert foreign.status_code == 403
        assert "customhouse_session" not in foreign.cookies
        assert http.get("/sign-out").status_code == 405
