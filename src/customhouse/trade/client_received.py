"""What of a payer's own payments arrived, as the payer's program asks and keeps it.

Imports only the kernel, formats and this client, so that it can be published alone.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from customhouse.formats.csv_cells import safe_cell
from customhouse.money import format_dollars
from customhouse.trade.client import AgencyClient

RECEIVED: Final = "/api/v1/payer/credits/received"
COLUMNS: Final = {
    "collected_on": "the settlement date, as of which a payment counts, YYYY-MM-DD",
    "trace_number": "of the ACH entry as it arrived, 15 digits",
    "credit_id": "the entry's key at the agency",
    "part_id": "the entry, the addendum's place in it, its share",
    "company_name": "the originator, as the entry says it",
    "amount_cents": "of the part, whole cents",
    "statement_number": "what it paid, or is for; empty while nobody knows",
    "statement_state": "preliminary, authorized, paid, final or cancelled",
    "final_on": "when the final statement went out, YYYY-MM-DD",
    "applied_cents": "what it paid",
    "refundable_cents": "what is owed back to you",
    "returned_cents": "what went back to your bank, with R23",
    "waiting_cents": "what neither paid anything, nor is owed back, nor went back",
    "waiting_since": "the business date since which it waits",
    "reason": "why it waits or is owed back; empty where it is applied in full",
    "detail": "the same in a sentence, where it waits and there is more to say",
    "document_number": "what your addendum names",
    "payer_identifier": "whom your addendum names",
}
"""Every column of the CSV with what it holds, in order."""

_ROWS_IN_PIECE: Final = 500
Values = Mapping[str, Any]


def received(
    client: AgencyClient, *, first: date | None, last: date | None, filer_code: str | None = None
) -> Iterator[Values]:
    """Give what arrived on some days, both inclusive, page after page; None leaves a side open."""
    asked = {"from": first, "to": last, "filer_code": filer_code}
    query = {name: str(value) for name, value in asked.items() if value is not None}
    after: str | None = ""
    while after is not None:
        page = client.get_json(RECEIVED, {**query, "after": after} if after else query)
        yield from page["credits"]
        after = page["next_after"]


def csv_pieces(credits: Iterable[Values]) -> Iterator[bytes]:
    """Write what arrived as CSV (RFC 4180, UTF-8); no text of it is taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, fieldnames=list(COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    for number, each in enumerate(credits, start=1):
        writer.writerow({name: safe_cell(each[name]) for name in COLUMNS})
        if number % _ROWS_IN_PIECE == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def received_line(credit: Values) -> str:
    """Tell a payment, or a part of one, in a line: day, trace number, amount, what it paid."""
    told = f"statement {credit['statement_number']} ({_state(credit)})"
    if not credit["statement_number"]:
        named = credit["document_number"]
        told = f"names document {named}" if named else "names no document"
    if credit["applied_cents"]:
        told += f", paid {format_dollars(credit['applied_cents'])}"
    if credit["refundable_cents"]:
        told += f", owed back {format_dollars(credit['refundable_cents'])} ({credit['reason']})"
    if credit["returned_cents"]:
        told += ", went back to your bank (R23)"
    elif credit["state"] == "returning":
        told += f", goes back to your bank (R23); here since {credit['waiting_since']}"
    elif credit["waiting_cents"]:
        told += f", waits since {credit['waiting_since']} ({credit['reason']})"
    amount = format_dollars(credit["amount_cents"])
    return f"{credit['collected_on']}  {credit['trace_number']:15}  {amount:>16}  {told}"


def _state(credit: Values) -> str:
    if credit["final_on"]:
        return f"final since {credit['final_on']}"
    return str(credit["statement_state"] or "not on file")
