"""Where the browser of the page tests is.

A test that opens pages takes the fixture ``chromium``. Without a browser it is skipped on a
person's machine and fails where CI is set. Pages are not this module's business.
"""

from __future__ import annotations

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Give the path of a Chromium: the one CUSTOMHOUSE_CHROMIUM names, or one on the PATH."""
    named = os.environ.get("CUSTOMHOUSE_CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Give the path of the browser to launch; skip without one, fail without one in CI."""
    path = find_chromium()
    if path is None and os.environ.get("CI"):
        pytest.fail("no Chromium: install one or name it in CUSTOMHOUSE_CHROMIUM")
    if path is None:
        pytest.skip("no Chromium on this machine; name one in CUSTOMHOUSE_CHROMIUM")
    return path
