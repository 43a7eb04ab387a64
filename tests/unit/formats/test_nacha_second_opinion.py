"""The rehearsal's operator reads ACH files by code of its own: what it refuses, we refuse."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.rehearsal import ach_checks
from customhouse.rehearsal.ach_reading import Unreadable, read_file
from tests.unit.formats.nacha_mistakes import Lines, again, drop, put, swap
from tests.unit.formats.nacha_samples import faults_in, lines_of

# The operator only reads what banks originate, not what it delivers itself.
FILES = {name: lines_of(name) for name in ("ccd_debits", "ctx_credits", "prenotes", "zero_dollar")}

edits = st.one_of(
    st.builds(put, st.integers(1, 10), st.integers(1, 80), st.text("0123456789X ", max_size=9)),
    st.builds(drop, st.integers(1, 10)),
    st.builds(again, st.integers(1, 10)),
    st.builds(swap, st.integers(1, 6)),
)


def operator_refuses(lines: Lines) -> bool:
    """Tell whether the rehearsal's operator finds anything."""
    try:
        return bool(ach_checks.check_file(read_file(b"".join(line + b"\n" for line in lines))))
    except Unreadable:
        return True


def test_both_take_the_good_files():
    assert [name for name, lines in FILES.items() if operator_refuses(lines)] == []


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(FILES)), edit=edits)
def test_what_the_operator_refuses_is_refused_here(name, edit):
    lines = edit(FILES[name])
    if operator_refuses(lines):
        assert [fault for fault in faults_in(lines) if not fault.is_warning]
