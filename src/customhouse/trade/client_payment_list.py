"""Reads a payer's own list of what it pays into payments for its bank's file, without a server.

The list is a CSV file, or JSON: what ``customhouse credits instruct --json`` printed is one. All
that is wrong with it is told by line or place. Imports only the kernel and formats.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from customhouse.business_days import unsettled_words
from customhouse.formats.payment_file import Payee
from customhouse.formats.txp import DocumentKind, TxpPayment
from customhouse.money import parse_dollars

PAYEE_NAME: Final = "CUSTOMHOUSE"
_KINDS: Final[tuple[DocumentKind, ...]] = ("statement", "bill", "entry")
_MARKS: Final = re.compile("[ -]")
_STATEMENT: Final = re.compile("[0-9]{7}[0-9A-Z]{3}")
_BILL: Final = re.compile("[0-9]{7}[0-9A-Z]{4}")
_ENTRY: Final = re.compile("[0-9A-Z]{3}[0-9]{8}")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS: Final = re.compile("[0-9]{1,12}")
_COLUMNS: Final = ("document_number", "amount", "amount_cents", "settle_on", "kind")
_EXPECTED: Final = "document_number, amount, settle_on, and kind where a number may be two things"


class ListUnreadable(ValueError):
    """The list cannot be read; says which line or document, and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class PaymentList:
    """What the list says; payer, payee and day are None where it does not say them.

    ``left_out`` counts the documents of an answer that are late and were not wanted.
    """

    payments: tuple[TxpPayment, ...]
    payer_identifier: str | None = None
    payee: Payee | None = None
    created_on: date | None = None
    left_out: int = 0


