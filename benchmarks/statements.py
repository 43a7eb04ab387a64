"""Times a day of statements: print run, authorizations in full batches, finals.

Entry summaries are written straight into the tables, because intake has a benchmark of its own.
Everything else goes through the commands of the agency, in one process, on an embedded server
with fsync on. Give the number of entry summaries (150,000 by default).
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from functools import partial
from pathlib import Path

from psycopg import Connection

from customhouse import database
from customhouse.agency import abi_door, business_day, finals, parties, registration
from customhouse.agency.parties import Filer
from customhouse.agency.party_rules import NewSender
from customhouse.agency.policy import Policy
from customhouse.agency.print_run import print_statements
from customhouse.clock import RehearsalClock
from customhouse.settings import Settings
from customhouse.trade.client_abi import Authorization, Sender, authorization_batch

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
FILERS = [f"{letter}{number:02}" for letter in "ABCDE" for number in range(20)]
PORTS = tuple(f"39{number:02}" for number in range(1, 100))
BATCH = 9_999

ENTRIES = """
insert into entry_summary (filer_code, entry_number, importer_number, port_of_entry,
  processing_port, entry_type, entry_date, payment_type, print_date, received_at)
select (%(filers)s::text[])[1 + n %% 100], lpad(n::text, 8, '0'), '12-345678900', '3901',
       (%(ports)s::text[])[1 + (n / 100) %% 99], '01', %(monday)s, '2', %(tuesday)s, %(at)s
from generate_series(0, %(count)s - 1) as n
"""
CHARGES = """
insert into entry_charge (filer_code, entry_number, class_code, amount_cents)
select filer_code, entry_number, c.code, c.cents
from entry_summary cross join (values ('001', 100000), ('499', 3358), ('501', 1250))
  as c(code, cents)
"""

Connect = Callable[[], AbstractContextManager[Connection]]


def prepare(connect: Connect, count: int) -> str:
    """Register the filers and one sender, open Monday, write the entries; give its token."""
    clock = RehearsalClock(MONDAY)
    with connect() as connection:
        filers = [Filer(code, f"Fictitious Filer {code}", PORTS) for code in FILERS]
        registration.register_filers(connection, filers)
        new = NewSender("3901", "BEN", "", tuple(FILERS), tuple(FILERS))
        (outcome,) = registration.register_senders(connection, [new])
        connection.execute(
            "insert into payer_unit select (100000 + row_number() over ())::text, party_id,"
            " 'acct_' || filer_code, %s from filer",
            (MONDAY,),
        )
        business_day.open_day(connection, MONDAY, clock)
        values = {"filers": FILERS, "ports": list(PORTS), "count": count}
        values |= {"monday": MONDAY, "tuesday": TUESDAY, "at": clock.now()}
        connection.execute(ENTRIES, values)
        connection.execute(CHARGES)
        business_day.close_day(connection, MONDAY, clock)
        business_day.open_day(connection, TUESDAY, RehearsalClock(TUESDAY))
    if outcome.credential is None:
        raise AssertionError("a new sender gets a credential")
    with connect() as connection:
        connection.execute("analyze")
    return f"{outcome.credential.token} {outcome.credential.password}"


def authorize(connect: Connect, secret: str) -> tuple[int, int]:
    """Authorize every statement in full batches; give how many statements and batches."""
    token, password = secret.split()
    with connect() as connection:
        sender = parties.sender_by_token(connection, token)
        rows = connection.execute(
            "select s.filer_code, statement_number, total_cents, payer_unit_number"
            " from statement s join filer f using (filer_code)"
            " join payer_unit u on u.owner_party_id = f.party_id order by 1, 2"
        ).fetchall()
    if sender is None:
        raise AssertionError("the sender was registered before")
    orders = [
        Authorization("3901", filer, number, unit, cents) for filer, number, cents, unit in rows
    ]
    batches = [orders[first : first + BATCH] for first in range(0, len(orders), BATCH)]
    for batch in batches:
        text = authorization_batch(Sender("3901", "BEN", password), batch)
        taken = abi_door.take_batch(
            connect,
            sender=sender,
            raw=text.encode(),
            idempotency_key=None,
            clock=RehearsalClock(TUESDAY),
            policy=Policy(),
        )
        accepted = taken.answer.count("E1A")
        if accepted != len(batch):
            raise AssertionError(f"{accepted} of {len(batch)} were accepted")
    return len(orders), len(batches)


def send_finals(connect: Connect) -> int:
    """Hand every authorization to the bank, so to speak, and send the finals of Wednesday."""
    with connect() as connection:
        connection.execute("update authorization_attempt set state = 'with_bank'")
    return finals.send_finals(
        connect, WEDNESDAY, policy=Policy(), clock=RehearsalClock(WEDNESDAY)
    ).sent


def timed(name: str, work: Callable[[], str]) -> None:
    """Do one part and print its line: wall and own CPU seconds, and the peak of memory."""
    began, cpu = time.monotonic(), time.process_time()
    said = work()
    seconds, own = time.monotonic() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:12} {seconds:7.2f} s ({own:.2f} s of it ours), peak {peak} MB: {said}")


def main() -> None:
    """Measure on servers of its own, which are stopped and removed at the end."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 150_000
    with tempfile.TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory))
        database.start_servers(settings)
        try:
            database.migrate(settings, "agency", clock=RehearsalClock(MONDAY))
            connect = partial(database.connect, settings, "agency")
            secret = prepare(connect, count)
            clock = RehearsalClock(TUESDAY)
            timed("print run", lambda: str(print_statements(connect, TUESDAY, clock)))
            words = "{} statements in {} batches"
            timed("authorize", lambda: words.format(*authorize(connect, secret)))
            timed("finals", lambda: f"{send_finals(connect)} statements")
        finally:
            database.stop_servers(settings)


if __name__ == "__main__":
    main()
