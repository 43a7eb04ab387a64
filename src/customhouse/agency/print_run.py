"""The print run: entry summaries whose print date has come become preliminary statements.

One filer is one transaction and so one checkpoint: a run that was killed goes on with the filers
that are left, and a second run finds nothing to print. Statements go to the filer's receiver as
one PF batch, in the same transaction (DEB-01).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import checkpoints, closures, outbox, parties, payer_statements, printed
from customhouse.agency import statements_store as sql
from customhouse.agency.policy import Policy
from customhouse.agency.statements import ScheduledEntry, StatementGroup, grouped, line_of
from customhouse.clock import Clock
from customhouse.formats.abi_statement import DailyStatement, line_records, totals_of
from customhouse.identifiers import StatementNumber, fiscal_year
from customhouse.observability import failure_of

log = logging.getLogger("customhouse.failure")

Connect = Callable[[], AbstractContextManager[Connection]]

STEP = "print"


@dataclass(frozen=True, slots=True)
class PrintRun:
    """What a run printed: statements, entries and their total in cents.

    ``failed`` names each filer that could not be printed, with the type of the failure.
    """

    statements: int = 0
    entries: int = 0
    total_cents: int = 0
    failed: tuple[str, ...] = ()

    @property
    def figures(self) -> dict[str, int]:
        """Give the figures by name, as a checkpoint keeps them."""
        return {
            "statements": self.statements,
            "entries": self.entries,
            "total_cents": self.total_cents,
        }

    def plus(self, other: PrintRun) -> PrintRun:
        """Add the figures of another run."""
        return PrintRun(
            self.statements + other.statements,
            self.entries + other.entries,
            self.total_cents + other.total_cents,
            self.failed + other.failed,
        )


def print_statements(
    connect: Connect, print_date: date, clock: Clock, *, policy: Policy | None = None
) -> PrintRun:
    """Print every statement due by a day; give what was printed now (nothing on a second run).

    A filer that cannot be printed keeps nobody else's statements back (failure B10): its entries
    wait for the next run, and the failure is logged and named in the result. So do the entries of
    a port that is closed on the day.
    """
    with connect() as connection:
        known = closures.calendars(connection, policy or Policy(), on=print_date)
        closed_ports = known.closed_ports(print_date)
        due = {"print_date": print_date, "closed_ports": closed_ports}
        filers = connection.execute(sql.FILERS_TO_PRINT, due).fetchall()
    run = PrintRun()
    for (filer_code,) in filers:
        try:
            with connect() as connection:
                filer = _print_filer(
                    connection, filer_code, print_date, closed_ports=closed_ports, clock=clock
                )
            run = run.plus(filer)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this filer's alone
            data = {"filer": filer_code, **failure_of(error)}
            log.error("a filer's statements were not printed", extra={"data": data})
            run = run.plus(PrintRun(failed=(f"{filer_code} ({type(error).__name__})",)))
    return run


def _print_filer(
    connection: Connection,
    filer_code: str,
    print_date: date,
    *,
    closed_ports: list[str],
    clock: Clock,
) -> PrintRun:
    values = {"filer_code": filer_code, "print_date": print_date, "closed_ports": closed_ports}
    connection.execute(sql.HOLD_ENTRIES_TO_PRINT, values)
    with connection.cursor(row_factory=class_row(ScheduledEntry)) as cursor:
        entries = cursor.execute(sql.ENTRIES_TO_PRINT, values).fetchall()
    groups = list(grouped(entries))
    if not groups:
        return PrintRun()
    numbers = _take_numbers(connection, groups, print_date)
    images = [
        _image(group, number, print_date) for group, number in zip(groups, numbers, strict=True)
    ]
    _record(connection, filer_code, images, due_dates=[group.due_on for group in groups])
    _tell(connection, filer_code, images, print_date, clock)
    of_importers = [each.number for each in images if each.importer_number]
    if of_importers:
        payer_statements.tell(
            connection, filer_code, numbers=of_importers, today=print_date, clock=clock
        )
    run = PrintRun(
        statements=len(images),
        entries=len(entries),
        total_cents=sum(each.preliminary.amount_cents for each in images),
    )
    chunk = checkpoints.Chunk(print_date, STEP, f"{filer_code}/{images[0].number}")
    checkpoints.record(connection, chunk, figures=run.figures, clock=clock)
    return run


def _take_numbers(
    connection: Connection, groups: Sequence[StatementGroup], print_date: date
) -> list[str]:
    """Take statement numbers per district of the processing port, in the order of the groups."""
    districts = [group.processing_port[:2] for group in groups]
    next_sequence = {}
    for district in sorted(set(districts)):
        count = districts.count(district)
        values = {
            "district": district,
            "print_date": _numbered_with(print_date),
            "count": count,
        }
        row = connection.execute(sql.TAKE_SEQUENCES, values).fetchone()
        if row is None:
            raise AssertionError("an upsert with returning gives a row")
        next_sequence[district] = row[0] - count + 1
    numbers = []
    for district in districts:
        sequence = next_sequence[district]
        next_sequence[district] = sequence + 1
        numbers.append(str(StatementNumber.compose(district, print_date, n=sequence)))
    return numbers


def _numbered_with(print_date: date) -> date:
    """Give the day under which a print date counts its sequences: itself, but for one day.

    In a leap year 30 September is day 274, as 1 October was when its fiscal year began: both have
    the same DDFYJJJ and must share the sequences behind it.
    """
    first_day = date(fiscal_year(print_date) - 1, 10, 1)
    same_number = first_day.timetuple().tm_yday == print_date.timetuple().tm_yday
    return first_day if same_number else print_date


def _image(group: StatementGroup, number: str, print_date: date) -> DailyStatement:
    lines = tuple(line_of(entry) for entry in group.entries)
    return DailyStatement(
        status="P",
        number=number,
        print_date=print_date,
        payment_type=group.payment_type,
        importer_number=group.importer_number,
        filer_code=group.filer_code,
        port=group.processing_port,
        lines=lines,
        preliminary=totals_of(lines),
        paid=None,
        removed=(),
        client_branch=group.client_branch,
    )


def _record(
    connection: Connection,
    filer_code: str,
    images: Sequence[DailyStatement],
    *,
    due_dates: Sequence[date | None],
) -> None:
    connection.execute(
        sql.INSERT_STATEMENTS,
        {
            "filer_code": filer_code,
            "print_date": images[0].print_date,
            "numbers": [each.number for each in images],
            "payers": _payers(connection, filer_code, images),
            "payment_types": [each.payment_type for each in images],
            "ports": [each.port for each in images],
            "client_branches": [each.client_branch for each in images],
            "importers": [each.importer_number for each in images],
            "due_dates": list(due_dates),
            "cents": [each.preliminary.amount_cents for each in images],
        },
    )
    placed = [
        (each.number, line_number, line)
        for each in images
        for line_number, line in enumerate(each.lines, start=1)
    ]
    values = {
        "filer_code": filer_code,
        "numbers": [number for number, _, _ in placed],
        "entries": [line.entry_number for _, _, line in placed],
    }
    connection.execute(
        sql.INSERT_LINES,
        {
            **values,
            "importers": [line.importer_number for _, _, line in placed],
            "printed": ["\n".join(line_records(line)) for _, _, line in placed],
            "lines": [line_number for _, line_number, _ in placed],
            "cents": [line.amount_due_cents for _, _, line in placed],
        },
    )
    connection.execute(sql.MARK_ENTRIES, values)


def _payers(connection: Connection, filer_code: str, images: Sequence[DailyStatement]) -> list[int]:
    """Find the ledger's payer of each statement: its filer (type 2) or its importer (3, 5).

    For a number without suffix it is the party of suffix 00, or of the lowest one registered.
    """
    row = connection.execute(sql.PARTY_OF_FILER, {"filer_code": filer_code}).fetchone()
    if row is None:
        raise AssertionError("intake takes no entry of an unknown filer")
    wanted = sorted({each.importer_number for each in images if each.importer_number})
    values = {"importer_numbers": wanted}
    rows = connection.execute(sql.PARTIES_OF_IMPORTERS, values).fetchall()
    importers: dict[str, int] = dict(rows)
    return [importers[each.importer_number] if each.importer_number else row[0] for each in images]


def _tell(
    connection: Connection,
    filer_code: str,
    images: Sequence[DailyStatement],
    print_date: date,
    clock: Clock,
) -> None:
    receiver = parties.receiver_of(connection, [filer_code]).get(filer_code)
    if receiver is None:
        return
    message = printed.message(
        receiver,
        images,
        prepared_on=print_date,
        reason=f"preliminary statements of {print_date.isoformat()}",
        natural_key=f"P/{filer_code}/{images[0].number}",
    )
    outbox.put_messages(connection, [message], created_on=print_date, clock=clock)
