"""A small harbor for tests of the agency: two brokers, three importers, their units and entries.

Parties are registered by the product's own commands; entries are written as rows, so that a test
may place one on any day. Everything is plainly fictitious.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from psycopg import Connection

from customhouse.agency import abi_door, business_day, parties, registration
from customhouse.agency.abi_door import TakenBatch
from customhouse.agency.invariants import INVARIANTS as AGENCY_INVARIANTS
from customhouse.agency.parties import Filer, Importer
from customhouse.agency.party_rules import NewSender
from customhouse.agency.policy import Policy
from customhouse.agency.print_run import PrintRun, print_statements
from customhouse.clock import Clock, RehearsalClock
from customhouse.database import connect
from customhouse.identifiers import check_digit
from customhouse.ledger.invariants import INVARIANTS, Violation, check
from customhouse.settings import Settings

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)
BROKER = "B76"
OTHER_BROKER = "C08"
IMPORTER_X = "12-345678900"
IMPORTER_Y = "98-765432100"
BROKER_UNIT = "100001"
IMPORTER_X_UNIT = "200001"
PORT = "3901"

_UNIT = """
insert into payer_unit (payer_unit_number, owner_party_id, account_token, effective_on)
values (%s, %s, %s, %s)
"""
_ENTRY = """
insert into entry_summary (filer_code, entry_number, importer_number, port_of_entry,
  processing_port, entry_type, entry_date, payment_type, print_date, payable, antidumping_paid,
  broker_reference, client_branch, due_on, received_at)
values (%(filer)s, %(number)s, %(importer)s, %(port)s, %(port)s, %(entry_type)s, %(entry_date)s,
  %(payment_type)s, %(print_date)s, %(payable)s, %(antidumping_paid)s, 'REF1', %(client_branch)s,
  %(due_on)s, %(at)s)
