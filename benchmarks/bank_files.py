"""Times the bank's side of a big day: debits planned, written, checked and released, then reported.

Payers and accounts are made up; every debit has an account of its own, which is the most work for
the vault. Runs in one process on an embedded server with fsync on. Give the number of debits
(100,000 by default).
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from customhouse import database
from customhouse.bank import bank_files, inbound, origination, vault
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.day import open_office
from customhouse.bank.office import Office
from customhouse.clock import RehearsalClock
from customhouse.formats.nacha_file import read_items
from customhouse.formats.nacha_records import Entry
from customhouse.settings import Settings

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
AMOUNTS = 1_000_000

ADD_ACCOUNTS = """
copy account (token, fingerprint, key_version, wrapped_key, sealed_details, captured_at) from stdin
"""
BIND_UNITS = """
insert into payer_unit (payer_unit_number, account_token, bound_at)
select lpad((row_number() over (order by token))::text, 6, '0'), token, captured_at from account
"""
ADD_DEBITS = """
insert into debit (instruction_id, payer_unit_number, statement_number, amount_cents, accepted_on,
  debit_on, state, answered_state, received_at)
select 'B76-' || lpad(n::text, 10, '0') || '-1', lpad((1 + n %% %(units)s)::text, 6, '0'),
  lpad(n::text, 10, '0'), 1 + n %% %(amounts)s, %(accepted_on)s, %(debit_on)s, 'received',
  'received', %(at)s
from generate_series(1, %(count)s) as n
"""


def prepare(office: Office, count: int) -> None:
    """Capture an account for each debit, at most 999,999, and instruct the debits."""
    units = min(count, 999_999)
    with office.connection.transaction(), office.connection.cursor() as cursor:
        with cursor.copy(ADD_ACCOUNTS) as copy:
            copy.set_types(["text", "bytea", "int4", "bytea", "bytea", "timestamptz"])
            for number in range(units):
                copy.write_row(_account(office, number))
        cursor.execute(BIND_UNITS)
        values = {"units": units, "count": count, "amounts": AMOUNTS, "at": office.clock.now()}
        values |= {"accepted_on": MONDAY, "debit_on": WEDNESDAY}
        cursor.execute(ADD_DEBITS, values)
    office.connection.execute("analyze")


def _account(office: Office, number: int) -> tuple[object, ...]:
    details = AccountDetails.read(
        routing_number=("111111118", "222222226")[number % 2],
        account_number=f"9081726{number:010d}",
        account_type="checking" if number % 5 else "savings",
        holder_name=f"EXAMPLE IMPORTER {number % 100_000}",
    )
    record = vault.seal_record(
        office.keys,
        vault.new_token("acct"),
        plain=details.to_bytes(),
        context=vault.ACCOUNT_CONTEXT,
    )
    fingerprint = office.keys.fingerprint(details.identity)
    sealed = (record.key_version, record.wrapped_key, record.sealed)
    return (record.token, fingerprint, *sealed, office.clock.now())


def originate(office: Office) -> None:
    """Plan, write, check, seal and release, a part a line."""
    part(office, "plan", lambda: f"{origination.plan(office, TUESDAY)} files")
    part(office, "release", lambda: f"{bank_files.release_all(office)} files")
    paths = list(office.exchange.outbound.glob("*.ach"))
    size = sum(path.stat().st_size for path in paths)
    print(f"             {size / 10**6:.0f} MB in {len(paths)} files")


def settle(office: Office) -> None:
    """Report every debit as settled and take that in."""
    for path in sorted(office.exchange.outbound.glob("*.ach")):
        _deliver_settlement(office, path)
    part(office, "settled", lambda: str(inbound.take_in(office)))


def _deliver_settlement(office: Office, path: Path) -> None:
    report = office.exchange.inbound / f"{path.stem}.settlement.csv"
    with path.open("rb") as source, report.with_suffix(".part").open("w") as target:
        target.write("trace_number,amount_cents,settlement_date\n")
        for item in read_items(source):
            if isinstance(item, Entry):
                target.write(f"{item.trace_number},{item.amount_cents},{WEDNESDAY}\n")
    report.with_suffix(".part").rename(report)


def part(office: Office, name: str, work: Callable[[], str]) -> None:
    """Do one part and print its line: wall and processor seconds, and the peak of memory."""
    began, own, server = time.monotonic(), time.process_time(), server_seconds(office)
    said = work()
    seconds, own = time.monotonic() - began, time.process_time() - own
    server = server_seconds(office) - server
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{name:12} {seconds:6.2f} s (busy: ours {own:.2f}, server {server:.2f}), {peak} MB: {said}"
    )


def server_seconds(office: Office) -> float:
    """Give the processor time of the server's process behind our connection; 0 where unknown."""
    stat = Path(f"/proc/{office.connection.info.backend_pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def bank() -> Iterator[Office]:
    """Give a fresh bank on a server of its own, which is stopped and removed at the end."""
    with tempfile.TemporaryDirectory(prefix="customhouse-") as directory:
        settings = Settings(data_directory=Path(directory), clock="rehearsal")
        database.start_servers(settings)
        try:
            database.migrate(settings, "bank", clock=RehearsalClock(MONDAY))
            with open_office(settings) as office:
                yield replace(office, clock=RehearsalClock(TUESDAY))
        finally:
            database.stop_servers(settings)


def main() -> None:
    """Measure a day of so many debits."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with bank() as office:
        prepare(office, count)
        originate(office)
        settle(replace(office, clock=RehearsalClock(WEDNESDAY)))


if __name__ == "__main__":
    main()
