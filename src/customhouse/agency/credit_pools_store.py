"""SQL of what waits for statements: lock, load, record; a batch of statements at a time."""

# The statements, locked in key order.
LOCK = """
select s.filer_code, s.statement_number, s.payer_party_id, s.state, s.total_cents, s.paid_on
from statement s
where (s.filer_code, s.statement_number) in (
  select k.filer_code, k.number
  from json_to_recordset(%(keys)s::json) as k(filer_code text, number text))
order by s.filer_code, s.statement_number
for update
"""

# Which of them have a debit that settled and came back: read behind the lock.
BILLED = """
select distinct a.filer_code, a.statement_number
from authorization_attempt a
where (a.filer_code, a.statement_number) in (
  select k.filer_code, k.number
  from json_to_recordset(%(keys)s::json) as k(filer_code text, number text))
  and a.state = 'returned' and a.settled_on is not null
"""

# What waits for them, locked in key order.
WAITING = """
select p.filer_code, p.statement_number, p.payer_party_id, p.part_id, p.amount_cents,
       p.collected_on, p.paying_party_id
from credit_part p
where (p.filer_code, p.statement_number) in (
  select k.filer_code, k.number
  from json_to_recordset(%(keys)s::json) as k(filer_code text, number text))
  and p.state = 'unapplied'
order by p.payer_party_id, p.part_id
for update
"""

# Statements for which what waits is enough by now, or on which nothing is due any more.
RIPE = """
select s.filer_code, s.statement_number
from (select filer_code, statement_number, sum(amount_cents) as cents
      from credit_part
      where state = 'unapplied' and statement_number is not null
      group by filer_code, statement_number) as p
join statement s on s.filer_code = p.filer_code and s.statement_number = p.statement_number
where s.state <> 'preliminary' or p.cents >= s.total_cents
order by s.filer_code, s.statement_number
limit %(limit)s
"""

# What became of parts.
USE = """
update credit_part p
set state = case when t.applied > 0 then 'applied' else 'refundable' end,
    applied_cents = t.applied, refundable_cents = t.refundable, closed_on = %(closed_on)s
from unnest(%(payers)s::bigint[], %(part_ids)s::text[], %(applied)s::bigint[],
            %(refundable)s::bigint[]) as t(payer, part_id, applied, refundable)
where p.payer_party_id = t.payer and p.part_id = t.part_id and p.state = 'unapplied'
"""

# Statements that are paid.
PAY = """
update statement s set state = 'paid', paid_on = t.paid_on, paid_known_on = t.known_on
from json_to_recordset(%(paid)s::json)
  as t(filer_code text, number text, paid_on date, known_on date)
where s.filer_code = t.filer_code and s.statement_number = t.number and s.state = 'preliminary'
"""

# The bills of those statements.
CLOSE_BILLS = """
update bill b set collection_status = '04', paid_on = t.paid_on
from json_to_recordset(%(paid)s::json) as t(filer_code text, number text, paid_on date)
where b.filer_code = t.filer_code and b.statement_number = t.number
  and b.collection_status = '01'
"""

# What is owed back.
CLAIM = """
insert into refund_claim (payer_party_id, part_id, payee_party_id, amount_cents, cause, filer_code,
  statement_number, claimed_on)
select t.payer, t.part_id, t.payee, t.cents, t.cause, t.filer_code, t.number, t.claimed_on
from unnest(%(payers)s::bigint[], %(part_ids)s::text[], %(payees)s::bigint[], %(cents)s::bigint[],
            %(causes)s::text[], %(filer_codes)s::text[], %(numbers)s::text[],
            %(claimed_ons)s::date[])
  as t(payer, part_id, payee, cents, cause, filer_code, number, claimed_on)
"""

# What is still missing on statements for which something waits.
MISSING = """
select s.filer_code, s.statement_number, (s.total_cents - sum(p.amount_cents))::bigint
from credit_part p
join statement s on s.filer_code = p.filer_code and s.statement_number = p.statement_number
where (p.filer_code, p.statement_number) in (
  select k.filer_code, k.number
  from json_to_recordset(%(keys)s::json) as k(filer_code text, number text))
  and p.state = 'unapplied' and s.state = 'preliminary'
group by s.filer_code, s.statement_number, s.total_cents
"""
