"""One page of the outbox as the API shows it: how much goes out, and what each message is about.

Knows the text of messages only; listing and acknowledging are the agency's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from customhouse.agency.outbox import OutboxMessage

LARGEST_PAGE_BYTES = 8_000_000


def bounded(messages: Iterable[OutboxMessage]) -> Iterator[OutboxMessage]:
    """Give messages until their contents fill one answer, but at least one."""
    size = 0
    for message in messages:
        if size > 0 and size + len(message.content) > LARGEST_PAGE_BYTES:
            return
        size += len(message.content)
        yield message


def statement_number_in(content: str) -> str | None:
    """Give the statement number of a message that is about exactly one statement, else None.

    Block headers hold it in columns 14 to 23 (docs/reference/abi.md, B_out).
    """
    headers = [line for line in content.splitlines() if line.startswith("B")]
    numbers = {line[13:23].strip() for line in headers}
    only = numbers.pop() if len(numbers) == 1 else ""
    return only or None
