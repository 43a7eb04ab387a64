"""What is written can be read again, byte for byte; what does not fit is refused."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_codes import TRANSACTION_CODES, routing_check_digit
from customhouse.formats.nacha_file import FileTotals, WriteRefused, read_items, write_file
from customhouse.formats.nacha_reading import UnreadableRecord
from customhouse.formats.nacha_records import (
    Addenda05,
    BatchControl,
    BatchHeader,
    Entry,
    FileControl,
    FileHeader,
)
from tests.unit.formats.nacha_samples import (
    ACCOUNT,
    CREDITS,
    DEBITS,
    GOLDEN,
    HEADER,
    SAMPLES,
    Batches,
    Sample,
    entry,
    lines_of,
    paid,
    trace,
    written,
)


@pytest.mark.parametrize("name", SAMPLES)
def test_each_kind_of_file_is_written_as_the_golden_one_byte_for_byte(name):
    raw, totals = written(SAMPLES[name])
    assert raw == (GOLDEN / f"{name}.ach").read_bytes()
    assert raw.count(b"\n") == totals.blocks * 10


@pytest.mark.parametrize("name", SAMPLES)
def test_the_golden_files_are_good_and_read_back_as_they_were(name):
    raw = (GOLDEN / f"{name}.ach").read_bytes()
    assert list(check_file(io.BytesIO(raw))) == []
    assert batches_of(raw) == [(head, list(body)) for head, body in SAMPLES[name].batches]


def batches_of(raw: bytes) -> list[tuple[BatchHeader, list[Entry]]]:
    """Read a file's batches back."""
    found: list[tuple[BatchHeader, list[Entry]]] = []
    for item in read_items(io.BytesIO(raw)):
        if isinstance(item, BatchHeader):
            found.append((item, []))
        elif isinstance(item, Entry):
            found[-1][1].append(item)
    return found


def test_totals_and_controls_agree():
    raw, totals = written(SAMPLES["ctx_credits"])
    items = list(read_items(io.BytesIO(raw)))
    controls = [item for item in items if isinstance(item, BatchControl)]
    last = items[-1]
    assert isinstance(items[0], FileHeader)
    assert last == FileControl(2, 2, 7, 3_060_912, 0, 10_000_000_300)
    assert totals == FileTotals(2, 7, 3_060_912, 0, 10_000_000_300, 2)
    assert sum(control.credit_cents for control in controls) == totals.credit_cents


text = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=15)
digits = st.integers(0, 99_999_999).map("{:08d}".format)
prefixes = st.sampled_from(["00", "01", "12", "21", "32", "61", "72", "80"])
banks = st.builds(lambda prefix, rest: prefix + rest[2:], prefixes, digits).filter(
    lambda bank: bank.strip("0")
)


@st.composite
def entries(draw: st.DrawFn, number: int, sec_code: str) -> Entry:
    """Draw a good entry of a batch of mixed debits and credits."""
    codes = [code for code, each in TRANSACTION_CODES.items() if each.purpose != "return"]
    code = draw(st.sampled_from(sorted(set(codes) - {55})))
    purpose, bank = TRANSACTION_CODES[code].purpose, draw(banks)
    most = 3 if sec_code == "CTX" else 1
    count = draw(st.integers(1 if purpose == "zero-dollar" else 0, most))
    addenda = [
        Addenda05.of(trace(number), draw(text.filter(bool)), sequence=position)
        for position in range(1, count + 1)
    ]
    return Entry(
        transaction_code=code,
        receiving_dfi=bank,
        check_digit=routing_check_digit(bank),
        account_number=draw(st.from_regex(r"[0-9A-Z]{1,17}", fullmatch=True)),
        amount_cents=draw(st.integers(1, 9_999_999_999)) if purpose == "live" else 0,
        identification_number=draw(text),
        receiving_name=draw(text.filter(bool)),
        discretionary_data=draw(st.sampled_from(["", "AK", "X"])),
        trace_number=trace(number),
        addenda=tuple(addenda),
    )


@st.composite
def files(draw: st.DrawFn) -> Sample:
    """Draw a good file."""
    made, number = [], 0
    for position in range(draw(st.integers(1, 3))):
        sec_code = draw(st.sampled_from(["CCD", "CTX"]))
        head = replace(
            DEBITS,
            service_class_code=200,
            sec_code=sec_code,
            batch_number=position * 3 + 1,
            effective_entry_date=draw(st.dates(date(2026, 11, 23), date(2026, 11, 25))),
        )
        body = []
        for _ in range(draw(st.integers(1, 4))):
            number += draw(st.integers(1, 3))
            body.append(draw(entries(number, sec_code)))
        made.append((head, body))
    return Sample(HEADER, made)


@settings(max_examples=150, deadline=None)
@given(sample=files(), newline=st.sampled_from(["\n", "\r\n", ""]))
def test_what_is_written_is_good_and_reads_back_the_same(sample, newline):
    """F9: reading what was written and writing what was read are the identity."""
    raw, totals = written(sample, newline)
    found = list(check_file(io.BytesIO(raw)))
    assert [fault for fault in found if not fault.is_warning] == []
    assert batches_of(raw) == sample.batches
    assert next(read_items(io.BytesIO(raw))) == HEADER
    assert len(raw) == totals.blocks * 10 * (94 + len(newline))
    assert written(Sample(HEADER, batches_of(raw)), newline)[0] == raw


def refusal(batches: Batches, header: FileHeader = HEADER) -> str:
    """Give why a file is not written."""
    with pytest.raises(WriteRefused) as caught:
        write_file(io.BytesIO(), header, batches=batches)
    assert ACCOUNT not in str(caught.value)
    return str(caught.value)


