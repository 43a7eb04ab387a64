"""Whether a delivered file is there in full, or somebody is still writing it (failure C20).

The exchange asks for a temporary name and a rename; this is for senders that write under the final
name all the same. It reads no content but the end of a file and decides nothing about faults.
"""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path
from typing import Final

from customhouse.formats.nacha_layouts import BLOCKING_FACTOR, RECORD_LENGTH

# A file without its end that was written to so recently may still get it.
QUIET_SECONDS: Final = 60.0
_TAIL_BYTES: Final = 256


class StillWritten(Exception):
    """A file is being written, or changed while it was read: it is left for the next look."""


def require_closed(descriptor: int) -> None:
    """Raise StillWritten when somebody has this file open for writing.

    Asked by a read lease, which Linux grants only on a file that nobody writes. Where there are no
    leases, as on some network file systems, the answer is unknown and nothing is raised.
    """
    set_lease = getattr(fcntl, "F_SETLEASE", None)
    if set_lease is None:
        return
    try:
        # A writer that comes in between is told by a signal that ends nobody.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, set_lease, fcntl.F_RDLCK)
    except BlockingIOError:
        raise StillWritten from None
    except OSError:
        return
    fcntl.fcntl(descriptor, set_lease, fcntl.F_UNLCK)


def require_unchanged(before: os.stat_result, descriptor: int) -> None:
    """Raise StillWritten when a file is not the size and age that it was when it was opened."""
    now = os.fstat(descriptor)
    if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise StillWritten


def is_cut_off(path: Path) -> bool:
    """Tell whether a file lacks the end that a whole one of its kind has.

    Whole is: an object closed by a brace (.json), lines that are all ended (.csv), full blocks of
    ten records with a record 9 last (.ach). A file of another kind is never cut off.
    """
    with path.open("rb") as stream:
        head = stream.read(RECORD_LENGTH + 2)
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _TAIL_BYTES))
        tail = stream.read()
    if path.suffix == ".json":
        return not tail.rstrip().endswith(b"}")
    if path.suffix == ".csv":
        return not tail.endswith(b"\n")
    return path.suffix == ".ach" and not _is_blocked(head, tail, size=size)


def _is_blocked(head: bytes, tail: bytes, *, size: int) -> bool:
    line_end = len(head[RECORD_LENGTH:]) - len(head[RECORD_LENGTH:].lstrip(b"\r\n"))
    last = tail.rstrip(b"\r\n")
    whole = size + (0 if tail.endswith((b"\r", b"\n")) else line_end)
    block = BLOCKING_FACTOR * (RECORD_LENGTH + line_end)
    return size > 0 and whole % block == 0 and last[-RECORD_LENGTH:].startswith(b"9")
