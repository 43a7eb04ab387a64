"""SQL of payment authorizations: lock, load, record; each statement takes a whole batch.

An array in a subselect keeps the plan from depending on its length: a statement is planned once a
connection, where it was planned anew each time, which took longer than to run it.
"""

# Lock the statements of a block, in number order. What hangs on them is read afterwards, in a
# later statement: a snapshot taken before the lock was won would not show the winner's rows.
LOCK_STATEMENTS = """
select statement_number from statement
where filer_code = %(filer_code)s and statement_number = any((select %(numbers)s::text[])::text[])
order by statement_number
for update
"""

# What the rules need of each statement; for a decision, of each locked one.
STATEMENT_FACTS = """
select s.filer_code, s.statement_number, s.payer_party_id, s.payment_type, s.state,
       s.total_cents, s.due_on, s.attempts,
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
# negation, and the instructions to the bank. Of several attempts for one statement the earlier ones
# were negated at once; an attempt without a body moves no money.
RECORD = """
with accepted as (
  select * from jsonb_to_recordset(%(accepted)s::jsonb)
    as g(number text, attempt integer, unit text, cents bigint, state text, instruction text,
         debit_on date, chosen boolean, body jsonb)
), marked as (
  update statement s set state = t.state, attempts = t.attempt
  from jsonb_to_recordset(%(standing)s::jsonb) as t(number text, state text, attempt integer)
  where s.filer_code = %(filer_code)s and s.statement_number = t.number
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
