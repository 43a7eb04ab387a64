"""Columns are spelled as arrays without escaping, and what would need it is not let through."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency.entry_rows import array_text


def test_a_column_becomes_an_array() -> None:
    assert array_text(["B76", "", "A B/1"]) == '{"B76","","A B/1"}'
    assert array_text([date(2026, 11, 24), None]) == '{"2026-11-24",NULL}'
    assert array_text([True, 104608]) == '{"True","104608"}'
    assert array_text([]) == "{}"


@pytest.mark.parametrize("value", ['"', '","', "\\", 'A\\"'])
def test_a_value_that_would_have_to_be_escaped_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="escaped"):
        array_text(["B76", value])
