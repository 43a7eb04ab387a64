"""The 80-column records of CATAIR that Customhouse knows, as data: 47 layouts by name.

The columns are in abi_records.json beside this file; names carry the message they belong to,
because Q1 means one thing under PF and another under MS. This module judges no message.
"""

from __future__ import annotations

import json
from importlib.resources import files

from customhouse.formats.layout import Field, Layout

RECORD_WIDTH = 80
"""Every record of CATAIR has this many columns."""


def _read_layouts() -> dict[str, Layout]:
    text = files(__package__).joinpath("abi_records.json").read_text(encoding="ascii")
    return {
        name: Layout(name, record["title"], RECORD_WIDTH, _fields(record["fields"]))
        for name, record in json.loads(text).items()
    }


def _fields(rows: list[list[str | int]]) -> tuple[Field, ...]:
    return tuple(
        Field(
            str(name), int(start), int(end), str(kind), str(designation), str(text), str(constant)
        )
        for name, start, end, kind, designation, constant, text in rows
    )


LAYOUTS: dict[str, Layout] = _read_layouts()
"""Layouts by name: A_in, B_in, Y_in, Z_in, A_out ..., RM_PT, PZ_E0, DS_Q1 ... MS_Q7, SU_H ..."""
