"""Every failure scenario that code or a test quotes is on the page of failures."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "failures.md"
# Quoted as "failure B10", "failures H9, H11", or at the beginning of a test's docstring: "C6: …".
NAMED = re.compile(r"failures? ((?:[A-HO][0-9]{1,2}(?:,| and)? ?)+)")
OPENING = re.compile(r'"""((?:[A-HO][0-9]{1,2}(?:, | and )?)+): ')
ID = re.compile(r"[A-HO][0-9]{1,2}")


def test_every_quoted_failure_is_on_the_page() -> None:
    listed = set(re.findall(r"^\| ([A-HO][0-9]{1,2}) \|", PAGE.read_text(), re.MULTILINE))
    sources = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    quoted = {
        each
        for path in sources
        for pattern in (NAMED, OPENING)
        for group in pattern.findall(path.read_text(encoding="utf-8"))
        for each in ID.findall(group)
    }
    assert {"A3", "B10", "C6"} <= quoted, "the patterns still find what is quoted"
    assert quoted - listed == set()
