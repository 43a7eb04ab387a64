"""Times the ABI codec: statements to records and back, whole batches with their envelopes.

Every record goes through its layout, character by character class, on the way out and on the way
in. One process; the median of several runs, by the wall clock and by processor time. What bounds it
is copying the same text: joining the records and splitting them again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median
from typing import TypeVar

from benchmarks import rows
from customhouse.formats.abi_batch import (
    Batch,
    OutBlock,
    SenderProfile,
    read_answer,
    read_batch,
    render_notice,
)
from customhouse.formats.abi_messages import (
    AuthorizationRequest,
    parse_authorization,
    render_authorization_answer,
)
from customhouse.formats.abi_statement import (
    DailyStatement,
    EntryLine,
    from_block,
    heading_of,
    to_records,
    totals_of,
)
from customhouse.trade.client_abi import Authorization, Sender, authorization_batch

Result = TypeVar("Result")
TUESDAY = date(2026, 11, 24)
RUNS = 9
STATEMENTS, ENTRIES = 10, 1_500
AUTHORIZATIONS = 9_999
TARGET = 150_000


def entry_line(number: int) -> EntryLine:
    """Give an entry with duty and two fees: three records, as most entries are."""
    return EntryLine(
        port_of_entry="3901",
        filer_code="B76",
        entry_number=f"{number:08}",
        importer_number=f"12-{number % 500:07}00",
        print_date=TUESDAY,
        duty_cents=100_000 + number,
        tax_cents=0,
        deferred_tax=False,
        broker_reference=f"REF{number % 10_000}",
        consolidated=False,
        entry_type="01",
        antidumping_cents=0,
        countervailing_cents=0,
        payment_type="2",
        payable=True,
        countervailing_paid=True,
        antidumping_paid=True,
        team_number="718",
        interest_cents=0,
        fees=(("499", 3358), ("501", 1250 + number % 9_000)),
    )


def statement(number: int) -> DailyStatement:
    """Give a statement of many entries."""
    first = number * ENTRIES
    lines = tuple(entry_line(each) for each in range(first, first + ENTRIES))
    return DailyStatement(
        status="P",
        number=f"3927328{number:03}",
        print_date=TUESDAY,
        payment_type="2",
        importer_number=None,
        filer_code="B76",
        port="3901",
        lines=lines,
        preliminary=totals_of(lines),
        paid=None,
        removed=(),
    )


def timed(work: Callable[[], Result], runs: int) -> tuple[Result, float, float]:
    """Do some work several times; give its result and the medians of wall and processor time."""
    walls, processors = [], []
    for _ in range(runs):
        wall, processor = time.perf_counter(), time.process_time()
        result = work()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return result, median(walls), median(processors)


def write_batch(statements: list[DailyStatement]) -> str:
    """Write the batch in which statements go to a filer."""
    blocks = [
        OutBlock("3901", "B76", "", "", to_records(each), statement=heading_of(each))
        for each in statements
    ]
    return render_notice(
        "3901", "B76", office_code="", prepared_on=TUESDAY, application="PF", blocks=blocks
    )


def read_statements(text: str) -> list[DailyStatement]:
    """Read such a batch."""
    return [from_block(block) for block in read_answer(text).blocks]


def copy(text: str) -> str:
    """Split the text of a batch into its records and join them again."""
    return "\n".join(text.split("\n"))


def authorizations() -> str:
    """Write a full batch of authorizations."""
    orders = [
        Authorization("3901", "B76", f"39273{1 + n // 999:02}{1 + n % 999:03}", "100001", 100 + n)
        for n in range(AUTHORIZATIONS)
    ]
    return authorization_batch(Sender("3901", "B76", "SECRET"), orders)


def read_requests(raw: bytes) -> list[AuthorizationRequest]:
    """Read a batch of authorizations: bytes, envelope, fillers, values."""
    profile = SenderProfile(
        "3901", "B76", "", lambda _: True, {"B76": frozenset({"3901"})}, frozenset({"RM"})
    )
    batch = read_batch(raw, profile)
    if not isinstance(batch, Batch):
        raise AssertionError(batch.answer)
    return [parse_authorization(record) for block in batch.blocks for record in block.records]


def answers(requests: list[AuthorizationRequest]) -> list[str]:
    """Write the records that answer authorizations."""
    return [
        line
        for occurrence, request in enumerate(requests, 1)
        for line in render_authorization_answer(occurrence, request, accepted=True)
    ]


def measured() -> Iterator[rows.Row]:
    """Measure and give the rows."""
    runs = 3 if rows.is_quick() else RUNS
    statements = [statement(number) for number in range(STATEMENTS)]
    text, *written = timed(lambda: write_batch(statements), runs)
    back, *read = timed(lambda: read_statements(text), runs)
    if back != statements:
        raise AssertionError("what was read is not what was written")
    _, *copied = timed(lambda: copy(text), runs)
    raw = authorizations().encode()
    requests, *taken = timed(lambda: read_requests(raw), runs)
    answered, *given = timed(lambda: answers(requests), runs)
    count, batch_count = text.count("\n"), raw.count(b"\n")
    for what, number, (wall, processor) in (
        ("ABI: write statements (PF)", count, written),
        ("ABI: read statements (PF)", count, read),
        ("ABI: read authorizations (RM)", batch_count, taken),
        ("ABI: write answers (PZ)", len(answered), given),
    ):
        yield rows.Row(
            what=what,
            measured=number / wall,
            unit="records/s",
            processor=number / processor,
            target=TARGET,
            limit=count / copied[0],
            limit_is="copying the same text",
            mb=rows.peak_mb(),
        )


if __name__ == "__main__":
    rows.tell(measured())
