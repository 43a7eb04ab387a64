"""A nation's day end to end: entry summaries from intake to final statements and settled money.

Intake from CSV, print run, authorizations in full ABI batches, debits handed to a real bank
server, ACH files, an operator that settles, finals, the books. Each step is told with its rows,
seconds, the processor time of this process and its peak of memory. At the end the command
``ledger check`` must find nothing, and ``ach check`` no fault in any file. Give the number of
entry summaries.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from benchmarks import harbor, intake, rows
from benchmarks.harbor import COMMAND, MONDAY, SENDER, SITE, TUESDAY, Harbor, Payable
from customhouse.agency import abi_door, day, registration
from customhouse.agency.bank_link import BankLink
from customhouse.agency.parties import Importer
from customhouse.agency.policy import Policy
from customhouse.bank import vault
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.day import open_office, run_intake, run_until
from customhouse.business_days import FEDERAL_OFFICES, FEDERAL_RESERVE
from customhouse.clock import RehearsalClock
from customhouse.money import format_dollars
from customhouse.rehearsal.operator import Operator
from customhouse.trade.client_abi import Authorization, Sender, authorization_batch

NATION = 1_000_000
BATCH = 9_999
LAST_DAY = date(2026, 11, 30)
# A filer has a statement for each port, and a statement at most 2,000 entries.
ENTRIES_A_STATEMENT = 100
_CLEAR_PEAK = Path("/proc/self/clear_refs")
_TOKENS = """
update payer_unit u set account_token = g.token
from unnest(%(units)s::text[], %(tokens)s::text[]) as g(unit, token)
where u.payer_unit_number = g.unit
"""
_BIND = """
insert into payer_unit (payer_unit_number, account_token, bound_at)
select g.unit, g.token, %(at)s from unnest(%(units)s::text[], %(tokens)s::text[]) as g(unit, token)
"""
_ENDS = """
select count(*), count(*) filter (where state <> 'final'), sum(total_cents)::bigint,
       (select sum(amount_cents)::bigint from transfer where debit = 'treasury')
