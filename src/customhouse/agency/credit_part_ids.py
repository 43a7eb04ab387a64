"""The ids of parts, as people send them to us: read strictly, so that nothing else is looked up.

``C26328091000000000001.2.1`` is the first share of the second addendum's money of a credit.
"""

from __future__ import annotations

import re
from typing import Final

from customhouse.agency.credit_desk_faults import PART_UNKNOWN
from customhouse.faults import Fault, Refused

_PART: Final = re.compile(r"(C[0-9]{20}(?:-[1-9][0-9]*)?)(?:\.[0-9]{1,4})+", re.ASCII)
LONGEST: Final = 60


def credit_id_of(part_id: str) -> str:
    """Give the credit whose part it is; raises Refused (credit-part-unknown) for what is no id."""
    match = _PART.fullmatch(part_id) if len(part_id) <= LONGEST else None
    if match is None:
        raise Refused(unknown_part(part_id))
    return match[1]


def unknown_part(part_id: str) -> Fault:
    """Give the fault of a part that is not there, or that is somebody else's."""
    return Fault(PART_UNKNOWN, {"part_id": ascii(part_id)[1:-1][:LONGEST]})


def lineage(part_id: str) -> list[str]:
    """Give a part and those that it is a share of: C….1.2 comes from C….1."""
    pieces = part_id.split(".")
    return [".".join(pieces[:count]) for count in range(2, len(pieces) + 1)]