def read_list(raw: bytes, *, payer: str | None, with_late: bool) -> PaymentList:
    """Read a list in JSON or CSV; ``payer`` goes before what the list says.

    Documents of an answer that are late are left out unless wanted; one that was refused makes
    the list unreadable, as does a payment that stands there twice. Raises ListUnreadable.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ListUnreadable(f"it is not UTF-8 at line {line}") from None
    if text.lstrip()[:1] in ("{", "["):
        return _of_json(text, payer=payer, with_late=with_late)
    return _of_csv(text, payer=payer)


def read_payee(raw: bytes) -> Payee:
    """Read the agency's account out of the JSON of an enrolment or of instructions.

    Raises ListUnreadable.
    """
    try:
        values = json.loads(raw.decode("utf-8-sig"))
        payee = _payee(values)
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise ListUnreadable("it is no JSON") from None
    if payee is None:
        raise ListUnreadable("it names no payee: no routing and account number")
    return payee


def kind_of(number: str) -> DocumentKind:
    """Tell what a number is by its form; raise ListUnreadable where that is not clear."""
    if _STATEMENT.fullmatch(number):
        return "statement"
    is_bill, is_entry = bool(_BILL.fullmatch(number)), bool(_ENTRY.fullmatch(number))
    if is_bill and is_entry:
        raise ListUnreadable(f"{number} may be a bill or an entry: say which under kind")
    if is_bill or is_entry:
        return "bill" if is_bill else "entry"
    raise ListUnreadable(f"{ascii(number)[:24]} is no number of a statement, a bill or an entry")


def _of_csv(text: str, *, payer: str | None) -> PaymentList:
    # A dict keeps the order, and finds a line that stands there twice without a search.
    payments: dict[TxpPayment, None] = {}
    for where, row in _rows(text):
        if payer is None:
            raise ListUnreadable("a CSV list does not say who pays: give --payer, its identifier")
        payment = _payment(where, row, payer=payer)
        if payment in payments:
            raise ListUnreadable(f"{where}: {payment.document_number} stands there twice")
        payments[payment] = None
    return _required(PaymentList(tuple(payments), payer))


def _rows(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Give each line that is not blank as where it stands and its cells by column."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] | None = None
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            where = f"line {reader.line_num}"
            if columns is None:
                columns = _columns(where, cells)
                continue
            if any(cells[len(columns) :]):
                raise ListUnreadable(
                    f"{where} has {len(cells)} columns, where the first line names {len(columns)}:"
                    " an amount has no comma in it, like 1046.08"
                )
            yield where, dict(zip(columns, cells, strict=False))
    except csv.Error as error:
        raise ListUnreadable(f"line {reader.line_num}: {error}") from None
    if columns is None:
        raise ListUnreadable(f"it is empty; its first line names the columns: {_EXPECTED}")


def _columns(where: str, cells: list[str]) -> list[str]:
    """Read the line that names the columns; cells behind the last name are left out."""
    while not cells[-1]:
        cells = cells[:-1]
    for mark, named in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if any(mark in cell for cell in cells):
            raise ListUnreadable(f"{where}: its columns are separated by {named}, not by commas")
    columns = [cell.lower() for cell in cells]
    for name in columns:
        if name not in _COLUMNS:
            raise ListUnreadable(f"{where}: {ascii(name)[:24]} is no column; expected: {_EXPECTED}")
        if columns.count(name) > 1:
            raise ListUnreadable(f"{where}: the column {name} stands there twice")
    for name in ("document_number", "settle_on"):
        if name not in columns:
            raise ListUnreadable(f"{where}: the column {name} is missing; expected: {_EXPECTED}")
    if ("amount" in columns) == ("amount_cents" in columns):
        raise ListUnreadable(f"{where}: one column says how much, amount or amount_cents")
    return columns


def _of_json(text: str, *, payer: str | None, with_late: bool) -> PaymentList:
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise ListUnreadable(f"it is no JSON at line {error.lineno}: {error.msg}") from None
    documents = values.get("documents") if isinstance(values, dict) else None
    if not isinstance(documents, list) or not all(isinstance(each, dict) for each in documents):
        raise ListUnreadable("it is no object with a list of documents")
    named = payer or values.get("payer_identifier")
    if not isinstance(named, str):
        raise ListUnreadable("it does not say who pays: give --payer, its identifier")
    payments = tuple(_of_documents(documents, payer=named, with_late=with_late))
    created = values.get("business_date")
    created_on = None if created is None else _date("business_date", created)
    left_out = len(documents) - len(payments)
    return _required(PaymentList(payments, named, _payee(values), created_on, left_out))


def _of_documents(
    documents: list[Mapping[str, Any]], *, payer: str, with_late: bool
) -> Iterator[TxpPayment]:
    debts: set[str] = set()
    for place, document in enumerate(documents, 1):
        where = f"document {place}"
        outcome = document.get("outcome", "ready")
        if outcome == "refused":
            raise ListUnreadable(f"{where} was refused: leave it out of the list")
        if outcome != "late" or with_late:
            payment = _payment(where, document, payer=payer)
            # A bill is the debt of its statement: both would pay it twice.
            debt = str(document.get("statement_number") or payment.document_number)
            if debt in debts:
                raise ListUnreadable(f"{where} pays statement {debt}, which stands there already")
            debts.add(debt)
            yield payment


def _payment(where: str, values: Mapping[str, Any], *, payer: str) -> TxpPayment:
    try:
        number = _MARKS.sub("", _text(values, "document_number")).upper()
        kind = values.get("kind") or None
        if kind is not None and kind not in _KINDS:
            seen = ascii(kind)[:24]
            raise ListUnreadable(f"the kind {seen} is not one of {', '.join(_KINDS)}")
        return TxpPayment(
            payer_identifier=payer,
            document_kind=kind or kind_of(number),
            document_number=number,
            dated_on=_settlement_day(values),
            amount_cents=_cents(values),
        )
    except ValueError as error:
        raise ListUnreadable(f"{where}: {error}") from None


def _cents(values: Mapping[str, Any]) -> int:
    cents = values.get("amount_cents")
    if type(cents) is int and cents > 0:
        return cents
    if isinstance(cents, str) and _DIGITS.fullmatch(cents.strip()):
        return int(cents)
    if cents not in (None, ""):
        raise ListUnreadable(f"amount_cents is {ascii(cents)[:24]}, not whole cents")
    return parse_dollars(_text(values, "amount"))


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ListUnreadable(f"{name} is missing")
    return value.strip()


def _settlement_day(values: Mapping[str, Any]) -> date:
    day = _date("settle_on", _text(values, "settle_on"))
    wrong = unsettled_words(day)
    if wrong:
        raise ListUnreadable(f"no payment settles on settle_on: {wrong}")
    return day


def _date(name: str, value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value.strip()):
        raise ListUnreadable(f"{name} is {ascii(value)[:24]}, no date like 2026-12-08")
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ListUnreadable(f"{name} is no day of the calendar") from None


def _payee(values: object) -> Payee | None:
    """Give the payee of an answer: of instructions under payee, of an enrolment under payment."""
    if not isinstance(values, dict):
        return None
    given = values.get("payee")
    if isinstance(given, dict):
        routing, account = given.get("routing"), given.get("account")
    else:
        given = values.get("payment")
        given = given if isinstance(given, dict) else {}
        routing, account = given.get("routing_number"), given.get("account_number")
    if not isinstance(routing, str) or not isinstance(account, str):
        return None
    name = given.get("name", given.get("receiving_company"))
    return Payee(routing, account, name if isinstance(name, str) else PAYEE_NAME)


def _required(listed: PaymentList) -> PaymentList:
    if not listed.payments and listed.left_out:
        raise ListUnreadable("every payment in it is late: --late takes them all the same")
    if not listed.payments:
        raise ListUnreadable("it holds no payment")
    return listed
