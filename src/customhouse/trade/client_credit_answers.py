"""A payer's money that waits, and the payer's answers, as its program asks and says them.

Imports only the kernel and this client, so that it can be published alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from customhouse.identifiers import bare_number
from customhouse.money import format_dollars
from customhouse.trade.client import AgencyClient

WAITING: Final = "/api/v1/payer/credits"
CLAIMS: Final = "/api/v1/payer/credit-claims"
Values = Mapping[str, Any]


def waiting(client: AgencyClient, *, filer_code: str | None = None) -> list[Values]:
    """Give what waits of the payer's own money, the oldest first."""
    return list(client.get_json(WAITING, _query(filer_code))["credits"])


def answer(
    client: AgencyClient, part_id: str, *, body: Values, filer_code: str | None = None
) -> Values:
    """Say what a part is for; the same again is one answer."""
    path = f"{WAITING}/{quote(part_id, safe='')}/answers"
    return dict(client.post_json(_addressed(path, filer_code), body).values)


def claim(client: AgencyClient, body: Values, *, filer_code: str | None = None) -> Values:
    """Claim money by amount, day and trace number."""
    return dict(client.post_json(_addressed(CLAIMS, filer_code), body).values)


def answer_of(documents: Sequence[str], *, refunded: bool, text: str) -> dict[str, Any]:
    """Make the body of an answer: documents, or to go back, or a text alone."""
    kind = "refund" if refunded else "documents" if documents else "text"
    spelled = [bare_number(number) for number in documents]
    return {"kind": kind, "documents": spelled, "text": text}


def waiting_words(credit: Values) -> Iterator[str]:
    """Say what waits: a line for the part, then what was asked and answered."""
    number = credit["statement_number"]
    place = f" for statement {number}" if number else ""
    yield (
        f"{credit['part_id']}  {format_dollars(credit['amount_cents'])}, collected on"
        f" {credit['collected_on']}, waits since {credit['waiting_since']}{place}:"
        f" {credit['reason']}. {credit['detail']}"
    ).rstrip()
    for question in credit["questions"]:
        open_words = "" if question["answered"] else " (not answered yet)"
        yield f"  asked on {question['asked_on']}{open_words}: {question['text']}"
    for each in credit["answers"]:
        said = ", ".join(each["documents"]) or ("refund it" if each["kind"] == "refund" else "")
        yield f"  you answered on {each['given_on']}: {' '.join((said, each['text'])).strip()}"


def _query(filer_code: str | None) -> dict[str, str]:
    return {} if filer_code is None else {"filer_code": filer_code}


def _addressed(path: str, filer_code: str | None) -> str:
    return path if filer_code is None else f"{path}?filer_code={quote(filer_code, safe='')}"
