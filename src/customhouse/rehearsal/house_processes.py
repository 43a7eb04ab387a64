"""The demo's processes: both embedded databases, both HTTP servers, and commands run beside them.

Everything that is started here is stopped here, by its own process id. What the commands do is the
product's; this module only starts them with the world's environment and reads what they say.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from customhouse import database
from customhouse.settings import Settings

AGENCY_PORT, BANK_PORT = 8700, 8701
ANY_PORT = 0
START_SECONDS = 60.0
STOP_SECONDS = 20.0
COMMAND_SECONDS = 300.0
RUN = "from customhouse.trade.cli import main; main()"


class CommandFailed(Exception):
    """A command of the product ended badly; carries what it said."""

    def __init__(self, arguments: tuple[str, ...], code: int, said: str) -> None:
        words = " ".join(arguments)
        super().__init__(f"customhouse {words} ended with code {code}: {said.strip()[-2000:]}")
        self.code = code
        self.said = said.strip()


class ServerDown(Exception):
    """A server did not come up; says which, and where its output is."""


class InUse(Exception):
    """Another process works in the folder."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said: its exit code and its output."""

    code: int
    output: str


@dataclass(slots=True)
class House:
    """One data directory with its databases and servers."""

    data: Path
    agency_port: int
    bank_port: int
    wants_usual_ports: bool = False
    _children: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _databases_up: bool = False
    _claim: int = -1

    @classmethod
    def in_directory(cls, data: Path) -> House:
        """Choose ports for a demo: the usual ones, or free ones where they are taken."""
        first = _port(AGENCY_PORT)
        second = _port(BANK_PORT, besides=first)
        return cls(data.absolute(), first, second, wants_usual_ports=True)

    @classmethod
    def on_free_ports(cls, data: Path) -> House:
        """Choose ports that are in nobody's way, for a story that serves nobody."""
        first = _port(ANY_PORT)
        return cls(data.absolute(), first, _port(ANY_PORT, besides=first))

    @property
    def moved_ports(self) -> list[tuple[str, int, int]]:
        """Give side, usual port and own port of each side whose usual port was taken."""
        if not self.wants_usual_ports:
            return []
        sides = (
            ("agency", AGENCY_PORT, self.agency_port),
            ("bank", BANK_PORT, self.bank_port),
        )
        return [each for each in sides if each[1] != each[2]]

    @property
    def settings(self) -> Settings:
        """Give the settings as the children see them."""
        return Settings.from_environment(self.environment)

    @property
    def environment(self) -> dict[str, str]:
        """Give the children's environment: this one, without other settings of ours."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CUSTOMHOUSE_")}
        return kept | self.own_environment

    @property
    def own_environment(self) -> dict[str, str]:
        """Give the settings of this house, none of which is secret."""
        return {
            "CUSTOMHOUSE_DATA": str(self.data),
            "CUSTOMHOUSE_AGENCY_URL": f"http://127.0.0.1:{self.agency_port}",
            "CUSTOMHOUSE_BANK_URL": f"http://127.0.0.1:{self.bank_port}",
            "CUSTOMHOUSE_CLOCK": "rehearsal",
        }

    def take_folder(self) -> None:
        """Claim the folder until this process ends; raise InUse when another has claimed it.

        The claim is a lock on a file beside the folder, because the folder itself is wiped.
        """
        self.data.parent.mkdir(parents=True, exist_ok=True)
        beside = self.data.with_name(f".{self.data.name}.lock")
        self._claim = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse from None

    def write_settings(self) -> Path:
        """Write the settings as a file that a shell can read in; give the file."""
        path = self.data / "settings.sh"
        lines = [f"export {name}={shlex.quote(v)}\n" for name, v in self.own_environment.items()]
        path.write_text("".join(lines), encoding="utf-8")
        return path

    def start_databases(self) -> None:
        """Start both embedded servers and bring their schemas up to date."""
        self._databases_up = True
        self.command("database", "migrate")

    def serve(self) -> None:
        """Start both HTTP servers and wait until they answer; raise ServerDown."""
        for side, port in (("agency", self.agency_port), ("bank", self.bank_port)):
            self._children.append(self._start(side, port))
        for side, port in (("agency", self.agency_port), ("bank", self.bank_port)):
            self._wait(side, port)

    def command(self, *arguments: str, given: str = "") -> str:
        """Run one command of the product to its end; raise CommandFailed unless it ends with 0.

        ``given`` is its standard input.
        """
        said = self.attempt(*arguments, given=given)
        if said.code:
            raise CommandFailed(arguments, said.code, said.output)
        return said.output

    def attempt(self, *arguments: str, given: str = "") -> Said:
        """Run one command of the product to its end and give what it said, good or bad."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", RUN, *arguments],
            env=self.environment,
            input=given.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode("utf-8", "replace"))

    def stop(self) -> None:
        """Stop the servers, then the databases; what is down already is left alone."""
        for child in self._children:
            child.terminate()
        for child in self._children:
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._children.clear()
        if self._databases_up:
            database.stop_servers(self.settings)
            self._databases_up = False

    def dead_server(self) -> str:
        """Name a server that ended by itself; empty when both run."""
        sides = ("agency", "bank")
        for side, child in zip(sides, self._children, strict=False):
            if child.poll() is not None:
                return side
        return ""

    def _start(self, side: str, port: int) -> subprocess.Popen[bytes]:
        logs = self.data / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / f"serve-{side}.out").open("ab") as output:
            return subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", RUN, "serve", side, "--port", str(port)],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the demo, which then stops its servers in order.
                start_new_session=True,
            )

    def _wait(self, side: str, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.dead_server() != side:
            if _is_well(f"http://127.0.0.1:{port}/health"):
                return
            time.sleep(0.1)
        where = self.data / "logs" / f"serve-{side}.out"
        raise ServerDown(f"the {side}'s server did not come up; its output is in {where}")


def _is_well(address: str) -> bool:
    try:
        return httpx2.get(address, timeout=2.0, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def _port(wanted: int, besides: int | None = None) -> int:
    """Give a port of this machine that nobody listens on, the wanted one if possible."""
    for candidate in (wanted, ANY_PORT, ANY_PORT):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            try:
                probe.bind(("127.0.0.1", candidate))
            except OSError:
                continue
            found: Any = probe.getsockname()[1]
            if found != besides:
                return int(found)
    raise ServerDown("no port of this machine is free")
