"""Which entries go onto one statement, and what a line is made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customhouse.agency.statements import ScheduledEntry, grouped, line_of, paid_totals
from customhouse.formats.abi_statement import totals_of
from customhouse.money import MAX_ENTRY_CENTS

ENTRY = ScheduledEntry(
    filer_code="B76",
    entry_number="00000017",
    importer_number="12-345678900",
    port_of_entry="3901",
    processing_port="3901",
    entry_type="01",
    payment_type="2",
    print_date=date(2026, 11, 24),
    deferred_tax=False,
    payable=True,
    antidumping_paid=True,
    countervailing_paid=True,
    consolidated=False,
    broker_reference="REF1",
    team_number="701",
    client_branch="",
    due_on=date(2026, 11, 27),
    class_codes=["001", "499"],
    amounts_cents=[100_000, 3_358],
)


def _numbered(count: int, **values: object) -> list[ScheduledEntry]:
    return [replace(ENTRY, entry_number=f"{n:08}", **values) for n in range(count)]


def test_type_5_goes_by_importer_without_suffix() -> None:
    """Two suffixes share a statement, another importer has one; type 3 keeps them apart."""
    numbers = ("12-345678900", "12-345678901", "98-765432100", "123-45-6789")
    entries = [
        replace(ENTRY, entry_number=f"{n:08}", importer_number=number, payment_type="5")
        for n, number in enumerate(numbers)
    ]
    groups = {group.importer_number: len(group.entries) for group in grouped(entries)}
    assert groups == {"12-3456789": 2, "98-7654321": 1, "123-45-6789": 1}
    threes = [replace(each, payment_type="3") for each in entries]
    assert [group.importer_number for group in grouped(threes)] == sorted(numbers)


@pytest.mark.parametrize("payment_type", ["2", "3", "5"])
def test_branches_and_ports_are_kept_apart(payment_type: str) -> None:
    places = [("3901", ""), ("3901", "0A"), ("3901", "0B"), ("3902", "0A")]
    entries = [
        replace(
            ENTRY,
            entry_number=f"{2 * n + twice:08}",
            payment_type=payment_type,
            processing_port=port,
            client_branch=branch,
        )
        for n, (port, branch) in enumerate(places)
        for twice in (0, 1)
    ]
    groups = list(grouped(entries))
    assert [(each.processing_port, each.client_branch) for each in groups] == places
    assert {len(each.entries) for each in groups} == {2}


def test_a_statement_is_due_with_its_earliest_entry() -> None:
    days = (date(2026, 11, 27), None, date(2026, 11, 25))
    entries = [replace(ENTRY, entry_number=f"{n:08}", due_on=day) for n, day in enumerate(days)]
    (group,) = grouped(entries)
    assert group.due_on == date(2026, 11, 25)


def test_charges_fall_into_their_columns() -> None:
    """Duty with coffee duty, taxes together, AD, CVD, interest, and the rest as fees in order."""
    codes = ["672", "501", "044", "022", "016", "013", "012", "001", "499"]
    line = line_of(replace(ENTRY, class_codes=codes, amounts_cents=list(range(1, 10))))
    assert (line.duty_cents, line.tax_cents) == (1 + 8, 4 + 5)
    assert (line.antidumping_cents, line.countervailing_cents, line.interest_cents) == (7, 6, 3)
    assert line.fees == (("499", 9), ("501", 2))
    assert line.amount_due_cents == sum(range(1, 10))


def test_bonded_deferred_and_free_amounts_are_not_due() -> None:
    """What is not to be paid now stays out of the amount due."""
    charged = replace(ENTRY, class_codes=["001", "012", "013", "016"], amounts_cents=[1, 2, 4, 8])
    assert line_of(replace(charged, antidumping_paid=False)).amount_due_cents == 13
    assert line_of(replace(charged, countervailing_paid=False)).amount_due_cents == 11
    assert line_of(replace(charged, deferred_tax=True)).amount_due_cents == 7
    assert line_of(replace(charged, payable=False)).amount_due_cents == 0


def test_too_many_entries_continue_on_the_next_statement() -> None:
    """2,001 entries are two statements, in entry number order."""
    groups = list(grouped(reversed(_numbered(2_001))))
    assert [len(group.entries) for group in groups] == [2_000, 1]
    assert groups[1].entries[0].entry_number == "00002000"


def test_no_statement_exceeds_one_debit() -> None:
    """Three entries of 60 million dollars are three statements: two would pass ten digits."""
    large = _numbered(3, class_codes=["001"], amounts_cents=[6_000_000_000])
    totals = [
        sum(line_of(entry).amount_due_cents for entry in group.entries) for group in grouped(large)
    ]
    assert totals == [6_000_000_000] * 3
    assert max(totals) <= MAX_ENTRY_CENTS


def test_deferred_tax_continues_before_its_total_outgrows_the_record() -> None:
    """Deferred tax is in no amount due, and its own total has eleven digits of cents."""
    taxed = _numbered(
        11, deferred_tax=True, class_codes=["001", "016"], amounts_cents=[1, MAX_ENTRY_CENTS]
    )
    groups = list(grouped(taxed))
    assert [len(group.entries) for group in groups] == [10, 1]
    for group in groups:
        totals = totals_of([line_of(entry) for entry in group.entries])
        assert totals.deferred_tax_cents < 10**11


def test_no_statement_exceeds_25_fee_classes() -> None:
    """26 entries, each with a fee class of its own, take two statements."""
    entries = [
        replace(entry, class_codes=[f"X{n:02}"], amounts_cents=[1])
        for n, entry in enumerate(_numbered(26))
    ]
    assert [len(group.entries) for group in grouped(entries)] == [25, 1]


@given(
    st.lists(
        st.builds(
            replace,
            st.just(ENTRY),
            entry_number=st.integers(0, 99_999_999).map(lambda n: f"{n:08}"),
            processing_port=st.sampled_from(["3901", "2704"]),
            payment_type=st.sampled_from(["2", "3"]),
            importer_number=st.sampled_from(["12-345678900", "98-765432100"]),
        ),
        unique_by=lambda entry: entry.entry_number,
    ),
    st.randoms(),
)
def test_grouping_loses_nothing_and_does_not_depend_on_order(
    entries: list[ScheduledEntry], random: object
) -> None:
    """Every entry is on exactly one statement, whatever the order in which they were read."""
    groups = list(grouped(entries))
    placed = sorted(entry.entry_number for group in groups for entry in group.entries)
    assert placed == sorted(entry.entry_number for entry in entries)
    shuffled = list(entries)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert list(grouped(shuffled)) == groups
    for group in groups:
        assert {entry.processing_port for entry in group.entries} == {group.processing_port}
        if group.payment_type == "3":
            assert {e.importer_number for e in group.entries} == {group.importer_number}


def test_paid_totals_leave_removed_entries_out() -> None:
    """Q6 is Q4 minus what was taken off."""
    lines = [line_of(entry) for entry in _numbered(3)]
    totals = paid_totals(lines, frozenset({"00000001"}))
    assert totals.amount_cents == 2 * 103_358
    assert totals.fees == (("499", 2 * 3_358),)
