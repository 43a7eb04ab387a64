"""SQL of payment authorizations: lock, load, record; each statement takes a whole batch."""

# Lock the statements of a block, in number order. What hangs on them is read afterwards, in a
# later statement: a snapshot taken before the lock was won would not show the winner's rows.
LOCK_STATEMENTS = """
select statement_number from statement
where filer_code = %(filer_code)s and statement_number = any(%(numbers)s)
order by statement_number
for update
"""

# What the rules need of each locked statement.
STATEMENT_FACTS = """
select s.filer_code, s.statement_number, s.payer_party_id, s.state, s.total_cents, s.attempts,
       exists (select from authorization_attempt b
               where b.filer_code = s.filer_code and b.statement_number = s.statement_number
                 and b.state = 'returned' and b.settled_on is not null) as billed,
       a.payer_unit_number as live_payer_unit,
       a.amount_cents as live_amount_cents,
       a.batch_id as live_batch_id
from statement s
left join authorization_attempt a
  on a.filer_code = s.filer_code and a.statement_number = s.statement_number
 and a.state in ('accepted', 'with_bank', 'settled')
where s.filer_code = %(filer_code)s and s.statement_number = any(%(numbers)s)
"""

# How many live entries each statement has, by importer.
IMPORTERS_ON_STATEMENTS = """
select statement_number, importer_number, count(*)::integer as entries
from statement_entry
where filer_code = %(filer_code)s and statement_number = any(%(numbers)s)
  and removed_on is null
group by statement_number, importer_number
"""

# Record accepted attempts.
INSERT_ATTEMPTS = """
insert into authorization_attempt (filer_code, statement_number, attempt, payer_unit_number,
  amount_cents, state, instruction_id, sender_id, batch_id, accepted_on, accepted_at, debit_on,
  settled_on)
select %(filer_code)s, t.number, t.attempt, t.unit, t.cents, t.state, t.instruction,
       %(sender_id)s, %(batch_id)s, %(accepted_on)s, %(accepted_at)s, %(debit_on)s,
       case when t.state = 'settled' then %(accepted_on)s::date end
from unnest(%(numbers)s::text[], %(attempts)s::integer[], %(units)s::text[], %(cents)s::bigint[],
            %(states)s::text[], %(instructions)s::text[])
  as t(number, attempt, unit, cents, state, instruction)
"""

# The statements are authorized now.
MARK_AUTHORIZED = """
update statement s set state = 'authorized', attempts = t.attempt
from unnest(%(numbers)s::text[], %(attempts)s::integer[]) as t(number, attempt)
where s.filer_code = %(filer_code)s and s.statement_number = t.number
"""

# Write the instructions to the bank with the decision.
INSERT_INSTRUCTIONS = """
insert into bank_outbox (filer_code, instruction_id, body, created_at)
select %(filer_code)s, t.instruction, t.body::jsonb, %(created_at)s
from unnest(%(instructions)s::text[], %(bodies)s::text[]) as t(instruction, body)
"""
