"""SQL of what payers are told of waiting payments."""

# The part that came last of those that wait for each statement.
WAITING_OF = """
select distinct on (p.filer_code, p.statement_number) p.filer_code, p.statement_number,
       p.payer_party_id, p.part_id, p.amount_cents, p.collected_on, p.paying_party_id
from credit_part p
where (p.filer_code, p.statement_number) in (
  select * from unnest(%(filer_codes)s::text[], %(numbers)s::text[]))
  and p.state = 'unapplied'
order by p.filer_code, p.statement_number, p.collected_on desc, p.part_id desc
"""
