"""The agency that benchmarks measure: fictitious filers, one sender, statements ready to be paid.

Servers are started in a temporary folder, with fsync on, and removed at the end. Statements are
written as rows, because intake and the print run have benchmarks of their own.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from psycopg import Connection, sql

from customhouse import database
from customhouse.agency import business_day, parties, registration
from customhouse.agency.parties import Filer
from customhouse.agency.party_rules import NewSender
from customhouse.clock import RehearsalClock
from customhouse.database.connections import cluster
from customhouse.settings import SIDES, Settings, Side
from customhouse.web.identity import migrate_identity

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
FILERS = [f"{letter}{number:02}" for letter in "ABCDE" for number in range(20)]
PORTS = tuple(f"39{number:02}" for number in range(1, 100))
SITE, SENDER = "3901", "BEN"
IMPORTER = "12-345678900"
COMMAND = Path(sys.executable).with_name("customhouse")
START_SECONDS = 30.0

_UNITS = """
insert into payer_unit (payer_unit_number, owner_party_id, account_token, effective_on)
select (100000 + row_number() over (order by filer_code))::text, party_id, 'acct_' || filer_code,
       %(monday)s
from filer
"""
_TABLES = (
    "filer",
    "payer_unit",
    "statement",
    "statement_entry",
    "authorization_attempt",
    "bank_outbox",
    "transfer",
    "abi_batch",
)
# Each filer has the same numbers: district, fiscal year 27, the day, and a sequence of digits.
_STATEMENTS = """
insert into statement (filer_code, statement_number, payer_party_id, payment_type,
  processing_port, print_date, state, preliminary_cents, total_cents)
select f.filer_code, lpad((10 + n / 999)::text, 2, '0') || '27328'
       || lpad((1 + n %% 999)::text, 3, '0'),
       f.party_id, '2', '3901', %(tuesday)s, 'preliminary', 104608, 104608
from filer f cross join generate_series(0, %(each)s - 1) as n
"""
_LINES = """
insert into statement_entry (filer_code, statement_number, entry_number, importer_number, printed,
  line_number, amount_cents)
select filer_code, statement_number,
       lpad((row_number() over (partition by filer_code order by statement_number))::text, 8, '0'),
       %(importer)s, '', 1, total_cents
from statement
"""


@dataclass(frozen=True)
class Payable:
    """A statement that can be paid: who pays it from which unit, and its total in cents."""

    filer_code: str
    statement_number: str
    payer_unit_number: str
    payer_party_id: int
    total_cents: int


@dataclass(frozen=True)
class Harbor:
    """A running agency on its Tuesday, with one sender for every filer."""

    settings: Settings
    token: str
    password: str

    @property
    def connect(self) -> partial[Connection[Any]]:
        """Give the way to open a connection of the agency's application."""
        return partial(database.connect, self.settings, "agency")

    def sender(self) -> parties.Sender:
        """Give the sender."""
        with self.connect() as connection:
            found = parties.sender_by_token(connection, self.token)
        if found is None:
            raise AssertionError("the sender was registered before")
        return found

    def lay_out(self, count: int) -> list[Payable]:
        """Write new statements of one entry each, as many as asked or up to 99 more; give them."""
        values = {"each": -(-count // len(FILERS)), "tuesday": TUESDAY, "importer": IMPORTER}
        with self.connect() as connection:
            connection.execute(_STATEMENTS, values)
            connection.execute(_LINES, values)
        self.analyze()
        return self.payables()

    def analyze(self) -> None:
        """Let the planner know how large the tables are, but for those that are still empty.

        Of an empty table that was analyzed it keeps the plan to read all of it, however it grows.
        """
        with database.connect(self.settings, "agency", role="administrator") as connection:
            connection.autocommit = True
            for table in map(sql.Identifier, _TABLES):
                if connection.execute(sql.SQL("select from {} limit 1").format(table)).fetchall():
                    connection.execute(sql.SQL("vacuum analyze {}").format(table))

    def server_seconds(self) -> float:
        """Give the processor time that both databases have taken so far."""
        return server_seconds(self.settings)

    def payables(self) -> list[Payable]:
        """Give every statement that waits for its payment; neighbours are of different filers."""
        with self.connect() as connection:
            rows = connection.execute(
                "select s.filer_code, statement_number, payer_unit_number, payer_party_id,"
                " total_cents from statement s join filer f using (filer_code)"
                " join payer_unit u on u.owner_party_id = f.party_id"
                " where state = 'preliminary' order by statement_number, s.filer_code"
            ).fetchall()
        return [Payable(*row) for row in rows]


@contextmanager
def running(*, open_on: date = TUESDAY) -> Iterator[Harbor]:
    """Start databases of their own with the parties of the harbor, a day open; remove them."""
    with tempfile.TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(
            data_directory=Path(directory),
            clock="rehearsal",
            agency_url=f"http://127.0.0.1:{free_port()}",
            bank_url=f"http://127.0.0.1:{free_port()}",
        )
        database.start_servers(settings)
        try:
            for side in ("agency", "bank"):
                database.migrate(settings, side, clock=RehearsalClock(MONDAY))
            yield _settled_in(settings, open_on)
        finally:
            database.stop_servers(settings)


@contextmanager
def serving(there: Harbor, side: Side) -> Iterator[int]:
    """Run the server of one side until the block ends; give its process."""
    settings = there.settings
    if side == "agency":
        migrate_identity(settings)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    process = subprocess.Popen(  # noqa: S603 - our own program
        [COMMAND, "serve", side],
        env=kept | settings.environment(),
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_until_well(settings.agency_url if side == "agency" else settings.bank_url, process)
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """Give a port of this machine that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def line_to(address: str) -> http.client.HTTPConnection:
    """Open a connection to a server."""
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def server_seconds(settings: Settings) -> float:
    """Give the processor time that both databases of a data directory have taken so far."""
    places = (cluster(settings, side).data / "postmaster.pid" for side in SIDES)
    return sum(processor_seconds(int(each.read_text().split("\n", 1)[0])) for each in places)


def processor_seconds(process: int) -> float:
    """Add up the processor time of a process and of its children, those that ended included.

    0 where the system has no /proc to tell it.
    """
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            values = path.read_text().rsplit(")", 1)[1].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if path.parent.name == str(process):
            ticks += sum(map(int, values[11:15]))
        elif values[1] == str(process):
            ticks += sum(map(int, values[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _wait_until_well(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with closing(line_to(address)) as connection:
                connection.request("GET", "/health")
                if connection.getresponse().status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("a server did not start")


def _settled_in(settings: Settings, open_on: date) -> Harbor:
    clock = RehearsalClock(MONDAY)
    with database.connect(settings, "agency") as connection:
        filers = [Filer(code, f"Fictitious Filer {code}", PORTS) for code in FILERS]
        registration.register_filers(connection, filers)
        new = NewSender(SITE, SENDER, "", tuple(FILERS), tuple(FILERS))
        (outcome,) = registration.register_senders(connection, [new])
        connection.execute(_UNITS, {"monday": MONDAY})
        business_day.open_day(connection, MONDAY, clock)
        if open_on > MONDAY:
            business_day.close_day(connection, MONDAY, clock)
            business_day.open_day(connection, open_on, RehearsalClock(open_on))
    if outcome.credential is None:
        raise AssertionError("a new sender gets a credential")
    return Harbor(settings, outcome.credential.token, outcome.credential.password)
