"""How much of an outbox goes out at once, and the statement a message is about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from customhouse.agency.outbox import OutboxMessage
from customhouse.web.agency_site.outbox_page import (
    LARGEST_PAGE_BYTES,
    bounded,
    statement_number_in,
)

AT = datetime(2026, 11, 23, 14, tzinfo=UTC)
HEADING = "B  3901B76PFP{number}112326312-345678900"


def _message(message_id: int, size: int) -> OutboxMessage:
    return OutboxMessage(message_id, AT, "PF", "", "x" * size)


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([], []),
        ([10, 10], [0, 1]),
        ([LARGEST_PAGE_BYTES + 1, 1], [0]),
        ([LARGEST_PAGE_BYTES - 1, 1, 1], [0, 1]),
        ([1, LARGEST_PAGE_BYTES, 1], [0]),
    ],
)
def test_a_page_ends_before_it_grows_too_large_but_never_empty(
    sizes: list[int], expected: list[int]
) -> None:
    messages = [_message(index, size) for index, size in enumerate(sizes)]
    assert [each.message_id for each in bounded(messages)] == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], None),
        (["3927327001"], "3927327001"),
        (["3927327001", "3927327001"], "3927327001"),
        (["3927327001", "3927327002"], None),
        (["          "], None),
    ],
)
def test_a_message_about_one_statement_names_it(numbers: list[str], expected: str | None) -> None:
    lines = ["A3901B76", *(HEADING.format(number=number) for number in numbers), "Z3901B76"]
    assert statement_number_in("".join(f"{line:80}\n" for line in lines)) == expected
