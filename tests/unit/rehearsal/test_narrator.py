"""How the narrator's lines look on a terminal: nothing of a sentence in the first columns."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from customhouse.rehearsal.narrator import Narrator

SUMS = " = ".join(["$9,712,989.41"] * 3)


def told(width: int, *, lively: bool) -> list[str]:
    """Give the lines of one check with a long detail."""
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=lively, highlight=False, no_color=True)
    row = ("Treasury: agency, bank and operator agree to the cent", True, SUMS)
    Narrator(console).checks("What was checked", [row])
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return [line for line in lines if line and "What was" not in line]


@pytest.mark.parametrize("width", [60, 80])
def test_a_long_check_is_wrapped_behind_its_mark(width: int) -> None:
    first, *more = told(width, lively=True)
    assert first.startswith("  ok  Treasury: ")
    assert more
    assert all(line.startswith("      ") and len(line) <= width for line in more)


def test_without_a_terminal_a_check_is_one_line() -> None:
    (line,) = told(80, lively=False)
    assert line == f"  ok  Treasury: agency, bank and operator agree to the cent  {SUMS}"
