"""What the address of the list of statements asks for, and the links that keep it."""

from __future__ import annotations

import pytest

from customhouse.web.agency_site.listing import Paging


@pytest.mark.parametrize(
    ("asked", "total", "expected"),
    [
        (1, 0, (1, 1, 0, 0)),
        (1, 25, (1, 1, 1, 25)),
        (2, 26, (2, 2, 26, 26)),
        (9, 26, (2, 2, 26, 26)),
        (1, 1_000, (1, 40, 1, 25)),
    ],
)
def test_a_page_is_one_that_there_is(
    asked: int, total: int, expected: tuple[int, int, int, int]
) -> None:
    paging = Paging.of(asked, total)
    first = paging.first if total else 0
    assert (paging.page, paging.pages, first, paging.last) == expected
