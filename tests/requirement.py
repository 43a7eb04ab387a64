"""The mark that ties a test to the requirements it shows to hold, and the ids there are.

The ids are those of docs/reference/requirements.md; an id that is not there is refused when the
tests are collected, which is the work of requirement_plugin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "requirements.md"
BASELINE = PAGE.with_name("requirements.txt")
ROW = re.compile(r"^\| ([A-Z]{3}-[0-9]{2}) \|", re.MULTILINE)


@cache
def known_ids() -> tuple[str, ...]:
    """Give every requirement id in the order of the page."""
    return tuple(ROW.findall(PAGE.read_text(encoding="utf-8")))


def requirement(*ids: str) -> pytest.MarkDecorator:
    """Mark a test with the ids it shows to hold; the same as ``pytest.mark.requirement``."""
    return pytest.mark.requirement(*ids)


def tests_by_id(items: Iterable[pytest.Item]) -> dict[str, list[str]]:
    """Give for each known id its tests' names in order; cases of one test count once."""
    found: dict[str, list[str]] = {each: [] for each in known_ids()}
    for item in items:
        name = item.nodeid.partition("[")[0]
        shown = {each for mark in item.iter_markers("requirement") for each in mark.args}
        for each in shown:
            found[each].append(name)
    return {each: list(dict.fromkeys(names)) for each, names in found.items()}


def recorded_ids() -> tuple[str, ...]:
    """Give the ids that have tests by the record, one a line, in its order."""
    return tuple(BASELINE.read_text(encoding="utf-8").split())
