"""Bank statements in BAI2: one account and one day, written record by record, and read strictly.

A file is records of at most 80 characters, each a code and fields between commas; what is longer
goes on in records 88. Amounts are whole cents without a point. What a movement is, and which
account it is on, is the caller's; no database and no clock are known here. Source: the cash
management balance reporting specifications, version 2, of the Bank Administration Institute.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

LINE_LENGTH: Final = 80
Sense = Literal["credit", "debit"]


@dataclass(frozen=True, slots=True)
class TypeCode:
    """A kind of movement: three digits, how it changes the account, the manual's words for it."""

    code: str
    sense: Sense
    words: str


CREDIT_RECEIVED: Final = TypeCode("142", "credit", "ACH Credit Received")
SETTLEMENT: Final = TypeCode("166", "credit", "ACH Settlement")
RETURN_CREDIT: Final = TypeCode("257", "credit", "Individual ACH Return Item")
RETURN_DEBIT: Final = TypeCode("557", "debit", "Individual ACH Return Item")
DETAIL_TYPES: Final = {
    each.code: each for each in (CREDIT_RECEIVED, SETTLEMENT, RETURN_CREDIT, RETURN_DEBIT)
}
TOTAL_CREDITS: Final = "100"
TOTAL_DEBITS: Final = "400"

# The fields of each record behind its code, in order; a record 03 repeats its last four.
LAYOUTS: Final = {
    "01": (
        "sender",
        "receiver",
        "created_on",
        "created_at",
        "file_id",
        "record_length",
        "block_size",
        "version",
    ),
    "02": (
        "receiver",
        "originator",
        "group_status",
        "as_of_date",
        "as_of_time",
        "currency",
        "as_of_modifier",
    ),
    "03": ("account", "currency", "type_code", "amount", "item_count", "funds_type"),
    "16": ("type_code", "amount", "funds_type", "bank_reference", "customer_reference"),
    "88": ("text",),
    "49": ("control_total", "records"),
    "98": ("control_total", "accounts", "records"),
    "99": ("control_total", "groups", "records"),
}
# What may stand between two commas, and in a text: neither a comma nor a slash, which end things.
_NOT_TEXT = re.compile(r"[^0-9A-Za-z .:;&'()#+$=-]+")
# A text in which nothing has to be put right: most are.
_PLAIN_TEXT = re.compile(r"[0-9A-Za-z.:;&'()#+$=-]+(?: [0-9A-Za-z.:;&'()#+$=-]+)*")
_IN_AMOUNT = re.compile(r"(?<=[0-9]),(?=[0-9])")
_FIELD = re.compile(r"[0-9A-Za-z.-]*", re.ASCII)
_UPDATE, _FINAL_OF_DAY, _END_OF_DAY, _VERSION = "1", "2", "2400", "2"
_FUNDS_UNKNOWN = "Z"


class Bai2Error(ValueError):
    """Values do not fit a BAI2 file; says the record and the field, never an account."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a file says in front of its movements: counts, and sums in cents."""

    credits: int
    credit_cents: int
    debits: int
    debit_cents: int


@dataclass(frozen=True, slots=True)
class Head:
    """Whose statement it is, of which account and which day; ``account`` must be masked."""

    sender: str
    receiver: str
    account: str
    as_of: date
    created: datetime
    totals: Totals


@dataclass(frozen=True, slots=True)
class Detail:
    """One movement: cents, the bank's and the customer's reference, and lines of free text."""

    type_code: TypeCode
    amount_cents: int
    bank_reference: str
    customer_reference: str
    texts: tuple[str, ...] = ()


def render(head: Head, details: Iterable[Detail]) -> Iterator[str]:
    """Write the lines of a file, without line ends; hold one movement at a time.

    Raise Bai2Error where a value does not fit, or at the end where the movements do not come to
    the totals that the head gave.
    """
    totals = head.totals
    yield _record(
        "01",
        head.sender,
        head.receiver,
        f"{head.created:%y%m%d}",
        f"{head.created:%H%M}",
        "1",
        "",
        "",
        _VERSION,
    )
    day = f"{head.as_of:%y%m%d}"
    group = (head.receiver, head.sender, _UPDATE, day, _END_OF_DAY, "USD", _FINAL_OF_DAY)
    yield _record("02", *group)
    credits_ = (TOTAL_CREDITS, str(totals.credit_cents), str(totals.credits), "")
    debits = (TOTAL_DEBITS, str(totals.debit_cents), str(totals.debits), "")
    yield _record("03", head.account, "USD", *credits_, *debits)
    records, found = 1, Totals(0, 0, 0, 0)
    for detail in details:
        found = _plus(found, detail)
        for line in _detail_lines(detail):
            records += 1
            yield line
    if found != totals:
        raise Bai2Error("the movements do not come to the totals of record 03")
    control = str(2 * (totals.credit_cents + totals.debit_cents))
    yield _record("49", control, str(records + 1))
    yield _record("98", control, "1", str(records + 3))
    yield _record("99", control, "1", str(records + 5))


def safe_text(text: str) -> str:
    """Give a text without what has a meaning in a record, or is no printable ASCII."""
    if _PLAIN_TEXT.fullmatch(text):
        return text
    return " ".join(_NOT_TEXT.sub(" ", _IN_AMOUNT.sub("", text)).split())


def masked_account(account: str) -> str:
    """Give an account with all but its last four characters crossed out."""
    return f"{'X' * max(len(account) - 4, 4)}{account[-4:]}"


def _detail_lines(detail: Detail) -> Iterator[str]:
    """Write a movement: its record 16, then its texts in records 88."""
    if detail.amount_cents < 0:
        raise Bai2Error("record 16 amount: it is negative, and its type code says the sense")
    yield _record(
        "16",
        detail.type_code.code,
        str(detail.amount_cents),
        _FUNDS_UNKNOWN,
        detail.bank_reference,
        detail.customer_reference,
    )
    for text in detail.texts:
        yield from _text_lines(safe_text(text))


def _text_lines(text: str) -> Iterator[str]:
    """Break a text at its spaces where it can; a text is the last field and has no slash."""
    room = LINE_LENGTH - len("88,")
    while text:
        cut = text.rfind(" ", 1, room + 1) if len(text) > room else len(text)
        cut = cut if cut > 0 else room
        yield f"88,{text[:cut].rstrip()}"
        text = text[cut:].lstrip()


def _record(code: str, *values: str) -> str:
    for position, value in enumerate(values, 2):
        if not _FIELD.fullmatch(value):
            raise Bai2Error(f"record {code} field {position}: a character is not allowed there")
    line = f"{code},{','.join(values)}/"
    if len(line) > LINE_LENGTH:
        raise Bai2Error(f"record {code}: it has {len(line)} characters, more than {LINE_LENGTH}")
    return line


def _plus(totals: Totals, detail: Detail) -> Totals:
    if detail.type_code.sense == "credit":
        cents = totals.credit_cents + detail.amount_cents
        return Totals(totals.credits + 1, cents, totals.debits, totals.debit_cents)
    cents = totals.debit_cents + detail.amount_cents
    return Totals(totals.credits, totals.credit_cents, totals.debits + 1, cents)
