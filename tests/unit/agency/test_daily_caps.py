"""How near a day's debits come to a declared cap."""

from __future__ import annotations

import pytest

from customhouse.agency.daily_caps import cap_level


@pytest.mark.parametrize(
    ("cents", "cap", "level"),
    [
        (10**12, None, "none"),
        (0, 1_000, "below"),
        (899, 1_000, "below"),
        (900, 1_000, "near"),
        (1_000, 1_000, "near"),
        (1_001, 1_000, "beyond"),
        (1, 1, "near"),
        (2, 1, "beyond"),
    ],
)
def test_nine_tenths_is_near_and_more_than_all_is_beyond(
    cents: int, cap: int | None, level: str
) -> None:
    assert cap_level(cents, cap) == level