"""


def entry_number(filer_code: str, serial: int) -> str:
    """Give the eight digits of an entry number, check digit included."""
    seven = f"{serial:07}"
    return f"{seven}{check_digit(filer_code, seven)}"


@dataclass
class Harbor:
    """The agency with its parties, and shortcuts to act on it as a filer would."""

    settings: Settings
    policy: Policy = field(default_factory=Policy)
    senders: dict[str, parties.Sender] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    today: date = MONDAY

    @classmethod
    def build(cls, settings: Settings) -> Harbor:
        """Register the parties and open Monday, 23 November 2026."""
        harbor = cls(settings)
        filers = [
            Filer(BROKER, "Example Harbor Brokers", (PORT, "3902")),
            Filer(OTHER_BROKER, "Sample Coast Brokers", (PORT,)),
        ]
        importers = [
            Importer(IMPORTER_X, "Fictitious Imports X"),
            Importer(IMPORTER_Y, "Fictitious Imports Y"),
        ]
        with harbor.connect() as connection:
            registration.register_filers(connection, filers)
            registration.register_importers(connection, importers)
            for code in (BROKER, OTHER_BROKER):
                harbor._add_sender(connection, code)
            owners = dict(
                connection.execute("select name, party_id from filer join party on id = party_id")
            )
            owners |= dict(
                connection.execute(
                    "select name, party_id from importer join party on id = party_id"
                )
            )
            start = date(2026, 1, 5)
            for number, owner in (
                (BROKER_UNIT, "Example Harbor Brokers"),
                (IMPORTER_X_UNIT, "Fictitious Imports X"),
            ):
                connection.execute(_UNIT, (number, owners[owner], f"acct_{number}", start))
            connection.execute(
                "insert into designation (payer_unit_number, filer_code, starts_on)"
                " values (%s, %s, %s)",
                (IMPORTER_X_UNIT, BROKER, start),
            )
        harbor.open(MONDAY)
        return harbor

    def _add_sender(self, connection: Connection, code: str) -> None:
        new = NewSender("3901", code, "", (code,), (code,))
        (outcome,) = registration.register_senders(connection, [new])
        sender = parties.sender_by_token(connection, outcome.credential.token)
        assert sender is not None
        self.senders[code] = sender
        self.passwords[code] = outcome.credential.password

    def renew_sender(self, code: str) -> None:
        """Read a sender anew, after its filers were changed."""
        with self.connect() as connection:
            credential = registration.renew_credential(connection, "3901", id_code=code)
            assert credential is not None
            sender = parties.sender_by_token(connection, credential.token)
        assert sender is not None
        self.senders[code], self.passwords[code] = sender, credential.password

    @property
    def connect(self) -> partial:
        """Give the way to open a connection of the agency's application."""
        return partial(connect, self.settings, "agency")

    @property
    def clock(self) -> Clock:
        """Give a clock on the open business date."""
        return RehearsalClock(self.today)

    def open(self, day: date) -> None:
        """Close the open day and open another."""
        with self.connect() as connection:
            latest = business_day.latest(connection)
            if latest is not None and not latest.closed:
                business_day.close_day(connection, latest.business_date, self.clock)
            business_day.open_day(connection, day, RehearsalClock(day))
        self.today = day

    def entry(
        self,
        serial: int,
        *,
        filer: str = BROKER,
        importer: str = IMPORTER_X,
        charges: Mapping[str, int],
        **values: object,
    ) -> str:
        """Schedule an entry for Tuesday's statements; give its eight digits."""
        number = entry_number(filer, serial)
        row = {
            "filer": filer,
            "number": number,
            "importer": importer,
            "port": PORT,
            "entry_type": "01",
            "entry_date": MONDAY,
            "client_branch": "",
            "due_on": None,
            "payment_type": "2",
            "print_date": TUESDAY,
            "payable": True,
            "antidumping_paid": True,
            "at": self.clock.now(),
            **values,
        }
        with self.connect() as connection:
            connection.execute(_ENTRY, row)
            for class_code, cents in charges.items():
                connection.execute(
                    "insert into entry_charge values (%s, %s, %s, %s)",
                    (filer, number, class_code, cents),
                )
        return number

    def print(self, day: date = TUESDAY) -> PrintRun:
        """Open a day and print its statements."""
        self.open(day)
        return print_statements(self.connect, day, self.clock)

    def print_again(self) -> PrintRun:
        """Print what still waits on the open day."""
        return print_statements(self.connect, self.today, self.clock)

    def print_one_statement(self, times_before: int) -> None:
        """Print what waits now as a statement of its own; the first call opens Tuesday."""
        if times_before == 0:
            self.open(TUESDAY)
        run = print_statements(self.connect, TUESDAY, self.clock)
        assert run.statements == 1, run

    def rows(self, query: str, *values: object) -> list[tuple]:
        """Give the rows of a query on the agency's database."""
        with self.connect() as connection:
            return connection.execute(query, values).fetchall()

    def batch(self, application: str, records: list[str], *, filer: str = BROKER) -> str:
        """Give the text of a batch of one block as a filer's software writes it."""
        password = self.passwords[filer]
        day = f"{self.today:%m%d%y}"
        lines = [
            f"A3901{filer}{password:6}{day}     {application}",
            f"B  {PORT}{filer}{application}",
            *records,
            f"Y  {PORT}{filer}{application}",
            f"Z3901{filer}      {day}",
        ]
        return "".join(f"{line:80}\n" for line in lines)

    def send(self, text: str, *, filer: str = BROKER, key: str | None = None) -> TakenBatch:
        """Send a batch through the door's command."""
        return abi_door.take_batch(
            self.connect,
            sender=self.senders[filer],
            raw=text.encode(),
            idempotency_key=key,
            clock=self.clock,
            policy=self.policy,
        )

    def authorize(
        self, number: str, cents: int, *, unit: str = BROKER_UNIT, filer: str = BROKER
    ) -> str:
        """Authorize one statement; give the answer's text."""
        record = f"PT{unit}02{filer} {number}{cents:010}"
        return self.send(self.batch("RM", [record], filer=filer), filer=filer).answer

    def violations(self) -> list[Violation]:
        """Run every standing invariant of the ledger and of the agency."""
        with self.connect() as connection:
            return check(connection, (*INVARIANTS, *AGENCY_INVARIANTS))


def dispositions(answer: str) -> list[str]:
    """Give the condition codes of an answer's E1 and H2 records, in order."""
    return [
        line[4:7] if line.startswith("E1") else line[16:19]
        for line in answer.splitlines()
        if line[:2] in ("E1", "H2")
    ]
