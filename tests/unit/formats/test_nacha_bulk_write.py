"""The columnar writer writes the plain writer's bytes, and refuses what that refuses."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.formats import nacha_file
from customhouse.formats.nacha_bulk_columns import EntryColumns
from customhouse.formats.nacha_bulk_write import write_bulk
from customhouse.formats.nacha_file import FileTotals, WriteRefused, write_file
from customhouse.formats.nacha_records import BatchHeader, FileHeader
from tests.unit.formats.nacha_bulk_samples import (
    BYTES,
    NUMBERS,
    Column,
    header_of,
    hostile,
    random_columns,
    small_pieces,
    with_value,
)
from tests.unit.formats.nacha_samples import ACCOUNT, CREDITS, DEBITS, HEADER

EXAMPLES = int(os.environ.get("BULK_EXAMPLES", "150"))
ColumnBatches = list[tuple[BatchHeader, list[EntryColumns]]]


@pytest.fixture(scope="module", autouse=True)
def _small_pieces() -> Iterator[None]:
    with small_pieces():
        yield


def outcome_of_bulk(header: FileHeader, batches: ColumnBatches, newline: str) -> object:
    """Give the bytes and totals of a file written by columns, or why it was refused."""
    stream = io.BytesIO()
    try:
        totals = write_bulk(stream, header, batches=batches, newline=newline)
    except WriteRefused as refused:
        return str(refused)
    return stream.getvalue(), totals


def outcome_of_plain(header: FileHeader, batches: ColumnBatches, newline: str) -> object:
    """Give the same for the plain writer, which gets each entry as a value."""
    stream = io.BytesIO()
    plain = [
        (head, [one.entry(n, head.odfi_identification) for one in chunks for n in range(len(one))])
        for head, chunks in batches
    ]
    try:
        totals = write_file(stream, header, batches=plain, newline=newline)
    except WriteRefused as refused:
        return str(refused)
    return stream.getvalue(), totals


def assert_same(header: FileHeader, batches: ColumnBatches, newline: str = "\n") -> object:
    """Compare what both writers make of the same entries, and give it."""
    bulk = outcome_of_bulk(header, batches, newline)
    assert bulk == outcome_of_plain(header, batches, newline)
    return bulk


heads = st.builds(
    replace,
    st.just(DEBITS),
    service_class_code=st.sampled_from([225, 225, 225, 200, 220]),
    sec_code=st.sampled_from(["CCD", "CCD", "CCD", "CCD", "CTX", "PPD"]),
    entry_description=st.sampled_from(["CUSTOMSDTY", "REVERSAL"]),
    effective_entry_date=st.sampled_from([date(2026, 11, 24), date(2026, 11, 23)]),
    odfi_identification=st.sampled_from(
        ["12345678", "12345678", "01020304", "1234567", "99999999"]
    ),
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    seed=st.integers(0, 1 << 32),
    sizes=st.lists(st.lists(st.integers(0, 20), max_size=3), max_size=3),
    head=heads,
    changes=st.lists(hostile, max_size=2),
    newline=st.sampled_from(["\n", "\r\n", "", "\r"]),
)
def test_whatever_the_columns_hold_the_outcome_is_the_same(seed, sizes, head, changes, newline):
    batches: ColumnBatches = []
    after = 0
    for number, counts in enumerate(sizes, 1):
        chunks = []
        for count in counts:
            chunks.append(random_columns(seed + after, count, after))
            after += 2 * count
        batches.append((replace(head, batch_number=number), chunks))
    for change in changes:
        batches = [(head, [with_value(one, change) for one in chunks]) for head, chunks in batches]
    assert_same(header_of(seed), batches, newline)


@pytest.mark.parametrize("seed", range(1, 5))
@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, all_ in {**NUMBERS, **BYTES}.items() for value in all_],
)
def test_a_value_within_a_run_is_written_or_refused_in_the_same_way(name, value, seed):
    columns = with_value(random_columns(seed, 14, 0), Column(name, 8, value))
    assert_same(HEADER, [(DEBITS, [columns])])


@pytest.mark.parametrize("newline", ["\n", "\r\n", ""])
@pytest.mark.parametrize("seed", range(1, 9))
def test_good_columns_are_written_whole_and_by_runs(seed, newline, monkeypatch):
    runs = []
    plain_run = nacha_file.FileWriter.run

    def counted(self, run, records):
        runs.append(run.entries)
        return plain_run(self, run, records)

    monkeypatch.setattr(nacha_file.FileWriter, "run", counted)
    columns = random_columns(seed, 60, 0)
    made = assert_same(HEADER, [(DEBITS, [columns])], newline)
    assert isinstance(made, tuple)
    assert made[1].debit_cents == columns.amount_cents.sum()
    assert sum(runs) == 40


def many_credits(count: int, cents: int, after: int = 0) -> EntryColumns:
    """Give credits of one amount without addenda."""
    made = random_columns(1, count, after)
    return replace(
        made,
        transaction_code=np.full(count, 22, np.int64),
        amount_cents=np.full(count, cents, np.int64),
        trace_sequence=np.arange(after + 1, after + count + 1),
        addenda_text=None,
    )


def test_a_total_of_more_than_twelve_digits_is_refused_at_the_same_entry():
    most = 9_999_999_999
    assert isinstance(assert_same(HEADER, [(CREDITS, [many_credits(100, most)])]), tuple)
    told = assert_same(HEADER, [(CREDITS, [many_credits(110, most)])])
    assert told == "batch 1, entry 101: a total of more than twelve digits of cents"
    two = [
        (CREDITS, [many_credits(90, most)]),
        (replace(CREDITS, batch_number=2), [many_credits(90, most, 90)]),
    ]
    assert "control of batch 2" in str(assert_same(HEADER, two))


def test_more_entries_than_a_batch_can_count_are_refused_at_the_same_entry(monkeypatch):
    monkeypatch.setattr(nacha_file, "MAX_ENTRIES_IN_BATCH", 31)
    told = assert_same(HEADER, [(CREDITS, [many_credits(40, 1)])])
    assert told == "batch 1, entry 32: more than 31 entries and addenda"


def test_the_totals_are_those_of_the_file():
    stream = io.BytesIO()
    columns = many_credits(30, 100)
    totals = write_bulk(stream, HEADER, batches=[(CREDITS, [columns])])
    hashed = int((columns.routing_number // 10).sum()) % 10**10
    assert totals == FileTotals(1, 30, hashed, 0, 3_000, 4)
    assert len(stream.getvalue()) == totals.blocks * 950


def test_columns_of_different_lengths_or_other_kinds_are_refused():
    good = random_columns(1, 4, 0)
    with pytest.raises(ValueError, match="amount_cents has another length"):
        replace(good, amount_cents=good.amount_cents[:3])
    with pytest.raises(ValueError, match="amount_cents is of type float64"):
        replace(good, amount_cents=good.amount_cents.astype(np.float64))
    with pytest.raises(ValueError, match="receiving_name is of type <U24"):
        replace(good, receiving_name=good.receiving_name.astype("U24"))


def test_no_account_number_shows_in_the_representation_of_columns():
    columns = with_value(random_columns(1, 3, 0), Column("account_number", 1, ACCOUNT.encode()))
    assert ACCOUNT not in repr(columns)
