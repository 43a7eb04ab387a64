"""Files that a command keeps for its user: there whole, under their name, or not at all.

What is in them, and whether it is sound, is decided before by who writes them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

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
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            unfinished = Path(stream.name)
            try:
                for piece in pieces:
                    stream.write(piece)
                stream.flush()
                os.fsync(stream.fileno())
                if look is not None:
                    look(unfinished)
                unfinished.replace(path)
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError as error:
        values = {"path": path, "reason": error.strerror or "no reason given"}
        raise Refused(Fault(FILE_NOT_KEPT, values)) from None


def as_bytes(lines: Iterable[str]) -> Iterator[bytes]:
    """Give lines with their ends, as a file holds them."""
    for line in lines:
        yield f"{line}\n".encode()
