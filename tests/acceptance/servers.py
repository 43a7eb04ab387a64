"""Serves one side as its own process, the way ``customhouse serve`` does it for everybody.

The process is a child of the test on a free port of 127.0.0.1, and it is stopped with SIGTERM.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from customhouse.settings import Settings, Side
from customhouse.web.identity import migrate_identity

COMMAND = Path(sys.executable).with_name("customhouse")
START_SECONDS = 30.0
STOP_SECONDS = 20.0
PASSED_ON = ("PATH", "HOME", "LANG", "PYTHONPATH")


@dataclass(frozen=True)
class Served:
    """A side that answers at ``url``, and the settings with which it was started."""

    side: Side
    url: str
    settings: Settings
    pid: int


def with_free_ports(settings: Settings) -> Settings:
    """Give settings in which both sides have an address of their own on this machine."""
    agency, bank = (f"http://127.0.0.1:{port}" for port in _free_ports(2))
    return replace(settings, agency_url=agency, bank_url=bank)


def environment(settings: Settings) -> dict[str, str]:
    """Give a child's environment: the settings, and of ours only what a program needs to run."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return kept | settings.environment()


@contextmanager
def serving(settings: Settings, side: Side) -> Iterator[Served]:
    """Run one side's process until the block ends; it must then end by itself, with code 0."""
    if side == "agency":
        migrate_identity(settings)
    url = settings.agency_url if side == "agency" else settings.bank_url
    said = settings.data_directory / f"served-{side}.txt"
    with said.open("wb") as output:
        process = subprocess.Popen(
            [COMMAND, "serve", side],
            env=environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_well(url, process, said)
            yield Served(side, url, settings, process.pid)
        finally:
            process.terminate()
            try:
                code = process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
    assert code == 0, f"{side} ended with {code}: {said.read_text()}"


def _wait_until_well(url: str, process: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    with httpx2.Client(base_url=url, timeout=2.0, trust_env=False) as client:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise AssertionError(f"the process ended at its start: {said.read_text()}")
            try:
                if client.get("/health").status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            time.sleep(0.05)
    raise AssertionError(f"{urlsplit(url).netloc} was not well in time: {said.read_text()}")


def _free_ports(count: int) -> list[int]:
    """Take ports that nobody listens on; all are held at once, so that they differ."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
