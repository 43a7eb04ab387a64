"""What payers push, as one line of text each: who, which documents, how much, and what is wrong.

``B76:3927337001=1079.66`` is a right payment; words behind exclamation marks spoil it on purpose
(FLAWS). The addendum is written here from the convention and not by the project's formats, so that
what the agency reads was not written by its own code. How an entry looks in a file is not known
here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from customhouse.money import MAX_ENTRY_CENTS, format_cents, parse_dollars
from customhouse.rehearsal.plain_files import read_json, write_json

MOST_DAYS_AHEAD: Final = 9
ADDENDUM_WIDTH: Final = 80
# Payment type codes of the rehearsal's agency; the real ones are told to enrolled payers only.
TYPE_CODES: Final = {"statement": "90001", "bill": "90002", "entry": "90003", "prenote": "90000"}
OTHER_AGENCYS_TYPE: Final = "04100"
# What the addendum says wrongly.
ADDENDUM_FLAWS: Final[Mapping[str, str]] = {
    "digit": "names a document with one digit off",
    "transposed": "names a document with two neighbouring digits transposed",
    "letter": "has a letter in its amount",
    "zero": "has the amount zero",
    "negative": "has a negative amount",
    "type": "has another agency's payment type",
    "stranger": "names a payer whom nobody knows",
    "two": "holds two TXP segments",
    "separators": "has lost its separators",
    "text": "is free text",
    "blanks": "has blanks inside its elements, which is tolerated",
}
# What is wrong with the entry as a whole, or what it is instead of a payment.
ENTRY_FLAWS: Final[Mapping[str, str]] = {
    "bare": "comes without an addendum",
    "sum": "brings a dollar more than its addenda say",
    "account": "goes to an account that is not the agency's",
    "twice": "is sent twice",
    "reversal": "is a debit that reverses the payment of that amount",
    "debit": "is a debit",
}
FLAWS: Final[Mapping[str, str]] = {**ADDENDUM_FLAWS, **ENTRY_FLAWS}
PRENOTE: Final = "prenote"
STRANGER: Final = "Z99"

_PAYER: Final = r"[0-9A-Z][0-9A-Z-]{2,11}"
_LINE: Final = re.compile(rf"(?P<payer>{_PAYER}):(?P<items>[^+ ]+?)(\+(?P<after>[0-9]))?", re.ASCII)
_ITEM: Final = re.compile(
    r"(?P<document>[0-9A-Z]{1,20})=(?P<dollars>[^!]*)(?P<flaws>(![a-z]+)*)", re.ASCII
)
_PRENOTE: Final = re.compile(r"prenote(?P<flaws>(![a-z]+)*)", re.ASCII)
_STATEMENT: Final = re.compile(r"[0-9]{7}[0-9A-Z]{3}", re.ASCII)
_BILL: Final = re.compile(r"[0-9]{7}[0-9A-Z]{4}", re.ASCII)


class BadPush(ValueError):
    """A line of what payers push cannot be followed; the message says why."""


@dataclass(frozen=True, slots=True)
class Item:
    """One document that a payment is for, its amount in cents, and what its addendum gets wrong."""

    document: str
    amount_cents: int
    flaws: tuple[str, ...] = ()

    def spelled(self) -> str:
        """Give the item as the line has it."""
        flaws = "".join(f"!{each}" for each in self.flaws)
        return f"{self.document}={format_cents(self.amount_cents).replace(',', '')}{flaws}"


@dataclass(frozen=True, slots=True)
class Push:
    """One payment, prenote or reversal that a payer orders from its bank.

    Without items it is a prenote. ``after`` counts banking days from the day on which the bank
    sends it to its settlement, 0 to 9. ``company_name`` is what the entry says of the payer.
    """

    payer: str
    items: tuple[Item, ...] = ()
    flaws: tuple[str, ...] = ()
    after: int = 1
    company_name: str = ""

    def __post_init__(self) -> None:
        for flaw in (*self.flaws, *(each for item in self.items for each in item.flaws)):
            if flaw not in FLAWS:
                raise BadPush(f"!{flaw} is not one of !{', !'.join(FLAWS)}")
        if not 0 <= self.after <= MOST_DAYS_AHEAD:
            raise BadPush(f"{self.after} banking days ahead: 0 to 9 are allowed")
        if self.entry_cents > MAX_ENTRY_CENTS:
            raise BadPush(f"one entry holds at most {format_cents(MAX_ENTRY_CENTS)}")
        if not self.items and set(self.flaws) - {"bare", "account", "stranger"}:
            raise BadPush("a prenote has no amount: only !bare, !account and !stranger go with it")

    @classmethod
    def parse(cls, text: str) -> Push:
        """Read ``B76:3927337001=1079.66``, with ``!flaw`` and ``+days`` behind; raise BadPush.

        Several documents, with commas between them, make one CTX entry with an addendum each.
        ``B76:prenote`` is a zero-dollar entry.
        """
        line = _LINE.fullmatch(text)
        if line is None:
            raise BadPush(f"{text!r} is not of the form B76:3927337001=1079.66")
        after = int(line["after"] or 1)
        prenote = _PRENOTE.fullmatch(line["items"])
        if prenote is not None:
            return cls(line["payer"], (), _flaws(prenote["flaws"]), after)
        read = [_item(each) for each in line["items"].split(",")]
        whole = tuple(dict.fromkeys(f for item in read for f in item.flaws if f in ENTRY_FLAWS))
        items = (_without(item, whole) for item in read)
        return cls(line["payer"], tuple(items), whole, after)

    @property
    def is_prenote(self) -> bool:
        """Tell a zero-dollar entry."""
        return not self.items

    @property
    def is_debit(self) -> bool:
        """Tell an entry that takes money: a reversal, or a plain debit."""
        return bool({"reversal", "debit"} & set(self.flaws))

    @property
    def entry_cents(self) -> int:
        """Give the amount of the entry: what the documents add up to, or a dollar more."""
        return sum(item.amount_cents for item in self.items) + 100 * ("sum" in self.flaws)

    def spelled(self) -> str:
        """Give the line that this was read from, in its one spelling."""
        flaws = "".join(f"!{each}" for each in self.flaws)
        items = ",".join(item.spelled() for item in self.items) or PRENOTE
        return f"{self.payer}:{items}{flaws}" + (f"+{self.after}" if self.after != 1 else "")

    def words(self) -> str:
        """Say in words what is wrong with it on purpose; empty when nothing is."""
        named = dict.fromkeys((*(f for item in self.items for f in item.flaws), *self.flaws))
        return "; ".join(FLAWS[each] for each in named)

    def addenda(self, settles_on: date) -> tuple[str, ...]:
        """Write the addenda, at most 80 characters each, flaws included."""
        if "bare" in self.flaws or self.is_debit:
            return ()
        if self.is_prenote:
            payer = STRANGER if "stranger" in self.flaws else self.payer
            return (f"TXP*{payer}*{TYPE_CODES[PRENOTE]}*{settles_on:%y%m%d}**0\\",)
        return tuple(_addendum(self.payer, item, settles_on) for item in self.items)


def kind_of(document: str) -> str:
    """Tell what a document number is of, by its form: a statement, a bill or an entry."""
    if _STATEMENT.fullmatch(document):
        return "statement"
    return "bill" if _BILL.fullmatch(document) else "entry"


def _flaws(text: str) -> tuple[str, ...]:
    return tuple(each for each in text.split("!") if each)


def _item(text: str) -> Item:
    match = _ITEM.fullmatch(text)
    if match is None:
        raise BadPush(
            f"{text!r} is not of the form 3927337001=1079.66; a comma stands between documents and"
            " never in an amount"
        )
    try:
        cents = parse_dollars(match["dollars"])
    except ValueError as error:
        raise BadPush(str(error)) from None
    if cents == 0:
        raise BadPush("the amount is zero: a zero-dollar entry is PAYER:prenote, !zero spoils one")
    return Item(match["document"], cents, _flaws(match["flaws"]))


def _without(item: Item, flaws: Iterable[str]) -> Item:
    """Leave with an item only what is wrong with its own addendum."""
    left = tuple(each for each in item.flaws if each not in set(flaws))
    return replace(item, flaws=left)


def _addendum(payer: str, item: Item, settles_on: date) -> str:
    """Write one TXP segment (tax payment banking convention) and spoil it as told."""
    elements = [
        "TXP",
        payer,
        TYPE_CODES[kind_of(item.document)],
        f"{settles_on:%y%m%d}",
        item.document,
        f"{item.amount_cents}",
    ]
    for flaw in item.flaws:
        _SPOIL.get(flaw, _leave)(elements)
    text = "*".join(elements) + "\\"
    if "separators" in item.flaws:
        text = text.replace("*", " ").removesuffix("\\")
    if "text" in item.flaws:
        text = f"PAYMENT OF STATEMENT {item.document} THANK YOU"
    if "two" in item.flaws:
        text = f"{text}{text}"[:ADDENDUM_WIDTH]
    return text


def _leave(elements: list[str]) -> None:
    """Change nothing: the flaw is one of the whole text."""
    del elements


def _one_digit_off(elements: list[str]) -> None:
    elements[4] = one_digit_off(elements[4])


def _transpose(elements: list[str]) -> None:
    elements[4] = transposed(elements[4])


def _write(place: int, text: str) -> Callable[[list[str]], None]:
    def write(elements: list[str]) -> None:
        elements[place] = text

    return write


def _write_letter(elements: list[str]) -> None:
    elements[5] = f"{elements[5][:-1]}O"


def _negate(elements: list[str]) -> None:
    elements[5] = f"-{elements[5]}"


def _spread(elements: list[str]) -> None:
    elements[1] += "  "
    elements[4] = f"{elements[4][:4]} {elements[4][4:]}"


_SPOIL: Final[Mapping[str, Callable[[list[str]], None]]] = {
    "digit": _one_digit_off,
    "transposed": _transpose,
    "letter": _write_letter,
    "zero": _write(5, "0"),
    "negative": _negate,
    "type": _write(2, OTHER_AGENCYS_TYPE),
    "stranger": _write(1, STRANGER),
    "blanks": _spread,
}


def one_digit_off(document: str) -> str:
    """Give a document number whose last digit is one more."""
    at = max(place for place, character in enumerate(document) if character.isdigit())
    return f"{document[:at]}{(int(document[at]) + 1) % 10}{document[at + 1 :]}"


def transposed(document: str) -> str:
    """Give a document number with its last two neighbouring characters that differ exchanged."""
    pairs = [at for at in range(len(document) - 1) if document[at] != document[at + 1]]
    at = pairs[-1]
    return f"{document[:at]}{document[at + 1]}{document[at]}{document[at + 2 :]}"


@dataclass(frozen=True, slots=True)
class PushScript:
    """Every line that was ordered, oldest first, kept in one plain file.

    Which of them were sent is in the books of the payers' banks, so that a day can be run again.
    """

    path: Path

    def pushes(self) -> list[Push]:
        """Give every push, oldest first."""
        return [_restored(values) for values in read_json(self.path, empty=[])]

    def add(self, pushes: Iterable[Push]) -> None:
        """Append what payers order, and keep it."""
        write_json(self.path, [asdict(push) for push in (*self.pushes(), *pushes)])


def _restored(values: dict[str, Any]) -> Push:
    items = tuple(
        Item(each["document"], each["amount_cents"], tuple(each["flaws"]))
        for each in values["items"]
    )
    return Push(**{**values, "items": items, "flaws": tuple(values["flaws"])})
