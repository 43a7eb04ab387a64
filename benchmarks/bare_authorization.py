"""The bare SQL of one authorization: the rows that it must write, and nothing decided.

What benchmarks.authorizations holds the command against, on the same server and tables: one
statement locks the row, marks it, adds attempt, transfer and instruction, and commits with it.
The same in seven round trips is there as well, because that is how a client writes it first.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from psycopg import Connection

from benchmarks.harbor import TUESDAY, WEDNESDAY, Payable

LOCK = """
select payer_party_id, total_cents, attempts from statement
where filer_code = %(filer)s and statement_number = %(number)s and state = 'preliminary'
for update
"""
ATTEMPT = """
insert into authorization_attempt (filer_code, statement_number, attempt, payer_unit_number,
  amount_cents, state, instruction_id, sender_id, batch_id, accepted_on, accepted_at, debit_on)
values (%(filer)s, %(number)s, 1, %(unit)s, %(cents)s, 'accepted', %(instruction)s, 1, 1,
  %(today)s, %(now)s, %(debit_on)s)
"""
TRANSFER = """
insert into transfer (payer_id, kind, ref, debit, credit, amount_cents, status, effective_on,
  recorded_at, actor)
values (%(payer)s, 1, %(ref)s, 'debits_in_transit', 'revenue', %(cents)s, 'pending', %(today)s,
  %(now)s, 1)
"""
INSTRUCTION = """
insert into bank_outbox (filer_code, instruction_id, body, created_at)
values (%(filer)s, %(instruction)s, %(body)s, %(now)s)
"""
MARK = """
update statement set state = 'authorized', attempts = 1
where filer_code = %(filer)s and statement_number = %(number)s
"""
AT_ONCE = f"""
with held as ({LOCK}), attempt as ({ATTEMPT}), transfer as ({TRANSFER}),
     instruction as ({INSTRUCTION}), marked as ({MARK})
select count(*) from held
"""  # noqa: S608 - put together from the constants above


def values_of(payable: Payable, now: datetime, today: date = TUESDAY) -> dict[str, Any]:
    """Give everything that the rows say."""
    instruction = f"{payable.filer_code}-{payable.statement_number}-1"
    body = {
        "instruction_id": instruction,
        "payer_unit_number": payable.payer_unit_number,
        "statement_number": payable.statement_number,
        "amount_cents": payable.total_cents,
        "accepted_on": today.isoformat(),
        "debit_on": WEDNESDAY.isoformat(),
    }
    return {
        "filer": payable.filer_code,
        "number": payable.statement_number,
        "unit": payable.payer_unit_number,
        "payer": payable.payer_party_id,
        "cents": payable.total_cents,
        "ref": f"{payable.statement_number}/1",
        "instruction": instruction,
        "body": json.dumps(body),
        "today": today,
        "debit_on": WEDNESDAY,
        "now": now,
    }


def authorize_at_once(connection: Connection[Any], values: dict[str, Any]) -> None:
    """Authorize with one statement; the connection is in autocommit."""
    if connection.execute(AT_ONCE, values, prepare=True).fetchone() != (1,):
        raise AssertionError("the statement was paid before")


def authorize_step_by_step(connection: Connection[Any], values: dict[str, Any]) -> None:
    """Authorize with seven round trips; the connection is in autocommit."""
    with connection.transaction():
        if connection.execute(LOCK, values, prepare=True).fetchone() is None:
            raise AssertionError("the statement was paid before")
        for statement in (ATTEMPT, TRANSFER, INSTRUCTION, MARK):
            connection.execute(statement, values, prepare=True)
