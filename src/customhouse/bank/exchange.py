"""The exchange folder of bank and ACH operator: whole files in, whole files out, all archived.

Knows names, folders, renames and digests (docs/reference/exchange.md); what is in a file is for
other modules. Nothing is ever written in place: a file is there under its name, complete and
synced, or it is not there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from customhouse.bank.delivery import StillWritten, require_closed, require_unchanged

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}", re.ASCII)
_PIECE_BYTES: Final = 1 << 20
_NOT_THERE_YET: Final = (".part", ".tmp")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One delivered file: its name, the digest of its bytes and where they are archived.

    ``quiet_seconds`` is for how long nobody had written to it, by the clock of the file system.
    """

    name: str
    sha256: str
    archived: Path
    quiet_seconds: float


@dataclass(frozen=True, slots=True)
class Exchange:
    """The folder and its parts; ``prepare`` makes what is missing."""

    root: Path

    @property
    def outbound(self) -> Path:
        """Give the folder of files for the operator."""
        return self.root / "outbound"

    @property
    def inbound(self) -> Path:
        """Give the folder of files from the operator."""
        return self.root / "inbound"

    @property
    def quarantine(self) -> Path:
        """Give the folder of delivered files that were refused."""
        return self.root / "quarantine"

    def archive(self, direction: str) -> Path:
        """Give the folder of copies: ``inbound`` or ``outbound``."""
        return self.root / "archive" / direction

    def prepare(self) -> None:
        """Make every folder that is missing, readable by the owner only."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.archive("").mkdir(exist_ok=True, mode=0o700)
        for folder in (self.outbound, self.inbound, self.quarantine):
            folder.mkdir(exist_ok=True, mode=0o700)
        for direction in ("inbound", "outbound"):
            self.archive(direction).mkdir(exist_ok=True, mode=0o700)

    def staged(self, name: str) -> Path:
        """Give the temporary path under which an outbound file is written."""
        return self.outbound / f".{name}.part"

    def discard(self, name: str) -> None:
        """Remove an outbound file's temporary ones, if there are any."""
        for folder in (self.outbound, self.archive("outbound")):
            with suppress(OSError):
                (folder / f".{name}.part").unlink()

    def archive_outbound(self, name: str) -> None:
        """Keep a copy of a staged file; again gives the same copy."""
        with self.staged(name).open("rb") as staged:
            _write_whole(self.archive("outbound") / name, _pieces(staged))

    def restage(self, name: str) -> bool:
        """Copy an archived outbound file to its temporary name; False when there is none."""
        try:
            with (self.archive("outbound") / name).open("rb") as archived:
                _write_synced(self.staged(name), _pieces(archived))
        except FileNotFoundError:
            return False
        return True

    def publish(self, name: str) -> None:
        """Give a staged and synced file its name, and sync the folder."""
        self.staged(name).rename(self.outbound / name)
        _sync_directory(self.outbound)

    def is_published(self, name: str, sha256: str) -> bool:
        """Tell whether a file with these bytes is there under this name."""
        path = self.outbound / name
        return path.is_file() and digest(path) == sha256

    def archived_inbound(self, sha256: str) -> Path | None:
        """Give the copy of a delivered file with these bytes, None when there is none."""
        copies = sorted(self.archive("inbound").glob(f"{sha256[:16]}-*"))
        return next((path for path in copies if digest(path) == sha256), None)

    def arrivals(self) -> Iterator[Arrival]:
        """Archive and give each delivered file that has its final name, in order of names.

        What is no regular file or has no proper name is passed over, for nothing follows a link,
        and so is what somebody is still writing (failure C20).
        """
        for path in sorted(self.inbound.iterdir()):
            name = path.name
            if _NAME.fullmatch(name) and not name.endswith(_NOT_THERE_YET):
                with suppress(FileNotFoundError, NotARegularFile, StillWritten):
                    yield self._archived(name)

    def _archived(self, name: str) -> Arrival:
        folder = self.archive("inbound")
        copy = folder / f".{name}.part"
        with _open_regular(self.inbound / name) as delivered:
            before = os.fstat(delivered.fileno())
            require_closed(delivered.fileno())
            try:
                sha256 = _write_synced(copy, _pieces(delivered))
                require_unchanged(before, delivered.fileno())
            except (OSError, StillWritten):
                copy.unlink(missing_ok=True)
                raise
        quiet_seconds = copy.stat().st_mtime - before.st_mtime
        archived = folder / f"{sha256[:16]}-{name}"
        copy.rename(archived)
        _sync_directory(folder)
        return Arrival(name, sha256, archived, quiet_seconds)

    def leave(self, arrival: Arrival) -> None:
        """Forget what was archived of a file that is not there in full; it stays where it lies."""
        arrival.archived.unlink(missing_ok=True)

    def finish(self, arrival: Arrival) -> None:
        """Take a file that was read out of the inbound folder; its archived copy stays.

        A newer file that has meanwhile come under the same name stays too.
        """
        path = self.inbound / arrival.name
        with suppress(FileNotFoundError):
            if digest(path) == arrival.sha256:
                path.unlink()

    def put_in_quarantine(self, arrival: Arrival, faults: Sequence[dict[str, object]]) -> None:
        """Keep a refused file beside a list of what is wrong with it; no fault repeats content."""
        name = arrival.archived.name
        with arrival.archived.open("rb") as archived:
            _write_whole(self.quarantine / name, _pieces(archived))
        side_file = json.dumps({"file": arrival.name, "faults": list(faults)}, indent=1)
        _write_whole(self.quarantine / f"{name}.faults.json", [side_file.encode()])


class NotARegularFile(Exception):
    """A folder, a symbolic link or a device lies where a file was expected."""


def open_staging(path: Path) -> BinaryIO:
    """Open a new file for writing that only its owner may read, instead of an abandoned one."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def sync(stream: BinaryIO) -> None:
    """Bring a file's bytes to the disk."""
    stream.flush()
    os.fsync(stream.fileno())


def digest(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, in lower-case hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_PIECE_BYTES):
        yield piece


def _write_synced(path: Path, pieces: Iterator[bytes] | Sequence[bytes]) -> str:
    """Write pieces to a new file and sync it; give the SHA-256 of what was written."""
    known = hashlib.sha256()
    with open_staging(path) as stream:
        for piece in pieces:
            known.update(piece)
            stream.write(piece)
        sync(stream)
    return known.hexdigest()


def _write_whole(path: Path, pieces: Iterator[bytes] | Sequence[bytes]) -> None:
    """Make a file appear complete under its name."""
    aside = path.with_name(f".{path.name}.part")
    _write_synced(aside, pieces)
    aside.rename(path)
    _sync_directory(path.parent)


@contextmanager
def _open_regular(path: Path) -> Iterator[BinaryIO]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise NotARegularFile(path.name) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotARegularFile(path.name)
    with os.fdopen(descriptor, "rb") as stream:
        yield stream


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
