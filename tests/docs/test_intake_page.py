"""The page about intake names every field and every limit, and its examples are taken in."""

from __future__ import annotations

import io
import re

from customhouse.agency.due_dates import RULES, SPECIAL_TYPES
from customhouse.agency.entry_conditions import listed
from customhouse.agency.entry_fields import ENTRY_FIELDS, ENTRY_TYPES, MOST_CHARGES
from customhouse.agency.entry_summaries import read_draft
from customhouse.agency.intake_csv import LONGEST_LINE, MOST_LINES, read_csv
from customhouse.agency.intake_json import read_entries
from customhouse.agency.party_document import read_document
from tests.docs.tree import ROOT

INTAKE = (ROOT / "docs" / "reference" / "intake.md").read_text("utf-8")
PARTIES = (ROOT / "docs" / "how-to" / "load-parties.md").read_text("utf-8")


def fenced(text: str, language: str) -> bytes:
    """Give the one block of a language on a page."""
    (block,) = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return block.encode()


def test_every_field_has_a_row_that_says_what_is_taken_when_it_is_left_out() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (\w+) \|$", INTAKE, re.MULTILINE))
    left_out = {None: "refused", "Y": "yes", "N": "no", "": "empty"}
    expected = {each.name: left_out[each.default] for each in ENTRY_FIELDS}
    assert rows == expected | {"print_date": "none"}


def test_every_published_condition_has_its_row() -> None:
    rows = re.findall(r"^\| (\w{3}) \| (.+?) \| `([a-z-]+)` \|$", INTAKE, re.MULTILINE)
    assert rows == [(condition.code, condition.text, code) for condition, code in listed()]


def test_the_days_to_pay_are_those_of_the_program() -> None:
    assert " ".join(sorted(SPECIAL_TYPES)) + ": quota" in INTAKE
    assert [(rule.days_on_statement, rule.days_otherwise) for rule in RULES] == [(10, 0), (10, 10)]


def test_limits_are_those_of_the_program() -> None:
    for limit in (LONGEST_LINE, MOST_LINES, MOST_CHARGES):
        assert f"{limit:,}" in INTAKE
    assert " ".join(ENTRY_TYPES) in INTAKE


def test_the_examples_say_the_same_entry() -> None:
    (by_csv,) = read_csv(io.BytesIO(fenced(INTAKE, "csv")))
    (by_json,) = read_entries(fenced(INTAKE, "json"))
    entry = read_draft(by_csv).entry
    assert entry is not None
    assert entry == read_draft(by_json).entry


def test_the_document_of_parties_can_be_read() -> None:
    document = read_document(fenced(PARTIES, "json"))
    assert document.unreadable == []
    assert all(
        (
            document.filers,
            document.importers,
            document.users,
            document.payer_units,
            document.designations,
            document.senders,
        )
    )
