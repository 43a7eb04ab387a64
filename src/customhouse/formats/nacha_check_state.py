"""What the checker of ACH files knows at any moment: of the file, the batch and the entry.

Plain mutable state and the list of faults; no rule is judged here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from customhouse.formats.nacha_codes import TransactionCode
from customhouse.formats.nacha_rules import AchFault, Profile, Rule
from customhouse.formats.nacha_rules_file import TOO_MANY_FAULTS
from customhouse.formats.nacha_sums import Sums
from customhouse.formats.nacha_traces import TraceRegister
from customhouse.formats.return_codes import Stage

MOST_FAULTS: Final = 1_000
MOST_WARNINGS_OF_A_RULE: Final = 100

EntryKind = Literal["forward", "return", "notification"]


class Report:
    """Collects faults for one profile; ``line`` is the record that is being looked at.

    After ``MOST_FAULTS`` it is full, and of each warning it keeps only the first hundred.
    """

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.line = 0
        self.faults: list[AchFault] = []
        self.is_full = False
        self._faults = 0
        self._warnings: dict[str, int] = {}

    def add(self, rule: Rule, columns: str = "", *, line: int = 0, **values: object) -> bool:
        """Note that a rule is broken on ``line``, or on the present one; tell whether it counts.

        A warning does not: what follows from it is still to be judged.
        """
        severity = rule.severity_in(self.profile)
        if self.is_full or (severity == "warning" and self._has_enough_of(rule)):
            return severity != "warning"
        fault = rule.at(line or self.line, columns, severity=severity, **values)
        self.faults.append(fault)
        if severity == "warning":
            return False
        self._faults += 1
        if self._faults == MOST_FAULTS:
            self.is_full = True
            self.faults.append(TOO_MANY_FAULTS.at(self.line, count=MOST_FAULTS))
        return True

    def _has_enough_of(self, rule: Rule) -> bool:
        seen = self._warnings.get(rule.rule, 0) + 1
        self._warnings[rule.rule] = seen
        return seen > MOST_WARNINGS_OF_A_RULE


@dataclass(slots=True)
class FileState:
    """The file so far. What is ``unsure`` follows from a fault told before and is not compared.

    While it ``is_shaken`` no record is told as out of place: one before it may be of another type.

    ``control`` adds up what the batch controls say, ``computed`` what the entries come to.
    """

    report: Report
    created: date | None = None
    batches: int = 0
    last_batch_number: int = -1
    control: Sums = field(default_factory=Sums)
    computed: Sums = field(default_factory=Sums)
    sums_unsure: bool = False
    lines_unsure: bool = False
    is_shaken: bool = False
    traces: TraceRegister = field(default_factory=TraceRegister)


@dataclass(slots=True)
class EntryState:
    """The entry whose addenda may follow; ``code`` is None when it cannot be judged.

    ``quiet`` is set once the entry has a fault from which others would follow.
    """

    line: int
    batch: BatchState
    code: TransactionCode | None
    kind: EntryKind
    trace: bytes
    has_indicator: bool
    announced: int | None
    addenda: int = 0
    quiet: bool = False
    is_judged: bool = True
    previous_trace: bytes = b""


@dataclass(slots=True)
class Conflict:
    """Entries that contradict a field of the batch header: the first one, and how many."""

    line: int
    count: int
    values: dict[str, object]


@dataclass(slots=True)
class BatchState:
    """The batch that is open. ``is_known`` is false when its header could not be judged.

    ``told`` names header fields that have a fault already; ``adrift`` is the entry sequence of an
    addendum that was missed where it belongs, or met where it does not.
    """

    line: int
    header: str
    is_known: bool
    file: FileState
    service_class: int = 0
    sec_code: str = ""
    odfi: bytes = b""
    effective_on: date | None = None
    lacks_effective_date: bool = False
    same_day_limit_cents: int | None = None
    sums: Sums = field(default_factory=Sums)
    entries: int = 0
    kind: EntryKind | None = None
    stage: Stage | None = None
    is_mixed: bool = False
    last_trace: bytes = b""
    count_unsure: bool = False
    hash_unsure: bool = False
    totals_unsure: bool = False
    told: set[str] = field(default_factory=set)
    adrift: str = ""
    prefix_conflict: Conflict | None = None
    direction_conflict: Conflict | None = None

    def doubt(self) -> None:
        """Compare nothing with the control: a fault told before makes all of it differ."""
        self.count_unsure = self.hash_unsure = self.totals_unsure = True
        self.file.lines_unsure = True

    def forget_direction(self, line: int) -> None:
        """Drop the wrong direction of one entry: another fault of its code was told."""
        conflict = self.direction_conflict
        if conflict and conflict.line == line and conflict.count == 1:
            self.direction_conflict = None


@dataclass(frozen=True, slots=True)
class Run:
    """Good entries that follow one another in a batch, taken together.

    ``traces`` are their trace numbers in rising order as stretches without gaps, each by its first
    and its last.
    """

    entries: int
    sums: Sums
    traces: tuple[tuple[int, int], ...]
