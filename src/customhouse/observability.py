"""Structured logs: one JSON object a line, with nothing in it that should not be read.

A line holds what the program chose to name. The text of an exception is never logged, because a
database driver quotes row values in it: only its type and the places it passed. Bodies, tokens,
passwords and account numbers are therefore kept out by never being handed in. This module
does not decide what is logged, and keeps no metrics.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

LOG_FILE_BYTES = 5_000_000
LOG_FILES_KEPT = 5


class PrivateLogFile(RotatingFileHandler):
    """Opens each log file, also the one after a rotation, readable by its owner only."""

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, 0o600)

        return open(self.baseFilename, "a", encoding=self.encoding, opener=private)


def reference_id() -> str:
    """Give a short random name by which a person and a log line mean the same failure."""
    return secrets.token_hex(4)


def places(trace: TracebackType | None) -> list[str]:
    """Give each step of a trace as ``file:line function``, without source lines or values."""
    return [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)
    ]


def failure_of(error: BaseException) -> dict[str, object]:
    """Describe an exception by its type and its places; its text stays unsaid."""
    described: dict[str, object] = {
        "error": f"{type(error).__module__}.{type(error).__qualname__}",
        "trace": places(error.__traceback__),
    }
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        described["cause"] = failure_of(cause)
    return described


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON; the fields of ``extra={"data": {...}}`` join it."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, without its line end."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            # Arguments are not merged in: a library's message may carry a value of a request.
            "event": str(record.msg),
        }
        data = getattr(record, "data", None)
        if isinstance(data, Mapping):
            line.update(data)
        if record.exc_info and record.exc_info[1] is not None:
            line.update(failure_of(record.exc_info[1]))
        return json.dumps(line, default=str, ensure_ascii=True)


def log_file(directory: Path, name: str) -> PrivateLogFile:
    """Open ``directory/name.jsonl`` for JSON lines, rotated by size, readable by its owner only."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / f"{name}.jsonl"
    path.touch(mode=0o600, exist_ok=True)
    handler = PrivateLogFile(
        path, maxBytes=LOG_FILE_BYTES, backupCount=LOG_FILES_KEPT, encoding="utf-8", delay=True
    )
    handler.setFormatter(JsonLines())
    return handler
