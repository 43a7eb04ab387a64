"""Paying many statements as a filer's program does it: build an order, send it, send it again.

An order sent again does nothing twice: its key is made of its content, and where the key has its
answer already (the answer was lost, or the order is a later one that reads the same) the agency is
asked once more with a new key. What stands by then as it was ordered counts as done.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import uuid4

from customhouse.trade.client import AgencyClient

ORDERS: Final = "/api/v1/authorizations"
PREVIEWS: Final = "/api/v1/authorizations/preview"
NEGATIONS: Final = "/api/v1/negations"
STATEMENTS: Final = "/api/v1/statements"
ALERTS: Final = "/api/v1/alerts"
MOST_STATEMENTS: Final = 9_999
_ALREADY: Final = "statement-already-authorized"
_NOTHING: Final = "nothing-to-negate"

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What to pay: statements (cents by number), or all that is due where ``amounts`` is None.

    ``debit_on`` is the day on which the payer wants to be debited, None for the agency's own;
    ``until`` takes, of all that is due, what is due by then.
    """

    filer_code: str
    payer_unit_number: str
    amounts: Mapping[str, int] | None
    debit_on: date | None = None
    until: date | None = None

    def bodies(self) -> Iterator[dict[str, Any]]:
        """Give the bodies of the requests that the order takes, each of at most 9,999 items."""
        body: dict[str, Any] = {
            "filer_code": self.filer_code,
            "payer_unit_number": self.payer_unit_number,
        }
        if self.debit_on is not None:
            body["debit_on"] = self.debit_on.isoformat()
        if self.amounts is None:
            until = {} if self.until is None else {"until": self.until.isoformat()}
            yield {**body, "all_due": True, **until}
            return
        items = [
            {"statement_number": number, "amount_cents": cents}
            for number, cents in self.amounts.items()
        ]
        for start in range(0, len(items), MOST_STATEMENTS):
            yield {**body, "statements": items[start : start + MOST_STATEMENTS]}


def authorize(client: AgencyClient, order: PaymentOrder) -> list[Values]:
    """Send an order; give the answers, one a request. All that is due is asked for to its end."""
    return [answer for body in order.bodies() for answer in _sent(client, body)]


def negate(client: AgencyClient, order: PaymentOrder) -> list[Values]:
    """Undo authorizations of the same day; give the outcomes, one a statement.

    Asked again after a lost answer, what was undone by the first time counts as undone.
    """
    outcomes: list[Values] = []
    for body in order.bodies():
        # The order that it undoes may read the same: its key is another one.
        key = f"undo-{content_key(body)}"
        answer = client.post_json(NEGATIONS, body, idempotency_key=key)
        first = answer.values["outcomes"]
        if answer.replayed:
            again = client.post_json(NEGATIONS, body, idempotency_key=f"{key}-{uuid4()}")
            pairs = zip(first, again.values["outcomes"], strict=True)
            first = [was if _undone_before(was, now) else now for was, now in pairs]
        outcomes += first
    return outcomes


def preview(client: AgencyClient, order: PaymentOrder) -> list[Values]:
    """Ask what an order would lead to; nothing is done."""
    return [client.post_json(PREVIEWS, body).values for body in order.bodies()]


def statements(client: AgencyClient, query: Mapping[str, str]) -> Iterator[Values]:
    """Give the statements of a filer, page after page."""
    after: str | None = ""
    while after is not None:
        page = client.get_json(STATEMENTS, {**query, "after": after} if after else query)
        yield from page["statements"]
        after = page["next_after"]


def only_filer(client: AgencyClient) -> str:
    """Give the filer of a sender that transmits for one; raise Refused for one of several."""
    return str(client.get_json(STATEMENTS, {"limit": "1"})["filer_code"])


def content_key(body: Values) -> str:
    """Make an idempotency key of what is ordered: the same order has the same key."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return f"order-{hashlib.sha256(text.encode()).hexdigest()[:40]}"


def is_done(body: Values, outcome: Values) -> bool:
    """Tell whether a statement is authorized as it was ordered, by this order or before it."""
    return outcome["outcome"] == "accepted" or stands_as_ordered(body, outcome)


def stands_as_ordered(body: Values, outcome: Values) -> bool:
    """Tell whether a refused statement stands authorized from that unit, for that amount and day.

    Then nothing else is wrong with it than that it was done before.
    """
    standing = outcome["standing"]
    codes = [each["code"] for each in outcome["faults"]]
    if standing is None or codes != [_ALREADY]:
        return False
    wanted: list[tuple[Any, Any]] = [
        (standing["payer_unit_number"], body["payer_unit_number"]),
        (standing["amount_cents"], outcome["amount_cents"]),
    ]
    if "debit_on" in body:
        wanted.append((standing["expected_debit_on"], body["debit_on"]))
    return all(seen == asked for seen, asked in wanted)


def _undone_before(was: Values, now: Values) -> bool:
    return was["outcome"] == "undone" and [each["code"] for each in now["faults"]] == [_NOTHING]


def _sent(client: AgencyClient, body: dict[str, Any]) -> Iterator[Values]:
    first = answer = client.post_json(ORDERS, body, idempotency_key=content_key(body))
    if first.replayed:
        answer = client.post_json(ORDERS, body, idempotency_key=_new_key(body))
        if first.values["business_date"] == answer.values["business_date"]:
            yield from _still_standing(client, body, first.values)
    yield answer.values
    while answer.values["has_more"] and answer.values["accepted"]:
        answer = client.post_json(ORDERS, body, idempotency_key=_new_key(body))
        yield answer.values


def _still_standing(client: AgencyClient, body: Values, first: Values) -> Iterator[Values]:
    """Ask anew for what all that was due meant earlier in the day, when that answer was lost."""
    accepted = [each for each in first["outcomes"] if each["outcome"] == "accepted"]
    if not body.get("all_due") or not accepted:
        return
    named = {name: value for name, value in body.items() if name not in ("all_due", "until")}
    names = ("statement_number", "amount_cents")
    named["statements"] = [{name: each[name] for name in names} for each in accepted]
    yield client.post_json(ORDERS, named, idempotency_key=_new_key(named)).values


def _new_key(body: Values) -> str:
    return f"{content_key(body)}-{uuid4()}"
