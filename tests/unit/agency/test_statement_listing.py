"""What a typed number can mean in a search of statements."""

from __future__ import annotations

import pytest

from customhouse.agency.statement_listing import (
    compacted,
    entry_in,
    importers_in,
    number_prefix_in,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B76-0324527-8", ("B76", "03245278")),
        ("b760324527 8", ("B76", "03245278")),
        ("B76  03245278", ("B76", "03245278")),
        ("03245278", (None, "03245278")),
        ("0324527-8", (None, "03245278")),
        ("0324527", (None, None)),
        ("6 0324527-8", (None, None)),
        ("B76-03245A7-8", (None, None)),
        ("\N{ARABIC-INDIC DIGIT ONE}3245278", (None, None)),
        ("", (None, None)),
    ],
)
def test_an_entry_number_is_read_however_it_is_spelled(
    text: str, expected: tuple[str | None, str | None]
) -> None:
    assert entry_in(compacted(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12-3456789", {"12-345678900", "12-3456789", "123-45-6789"}),
        ("12-3456789ab", {"12-3456789AB"}),
        ("12345678900", {"12-345678900", "123456-78900"}),
        ("123-45-6789", {"12-345678900", "12-3456789", "123-45-6789"}),
        ("123456-12345", {"12-345612345", "123456-12345"}),
        ("3927327001", set()),
        ("000000000", set()),
    ],
)
def test_an_importer_number_is_read_with_or_without_its_suffix(
    text: str, expected: set[str]
) -> None:
    assert set(importers_in(compacted(text))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3927327001", "3927327001"),
        ("3927 327", "3927327"),
        ("392", None),
        ("39273270011", None),
        ("", None),
    ],
)
def test_the_beginning_of_a_statement_number_is_enough(text: str, expected: str | None) -> None:
    assert number_prefix_in(compacted(text)) == expected
