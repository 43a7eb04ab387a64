"""A bank's door that tells days of the agency's account, page by page, as lines are given to it.

It answers over real HTTP as the bank's own door does; what a test wants wrong it changes itself.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from customhouse.agency.bank_link import BankLink
from customhouse.rails import Direction, TreasuryKind, TreasuryLine, to_json


@dataclass
class Teller:
    """The lines of all days, and how the door misbehaves where a test wants it to."""

    lines: list[TreasuryLine] = field(default_factory=list)
    page: int = 2
    missing_in_totals: int = 0
    bank_date: date | None = date(2026, 12, 31)
    link: BankLink = field(default_factory=lambda: BankLink("http://127.0.0.1:9", "no token"))

    def tell(
        self,
        kind: TreasuryKind,
        reference: str,
        cents: int,
        *,
        on: date,
        direction: Direction = "credit",
        company: str = "",
    ) -> None:
        """Let the bank have one more movement."""
        number = len(self.lines) + 1
        line = TreasuryLine(
            line_id=f"line {number:06}",
            kind=kind,
            amount_cents=cents,
            direction=direction,
            reference=reference,
            statement_number="" if kind == "credit_received" else reference.split("-")[1],
            trace_number=f"0910000{number:08}",
            company_name=company,
            settled_on=on,
        )
        self.lines.append(line)

    def answer(self, query: dict[str, list[str]]) -> dict[str, object]:
        """Give a page of a day behind a line, with the totals of the day."""
        after = query.get("after", [""])[0]
        day = [each for each in self.lines if each.settled_on.isoformat() == query["date"][0]]
        came = sum(each.amount_cents for each in day if each.direction == "credit")
        went = sum(each.amount_cents for each in day if each.direction == "debit")
        count = len(day) - self.missing_in_totals
        behind = [each for each in day if each.line_id > after]
        return {
            "lines": [to_json(each) for each in behind[: self.page]],
            "totals": {"lines": count, "credit_cents": came, "debit_cents": went},
            "business_date": None if self.bank_date is None else self.bank_date.isoformat(),
        }


@contextmanager
def teller() -> Iterator[Teller]:
    """Open the door at a free port of this machine."""
    told = Teller()

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(told.answer(parse_qs(urlsplit(self.path).query))).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        told.link = BankLink(f"http://127.0.0.1:{server.server_port}", "no token")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield told
        finally:
            server.shutdown()
