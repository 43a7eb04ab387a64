"""The page of treasury exports names every column, kind and type code that the program has."""

from __future__ import annotations

import re

from customhouse.agency import treasury_exports
from customhouse.agency.received_credits import LARGEST_PAGE
from customhouse.rails import TREASURY_KINDS
from customhouse.trade import client_received
from tests.docs.tree import ROOT

PAGE = (ROOT / "docs" / "reference" / "treasury-exports.md").read_text("utf-8")


def rows(heading: str) -> dict[str, str]:
    """Give the table of a section: what stands in its first column, and in its last."""
    _, _, section = PAGE.partition(f"\n## {heading}\n")
    section = section.partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \|(?:.*\|)? (.+?) \|$", section, re.MULTILINE))


def test_every_column_of_a_day_has_its_row() -> None:
    assert rows("CSV of a day") == treasury_exports.COLUMNS


def test_every_column_of_a_payer_has_its_row() -> None:
    assert rows("What a payer gets") == client_received.COLUMNS
    assert f"{LARGEST_PAGE:,}" in PAGE


def test_every_kind_has_its_type_code() -> None:
    found = rows("Where the lines come from")
    assert list(found) == list(TREASURY_KINDS)
    assert found == {kind: each.code for kind, each in treasury_exports.TYPE_CODES.items()}
