"""Both sides as real processes on fresh databases, and a browser in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from customhouse.settings import Settings
from tests.acceptance import harbor_pages
from tests.acceptance.servers import Served, serving, with_free_ports
from tests.acceptance.site import Site
from tests.conftest import MakeSettings

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture
def served_settings(settings: Settings) -> Settings:
    """Give a test's settings with free addresses for both processes, on a rehearsal's clock."""
    return replace(with_free_ports(settings), clock="rehearsal")


@pytest.fixture
def agency_server(served_settings: Settings) -> Iterator[Served]:
    """Serve the agency for one test."""
    with serving(served_settings, "agency") as served:
        yield served


@pytest.fixture
def bank_server(served_settings: Settings) -> Iterator[Served]:
    """Serve the processor bank for one test."""
    with serving(served_settings, "bank") as served:
        yield served


@pytest.fixture(scope="module")
def module_settings(
    make_settings: MakeSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Give settings as ``served_settings`` does, for all tests of a module together."""
    directory: Path = tmp_path_factory.mktemp("served")
    with make_settings(directory) as fresh:
        yield replace(with_free_ports(fresh), clock="rehearsal")


@pytest.fixture(scope="module")
def module_agency(module_settings: Settings) -> Iterator[Served]:
    """Serve the agency for all tests of a module together."""
    with serving(module_settings, "agency") as served:
        yield served


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Start one real Chromium for the session."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium, args=list(CHROMIUM_ARGUMENTS), headless=True
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def site(module_settings: Settings, module_agency: Served, browser: Browser) -> Iterator[Site]:
    """Give the agency's site with a harbor behind it."""
    numbers = harbor_pages.build(module_settings)
    yield Site(module_agency.url, module_settings, numbers, browser)
    for context in browser.contexts:
        context.close()
