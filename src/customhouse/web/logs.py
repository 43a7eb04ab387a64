"""Sends the log of one web process to one file of JSON lines. No line ever goes to a browser."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

from customhouse.observability import log_file


def configure(logging_settings: Mapping[str, str]) -> None:
    """Set the process's log up; ``logging_settings`` has the file's directory and name.

    Django calls this with its LOGGING setting. Its own request logger is silenced: it would
    repeat, with the text of the exception, what the request log says without it.
    """
    handler = log_file(Path(logging_settings["directory"]), logging_settings["name"])
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("customhouse").setLevel(logging.INFO)
    for name in ("django.request", "django.security", "django.server"):
        quiet = logging.getLogger(name)
        quiet.handlers = [logging.NullHandler()]
        quiet.propagate = False
