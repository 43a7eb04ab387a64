"""A file of answers as the agency's bank writes it when it sends a pushed entry back."""

from __future__ import annotations

from datetime import date

from customhouse.rehearsal.ach_reading import EntryItem, Record
from customhouse.rehearsal.ach_writing import Comeback, Envelope, render_comebacks


def returned_push(header: Record, entry: EntryItem, *, code: str, on: date) -> bytes:
    """Write the return of one entry, from the bank to the operator."""
    envelope = Envelope(" 010203046", " 123456780", on, "0900", "A")
    comeback = Comeback(header, entry, code, on)
    raw = render_comebacks(envelope, [comeback], first_trace=1).decode()
    lines = raw.splitlines(keepends=True)
    # The originator leaves the settlement day to the operator.
    lines[1] = f"{lines[1][:75]}   {lines[1][78:]}"
    return "".join(lines).encode()
