"""The agency's pages in a browser: windows, signing in, and pictures for people to look at."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from customhouse.settings import Settings
from tests.acceptance.harbor_pages import BROKERS_CLERK, PASSWORD, Statements

WIDTHS = {"phone": 390, "desk": 1280}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass(frozen=True)
class Site:
    """The served agency, its statements and the browser that looks at it."""

    url: str
    settings: Settings
    numbers: Statements
    browser: Browser

    def page(self, width: int = 1280) -> Page:
        """Open a fresh window that nobody is signed in to, as wide as asked."""
        context = self.browser.new_context(
            base_url=self.url, viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(10_000)
        return context.new_page()

    def signed_in(self, username: str = BROKERS_CLERK, *, width: int = 1280) -> Page:
        """Sign a person in by the page's own form."""
        page = self.page(width)
        page.goto("/sign-in")
        page.get_by_label("User name").fill(username)
        page.get_by_label("Password").fill(PASSWORD)
        press(page, page.get_by_role("button", name="Sign in"))
        page.wait_for_url("**/")
        return page


def press(page: Page, control: Locator) -> None:
    """Click a link or a button that leads to another page, and wait until that page is there.

    A click alone returns at once: what is read then may still be the page before.
    """
    with page.expect_navigation():
        control.click()


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page where CUSTOMHOUSE_SHOTS says, for people to look at."""
    directory = os.environ.get("CUSTOMHOUSE_SHOTS")
    if directory:
        page.screenshot(path=Path(directory) / f"{name}.png", full_page=True)
