"""Times the posting of transfers to a fresh embedded ledger, with fsync on, in one process."""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from customhouse import database
from customhouse.clock import SystemClock
from customhouse.ledger.accounts import AccountCode
from customhouse.ledger.transfers import NewTransfer, TransferKind, post
from customhouse.settings import Settings

CHUNK = 10_000
EFFECTIVE_ON = date(2026, 11, 16)


def chunk(first: int) -> list[NewTransfer]:
    """Give one chunk of settled debits of 500 payers, each with a ref of its own."""
    return [
        NewTransfer(
            payer_id=1 + number % 500,
            kind=TransferKind.DEBIT_SETTLED,
            ref=f"bench-{number}-1",
            debit=AccountCode.TREASURY,
            credit=AccountCode.DEBITS_IN_TRANSIT,
            amount_cents=100 + number % 1_000_000,
            effective_on=EFFECTIVE_ON,
        )
        for number in range(first, first + CHUNK)
    ]


def measure(settings: Settings, chunks: int) -> float:
    """Post that many chunks, one transaction each, and give the seconds it took."""
    clock = SystemClock()
    with database.connect(settings, "agency") as connection:
        started = time.monotonic()
        for number in range(chunks):
            post(connection, chunk(number * CHUNK), recorded_at=clock.now(), actor=1)
            connection.commit()
        return time.monotonic() - started


def main() -> None:
    """Measure on servers of its own, which are stopped and removed at the end."""
    chunks = max(1, int(sys.argv[1]) // CHUNK) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory))
        database.start_servers(settings)
        try:
            database.migrate(settings, "agency", clock=SystemClock())
            seconds = measure(settings, chunks)
        finally:
            database.stop_servers(settings)
    posted = chunks * CHUNK
    print(f"{posted:,} transfers in {seconds:.2f} s: {posted / seconds:,.0f} a second")


if __name__ == "__main__":
    main()
