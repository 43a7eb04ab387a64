"""Return files: whatever is in them, they are read or refused, and nothing else happens."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customhouse.bank.inbound_forms import FormFault, FormRefused
from customhouse.bank.inbound_returns import check_returns, read_returns
from customhouse.formats.nacha_records import Entry
from tests.integration.bank.operator_files import Sent, returns

FRIDAY = date(2026, 11, 27)
ACCOUNT = "90817263544001"


def debit(number: int) -> Sent:
    trace = f"12345678{number:07d}"
    entry = Entry(
        transaction_code=27,
        receiving_dfi="11111111",
        check_digit="8",
        account_number=ACCOUNT,
        amount_cents=104_608,
        identification_number=f"3927327{number:03d}",
        receiving_name="EXAMPLE IMPORTER",
        discretionary_data="",
        trace_number=trace,
    )
    return Sent(trace, 104_608, entry.identification_number, entry)


GOOD = returns(
    [(debit(1), "R01"), (debit(2), "R29")],
    [(debit(3), "C01", "778899")],
    created_on=FRIDAY,
    settled_on=FRIDAY,
)


def faults_in(content: bytes) -> tuple[FormFault, ...]:
    try:
        check_returns(io.BytesIO(content))
    except FormRefused as refused:
        return refused.faults
    return ()


def test_returns_and_notifications_are_read() -> None:
    assert check_returns(io.BytesIO(GOOD)) == 3
    first, second, third = read_returns(io.BytesIO(GOOD))
    assert (first.kind, first.code, first.trace_number) == ("returned", "R01", "123456780000001")
    assert (second.code, second.amount_cents, second.dated_on) == ("R29", 104_608, FRIDAY)
    assert (third.kind, third.code, third.corrected_data) == ("changed", "C01", "778899")
    assert (third.amount_cents, first.corrected_data) == (0, "")


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, len(GOOD) - 1), byte=st.integers(0, 255))
def test_one_wrong_byte_is_refused_or_does_no_harm(place: int, byte: int) -> None:
    mutated = bytearray(GOOD)
    mutated[place] = byte
    found = faults_in(bytes(mutated))
    assert all(ACCOUNT not in str(fault.to_json()) for fault in found)
    if not found:
        # What passes is read without a failure, and no amount has changed.
        items = list(read_returns(io.BytesIO(mutated)))
        assert sum(item.amount_cents for item in items) == 2 * 104_608


@pytest.mark.parametrize("cut", [0, 1, 93, 94, 95, 500, len(GOOD) - 1])
def test_a_truncated_file_is_refused_or_complete(cut: int) -> None:
    # Only the line end of the last padding record may be missing.
    if cut == len(GOOD) - 1:
        assert check_returns(io.BytesIO(GOOD[:cut])) == 3
        return
    with pytest.raises(FormRefused):
        check_returns(io.BytesIO(GOOD[:cut]))


def test_a_file_for_another_bank_is_refused() -> None:
    with pytest.raises(FormRefused) as refused:
        check_returns(io.BytesIO(GOOD.replace(b"101 123456780", b"101 222222226")))
    assert refused.value.faults[0].rule == "returns-destination"
