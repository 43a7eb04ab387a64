"""The 80-column records of CATAIR that Customhouse knows, as data: 49 layouts by name.

The columns are in abi_records.json beside this file, and where public copies of a chapter have
none, ours are in abi_own_records.json. Names carry the message they belong to,
because Q1 means one thing under PF and another under MS. This module judges no message.
"""

from __future__ import annotations

import json
from importlib.resources import files

from customhouse.formats.layout import Field, Layout

RECORD_WIDTH = 80
"""Every record of CATAIR has this many columns."""


_PUBLISHED, _OURS = "abi_records.json", "abi_own_records.json"


def _read_layouts(name_of_file: str) -> dict[str, Layout]:
    text = files(__package__).joinpath(name_of_file).read_text(encoding="ascii")
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


OUR_LAYOUTS = frozenset(_read_layouts(_OURS))
"""The names of those whose columns are ours."""

LAYOUTS: dict[str, Layout] = _read_layouts(_PUBLISHED) | _read_layouts(_OURS)
"""Layouts by name: A_in, B_in, Y_in, Z_in, A_out ..., RM_PT, PZ_E0, DS_Q1 ... MS_Q7, SU_H ..."""
