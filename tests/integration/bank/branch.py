"""A bank to test with: fresh database, keys and exchange folder, and a canary in every account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from customhouse.bank import gateway, vault
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.day import StepDone, open_office, run_intake, run_until
from customhouse.bank.office import Boundary, Office, no_boundary
from customhouse.rails import BankEvent, DebitInstruction, PayerUnitBinding
from customhouse.settings import Settings

# Two fictitious banks whose routing numbers pass their check digits.
ROUTINGS = ("111111118", "222222226")
CANARY = "90817263544"
TUESDAY = date(2026, 11, 24)
WEDNESDAY = date(2026, 11, 25)
# Thursday the 26th is Thanksgiving: no bank is open.
FRIDAY = date(2026, 11, 27)


def details(number: int, *, account_type: str = "checking") -> AccountDetails:
    """Give the details of the account of payer ``number``; its number is a canary's."""
    return AccountDetails.read(
        routing_number=ROUTINGS[number % 2],
        account_number=f"{CANARY}{number:03d}",
        account_type=account_type,
        holder_name=f"EXAMPLE IMPORTER {number}",
    )


def instruction(
    number: int, *, amount_cents: int = 104_608, debit_on: date = WEDNESDAY, unit: int = 1
) -> DebitInstruction:
    """Give instruction ``number`` for a statement of its own, paid by payer unit ``unit``."""
    return DebitInstruction(
        instruction_id=f"B76-3927327{number:03d}-1",
        payer_unit_number=f"{unit:06d}",
        statement_number=f"3927327{number:03d}",
        amount_cents=amount_cents,
        accepted_on=TUESDAY,
        debit_on=debit_on,
    )


@dataclass(frozen=True)
class Branch:
    """One bank and the calls that a test makes on it."""

    settings: Settings

    @contextmanager
    def office(self, boundary: Boundary = no_boundary) -> Iterator[Office]:
        """Open the bank for one run."""
        with open_office(self.settings, boundary=boundary) as office:
            yield office

    def open_units(self, *numbers: int) -> list[str]:
        """Capture an account for each number and bind the payer unit of that number to it."""
        tokens = []
        with self.office() as office:
            for number in numbers:
                token = vault.capture(
                    office.connection, office.keys, details=details(number), clock=office.clock
                )
                binding = PayerUnitBinding(f"{number:06d}", token)
                gateway.bind_payer_unit(office.connection, binding, clock=office.clock)
                tokens.append(token)
        return tokens

    def instruct(self, *instructions: DebitInstruction) -> list[str]:
        """Deliver instructions; give the states that they are answered with."""
        with self.office() as office:
            answers = gateway.take_instructions(office.connection, instructions, clock=office.clock)
        return [answer.state for answer in answers]

    def run(self, until: date, boundary: Boundary = no_boundary) -> list[StepDone]:
        """Run the bank's day up to a date, on a rehearsal's clock."""
        with self.office(boundary) as office:
            return list(run_until(office, until, rehearsal=True))

    def intake(self) -> None:
        """Only take in what lies in the inbound folder."""
        with self.office() as office:
            list(run_intake(office))

    def events(self) -> list[BankEvent]:
        """Give every event so far."""
        with self.office() as office:
            return gateway.list_events(office.connection, 0, most=1000)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the bank's database."""
        with self.office() as office:
            return office.connection.execute(query.encode()).fetchall()

    def states(self) -> dict[str, str]:
        """Give the state of each debit by the last four characters before its attempt."""
        found = self.rows("select statement_number, state from debit order by 1")
        return {str(number): str(state) for number, state in found}


def branch_of(settings: Settings) -> Branch:
    """Give a branch on the settings of a test, on a rehearsal's clock."""
    return Branch(replace(settings, clock="rehearsal"))
