"""Remembers the trace numbers of a file as runs without gaps, so that a repetition is seen.

Bounded memory: a file whose trace numbers have very many gaps is remembered in part only.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import Final

MOST_RUNS: Final = 50_000
_NO_LIMIT: Final = 10**15


class TraceRegister:
    """The trace numbers seen so far; feed it in the order of the file."""

    def __init__(self) -> None:
        self._runs: list[tuple[int, int]] = []
        self._start = self._end = -1
        self._limit = 0

    def repeats(self, trace: int) -> bool:
        """Note a trace number; tell whether it was noted before.

        Of numbers that repeat an earlier run one after the other only the first is told.
        """
        if trace == self._end + 1 and trace != self._limit:
            self._end = trace
            return False
        return self._begin(trace)

    def is_free(self, first: int, last: int) -> bool:
        """Tell whether none of the numbers from ``first`` to ``last`` was noted before."""
        if self._start <= last and first <= self._end:
            return False
        at = bisect_right(self._runs, (last, _NO_LIMIT))
        return at == 0 or self._runs[at - 1][1] < first

    def note_run(self, first: int, last: int) -> None:
        """Note all of the numbers from ``first`` to ``last``, which must be free."""
        self.repeats(first)
        self._end = last

    def _begin(self, trace: int) -> bool:
        """Put the present run away and begin another one."""
        if self._end >= 0 and len(self._runs) < MOST_RUNS:
            insort(self._runs, (self._start, self._end))
        at = bisect_right(self._runs, (trace, _NO_LIMIT))
        self._start = self._end = trace
        self._limit = self._runs[at][0] if at < len(self._runs) else _NO_LIMIT
        return at > 0 and self._runs[at - 1][1] >= trace
