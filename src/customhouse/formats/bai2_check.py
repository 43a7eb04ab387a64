"""Whether a BAI2 file is what it says: order of records, counts, control totals, widths.

Reads line by line in constant memory and by a state machine of its own, so that what was written
is tried against other code before anybody gets it. It repairs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from customhouse.formats.bai2 import DETAIL_TYPES, LAYOUTS, LINE_LENGTH, TOTAL_CREDITS, TOTAL_DEBITS

# Which record may follow which; the file begins behind "".
_FOLLOWS = {
    "": ("01",),
    "01": ("02",),
    "02": ("03",),
    "03": ("16", "49"),
    "16": ("16", "88", "49"),
    "88": ("16", "88", "49"),
    "49": ("03", "98"),
    "98": ("02", "99"),
    "99": (),
}
# The field of each trailer with the records it counts, and the one with what is inside.
_TRAILERS = {"49": (2, 0), "98": (3, 2), "99": (3, 2)}


@dataclass(slots=True)
class _Level:
    """What was counted since an account, a group or the file began; cents."""

    records: int = 0
    cents: int = 0
    inside: int = 0


@dataclass(slots=True)
class _Reading:
    last: str = ""
    levels: dict[str, _Level] = field(
        default_factory=lambda: {"49": _Level(), "98": _Level(), "99": _Level()}
    )
    # Of the account: sums by sense as record 03 said them, and as the movements came to.
    said: dict[str, tuple[int, int]] = field(default_factory=dict)
    found: dict[str, tuple[int, int]] = field(default_factory=dict)


def faults(lines: Iterable[str]) -> Iterator[str]:
    """Give a sentence for each fault of a file, with its line; nothing for a sound one."""
    reading = _Reading()
    number = 0
    for number, line in enumerate(lines, 1):
        for sentence in _faults_of_line(reading, line.rstrip("\r\n")):
            yield f"line {number}: {sentence}"
    if reading.last != "99":
        yield f"line {number}: the file ends with no record 99"


def _faults_of_line(reading: _Reading, line: str) -> Iterator[str]:
    code, comma, rest = line.partition(",")
    if code not in LAYOUTS or not comma:
        yield "it begins with no record code"
        return
    if len(line) > LINE_LENGTH or not line.isascii():
        yield f"record {code} has more than {LINE_LENGTH} characters, or others than ASCII"
    if code not in _FOLLOWS[reading.last]:
        yield f"record {code} cannot follow {reading.last or 'the beginning of a file'}"
    reading.last = code
    for level in reading.levels.values():
        level.records += 1
    if code == "88":
        return
    if not rest.endswith("/"):
        yield f"record {code} does not end with a slash"
    values = rest.rstrip("/").split(",")
    if not _has_its_fields(code, values):
        yield f"record {code} has {len(values)} fields"
        return
    try:
        yield from _count(reading, code, values)
    except ValueError:
        yield f"record {code} has a number that is none"


def _has_its_fields(code: str, values: list[str]) -> bool:
    if code == "03":
        return len(values) % 4 == 2
    return len(values) == len(LAYOUTS[code])


def _count(reading: _Reading, code: str, values: list[str]) -> Iterator[str]:
    if code == "02":
        reading.levels["98"] = _Level(records=1)
    elif code == "03":
        reading.levels["49"] = _Level(records=1)
        reading.said, reading.found = {}, {}
        for start in range(2, len(values), 4):
            type_code, amount, count, _ = values[start : start + 4]
            reading.said[type_code] = (int(count), int(amount))
            _add(reading, int(amount))
    elif code == "16":
        if values[0] not in DETAIL_TYPES:
            yield f"record 16 has the type code {values[0]}, which is not one of ours"
            return
        total = TOTAL_CREDITS if DETAIL_TYPES[values[0]].sense == "credit" else TOTAL_DEBITS
        items, cents = reading.found.get(total, (0, 0))
        reading.found[total] = (items + 1, cents + int(values[1]))
        _add(reading, int(values[1]))
    elif code in _TRAILERS:
        yield from _close(reading, code, values)


def _add(reading: _Reading, cents: int) -> None:
    for level in reading.levels.values():
        level.cents += cents


def _close(reading: _Reading, code: str, values: list[str]) -> Iterator[str]:
    level = reading.levels[code]
    if int(values[0]) != level.cents:
        yield f"record {code} has the control total {values[0]}, the amounts come to {level.cents}"
    records_at, inside_at = _TRAILERS[code]
    if int(values[records_at - 1]) != level.records:
        yield f"record {code} counts {values[records_at - 1]} records, there are {level.records}"
    if inside_at and int(values[inside_at - 1]) != level.inside:
        yield f"record {code} counts {values[inside_at - 1]} inside, there are {level.inside}"
    if code == "49":
        reading.levels["98"].inside += 1
        for total in (TOTAL_CREDITS, TOTAL_DEBITS):
            if reading.said.get(total, (0, 0)) != reading.found.get(total, (0, 0)):
                yield f"record 03 has another total {total} than the movements come to"
    elif code == "98":
        reading.levels["99"].inside += 1