from statement
"""


@dataclass(frozen=True)
class Step:
    """What one step did: rows, seconds, its peak of memory.

    Seconds are by the wall, of processor time of this process, and of that of both databases.
    """

    name: str
    count: int
    seconds: float
    own: float
    server: float
    mb: int
    said: str

    @property
    def sentence(self) -> str:
        """Say the step in a line of the table."""
        rate = f"{self.count / self.seconds:,.0f}/s" if self.count else ""
        figures = f"{self.seconds:8.1f} s {self.own:8.1f} s {self.server:8.1f} s {self.mb:5} MB"
        return f"{self.name:34} {self.count or '':>9} {figures} {rate:>12}  {self.said}"


def timed(there: Harbor, name: str, work: Callable[[], tuple[int, str]]) -> Step:
    """Do one step; the peak of memory is that of this step alone, where the system can tell."""
    if _CLEAR_PEAK.exists():
        _CLEAR_PEAK.write_text("5")
    began, own, server = time.monotonic(), time.process_time(), there.server_seconds()
    count, said = work()
    seconds, own = time.monotonic() - began, time.process_time() - own
    return Step(
        name=name,
        count=count,
        seconds=seconds,
        own=own,
        server=there.server_seconds() - server,
        mb=rows.peak_mb(),
        said=said,
    )


@dataclass
class Nation:
    """The harbor with a bank behind it, the day it stands on, and its operator."""

    there: Harbor
    link: BankLink
    operator: Operator

    def prepare(self) -> None:
        """Register importers, capture an account for each payer unit and bind them."""
        settings, clock = self.there.settings, RehearsalClock(MONDAY)
        with self.there.connect() as connection:
            importers = [Importer(each, f"Fictitious Importer {each}") for each in intake.IMPORTERS]
            registration.register_importers(connection, importers)
            found = connection.execute("select payer_unit_number from payer_unit order by 1")
            units = [unit for (unit,) in found]
        with open_office(settings) as office:
            tokens = [
                vault.capture(office.connection, office.keys, details=account(n), clock=clock)
                for n in range(len(units))
            ]
            values = {"units": units, "tokens": tokens, "at": clock.now()}
            office.connection.execute(_BIND, values)
        with self.there.connect() as connection:
            connection.execute(_TOKENS, values)

    def take_in(self, path: Path) -> tuple[int, str]:
        """Take the file of entries in, a chunk a transaction."""
        told = intake.load(self.there.settings, path)
        said = ", ".join(f"{count:,} {status}" for status, count in sorted(told.items()))
        return told.total(), said

    def agency(self, on: date, part: day.Part) -> Iterator[Step]:
        """Run a part of the agency's day, a line for each of its steps."""
        means = day.Agency(self.there.connect, self.link, Policy(), RehearsalClock(on))
        told: list[str] = []
        for step in day.STEPS:
            if step.part == part:

                def work(step: day.Step = step) -> tuple[int, str]:
                    told.append(step.run(means, on))
                    return 0, told[-1]

                yield timed(self.there, f"{on:%a}: {step.name}", work)

    def authorize(self) -> tuple[int, str]:
        """Authorize every statement in full ABI batches."""
        sender, site = self.there.sender(), Sender(SITE, SENDER, self.there.password)
        payables = sorted(self.there.payables(), key=lambda each: each.filer_code)
        batches = [payables[n : n + BATCH] for n in range(0, len(payables), BATCH)]
        for batch in batches:
            taken = abi_door.take_batch(
                self.there.connect,
                sender=sender,
                raw=authorization_batch(site, [order_of(each) for each in batch]).encode(),
                idempotency_key=None,
                clock=RehearsalClock(TUESDAY),
                policy=Policy(),
            )
            if taken.answer.count("\nE1A") != len(batch):
                raise AssertionError("a statement was refused")
        return len(payables), f"{len(batches)} batches"

    def bank_day(self, on: date) -> tuple[int, str]:
        """Run the bank's day."""
        with open_office(self.there.settings) as office:
            done = list(run_until(office, on, rehearsal=True))
        return 0, "; ".join(dict.fromkeys(each.summary for each in done))

    def operate(self, on: date) -> tuple[int, str]:
        """Let the operator work for a day."""
        report = self.operator.run(on)
        said = f"{len(report.accepted)} accepted, {len(report.refused)} refused files"
        return report.settled_count, f"{said}, {report.settled_count:,} debits settled"

    def hear(self, on: date) -> tuple[int, str]:
        """Let the bank take in what the operator delivered."""
        with open_office(self.there.settings) as office:
            done = list(run_intake(office))
        return 0, "; ".join(dict.fromkeys(each.summary for each in done))

    def banks(self, on: date) -> Iterator[Step]:
        """Run the banks' day: bank, operator, and what the bank hears of it."""
        for name, work in (
            ("bank's day", self.bank_day),
            ("operator's day", self.operate),
            ("bank's intake", self.hear),
        ):
            yield timed(self.there, f"{on:%a}: {name}", partial(work, on))

    def command(self, *arguments: str) -> tuple[int, str]:
        """Run a command of the product, which must end well; give its last line."""
        done = subprocess.run(  # noqa: S603 - our own program
            [COMMAND, *arguments],
            env=self.there.settings.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise AssertionError(f"customhouse {arguments[0]}: {done.stdout}{done.stderr}")
        return 0, done.stdout.strip().splitlines()[-1]

    def count_finals(self) -> tuple[int, str]:
        """Count the statements, all of which must be final, and their money the treasury's."""
        with self.there.connect() as connection:
            counted = connection.execute(_ENDS).fetchone()
        statements, unpaid, due_cents, settled_cents = counted or (0, 0, 0, 0)
        if unpaid or due_cents != settled_cents:
            raise AssertionError(f"{unpaid} of {statements} statements are not paid")
        return statements, f"{format_dollars(settled_cents)} in the treasury"

    def check_files(self) -> tuple[int, str]:
        """Check every ACH file that the bank released, with the product's own command."""
        folder = self.there.settings.exchange_directory / "archive" / "outbound"
        files = sorted(folder.glob("*.ach"))
        said = [self.command("ach", "check", str(path))[1] for path in files]
        if not said:
            raise AssertionError("the bank released no file")
        return len(files), said[0]


def account(number: int) -> AccountDetails:
    """Give a fictitious account."""
    return AccountDetails.read(
        routing_number="091000022",
        account_number=f"7001{number:010}",
        account_type="checking",
        holder_name=f"FICTITIOUS PAYER {number}",
    )


def order_of(payable: Payable) -> Authorization:
    """Give the order to pay a statement."""
    return Authorization(
        "3901",
        payable.filer_code,
        payable.statement_number,
        payable.payer_unit_number,
        payable.total_cents,
    )


def days(nation: Nation) -> Iterator[Step]:
    """Go on from Tuesday's evening until the money of the debits has come."""
    today = TUESDAY
    yield from nation.agency(today, "evening")
    while today < LAST_DAY:
        following, between = FEDERAL_OFFICES.next(today), today
        while between < following:
            yield from nation.banks(between)
            between = FEDERAL_RESERVE.next(between)
        today = following
        yield from nation.agency(today, "morning")
        yield from nation.agency(today, "evening")


def run(count: int) -> Iterator[Step]:
    """Run the whole of it on servers of its own, which are removed at the end."""
    ports = min(99, max(1, count // len(harbor.FILERS) // ENTRIES_A_STATEMENT))
    with harbor.running(open_on=MONDAY) as there:
        settings = there.settings
        path = settings.data_directory / "entries.csv"
        intake.write_file(path, count, ports)
        with harbor.serving(there, "bank"):
            link = BankLink(settings.bank_url, settings.rails_token)
            operator = Operator(settings.exchange_directory, settings.data_directory / "operator")
            nation = Nation(there, link, operator)
            nation.prepare()
            yield timed(there, "intake", lambda: nation.take_in(path))
            path.unlink()
            yield from nation.agency(MONDAY, "evening")
            yield from nation.agency(TUESDAY, "morning")
            yield timed(there, "Tue: authorizations in ABI batches", nation.authorize)
            yield from days(nation)
        yield timed(there, "ledger check", lambda: nation.command("ledger", "check"))
        yield timed(there, "ach check", nation.check_files)
        yield timed(there, "final statements", nation.count_finals)


def main() -> None:
    """Run it and print a line for each step that took long enough to be told."""
    began = time.monotonic()
    print(f"{'step':34} {'rows':>9} {'wall':>10} {'ours':>10} {'databases':>10} {'peak':>8}")
    for step in run((rows.numbers() or [NATION])[0]):
        if step.seconds >= 0.5 or step.count:
            print(step.sentence, flush=True)
    print(f"{'all':34} {'':>9} {time.monotonic() - began:8.1f} s", flush=True)


if __name__ == "__main__":
    main()
