"""The bytes of an outbound file: the plain codec's, a function of rows, at every size (G7, C11)."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg
import pytest

from customhouse.bank import bank_file_bytes, bank_files, origination, profile, vault
from customhouse.bank.exchange import Exchange
from customhouse.bank.office import Office
from customhouse.clock import RehearsalClock
from customhouse.formats.nacha_file import write_file
from customhouse.formats.nacha_records import Addenda05, BatchHeader, Entry, FileHeader
from customhouse.money import MAX_ENTRY_CENTS
from tests.integration.bank.branch import FRIDAY, TUESDAY, WEDNESDAY, Branch, details, instruction
from tests.integration.bank.operator_files import (
    acknowledgement,
    deliver,
    outbound,
    returns,
    sent,
    settlement,
)

ADD_DEBITS = """
insert into debit (instruction_id, payer_unit_number, statement_number, amount_cents, accepted_on,
  debit_on, state, answered_state, received_at)
select 'B76-' || lpad(position::text, 10, '0') || '-1', '000001', lpad(position::text, 10, '0'),
  amount_cents, %(on)s, %(on)s, 'received', 'received', %(at)s
from unnest(%(amounts)s::bigint[]) with ordinality as new (amount_cents, position)
"""
ROWS = """
select entry.account_token, entry.trace_number, debit.statement_number, debit.amount_cents
from debit_entry entry join debit using (instruction_id) order by entry.file_id, entry.position
"""
PARTS = """
select array_agg(debit.amount_cents order by entry.position), file.entries, file.debit_cents,
  array_agg(entry.trace_number order by entry.position)
