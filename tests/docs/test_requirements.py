"""A requirement that once had tests keeps some, and the record of those that have is complete."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.docs.tree import ROOT
from tests.requirement import known_ids, recorded_ids, requirement
from tests.requirement_plugin import faulty_marks

LINE = re.compile(r"^([A-Z]{3}-\d\d)  (\d+) tests", re.MULTILINE)


@pytest.fixture(scope="module")
def report() -> dict[str, int]:
    """Give the number of tests of each id, as ``make requirements`` prints it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.requirement_report"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {each: int(count) for each, count in LINE.findall(done.stdout)}


def test_every_id_has_a_line(report: dict[str, int]) -> None:
    assert tuple(report) == known_ids()


def test_no_requirement_lost_its_tests(report: dict[str, int]) -> None:
    lost = [each for each in recorded_ids() if not report[each]]
    assert not lost, f"{', '.join(lost)} once had tests"


def test_the_record_is_complete(report: dict[str, int]) -> None:
    new = {each for each, count in report.items() if count} - set(recorded_ids())
    assert not new, (
        f"add {', '.join(sorted(new))} to docs/reference/requirements.txt:"
        " python -m tests.requirement_report --record"
    )


def test_ids_are_unique_and_of_the_known_families() -> None:
    assert len(set(known_ids())) == len(known_ids()) == 59
    assert {each[:3] for each in known_ids()} == {"DEB", "SEC", "CRD", "REF", "POR", "MSG", "NOT"}


@requirement("DEB-04")
def _marked_rightly() -> None:
    """Carry a mark of an id that exists."""


@pytest.mark.parametrize(
    ("mark", "faults"),
    [
        (requirement("DEB-04", "SEC-01"), 0),
        (requirement("DEB-99"), 1),
        (requirement("DEB-04", "deb-04", "X"), 2),
        (requirement(), 1),
    ],
)
def test_a_mark_with_an_unknown_id_is_refused(
    request: pytest.FixtureRequest, mark: pytest.MarkDecorator, faults: int
) -> None:
    item = pytest.Function.from_parent(
        request.node.parent, name="_marked_rightly", callobj=lambda: None
    )
    item.own_markers = [mark.mark]
    assert len(faulty_marks(item)) == faults
