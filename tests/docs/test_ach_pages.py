"""The pages of ACH rules and codes say what the code says."""

from __future__ import annotations

import pytest

from customhouse.formats.change_codes import CHANGE_CODES, REFUSED_CODES
from customhouse.formats.nacha_rules import RULES
from customhouse.formats.return_codes import RETURN_CODES
from tests.docs import ach_pages


@pytest.mark.parametrize(
    ("page", "expected"),
    [(ach_pages.RULES_PAGE, ach_pages.rules_page), (ach_pages.CODES_PAGE, ach_pages.codes_page)],
)
def test_a_page_is_as_the_code_has_it(page, expected):
    assert page.read_text("utf-8") == expected(), "run python -m tests.docs.ach_pages"


def test_every_rule_and_every_code_has_its_row():
    rules, codes = ach_pages.rules_page(), ach_pages.codes_page()
    assert [rule for rule in RULES if f"| `{rule}` |" not in rules] == []
    every = [*RETURN_CODES, *CHANGE_CODES, *REFUSED_CODES]
    assert [code for code in every if f"| {code} |" not in codes] == []
