"""Files that a command keeps for its user: there whole, under their name, or not at all.

What is in them, and whether it is sound, is decided before by who writes them.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from customhouse.faults import Fault, Refused, declare

FILE_NOT_KEPT = declare(
    "file-not-kept",
    sentence="The file {path} cannot be written: {reason}.",
    next_step="Name a file in a folder that you may write to.",
    exit_code=2,
)

Look = Callable[[Path], None]


def keep(path: Path, pieces: Iterable[bytes], *, look: Look | None = None) -> None:
    """Write pieces to a file that appears under its name when all of it is on the disk.

    ``look`` may read the unfinished file and raise to keep it from appearing. Raises Refused
    (file-not-kept).
    """
    try:
        with _unfinished(path) as unfinished:
            with unfinished.open("wb") as stream:
                stream.writelines(pieces)
                stream.flush()
                os.fsync(stream.fileno())
            if look is not None:
                look(unfinished)
            unfinished.replace(path)
    except OSError as error:
        values = {"path": path, "reason": error.strerror or "no reason given"}
        raise Refused(Fault(FILE_NOT_KEPT, values)) from None


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """Give a name beside a file's own, and leave nothing under it."""
    name = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        yield name
    finally:
        name.unlink(missing_ok=True)


def as_bytes(lines: Iterable[str]) -> Iterator[bytes]:
    """Give lines with their ends, as a file holds them."""
    for line in lines:
        yield f"{line}\n".encode()
