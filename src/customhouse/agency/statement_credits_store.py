"""SQL of what payers pushed for a statement by ACH Credit, as people see it."""

# The parts of payments that are for a statement, first collected first, with why what is owed back
# is. What was moved is told by what took its place. Each state has an index of its own.
CREDITS = """
select p.part_id, c.trace_number, p.collected_on, p.amount_cents, p.state, p.applied_cents,
       p.refundable_cents, coalesce(r.cause, '') as cause, p.since_on,
       coalesce(r.cause = 'paid-by-debit' and s.state = 'preliminary', false) as is_due_again
from (
  select * from credit_part
  where filer_code = %(filer_code)s and statement_number = %(number)s and state = 'unapplied'
  union all
  select * from credit_part
  where filer_code = %(filer_code)s and statement_number = %(number)s and state = 'applied'
  union all
  select * from credit_part
  where filer_code = %(filer_code)s and statement_number = %(number)s and state = 'refundable'
) as p
join incoming_credit c
  on c.company_identification = p.company_identification and c.credit_id = p.credit_id
left join statement s
  on s.filer_code = p.filer_code and s.statement_number = p.statement_number
left join refund_claim r on r.payer_party_id = p.payer_party_id and r.part_id = p.part_id
order by p.collected_on, p.part_id
"""
