"""Deadlines of returns by their reason, and of what answers them."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.bank.dispute_rules import (
    contest_by,
    dishonor_by,
    is_late,
    needs_agreement,
    return_deadline,
)

# Wednesday before Thanksgiving: Friday and Monday are the next banking days.
SETTLED = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("code", "deadline"),
    [
        ("R01", date(2026, 11, 30)),
        ("R29", date(2026, 11, 30)),
        # The 60th calendar day is Sunday, 24 January: the banking day after it is Monday.
        ("R05", date(2027, 1, 25)),
        ("R18", date(2026, 11, 30)),
        ("R06", None),
        ("R31", None),
        ("R90", None),
    ],
)
def test_each_reason_has_its_deadline(code: str, deadline: date | None) -> None:
    assert return_deadline(code, SETTLED) == deadline


@pytest.mark.parametrize(
    ("returned_on", "late"), [(date(2026, 11, 30), False), (date(2026, 12, 1), True)]
)
def test_the_day_of_the_deadline_is_in_time(returned_on: date, late: bool) -> None:  # noqa: FBT001
    assert is_late("R29", returned_on=returned_on, settled_on=SETTLED) is late


def test_a_return_by_agreement_is_never_late() -> None:
    assert not is_late("R31", returned_on=date(2027, 11, 1), settled_on=SETTLED)
    assert needs_agreement("R31")
    assert not needs_agreement("R01")


def test_dishonor_and_contest_count_banking_days() -> None:
    assert dishonor_by(SETTLED) == date(2026, 12, 3)
    # Sent on Wednesday it settles on Friday, and is contested by Tuesday.
    assert contest_by(SETTLED) == date(2026, 12, 1)
