"""Files that a command keeps: whole under their name, or not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from customhouse.faults import Refused
from customhouse.trade.kept_files import as_bytes, keep


class UnsoundError(Exception):
    """The look at the file found it wrong."""


def _breaks_off() -> Iterator[bytes]:
    yield b"half"
    raise UnsoundError


def _refuses(path: Path) -> None:
    assert path.read_bytes() == b"new\n"
    raise UnsoundError


def test_a_file_is_there_whole(tmp_path: Path) -> None:
    keep(tmp_path / "day.csv", as_bytes(["one", "two"]))
    assert (tmp_path / "day.csv").read_text() == "one\ntwo\n"
    assert [path.name for path in tmp_path.iterdir()] == ["day.csv"]


def test_what_breaks_off_or_is_refused_leaves_the_earlier_file(tmp_path: Path) -> None:
    path = tmp_path / "day.csv"
    path.write_text("before")
    with pytest.raises(UnsoundError):
        keep(path, _breaks_off())
    with pytest.raises(UnsoundError):
        keep(path, as_bytes(["new"]), look=_refuses)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["day.csv"]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        keep(tmp_path / "nowhere" / "day.csv", [b""])
    assert [fault.code for fault in caught.value.faults] == ["file-not-kept"]
