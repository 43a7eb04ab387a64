"""A small trade at the public doors: both processes, a broker or two, an operator, some days.

Everything goes in and out as a user would do it: commands of the product with their files,
batches over HTTP, files in the exchange folder. Only the dates are moved by the test.
"""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from customhouse.business_days import FEDERAL_OFFICES, FEDERAL_RESERVE
from customhouse.formats.abi_batch import read_answer
from customhouse.formats.abi_messages import AuthorizationAnswer, parse_authorization_answers
from customhouse.formats.abi_statement import DailyStatement
from customhouse.identifiers import EntryNumber, check_digit
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.push_script import Push
from customhouse.settings import Settings
from customhouse.trade.client import AgencyClient, BatchAnswer
from customhouse.trade.client_abi import (
    Authorization,
    Sender,
    Update,
    authorization_batch,
    read_statements,
    update_batch,
)
from tests.acceptance.servers import COMMAND, environment

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)
FRIDAY = date(2026, 11, 27)
NEXT_MONDAY = date(2026, 11, 30)
PORT = "3901"
PORTS = (PORT, "3902", "3903")
BROKER, OTHER_BROKER = "B76", "C08"
IMPORTER_X, IMPORTER_Y = "12-3456789", "98-7654321"
# Routing numbers that pass their check and belong to the fictitious operator's directory.
ROUTING = "091000022"
ACCOUNTS = {"broker": "70010001000011", "importer": "70010001000028"}


def entry_number(filer_code: str, serial: int) -> EntryNumber:
    """Give the n-th entry number of a filer."""
    seven = f"{serial:07}"
    return EntryNumber.from_parts(filer_code, f"{seven}{check_digit(filer_code, seven)}")