from bank_file file join debit_entry entry using (file_id) join debit using (instruction_id)
group by file.file_id order by file.file_id
"""


def plainly(office: Office, created_on: date) -> bytes:
    """Write the one file of a bank as its page says, entry by entry, with the plain codec."""
    rows = office.connection.execute(ROWS.encode()).fetchall()
    opened = vault.open_accounts(
        office.connection,
        office.keys,
        tokens=[row[0] for row in rows],
        purpose="test",
        clock=office.clock,
    )
    entries = []
    for token, trace, statement, cents in rows:
        account = opened[token]
        text = f"RMR*ST*{statement}**{cents // 100}.{cents % 100:02d}\\"
        entry = Entry(
            transaction_code=37 if account.account_type == "savings" else 27,
            receiving_dfi=account.routing_number.dfi,
            check_digit=account.routing_number.check_digit,
            account_number=account.account_number,
            amount_cents=cents,
            identification_number=statement,
            receiving_name=account.holder_name,
            discretionary_data="",
            trace_number=trace,
            addenda=(Addenda05.of(trace, text),),
        )
        entries.append(entry)
    header = FileHeader(
        "010203046",
        "123456780",
        created_on,
        "0900",
        "A",
        destination_name="EXAMPLE ACH OPERATOR",
        origin_name="EXAMPLE PROCESSOR BANK",
    )
    batch = BatchHeader(
        service_class_code=225,
        company_name="US CUSTOMS DUTY",
        company_discretionary_data="",
        company_identification="9CUSTOMS01",
        sec_code="CCD",
        entry_description="CUSTOMSDTY",
        descriptive_date="",
        effective_entry_date=WEDNESDAY,
        settlement_day=None,
        originator_status_code="1",
        odfi_identification="12345678",
        batch_number=1,
    )
    stream = io.BytesIO()
    write_file(stream, header, batches=[(batch, entries)])
    return stream.getvalue()


@pytest.mark.parametrize("at_once", [1, 2, 7, 150, 10_000])
def test_a_file_is_byte_for_byte_what_the_plain_codec_writes(
    branch: Branch, exchange: Exchange, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """Whatever the pieces in which accounts are opened, and with every kind of account."""
    monkeypatch.setattr(bank_file_bytes, "ENTRIES_AT_ONCE", at_once)
    monkeypatch.setattr(bank_files, "ENTRIES_AT_ONCE", at_once)
    source = random.Random(at_once)
    branch.open_units(*range(1, 9))
    with branch.office() as office:
        saver = replace(details(9, account_type="savings"), account_number="A1")
        token = vault.capture(office.connection, office.keys, details=saver, clock=office.clock)
        office.connection.execute(
            "insert into payer_unit values ('000009', %s, %s)", [token, office.clock.now()]
        )
    amounts = [1, 99, MAX_ENTRY_CENTS, *(source.randrange(1, 10**7) for _ in range(150))]
    debits = [
        instruction(number, amount_cents=cents, unit=source.randrange(1, 10))
        for number, cents in enumerate(amounts, 1)
    ]
    branch.instruct(*debits)
    branch.run(TUESDAY)
    (path,) = outbound(exchange)
    with branch.office() as office:
        expected = plainly(office, TUESDAY)
    content = path.read_bytes()
    # The time of creation is the bank's; everything else is said by the rows.
    assert content[29:33].isdigit()
    assert content[:29] + b"0900" + content[33:] == expected
    events = [(event.event_id, event.trace_number) for event in branch.events()]
    assert events == [
        (f"{debit.instruction_id}:1:in_file", f"12345678{number:07d}")
        for number, debit in enumerate(debits, 1)
    ]


def split_by(amounts: list[int], most_entries: int, most_cents: int) -> list[list[int]]:
    """Part amounts as a person would: fill a file until the next one does not fit."""
    parts: list[list[int]] = [[]]
    for cents in amounts:
        if len(parts[-1]) == most_entries or sum(parts[-1]) + cents > most_cents:
            parts.append([])
        parts[-1].append(cents)
    return parts


@pytest.mark.parametrize("seed", range(4))
def test_a_day_of_large_debits_is_split_before_a_total_overflows(
    branch: Branch, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """The parts add up to the whole, in order, with traces that never repeat (C11, G12)."""
    source = random.Random(seed)
    if seed == 0:
        amounts = [MAX_ENTRY_CENTS] * 450
    else:
        amounts = [
            source.choice((1, 2_000_000, MAX_ENTRY_CENTS, source.randrange(1, MAX_ENTRY_CENTS)))
            for _ in range(900)
        ]
    most_entries = source.choice((73, 499_999))
    monkeypatch.setattr(profile, "MOST_ENTRIES_IN_FILE", most_entries)
    branch.open_units(1)
    with branch.office() as office:
        office.connection.execute(
            ADD_DEBITS.encode(), {"amounts": amounts, "on": TUESDAY, "at": office.clock.now()}
        )
        count = origination.plan(replace(office, clock=RehearsalClock(TUESDAY)), TUESDAY)
    rows = branch.rows(PARTS)
    parts = [list(row[0]) for row in rows]  # type: ignore[call-overload]
    assert parts == split_by(amounts, most_entries, 999_999_999_999)
    assert len(parts) == count
    assert [(row[1], row[2]) for row in rows] == [(len(part), sum(part)) for part in parts]
    assert sum(map(sum, parts)) == sum(amounts)
    traces = [trace for row in rows for trace in row[3]]  # type: ignore[attr-defined]
    assert traces == [f"12345678{number:07d}" for number in range(1, len(amounts) + 1)]


@pytest.mark.parametrize(
    ("last", "count", "first"),
    [(0, 1, 1), (41, 10, 42), (9_999_998, 1, 9_999_999), (9_999_998, 2, 1), (9_999_999, 1, 1)],
)
def test_traces_ascend_and_never_wrap_inside_a_file(
    branch: Branch, last: int, count: int, first: int
) -> None:
    branch.open_units(1)
    branch.instruct(*[instruction(number) for number in range(1, count + 1)])
    with branch.office() as office:
        office.connection.execute("insert into trace_sequence values ('12345678', %s)", [last])
        assert origination.plan(replace(office, clock=RehearsalClock(TUESDAY)), TUESDAY) == 1
    expected = [f"12345678{first + place:07d}" for place in range(count)]
    assert [row[1] for row in branch.rows(ROWS)] == expected
    kept = branch.rows("select last_sequence from trace_sequence")
    assert kept == [(first + count - 1,)]


def test_a_day_of_many_debits_takes_the_statements_of_a_day_of_few(
    branch: Branch, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From planning to returns: no statement is for one debit alone."""
    sent_statements: list[object] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *arguments: Any, **named: Any) -> Any:
        sent_statements.append(query)
        return execute(self, query, *arguments, **named)

    branch.open_units(*range(1, 9))
    counts = []
    for first, many in ((1, 1), (10, 400)):
        debits = [instruction(first + n, unit=1 + n % 8) for n in range(many)]
        for start in range(0, many, 200):
            branch.instruct(*debits[start : start + 200])
        with monkeypatch.context() as patch:
            patch.setattr(psycopg.Cursor, "execute", counted)
            sent_statements.clear()
            branch.run(TUESDAY)
            path = outbound(exchange)[-1]
            debits_out = sent(path)
            deliver(exchange, f"{path.stem}.ack.json", acknowledgement(path))
            report = settlement(debits_out, WEDNESDAY)
            deliver(exchange, f"{path.stem}.settlement.csv", report)
            back = returns(
                [(each, "R01") for each in debits_out], created_on=FRIDAY, settled_on=FRIDAY
            )
            deliver(exchange, f"{path.stem}.ret.ach", back)
            branch.intake()
        counts.append(len(sent_statements))
        path.unlink()
    assert counts[0] == counts[1]
    assert branch.rows("select state, count(*) from debit group by 1") == [("returned", 401)]
