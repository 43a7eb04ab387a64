"""Reads an order to pay many statements: JSON values into authorizations, one a statement.

Reading only: whether a statement may be paid is for the rules of authorization, the same as over
ABI. What is wrong with the order itself refuses it as a whole; what is wrong with the form of one
item refuses that item. No SQL, no clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, TypeVar

from customhouse.agency.authorizations import DAILY_STATEMENT_TYPE
from customhouse.faults import Fault, Refused, declare
from customhouse.formats.abi_messages import AuthorizationRequest

MOST_STATEMENTS: Final = 9_999
LARGEST_CENTS: Final = 9_999_999_999
MOST_ENTRIES: Final = 2_000

ORDER_FIELD_WRONG = declare(
    "order-field-wrong",
    sentence="The {field} of {item} is {seen}, which is not {expected}.",
    next_step="Correct the {field} and send the order with a new key.",
)
ORDER_FIELD_MISSING = declare(
    "order-field-missing",
    sentence="{item} has no {field}.",
    next_step="Give the {field}: {expected}.",
)
ORDER_FIELD_UNKNOWN = declare(
    "order-field-unknown",
    sentence="{item} has a field {field}, which is not one of {expected}.",
    next_step="Leave it out, or correct its name.",
)
ORDER_STATEMENTS_UNCLEAR = declare(
    "order-statements-unclear",
    sentence="The order gives {seen}; it needs either statements or all_due.",
    next_step='Give a list under statements, or "all_due": true.',
)
ORDER_DAYS_DIFFER = declare(
    "order-days-differ",
    sentence="{item} names statement {statement_number} again, with another day of debit.",
    next_step="Keep the item that is right, and send what was refused with a new key.",
)
FILER_NOT_OF_SENDER = declare(
    "filer-not-of-sender",
    sentence="Filer {filer_code} is not one for whom you transmit.",
    next_step="Use the code of one of your filers.",
    http_status=403,
)

_PLAIN: Final = re.compile(r"[ -~]{0,20}", re.ASCII)
_ENTRY_NUMBER: Final = re.compile(r"(?:[0-9A-Z]{3})?([0-9]{8})", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_A_DAY: Final = "a date like 2026-11-24"
_CENTS: Final = f"whole cents from 0 to {LARGEST_CENTS:,}"
_ENTRIES: Final = (
    f"a list of at most {MOST_ENTRIES:,} objects, each with entry_number and amount_cents and each"
    " entry once"
)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class OrderedStatement:
    """One statement of an order: its number, cents, day of debit and the caller's own entries.

    ``debit_on`` is None where the agency's expected day will do, ``entries`` (cents by the eight
    digits of an entry number) where the caller lists none. With faults it is judged no further.
    """

    statement_number: str
    amount_cents: int
    debit_on: date | None = None
    entries: Mapping[str, int] | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """An order to pay statements of one filer from one payer unit, or to undo such payments.

    ``statements`` is None for all that are due, of which ``until`` takes those due by a day. An
    order that ``negates`` names authorizations of the same day, as they were sent.
    """

    filer_code: str
    payer_unit_number: str
    statements: tuple[OrderedStatement, ...] | None
    debit_on: date | None = None
    until: date | None = None
    negates: bool = False

    def request_of(self, statement: OrderedStatement) -> AuthorizationRequest:
        """Give the authorization of one of its statements, as an ABI record would say it."""
        return AuthorizationRequest(
            payer_unit_number=self.payer_unit_number,
            payment_type=DAILY_STATEMENT_TYPE,
            filer_code=self.filer_code,
            statement_number=statement.statement_number,
            amount_text=f"{statement.amount_cents:010}",
            negation="Y" if self.negates else "",
        )


@dataclass(slots=True)
class _Fields:
    """Takes the fields of one JSON object one after another and gathers what is wrong with them."""

    item: str
    values: Mapping[str, Any]
    faults: list[Fault] = field(default_factory=list)

    def take(
        self, name: str, read: Callable[[Any], Value], *, expected: str, absent: Value | None
    ) -> Value | None:
        """Give a field's value, or ``absent``; a field without ``absent`` must be there."""
        if self.values.get(name) is None:
            return absent
        try:
            return read(self.values[name])
        except ValueError:
            self.wrong(name, expected)
            return absent

    def wrong(self, name: str, expected: str) -> None:
        """Note that a field does not hold what is expected."""
        values = {
            "item": self.item,
            "field": name,
            "seen": _shown(self.values[name]),
            "expected": expected,
        }
        self.faults.append(Fault(ORDER_FIELD_WRONG, values))

    def need(self, name: str, expected: str) -> None:
        """Note a field that is missing."""
        if self.values.get(name) is None:
            values = {"item": self.item, "field": name, "expected": expected}
            self.faults.append(Fault(ORDER_FIELD_MISSING, values))

    def only(self, *names: str) -> None:
        """Note each field that nobody asked for."""
        for name in self.values:
            if name not in names:
                values = {
                    "item": self.item,
                    "field": ascii(name)[:40],
                    "expected": ", ".join(names),
                }
                self.faults.append(Fault(ORDER_FIELD_UNKNOWN, values))


