"""What a log line holds, and above all what it does not."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path

from customhouse.observability import JsonLines, failure_of, log_file, reference_id

SECRET = "account 0123456789"


def _failure() -> Exception:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as cause:
            raise ValueError(f"cannot store {SECRET}") from cause
    except ValueError as error:
        return error


def _record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord("a.b", logging.WARNING, __file__, 1, message, arguments, None)
    for name, value in extra.items():
        setattr(record, name, value)
    return record


def test_a_failure_is_told_by_type_and_place_and_never_by_its_text() -> None:
    told = failure_of(_failure())
    assert told["error"] == "builtins.ValueError"
    assert "test_observability.py" in str(told["trace"])
    assert "KeyError" in str(told["cause"])
    assert SECRET not in json.dumps(told)


def test_a_line_is_one_object_and_leaves_out_the_arguments() -> None:
    error = _failure()
    record = _record("bad value %s", SECRET, data={"reference": "r1", "path": "/a\nb"})
    record.exc_info = (type(error), error, error.__traceback__)
    line = JsonLines().format(record)
    assert "\n" not in line
    assert SECRET not in line
    told = json.loads(line)
    assert (told["event"], told["reference"], told["level"]) == ("bad value %s", "r1", "warning")


def test_a_log_is_for_its_owner_only(tmp_path: Path) -> None:
    handler = log_file(tmp_path / "logs", "agency")
    handler.emit(_record("started"))
    handler.close()
    path = tmp_path / "logs" / "agency.jsonl"
    assert json.loads(path.read_text())["event"] == "started"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_references_differ() -> None:
    assert len({reference_id() for _ in range(100)}) == 100


def test_a_log_that_was_rotated_is_for_its_owner_only(tmp_path: Path) -> None:
    handler = log_file(tmp_path, "agency")
    handler.emit(_record("before"))
    handler.doRollover()
    handler.emit(_record("after"))
    handler.close()
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {"agency.jsonl": 0o600, "agency.jsonl.1": 0o600}
