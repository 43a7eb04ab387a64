"""The daily statement as records: byte for byte as published, summed right, and back unchanged."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.formats.abi_batch import (
    AnswerBlock,
    AnswerError,
    OutBlock,
    StatementHeading,
    read_answer,
    render_notice,
)
from customhouse.formats.abi_statement import (
    MOST_ENTRIES,
    DailyStatement,
    EntryLine,
    RemovedEntry,
    from_block,
    heading_of,
    to_records,
    totals_of,
)
from customhouse.formats.layout import LayoutError
from tests.unit.formats.abi_samples import DUTIABLE, FREE, PRINT_DATE, golden, statement


def notice(one: DailyStatement, prepared_on: date = PRINT_DATE) -> str:
    """Write the statement as the agency sends it."""
    block = OutBlock(one.port, one.filer_code, "", "", to_records(one), heading_of(one))
    return render_notice(
        "3901", "B76", office_code="", prepared_on=prepared_on, application="PF", blocks=[block]
    )


def test_a_preliminary_statement_is_the_published_one_byte_for_byte():
    assert notice(statement()) == golden("preliminary_statement")


def test_the_records_of_a_final_statement_are_the_published_ones_byte_for_byte():
    records = to_records(statement("F"))
    assert "\n".join(records) + "\n" == golden("final_statement_details")


def test_the_published_statement_reads_back():
    answer = read_answer(golden("preliminary_statement"))
    assert answer.application == "PF"
    (block,) = answer.blocks
    assert block.statement == StatementHeading("P", "3927327001", PRINT_DATE, "3", "12-345678900")
    assert from_block(block) == statement()


def test_a_final_statement_with_entries_taken_off_reads_back():
    removed = tuple(RemovedEntry("B76", f"0000{n:04d}", "ABI") for n in range(6))
    one = replace(statement("F"), removed=removed)
    (block,) = read_answer(notice(one)).blocks
    assert from_block(block) == one


DUE = {
    "bonded antidumping duty is not due": (DUTIABLE, 104_608),
    "nothing is due on an entry that is not payable": (replace(DUTIABLE, payable=False), 0),
    "antidumping duty paid in cash": (replace(DUTIABLE, antidumping_paid=True), 129_608),
    "deferred tax": (replace(DUTIABLE, tax_cents=700, deferred_tax=True), 104_608),
    "tax that is not deferred": (replace(DUTIABLE, tax_cents=700), 105_308),
    "countervailing duty paid in cash": (replace(DUTIABLE, countervailing_cents=1), 104_609),
    "bonded countervailing duty": (
        replace(DUTIABLE, countervailing_cents=1, countervailing_paid=False),
        104_608,
    ),
    "reconciliation interest": (replace(DUTIABLE, interest_cents=9), 104_617),
}


@pytest.mark.parametrize("name", DUE)
def test_the_amount_due_on_an_entry(name):
    line, due = DUE[name]
    assert line.amount_due_cents == due


def test_totals_count_what_is_due_and_show_deferred_tax_apart():
    deferred = replace(DUTIABLE, tax_cents=700, deferred_tax=True, fees=(("501", 5),))
    totals = totals_of([DUTIABLE, deferred, FREE])
    assert totals.amount_cents == 104_608 + 100_005
    assert (totals.tax_cents, totals.deferred_tax_cents) == (0, 700)
    assert totals.antidumping_cents == 0
    assert (totals.revenue_entries, totals.non_revenue_entries) == (2, 1)
    assert totals.fees == (("499", 3358), ("501", 1255))


def test_what_does_not_fit_is_refused():
    too_much = replace(DUTIABLE, duty_cents=10**11)
    with pytest.raises(LayoutError, match="estimated_duty"):
        to_records(replace(statement(), lines=(too_much,)))
    too_many = replace(statement(), lines=(FREE,) * (MOST_ENTRIES + 1))
    with pytest.raises(LayoutError, match="2000"):
        to_records(too_many)
    many_fees = replace(FREE, fees=tuple((f"{n:03d}", 1) for n in range(26)))
    with pytest.raises(LayoutError, match="fees"):
        to_records(replace(statement(), lines=(many_fees,)))


def test_a_statement_is_final_exactly_when_it_has_totals_paid():
    with pytest.raises(ValueError, match="status F"):
        replace(statement(), status="F")


def block_of(one: DailyStatement) -> AnswerBlock:
    """Give the block a client would read."""
    return AnswerBlock(one.port, one.filer_code, "", "", to_records(one), heading_of(one))


DAMAGE = {
    "a line missing": lambda records: records[1:],
    "totals missing": lambda records: records[:-3],
    "record of another kind": lambda records: (*records, records[0]),
    "lines of two entries": lambda records: (records[3], *records[1:]),
    "no date": lambda records: (records[0].replace("112326", "993326"), *records[1:]),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_statement_is_refused(name):
    block = block_of(statement())
    with pytest.raises(AnswerError):
        from_block(replace(block, records=DAMAGE[name](block.records)))


def test_a_block_without_a_statement_is_refused():
    with pytest.raises(AnswerError, match="no statement"):
        from_block(replace(block_of(statement()), statement=None))


CENTS = st.integers(0, 9_999_999)
FEES = st.dictionaries(st.from_regex(r"[0-9]{3}", fullmatch=True), CENTS, max_size=7).map(
    lambda fees: tuple(fees.items())
)
LINES = st.builds(
    EntryLine,
    port_of_entry=st.sampled_from(["3901", "2704"]),
    filer_code=st.just("B76"),
    entry_number=st.from_regex(r"[0-9]{8}", fullmatch=True),
    importer_number=st.sampled_from(["12-345678900", "123-45-6789", "260101-00017", ""]),
    print_date=st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    duty_cents=CENTS,
    tax_cents=CENTS,
    deferred_tax=st.booleans(),
    broker_reference=st.sampled_from(["", "REF/1", "A B", " LEAD"]),
    consolidated=st.booleans(),
    entry_type=st.sampled_from(["01", "03"]),
    antidumping_cents=CENTS,
    countervailing_cents=CENTS,
    payment_type=st.sampled_from(["2", "3", "5"]),
    payable=st.booleans(),
    countervailing_paid=st.booleans(),
    antidumping_paid=st.booleans(),
    team_number=st.sampled_from(["", "701"]),
    interest_cents=CENTS,
    fees=FEES,
)


# Payment types with the importer that their statements name: full, or without its suffix.
KINDS = st.sampled_from(
    [
        ("2", None),
        ("3", "12-345678900"),
        ("3", "12-3456789AB"),
        ("5", "12-3456789"),
        ("5", "123-45-6789"),
        ("5", "260101-00017"),
    ]
)


@st.composite
def statements(draw: st.DrawFn) -> DailyStatement:
    """Draw statements whose fees in total fit on the wire."""
    lines = tuple(draw(st.lists(LINES, max_size=3)))
    totals = totals_of(lines)
    removed = draw(
        st.lists(
            st.builds(
                RemovedEntry, st.just("B76"), st.just("03245278"), st.sampled_from(["ABI", "CBP"])
            ),
            max_size=9,
        )
    )
    status = draw(st.sampled_from("PF"))
    payment_type, importer_number = draw(KINDS)
    return DailyStatement(
        status,
        "392732700A",
        PRINT_DATE,
        payment_type,
        importer_number,
        "B76",
        "3901",
        lines,
        totals,
        totals if status == "F" else None,
        tuple(removed),
        draw(st.sampled_from(["", "0A", "12"])),
    )


@settings(max_examples=60)
@given(one=statements())
def test_any_statement_comes_back_unchanged(one):
    (block,) = read_answer(notice(one)).blocks
    assert from_block(block) == one


@given(lines=st.lists(LINES, max_size=5))
def test_the_amount_is_the_sum_of_the_other_totals_and_of_the_entries(lines):
    totals = totals_of(lines)
    parts = (
        totals.duty_cents
        + totals.tax_cents
        + totals.antidumping_cents
        + totals.countervailing_cents
        + totals.interest_cents
        + sum(cents for _, cents in totals.fees)
    )
    assert totals.amount_cents == parts == sum(line.amount_due_cents for line in lines)
    assert totals.revenue_entries + totals.non_revenue_entries == len(lines)
