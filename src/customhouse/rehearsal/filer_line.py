"""A simulated filer's line to the agency, which keeps a copy of all that is sent and received.

The line itself is the product's own client over HTTP. Copies go to a folder for each business date,
numbered in order, the password masked. What a batch says is the filer's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from customhouse.formats.abi_batch import AnswerBatch, mask_password, read_answer
from customhouse.trade.client import AgencyClient
from customhouse.trade.client_abi import Sender

NOTICES_PATH = "/api/v1/payer/notices"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a filer transmits from: its codes, and the secrets that nobody is shown."""

    agency_url: str
    filer_code: str
    sender: Sender
    token: str = field(repr=False)


class FilerLine:
    """Sends and receives for one filer; ``on`` is the business date of the day's copies."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.folder = folder
        self.on: date | None = None
        self.batches_sent = 0
        self._copies = 0
        self._notices_read = 0
        self._client = AgencyClient(site.agency_url, site.token)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def converse(self, batch: str) -> AnswerBatch:
        """Send one batch under a key of its own and give its answer; raise Refused."""
        self.batches_sent += 1
        key = f"{self.site.filer_code}-{self.on or 'before'}-{self.batches_sent}"
        self.keep("sent", mask_password(batch.encode("ascii")))
        answer = self._client.send_batch(batch, idempotency_key=key).text
        self.keep("answer", answer.encode("ascii"))
        return read_answer(answer)

    def receive(self) -> list[str]:
        """Take everything that waits in the outbox, oldest first, and acknowledge each."""
        contents: list[str] = []
        while page := self._client.outbox():
            for message in page:
                self.keep(message.application, message.content.encode("ascii"))
                contents.append(message.content)
                self._client.acknowledge(message.message_id)
        return contents

    def payer_notices(self) -> list[str]:
        """Read what the filer was told as a payer of ACH Credit since the last time."""
        texts: list[str] = []
        while True:
            page = self._client.get_json(NOTICES_PATH, {"after": str(self._notices_read)})
            if not page["notices"]:
                return texts
            texts += [notice["text"] for notice in page["notices"]]
            self._notices_read = page["last"]

    def keep(self, kind: str, content: bytes) -> None:
        """Keep a copy in the folder of the day, numbered in order."""
        self._copies += 1
        day = self.folder / (self.on.isoformat() if self.on else "before")
        day.mkdir(parents=True, exist_ok=True)
        (day / f"{self._copies:03d}-{kind}.txt").write_bytes(content)
