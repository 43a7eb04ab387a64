"""Thousands of authorizations in one step: a bad line spoils nothing, a restart repeats nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import psycopg
import pytest
from psycopg import Connection

from customhouse import database
from customhouse.agency.api_requests import Answer, KeyedRequest, StoredAnswer, once
from customhouse.agency.authorization_orders import read_order
from customhouse.agency.authorize import BatchContext
from customhouse.agency.business_day import BusinessDay
from customhouse.agency.pay_statements import pay_statements, preview_payment
from tests.integration.agency.harbor import (
    BROKER,
    BROKER_UNIT,
    IMPORTER_X,
    IMPORTER_X_UNIT,
    TUESDAY,
    Harbor,
    dispositions,
)

MANY = 9_999
BAD = 7_312
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_STATEMENTS = """
insert into statement (filer_code, statement_number, payer_party_id, payment_type, processing_port,
  print_date, state, preliminary_cents, total_cents)
select 'B76', number, party_id, '2', '3901', %s, 'preliminary', 1000 + n, 1000 + n
from unnest(%s::text[]) with ordinality as g(number, n)
join filer on filer_code = 'B76'
returning statement_number
"""
_ENTRIES = """
insert into entry_summary (filer_code, entry_number, importer_number, port_of_entry,
  processing_port, entry_type, entry_date, payment_type, print_date, statement_number, received_at)
select 'B76', lpad(n::text, 8, '0'), %s, '3901', '3901', '01', %s, '2', %s, number, %s
from unnest(%s::text[]) with ordinality as g(number, n)
returning entry_number
"""
_CHARGES = """
insert into entry_charge (filer_code, entry_number, class_code, amount_cents)
select filer_code, entry_number, '001', 1000 + entry_number::integer from entry_summary
returning entry_number
"""
_LINES = """
insert into statement_entry (filer_code, statement_number, entry_number, importer_number, printed,
  line_number, amount_cents)
select filer_code, statement_number, entry_number, importer_number, '', 1,
       1000 + entry_number::integer
