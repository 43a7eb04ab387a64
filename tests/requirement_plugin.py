"""A pytest plugin: refuse requirement ids that do not exist.

Which tests an id has is printed by requirement_report.
"""

from __future__ import annotations

import pytest

from tests.requirement import known_ids


def faulty_marks(item: pytest.Item) -> list[str]:
    """Give a sentence for each id on this test that the page of requirements does not list."""
    return [
        f"{item.nodeid}: {each!r} is no requirement of docs/reference/requirements.md"
        for mark in item.iter_markers("requirement")
        for each in (mark.args or ("(no id)",))
        if each not in known_ids()
    ]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse the whole run when a test names an id that does not exist."""
    faults = [fault for item in items for fault in faulty_marks(item)]
    if faults:
        raise pytest.UsageError("\n".join(faults))
