"""Checks an ACH file by every rule of the catalogue, as a stream and in constant memory.

This module judges the form of the file and the order of its records; the fields are judged in
nacha_check_file, _batch, _entry and _addenda. One mistake is told once, where it was made: after
a record out of place the rest of its batch is not judged, and no sum is compared that follows from
a fault told before. What needs memory of other files, such as a file sent twice, is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, Final

from customhouse.formats import nacha_rules_batch as batch_rules
from customhouse.formats import nacha_rules_file as rules
from customhouse.formats.nacha_check_addenda import check_addenda
from customhouse.formats.nacha_check_batch import (
    check_batch_control,
    check_batch_header,
    looks_like_header,
    tell_conflicts,
)
from customhouse.formats.nacha_check_entry import check_entry, end_entry
from customhouse.formats.nacha_check_file import (
    check_blocking,
    check_file_control,
    check_file_header,
)
from customhouse.formats.nacha_check_state import (
    BatchState,
    EntryState,
    FileState,
    Report,
    Run,
)
from customhouse.formats.nacha_codes import CCD
from customhouse.formats.nacha_layouts import RECORD_LENGTH
from customhouse.formats.nacha_lines import LONGEST_KEPT, Lines
from customhouse.formats.nacha_rules import PROFILES, AchFault, Profile, Rule

_PRINTABLE: Final = re.compile(rb"[ -~]*")
_PADDING: Final = b"9" * RECORD_LENGTH
_TRACE: Final = slice(79, 94)


def check_file(stream: BinaryIO, profile: Profile = "strict") -> Iterator[AchFault]:
    """Give the faults of an ACH file as they are found; none, or only warnings: it is good.

    Profile "strict" is for files of our own, "bank" for those that banks send: it only warns of
    what banks are known to do. "receiver" is for payments that others send: it only warns of
    addenda that do not fit an entry which is whole. Reads to the end of the stream; raises OSError
    only.
    """
    if profile not in PROFILES:
        raise ValueError(f"the profile is one of {', '.join(PROFILES)}")
    checker, lines = Checker(profile), Lines(stream)
    yield from check_groups(lines.groups(), lines, checker=checker)


def check_groups(
    groups: Iterable[list[bytes]], lines: Lines, *, checker: Checker
) -> Iterator[AchFault]:
    """Give the faults of all further records, in the groups in which ``lines`` gives them."""
    has_told_ends = False
    for group in groups:
        checker.runs_on = lines.line_end == b""
        for record in group:
            checker.feed(record)
            if checker.report.faults:
                yield from checker.take()
            if checker.is_stopped:
                return
        if lines.mixed_at and not has_told_ends:
            has_told_ends = True
            checker.report.add(rules.LINE_ENDS, line=lines.mixed_at)
    checker.finish()
    yield from checker.take()


class Checker:
    """Checks records one after the other, without their line ends; faults are in ``report``."""

    def __init__(self, profile: Profile = "strict") -> None:
        self.report = Report(profile)
        self.runs_on = False
        self._file = FileState(self.report)
        self._batch: BatchState | None = None
        self._entry: EntryState | None = None
        self._lacks_header = False
        self._is_ended = False
        self._is_lost = False
        self._is_stopped = False
        self._adrift = ""
        self._blocks: int | None = None
        self._records = 0
        self._filling = 0

    @property
    def is_stopped(self) -> bool:
        """Tell whether nothing more can be learned from the records that follow."""
        return self._is_stopped or self.report.is_full

    def take(self) -> list[AchFault]:
        """Give the faults found since the last call."""
        found, self.report.faults = self.report.faults, []
        return found

    def feed(self, record: bytes) -> None:
        """Check the next record."""
        self.report.line += 1
        kind = record[:1]
        if self.report.line == 1 and not self._is_begun(record):
            return
        if self._is_ended:
            self._after_control(record)
            return
        if len(record) != RECORD_LENGTH:
            fitted = self._fitted(record)
            if fitted is None:
                return
            record = fitted
        self._records += 1
        if kind == b"6":
            self._on_entry(record)
        elif kind == b"7":
            self._on_addenda(record)
        elif kind == b"5":
            self._on_batch_header(record)
        elif kind == b"8":
            self._on_batch_control(record)
        elif kind == b"9":
            self._on_file_control(record)
        elif kind == b"1":
            self._on_file_header(record)
        else:
            self._lose(rules.RECORD_TYPE, "1")

    def finish(self) -> None:
        """Check what can only be known at the end of the file."""
        if not self.report.line:
            self.report.add(rules.EMPTY, line=1)
        elif not self._is_ended:
            if self._batch:
                tell_conflicts(self._batch)
            if not self._is_lost:
                self.report.add(rules.CONTROL_MISSING)
        elif not self._file.lines_unsure:
            check_blocking(self._records, self._filling, blocks=self._blocks, report=self.report)

    def batch_for_run(self) -> BatchState | None:
        """Give the open batch when nothing is in doubt, so that a run of entries may be taken.

        It is a forward CCD batch whose last entry so far is whole and without any fault.
        """
        batch, entry = self._batch, self._entry
        if batch is None or entry is None or self._is_lost or self._is_ended:
            return None
        is_settled = (
            batch.is_known
            and batch.sec_code == CCD
            and batch.service_class != 0
            and "odfi_identification" not in batch.told
            and not (batch.prefix_conflict or batch.direction_conflict or entry.quiet)
            and entry.kind == "forward"
            and entry.trace == batch.last_trace
            and entry.addenda == entry.has_indicator
        )
        is_whole = entry.code is not None and (entry.addenda or entry.code.purpose != "zero-dollar")
        return batch if is_settled and is_whole else None

    def take_run(self, run: Run) -> None:
        """Count entries that follow in the batch and that were found good by other means.

        ``batch_for_run`` has given the batch; the last entry of the batch is never among them.
        """
        batch = self._batch
        if batch is None:
            raise ValueError("no batch is open for a run of entries")
        self._end_entry()
        self.report.line += run.sums.entries_and_addenda
        self._records += run.sums.entries_and_addenda
        batch.entries += run.entries
        batch.sums.add(run.sums)
        batch.last_trace = b"%015d" % run.traces[-1][1]
        for first, last in run.traces:
            self._file.traces.note_run(first, last)

    def _is_begun(self, record: bytes) -> bool:
        """Judge how the file begins; give False when it is no ACH file at all."""
        kind = record[:1]
        is_whole = len(record) == RECORD_LENGTH
        if kind == b"1" or (kind in {b"5", b"6", b"7", b"8"} and is_whole):
            if kind != b"1":
                self._lacks_header = self.report.add(rules.HEADER_MISSING)
                self._is_lost = self._lacks_header and kind != b"5"
                self._file.lines_unsure = True
            return True
        self.report.add(rules.NOT_ACH)
        self._is_stopped = True
        return False

    def _fitted(self, record: bytes) -> bytes | None:
        """Tell a wrong length; give the record filled up where the profile reads it so."""
        size = len(record)
        seen = f"{LONGEST_KEPT:,} or more" if size >= LONGEST_KEPT else str(size)
        if 0 < size < RECORD_LENGTH and self.report.profile == "bank":
            self.report.add(rules.RECORD_SHORT, seen=seen)
            return record.ljust(RECORD_LENGTH)
        self.report.add(rules.RECORD_LENGTH, seen=seen)
        self._file.lines_unsure = True
        self._records += 1
        # The first character may be that of another column: the order is not told for a while.
        self._file.is_shaken = True
        self._on_unreadable(record[:1])
        if self.runs_on:
            self._is_stopped = True
        return None

    def _on_unreadable(self, kind: bytes) -> None:
        """Keep the order with a record whose fields cannot be judged, and doubt its sums."""
        file, batch = self._file, self._batch
        if kind == b"6":
            self._end_entry()
        if kind in {b"6", b"7"} and batch:
            batch.sums.entries_and_addenda += 1
            batch.entries += kind == b"6"
            batch.doubt()
            if self._entry:
                self._entry.quiet = True
        elif kind == b"5":
            self._end_batch()
            file.batches += 1
            self._batch = BatchState(self.report.line, "", is_known=False, file=self._file)
        elif kind == b"8":
            self._end_batch()
            file.sums_unsure = True
        elif kind == b"9":
            self._is_ended = True
        elif kind != b"1":
            self._is_lost = True
            self._entry = None

    def _has_text(self, record: bytes, kind: bytes) -> bool:
        """Tell a character that no record may hold; such a record is not judged further."""
        match = _PRINTABLE.match(record)
        end = match.end() if match else 0
        if end == len(record):
            return True
        whole_file = kind in {b"1", b"9"}
        rule = rules.CHARACTERS if whole_file else batch_rules.CHARACTERS
        self.report.add(rule, str(end + 1))
        self._on_unreadable(kind)
        return False

    def _lose(self, rule: Rule, columns: str = "", **values: Any) -> None:
        """Tell a record out of place, unless that follows from what was told before."""
        if not (self._is_lost or self._file.is_shaken):
            self.report.add(rule, columns, **values)
        self._is_lost = True
        self._entry = None
        self._file.sums_unsure = self._file.lines_unsure = True
        if self._batch:
            self._batch.doubt()
        if self.runs_on:
            # Without line ends nothing tells where the next record begins.
            self._is_stopped = True

    def _on_file_header(self, record: bytes) -> None:
        if self.report.line > 1:
            self._is_lost = self._is_lost or self._lacks_header
            self._lose(rules.SECOND_HEADER)
        elif self._has_text(record, b"1"):
            self._file.created = check_file_header(record.decode("ascii"), self.report)

    def _on_batch_header(self, record: bytes) -> None:
        in_place = self._batch is None
        if self._batch is not None:
            self._lose(rules.BATCH_CONTROL_MISSING, batch_line=self._batch.line)
            self._end_batch()
        if not self._has_text(record, b"5"):
            return
        text = record.decode("ascii")
        self._file.batches += 1
        is_first = self.report.line == 1 and self._lacks_header
        if in_place and (not is_first or looks_like_header(text)):
            self._is_lost = self._file.is_shaken = False
            self._batch = check_batch_header(text, self._file)
        else:
            self._is_lost = True
            self._batch = BatchState(self.report.line, text, is_known=False, file=self._file)

    def _on_entry(self, record: bytes) -> None:
        batch = self._batch
        if batch is None:
            self._lose(rules.BATCH_HEADER_MISSING)
            batch = self._batch = BatchState(self.report.line, "", is_known=False, file=self._file)
        if self._entry and record[_TRACE] == self._entry.trace == batch.last_trace:
            # The same record again: that the first one has no addenda follows from it.
            self._entry.quiet = True
        self._end_entry()
        if not self._has_text(record, b"6"):
            return
        batch.entries += 1
        batch.sums.entries_and_addenda += 1
        if batch.is_known and not self._is_lost:
            text = record.decode("ascii")
            self._entry = check_entry(text, batch)

    def _on_addenda(self, record: bytes) -> None:
        batch, entry = self._batch, self._entry
        if batch:
            batch.sums.entries_and_addenda += 1
        if batch is None or not batch.entries:
            file = self._file
            # An addendum that was missed just before the control has only changed places with it.
            file.is_shaken = file.is_shaken or record[87:] == self._adrift.encode("ascii")
            self._lose(rules.ADDENDA_MISPLACED)
            return
        if not self._has_text(record, b"7"):
            batch.sums.entries_and_addenda -= 1
            return
        if entry:
            entry.addenda += 1
            text = record.decode("ascii")
            check_addenda(text, entry)

    def _on_batch_control(self, record: bytes) -> None:
        batch = self._batch
        self._end_entry()
        if batch is None:
            self._lose(rules.BATCH_HEADER_MISSING)
            return
        if not self._has_text(record, b"8"):
            return
        if not batch.is_known or self._is_lost:
            self._file.sums_unsure = True
        elif not check_batch_control(record.decode("ascii"), batch):
            self._is_lost = True
            self._file.sums_unsure = self._file.lines_unsure = True
        self._adrift = batch.adrift
        self._batch = None

    def _on_file_control(self, record: bytes) -> None:
        self._is_ended = True
        if record == _PADDING:
            self._records -= 1
            self._filling += 1
            self._lose(rules.CONTROL_MISSING)
        elif self._batch is not None:
            self._lose(rules.BATCH_CONTROL_MISSING, batch_line=self._batch.line)
        elif self._has_text(record, b"9"):
            text = record.decode("ascii")
            self._blocks = check_file_control(text, self._file)
            self._is_lost = self._is_lost or self._blocks is None

    def _after_control(self, record: bytes) -> None:
        if record == _PADDING:
            self._filling += 1
        elif record[:1] == b"9" and record.count(b"9") > RECORD_LENGTH // 2:
            self._filling += 1
            if not self._is_lost:
                self.report.add(rules.PADDING)
        else:
            self._lose(rules.AFTER_CONTROL)

    def _end_entry(self) -> None:
        if self._entry and not self._is_lost:
            end_entry(self._entry)
        self._entry = None

    def _end_batch(self) -> None:
        """Leave a batch that has no control of its own to compare with."""
        if self._batch:
            tell_conflicts(self._batch)
            self._file.sums_unsure = True
        self._batch = self._entry = None
