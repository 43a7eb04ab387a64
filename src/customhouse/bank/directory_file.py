"""The file of ACH participants as the Federal Reserve lays it out: 155 characters a bank.

Reads and checks lines; keeps nothing. A file is taken whole or not at all, because a directory
with a hole in it would refuse banks that take part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from customhouse.bank.directory_faults import (
    DIRECTORY_EMPTY,
    DIRECTORY_LINE_WRONG,
    DIRECTORY_MORE_WRONG,
)
from customhouse.faults import Fault, Refused
from customhouse.identifiers import IdentifierError, RoutingNumber

WIDTH: Final = 155
FAULTS_SHOWN: Final = 10
NO_NEW_NUMBER: Final = "000000000"
# First and last column of each field, counted from 1 (FedACH participant RDFI file).
_COLUMNS: Final = {
    "routing_number": (1, 9),
    "office_code": (10, 10),
    "servicing_routing_number": (11, 19),
    "record_type": (20, 20),
    "changed_on": (21, 26),
    "new_routing_number": (27, 35),
    "customer_name": (36, 71),
    "address": (72, 107),
    "city": (108, 127),
    "state_code": (128, 129),
    "zip_code": (130, 138),
    "phone": (139, 148),
    "institution_status": (149, 149),
    "data_view_code": (150, 150),
}


@dataclass(frozen=True, slots=True)
class Participant:
    """One bank of the directory.

    ``record_type`` is 0 for a Federal Reserve Bank, 1 where entries go to this routing number and
    2 where they go to the new one; ``changed_on`` is None where the file gives no day.
    """

    routing_number: str
    office_code: str
    servicing_routing_number: str
    record_type: str
    changed_on: date | None
    new_routing_number: str
    customer_name: str
    address: str
    city: str
    state_code: str
    zip_code: str
    phone: str
    institution_status: str
    data_view_code: str

    @property
    def is_superseded(self) -> bool:
        """Tell whether entries go to another routing number."""
        return self.record_type == "2"


def read_directory(stream: BinaryIO) -> list[Participant]:
    """Read a whole file; raise Refused with the first ten faults, each naming its line.

    How many more lines are wrong is said in one fault behind them.
    """
    found: list[Participant] = []
    faults: list[Fault] = []
    more = 0
    seen: set[str] = set()
    for number, raw in enumerate(_lines(stream), start=1):
        try:
            participant = _participant(raw)
            if participant.routing_number in seen:
                raise ValueError("its routing number is in an earlier line")
        except ValueError as wrong:
            if len(faults) < FAULTS_SHOWN:
                faults.append(Fault(DIRECTORY_LINE_WRONG, {"line": number, "reason": str(wrong)}))
            else:
                more += 1
            continue
        seen.add(participant.routing_number)
        found.append(participant)
    if faults:
        left = [Fault(DIRECTORY_MORE_WRONG, {"count": f"{more:,}"})] if more else []
        raise Refused(*faults, *left)
    if not found:
        raise Refused(Fault(DIRECTORY_EMPTY))
    return found


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(WIDTH + 2 + 1):
        yield line.removesuffix(b"\n").removesuffix(b"\r")


def _participant(raw: bytes) -> Participant:
    """Read one line; raise ValueError saying what is wrong with it."""
    if len(raw) != WIDTH:
        raise ValueError(f"it has {len(raw)} characters instead of {WIDTH}")
    try:
        line = raw.decode("ascii")
    except UnicodeDecodeError:
        raise ValueError("it has a byte outside ASCII") from None
    values = {name: line[first - 1 : last].strip() for name, (first, last) in _COLUMNS.items()}
    changed_on = _day(values.pop("changed_on"))
    _require_numbers(values)
    if values["office_code"] not in ("O", "B"):
        raise ValueError("its office code is neither O (main office) nor B (branch)")
    if values["record_type"] not in ("0", "1", "2"):
        raise ValueError("its record type is not 0, 1 or 2")
    if (values["record_type"] == "2") == (values["new_routing_number"] == NO_NEW_NUMBER):
        raise ValueError("a new routing number goes with record type 2, and only with it")
    if not values["customer_name"]:
        raise ValueError("it names no bank")
    return Participant(changed_on=changed_on, **values)


def _require_numbers(values: dict[str, str]) -> None:
    for name in ("routing_number", "servicing_routing_number", "new_routing_number"):
        if name == "new_routing_number" and values[name] == NO_NEW_NUMBER:
            continue
        try:
            RoutingNumber.parse(values[name])
        except IdentifierError as error:
            raise ValueError(f"{name.replace('_', ' ')}: {error}") from None


def _day(text: str) -> date | None:
    """Read MMDDYY of this century, blank or zeros for none."""
    if not text.strip("0"):
        return None
    if not (len(text) == 6 and text.isascii() and text.isdigit()):
        raise ValueError("its change date is not six digits")
    try:
        return date(2000 + int(text[4:]), int(text[:2]), int(text[2:4]))
    except ValueError:
        raise ValueError("its change date is no day") from None
