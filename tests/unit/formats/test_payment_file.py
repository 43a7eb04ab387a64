"""The file that a payer's bank takes: by the rules, the same at every run, and never short."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from customhouse.formats import txp
from customhouse.formats.nacha_check import check_file
from customhouse.formats.nacha_file import read_items
from customhouse.formats.nacha_records import Addenda05, BatchHeader, Entry
from customhouse.formats.payment_file import (
    MOST_ADDENDA,
    Form,
    Originator,
    Payee,
    PaymentFile,
    PaymentFileRefused,
    PaymentOrder,
    write_files,
)
from customhouse.formats.txp import TxpPayment
from customhouse.rehearsal import ach_checks, ach_reading

GOLDEN = Path(__file__).parents[2] / "golden" / "payments"
ACCOUNT = "990000000001"
TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)
BROKER = Originator("010203046", "1123456789", "EXAMPLE HARBOR", "EXAMPLE PAYER BANK")
AGENCY = Payee("123456780", ACCOUNT, "US CUSTOMS DUTY")


def _payment(sequence: int, cents: int, settle_on: date = TUESDAY) -> TxpPayment:
    return TxpPayment("12-345678900", "statement", f"3927327{sequence:03d}", settle_on, cents)


ORDER = PaymentOrder(
    payments=(_payment(1, 104_608), _payment(2, 250_000, WEDNESDAY), _payment(3, 1)),
    originator=BROKER,
    payee=AGENCY,
    created_on=date(2026, 11, 23),
)
PRENOTE = replace(ORDER, payments=(TxpPayment("12-345678900", "prenote", "", TUESDAY, 0),))


def _is_good(content: bytes) -> bool:
    """Ask both the house's checker and the simulated operator's, which share no code."""
    own = list(check_file(io.BytesIO(content)))
    assert own == []
    read = ach_reading.read_file(content)
    assert ach_checks.check_file(read) == []
    return True


def _payments_in(file: PaymentFile) -> list[txp.TxpReading]:
    return [
        txp.read(addendum.text)
        for entry in read_items(io.BytesIO(file.content))
        if isinstance(entry, Entry)
        for addendum in entry.addenda
        if isinstance(addendum, Addenda05)
    ]


@pytest.mark.parametrize(
    ("name", "order"),
    [("ccd", ORDER), ("ctx", replace(ORDER, form="CTX")), ("prenote", PRENOTE)],
)
def test_a_file_is_that_of_the_golden_one(name: str, order: PaymentOrder) -> None:
    (file,) = write_files(order)
    golden = GOLDEN / f"{name}.ach"
    assert _is_good(file.content)
    assert file.content == golden.read_bytes()


@pytest.mark.parametrize("form", ["CCD", "CTX"])
def test_each_settlement_day_is_a_batch_of_its_own(form: Form) -> None:
    (file,) = write_files(replace(ORDER, form=form))
    items = list(read_items(io.BytesIO(file.content)))
    headers = [item for item in items if isinstance(item, BatchHeader)]
    assert [header.effective_entry_date for header in headers] == [TUESDAY, WEDNESDAY]
    assert file.amount_cents == 354_609
    assert {reading.amount_cents for reading in _payments_in(file)} == {104_608, 250_000, 1}
    traces = [item.trace_number for item in items if isinstance(item, Entry)]
    assert traces == [f"01020304{number:07d}" for number in range(1, len(traces) + 1)]


def test_files_of_one_day_share_no_trace_number() -> None:
    (second,) = write_files(replace(ORDER, file_id_modifier="B"))
    entries = [item for item in read_items(io.BytesIO(second.content)) if isinstance(item, Entry)]
    assert entries[0].trace_number == "010203040200001"


@pytest.mark.parametrize("form", ["CCD", "CTX"])
def test_what_an_entry_cannot_hold_is_split_and_none_is_lost(form: Form) -> None:
    """C11: one entry holds ten digits of cents."""
    big = 2 * 9_999_999_999 + 5
    (file,) = write_files(replace(ORDER, form=form, payments=(_payment(1, big), _payment(2, 7))))
    assert _is_good(file.content)
    readings = _payments_in(file)
    assert [reading.amount_cents for reading in readings] == [9_999_999_999, 9_999_999_999, 5, 7]
    assert file.amount_cents == big + 7


def test_a_ctx_entry_has_at_most_9_999_addenda() -> None:
    payments = tuple(_payment(1 + number % 999, 1 + number) for number in range(MOST_ADDENDA + 1))
    (file,) = write_files(replace(ORDER, form="CTX", payments=payments))
    assert _is_good(file.content)
    entries = [item for item in read_items(io.BytesIO(file.content)) if isinstance(item, Entry)]
    assert [len(entry.addenda) for entry in entries] == [MOST_ADDENDA, 1]
    assert sum(entry.amount_cents for entry in entries) == file.amount_cents


def test_what_a_file_cannot_hold_goes_into_the_next_one() -> None:
    """C11: a file holds twelve digits of cents; the sum over the files is the whole."""
    payments = tuple(_payment(1 + number, 9_999_999_999) for number in range(101))
    files = write_files(replace(ORDER, payments=payments))
    assert [file.entries for file in files] == [100, 1]
    assert sum(file.amount_cents for file in files) == 101 * 9_999_999_999
    assert all(_is_good(file.content) for file in files)
    assert [file.content[33:34] for file in files] == [b"A", b"B"]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"payments": ()}, "nothing to pay"),
        ({"file_id_modifier": "a"}, "file id"),
        ({"file_id_modifier": ""}, "file id"),
        ({"originator": replace(BROKER, bank_routing="010203047")}, "payer's bank"),
        ({"payee": replace(AGENCY, routing="1")}, "payee"),
        ({"payee": replace(AGENCY, account="12")}, "the payee's account"),
        ({"payee": replace(AGENCY, name="")}, "payee's name"),
        ({"originator": replace(BROKER, company_identification="")}, "company identification"),
        ({"originator": replace(BROKER, company_identification="00")}, "company identification"),
        ({"originator": replace(BROKER, company_name="EXAMPLE HARBOR BROKERS")}, "company name"),
        ({"originator": replace(BROKER, company_name="ÉXAMPLE")}, "company name"),
        ({"originator": replace(BROKER, bank_name="B" * 24)}, "bank's name"),
        ({"payments": (_payment(1, 0),)}, "amount is zero"),
        ({"payments": (replace(_payment(1, 1), document_number="1"),)}, "statement number"),
    ],
)
def test_an_order_that_no_bank_would_take_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(PaymentFileRefused, match=why) as refused:
        write_files(replace(ORDER, **changes))  # type: ignore[arg-type]
    assert ACCOUNT not in str(refused.value)


def test_no_entry_settles_on_a_day_on_which_banks_are_closed() -> None:
    payments = (_payment(1, 5), _payment(2, 5, date(2026, 11, 28)))
    with pytest.raises(PaymentFileRefused, match=r"Saturday\); the next one is 2026-11-30"):
        write_files(replace(ORDER, payments=payments))


def test_no_entry_settles_before_its_file_is_made() -> None:
    assert write_files(replace(ORDER, created_on=TUESDAY))
    with pytest.raises(PaymentFileRefused, match="before the file is made, on 2026-11-25"):
        write_files(replace(ORDER, created_on=WEDNESDAY))


def test_the_account_does_not_show() -> None:
    (file,) = write_files(ORDER)
    assert ACCOUNT not in repr(ORDER)
    assert ACCOUNT not in repr(file)
