"""Times the bank's side of a big day: debits planned, written, checked and released, then reported.

Payers and accounts are made up; every debit has an account of its own, which is the most work for
the vault. Runs in one process on an embedded server with fsync on; memory is that of this process
and never shrinks, so the later rows hold the peak of the earlier ones. Give the number of debits
(100,000 by default).
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from benchmarks import rows
from customhouse import database
from customhouse.bank import bank_files, inbound, origination, profile, vault
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.day import open_office
from customhouse.bank.exchange import Exchange, digest
from customhouse.bank.office import Office
from customhouse.clock import RehearsalClock
from customhouse.formats.nacha_file import read_items, write_file
from customhouse.formats.nacha_records import Addenda99, BatchHeader, Entry, FileHeader
from customhouse.settings import Settings

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 25)
AMOUNTS = 1_000_000
DEBITS, QUICK_DEBITS = 100_000, 10_000
RETURNS_IN_BATCH = 400_000
RETURNS_HEADER = FileHeader(
    immediate_destination=profile.BANK_ROUTING.number,
    immediate_origin=profile.OPERATOR_ROUTING.number,
    creation_date=WEDNESDAY,
    creation_time="0830",
    file_id_modifier="A",
)
RETURNS_BATCH = BatchHeader(
    service_class_code=profile.DEBITS_ONLY,
    company_name=profile.COMPANY_NAME,
    company_discretionary_data="",
    company_identification=profile.COMPANY_IDENTIFICATION,
    sec_code="CCD",
    entry_description=profile.ENTRY_DESCRIPTION,
    descriptive_date="",
    effective_entry_date=WEDNESDAY,
    settlement_day=WEDNESDAY.timetuple().tm_yday,
    originator_status_code="1",
    odfi_identification="11111111",
    batch_number=1,
)

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


def day(office: Office, count: int) -> Iterator[rows.Row]:
    """Originate, then take in what the operator says of every debit: one row for each part."""
    planned = part(office, "planned into files", count, lambda: origination.plan(office, TUESDAY))
    yield planned
    out = part(
        office,
        "written, checked, sealed and released",
        count,
        lambda: bank_files.release_all(office),
    )
    yield out
    later = replace(office, clock=RehearsalClock(WEDNESDAY))
    for what, deliver in (
        ("acknowledged", deliver_acknowledgements),
        ("reported as settled, matched and told", deliver_settlements),
        ("reported as returned, matched and told", deliver_returns),
    ):
        apart(deliver, office.exchange)
        yield part(later, what, count, lambda: inbound.take_in(later))


def apart(deliver: Callable[[Exchange], None], exchange: Exchange) -> None:
    """Play the operator in a process of its own, whose memory is not the bank's."""
    child = os.fork()
    if child == 0:
        deliver(exchange)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise SystemExit("the operator's files were not written")


def sent_files(exchange: Exchange) -> Iterator[tuple[Path, list[Entry]]]:
    """Give each file that is out with its entries."""
    for path in sorted(exchange.archive("outbound").glob("*.ach")):
        with path.open("rb") as source:
            yield path, [each for each in read_items(source) if isinstance(each, Entry)]


def deliver_acknowledgements(exchange: Exchange) -> None:
    """Accept every file."""
    for path, entries in sent_files(exchange):
        values = {
            "file": path.name,
            "sha256": digest(path),
            "accepted": True,
            "reason": "",
            "entries": len(entries),
            "debit_cents": sum(each.amount_cents for each in entries),
            "credit_cents": 0,
        }
        (exchange.inbound / f"{path.stem}.ack.json").write_text(json.dumps(values))


def deliver_settlements(exchange: Exchange) -> None:
    """Report every debit as settled, a report for each file."""
    for path, entries in sent_files(exchange):
        lines = ["trace_number,amount_cents,settlement_date"]
        lines += [f"{each.trace_number},{each.amount_cents},{WEDNESDAY}" for each in entries]
        report = exchange.inbound / f"{path.stem}.settlement.csv"
        report.write_text("\n".join([*lines, ""]))


def deliver_returns(exchange: Exchange) -> None:
    """Send every debit back for want of funds, a file of returns for each file."""
    for path, entries in sent_files(exchange):
        with (exchange.inbound / f"{path.stem}.ret.ach").open("wb") as target:
            write_file(target, RETURNS_HEADER, batches=_returned(entries))


def _returned(entries: list[Entry]) -> Iterator[tuple[BatchHeader, Iterator[Entry]]]:
    """A batch of returns counts 999,999 records too."""
    for number, first in enumerate(range(0, len(entries), RETURNS_IN_BATCH), 1):
        part_of = entries[first : first + RETURNS_IN_BATCH]
        header = replace(RETURNS_BATCH, batch_number=number)
        yield header, (_back(each, first + place) for place, each in enumerate(part_of, 1))


def _back(entry: Entry, sequence: int) -> Entry:
    trace = f"11111111{sequence:07d}"
    addenda = Addenda99(
        return_code="R01",
        original_trace=entry.trace_number,
        original_dfi=entry.receiving_dfi,
        date_of_death=None,
        information="",
        trace=trace,
    )
    return replace(
        entry,
        transaction_code=26 if entry.transaction_code == profile.DEBIT_CHECKING else 36,
        receiving_dfi=profile.BANK_ROUTING.dfi,
        check_digit=profile.BANK_ROUTING.check_digit,
        trace_number=trace,
        addenda=(addenda,),
    )


def part(office: Office, what: str, count: int, work: Callable[[], object]) -> rows.Row:
    """Do one part; give its row: wall seconds, and the processor's of program and server."""
    began, busy = time.monotonic(), time.process_time() + server_seconds(office)
    work()
    return rows.Row(
        what=f"{count:,} debits {what}",
        measured=time.monotonic() - began,
        unit="s",
        less_is_better=True,
        processor=time.process_time() + server_seconds(office) - busy,
        mb=rows.peak_mb(),
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


def measured() -> Iterator[rows.Row]:
    """Measure a day of so many debits."""
    given = rows.numbers()
    count = given[0] if given else QUICK_DEBITS if rows.is_quick() else DEBITS
    with bank() as office:
        prepare(office, count)
        yield from day(office, count)


if __name__ == "__main__":
    rows.tell(measured())
