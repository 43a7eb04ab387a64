"""Writes the file with which a payer's bank pushes payments to the agency: CCD+ or CTX (CRD-01).

The file is a function of the order alone: the same order gives the same bytes, with or without a
server. What does not fit one entry, batch or file is split in order. Whether a document exists,
what is due on it and by when is not known here. Source: 19 CFR 24.26(c), Nacha appendix 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from io import BytesIO
from itertools import groupby
from typing import Final, Literal

from customhouse.business_days import unsettled_words
from customhouse.formats import txp
from customhouse.formats.nacha_codes import CREDITS_ONLY
from customhouse.formats.nacha_file import MAX_ENTRIES_IN_BATCH, WriteRefused, write_file
from customhouse.formats.nacha_records import Addenda05, BatchHeader, Entry, FileHeader
from customhouse.formats.txp import CUSTOMS_PROFILE, TxpPayment, TxpProfile
from customhouse.identifiers import IdentifierError, RoutingNumber
from customhouse.money import MAX_ENTRY_CENTS, MAX_TOTAL_CENTS

Form = Literal["CCD", "CTX"]
FORMS: Final[tuple[Form, ...]] = ("CCD", "CTX")

MOST_ADDENDA: Final = 9_999
MODIFIERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
ENTRY_DESCRIPTION: Final = "CUSTOMSDTY"
CREDIT_CHECKING: Final = 22
# A zero-dollar entry with remittance data. A prenote proper (23) is not meant to carry an addendum,
# and banks drop it; the enrolment asks for one that does (CRD-12).
ZERO_DOLLAR_CHECKING: Final = 24
# Files of one day begin their trace numbers so far apart, so that two of them share none.
TRACES_A_FILE: Final = 200_000
_ORIGINATOR_STATUS: Final = "1"
_COMPANY_NAME_WIDTH: Final = 16
_CTX_NAME_WIDTH: Final = 16
_NAME_WIDTH: Final = 22
_BANK_NAME_WIDTH: Final = 23
_PRINTABLE: Final = re.compile("[ -~]*")
_COMPANY_IDENTIFICATION: Final = re.compile("[0-9A-Z]{1,10}")
_ACCOUNT: Final = re.compile("[0-9A-Z]{4,17}")


class PaymentFileRefused(ValueError):
    """The file cannot be written as ordered; says what is wrong, never an account number."""


@dataclass(frozen=True, slots=True)
class Originator:
    """The payer as its own bank knows it; ``company_identification`` is 1 and the EIN, mostly."""

    bank_routing: str
    company_identification: str
    company_name: str
    bank_name: str = ""


@dataclass(frozen=True, slots=True)
class Payee:
    """The agency's account to which the money goes, and its name."""

    routing: str
    account: str = field(repr=False)
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrder:
    """What to write: payments in order, each dated on the day on which it is to settle.

    ``file_id_modifier`` tells the files of one day apart: A to Z, then 0 to 9.
    """

    payments: tuple[TxpPayment, ...]
    originator: Originator
    payee: Payee
    created_on: date
    form: Form = "CCD"
    file_id_modifier: str = "A"


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """One file: its bytes, and what it comes to in cents and entries."""

    content: bytes = field(repr=False)
    amount_cents: int
    entries: int
    addenda: int


@dataclass(frozen=True, slots=True)
class _PlannedEntry:
    settle_on: date
    payments: tuple[TxpPayment, ...]

    @property
    def amount_cents(self) -> int:
        return sum(payment.amount_cents for payment in self.payments)

    @property
    def records(self) -> int:
        return 1 + len(self.payments)


def write_files(order: PaymentOrder, profile: TxpProfile = CUSTOMS_PROFILE) -> list[PaymentFile]:
    """Write the files of an order: one, unless the money does not fit one file.

    An entry holds at most $99,999,999.99, a file $9,999,999,999.99, a CTX entry 9,999 addenda; the
    rest goes to the next one, in order. Raises PaymentFileRefused.
    """
    _require(order)
    entries = list(_entries(order))
    files = [list(each) for each in _files(entries)]
    first = MODIFIERS.index(order.file_id_modifier)
    if first + len(files) > len(MODIFIERS):
        raise PaymentFileRefused(f"{len(files)} files are needed; a day has {len(MODIFIERS)}")
    return [
        _write(replace(order, file_id_modifier=MODIFIERS[first + number]), planned, profile)
        for number, planned in enumerate(files)
    ]


