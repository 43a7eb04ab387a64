"""The fictitious sender, batches and statement that the tests of the ABI formats share."""

from datetime import date
from pathlib import Path

from customhouse.formats.abi_batch import Rejection, SenderProfile, read_batch
from customhouse.formats.abi_statement import (
    DailyStatement,
    EntryLine,
    StatementTotals,
    totals_of,
)

GOLDEN = Path(__file__).parents[2] / "golden" / "abi"
PASSWORD = "SECRET"
PROFILE = SenderProfile(
    site_code="3901",
    id_code="B76",
    office_code="",
    password_matches=PASSWORD.__eq__,
    filer_ports={"B76": frozenset({"3901", "2704"}), "X12": frozenset({"3901"})},
    applications=frozenset({"RM", "SU"}),
)
HEADER = "A3901B76SECRET112326     RM"
BLOCK = "B  3901B76RM"
ITEM = "PT12345602B76 39273270010000104608"
BLOCK_END = "Y  3901B76RM"
END = "Z3901B76      112326"
GOOD = (HEADER, BLOCK, ITEM, BLOCK_END, END)


def golden(name: str) -> str:
    """Give the text of a golden file."""
    return (GOLDEN / f"{name}.txt").read_text(encoding="ascii")


def batch(*records: str) -> bytes:
    """Pad records to 80 columns and join them as a batch."""
    return ("\n".join(record.ljust(80) for record in records) + "\n").encode()


def with_record(number: int, record: str) -> bytes:
    """Give the good batch with one record replaced; numbers count from 1."""
    records = list(GOOD)
    records[number - 1] = record
    return batch(*records)


def refusal(raw: bytes) -> Rejection:
    """Read a batch that must be rejected."""
    rejection = read_batch(raw, PROFILE)
    assert isinstance(rejection, Rejection), rejection
    return rejection


def faults(raw: bytes) -> list[tuple[str, int, int]]:
    """Give code, record and position of each fault of a batch that must be rejected."""
    return [(fault.code, fault.record, fault.position) for fault in refusal(raw).faults]


PRINT_DATE = date(2026, 11, 23)
DUTIABLE = EntryLine(
    port_of_entry="3901",
    filer_code="B76",
    entry_number="03245278",
    importer_number="12-345678900",
    print_date=PRINT_DATE,
    duty_cents=100_000,
    tax_cents=0,
    deferred_tax=False,
    broker_reference="REF000001",
    consolidated=False,
    entry_type="03",
    antidumping_cents=25_000,
    countervailing_cents=0,
    payment_type="3",
    payable=True,
    countervailing_paid=True,
    antidumping_paid=False,
    team_number="701",
    interest_cents=0,
    fees=(("499", 3358), ("501", 1250)),
)
FREE = EntryLine(
    port_of_entry="3901",
    filer_code="B76",
    entry_number="03246011",
    importer_number="12-345678900",
    print_date=PRINT_DATE,
    duty_cents=0,
    tax_cents=0,
    deferred_tax=False,
    broker_reference="REF000002",
    consolidated=False,
    entry_type="01",
    antidumping_cents=0,
    countervailing_cents=0,
    payment_type="3",
    payable=False,
    countervailing_paid=True,
    antidumping_paid=True,
    team_number="701",
    interest_cents=0,
    fees=(),
)


def statement(status: str = "P") -> DailyStatement:
    """Give the statement of the golden files, preliminary or final."""
    lines = (DUTIABLE, FREE)
    paid: StatementTotals | None = totals_of(lines) if status == "F" else None
    return DailyStatement(
        status=status,
        number="3927327001",
        print_date=PRINT_DATE,
        payment_type="3",
        importer_number="12-345678900",
        filer_code="B76",
        port="3901",
        lines=lines,
        preliminary=totals_of(lines),
        paid=paid,
        removed=(),
    )
