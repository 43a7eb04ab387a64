"""One change anywhere in a good file: it is found, unless the field may hold what it says now."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.formats import nacha_layouts as layouts
from customhouse.formats.layout import Field, Layout
from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_file import read_items
from customhouse.formats.nacha_records import BatchControl, Entry
from tests.unit.formats.nacha_mistakes import Lines, again, drop, put, swap
from tests.unit.formats.nacha_samples import ACCOUNT, SAMPLES, SHORT_ACCOUNT, faults_in, lines_of

FILES = {name: lines_of(name) for name in SAMPLES}
RECORDS = {name: [line for line in lines if line != b"9" * 94] for name, lines in FILES.items()}
PLACES = [(name, at) for name, lines in RECORDS.items() for at in range(1, len(lines) + 1)]

# Fields in which another value may be just as right: nothing in the file contradicts it. A trace
# number is bound only where an addendum repeats it, a code where the other one means the same.
FREE = {
    "file header": {
        "immediate_origin",
        "creation_date",
        "creation_time",
        "file_id_modifier",
        "destination_name",
        "origin_name",
        "reference_code",
    },
    "batch header": {
        "company_name",
        "company_discretionary_data",
        "entry_description",
        "descriptive_date",
        "effective_entry_date",
        "settlement_day",
        "originator_status_code",
    },
    "entry": {
        "transaction_code",
        "account_number",
        "identification_number",
        "receiving_name",
        "discretionary_data",
        "trace_number",
    },
    "addenda": {
        "text",
        "change_code",
        "refused_code",
        "trace_sequence",
        "corrected_data",
        "return_code",
        "original_trace",
        "original_dfi",
        "date_of_death",
        "date_returned",
        "original_settlement_day",
        "return_trace",
        "return_settlement_day",
        "return_reason",
        "dishonored_trace",
        "dishonored_settlement_day",
        "dishonored_reason",
        "information",
    },
    "batch control": {"message_authentication_code"},
    "file control": set(),
}
KINDS = {
    b"1": "file header",
    b"5": "batch header",
    b"6": "entry",
    b"7": "addenda",
    b"8": "batch control",
    b"9": "file control",
}


def layout_of(name: str, at: int) -> Layout:
    """Give the layout of a record of a sample."""
    line = RECORDS[name][at - 1]
    kind, code = KINDS[line[:1]], line[3:6]
    if kind == "entry":
        header = [each for each in RECORDS[name][:at] if each[:1] == b"5"][-1]
        return layouts.CTX_ENTRY if header[50:53] == b"CTX" else layouts.ENTRY
    if kind == "addenda" and line[1:3] == b"99":
        disputed = {b"R68": layouts.ADDENDA_99_DISHONORED, b"R69": layouts.ADDENDA_99_DISHONORED}
        contested = {b"R73": layouts.ADDENDA_99_CONTESTED, b"R76": layouts.ADDENDA_99_CONTESTED}
        return (disputed | contested).get(code, layouts.ADDENDA_99)
    if kind == "addenda" and line[1:3] == b"98":
        return layouts.ADDENDA_98_REFUSED if code == b"C62" else layouts.ADDENDA_98
    plain = {layout.name: layout for layout in layouts.LAYOUTS} | {"addenda": layouts.ADDENDA_05}
    return plain[kind]


def is_free(name: str, at: int, field: Field) -> bool:
    """Tell whether another value in this field may be right too."""
    kind = KINDS[RECORDS[name][at - 1][:1]]
    is_returned_ctx = name == "returns" and field.name == "addenda_count"
    return field.name in FREE[kind] or is_returned_ctx


def refusals(lines: Lines) -> list[tuple[str, int]]:
    """Give the rules broken, without warnings, with their lines."""
    return [(fault.rule, fault.line) for fault in faults_in(lines) if not fault.is_warning]


def verify_change(place: tuple[str, int], column: int, character: str) -> None:
    """Assert what one changed character must bring about."""
    name, at = place
    field = next(each for each in layout_of(name, at).fields if each.start <= column <= each.end)
    lines = put(at, column, character)(FILES[name])
    found = refusals(lines)
    assert len(found) <= 1, (name, at, field.name, found)
    if lines != FILES[name] and not is_free(name, at, field):
        assert found, (name, at, field.name, "is not found")


@pytest.mark.parametrize(("name", "at"), PLACES)
def test_a_change_in_each_field_is_one_fault(name, at):
    for field in layout_of(name, at).fields:
        for character in "07X ":
            verify_change((name, at), field.end, character)


@settings(max_examples=400, deadline=None)
@given(
    place=st.sampled_from(PLACES),
    column=st.integers(1, 94),
    character=st.characters(min_codepoint=0, max_codepoint=255, exclude_characters="\r\n"),
)
def test_any_changed_character_is_at_most_one_fault(place, column, character):
    verify_change(place, column, character)


@pytest.mark.parametrize(("name", "at"), PLACES)
@pytest.mark.parametrize("change", [drop, again])
def test_a_lost_or_repeated_line_is_one_fault(name, at, change):
    assert len(refusals(change(at)(FILES[name]))) == 1


@pytest.mark.parametrize("name", SAMPLES)
def test_exchanged_lines_are_one_fault(name):
    for at in range(1, len(RECORDS[name])):
        found = refusals(swap(at)(FILES[name]))
        assert len(found) == 1, (at, found)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_cut_off_anywhere_is_refused_as_a_whole(name):
    whole = b"\n".join(FILES[name]) + b"\n"
    end_of_control = 95 * len(RECORDS[name])
    for size in range(0, end_of_control - 1, 31):
        found = list(check_file(io.BytesIO(whole[:size])))
        assert found[-1].severity == "file"
        assert len(found) <= 2


def adds_up(raw: bytes) -> bool:
    """Tell, by adding up anew, whether the batches of a file come to what their controls say."""
    debits = credits_ = count = hashed = 0
    for item in read_items(io.BytesIO(raw)):
        if isinstance(item, Entry):
            count += 1 + len(item.addenda)
            hashed += int(item.receiving_dfi)
            is_debit = item.code.direction == "debit"
            debits += item.amount_cents if is_debit else 0
            credits_ += 0 if is_debit else item.amount_cents
        elif isinstance(item, BatchControl):
            said = (item.entries_and_addenda, item.entry_hash, item.debit_cents, item.credit_cents)
            if said != (count, hashed % 10**10, debits, credits_):
                return False
            debits = credits_ = count = hashed = 0
    return True


damage = st.lists(
    st.one_of(
        st.builds(
            put, st.integers(1, 9), st.integers(1, 94), st.text("0123456789X \r", max_size=9)
        ),
        st.builds(drop, st.integers(1, 9)),
        st.builds(again, st.integers(1, 9)),
        st.builds(swap, st.integers(1, 6)),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=300, deadline=None)
@given(name=st.sampled_from(sorted(SAMPLES)), edits=damage, newline=st.sampled_from(["\n", ""]))
def test_however_a_file_is_damaged_a_good_one_can_be_read_and_adds_up(name, edits, newline):
    lines = FILES[name]
    for edit in edits:
        lines = edit(lines)
    raw = b"".join(line + newline.encode() for line in lines)
    found = list(check_file(io.BytesIO(raw)))
    told = "".join(fault.to_json() for fault in found)
    assert ACCOUNT not in told
    assert SHORT_ACCOUNT not in told
    if all(fault.is_warning for fault in found):
        assert adds_up(raw)