def _require(order: PaymentOrder) -> None:
    """Refuse what no bank would take, before anything is written."""
    originator, payee = order.originator, order.payee
    if not order.payments:
        raise PaymentFileRefused("there is nothing to pay")
    if order.file_id_modifier not in MODIFIERS or len(order.file_id_modifier) != 1:
        raise PaymentFileRefused("the file id is one of A to Z and 0 to 9")
    for day in sorted({payment.dated_on for payment in order.payments}):
        wrong = unsettled_words(day)
        if wrong:
            raise PaymentFileRefused(f"no payment settles then: {wrong}")
        if day < order.created_on:
            raise PaymentFileRefused(
                f"a payment settles on {day}, before the file is made, on {order.created_on}"
            )
    for whose, routing in (("payer's bank", originator.bank_routing), ("payee", payee.routing)):
        try:
            RoutingNumber.parse(routing)
        except IdentifierError as error:
            raise PaymentFileRefused(f"{error} ({whose})") from None
    if not _ACCOUNT.fullmatch(payee.account):
        raise PaymentFileRefused("the payee's account is not 4 to 17 capital letters and digits")
    identification = originator.company_identification
    if not _COMPANY_IDENTIFICATION.fullmatch(identification) or not identification.strip("0"):
        raise PaymentFileRefused(
            f"the company identification {identification[:20]!a} is not one to ten capital letters"
            " and digits, like 1123456789 (1 and the EIN)"
        )
    names = (
        ("company name", originator.company_name, _COMPANY_NAME_WIDTH),
        ("payee's name", payee.name, _CTX_NAME_WIDTH if order.form == "CTX" else _NAME_WIDTH),
    )
    for what, name, width in names:
        _require_name(what, name, width=width)
    if originator.bank_name:
        _require_name("bank's name", originator.bank_name, width=_BANK_NAME_WIDTH)


def _require_name(what: str, name: str, *, width: int) -> None:
    if not _PRINTABLE.fullmatch(name) or not 1 <= len(name.strip()) <= len(name) <= width:
        raise PaymentFileRefused(
            f"the {what} {name[:40]!a} is not one to {width} printable ASCII characters"
        )


def _entries(order: PaymentOrder) -> Iterator[_PlannedEntry]:
    """Put payments into entries: one each, or as many as a CTX entry holds; a day at a time."""
    ordered = sorted(order.payments, key=lambda payment: payment.dated_on)
    for settle_on, of_day in groupby(ordered, key=lambda payment: payment.dated_on):
        pieces = [piece for payment in of_day for piece in _pieces(payment)]
        if order.form == "CCD":
            yield from (_PlannedEntry(settle_on, (piece,)) for piece in pieces)
        else:
            yield from _packed(settle_on, pieces)


def _pieces(payment: TxpPayment) -> Iterator[TxpPayment]:
    """Split a payment that is more than an entry holds; the agency adds them up again."""
    left = payment.amount_cents
    while left > MAX_ENTRY_CENTS:
        yield replace(payment, amount_cents=MAX_ENTRY_CENTS)
        left -= MAX_ENTRY_CENTS
    yield replace(payment, amount_cents=left)


def _packed(settle_on: date, pieces: Sequence[TxpPayment]) -> Iterator[_PlannedEntry]:
    held: list[TxpPayment] = []
    cents = 0
    for piece in pieces:
        if len(held) == MOST_ADDENDA or cents + piece.amount_cents > MAX_ENTRY_CENTS:
            yield _PlannedEntry(settle_on, tuple(held))
            held, cents = [], 0
        held.append(piece)
        cents += piece.amount_cents
    if held:
        yield _PlannedEntry(settle_on, tuple(held))


