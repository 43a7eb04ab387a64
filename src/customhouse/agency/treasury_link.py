"""The agency's end of the rails for a treasury day: asks the bank what moved on the account.

Reads only, page by page. Comparing with the ledger is treasury_days' business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import httpx2

from customhouse import rails
from customhouse.agency.bank_link import BANK_UNREACHABLE, TIMEOUT_SECONDS, BankLink, trusted
from customhouse.faults import Fault, Refused, declare

# No bank moves an account so often in a day; a list without an end must not fill the disk.
MOST_PAGES: Final = 10_000

TREASURY_DAY_UNREADABLE = declare(
    "treasury-day-unreadable",
    sentence="The processor bank's list of {day} cannot be read behind line {after}.",
    next_step="See that both sides run the same release, then ask again.",
    http_status=502,
    exit_code=8,
)


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of a day, with what the bank says that the whole day has at this moment; cents.

    ``bank_date`` is the bank's business date, None before its first.
    """

    lines: list[rails.TreasuryLine]
    day_lines: int
    credit_cents: int
    debit_cents: int
    bank_date: date | None


def pages_of(link: BankLink, day: date) -> Iterator[Page]:
    """Give what moved on the agency's account on a day, in the bank's order; the last is empty.

    Raises Refused: bank-unreachable, treasury-day-unreadable. A page that does not go on behind
    the last one is unreadable: it would never end.
    """
    after = ""
    with httpx2.Client(
        base_url=link.url,
        headers={"Authorization": f"Bearer {link.token}"},
        timeout=TIMEOUT_SECONDS,
        trust_env=False,
        verify=trusted(),
    ) as client:
        for _ in range(MOST_PAGES):
            page = _page(client, link, day=day, after=after)
            yield page
            if not page.lines:
                return
            after = page.lines[-1].line_id
    raise _unreadable(day, after)


def _page(client: httpx2.Client, link: BankLink, *, day: date, after: str) -> Page:
    parameters = {"date": day.isoformat(), "after": after}
    try:
        response = client.get(rails.TREASURY_DAYS_PATH, params=parameters)
    except httpx2.HTTPError as error:
        raise _unreachable(link, type(error).__name__) from None
    if response.status_code != 200:
        raise _unreachable(link, f"HTTP {response.status_code}")
    try:
        page = _read(response.json())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _unreadable(day, after) from None
    ids = [each.line_id for each in page.lines]
    other_day = any(each.settled_on != day for each in page.lines)
    if after in ids or len(set(ids)) != len(ids) or other_day:
        raise _unreadable(day, after)
    return page


def _read(body: Any) -> Page:
    totals, bank_date = body["totals"], body["business_date"]
    return Page(
        lines=[rails.treasury_line_from_json(values) for values in body["lines"]],
        day_lines=int(totals["lines"]),
        credit_cents=int(totals["credit_cents"]),
        debit_cents=int(totals["debit_cents"]),
        bank_date=None if bank_date is None else date.fromisoformat(bank_date),
    )


def _unreachable(link: BankLink, reason: str) -> Refused:
    return Refused(Fault(BANK_UNREACHABLE, {"url": link.url, "reason": reason}))


def _unreadable(day: date, after: str) -> Refused:
    return Refused(Fault(TREASURY_DAY_UNREADABLE, {"day": day, "after": after or "none"}))
