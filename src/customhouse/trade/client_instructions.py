"""Asks the agency how to push payments, and for the file that the payer's bank takes (CRD-01).

Imports only the kernel and the client. What the answer says is shown by whoever asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from customhouse.trade.client import AgencyClient

INSTRUCTIONS: Final = "/api/v1/payment-instructions"

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: documents by number, or all that is due, by a day if one is given.

    ``filer_code`` says which filer pays where a sender has several; ``lead_days`` are banking days;
    ``settle_on`` is the day on which to pay, None for the last one in time.
    """

    documents: Sequence[str] | None
    until: date | None = None
    lead_days: int | None = None
    filer_code: str | None = None
    settle_on: date | None = None

    @property
    def body(self) -> dict[str, Any]:
        """Give what is sent."""
        body: dict[str, Any] = {"all_due": True}
        if self.documents is not None:
            body = {"documents": list(self.documents)}
        if self.until is not None:
            body["until"] = self.until.isoformat()
        if self.lead_days is not None:
            body["lead_days"] = self.lead_days
        if self.settle_on is not None:
            body["settle_on"] = self.settle_on.isoformat()
        return body

    def path(self, below: str = "") -> str:
        """Give the address that is asked."""
        query = f"?filer_code={quote(self.filer_code, safe='')}" if self.filer_code else ""
        return f"{INSTRUCTIONS}{below}{query}"


def instructions(client: AgencyClient, wanted: Wanted) -> Values:
    """Ask how to push payments; give the answer with an outcome for each document."""
    answer: Values = client.post_json(wanted.path(), wanted.body).values
    return answer


def payment_file(client: AgencyClient, wanted: Wanted, *, bank: Values) -> bytes:
    """Ask for the file of the payments; ``bank`` says for which bank and in which form."""
    return client.post_for_bytes(wanted.path("/file"), {**wanted.body, **bank})
