"""Which entries explain an amount that is not the total, told without a database."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency.differences import StatementEntry, explain

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def removed(number: int, cents: int, on: date = MONDAY) -> StatementEntry:
    """Give an entry that was taken off."""
    return StatementEntry(f"{number:08}", cents, on, "ABI")


def kept(number: int, cents: int) -> StatementEntry:
    """Give an entry that is on the statement."""
    return StatementEntry(f"{number:08}", cents)


def named(entries: list[StatementEntry], asked: int) -> list[str]:
    """Give the numbers of the removed entries that explain an asked amount."""
    total = sum(each.amount_cents for each in entries if each.removed_on is None)
    difference = explain(asked, total, entries=entries, listed=None)
    return [each.entry_number[-1] for each in difference.entries]


BOOKS = [kept(1, 100), removed(2, 20), removed(3, 30, TUESDAY), removed(4, 44, TUESDAY)]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (194, ["2", "3", "4"]),
        (174, ["3", "4"]),
        (120, ["2"]),
        (130, ["3"]),
        (150, ["2", "3"]),
        (101, []),
        (99, []),
        (100, []),
    ],
)
def test_the_removed_entries_whose_sum_is_the_difference_are_named(
    asked: int, expected: list[str]
) -> None:
    assert named(BOOKS, asked) == expected


def test_what_nothing_explains_is_said() -> None:
    difference = explain(101, 100, entries=BOOKS, listed=None)
    assert (difference.entries, difference.unexplained_cents) == ((), 1)


def test_more_than_one_explanation_is_said() -> None:
    twins = [kept(1, 100), removed(2, 20), removed(3, 20)]
    difference = explain(120, 100, entries=twins, listed=None)
    assert len(difference.entries) == 1
    assert not difference.is_only_choice
    assert explain(140, 100, entries=twins, listed=None).is_only_choice


def test_a_list_is_held_against_the_books_entry_by_entry() -> None:
    entries = [kept(1, 100), kept(2, 50), kept(3, 7), removed(4, 44)]
    listed = {"00000001": 100, "00000002": 60, "00000004": 44, "00000009": 5}
    difference = explain(209, 157, entries=entries, listed=listed)
    found = {each.entry_number[-1]: (each.kind, each.effect_cents) for each in difference.entries}
    assert found == {
        "2": ("amount-differs", 10),
        "3": ("not-listed", -7),
        "4": ("taken-off", 44),
        "9": ("not-on-statement", 5),
    }
    assert difference.unexplained_cents == 0
    # A list that does not add up to what is asked leaves the rest unexplained.
    assert explain(210, 157, entries=entries, listed=listed).unexplained_cents == 1


def test_many_removed_entries_do_not_take_long() -> None:
    many = [removed(number, 3 + 2 * number) for number in range(2_000)]
    assert named(many, sum(each.amount_cents for each in many))
    assert named(many, 3) == ["0"]
    assert named(many, 1) == []


@given(st.data())
def test_with_a_list_nothing_stays_unexplained(data: st.DataObject) -> None:
    cents = st.integers(0, 10_000)
    numbers = st.integers(0, 12)
    books = data.draw(st.dictionaries(numbers, st.tuples(cents, st.booleans())))
    listed = data.draw(st.dictionaries(numbers, cents))
    entries = [removed(n, c) if gone else kept(n, c) for n, (c, gone) in books.items()]
    total = sum(each.amount_cents for each in entries if each.removed_on is None)
    own = {f"{number:08}": each for number, each in listed.items()}
    difference = explain(sum(own.values()), total, entries=entries, listed=own)
    assert difference.unexplained_cents == 0