def read_order(body: object, filer_codes: tuple[str, ...]) -> Order:
    """Read an order of a sender who transmits for some filers.

    Raises Refused with all faults of the order itself; those of an item stay with the item.
    """
    if not isinstance(body, dict):
        raise Refused(_not_an_object("The order", body))
    fields = _Fields("The order", body)
    fields.only("filer_code", "payer_unit_number", "debit_on", "all_due", "until", "statements")
    for name, expected in (("filer_code", "three characters"), ("payer_unit_number", "six digits")):
        fields.need(name, expected)
    filer_code = fields.take("filer_code", _text, expected="three characters", absent="") or ""
    unit = fields.take("payer_unit_number", _text, expected="six digits", absent="") or ""
    debit_on = fields.take("debit_on", _day, expected=_A_DAY, absent=None)
    until = fields.take("until", _day, expected=_A_DAY, absent=None)
    statements = _statements(fields)
    if fields.faults:
        raise Refused(*fields.faults)
    if filer_code not in filer_codes:
        raise not_of_sender(filer_code)
    if statements is not None:
        statements = tuple(_one_day_each(statements, debit_on))
    return Order(filer_code, unit, statements, debit_on, until)


def read_negation(body: object, filer_codes: tuple[str, ...]) -> Order:
    """Read an order to undo authorizations: filer, payer unit, and statements with their amounts.

    Raises Refused with all faults of the order itself; those of an item stay with the item.
    """
    if isinstance(body, dict):
        fields = _Fields("The order", body)
        fields.only("filer_code", "payer_unit_number", "statements")
        fields.need("statements", f"a list of 1 to {MOST_STATEMENTS:,} statements")
        if fields.faults:
            raise Refused(*fields.faults)
    order = read_order(body, filer_codes)
    items = [_without_wishes(each, n) for n, each in enumerate(order.statements or (), 1)]
    return replace(order, negates=True, statements=tuple(items))


def _without_wishes(ordered: OrderedStatement, number: int) -> OrderedStatement:
    """Refuse an item that says more than which authorization it undoes."""
    given = {"debit_on": ordered.debit_on, "entries": ordered.entries}
    found = tuple(
        Fault(
            ORDER_FIELD_UNKNOWN,
            {
                "item": f"statement item {number}",
                "field": name,
                "expected": "statement_number, amount_cents",
            },
        )
        for name, value in given.items()
        if value is not None
    )
    return replace(ordered, faults=ordered.faults + found)


def not_of_sender(filer_code: str) -> Refused:
    """Give the refusal of a filer for whom the sender does not transmit, known or not."""
    return Refused(Fault(FILER_NOT_OF_SENDER, {"filer_code": filer_code or "blank"}))


def _statements(fields: _Fields) -> tuple[OrderedStatement, ...] | None:
    """Give the statements of an order, None for all that are due; note what is wrong."""
    all_due = fields.take("all_due", _flag, expected="true or false", absent=False)
    listed = fields.values.get("statements")
    if bool(all_due) == (listed is not None):
        seen = "both" if all_due else "neither"
        fields.faults.append(Fault(ORDER_STATEMENTS_UNCLEAR, {"seen": seen}))
        return None
    if listed is None:
        return None
    if not all_due and fields.values.get("until") is not None:
        fields.wrong("until", "left out where statements are listed")
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_STATEMENTS:
        fields.wrong("statements", f"a list of 1 to {MOST_STATEMENTS:,} statements")
        return None
    return tuple(_statement(item, number) for number, item in enumerate(listed, 1))


def _one_day_each(
    statements: Iterable[OrderedStatement], debit_on: date | None
) -> Iterator[OrderedStatement]:
    """Refuse an item that names a statement again for another day: the day goes by statement."""
    days: dict[str, date | None] = {}
    for number, each in enumerate(statements, 1):
        day = each.debit_on or debit_on
        if each.faults or days.setdefault(each.statement_number, day) == day:
            yield each
            continue
        values = {"item": f"statement item {number}", "statement_number": each.statement_number}
        yield replace(each, faults=(Fault(ORDER_DAYS_DIFFER, values),))


def _statement(values: object, number: int) -> OrderedStatement:
    item = f"statement item {number}"
    if not isinstance(values, dict):
        return OrderedStatement("", 0, faults=(_not_an_object(item, values),))
    fields = _Fields(item, values)
    fields.only("statement_number", "amount_cents", "debit_on", "entries")
    fields.need("statement_number", "its ten characters")
    fields.need("amount_cents", _CENTS)
    statement_number = fields.take("statement_number", _text, expected="ten characters", absent="")
    cents = fields.take("amount_cents", _cents, expected=_CENTS, absent=0)
    debit_on = fields.take("debit_on", _day, expected=_A_DAY, absent=None)
    entries = fields.take("entries", _entries, expected=_ENTRIES, absent=None)
    return OrderedStatement(
        statement_number or "", cents or 0, debit_on, entries, tuple(fields.faults)
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not _PLAIN.fullmatch(value):
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _cents(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST_CENTS:
        raise ValueError
    return value


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError
    return date.fromisoformat(value)


def _entries(value: object) -> dict[str, int]:
    if not isinstance(value, list) or len(value) > MOST_ENTRIES:
        raise ValueError
    found: dict[str, int] = {}
    for each in value:
        if not isinstance(each, dict) or each.keys() != {"entry_number", "amount_cents"}:
            raise ValueError
        number = _entry_number(_text(each["entry_number"]))
        if number in found:
            raise ValueError
        found[number] = _cents(each["amount_cents"])
    return found


def _entry_number(text: str) -> str:
    """Give the eight digits of an entry number, with or without filer code, dashes and spaces."""
    match = _ENTRY_NUMBER.fullmatch(text.replace("-", "").replace(" ", ""))
    if match is None:
        raise ValueError
    return match[1]


def _not_an_object(item: str, value: object) -> Fault:
    values = {"item": item, "field": "value", "seen": _shown(value), "expected": "a JSON object"}
    return Fault(ORDER_FIELD_WRONG, values)


def _shown(value: object) -> str:
    """Spell a value for a sentence, escaped and cut; of one that holds others only its type."""
    return ascii(value)[:40] if isinstance(value, str | int | None) else type(value).__name__