from entry_summary
returning entry_number
"""


def number_of(serial: int) -> str:
    """Give the n-th statement number of the day."""
    high, rest = divmod(serial, 36 * 36)
    return f"3927328{DIGITS[high]}{DIGITS[rest // 36]}{DIGITS[rest % 36]}"


@pytest.fixture
def numbers(harbor: Harbor) -> list[str]:
    """Write as many statements of one entry as one order takes; the n-th owes 1,000 + n cents."""
    harbor.open(TUESDAY)
    found = [number_of(serial) for serial in range(1, MANY + 1)]
    harbor.rows(_STATEMENTS, TUESDAY, found)
    harbor.rows(_ENTRIES, IMPORTER_X, TUESDAY, TUESDAY, harbor.clock.now(), found)
    harbor.rows(_CHARGES)
    harbor.rows(_LINES)
    return found


def pay(harbor: Harbor, connect: Callable[[], Connection], body: dict, key: str) -> StoredAnswer:
    """Send an order as the JSON door hands it over."""
    order = read_order(body, (BROKER,))
    sender_id = harbor.senders[BROKER].sender_id

    def work(connection: Connection, request_id: int, day: BusinessDay) -> Answer:
        context = BatchContext(
            sender_id=sender_id,
            batch_id=None,
            request_id=request_id,
            business_date=day.business_date,
            day_closed=day.closed,
            earlier_batches=frozenset(),
            policy=harbor.policy,
            clock=harbor.clock,
        )
        answer = pay_statements(connection, order, context=context)
        refused = [each.ordered.statement_number for each in answer.outcomes if not each.accepted]
        return Answer(200, json.dumps({"refused": refused, "all": len(answer.outcomes)}))

    raw = json.dumps(body).encode()
    request = KeyedRequest(sender_id, key=key, path="/api/v1/authorizations", body=raw)
    return once(connect, request, clock=harbor.clock, work=work)


def dying_connect(harbor: Harbor, boundary: int) -> Callable[[], Connection]:
    """Give connections whose process ends, as kill -9 would, at the n-th statement or commit."""
    passed = 0

    def burn() -> None:
        nonlocal passed
        passed += 1
        if passed == boundary:
            os._exit(9)

    class Cursor(psycopg.Cursor):
        def execute(self, *args: object, **values: object) -> psycopg.Cursor:
            burn()
            return super().execute(*args, **values)

    class Dying(psycopg.Connection):
        def commit(self) -> None:
            burn()
            super().commit()
            burn()

    url = database.url(harbor.settings, "agency")
    return lambda: Dying.connect(url, cursor_factory=Cursor)


def order_of(numbers: list[str]) -> dict:
    """Give an order for all statements, one of them with a cent too much."""
    items = [
        {"statement_number": number, "amount_cents": 1_000 + serial + (serial == BAD)}
        for serial, number in enumerate(numbers, 1)
    ]
    return {"filer_code": BROKER, "payer_unit_number": BROKER_UNIT, "statements": items}


def booked(harbor: Harbor) -> list[int]:
    """Count the attempts, the transfers and the instructions."""
    tables = ("authorization_attempt", "transfer", "bank_outbox")
    return [harbor.rows(f"select count(*) from {each}")[0][0] for each in tables]  # noqa: S608


@pytest.mark.requirement("DEB-06", "DEB-07", "DEB-16")
def test_a_bad_line_among_thousands_spoils_nothing_and_a_restart_repeats_nothing(
    harbor: Harbor, numbers: list[str]
) -> None:
    """A11: killed at several places on the way and sent again, it is done once."""
    body = order_of(numbers)
    died = 0
    boundary = 3
    while True:
        child = os.fork()
        if child == 0:
            try:
                pay(harbor, dying_connect(harbor, boundary), body, "big")
            finally:
                os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 9:
            break
        died += 1
        assert booked(harbor) in ([0] * 3, [MANY - 1] * 3), "all of it or nothing"
        boundary += 2
    assert died >= 3
    first = pay(harbor, harbor.connect, body, "big")
    assert first.replayed
    assert json.loads(first.text) == {"refused": [numbers[BAD - 1]], "all": MANY}
    assert booked(harbor) == [MANY - 1] * 3
    again = pay(harbor, harbor.connect, body, "other")
    assert json.loads(again.text)["refused"] == numbers
    assert booked(harbor) == [MANY - 1] * 3
    # Rows written a moment ago have no statistics yet; a running server makes them by itself.
    administrator = database.url(harbor.settings, "agency", role="administrator")
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute("analyze")
    assert harbor.violations() == []


@pytest.mark.requirement("DEB-07")
def test_a_bad_line_in_a_whole_abi_block_spoils_nothing(harbor: Harbor, numbers: list[str]) -> None:
    """A11: 9,999 authorizations in one block, the most it may hold."""
    records = [
        f"PT{BROKER_UNIT}02B76 {number}{1_000 + serial + (serial == BAD):010}"
        for serial, number in enumerate(numbers, 1)
    ]
    text = harbor.batch("RM", records)
    first = harbor.send(text, key="block").answer
    found = dispositions(first)
    assert (found.count("D00"), found.count("D04")) == (MANY - 1, 1)
    assert harbor.send(text, key="block").answer == first
    assert booked(harbor) == [MANY - 1] * 3


def test_more_than_one_order_takes_is_asked_for_again(harbor: Harbor, numbers: list[str]) -> None:
    assert len(numbers) == MANY
    harbor.rows(_STATEMENTS, TUESDAY, [number_of(MANY + 1)])
    order = read_order(
        {"filer_code": BROKER, "payer_unit_number": BROKER_UNIT, "all_due": True}, (BROKER,)
    )
    context = BatchContext(
        sender_id=1,
        batch_id=None,
        request_id=1,
        business_date=TUESDAY,
        day_closed=False,
        earlier_batches=frozenset(),
        policy=harbor.policy,
        clock=harbor.clock,
    )
    with harbor.connect() as connection:
        tried = preview_payment(connection, order, context=context)
        assert (len(tried.outcomes), tried.has_more) == (MANY, True)
        paid = pay_statements(connection, order, context=context)
        assert (len(paid.outcomes), paid.has_more) == (MANY, True)
        rest = pay_statements(connection, order, context=context)
        assert (len(rest.outcomes), rest.has_more) == (1, False)


@pytest.mark.requirement("DEB-16", "SEC-06")
def test_a_day_is_summed_up_against_the_cap(harbor: Harbor, numbers: list[str]) -> None:
    harbor.rows("update payer_unit set daily_cap_cents = 5000 returning 1")
    context = BatchContext(
        sender_id=1,
        batch_id=None,
        request_id=1,
        business_date=TUESDAY,
        day_closed=False,
        earlier_batches=frozenset(),
        policy=harbor.policy,
        clock=harbor.clock,
    )
    levels = []
    with harbor.connect() as connection:
        for number, cents in ((numbers[0], 1_001), (numbers[1], 1_002), (numbers[2], 1_003)):
            body = {
                "filer_code": BROKER,
                "payer_unit_number": IMPORTER_X_UNIT,
                "statements": [{"statement_number": number, "amount_cents": cents}],
            }
            order = read_order(body, (BROKER,))
            (load,) = preview_payment(connection, order, context=context).day_loads
            levels.append((load.told_cents, load.level))
            pay_statements(connection, order, context=context)
            connection.execute(
                "update payer_unit set daily_cap_cents = 3007 where payer_unit_number = '200001'"
            )
    assert levels == [(0, "below"), (1_001, "below"), (2_003, "near")]
