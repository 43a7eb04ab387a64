"""The columnar checker says of any file just what the plain checker says, and seldom needs it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.formats import nacha_bulk
from customhouse.formats.nacha_bulk import check_bulk
from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_codes import routing_check_digit
from customhouse.formats.nacha_rules import Profile
from tests.unit.formats.nacha_bulk_samples import (
    bytes_damage,
    cut,
    lines_damage,
    random_file,
    small_pieces,
)
from tests.unit.formats.nacha_mistakes import put
from tests.unit.formats.nacha_samples import (
    DEBITS,
    GOLDEN,
    HEADER,
    Sample,
    entry,
    paid,
    trace,
    written,
)

EXAMPLES = int(os.environ.get("BULK_EXAMPLES", "150"))
seeds = st.integers(0, 1 << 32)
newlines = st.sampled_from(["\n", "\r\n", ""])
profiles: st.SearchStrategy[Profile] = st.sampled_from(["strict", "bank", "receiver"])


@pytest.fixture(scope="module", autouse=True)
def _small_pieces() -> Iterator[None]:
    with small_pieces():
        yield


def assert_same(raw: bytes, profile: Profile = "strict") -> None:
    """Compare what both checkers say of a file."""
    bulk = list(check_bulk(io.BytesIO(raw), profile))
    assert bulk == list(check_file(io.BytesIO(raw), profile))


@settings(max_examples=EXAMPLES, deadline=None)
@given(seed=seeds, newline=newlines, profile=profiles)
def test_good_files_get_the_same_warnings_or_none(seed, newline, profile):
    assert_same(written(random_file(seed), newline)[0], profile)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    seed=seeds,
    newline=newlines,
    profile=profiles,
    edits=st.lists(lines_damage, min_size=1, max_size=3),
)
def test_files_with_damaged_lines_get_the_same_faults(seed, newline, profile, edits):
    lines = written(random_file(seed))[0].splitlines()
    for edit in edits:
        lines = edit(lines)
    assert_same(b"".join(line + newline.encode() for line in lines), profile)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    seed=seeds,
    newline=newlines,
    profile=profiles,
    damages=st.lists(bytes_damage(), min_size=1, max_size=2),
)
def test_files_with_damaged_bytes_get_the_same_faults(seed, newline, profile, damages):
    raw = written(random_file(seed), newline)[0]
    for damage in damages:
        raw = cut(raw, damage)
    assert_same(raw, profile)


@settings(max_examples=EXAMPLES, deadline=None)
@given(raw=st.binary(max_size=400), profile=profiles)
def test_any_bytes_get_the_same_faults(raw, profile):
    assert_same(raw, profile)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.ach")), ids=lambda path: path.stem)
def test_golden_files_are_good(path):
    assert list(check_bulk(io.BytesIO(path.read_bytes()))) == []


PAIRS = Sample(HEADER, [(DEBITS, [paid(27, 100 + n, n, "PAID") for n in range(1, 9)])])
ALONE = Sample(HEADER, [(DEBITS, [entry(28, 0, n) for n in range(20, 180, 20)])])
SAME_DAY = replace(DEBITS, effective_entry_date=HEADER.creation_date)
URGENT = Sample(HEADER, [(SAME_DAY, [entry(27, 100, n) for n in range(20, 180, 20)])])
OTHER_BANK = f"13000000{routing_check_digit('13000000')}"
CTX_DEBITS = replace(DEBITS, sec_code="CTX")
MANY_PARTS = Sample(HEADER, [(CTX_DEBITS, [paid(27, 100, n, "PAID") for n in range(1, 9)])])
RETURNED = f"799R01{trace(501)}      01020304{' ' * 44}{trace(1)}"
ENDS_IN_0 = next(f"{n:08d}" for n in range(1, 99) if routing_check_digit(f"{n:08d}") == "0")
VALUES = {
    "a prenote that is live": (ALONE, ((6, 2, "27"),)),
    "a zero-dollar entry alone": (ALONE, ((6, 2, "29"),)),
    "a return": (ALONE, ((6, 2, "26"),)),
    "a reversal": (URGENT, ((6, 2, "55"),)),
    "an unknown code": (ALONE, ((6, 2, "25"),)),
    "a credit among debits": (URGENT, ((6, 2, "22"),)),
    "an unused prefix": (ALONE, ((6, 4, OTHER_BANK),)),
    "a routing number of zeros": (ALONE, ((6, 4, "000000000"),)),
    "a colon as check digit": (ALONE, ((6, 4, f"{ENDS_IN_0}:"),)),
    "a line end within": (PAIRS, ((10, 50, "\n"),)),
    "a return character at the end": (PAIRS, ((10, 94, "\r"),)),
    "no account": (ALONE, ((6, 13, " " * 17),)),
    "a gap in the account": (ALONE, ((6, 20, " "),)),
    "an account of two characters": (ALONE, ((6, 15, " " * 15),)),
    "no identification": (ALONE, ((6, 40, " " * 15),)),
    "no name": (ALONE, ((6, 55, " " * 22),)),
    "the most of a same-day entry": (URGENT, ((6, 30, "0100000000"),)),
    "more than that": (URGENT, ((6, 30, "0100000001"),)),
    "a falling trace number": (ALONE, ((5, 80, "123456780000010"),)),
    "a trace number before its first": (ALONE, ((4, 80, "123456780000010"),)),
    "trace numbers that all fall": (ALONE, ((3, 80, "123456780000900"),)),
    "the same trace number": (ALONE, ((6, 80, "123456780000060"),)),
    "a letter of that value": (ALONE, ((6, 80, "12345678000008:"),)),
    "the trace number of another bank": (ALONE, ((6, 80, "123456770000080"),)),
    "a letter in the header's ODFI and all trace numbers": (
        ALONE,
        tuple((line, 80, "1234X678") for line in range(2, 11)),
    ),
    "an addendum of blanks": (PAIRS, ((10, 4, " " * 80),)),
    "an addendum with its last column": (PAIRS, ((10, 4, " " * 79 + "X"),)),
    "an addendum that begins with a blank": (PAIRS, ((10, 4, " "),)),
    "a second addendum": (PAIRS, ((10, 84, "0002"),)),
    "a return's addendum": (PAIRS, ((10, 2, "99"),)),
    "an addendum of the next entry": (PAIRS, ((10, 88, "0000005"),)),
    "a return before the others": (PAIRS, ((3, 2, "26"), (4, 1, RETURNED))),
    "another count of addenda in CTX": (MANY_PARTS, ((7, 55, "0002"),)),
}


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("pieces", [4, 5, 6, 7, 8, 9, 17])
def test_each_value_within_a_run_is_judged(name, pieces, monkeypatch):
    monkeypatch.setattr("customhouse.formats.nacha_bulk_rows.ROWS_IN_CHUNK", pieces)
    sample, edits = VALUES[name]
    lines = written(sample)[0].splitlines()
    for line, column, text in edits:
        lines = put(line, column, text)(lines)
    assert_same(b"".join(each + b"\n" for each in lines))


@pytest.mark.parametrize("character", [" ", "0", "1", "5", "9", "-", "A", ":", "\x1f", "\x7f", "é"])
@pytest.mark.parametrize(("sample", "line"), [(PAIRS, 9), (PAIRS, 10), (ALONE, 6)])
def test_each_column_of_a_record_within_a_run_is_judged(sample, line, character):
    lines = written(sample)[0].splitlines()
    for column in range(1, 95):
        changed = put(line, column, character)(lines)
        assert_same(b"".join(each + b"\n" for each in changed))


@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
def test_another_line_end_is_told_at_the_same_place_among_other_faults(newline):
    body = [entry(27, n, n) for n in range(1, 60)]
    lines = written(Sample(HEADER, [(DEBITS, body)]))[0].splitlines()
    faulty = [put(line, 12, "0")(lines)[line - 1] for line in range(3, 62)]
    for odd in range(2, 62):
        ends = [newline] * len(lines)
        ends[odd - 1] = b"\n" if newline == b"\r\n" else b"\r\n"
        records = [lines[0], lines[1], *faulty, *lines[61:]]
        assert_same(b"".join(map(bytes.__add__, records, ends)))


def proven_entries(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """Check a good file and count the entries that were proven by columns."""
    counts = []
    plain_proof = nacha_bulk.proven

    def counted(records, batch):
        run = plain_proof(records, batch)
        counts.append(run.entries if run else 0)
        return run

    monkeypatch.setattr(nacha_bulk, "proven", counted)
    assert list(check_bulk(io.BytesIO(raw))) == []
    return sum(counts)


@pytest.mark.parametrize("newline", ["\n", "\r\n", ""])
@pytest.mark.parametrize("addenda", ["all", "none", "some"])
def test_nearly_all_entries_of_a_good_file_are_proven_by_columns(newline, addenda, monkeypatch):
    monkeypatch.setattr("customhouse.formats.nacha_bulk_rows.ROWS_IN_CHUNK", 200)
    has_text = {"all": lambda n: True, "none": lambda n: False, "some": lambda n: n % 3 == 0}
    body = [
        paid(27, n, n, "PAID") if has_text[addenda](n) else entry(27, n, n) for n in range(1, 1_001)
    ]
    raw = written(Sample(HEADER, [(DEBITS, body)]), newline)[0]
    assert proven_entries(raw, monkeypatch) > 900


def test_an_unknown_profile_is_no_profile():
    with pytest.raises(ValueError, match="strict, bank"):
        next(check_bulk(io.BytesIO(b""), "lax"))