def _files(entries: Sequence[_PlannedEntry]) -> Iterator[list[_PlannedEntry]]:
    held: list[_PlannedEntry] = []
    cents = 0
    for entry in entries:
        if cents + entry.amount_cents > MAX_TOTAL_CENTS or len(held) == TRACES_A_FILE:
            yield held
            held, cents = [], 0
        held.append(entry)
        cents += entry.amount_cents
    yield held


def _batches(entries: Sequence[_PlannedEntry]) -> Iterator[list[_PlannedEntry]]:
    """Begin a batch for each settlement day, and where the count of records is full."""
    held: list[_PlannedEntry] = []
    records = 0
    for entry in entries:
        is_other_day = bool(held) and held[-1].settle_on != entry.settle_on
        if is_other_day or records + entry.records > MAX_ENTRIES_IN_BATCH:
            yield held
            held, records = [], 0
        held.append(entry)
        records += entry.records
    yield held


def _write(
    order: PaymentOrder, planned: Sequence[_PlannedEntry], profile: TxpProfile
) -> PaymentFile:
    originator = order.originator
    stream = BytesIO()
    header = FileHeader(
        immediate_destination=originator.bank_routing,
        immediate_origin=originator.company_identification,
        creation_date=order.created_on,
        creation_time="",
        file_id_modifier=order.file_id_modifier,
        destination_name=originator.bank_name,
        origin_name=originator.company_name,
    )
    before = MODIFIERS.index(order.file_id_modifier) * TRACES_A_FILE
    batches = []
    for number, held in enumerate(_batches(planned), 1):
        entries = (
            _entry(order, entry, sequence=sequence, profile=profile)
            for sequence, entry in enumerate(held, before + 1)
        )
        batches.append((_batch_header(order, held[0].settle_on, number=number), entries))
        before += len(held)
    try:
        write_file(stream, header, batches=batches)
    except WriteRefused as refusal:
        raise PaymentFileRefused(str(refusal)) from None
    return PaymentFile(
        stream.getvalue(),
        amount_cents=sum(entry.amount_cents for entry in planned),
        entries=len(planned),
        addenda=sum(len(entry.payments) for entry in planned),
    )


def _batch_header(order: PaymentOrder, settle_on: date, *, number: int) -> BatchHeader:
    return BatchHeader(
        service_class_code=CREDITS_ONLY,
        company_name=order.originator.company_name,
        company_discretionary_data="",
        company_identification=order.originator.company_identification,
        sec_code=order.form,
        entry_description=ENTRY_DESCRIPTION,
        descriptive_date="",
        effective_entry_date=settle_on,
        settlement_day=None,
        originator_status_code=_ORIGINATOR_STATUS,
        odfi_identification=order.originator.bank_routing[:8],
        batch_number=number,
    )


def _entry(
    order: PaymentOrder, planned: _PlannedEntry, *, sequence: int, profile: TxpProfile
) -> Entry:
    trace = f"{order.originator.bank_routing[:8]}{sequence:07d}"
    first = planned.payments[0]
    is_one = len(planned.payments) == 1 and first.document_number
    code = CREDIT_CHECKING if planned.amount_cents else ZERO_DOLLAR_CHECKING
    return Entry(
        transaction_code=code,
        receiving_dfi=order.payee.routing[:8],
        check_digit=order.payee.routing[8],
        account_number=order.payee.account,
        amount_cents=planned.amount_cents,
        # It comes back with a return, so it says what was to be paid, or who wanted to pay.
        identification_number=first.document_number if is_one else first.payer_identifier,
        receiving_name=order.payee.name,
        discretionary_data="",
        trace_number=trace,
        addenda=tuple(
            Addenda05.of(trace, _text(payment, profile), sequence=place)
            for place, payment in enumerate(planned.payments, 1)
        ),
    )


def _text(payment: TxpPayment, profile: TxpProfile) -> str:
    try:
        return txp.render(payment, profile)
    except ValueError as error:
        raise PaymentFileRefused(str(error).removesuffix(".")) from None