MISFITS = {
    "amount": (entry(27, 10_000_000_000, 1), "batch 1, entry 1: entry.amount_cents"),
    "negative amount": (entry(27, -1, 1), "entry.amount_cents"),
    "account": (entry(27, 1, 1, account_number=ACCOUNT + "1"), "entry.account_number"),
    "account in another script": (entry(27, 1, 1, account_number="١٢٣"), "account_number"),
    "name": (entry(27, 1, 1, receiving_name="N" * 23), "entry.receiving_name"),
    "identification": (entry(27, 1, 1, identification_number="N" * 16), "identification"),
    "other ODFI": (entry(27, 1, 1, trace_number="023456780000001"), "ach.batch.trace-prefix"),
    "credit among debits": (entry(22, 1, 1), "ach.batch.service-class-direction"),
    "return among debits": (entry(26, 1, 1), "ach.entry.return-addenda"),
    "unknown code": (entry(25, 1, 1), "ach.file.transaction-code"),
    "check digit": (entry(27, 1, 1, check_digit="7"), "ach.entry.check-digit"),
    "nothing": (entry(27, 0, 1), "ach.entry.amount-zero"),
    "prenote with money": (entry(28, 1, 1), "ach.entry.amount-not-zero"),
    "zero-dollar alone": (entry(29, 0, 1), "ach.entry.zero-dollar-addenda"),
    "two addenda": (paid(27, 1, 1, "ONE", "TWO"), "ach.entry.addenda-too-many"),
    "long addendum": (paid(27, 1, 1, "X" * 81), "addenda 05.text"),
    "wrong sequence": (
        entry(27, 1, 1, addenda=(Addenda05("X", 2, "0000001"),)),
        "ach.entry.addenda-sequence",
    ),
    "addendum of another entry": (
        entry(27, 1, 1, addenda=(Addenda05("X", 1, "0000002"),)),
        "ach.entry.addenda-entry-sequence",
    ),
    "count without CTX": (entry(27, 1, 1, addenda_count=0), "only a CTX entry"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_an_entry_that_does_not_fit_is_refused_with_its_place(name):
    misfit, why = MISFITS[name]
    assert why in refusal([(DEBITS, [misfit])])


def test_equal_and_falling_trace_numbers_are_refused():
    assert "ach.file.trace-repeated" in refusal([(DEBITS, [entry(27, 1, 1), entry(27, 1, 1)])])
    assert "ach.file.trace-order" in refusal([(DEBITS, [entry(27, 1, 2), entry(27, 1, 1)])])


def test_a_trace_number_may_come_again_in_another_batch_with_a_warning():
    again = replace(DEBITS, batch_number=2)
    batches = [(DEBITS, [entry(27, 1, 1)]), (again, [entry(27, 1, 1)])]
    faults = list(check_file(io.BytesIO(written(Sample(HEADER, batches))[0])))
    assert [fault.rule for fault in faults] == ["ach.batch.trace-reused"]
    assert faults[0].is_warning


def test_a_total_of_more_than_twelve_digits_is_refused_and_the_highest_is_written():
    most = [entry(22, 9_999_999_999, number) for number in range(1, 101)]
    head = replace(CREDITS, batch_number=1)
    fits = [*most, entry(22, 99, 101)]
    assert written(Sample(HEADER, [(head, fits)]))[1].credit_cents == 999_999_999_999
    assert "twelve digits" in refusal([(head, [*fits, entry(22, 1, 102)])])
    other = replace(head, batch_number=2)
    assert "control of batch 2: a total" in refusal([(head, fits), (other, [entry(22, 1, 102)])])


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"file_id_modifier": "a"}, "ach.file.id-modifier"),
        ({"creation_time": "2500"}, "ach.file.creation-time"),
        ({"immediate_destination": "010203047"}, "ach.file.immediate-destination"),
        ({"creation_date": date(1999, 12, 31)}, "2000 to 2099"),
        ({"origin_name": "É"}, "file header.origin_name"),
    ],
)
def test_a_file_header_that_is_wrong_is_refused(changes, why):
    assert why in refusal([(DEBITS, [entry(27, 1, 1)])], replace(HEADER, **changes))


def test_an_empty_file_and_an_empty_batch_are_refused():
    assert "a file without a batch" in refusal([])
    assert "ach.batch.empty" in refusal([(DEBITS, [])])


def test_an_unknown_line_end_is_refused():
    with pytest.raises(WriteRefused, match="LF"):
        write_file(io.BytesIO(), HEADER, batches=[], newline="\r")


@pytest.mark.parametrize("cut", [1, 4, 8])
def test_an_unchecked_file_raises_with_its_line_and_not_its_content(cut):
    lines = lines_of("ccd_debits")
    broken = [*lines[: cut - 1], lines[cut - 1][:50], *lines[cut:]]
    with pytest.raises(UnreadableRecord, match=f"line {cut}: ") as caught:
        list(read_items(io.BytesIO(b"\n".join(broken))))
    assert ACCOUNT not in str(caught.value)


def test_a_file_without_a_control_raises_at_its_end():
    with pytest.raises(UnreadableRecord, match="no file control"):
        list(read_items(io.BytesIO(b"\n".join(lines_of("ccd_debits")[:8]))))


def test_no_account_number_shows_in_a_value():
    values = [
        item for name in SAMPLES for item in read_items(io.BytesIO(written(SAMPLES[name])[0]))
    ]
    assert ACCOUNT not in repr(values)
    assert "4455667788" not in repr(values)
    assert "99887766" not in repr(values)


def test_the_text_of_many_addenda_is_joined_at_full_width():
    made = paid(22, 1, 1, "A" * 79, "B", "")
    assert made.remittance_text == "A" * 79 + " " + "B"
