"""SQL of payment authorizations: lock, load, record; each statement takes a whole batch.

An array in a subselect keeps the plan from depending on its length: a statement is planned once a
connection, where it was planned anew each time, which took longer than to run it. To send a
statement costs more than most of its work: a first authorization with a filer's unit needs two.
"""

from customhouse.agency.parties_store import USABLE_UNITS
from customhouse.ledger.transfers_store import INSERT_TRANSFERS

# What the rows of a block's statements say, in number order, and what may be known of payer units.
READ_STATEMENTS = (
    """
with asked as (
  select filer_code, statement_number, payer_party_id, payment_type, state, total_cents, due_on,
         attempts
  from statement
  where filer_code = %(filer_code)s
    and statement_number = any((select %(numbers)s::text[])::text[])
  order by statement_number
), unit as ("""  # noqa: S608 - both parts are constants
    + USABLE_UNITS
    + """)
select null as payer_unit_number, null as owner_filer_code, null as owner_importer_number,
       null::date as effective_on, null::boolean as designated, null::date as suspended_on,
       null::boolean as unverified, s.*
from asked s
union all
select payer_unit_number, owner_filer_code, owner_importer_number, effective_on, designated,
       suspended_on, unverified, null, null, null, null, null, null, null, null
from unit
"""
)

# The same once each statement is locked; a row is then as the lock's last holder left it. All else
# that such a holder may have changed, a statement's attempts, entries and the standing of its unit,
# is read afterwards: a snapshot taken before the lock was won would not show it.
LOCK_STATEMENTS = READ_STATEMENTS.replace(
    "order by statement_number\n", "order by statement_number\n  for update\n"
)

# What became of earlier attempts, of statements that had any.
HISTORY = """
select s.statement_number,
       exists (select from authorization_attempt b
               where b.filer_code = s.filer_code and b.statement_number = s.statement_number
                 and b.state = 'returned' and b.settled_on is not null) as billed,
       a.payer_unit_number as live_payer_unit,
       a.amount_cents as live_amount_cents,
       a.batch_id as live_batch_id,
       a.accepted_on as live_accepted_on,
       coalesce(a.state = 'with_bank' or (a.state = 'settled' and a.amount_cents > 0), false)
         as live_left,
       n.negated_batch_id
from statement s
left join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.state in ('accepted', 'with_bank', 'settled')
left join authorization_attempt n
  on n.filer_code = s.filer_code and n.statement_number = s.statement_number
 and n.attempt = s.attempts and n.state = 'negated'
where s.filer_code = %(filer_code)s
  and s.statement_number = any((select %(numbers)s::text[])::text[])
"""

# How many live entries each statement has, by importer.
IMPORTERS_ON_STATEMENTS = """
select statement_number, importer_number, count(*)::integer as entries
from statement_entry
where filer_code = %(filer_code)s and statement_number = any((select %(numbers)s::text[])::text[])
  and removed_on is null
group by statement_number, importer_number
"""

# Undo attempts on their day; what was to go to the bank is taken back below.
NEGATE_ATTEMPTS = """
update authorization_attempt a
set state = 'negated', settled_on = null, negated_on = %(accepted_on)s,
    negated_at = %(accepted_at)s, negated_batch_id = %(batch_id)s,
    negated_request_id = %(request_id)s
from unnest(%(numbers)s::text[], %(attempts)s::integer[]) as t(number, attempt)
where a.filer_code = %(filer_code)s and a.statement_number = t.number and a.attempt = t.attempt
"""

# Take back the instructions of negated attempts, which the bank has not got.
WITHDRAW_INSTRUCTIONS = """
delete from bank_outbox
where filer_code = %(filer_code)s and instruction_id = any(%(instructions)s)
  and delivered_at is null
"""

# Record accepted attempts, how their statements stand now, authorized or open again after a
# negation, the instructions to the bank, and what the ledger says of them. Of several attempts for
# one statement the earlier ones were negated at once; an attempt without a body moves no money. The
# array finds the statements by their key, where a join alone reads all that the filer ever had.
RECORD = (
    "with posted as ("  # noqa: S608 - both parts are constants
    + INSERT_TRANSFERS
    + """), accepted as (
  select * from json_to_recordset(%(accepted)s::json)
    as g(number text, attempt integer, unit text, cents bigint, state text, instruction text,
         debit_on date, chosen boolean, body jsonb)
), standing as materialized (
  select * from json_to_recordset(%(standing)s::json)
    as t(number text, state text, attempt integer)
), marked as (
  update statement s set state = t.state, attempts = t.attempt
  from standing t
  where s.filer_code = %(filer_code)s and s.statement_number = t.number
    and s.statement_number = any(array(select number from standing))
), instructed as (
  insert into bank_outbox (filer_code, instruction_id, body, created_at)
  select %(filer_code)s, instruction, body, %(accepted_at)s from accepted where body is not null
)
insert into authorization_attempt (filer_code, statement_number, attempt, payer_unit_number,
  amount_cents, state, instruction_id, sender_id, batch_id, request_id, accepted_on, accepted_at,
  debit_on, debit_on_chosen, settled_on, negated_on, negated_at, negated_batch_id,
  negated_request_id)
select %(filer_code)s, t.number, t.attempt, t.unit, t.cents, t.state, t.instruction,
       %(sender_id)s, %(batch_id)s, %(request_id)s, %(accepted_on)s, %(accepted_at)s, t.debit_on,
       t.chosen,
       case when t.state = 'settled' then %(accepted_on)s::date end,
       case when t.state = 'negated' then %(accepted_on)s::date end,
       case when t.state = 'negated' then %(accepted_at)s::timestamptz end,
       case when t.state = 'negated' then %(batch_id)s::bigint end,
       case when t.state = 'negated' then %(request_id)s::bigint end
from accepted t
"""
)