@dataclass
class Wharf:
    """The running house and those who deal with it."""

    settings: Settings
    folder: Path
    credentials: dict[str, dict[str, str]] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def command(self, *arguments: str, given: str = "", code: int = 0) -> str:
        """Run one command of the product; give its output, which must end with that code."""
        done = subprocess.run(
            [COMMAND, *arguments],
            env=environment(self.settings),
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, f"customhouse {' '.join(arguments)}: {said}"
        return said

    def settle_in(
        self, first: date = MONDAY, *, start: str = "2026-01-05", ports: Sequence[str] = PORTS
    ) -> None:
        """Capture the accounts, load the parties in force since ``start``, open the first day."""
        tokens = {name: self.capture(number, name) for name, number in ACCOUNTS.items()}
        self.units = {"broker": "100001", "importer": "200001"}
        document = {
            "filers": [
                {"filer_code": BROKER, "name": "Example Harbor Brokers", "ports": list(ports)},
                {"filer_code": OTHER_BROKER, "name": "Sample Coast Brokers", "ports": [PORT]},
            ],
            "importers": [
                {"importer_number": IMPORTER_X, "name": "Fictitious Imports X"},
                {"importer_number": IMPORTER_Y, "name": "Fictitious Imports Y"},
            ],
            "payer_units": [
                {
                    "payer_unit_number": self.units["broker"],
                    "owner_filer_code": BROKER,
                    "account_token": tokens["broker"],
                    "effective_on": start,
                },
                {
                    "payer_unit_number": self.units["importer"],
                    "owner_importer_number": IMPORTER_X,
                    "account_token": tokens["importer"],
                    "effective_on": start,
                },
            ],
            "designations": [
                {
                    "payer_unit_number": self.units["importer"],
                    "filer_code": code,
                    "starts_on": start,
                }
                for code in (BROKER, OTHER_BROKER)
            ],
            "senders": [
                {
                    "site_code": PORT,
                    "id_code": code,
                    "filer_codes": [code],
                    "receives_statements_of": [code],
                }
                for code in (BROKER, OTHER_BROKER)
            ],
        }
        self.load_parties(document, kept="credentials.json")
        kept = json.loads((self.folder / "credentials.json").read_text())
        self.credentials = {each["id_code"]: each for each in kept}
        self.morning(first)

    def capture(self, account_number: str, holder: str) -> str:
        """Capture an account at the bank; give its token."""
        details = {
            "routing_number": ROUTING,
            "account_number": account_number,
            "account_type": "checking",
            "holder_name": f"Fictitious {holder}",
        }
        return self.command("bank", "accounts", "add", given=json.dumps(details)).strip()

    def load_parties(self, document: dict, *, kept: str = "", code: int = 0) -> str:
        """Load a document of parties."""
        path = self.folder / "parties.json"
        path.write_text(json.dumps(document))
        options = ["--credentials", str(self.folder / kept)] if kept else []
        return self.command("parties", "load", str(path), *options, code=code)

    def load_entries(self, rows: list[dict[str, str]], *, code: int = 0) -> str:
        """Load entry summaries from a CSV file."""
        path = self.folder / "entries.csv"
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return self.command("entries", "load", str(path), code=code)

    def row(self, serial: int, dollars: str, **values: str) -> dict[str, str]:
        """Give the CSV row of an entry of the broker for Tuesday, with a duty and an MPF."""
        filer_code = values.get("filer_code", BROKER)
        return {
            "filer_code": filer_code,
            "entry_number": entry_number(filer_code, serial).digits,
            "importer_number": IMPORTER_X,
            "port_of_entry": PORT,
            "processing_port": PORT,
            "entry_type": "01",
            "entry_date": "2026-11-20",
            "payment_type": "2",
            "print_date": TUESDAY.isoformat(),
            "broker_reference": f"REF{serial:06}",
            "charge_001": dollars,
            "charge_499": "33.58",
            **values,
        }

    def morning(self, day: date) -> str:
        """Run the agency's morning of a day, and the days before it that are still to be run."""
        return self.command("day", "--until", day.isoformat(), "--part", "morning")

    def evening(self, day: date) -> str:
        """Run the agency's evening of a day."""
        return self.command("day", "--until", day.isoformat(), "--part", "evening")

    def banks(self, day: date) -> None:
        """Run the bank's day, then the operator's, then take in what the operator delivered."""
        self.command("bank", "day", "--until", day.isoformat())
        self.operator.run(day)
        self.command("bank", "intake")

    @property
    def operator(self) -> Operator:
        """Give the operator, with the payers' banks behind it, as its books are on disk."""
        return Operator(self.settings.exchange_directory, self.folder / "operator")

    def enrol(self, payer: str, **values: str | int) -> None:
        """File and approve a payer's form to join ACH Credit, and order its zero-dollar entry."""
        name = "filer_code" if payer in (BROKER, OTHER_BROKER) else "importer_number"
        form = {
            "purpose": "new",
            name: payer,
            "company_name": f"Fictitious Payer {payer}",
            "address": ["1 Example Pier", "Chicago IL 60601"],
            "contact_name": "Pat Example",
            "contact_phone": "+1 312 555 0100",
            "contact_email": "treasury@payer.example",
            "official_name": "Chris Sample",
            "official_title": "Treasurer",
            "notify_by": "page",
            "bank_lead_days": 0,
        }
        path = self.folder / f"form-{payer}.json"
        path.write_text(json.dumps(form | values))
        said = self.command("credits", "enrolments", "receive", str(path))
        kept = ("--credentials", str(self.folder / f"payer-{payer}.json"))
        who = ("--officer", self.appoint())
        self.command("credits", "enrolments", "approve", said.split()[1], *who, *kept)
        self.push(f"{payer}:prenote")

    def appoint(self) -> str:
        """Add the officer who decides, where not done yet, and give the name."""
        credentials = self.folder / "officer.json"
        if not credentials.exists():
            kept = ("--credentials", str(credentials))
            self.command("desk", "officers", "add", "Ada Officer", *kept)
        return "Ada Officer"

    def desk(self, act: str, *words: str, reason: str) -> str:
        """Decide at the exception desk; the officer is added with the first decision."""
        self.appoint()
        return self.command("desk", act, *words, "--officer", "Ada Officer", "--reason", reason)

    def push(self, *lines: str) -> None:
        """Order payers' banks to push money on the operator's next day (push_script)."""
        self.operator.payer_banks.script.add(Push.parse(line) for line in lines)

    def finish(self, day: date) -> date:
        """End a day at the agency and the banks; open the agency's next day and give it."""
        self.evening(day)
        self.banks(day)
        following = FEDERAL_OFFICES.next(day)
        between = FEDERAL_RESERVE.next(day)
        while between < following:
            self.banks(between)
            between = FEDERAL_RESERVE.next(between)
        self.morning(following)
        return following

    def run_to(self, first: date, last: date) -> None:
        """Finish days until ``last`` is open."""
        day = first
        while day < last:
            day = self.finish(day)

    def client(self, filer_code: str = BROKER) -> AgencyClient:
        """Give the HTTP client of a broker."""
        return AgencyClient(self.settings.agency_url, self.credentials[filer_code]["token"])

    def sender(self, filer_code: str = BROKER) -> Sender:
        """Give who a broker is in an A-record."""
        return Sender(PORT, filer_code, self.credentials[filer_code]["password"])

    def send(self, batch: str, *, filer: str = BROKER, key: str | None = None) -> BatchAnswer:
        """Send a batch over HTTP."""
        with self.client(filer) as client:
            return client.send_batch(batch, key)

    def statements(self, status: str = "P", filer: str = BROKER) -> dict[str, DailyStatement]:
        """Give the statements in a broker's outbox with that status, the newest of each number."""
        with self.client(filer) as client:
            messages = [each for each in client.outbox() if each.application == "PF"]
        found = [each for message in messages for each in read_statements(message)]
        return {each.number: each for each in found if each.status == status}

    def authorize(
        self, *orders: tuple[str, int, str], filer: str = BROKER, tag: str = ""
    ) -> tuple[AuthorizationAnswer, ...]:
        """Authorize statements (number, cents, payer unit) in one batch; give the answers."""
        items = [Authorization(PORT, filer, number, unit, cents) for number, cents, unit in orders]
        return self.send_authorizations(*items, filer=filer, tag=tag)

    def negate(self, *orders: tuple[str, int, str]) -> tuple[AuthorizationAnswer, ...]:
        """Undo the broker's authorizations of the day (number, cents, unit); give the answers."""
        items = [Authorization(PORT, BROKER, *_in_order(each), negates=True) for each in orders]
        return self.send_authorizations(*items)

    def send_authorizations(
        self, *items: Authorization, filer: str = BROKER, tag: str = ""
    ) -> tuple[AuthorizationAnswer, ...]:
        """Send one RM batch of a broker; give the answers."""
        batch = authorization_batch(self.sender(filer), items, user_data=tag)
        answer = read_answer(self.send(batch, filer=filer).text)
        return tuple(
            each for block in answer.blocks for each in parse_authorization_answers(block.records)
        )

    def remove(self, serial: int, *, to: date | None = None) -> str:
        """Take the broker's n-th entry off its statement, to single pay or to another day."""
        update = Update(PORT, PORT, entry_number(BROKER, serial), "2" if to else "1", to)
        return self.send(update_batch(self.sender(), [update])).text


def _in_order(order: tuple[str, int, str]) -> tuple[str, str, int]:
    number, cents, unit = order
    return number, unit, cents


def codes(answer: AuthorizationAnswer) -> list[str]:
    """Give the condition codes of an answer, the disposition last."""
    return [*(each.code for each in answer.conditions), answer.disposition.code]
