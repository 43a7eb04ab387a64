"""Statements of type 5 and of client branches, and the days they are due, through printing."""

from __future__ import annotations

from datetime import date

import pytest

from customhouse.agency import registration, statement_listing
from customhouse.agency.parties import Filer, Importer
from customhouse.agency.statement_listing import Criteria
from customhouse.formats.abi_batch import read_answer
from customhouse.formats.abi_statement import DailyStatement, from_block
from tests.integration.agency.harbor import (
    BROKER,
    IMPORTER_X,
    PORT,
    TUESDAY,
    WEDNESDAY,
    Harbor,
    dispositions,
)

ANOTHER_SUFFIX = "12-3456789AB"
NO_HEAD_OFFICE = ("55-000000107", "55-0000001A1")
FRIDAY = date(2026, 11, 27)
ENTERED = date(2026, 11, 12)


def _printed(harbor: Harbor) -> list[DailyStatement]:
    """Give the statements of the last message in the outbox, as its receiver reads them."""
    ((content,),) = harbor.rows("select content from abi_outbox order by message_id desc limit 1")
    return [from_block(block) for block in read_answer(content).blocks]


def _register(harbor: Harbor, *numbers: str) -> dict[str, int]:
    with harbor.connect() as connection:
        importers = [Importer(number, f"Fictitious {number}") for number in numbers]
        registration.register_importers(connection, importers)
    return dict(harbor.rows("select importer_number, party_id from importer"))


def _use_branches(harbor: Harbor) -> None:
    with harbor.connect() as connection:
        filer = Filer(BROKER, "Example Harbor Brokers", (PORT, "3902"), (PORT,))
        (outcome,) = registration.register_filers(connection, [filer])
        assert outcome.status == "changed"
        (again,) = registration.register_filers(connection, [filer])
        assert again.status == "unchanged"


def _update(harbor: Harbor, number: str, rest: str) -> list[str]:
    record = f"H{PORT}{BROKER}  {number}{rest}"
    return dispositions(harbor.send(harbor.batch("SU", [record])).answer)


def test_type_5_is_one_statement_of_all_suffixes(harbor: Harbor) -> None:
    """The payer is the party of suffix 00, else of the lowest suffix; finals say the same."""
    parties = _register(harbor, ANOTHER_SUFFIX, *NO_HEAD_OFFICE)
    for serial, importer in enumerate((ANOTHER_SUFFIX, IMPORTER_X, *NO_HEAD_OFFICE)):
        harbor.entry(serial, importer=importer, charges={"001": 100}, payment_type="5")
    assert harbor.print().statements == 2
    rows = harbor.rows(
        "select importer_number, payer_party_id, total_cents from statement order by 1"
    )
    assert rows == [
        ("12-3456789", parties[IMPORTER_X], 200),
        ("55-0000001", parties[NO_HEAD_OFFICE[0]], 200),
    ]
    first, _ = _printed(harbor)
    assert (first.payment_type, first.importer_number) == ("5", "12-3456789")
    assert sorted(line.importer_number for line in first.lines) == [IMPORTER_X, ANOTHER_SUFFIX]
    assert harbor.violations() == []


@pytest.mark.parametrize("text", ["12-3456789", "12-3456789AB", "123456789"])
def test_a_statement_of_type_5_is_found_by_its_importer(harbor: Harbor, text: str) -> None:
    _register(harbor, ANOTHER_SUFFIX)
    harbor.entry(1, importer=ANOTHER_SUFFIX, charges={"001": 100}, payment_type="5")
    harbor.entry(2, importer="98-765432100", charges={"001": 100}, payment_type="3")
    harbor.print()
    with harbor.connect() as connection:
        found = statement_listing.page_of(
            connection, [BROKER], criteria=Criteria(text), standing=None, limit=10, offset=0
        )
    assert [each.importer_number for each in found] == ["12-3456789"]


def test_branches_split_statements(harbor: Harbor) -> None:
    _use_branches(harbor)
    for serial, branch in enumerate(("0A", "0B", "0A")):
        harbor.entry(serial, charges={"001": 100}, client_branch=branch)
    assert harbor.print().statements == 2
    rows = harbor.rows("select client_branch, total_cents from statement order by 1")
    assert rows == [("0A", 200), ("0B", 100)]
    assert [each.client_branch for each in _printed(harbor)] == ["0A", "0B"]


def test_an_update_names_the_branch_where_branches_are_used(harbor: Harbor) -> None:
    number = harbor.entry(1, charges={"001": 100}, entry_date=ENTERED)
    other = harbor.entry(2, charges={"001": 100}, entry_date=ENTERED)
    harbor.print()
    assert _update(harbor, number, "21125260A") == ["P13"]
    _use_branches(harbor)
    assert _update(harbor, number, "2112526") == ["P20"]
    assert _update(harbor, number, "2112526A") == ["P21"]
    assert _update(harbor, number, "51127260A") == ["P12"]
    assert _update(harbor, other, "1") == ["P12"]
    row = "select payment_type, client_branch, print_date from entry_summary order by entry_number"
    assert harbor.rows(row) == [("5", "0A", FRIDAY), ("1", "", None)]


def test_a_statement_is_due_with_what_is_left_on_it(harbor: Harbor) -> None:
    """DEB-14: the earliest of its live entries, at printing and after each leaves."""
    earlier = harbor.entry(1, charges={"001": 100}, entry_date=ENTERED, due_on=WEDNESDAY)
    later = harbor.entry(2, charges={"001": 100}, entry_date=ENTERED, due_on=FRIDAY)
    harbor.print()
    due = "select due_on, state from statement"
    assert harbor.rows(due) == [(WEDNESDAY, "preliminary")]
    assert _update(harbor, earlier, "1") == ["P12"]
    assert harbor.rows(due) == [(FRIDAY, "preliminary")]
    assert _update(harbor, later, "1") == ["P12"]
    assert harbor.rows(due) == [(FRIDAY, "cancelled")]


def test_a_quota_entry_stays_on_its_statement(harbor: Harbor) -> None:
    """19 CFR 24.25(c)(2), (d): its neighbour leaves, it does not."""
    quota = harbor.entry(1, charges={"001": 100}, entry_type="02", entry_date=ENTERED)
    plain = harbor.entry(2, charges={"001": 250}, entry_date=ENTERED)
    harbor.print()
    assert _update(harbor, quota, "1") == ["P19"]
    assert _update(harbor, quota, "2112526") == ["P19"]
    assert _update(harbor, plain, "1") == ["P12"]
    assert harbor.rows("select total_cents, state from statement") == [(100, "preliminary")]


def test_a_move_beyond_the_last_day_to_pay_is_refused(harbor: Harbor) -> None:
    number = harbor.entry(1, charges={"001": 100}, entry_date=ENTERED)
    harbor.print()
    assert _update(harbor, number, "2113026") == ["P18"]
    assert _update(harbor, number, f"2{TUESDAY:%m%d%y}") == ["P24"]
    assert _update(harbor, number, "6112726") == ["P22"]
    assert _update(harbor, number, "2112726") == ["P12"]
