"""Files that are there whole or not at all: written under a temporary name, synced, renamed.

Used for the operator's own books, its script and what it delivers. Not a store: one writer each.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds the old one or the new one, readable by its owner."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.part")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(path)


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, indented for a person."""
    write_whole(path, json.dumps(value, indent=1).encode() + b"\n")


def read_json(path: Path, *, empty: Any) -> Any:
    """Read a value from JSON, or give ``empty`` when there is no such file yet."""
    if not path.exists():
        return empty
    return json.loads(path.read_bytes())
