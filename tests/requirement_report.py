"""Print each requirement id with the tests that show it to hold (``make requirements``).

``--record`` adds the ids that have tests now to the record that test_requirements.py keeps; it
never takes one away. This program collects the tests and runs none.
"""

from __future__ import annotations

import contextlib
import io
import sys

import pytest

from tests.requirement import BASELINE, known_ids, recorded_ids, tests_by_id


class Collector:
    """Remembers what pytest collected."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Gather the tests of each id once all tests are known."""
        self.found = tests_by_id(session.items)


def collect() -> dict[str, list[str]]:
    """Give each id's tests; end the program with pytest's own words when collecting fails."""
    collector, words = Collector(), io.StringIO()
    with contextlib.redirect_stdout(words):
        outcome = pytest.main(
            ["--collect-only", "-qq", "-p", "no:randomly", "-p", "no:cacheprovider"], [collector]
        )
    if outcome != pytest.ExitCode.OK:
        sys.exit(words.getvalue() or f"pytest could not collect the tests: {outcome!r}")
    return collector.found


def line(requirement_id: str, tests: list[str]) -> str:
    """Give one line of the report: the id, the number of its tests and their names."""
    names = ": " + ", ".join(tests) if tests else ""
    return f"{requirement_id}  {len(tests)} tests{names}"


def record(found: dict[str, list[str]]) -> None:
    """Write the ids that have tests, and those that once had, one a line."""
    kept = set(recorded_ids()) | {each for each, tests in found.items() if tests}
    BASELINE.write_text("".join(f"{each}\n" for each in known_ids() if each in kept), "utf-8")


def main(arguments: list[str]) -> None:
    """Print the report, or write the record when asked to."""
    found = collect()
    if arguments == ["--record"]:
        record(found)
        return
    for requirement_id, tests in found.items():
        print(line(requirement_id, tests))


if __name__ == "__main__":
    main(sys.argv[1:])
