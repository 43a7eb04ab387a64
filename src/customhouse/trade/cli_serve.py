"""``customhouse serve``: run one side's HTTP process until it is told to stop."""

from __future__ import annotations

import os
import signal
import threading
import time
from enum import StrEnum
from functools import partial
from typing import Annotated
from urllib.parse import urlsplit

import typer

from customhouse.faults import Fault, Refused, declare

app = typer.Typer()

MOST_CONNECTIONS = 1_024
STOP_SECONDS = 10
PARENT_WATCH_SECONDS = 0.5
LOOPBACK = ("127.0.0.1", "localhost", "::1")

ADDRESS_NOT_LOOPBACK = declare(
    "address-not-loopback",
    sentence="The address {address} is not one of this machine's own (127.0.0.1).",
    next_step="Serve on 127.0.0.1 and put a proxy that speaks TLS in front of it.",
    exit_code=2,
)
ADDRESS_TAKEN = declare(
    "address-taken",
    sentence="Something else listens on {address} already.",
    next_step="Stop it, or choose another port with --port.",
    exit_code=7,
)


class ServedSide(StrEnum):
    """The two processes that can be served."""

    AGENCY = "agency"
    BANK = "bank"


@app.command("serve")
def serve(
    side: Annotated[ServedSide, typer.Argument(help="Which process: agency or bank.")],
    port: Annotated[
        int | None, typer.Option(help="Listen on this port instead of the side's configured one.")
    ] = None,
) -> None:
    """Serve the agency's or the bank's HTTP process on 127.0.0.1 until Ctrl-C or SIGTERM.

    The side's database must be up and migrated. The log is in the data directory, logs/SIDE.jsonl.
    """
    from customhouse import database
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    configured = urlsplit(settings.agency_url if side == "agency" else settings.bank_url)
    host = configured.hostname or "127.0.0.1"
    listen_on = port or configured.port or (443 if configured.scheme == "https" else 80)
    if port is None and host not in LOOPBACK:
        raise Refused(Fault(ADDRESS_NOT_LOOPBACK, {"address": host}))
    # Sign-ins and sessions, which only the agency has, are migrated by Django.
    tables = ["django_session"] if side == "agency" else []
    database.require_ready(settings, side.value, tables=tables)
    run(side.value, listen_on)


def run(side: str, port: int) -> None:
    """Run one side's server in this process, with one worker process below it, until stopped."""
    import django
    from django.urls import get_resolver
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    _require_free("127.0.0.1", port)
    os.register_at_fork(after_in_child=partial(_end_with, os.getpid()))
    os.environ["DJANGO_SETTINGS_MODULE"] = f"customhouse.web.{side}_settings"
    # What cannot be loaded is told here and now, not by a worker at its first request.
    django.setup()
    _ = get_resolver().url_patterns
    server = Granian(
        f"customhouse.web.{side}_site.wsgi:served",
        address="127.0.0.1",
        port=port,
        interface=Interfaces.RSGI,
        workers=1,
        backpressure=MOST_CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        workers_kill_timeout=STOP_SECONDS,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
        # Into the process's own log, like everything else that is worth keeping.
        log_dictconfig={"loggers": {"_granian": {"handlers": [], "propagate": True}}},
    )
    typer.echo(f"Serving the {side} on http://127.0.0.1:{port}; stop with Ctrl-C.")
    server.serve()


def _end_with(parent: int) -> None:
    """Let a worker end when the process that started it is gone, even if that one was killed."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _require_free(host: str, port: int) -> None:
    """Raise Refused when something listens there already."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        if probe.connect_ex((host, port)) == 0:
            raise Refused(Fault(ADDRESS_TAKEN, {"address": f"{host}:{port}"}))
