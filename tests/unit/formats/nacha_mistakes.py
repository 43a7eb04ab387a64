"""One mistake for each rule of an ACH file: a change to a good file that breaks only that rule.

A test takes every rule of the catalogue from here, so that no rule is without a file that breaks
it, and expects that one fault and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Lines = list[bytes]
Edit = Callable[[Lines], Lines]
NINES = b"9" * 94


@dataclass(frozen=True)
class Mistake:
    """The sample, the edits, and the line on which the fault is told."""

    sample: str
    line: int
    edits: tuple[Edit, ...]

    def made(self, lines: Lines) -> Lines:
        """Give the file with the mistake in it."""
        for edit in self.edits:
            lines = edit(lines)
        return lines


def put(line: int, column: int, text: str) -> Edit:
    """Write over a line from a column on, both counted from 1; no such line, no change."""

    def edit(lines: Lines) -> Lines:
        if line > len(lines):
            return lines
        old, new, start = lines[line - 1], text.encode("latin-1"), column - 1
        changed = old[:start] + new + old[start + len(new) :]
        return [*lines[: line - 1], changed, *lines[line:]]

    return edit


def drop(line: int) -> Edit:
    """Leave a line out."""
    return lambda lines: lines[: line - 1] + lines[line:]


def again(line: int) -> Edit:
    """Have a line twice."""
    return lambda lines: lines[:line] + lines[line - 1 :]


def swap(line: int) -> Edit:
    """Exchange a line and the next one, if there is one."""

    def edit(lines: Lines) -> Lines:
        if line >= len(lines):
            return lines
        return [*lines[: line - 1], lines[line], lines[line - 1], *lines[line + 1 :]]

    return edit


def whole(line: int, content: bytes) -> Edit:
    """Put other bytes in the place of a line."""
    return lambda lines: [*lines[: line - 1], content, *lines[line:]]


def only(*content: bytes) -> Edit:
    """Have other lines in place of all."""
    return lambda _: list(content)


def debits(line: int, *edits: Edit) -> Mistake:
    """Make a mistake in the file of debits: entries on 3, 5 and 7, control 8, file control 9."""
    return Mistake("ccd_debits", line, edits)


def credits_(line: int, *edits: Edit) -> Mistake:
    """Make a mistake in the file of credits: CTX entries on 3 and 7, a CCD batch from 10."""
    return Mistake("ctx_credits", line, edits)


def returns(line: int, *edits: Edit) -> Mistake:
    """Make a mistake in the file of returns: R01 on 4, R17 on 6, R15 on 10."""
    return Mistake("returns", line, edits)


def disputes(line: int, *edits: Edit) -> Mistake:
    """Make a mistake in disputed returns: R68 on 4, R69 on 6, R73 on 10, R76 on 12."""
    return Mistake("dishonored", line, edits)


def changes(line: int, *edits: Edit) -> Mistake:
    """Make a mistake in notifications: C01 on 4, C03 on 6, C13 on 8, refused on 12."""
    return Mistake("changes", line, edits)


FILE = {
    "ach.file.empty": debits(1, only()),
    "ach.file.not-ach": debits(1, only(b"Dear bank,", b"please pay")),
    "ach.file.record-length": debits(5, whole(5, b"627")),
    "ach.file.line-ends": debits(4, put(4, 95, "\r")),
    "ach.file.characters": debits(1, put(1, 45, "\xe9")),
    "ach.file.record-type": debits(3, put(3, 1, "X")),
    "ach.file.header-missing": debits(1, drop(1)),
    "ach.file.second-header": debits(2, again(1)),
    "ach.file.batch-header-missing": debits(2, drop(2)),
    "ach.file.batch-control-missing": debits(8, drop(8)),
    "ach.file.addenda-misplaced": debits(3, swap(3)),
    "ach.file.control-missing": debits(9, drop(9)),
    "ach.file.after-control": debits(10, whole(10, b"101 another file".ljust(94))),
    "ach.file.padding": debits(10, put(10, 40, "0")),
    "ach.file.blocking": debits(11, again(10)),
    "ach.file.priority-code": debits(1, put(1, 2, "02")),
    "ach.file.immediate-destination": debits(1, put(1, 13, "7")),
    "ach.file.immediate-origin": debits(1, put(1, 14, "          ")),
    "ach.file.creation-date": debits(1, put(1, 24, "260231")),
    "ach.file.creation-time": debits(1, put(1, 30, "2460")),
    "ach.file.id-modifier": debits(1, put(1, 34, "a")),
    "ach.file.record-size": debits(1, put(1, 35, "095")),
    "ach.file.blocking-factor": debits(1, put(1, 38, "01")),
    "ach.file.format-code": debits(1, put(1, 40, "2")),
    "ach.file.transaction-code": debits(3, put(3, 2, "25")),
    "ach.file.amount": debits(3, put(3, 30, "      1e3 ")),
    "ach.file.trace-order": debits(7, put(7, 94, "1")),
    "ach.file.trace-repeated": debits(6, again(5)),
    "ach.file.control-numeric": debits(9, put(9, 2, "     1")),
    "ach.file.batch-count": debits(9, put(9, 2, "000002")),
    "ach.file.block-count": debits(9, put(9, 8, "000002")),
    "ach.file.entry-count": debits(9, put(9, 21, "6")),
    "ach.file.entry-hash": debits(9, put(9, 22, "1")),
    "ach.file.debit-total": debits(9, put(9, 43, "9")),
    "ach.file.credit-total": debits(9, put(9, 55, "9")),
    "ach.file.reserved": debits(9, put(9, 94, "x")),
    "ach.file.no-batches": debits(2, only(), lambda _: [HEADER_LINE, EMPTY_CONTROL, *[NINES] * 8]),
}

BATCH = {
    "ach.batch.characters": debits(7, put(7, 60, "\x07")),
    "ach.batch.service-class-code": debits(2, put(2, 2, "226")),
    "ach.batch.company-name": debits(2, put(2, 5, " " * 16)),
    "ach.batch.company-identification": debits(2, put(2, 41, "0" * 10)),
    "ach.batch.entry-description": debits(2, put(2, 54, " " * 10)),
    "ach.batch.description-case": debits(2, put(2, 54, "Reversal  ")),
    "ach.batch.justification": debits(2, put(2, 54, " DUTY     ")),
    "ach.batch.sec-code": debits(2, put(2, 51, "CCX")),
    "ach.batch.sec-code-case": debits(2, put(2, 51, "Ccd")),
    "ach.batch.sec-code-unsupported": debits(2, put(2, 51, "PPD")),
    "ach.batch.advices": debits(2, put(2, 2, "280"), put(2, 51, "ADV")),
    "ach.batch.effective-date": debits(2, put(2, 70, "261131")),
    "ach.batch.effective-date-blank": debits(2, put(2, 70, "      ")),
    "ach.batch.effective-date-closed": debits(2, put(1, 24, "261125"), put(2, 70, "261126")),
    "ach.batch.effective-date-past": debits(2, put(2, 70, "261120")),
    "ach.batch.effective-date-far": debits(2, put(2, 70, "261125")),
    "ach.batch.settlement-day": debits(2, put(2, 76, "367")),
    "ach.batch.originator-status": debits(2, put(2, 79, "0")),
    "ach.batch.odfi": debits(2, put(2, 80, "1234567X")),
    "ach.batch.number": debits(2, put(2, 88, "      1")),
    "ach.batch.number-order": credits_(10, put(10, 88, "0000001"), put(12, 88, "0000001")),
    "ach.batch.empty": debits(
        3, lambda _: [HEADER_LINE, BATCH_LINE, EMPTY_BATCH, ONE_EMPTY, *[NINES] * 6]
    ),
    "ach.batch.transaction-code-class": changes(3, put(3, 2, "27")),
    "ach.batch.service-class-direction": debits(5, put(5, 2, "32")),
    "ach.batch.mixed-directions": debits(5, put(5, 2, "36")),
    "ach.batch.mixed-returns": disputes(
        12, put(12, 4, "R69"), put(12, 36, "   "), put(12, 59, "01".ljust(21))
    ),
    "ach.batch.trace-numeric": debits(3, put(3, 80, "12345678     01")),
    "ach.batch.trace-prefix": debits(3, put(3, 80, "02345678")),
    "ach.batch.trace-reused": credits_(11, put(11, 94, "2")),
    "ach.batch.control-numeric": debits(8, put(8, 5, "     5")),
    "ach.batch.control-differs": debits(8, put(8, 2, "200"), put(8, 94, "2")),
    "ach.batch.service-class-differs": debits(8, put(2, 2, "220")),
    "ach.batch.company-identification-differs": debits(8, put(2, 50, "2")),
    "ach.batch.odfi-differs": debits(8, put(2, 80, "12345679")),
    "ach.batch.number-differs": debits(8, put(2, 94, "7")),
    "ach.batch.entry-count": debits(7, drop(7)),
    "ach.batch.entry-hash": debits(8, put(8, 20, "3")),
    "ach.batch.debit-total": debits(8, put(3, 39, "9")),
    "ach.batch.credit-total": credits_(9, put(9, 44, "1")),
    "ach.batch.total-sides": debits(8, put(8, 21, "000000354608000000000300")),
    "ach.batch.reserved": debits(8, put(8, 75, "x")),
}

ENTRY = {
    "ach.entry.routing-number": debits(3, put(3, 4, "XXXXXXXX")),
    "ach.entry.routing-prefix": debits(3, put(3, 4, "9")),
    "ach.entry.check-digit": debits(3, put(3, 12, "7")),
    "ach.entry.account-number": debits(3, put(3, 13, " " * 17)),
    "ach.entry.account-form": debits(3, put(3, 13, "7091-8273 645500 ")),
    "ach.entry.amount-zero": debits(7, put(7, 30, "0" * 10)),
    "ach.entry.amount-not-zero": Mistake("prenotes", 3, (put(3, 39, "5"),)),
    "ach.entry.same-day-limit": Mistake("ctx_credits", 3, (put(2, 70, "261123"),)),
    "ach.entry.receiving-name": debits(3, put(3, 55, " " * 22)),
    "ach.entry.justification": debits(3, put(3, 40, "     3927327001")),
    "ach.entry.loan-reversal": debits(3, put(3, 2, "55")),
    "ach.entry.reserved": credits_(3, put(3, 75, "xx")),
    "ach.entry.addenda-indicator": debits(3, put(3, 79, "2")),
    "ach.entry.addenda-unannounced": debits(3, put(3, 79, "0")),
    "ach.entry.addenda-missing": debits(3, drop(4)),
    "ach.entry.zero-dollar-addenda": Mistake("prenotes", 3, (put(3, 2, "29"),)),
    "ach.entry.return-addenda": returns(
        9, put(9, 79, "0"), drop(10), put(10, 5, "000001"), put(11, 14, "00000005"), again(15)
    ),
    "ach.entry.addenda-type": debits(4, put(4, 2, "10")),
    "ach.entry.addenda-too-many": debits(5, again(4)),
    "ach.entry.addenda-sequence": credits_(5, drop(5)),
    "ach.entry.addenda-entry-sequence": debits(5, drop(5)),
    "ach.entry.addenda-trace": returns(5, drop(5)),
    "ach.entry.addenda-blank": debits(4, put(4, 4, " " * 80)),
    "ach.entry.ctx-count-numeric": credits_(3, put(3, 55, "   3")),
    "ach.entry.ctx-count": credits_(3, drop(6)),
    "ach.entry.return-code": returns(4, put(4, 4, "R48")),
    "ach.entry.return-code-case": returns(4, put(4, 4, "r01")),
    "ach.entry.return-code-side": returns(4, put(4, 4, "R23")),
    "ach.entry.return-code-class": returns(4, put(4, 4, "R37")),
    "ach.entry.return-code-early": returns(4, put(4, 4, "R90")),
    "ach.entry.original-trace": returns(4, put(4, 7, " " * 15)),
    "ach.entry.original-dfi": returns(4, put(4, 28, " " * 8)),
    "ach.entry.date-of-death": returns(10, put(10, 22, "260230")),
    "ach.entry.date-of-death-missing": returns(10, put(10, 22, "      ")),
    "ach.entry.date-returned": disputes(10, put(10, 22, "      ")),
    "ach.entry.original-settlement-day": disputes(10, put(10, 36, "000")),
    "ach.entry.field-errors": disputes(6, put(6, 59, "01*08*06")),
    "ach.entry.return-trace": disputes(4, put(4, 39, " " * 15)),
    "ach.entry.return-settlement-day": disputes(4, put(4, 54, "400")),
    "ach.entry.return-reason": disputes(4, put(4, 57, "48")),
    "ach.entry.dishonored-trace": disputes(10, put(10, 59, " " * 15)),
    "ach.entry.dishonored-settlement-day": disputes(10, put(10, 74, "367")),
    "ach.entry.dishonored-reason": disputes(10, put(10, 77, "01")),
    "ach.entry.change-code": changes(4, put(4, 4, "C10")),
    "ach.entry.change-code-case": changes(4, put(4, 4, "c01")),
    "ach.entry.change-code-withdrawn": changes(4, put(4, 4, "C04")),
    "ach.entry.corrected-data": changes(4, put(4, 36, " " * 29)),
    "ach.entry.corrected-data-form": changes(6, put(6, 36, "010203047")),
    "ach.entry.change-code-received": changes(12, put(12, 65, "C10")),
    "ach.entry.trace-sequence-received": changes(12, put(12, 68, "       ")),
}

# Two rules need other files than one changed line can give: they have tests of their own.
TESTED_ELSEWHERE = {"ach.file.too-many-faults", "ach.file.record-short"}
MISTAKES = FILE | BATCH | ENTRY

HEADER_LINE = (
    b"101 010203046 1234567802611230900A094101EXAMPLE OPERATOR       EXAMPLE HARBOR BANK".ljust(94)
)
EMPTY_CONTROL = b"9000000000001".ljust(55, b"0").ljust(94)
BATCH_LINE = (
    b"5225US CUSTOMS DUTY                     9CUSTOMS01CCDCUSTOMSDTY      261124   2"
    b"123456780000001"
)
EMPTY_BATCH = b"8225".ljust(44, b"0") + b"9CUSTOMS01".ljust(35) + b"123456780000001"
ONE_EMPTY = b"9000001000001".ljust(55, b"0").ljust(94)
