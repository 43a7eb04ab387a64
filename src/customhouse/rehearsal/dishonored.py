"""Dishonored returns as the operator passes them on, and how a receiving bank contests one.

Read and written by columns, apart from the project's formats (Nacha Operating Rules, appendix 4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from customhouse.rehearsal.ach_reading import EntryItem
from customhouse.rehearsal.operator_books import BookedEntry

# How the bank names its files of answers.
ANSWERS = ".ret.ach"
# "The original return was in time": what an insisting bank of the rehearsal says.
CONTESTED = "R73"


@dataclass(frozen=True, slots=True)
class DishonoredReturn:
    """What a dishonored return says of the return that it answers."""

    code: str
    original_trace: str
    return_trace: str
    return_day: str
    return_reason: str
    trace: str

    @classmethod
    def read(cls, entry: EntryItem) -> DishonoredReturn | None:
        """Read an entry of a file of answers; None when it is a refused notification."""
        text = entry.addenda[0].text if entry.addenda else ""
        if not text.startswith("799R6") and text[3:6] != "R70":
            return None
        return cls(text[3:6], text[6:21], text[38:53], text[53:56], text[56:58], text[79:94])

    def described(self, settles_on: date) -> dict[str, str]:
        """Give what a contest repeats of it, for the operator's books."""
        return {
            "return_trace": self.return_trace,
            "return_day": self.return_day,
            "return_reason": self.return_reason,
            "trace": self.trace,
            "day": f"{settles_on:%j}",
            "reason": self.code[1:],
        }


def contest_columns(booked: BookedEntry) -> str:
    """Give columns 36 to 79 of the contested return of an entry that was dishonored."""
    told = booked.dishonored
    settled_on = booked.settled_on or booked.settles_on
    return (
        f"{settled_on:%j}{told['return_trace']}{told['return_day']}{told['return_reason']}"
        f"{told['trace']}{told['day']}{told['reason']} "
    )
