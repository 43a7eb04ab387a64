"""A row of the table of benchmarks: what was measured, its target, and what bounds it.

Each program prints its rows as lines of JSON when asked with ``--rows``, else in words;
benchmarks.table gathers them. Nothing is measured here but the memory and time of this process.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure with its target.

    ``limit`` is what the machine itself does with the same bytes or the same rows, in the same
    unit, and ``limit_is`` says what that is. ``processor`` is the same figure by processor time,
    that of the servers included: what it would be if nothing else ran.
    """

    what: str
    measured: float
    unit: str
    target: float | None = None
    less_is_better: bool = False
    processor: float | None = None
    limit: float | None = None
    limit_is: str = ""
    mb: int | None = None
    most_mb: int | None = None

    @property
    def ratio(self) -> float | None:
        """Give the share of the limit that was reached, 1 at most but for noise."""
        if not self.limit or not self.measured:
            return None
        return self.limit / self.measured if self.less_is_better else self.measured / self.limit

    @property
    def verdict(self) -> str:
        """Say whether the target was met, and by how much it was missed."""
        if self.mb is not None and self.most_mb is not None and self.mb > self.most_mb:
            return f"missed ({self.mb} MB)"
        if self.target is None:
            return ""
        if self._meets(self.measured):
            return "met"
        missed = f"missed by {abs(self.measured / self.target - 1):.0%}"
        # On a busy machine the clock on the wall tells mostly of the others.
        quiet = self.processor is not None and self._meets(self.processor)
        return f"{missed}; met by CPU time" if quiet else missed

    def _meets(self, value: float) -> bool:
        target = self.target or 0.0
        return value <= target if self.less_is_better else value >= target

    @property
    def sentence(self) -> str:
        """Say the row in one line."""
        parts = [f"{self.what}: {figure(self.measured)} {self.unit}"]
        if self.processor is not None:
            parts.append(f"by processor time {figure(self.processor)}")
        if self.target is not None:
            bound = "at most" if self.less_is_better else "at least"
            parts.append(f"target {bound} {figure(self.target)}")
        if self.limit is not None:
            parts.append(f"{self.limit_is} {figure(self.limit)}")
        if self.mb is not None:
            parts.append(f"{self.mb} MB")
        return "; ".join([*parts, self.verdict] if self.verdict else parts)


def figure(value: float) -> str:
    """Write a figure with three digits that count, whole ones with separators."""
    if value >= 100:
        return f"{round(value):,}"
    return f"{value:.3g}"


def tell(rows: Iterable[Row]) -> None:
    """Print each row as soon as it is there: JSON with ``--rows`` on the command line."""
    for row in rows:
        print(json.dumps(asdict(row)) if "--rows" in sys.argv else row.sentence, flush=True)


def is_quick() -> bool:
    """Tell whether a short run was asked for (``--quick``)."""
    return "--quick" in sys.argv


def numbers() -> list[int]:
    """Give the numbers on the command line."""
    return [int(each) for each in sys.argv[1:] if each.isdigit()]


def peak_mb() -> int:
    """Give the most memory this process has had, without what its parent had before it."""
    status = Path("/proc/self/status")
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if status.exists():
        peak = next(each for each in status.read_text().splitlines() if each.startswith("VmHWM"))
        kib = int(peak.split()[1])
    return -(-kib * 1024 // 10**6)
